"""Record docs/session.svg, the moving picture of the README, with the program itself: `python docs/make_recording.py`.

Two sittings are played: one answers an exercise, the other comes back two days later and reviews. Each screen becomes a
frame. The file has no script: its frames are shown by the styles of the picture itself.
"""

import asyncio
import re
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import PROGRESS, content_folder
from rnn_tutor.progress.notes import WELCOMED
from rnn_tutor.progress.record import note_of
from rnn_tutor.progress.store import Store
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal

FILE = Path(__file__).with_name("session.svg")
SIZE = (80, 24)
EXERCISE = "lstm-cell"
TODAY, LATER = "rnn-tutor", "rnn-tutor, two days later"
WRONG, RIGHT = "[0.55, -0.75]", "f * c_prev + i * cand"
SEED = 5  # of the numbers that the review draws
STILL = "Not yet."  # where nothing moves, the frame with this is shown
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_RULE = re.compile(r"\.(\S+-r\d+) \{ (.*?) \}")


@dataclass
class Film:
    """The frames so far, each with the seconds for which it is shown."""

    frames: list[tuple[str, float]] = field(default_factory=list)

    def take(self, pilot: Pilot[object], title: str, seconds: float) -> None:
        """Keep what is on the screen now."""
        self.frames.append((pilot.app.export_screenshot(title=title), seconds))


async def record(file: Path) -> None:
    """Play both sittings and write the picture."""
    film = Film()
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "1", PROGRESS), Path(folder, "2", PROGRESS)
        Store.open(first).add(note_of(WELCOMED))  # the film begins at the course, not at the first screen
        await _first_sitting(film, first)
        store = Store.open(second)
        for attempt in Store.open(first).attempts():
            store.add(replace(attempt, at=attempt.at - timedelta(days=2)))
        with patch("rnn_tutor.exercises.seeds.any_seed", return_value=SEED):
            await _second_sitting(film, second)
    file.write_bytes(_picture(film))


async def _first_sitting(film: Film, path: Path) -> None:
    async with _sitting(path) as pilot:
        film.take(pilot, TODAY, 2.0)
        await pilot.press("/", *EXERCISE)
        film.take(pilot, TODAY, 1.5)
        await pilot.press("enter")
        await _on(pilot, "ExerciseScreen")
        film.take(pilot, TODAY, 3.0)
        await _answer(pilot, film, WRONG, TODAY)
        film.take(pilot, TODAY, 6.0)
        for _ in WRONG:
            await pilot.press("backspace")
        await _answer(pilot, film, RIGHT, TODAY)
        film.take(pilot, TODAY, 3.0)
        await _choose(pilot, film, TODAY)


async def _second_sitting(film: Film, path: Path) -> None:
    async with _sitting(path) as pilot:
        film.take(pilot, LATER, 3.0)
        await pilot.press("r")
        await _on(pilot, "ExerciseScreen")
        film.take(pilot, LATER, 3.0)
        await _answer(pilot, film, RIGHT, LATER)
        film.take(pilot, LATER, 2.0)
        await _choose(pilot, film, LATER)
        exercise = pilot.app.screen
        await pilot.press("f8")
        await _until(pilot, lambda: pilot.app.screen is not exercise)
        await pilot.pause(0.5)
        film.take(pilot, LATER, 6.0)


async def _answer(pilot: Pilot[object], film: Film, text: str, title: str) -> None:
    half = len(text) // 2
    await pilot.press(*map(_key, text[:half]))
    film.take(pilot, title, 0.7)
    await pilot.press(*map(_key, text[half:]))
    film.take(pilot, title, 1.3)
    await pilot.press("enter")
    await pilot.pause(0.5)


async def _choose(pilot: Pilot[object], film: Film, title: str) -> None:
    """Choose the right options of what else is asked."""
    visit = pilot.app.screen.visit
    for part in visit.question.parts:
        if part.kind in ("choice", "checklist") and not visit.right(part.name):
            await pilot.press(*map(str, part.expected), "enter")
            await pilot.pause(0.5)
            film.take(pilot, title, 3.0)


def _key(char: str) -> str:
    return {" ": "space"}.get(char, char)


@asynccontextmanager
async def _sitting(path: Path) -> AsyncIterator[Pilot[object]]:
    app = Tutor(lambda: Library([content_folder()]), path, Terminal("utf8", TRUECOLOUR), Options())
    async with app.run_test(size=SIZE) as pilot:
        await _until(pilot, lambda: app.ready and app.session.past_is_read)
        await pilot.pause(0.3)
        yield pilot


async def _on(pilot: Pilot[object], screen: str) -> None:
    await _until(pilot, lambda: type(pilot.app.screen).__name__ == screen)
    await pilot.pause(0.5)


async def _until(pilot: Pilot[object], there: Callable[[], bool]) -> None:
    for _ in range(600):
        if there():
            return
        await pilot.pause(0.05)
    raise RuntimeError("the session did not get there")


def _picture(film: Film) -> bytes:
    """Put the frames one on top of the other. A line that several of them have is drawn once, and used by each."""
    for prefix, uri in (("", SVG), ("xlink", XLINK)):
        ET.register_namespace(prefix, uri)
    rules: dict[str, str] = {}
    lines: dict[bytes, ET.Element] = {}
    frames = [_lines(text, rules) for text, _ in film.frames]
    outline = ET.fromstring(film.frames[0][0])  # noqa: S314
    picture = ET.Element(f"{{{SVG}}}svg", {"viewBox": outline.attrib["viewBox"]})
    style = ET.SubElement(picture, f"{{{SVG}}}style")
    defs = ET.SubElement(picture, f"{{{SVG}}}defs")
    picture.append(next(one for one in outline if one.tag == f"{{{SVG}}}rect"))
    for number, frame in enumerate(frames):
        group = ET.SubElement(picture, f"{{{SVG}}}g", {"class": "frame", "id": f"frame-{number}"})
        for line in frame:
            key = ET.tostring(line)
            if key not in lines:
                line.set("id", f"line-{len(lines)}")
                lines[key] = line
                defs.append(line)
            ET.SubElement(group, f"{{{SVG}}}use", {f"{{{XLINK}}}href": f"#{lines[key].attrib['id']}"})
    style.text = "\n".join(_styles(film, rules))
    return ET.tostring(picture, encoding="utf-8") + b"\n"


def _lines(text: str, rules: dict[str, str]) -> list[ET.Element]:
    """Return the lines of a screenshot, each a group of its texts and of what is behind them."""
    root = ET.fromstring(text)  # noqa: S314
    styles = dict(_RULE.findall("".join(root.find(f"{{{SVG}}}style").itertext())))
    rows: dict[float, ET.Element] = {}
    title = root.find(f"{{{SVG}}}text")
    title.attrib.pop("class", None)
    title.set("class", "title")
    rows[-1.0] = ET.Element(f"{{{SVG}}}g")
    rows[-1.0].append(title)
    matrix = next(one for one in root if one.attrib.get("transform", "").startswith("translate(9"))
    for one in matrix.iter():
        if one.tag not in (f"{{{SVG}}}text", f"{{{SVG}}}rect"):
            continue
        name = one.attrib.pop("class", None)
        one.attrib.pop("clip-path", None)
        one.attrib.pop("shape-rendering", None)
        if name in styles:
            one.set("class", rules.setdefault(styles[name], f"c{len(rules)}"))
        one.tail = None
        if one.tag.endswith("text") and not (one.text or "").strip("\xa0 "):
            continue
        height = float(one.attrib["y"]) // 24.4
        if height not in rows:
            rows[height] = ET.Element(f"{{{SVG}}}g", {"transform": matrix.attrib["transform"], "class": "line"})
        rows[height].append(one)
    return list(rows.values())


def _styles(film: Film, rules: dict[str, str]) -> list[str]:
    whole = sum(seconds for _, seconds in film.frames)
    still = next(number for number, (text, _) in enumerate(film.frames) if STILL.replace(" ", "&#160;") in text)
    styles = [
        ".line { font-family: Fira Code, DejaVu Sans Mono, monospace; font-size: 20px; }",
        ".title { font-family: DejaVu Sans, arial, sans-serif; font-size: 18px; font-weight: bold; }",
        ".frame { visibility: hidden; }",
        f"#frame-{still} {{ visibility: visible; }}",
        *(f".{name} {{ {rule} }}" for rule, name in rules.items()),
        "@media (prefers-reduced-motion: no-preference) {",
        "#frame-0 { visibility: visible; }",
    ]
    begins = 0.0
    for number, (_, seconds) in enumerate(film.frames):
        start, end = (100 * at / whole for at in (begins, begins + seconds))
        hidden = "0% { visibility: hidden; } " if number else ""
        over = f" {end:.3f}% {{ visibility: hidden; }}" if end < 100 else ""
        styles.append(f"@keyframes k{number} {{ {hidden}{start:.3f}% {{ visibility: visible; }}{over} }}")
        styles.append(f"#frame-{number} {{ animation: k{number} {whole:g}s step-end infinite; }}")
        begins += seconds
    return [*styles, "}"]


if __name__ == "__main__":
    asyncio.run(record(FILE))
