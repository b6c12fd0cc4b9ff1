"""list, progress, review and next: the course, what has been done of it, and what comes next."""

import argparse
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.engine.mutate.phrases import PHRASES
from rnn_tutor.exercises.files.finding import told_once
from rnn_tutor.paths import progress_file
from rnn_tutor.progress.abilities import trained_by
from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.notes import Notes
from rnn_tutor.progress.review import Rounds
from rnn_tutor.progress.store import StoreError
from rnn_tutor.progress.summary import LOOKED_UP, Mistakes, Standing, predicted, standings

from .output import complain, page_width, say, say_json
from .sent import state_of
from .source import UseError, library_of, past_at

if TYPE_CHECKING:
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.model import Entry, Unit
    from rnn_tutor.tui.review import Answered, Reviews

MOST_MISTAKES = 5


def list_exercises(options: argparse.Namespace) -> int:
    """Print the units and exercises of the course."""
    try:
        library = library_of(options)
    except UseError as error:
        return complain(str(error))
    course = library.course
    for finding in told_once(library.look(), of_all_files=True):
        complain(str(finding))
    units = [unit for unit in course.units if options.unit in (None, unit.id)]
    try:
        wanted = set(_reviews(library, _past(library, options)).due) if options.due else None
    except StoreError as error:
        return complain(str(error))
    units = [_chosen(unit, options.level, wanted) for unit in units]
    if options.due or options.level is not None:
        units = [unit for unit in units if unit.exercises]
    if options.unit is not None and options.unit not in {unit.id for unit in course.units}:
        near = did_you_mean(options.unit, [unit.id for unit in course.units])
        return complain(f"There is no unit {options.unit}.{near}")
    if options.json:
        say_json(_as_listed(library, units, options))
        return 0
    say(course.title, "bold")
    if not units:
        say(f"No exercise here is {'due' if options.due else f'of level {options.level}'}.")
    name_width = max((len(name) for name in (*library.exercises, *library.labs)), default=0)
    begins = {section.units[0]: section.title for section in library.sections[1:] if section.units}
    for unit in units:
        say()
        if unit.id in begins:
            say(begins[unit.id], "bold")
            say()
        say(f"{unit.title} ({unit.id})", "name")
        for entry in unit.exercises:
            note = "unreadable" if library.exercises.unreadable(entry.id) else f"level {entry.level}"
            say(f"  {entry.id:<{name_width}}  {entry.title} ({note})")
        for lab in unit.labs:
            note = "unreadable lab" if library.labs.unreadable(lab.id) else "lab"
            say(f"  {lab.id:<{name_width}}  {lab.title} ({note})")
    _say_drafts([entry for unit in units for entry in _drafts(library, unit, options)], options)
    return 0


def _say_drafts(drafts: "Sequence[Entry]", options: argparse.Namespace) -> None:
    """Print the drafts after all that can be opened: with --drafts each, otherwise how many there are."""
    if not drafts:
        return
    say()
    if not options.drafts:
        count = "One draft is" if len(drafts) == 1 else f"{len(drafts)} drafts are"
        say(f"{count} not shown: see `rnn-tutor list --drafts`.")
        return
    say("Drafts, which are not finished and cannot be opened", "name")
    wide = max(len(entry.id) for entry in drafts)
    for entry in drafts:
        say(f"  {entry.id:<{wide}}  {entry.title}")


def _drafts(library: "Library", unit: "Unit", options: argparse.Namespace) -> "Sequence[Entry]":
    """Return the drafts of a unit, none where only some of its exercises are asked for."""
    return () if options.due or options.level is not None else library.drafts(unit.id)


def _as_listed(library: "Library", units: "list[Unit]", options: argparse.Namespace) -> dict[str, Any]:
    return {
        "title": library.course.title,
        "units": [
            {
                "id": unit.id,
                "title": unit.title,
                "aim": unit.aim,
                "needs": unit.needs,
                "page": library.has_page(unit.id),
                "exercises": [
                    {
                        "id": exercise.id,
                        "title": exercise.title,
                        "level": exercise.level,
                        "readable": not library.exercises.unreadable(exercise.id),
                    }
                    for exercise in unit.exercises
                ],
                "drafts": [{"id": entry.id, "title": entry.title} for entry in _drafts(library, unit, options)],
                "labs": [
                    {"id": lab.id, "title": lab.title, "readable": not library.labs.unreadable(lab.id)}
                    for lab in unit.labs
                ],
            }
            for unit in units
        ],
    }


def review(options: argparse.Namespace) -> int:
    """Print what is due for review: the exercises that train it, and how long they will take."""
    from rnn_tutor.exercises.skills import name_of
    from rnn_tutor.progress.queue import MOST, time_of

    try:
        library = library_of(options)
        reviews = _reviews(library, _past(library, options))
    except (UseError, StoreError) as error:
        return complain(str(error))
    titles = {entry.id: entry.title for unit in library.course.units for entry in unit.exercises}
    units = {unit.id: unit.title for unit in library.course.units}
    planned = reviews.planned[:MOST]
    if options.json:
        say_json(
            {
                "due": [
                    {
                        "exercise": one.exercise,
                        "title": titles[one.exercise],
                        "skills": list(one.skills),
                        "seconds": round(one.seconds),
                    }
                    for one in planned
                ],
                "more": len(reviews.planned) - len(planned),
            }
        )
        return 0
    if not planned:
        say("Nothing is due today.")
        return 0
    more = len(reviews.planned) - len(planned)
    say(f"{len(planned)} due, about {time_of(planned)}{f'; {more} more after these' if more else ''}.", "bold")
    wide = max(len(one.exercise) for one in planned)
    for one in planned:
        say(f"  {one.exercise:<{wide}}  {', '.join(name_of(skill, units) for skill in one.skills)}")
    say("rnn-tutor review opens them, each with new numbers.")
    return 0


def next_open(options: argparse.Namespace) -> int:
    """Print the exercise to go on with; status 1 where there is none: all are done, and nothing is due."""
    from rnn_tutor.tui.review import next_open as next_open_of

    try:
        library = library_of(options)
        past = _past(library, options)
        following = next_open_of(library.course, past, _due(library, past))
    except (UseError, StoreError) as error:
        return complain(str(error))
    if following is None:
        return 1
    title = next(entry.title for unit in library.course.units for entry in unit.exercises if entry.id == following)
    say(f"{following}  {title}")
    return 0


def _due(library: "Library", past: "_Past") -> Iterator[str]:
    """Give what is due; it is worked out when it is asked for."""
    yield from _reviews(library, past).due


class _Past:
    """What was answered, as a review asks for it."""

    def __init__(self, library: "Library", attempts: list[Attempt], notes: Notes) -> None:
        self._attempts = attempts
        self.notes = notes
        self.standings = standings(attempts)
        self.rounds = Rounds(attempts)
        self.mistakes = Mistakes(attempts)
        self._units = {entry.id: unit for unit in library.course.units for entry in unit.exercises}

    def unit_of(self, name: str) -> "Unit | None":
        """Return the unit that an exercise belongs to."""
        return self._units.get(name)

    def answers_to(self, exercise: str) -> list[Attempt]:
        """Return all attempts at an exercise."""
        return [one for one in self._attempts if one.exercise == exercise]


def _past(library: "Library", options: argparse.Namespace) -> _Past:
    """Return what was answered. Raises StoreError."""
    return _Past(library, *past_at(progress_file(options.data)))


def _reviews(library: "Library", past: _Past) -> "Reviews":
    """Return what is due."""
    from rnn_tutor.tui.review import Reviews

    reviews = Reviews(library, past)
    reviews.find()
    return reviews


def _chosen(unit: "Unit", level: int | None, due: set[str] | None) -> "Unit":
    """Return a unit with the exercises that are asked for; without its labs where only some are."""
    if level is None and due is None:
        return unit
    exercises = [
        entry
        for entry in unit.exercises
        if (level is None or entry.level == level) and (due is None or entry.id in due)
    ]
    return msgspec.structs.replace(unit, exercises=exercises, labs=[])


def progress(options: argparse.Namespace) -> int:
    """Print what has been done, exercise by exercise."""
    try:
        library = library_of(options)
        past = _past(library, options)
    except (UseError, StoreError) as error:
        return complain(str(error))
    from rnn_tutor.tui.review import Reviews

    reviews = Reviews(library, past)
    if options.skills or options.mistakes:
        _say_only("skills" if options.skills else "mistakes", library, past, reviews, options)
    elif options.csv:
        standing_of = past.standings
        _say_csv([standing_of[name] for name in (*library.ids, *library.retired) if name in standing_of])
    elif options.json:
        say_json(_progress_as_json(library, past, reviews) | _notes_as_json(past.notes))
    else:
        say_progress(library, past, reviews)
        if sentence := state_of(options):
            say(textwrap.fill(sentence, page_width()))
    return 0


def say_progress(library: "Library", past: "Answered", reviews: "Reviews", opens: str = "rnn-tutor review") -> None:
    """Print what has been done, exercise by exercise, what is due (`opens` opens it) and shaky, and what comes next."""
    from rnn_tutor.tui.review import due_now, this_week
    from rnn_tutor.tui.review import next_open as next_open_of

    reviews.find()
    standing_of = past.standings
    done_exercises = [name for name in library.ids if name in standing_of and standing_of[name].done]
    say(f"{len(done_exercises)} of {len(library.ids)} exercises done.", "bold")
    if reviews.due:
        what = "it" if len(reviews.due) == 1 else "them"
        say(textwrap.fill(f"{due_now(len(reviews.due))} {opens} opens {what} with new numbers.", page_width()))
    if week := this_week(standing_of.values(), library.labs, reviews):
        say(textwrap.fill(week, page_width()))
    known = (*library.ids, *library.retired, *library.labs)
    name_width = max((len(name) for name in known), default=0)
    for name in library.ids:
        if name in standing_of:
            say(f"  {name:<{name_width}}  {_line(standing_of[name])}{', due' if name in reviews.due else ''}")
    for name in library.retired:
        if name in standing_of:
            say(f"  {name:<{name_width}}  {_line(standing_of[name])}, no longer in the course")
    for name in library.labs:
        if name in standing_of:
            say(f"  {name:<{name_width}}  {predicted(standing_of[name])}")
    _say_notes(library, past.notes)
    _say_skills(reviews, MOST_MISTAKES)
    _say_recurring(library, past, MOST_MISTAKES)
    following = next_open_of(library.course, past, reviews.due)
    if following is not None:
        say(f"Next: {following}")


def _say_only(what: str, library: "Library", past: "Answered", reviews: "Reviews", options: argparse.Namespace) -> None:
    """Print skills or mistakes alone: all of them, as text, JSON or CSV."""
    rows = _skills_as_json(reviews) if what == "skills" else _mistakes_as_json(library, past)
    if options.csv:
        _say_rows(_SKILL_COLUMNS if what == "skills" else _MISTAKE_COLUMNS, rows)
    elif options.json:
        say_json({what: rows})
    elif not rows:
        say("No skill was trained yet." if what == "skills" else "No mistake came back in another exercise.")
    elif what == "skills":
        _say_skills(reviews)
    else:
        _say_recurring(library, past)


_SKILL_COLUMNS = ("skill", "state", "shaky", "recall", "due", "train", "exercises")
_MISTAKE_COLUMNS = ("rule", "times", "train", "exercises")


def _say_rows(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows for a spreadsheet: ids and numbers alone, so that no cell is a formula."""
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = [row[column] for column in columns]
        writer.writerow([" ".join(cell) if isinstance(cell, list) else _cell(cell) for cell in cells])


def _cell(value: object) -> object:
    return int(value) if isinstance(value, bool) else value


def _skills_as_json(reviews: "Reviews") -> list[dict[str, Any]]:
    return [
        {
            "skill": ability.skill,
            "name": reviews.name_of(ability.skill),
            "state": ability.state,
            "recall": round(ability.recall, 3),
            "shaky": ability.shaky,
            "due": ability.due.isoformat(),
            "exercises": list(ability.exercises),
            "train": ability.train,
        }
        for ability in reviews.skills()
    ]


def _mistakes_as_json(library: "Library", past: "Answered") -> list[dict[str, Any]]:
    return [
        {
            "rule": mistake.rule,
            "says": PHRASES[mistake.rule],
            "exercises": list(mistake.exercises),
            "times": mistake.times,
            "train": trained_by(mistake, past.standings, library.ids) or None,
        }
        for mistake in past.mistakes.recurring
        if mistake.rule in PHRASES
    ]


def _progress_as_json(library: "Library", past: "Answered", reviews: "Reviews") -> dict[str, Any]:
    standing_of = past.standings
    return {
        "exercises": [
            _as_json(standing_of[name]) | {"retired": not library.lists(name)}
            for name in (*library.ids, *library.retired)
            if name in standing_of
        ],
        "labs": [_lab_as_json(standing_of[name]) for name in library.labs if name in standing_of],
        "mistakes": _mistakes_as_json(library, past),
        "skills": _skills_as_json(reviews),
    }


def _say_notes(library: "Library", notes: Notes) -> None:
    """Print which units are known, and what came of checks and exams."""
    units = [unit for unit in library.course.units if unit.id in notes.known]
    if units:
        say(f"Known by a placement: {', '.join(unit.title for unit in units)}.")
    for unit in library.course.units:
        if unit.id in notes.checks:
            over = notes.checks[unit.id].over
            say(f"Check of {unit.title}: {over.right} of {over.of} right.")
    for over, at in notes.exams:
        say(f"Exam on {at.astimezone():%Y-%m-%d} ({', '.join(over.units)}): {over.right} of {over.of} right.")


def _notes_as_json(notes: Notes) -> dict[str, Any]:
    return {
        "known": sorted(notes.known),
        "checks": [
            {"unit": unit, "right": over.right, "of": over.of, "at": at.isoformat()}
            for unit, (over, at) in notes.checks.items()
        ],
        "exams": [
            {"units": list(over.units), "right": over.right, "of": over.of, "at": at.isoformat()}
            for over, at in notes.exams
        ],
        "way": notes.way or None,
    }


def _say_csv(done: list[Standing]) -> None:
    """Print a row for each exercise."""
    columns = ("exercise", "state", "parts", "right", "tries", "hints", "solution", "seconds", "last")
    rows = [
        {
            "exercise": one.exercise,
            "state": "begun" if one.state == "seen" else one.state,  # the file has three
            "parts": one.parts,
            "right": len(one.right),
            "tries": one.tries,
            "hints": one.hints,
            "solution": one.solution,
            "seconds": round(one.seconds, 1),
            "last": one.last.isoformat() if one.last else "",
        }
        for one in done
    ]
    _say_rows(columns, rows)


def _say_skills(reviews: "Reviews", most: int | None = None) -> None:
    """Print what the learner can do, and what is shaky, each with an exercise that trains it."""
    from rnn_tutor.tui.review import how_far

    skills = reviews.skills()
    for shaky, title in ((False, "What you can do"), (True, "Shaky")):
        some = [ability for ability in skills if ability.shaky is shaky]
        if some:
            say(f"{title}: {len(some)} of {len(skills)} skills", "bold")
        for ability in some[:most]:
            how = f"{how_far(ability)}. Train it with {ability.train}."
            _say_folded(f"{reviews.name_of(ability.skill)}: {how}")
        if most is not None and len(some) > most:
            say(f"  and {len(some) - most} more: rnn-tutor progress --skills")


def _say_recurring(library: "Library", past: "Answered", most: int | None = None) -> None:
    mistakes = [mistake for mistake in past.mistakes.recurring if mistake.rule in PHRASES][:most]
    if mistakes:
        say("Mistakes you made more than once:", "bold")
    for mistake in mistakes:
        what = PHRASES[mistake.rule]
        where = f"{len(mistake.exercises)} exercises ({', '.join(mistake.exercises)})"
        train = trained_by(mistake, past.standings, library.ids)
        _say_folded(f"{what}: in {where}.{f' Train it with {train}.' if train else ''}")


def _say_folded(text: str) -> None:
    say(textwrap.fill(text, page_width(), initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False))


def _line(standing: Standing) -> str:
    open_parts = standing.parts - len(standing.right)
    newly_open = f" ({open_parts} new {'part is' if open_parts == 1 else 'parts are'} open)" if open_parts > 0 else ""
    finished = "mastered" if standing.mastered else "done"
    state = f"{finished}{newly_open}" if standing.done else f"{len(standing.right)} of {standing.parts} parts right"
    tries = f"{standing.tries} {'try' if standing.tries == 1 else 'tries'}"
    helped = f", {standing.hints} {'hint' if standing.hints == 1 else 'hints'}" if standing.hints else ""
    looked_up = f", {LOOKED_UP}" if standing.looked_up else ""
    return f"{state}, {tries}{helped}{looked_up}"


def _lab_as_json(standing: Standing) -> dict[str, Any]:
    return {
        "lab": standing.exercise,
        "predictions": standing.parts,
        "answered": sorted(standing.tried),
        "right": sorted(standing.right),
        "seen_first": standing.solution,
        "last": standing.last.isoformat() if standing.last else None,
    }


def _as_json(standing: Standing) -> dict[str, Any]:
    return {
        "exercise": standing.exercise,
        "done": standing.done,
        "mastered": standing.mastered,
        "parts": standing.parts,
        "right": sorted(standing.right),
        "tries": standing.tries,
        "hints": standing.hints,
        "looked_up": standing.looked_up,
        "seconds": round(standing.seconds, 1),
        "last": standing.last.isoformat() if standing.last else None,
    }
