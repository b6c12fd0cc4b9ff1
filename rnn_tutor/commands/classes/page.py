"""A report of a class as one HTML page, written by a library: no script, nothing loaded, its pictures within it."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as Tree  # it writes here; nothing is read with it

from rnn_tutor.exercises.words import points
from rnn_tutor.printable import plain
from rnn_tutor.progress.class_report import ExerciseReport, LearnerReport, Report
from rnn_tutor.tui.watching import words

from .drawn import KEY, bar, grid
from .files import FileNote, said_of_learner

MOST_LEARNERS = 300  # on the page; those who need somebody come first where there are more
MOST_BARS = 20
_COLUMNS = 24  # exercises in a picture: as many as fit on paper
_STYLE = """
:root { color-scheme: light dark; --ink: #111; --quiet: #555; --ground: #fff; --line: #c8c8c8;
  --solved: #1f4e96; --on-solved: #fff; --begun: #bcd3f2; --on-begun: #111; --stuck: #f0a030; --on-stuck: #111;
  --open: #f2f2f2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --quiet: #a8a8a8; --ground: #14171a; --line: #454b52;
  --solved: #8db8f5; --on-solved: #111; --begun: #31507d; --on-begun: #fff; --stuck: #e8912a; --on-stuck: #111;
  --open: #22272c; } }
* { box-sizing: border-box; }
body { font: 1rem/1.45 "DejaVu Sans", Verdana, Arial, sans-serif; color: var(--ink); background: var(--ground);
  max-width: 62rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.45rem; line-height: 1.2; margin: .4rem 0; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; border-top: 1px solid var(--line); padding-top: .6rem; }
p { margin: .3rem 0; }
.quiet { color: var(--quiet); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: normal; color: var(--quiet); }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.id { white-space: nowrap; }
ul, ol { margin: .3rem 0; padding-left: 1.3rem; }
ol.bars { list-style: none; padding: 0; max-width: 44rem; }
ol.bars li { margin: .55rem 0; break-inside: avoid; }
svg { display: block; max-width: none; }
svg.bar { width: 100%; height: .8rem; margin-top: .15rem; }
svg text { font: 11px "DejaVu Sans", Verdana, Arial, sans-serif; fill: var(--ink); }
svg .quiet { fill: var(--quiet); }
svg rect { stroke: var(--line); stroke-width: .6; fill: var(--open); }
svg.bar rect { stroke: none; }
svg rect.solved { fill: var(--solved); } svg text.solved { fill: var(--on-solved); }
svg rect.begun { fill: var(--begun); } svg text.begun { fill: var(--on-begun); }
svg rect.stuck { fill: var(--stuck); } svg text.stuck { fill: var(--on-stuck); }
@media (max-width: 30rem) { body { padding: .6rem; font-size: .95rem; } th, td { padding-right: .5rem; } }
@media print { :root { color-scheme: light; --ink: #000; --quiet: #444; --ground: #fff; --line: #999; --solved: #1f4e96;
  --on-solved: #fff; --begun: #bcd3f2; --on-begun: #111; --stuck: #f0a030; --on-stuck: #111; --open: #fff; }
  html { -webkit-print-color-adjust: exact; print-color-adjust: exact; } body { max-width: none; padding: 0;
  font-size: 10pt; } h2 { break-after: avoid; } tr { break-inside: avoid; } .wide { overflow: visible; }
  svg.grid { max-width: 100%; height: auto; } }
"""


def as_html(report: Report, notes: Sequence[FileNote] = ()) -> str:
    """Return the text of the page. notes: what is wrong with the files that it was made of."""
    title = plain(report.terms.title)
    body = Tree.Element("body")
    _add(body, "h1", title)
    for sentence in words.begins(report):
        _add(body, "p", sentence, "quiet")
    _files(body, notes)
    shown = [one for one in report.exercises if one.begun or report.terms.assignment]
    numbers = {one.asked.id: at for at, one in enumerate(shown, start=1)}
    if shown:
        _exercises(body, shown, numbers)
    _misleading(body, shown)
    _mistakes(body, report)
    learners = _in_need(report.learners)
    if learners and shown:
        _who_has_what(body, learners, shown, numbers)
    _stuck(body, report)
    if learners:
        _learners(body, report, learners, notes)
    if len(learners) < len(report.learners):
        left = len(report.learners) - len(learners)
        _add(body, "p", f"{left} more learners are not on this page; they are in the rows of --csv.", "quiet")
    _add(body, "h2", "How this is counted")
    _listed(body, words.rules(report))
    html = Tree.Element("html", {"lang": "en"})
    html.extend([_head(title), body])
    return "<!DOCTYPE html>\n" + Tree.tostring(html, encoding="unicode", method="html") + "\n"


def _head(title: str) -> Tree.Element:
    digest = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = Tree.Element("head")
    Tree.SubElement(head, "meta", {"charset": "utf-8"})
    Tree.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": policy})
    Tree.SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    Tree.SubElement(head, "meta", {"name": "referrer", "content": "no-referrer"})
    _add(head, "title", title)
    _add(head, "style", _STYLE)
    return head


def _files(body: Tree.Element, notes: Sequence[FileNote]) -> None:
    """Say what is wrong with files, above all that is counted of them."""
    if notes:
        _add(body, "h2", "Files that are not in order")
        _listed(body, [note.says for note in notes[:MOST_LEARNERS]])
    if len(notes) > MOST_LEARNERS:
        _add(body, "p", f"and {len(notes) - MOST_LEARNERS} more", "quiet")


def _exercises(body: Tree.Element, shown: Sequence[ExerciseReport], numbers: dict[str, int]) -> None:
    _add(body, "h2", "Exercises")
    rows = _table(body, ("", "exercise", "begun", "solved", "stuck", "late", "tries", "minutes"))
    for one in shown:
        row = Tree.SubElement(rows, "tr")
        _add(row, "td", str(numbers[one.asked.id]), "n")
        cell = _add(row, "td", plain(one.asked.title))
        _add(cell, "div", plain(one.asked.id), "quiet id")
        if one.mistakes:
            made = one.mistakes[0]
            _add(cell, "div", plain(f"{made.learners} made this: {words.name_of(made.mistake)}"), "quiet")
        counts = (one.begun, one.solved, len(one.stuck), one.late)
        for text in (*map(str, counts), words.number(one.median_tries), words.number(one.median_minutes)):
            _add(row, "td", text, "n")


def _misleading(body: Tree.Element, shown: Iterable[ExerciseReport]) -> None:
    why = [f"{one.asked.id}, {words.said_of_misleading(misleads)}" for one in shown for misleads in one.misleads]
    if why:
        _add(body, "h2", "Exercises that mislead")
        _listed(body, why)


def _mistakes(body: Tree.Element, report: Report) -> None:
    if not report.mistakes:
        return
    begun = len(report.learners) - len(report.not_begun)
    _add(body, "h2", "The commonest mistakes")
    _add(body, "p", f"A full bar is every learner who has begun ({begun}).", "quiet")
    bars = _add(body, "ol", "", "bars")
    for made in report.mistakes[:MOST_BARS]:
        item = _add(bars, "li", plain(words.name_of(made.mistake)))
        _add(item, "div", plain(words.said_of_made(made)), "quiet")
        item.append(bar(made.learners / begun, f"{made.learners} of {begun} learners"))
    if len(report.mistakes) > MOST_BARS:
        _add(body, "p", f"and {len(report.mistakes) - MOST_BARS} more kinds", "quiet")


def _stuck(body: Tree.Element, report: Report) -> None:
    if not report.stuck:
        return
    _add(body, "h2", "Who is stuck where")
    rows = _table(body, ("learner", "exercise", "at"))
    for one in report.stuck[:MOST_LEARNERS]:
        row = Tree.SubElement(rows, "tr")
        _add(row, "td", plain(one.learner), "id")
        _add(row, "td", plain(one.exercise), "id")
        _add(row, "td", plain(words.said_of_stuck(one)))
    if len(report.stuck) > MOST_LEARNERS:
        _add(body, "p", f"and {len(report.stuck) - MOST_LEARNERS} more", "quiet")


def _who_has_what(
    body: Tree.Element, learners: Sequence[LearnerReport], shown: Sequence[ExerciseReport], numbers: dict[str, int]
) -> None:
    """Draw learners against exercises, in several pictures where there are very many."""
    _add(body, "h2", "Learners and exercises")
    _add(body, "p", KEY, "quiet")
    for begin in range(0, len(shown), _COLUMNS):
        ids = [one.asked.id for one in shown[begin : begin + _COLUMNS]]
        rows = [(learner.id, [learner.cells.get(name) for name in ids]) for learner in learners]
        label = f"{len(learners)} learners and {len(ids)} exercises: how far each is"
        _add(body, "div", "", "wide").append(grid(rows, [str(numbers[name]) for name in ids], label))


def _learners(body: Tree.Element, report: Report, learners: Sequence[LearnerReport], notes: Sequence[FileNote]) -> None:
    _add(body, "h2", "Learners")
    graded = bool(report.terms.assignment)
    columns = (f"points of {report.most:g}", "late") if graded else ()
    rows = _table(body, ("learner", "solved", *columns, "last answer", ""))
    for one in learners:
        row = Tree.SubElement(rows, "tr")
        _add(row, "td", plain(one.id), "id")
        _add(row, "td", str(one.solved), "n")
        if graded:
            _add(row, "td", points(one.points), "n")
            _add(row, "td", points(one.late_points) if one.late_points else "", "n")
        _add(row, "td", words.moment(one.last) if one.last is not None else "", "n")
        _add(row, "td", plain(said_of_learner(one, notes)))


def _in_need(learners: Sequence[LearnerReport]) -> Sequence[LearnerReport]:
    """Return the learners to show: all or, of very many, those who are stuck, have not begun, or have solved least."""
    if len(learners) <= MOST_LEARNERS:
        return learners
    by_need = sorted(learners, key=lambda one: (not one.stuck, one.begun, one.solved, one.id))
    return sorted(by_need[:MOST_LEARNERS], key=lambda one: one.id)


def _table(body: Tree.Element, columns: Iterable[str]) -> Tree.Element:
    """Begin a table, and return what its rows go into; a narrow screen scrolls it."""
    table = Tree.SubElement(_add(body, "div", "", "wide"), "table")
    row = Tree.SubElement(Tree.SubElement(table, "thead"), "tr")
    for column in columns:
        _add(row, "th", column)
    return Tree.SubElement(table, "tbody")


def _listed(body: Tree.Element, lines: Iterable[str]) -> None:
    items = Tree.SubElement(body, "ul")
    for line in lines:
        _add(items, "li", plain(line))


def _add(parent: Tree.Element, tag: str, text: str = "", kind: str = "") -> Tree.Element:
    child = Tree.SubElement(parent, tag, {"class": kind} if kind else {})
    child.text = text
    return child
