"""What the screen of a class says: a row for each exercise, and what there is to know of one."""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from textual.content import Content

from rnn_tutor.progress.class_report import ExerciseReport, Made, Report
from rnn_tutor.tui.watching import words

Show: TypeAlias = Callable[..., Content]
"""Makes foreign text showable: `FrameScreen.show`."""
_MOST_NAME, _LEAST_NAME = 30, 12
_COUNTS = 22  # columns of the three counts, with what parts them
_MOST_LINES = 60  # of a list


def shown(report: Report, *, stuck_first: bool) -> list[ExerciseReport]:
    """Return the exercises that have a row: those of an assignment, or those that somebody has begun."""
    rows = [one for one in report.exercises if one.begun or report.terms.assignment]
    return sorted(rows, key=lambda one: -len(one.stuck)) if stuck_first else rows


def table(rows: Sequence[ExerciseReport], cursor: int, width: int, show: Show) -> Content:
    """Return a heading and a row for each exercise; that of the cursor is reversed, so that it needs no colour."""
    ids = [show(one.asked.id) for one in rows]
    longest = max((name.cell_length for name in ids), default=_LEAST_NAME)
    wide = max(_LEAST_NAME, min(_MOST_NAME, longest, width - _COUNTS - 2))
    room = width - wide - _COUNTS
    head = f"{'exercise':{wide}}  begun solved stuck  {'mistake now' if room > 11 else ''}"
    lines = [Content.styled(head.rstrip(), "dim")]
    for at, (one, name) in enumerate(zip(rows, ids, strict=True)):
        cut = name.truncate(wide, ellipsis=True, pad=True)
        stuck = Content.styled(f"{len(one.stuck):5}", "bold" if one.stuck else "")
        row = Content.assemble(cut, f"  {one.begun:5} {one.solved:6} ", stuck, "  ", _now(one, room, show))
        lines.append(row.truncate(width, pad=True).stylize("reverse") if at == cursor else row)
    return Content("\n").join(lines)


def _now(one: ExerciseReport, room: int, show: Show) -> Content:
    """Return the mistake that most of those who are at it made last, with how many they are."""
    if not one.now or room < _LEAST_NAME:
        return Content()
    made = one.now[0]
    return show(_made(made)).truncate(room, ellipsis=True)


def details(report: Report, one: ExerciseReport, width: int, show: Show) -> Content:
    """Return what there is to know of an exercise: who is stuck where, which mistakes, whether it misleads."""
    return Content("\n").join(_details(report, one, width, show))


def _details(report: Report, one: ExerciseReport, width: int, show: Show) -> Iterator[Content]:
    yield show(one.asked.title, style="bold")
    medians = (words.number(one.median_tries), words.number(one.median_minutes))
    usual = f" The median of those is {medians[0]} tries and {medians[1]} minutes." if one.solved else ""
    begun = f"{one.begun} of {len(report.learners)} {words.have(one.begun)} begun it"
    yield Content(f"{begun}, {one.solved} {words.have(one.solved)} solved it.{usual}")
    for misleads in one.misleads:
        yield Content.assemble(("It misleads. ", "bold"), show(words.said_of_misleading(misleads)))
    for title, lines in (
        ("Stuck", [f"{who.learner}: {words.said_of_stuck(who)}" for who in one.stuck]),
        ("Mistakes now, of those who have not solved that part", list(map(_made, one.now))),
        ("Mistakes so far", list(map(_made, one.mistakes))),
    ):
        yield from _headed(title, [show(line).plain for line in lines], max(_LEAST_NAME, width))


def _headed(title: str, lines: Sequence[str], width: int) -> Iterator[Content]:
    """Give printable lines below a title, none where there are none; a line that is too long goes on indented."""
    if not lines:
        return
    yield Content()
    yield Content.styled(title, "bold")
    for line in lines[:_MOST_LINES]:
        yield from map(
            Content, textwrap.wrap(line, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
        )
    if len(lines) > _MOST_LINES:
        yield Content(f"  and {len(lines) - _MOST_LINES} more")


def _made(made: Made) -> str:
    return f"{made.learners} {words.name_of(made.mistake)}"
