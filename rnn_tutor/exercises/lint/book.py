"""What there is to say about what teaches beside the exercises: pages, the glossary, and what units need."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.exercises.book import Page, read_glossary, read_page
from rnn_tutor.exercises.files.finding import ContentError, Finding, Severity, line_of, shown
from rnn_tutor.exercises.files.yaml_text import Tree
from rnn_tutor.exercises.lint.language import told
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.model import Course
from rnn_tutor.exercises.pack import COURSE_FILE, GLOSSARY_FILE, PAGE_FILE, Pack

FEWEST_WORDS, MOST_WORDS = 120, 320
WIDEST_FORMULA = 76  # columns; a formula is not folded, and a screen has 80
MOST_MEANING = 380  # characters of what a word means: five lines of 80 columns


def book(library: Library) -> Iterator[Finding]:
    """Give what is to be said of the pages, the glossaries and the needs of a library's folders."""
    for folder in library.folders:
        yield from course_file(folder)
        yield from glossary(folder / GLOSSARY_FILE)
    for section in library.sections:
        with_page = [unit for unit in section.units if library.has_page(unit)]
        for unit in section.units:
            if unit in with_page:
                yield from page(library.pages.path(unit), library.pages.inside(unit))
            elif with_page:
                sentence = f"the unit '{unit}' has no {PAGE_FILE}; other units have one"
                yield Finding(library.pages.path(unit), 1, "", sentence, "warning")


def page(path: Path, inside: Path) -> Iterator[Finding]:
    """Give what is to be said of a page."""
    try:
        content, tree = read_page(path, inside)
    except ContentError as error:
        yield from error.findings
        return
    line = tree.line("text")
    yield from _language(path, tree.lines, [("text", content.text)])
    words = count_words(content)
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        sentence = f"{words} words of prose, formulas not counted; expected {FEWEST_WORDS} to {MOST_WORDS}"
        yield Finding(path, line, "text", sentence, "warning")
    for text in content.text.split("\n"):
        if text.startswith(" ") and len(text.rstrip()) > WIDEST_FORMULA:
            sentence = (
                f"the formula '{shown(text.strip(), 30)}' is wider than {WIDEST_FORMULA} columns; expected two lines"
            )
            yield Finding(path, line, "text", sentence, "warning")
    for paragraph in content.text.split("\n\n"):
        if paragraph.count("`") % 2:
            sentence = f"a backtick is not closed in '{shown(paragraph.strip(), 30)}'"
            yield Finding(path, line, "text", sentence, "warning")


def _language(file: Path, lines: Mapping[str, int], written: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Give what is to be said of the English of texts, which stand at key paths of a file."""
    for key, hit in told(written, file):
        yield Finding(file, line_of(lines, key), key, hit.says, "warning")


def count_words(content: Page) -> int:
    """Return how many words of prose a page has: formulas, which are indented, are not counted."""
    return sum(len(line.split()) for line in content.text.split("\n") if not line.startswith(" "))


def glossary(path: Path) -> Iterator[Finding]:
    """Give what is to be said of the glossary of a folder; nothing where there is none."""
    if not path.exists():
        return
    try:
        content, tree = read_glossary(path, path.parent)
    except ContentError as error:
        yield from error.findings
        return
    units = [unit.id for unit in Library([path.parent]).course.units]
    for index, term in enumerate(content.terms):
        if term.unit not in units:
            sentence = f"there is no unit '{shown(term.unit)}'.{did_you_mean(term.unit, units)}"
            yield _at(tree, f"terms[{index}].unit", sentence)
        yield from _meaning(tree, f"terms[{index}].means", term.means)
    for index, sign in enumerate(content.notation):
        yield from _meaning(tree, f"notation[{index}].means", sign.means)
    written = [(f"terms[{index}].means", term.means) for index, term in enumerate(content.terms)]
    written += [(f"notation[{index}].means", sign.means) for index, sign in enumerate(content.notation)]
    yield from _language(path, tree.lines, written)


def _meaning(tree: Tree, key: str, means: str) -> Iterator[Finding]:
    if not means.strip():
        yield _at(tree, key, "found only spaces; expected text")
    if len(means) > MOST_MEANING:
        sentence = f"{len(means)} characters; expected at most {MOST_MEANING}, which is what a screen shows"
        yield _at(tree, key, sentence, "warning")


def _at(tree: Tree, key: str, sentence: str, severity: Severity = "error") -> Finding:
    return Finding(tree.file, tree.line(key), key, sentence, severity)


def course_file(folder: Path) -> Iterator[Finding]:
    """Give what is wrong with a folder's course file: its English, the order of its units, its ways."""
    yield from _course(folder)
    yield from _needs(folder)
    yield from _ways(folder)


def _course(folder: Path) -> Iterator[Finding]:
    """Give what is to be said of the English of a course file."""
    pack = Pack(folder)
    course = pack.read_listed() if (folder / COURSE_FILE).exists() else None
    if course is not None:
        yield from _language(folder / COURSE_FILE, pack.lines, _texts(course))


def _texts(course: Course) -> Iterator[tuple[str, str]]:
    yield from (("title", course.title), ("closing", course.closing), ("welcome", course.welcome))
    for place, way in enumerate(course.ways):
        yield from ((f"ways[{place}].title", way.title), (f"ways[{place}].about", way.about))
    for place, unit in enumerate(course.units):
        key = f"units[{place}]"
        yield from ((f"{key}.title", unit.title), (f"{key}.aim", unit.aim))
        yield from ((f"{key}.exercises[{index}].title", entry.title) for index, entry in enumerate(unit.exercises))
        yield from ((f"{key}.labs[{index}].title", entry.title) for index, entry in enumerate(unit.labs))


def _needs(folder: Path) -> Iterator[Finding]:
    """Give what is wrong with the order that the units of a course are to be learned in."""
    pack = Pack(folder)
    course = pack.read_listed() if (folder / COURSE_FILE).exists() else None
    if course is None:
        return  # told when the library was opened, or there is no course file
    places = {unit.id: index for index, unit in reversed(list(enumerate(course.units)))}
    needs = {unit.id: unit.needs for unit in course.units}
    round_about = _never_ready(needs)
    for index, unit in enumerate(course.units):
        for which, need in enumerate(unit.needs):
            key = f"units[{index}].needs[{which}]"
            line = line_of(pack.lines, key)
            circle = _circle(needs, unit.id, need) if round_about and {unit.id, need} <= round_about else []
            if need not in places:
                sentence = f"there is no unit '{shown(need)}'.{did_you_mean(need, places)}"
                yield Finding(folder / COURSE_FILE, line, key, sentence)
            elif circle:
                round_about -= {*circle}  # one finding for each circle
                sentence = f"a circle: {' needs '.join(circle)}; expected an order in which they can be learned"
                yield Finding(folder / COURSE_FILE, line, key, sentence)
            elif places[need] > index and need not in round_about:
                sentence = f"'{need}' comes after '{unit.id}'; expected what is needed to come first"
                yield Finding(folder / COURSE_FILE, line, key, sentence, "warning")


def _ways(folder: Path) -> Iterator[Finding]:
    """Give what is wrong with the ways through a course."""
    if not (folder / COURSE_FILE).exists():
        return
    pack = Pack(folder)
    course = pack.course()
    known = [*pack.homes, *(unit.id for unit in course.units), *pack.lab_homes]
    ids: set[str] = set()
    for index, way in enumerate(course.ways):
        if way.id in ids:
            key = f"ways[{index}].id"
            sentence = f"the way '{shown(way.id)}' appears twice; expected once"
            yield Finding(folder / COURSE_FILE, line_of(pack.lines, key), key, sentence)
        ids.add(way.id)
        for place, name in enumerate(way.through):
            if name not in known:
                key = f"ways[{index}].through[{place}]"
                sentence = f"there is no exercise, unit or lab '{shown(name)}'.{did_you_mean(name, known)}"
                yield Finding(folder / COURSE_FILE, line_of(pack.lines, key), key, sentence)
            elif name in pack.lab_homes and not place:
                key = f"ways[{index}].through[0]"
                sentence = f"the way begins with the lab '{shown(name)}'; expected an exercise before it"
                yield Finding(folder / COURSE_FILE, line_of(pack.lines, key), key, sentence)


def _never_ready(needs: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the units that no order makes ready: those in circles, and those that need them."""
    waits = {unit: {need for need in every if need in needs} for unit, every in needs.items()}
    needed_by: dict[str, list[str]] = {unit: [] for unit in needs}
    for unit, every in waits.items():
        for need in every:
            needed_by[need].append(unit)
    ready = [unit for unit, every in waits.items() if not every]
    while ready:
        ready_unit = ready.pop()
        for unit in needed_by[ready_unit]:
            waits[unit].discard(ready_unit)
            if not waits[unit]:
                ready.append(unit)
    return {unit for unit, every in waits.items() if every}


def _circle(needs: Mapping[str, Sequence[str]], start: str, first: str) -> list[str]:
    """Return a way from a unit by `first`, one of its needs, back to itself; empty if there is none."""
    before = {first: start}
    left = [first]
    while left and start not in before:
        unit = left.pop()
        for need in needs.get(unit, ()):
            if need not in before:
                before[need] = unit
                left.append(need)
    if first == start:
        return [start, start]
    if start not in before:
        return []
    route = [start]
    while route[-1] != first:
        route.append(before[route[-1]])
    return [start, *reversed(route)]
