"""What an author types while the same is being made anew: which numbers a visit has, and what changed since."""

from dataclasses import replace
from typing import TypeAlias, TypeVar

from rnn_tutor.progress.record import Run
from rnn_tutor.tui.labs import LabVisit
from rnn_tutor.tui.session import Visit

AnyVisit: TypeAlias = "Visit | LabVisit | None"

K = TypeVar("K")
V = TypeVar("V")


def seed_of(visit: AnyVisit) -> int | None:
    """Return which numbers a visit has."""
    if isinstance(visit, Visit):
        return visit.question.seed
    return visit.bench.seed if isinstance(visit, LabVisit) else None


def has_draws(visit: AnyVisit) -> bool:
    """Tell whether there are other numbers."""
    if isinstance(visit, Visit):
        return bool(visit.question.compiled.draws)
    return isinstance(visit, LabVisit) and visit.bench.draws


def copied(visit: AnyVisit) -> AnyVisit:
    """Return a visit as it is now: what is typed from now on goes into the one that is on the screen."""
    if isinstance(visit, Visit):
        return replace(
            visit,
            texts=dict(visit.texts),
            verdicts=dict(visit.verdicts),
            changed=dict(visit.changed),
            run=visit.run.copied(),
        )
    if isinstance(visit, LabVisit):
        return replace(visit, settings=dict(visit.settings), texts=dict(visit.texts), told=dict(visit.told))
    return None


def caught_up(fresh: AnyVisit, now: AnyVisit, then: AnyVisit) -> AnyVisit:
    """Return a visit that was made of an older one as it was `then`, with what was typed into that until `now`."""
    if isinstance(fresh, Visit) and isinstance(now, Visit) and isinstance(then, Visit):
        for part in _changed(now.texts, then.texts):
            if part in {one.name for one in fresh.question.parts}:
                fresh.texts[part] = now.texts[part]
        for part, verdict in now.verdicts.items():
            if then.verdicts.get(part) is not verdict:  # checked meanwhile: to be checked again
                fresh.verdicts.pop(part, None)
        hints = min(fresh.run.hints + now.run.hints - then.run.hints, len(fresh.question.exercise.hints))
        fresh.run = Run(hints, now.run.solution, now.run.scratch)
    elif isinstance(fresh, LabVisit) and isinstance(now, LabVisit) and isinstance(then, LabVisit):
        for name in _changed(now.settings, then.settings):
            if name in fresh.settings and fresh.bench.dials[name].control == now.bench.dials[name].control:
                fresh.settings[name] = now.settings[name]
        for place in _changed(now.texts, then.texts):
            fresh.texts[place] = now.texts[place]
        fresh.control = now.control if now.control < len(fresh.settings) else fresh.control
        fresh.figure = now.figure
    return fresh


def _changed(now: dict[K, V], then: dict[K, V]) -> list[K]:
    return [key for key, value in now.items() if then.get(key) != value]
