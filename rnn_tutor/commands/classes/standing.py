"""`class status` for a learner and for a kiosk host: which class, what is sent, what waits, since when, and why.

The server is not asked: what is told is what this machine knows. Nothing of a secret is among it.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.commands.output import say, say_json
from rnn_tutor.exercises.words import times
from rnn_tutor.progress.server.joined import Joined, Standing, of_host
from rnn_tutor.tui.watching.words import moment

if TYPE_CHECKING:
    from datetime import datetime

    from rnn_tutor.progress.server.membership import Membership

_SENT = "Each answer that you check is sent there."
_OPEN = "The tutor sends what waits while it is open."
_SIT = "What waits of a learner is sent when that learner next sits there."
_UNASKED = "Nothing is sent yet, because you were not asked: the tutor asks when you start it."
_NO = "Nothing is sent, because you said no: the settings of the tutor change that."


def tell_standing(progress: Path, membership: "Membership", options: argparse.Namespace) -> int:
    """Tell how far this account is. Raises StoreError."""
    if membership.kind == "host":
        return _of_host(progress, membership, options)
    here = Joined(progress, membership)
    standing = here.standing()
    if options.json:
        say_json({**_places(here), "learner": here.server.learner, **_as_json(standing)})
        return 0
    say(f"You are {here.server.learner} in the class {here.server.title}, whose server is on {here.server.host}.")
    for sentence in _sentences(standing):
        say(sentence)
    return 0


def _of_host(progress: Path, membership: "Membership", options: argparse.Namespace) -> int:
    here = Joined(progress, membership)
    every = {name: one.standing() for name, one in of_host(progress, membership).items()}
    if options.json:
        learners = [{"id": name, **_as_json(standing)} for name, standing in every.items()]
        say_json({**_places(here), "host": membership.name, "learners": learners})
        return 0
    say(
        f"This account is the kiosk host {membership.name} of the class {here.server.title}, whose server is on "
        f"{here.server.host}. It sends the answers of those who agreed: {_of(every, agreed=True)}."
    )
    behind = [one for one in every.values() if one.agreed and one.waiting]
    if behind:
        worst = max(behind, key=lambda one: one.waiting)
        total = sum(one.waiting for one in behind)
        first = min((one.since for one in behind if one.since is not None), default=None)
        say(_waits(total, first, worst.why, worst.tried, _SIT))
    else:
        say("All of them were sent.")
    return 0


def _of(every: dict[str, Standing], *, agreed: bool) -> str:
    return f"{sum(one.agreed is agreed for one in every.values())} of {times(len(every), 'learner')}"


def _sentences(standing: Standing) -> list[str]:
    """Return what is sent, and what is not."""
    if not standing.agreed:
        told = [_UNASKED if standing.agreed is None else _NO]
    elif standing.waiting:
        told = [_SENT, _waits(standing.waiting, standing.since, standing.why, standing.tried, _OPEN)]
    else:
        told = [f"{_SENT} All of them were sent."]
    if standing.refused:
        stays = "stays" if standing.refused == 1 else "stay"
        told.append(f"{_answers(standing.refused)} {stays} here, because the server takes none that large.")
    if standing.owes:
        told.append(
            "The server still has answers that you forgot. The tutor asks it to erase them when you next open it."
        )
    return told


def _waits(count: int, since: "datetime | None", why: str, tried: "datetime | None", then: str) -> str:
    """Return that answers wait: how many, since when, and why; or, where nothing is wrong, when they are sent."""
    waits = f"{_answers(count)} {'waits' if count == 1 else 'wait'} to be sent"
    begun = f"{'' if count == 1 else ', the first'} since {moment(since)}" if since is not None else ""
    if not why:
        return f"{waits}{begun}. {then}"
    last = f" The last try was on {moment(tried)}." if tried is not None else ""
    return f"{waits}{begun}, because {why}.{last}"


def _answers(count: int) -> str:
    return times(count, "answer").capitalize()


def _places(here: Joined) -> dict[str, object]:
    return {"class": here.server.title, "server": here.server.host}


def _as_json(standing: Standing) -> dict[str, object]:
    return standing._asdict() | {
        name: at.isoformat() if at is not None else None
        for name, at in (("since", standing.since), ("tried", standing.tried))
    }
