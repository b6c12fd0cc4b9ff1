"""A drawing in SVG: elements at places, nothing that could run, load or leave the page.

Widths of texts are estimated, since there is no font here: by the wide fonts that SVG viewers fall back to.
"""

from dataclasses import dataclass, field
from html import escape
from typing import Literal

from rnn_tutor.printable import plain

SANS = "DejaVu Sans, Verdana, Arial, sans-serif"
MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"
INK = "#111"
QUIET = "#555"
Bold = Literal["", "code", "all"]
# widths of letters, of the font's size: those of DejaVu Sans, or a little more
_LETTER = 0.64
_CAPITAL = 0.76
_THIN, _THIN_LETTERS = 0.42, frozenset("fijlrt .,:;'`|!()[]/-")
_THICK, _THICK_LETTERS = 1.0, frozenset("mwMW@%+=<>")
_BOLD = 1.12
_MONO = 0.602


def escaped(text: str) -> str:
    """Return foreign text as it may stand in SVG or HTML: printable, and never read as markup."""
    return escape(plain(text), quote=True)


def width_of(text: str, size: float, *, mono: bool = False, bold: bool = False) -> float:
    """Return about how wide a text is at most."""
    printable = plain(text)
    if mono:
        return len(printable) * size * _MONO
    return sum(map(_letter, printable)) * size * (_BOLD if bold else 1.0)


def _letter(char: str) -> float:
    if char in _THIN_LETTERS:
        return _THIN
    if char in _THICK_LETTERS or char > "\u2e80":  # Chinese and the like are as wide as they are high
        return _THICK
    return _CAPITAL if char.isupper() else _LETTER


def number(value: float) -> str:
    """Return a coordinate: two decimals at the most, always finite."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 1e7 else "0"


def colour(rgb: tuple[int, int, int]) -> str:
    """Return a colour as SVG has it."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


@dataclass
class Sketch:
    """What is drawn so far, and how much room it takes, in pixels."""

    width: float = 0.0
    height: float = 0.0
    parts: list[str] = field(default_factory=list)

    def grow(self, right: float, bottom: float) -> None:
        """Make room at least up to a place."""
        self.width, self.height = max(self.width, right), max(self.height, bottom)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 12,
        anchor: str = "start",
        fill: str = INK,
        bold: bool = False,
        mono: bool = False,
    ) -> None:
        """Write one line of foreign text; y is its base line."""
        if not text:
            return
        attributes = f' text-anchor="{anchor}"' if anchor != "start" else ""
        attributes += ' font-weight="bold"' if bold else ""
        family = MONO if mono else SANS
        self.parts.append(
            f'<text x="{number(x)}" y="{number(y)}" font-family="{family}" font-size="{number(size)}" fill="{fill}"'
            f'{attributes} xml:space="preserve">{escaped(text)}</text>'
        )
        text_width = width_of(text, size, mono=mono, bold=bold)
        self.grow(x + {"start": text_width, "middle": text_width / 2, "end": 0.0}[anchor], y + 0.3 * size)

    def flow(
        self, x: float, y: float, spans: list[tuple[str, bool]], *, size: float, fill: str = INK, bold: Bold = ""
    ) -> None:
        """Write one line of spans of foreign text, one behind the other; those that are code in letters of one width.

        bold: which of them, "" for none.
        """
        weight = ' font-weight="bold"' if bold == "all" else ""
        of_code = f'font-family="{MONO}" font-size="{number(size - 1)}"' + (' font-weight="bold"' if bold else "")
        pieces = (f"<tspan {of_code}>{escaped(text)}</tspan>" if code else escaped(text) for text, code in spans)
        inside = "".join(pieces)
        place = f'x="{number(x)}" y="{number(y)}" font-family="{SANS}" font-size="{number(size)}" fill="{fill}"'
        self.parts.append(f'<text {place}{weight} xml:space="preserve">{inside}</text>')
        self.grow(x, y + 0.3 * size)

    def rect(self, x: float, y: float, width: float, height: float, *, fill: str, stroke: str) -> None:
        """Draw a rectangle."""
        place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        self.parts.append(f'<rect {place} fill="{fill}" stroke="{stroke}" stroke-width="0.8"/>')
        self.grow(x + width, y + height)

    def line(self, start: tuple[float, float], end: tuple[float, float], stroke: str, dash: str = "") -> None:
        """Draw a thin straight line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{number(start[0])}" y1="{number(start[1])}" x2="{number(end[0])}" y2="{number(end[1])}"'
            f' stroke="{stroke}" stroke-width="0.8"{dashed}/>'
        )

    def path(self, points: list[tuple[float, float]], stroke: str, dash: str = "") -> None:
        """Draw a line through points."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        along = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        self.parts.append(f'<polyline points="{along}" fill="none" stroke="{stroke}" stroke-width="1.8"{dashed}/>')

    def put(self, drawing: "Sketch", x: float, y: float) -> None:
        """Put another drawing into this one."""
        self.parts.append(f'<g transform="translate({number(x)} {number(y)})">{"".join(drawing.parts)}</g>')
        self.grow(x + drawing.width, y + drawing.height)

    def svg(self, label: str, *, alone: bool = False) -> str:
        """Return it as an SVG element, with words for those who do not see it; alone: as a file of its own."""
        width, height = number(self.width), number(self.height)
        name = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
        size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        ground = f'<rect width="{width}" height="{height}" fill="#fff"/>' if alone else ""
        head = '<?xml version="1.0" encoding="UTF-8"?>\n' if alone else ""
        inside = f"<title>{escaped(label)}</title>{ground}" + "\n".join(self.parts)
        return f'{head}<svg{name} {size} role="img" aria-label="{escaped(label)}">{inside}</svg>\n'
