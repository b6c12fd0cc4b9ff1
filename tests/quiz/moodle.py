"""A reader of Moodle XML, written from what Moodle documents of it, that grades as Moodle does.

* docs.moodle.org, "Moodle XML format": the elements of a question bank, of numerical and of multichoice.
* docs.moodle.org, "Embedded Answers (Cloze) question type": gaps, their types, what is escaped.
* How it compares numbers (the tolerance is added on both sides, the first answer that fits speaks), shares the marks
  of options, and reads the text of a gap as HTML once: the source of its question types, of Moodle 4.

It refuses what Moodle refuses, and what it would drop without a word.
"""

import base64
import html
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from html.parser import HTMLParser

FRACTIONS = [100.0 * share for share in (
    1, 0.9, 5 / 6, 0.8, 0.75, 0.7, 2 / 3, 0.6, 0.5, 0.4, 1 / 3, 0.3, 0.25, 0.2, 1 / 6, 1 / 7, 0.125, 1 / 9, 0.1, 0.05, 0
)]  # fmt: skip
SMALLEST = 1e-14  # what Moodle adds to a tolerance, relative to a number above 1
NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
TAGS = {"div", "p", "span", "code", "pre", "strong", "ul", "li", "table", "tbody", "tr", "td", "img"}
ATTRIBUTES = {"class", "src", "alt"}


@dataclass
class Answer:
    """An answer that is known: a number within a tolerance or an option, its share of the marks, and its feedback."""

    text: str
    fraction: float
    feedback: str
    tolerance: float = 0.0

    def fits(self, number: float) -> bool:
        allowed = self.tolerance + SMALLEST * max(1.0, abs(float(self.text)))
        return float(self.text) - allowed <= number <= float(self.text) + allowed


@dataclass
class Gap:
    """A question within a text, or a question alone."""

    kind: str
    weight: int
    answers: list[Answer]

    def of_number(self, number: float) -> tuple[float, str]:
        """Return the share of the marks, and the feedback, that a number gets."""
        for answer in self.answers:
            if answer.fits(number):
                return answer.fraction / 100, answer.feedback
        return 0.0, ""

    def of_options(self, chosen: set[int]) -> float:
        """Return the share of the marks that some options get, by their places in the file."""
        return min(1.0, max(0.0, sum(self.answers[at].fraction for at in chosen) / 100))


@dataclass
class Read:
    """A question as Moodle would have it."""

    kind: str
    category: tuple[str, ...]
    name: str
    text: str
    idnumber: str
    gaps: list[Gap]
    worked: str
    hints: list[str]
    points: float
    penalty: float
    files: dict[str, bytes] = field(default_factory=dict)


def read(text: str) -> list[Read]:
    """Return the questions of a file."""
    escaped = re.sub(r"<!\[CDATA\[.*?\]\]>", "", text, flags=re.DOTALL)
    assert not re.search(r"&\w+;\s+&\w+;", escaped), "since version 4 white space alone between two of these is dropped"
    root = ET.fromstring(text)  # noqa: S314 - of our own making
    assert root.tag == "quiz"
    category: tuple[str, ...] = ()
    found = []
    for element in root:
        assert element.tag == "question"
        if element.get("type") == "category":
            category = path(inside(element, "category"))
            continue
        found.append(question(element, category))
    names = [(one.category, one.idnumber) for one in found]
    assert len(set(names)) == len(names)
    return found


def path(text: str) -> tuple[str, ...]:
    """Return the names in a category's path: a slash parts them, two are one of a name."""
    names = [as_name(name.replace("//", "/")) for name in re.split(r"(?<!/)/(?!/)", text)]
    assert names[:2] == ["$course$", "top"]
    assert all(names)
    return tuple(names[2:])


def as_name(text: str) -> str:
    """Return a name as it is shown: tags are taken out of it, up to its end where one is open, and the rest is HTML."""
    written = re.sub(r"<(?!\s)[^>]*(?:>|$)", "", text).strip()
    assert len(written) <= 255
    return html.unescape(re.sub(r"&(?![a-zA-Z0-9#]{1,8};)", "&amp;", written))


def inside(element: ET.Element, tag: str) -> str:
    """Return the text of a field."""
    text = element.find(f"{tag}/text")
    assert text is not None, tag
    return (text.text or "").strip()


def question(element: ET.Element, category: tuple[str, ...]) -> Read:
    kind = element.get("type", "")
    assert kind in ("numerical", "multichoice", "cloze")
    body = element.find("questiontext")
    assert body is not None and body.get("format") == "html"
    text, files = inside(element, "questiontext"), {}
    for field_of in element.iter():
        own = {
            file.get("name", ""): base64.b64decode(file.text or "", validate=True) for file in field_of.findall("file")
        }
        shown = (
            set(re.findall(r"@@PLUGINFILE@@/([\w.-]+)", inside_itself(field_of)))
            if field_of.find("text") is not None
            else set()
        )
        assert shown == set(own), "a picture that is not there, or one that nothing shows"
        files |= own
    text_left, gaps = (text, []) if kind != "cloze" else cloze(text)
    if kind != "cloze":
        answers = [answer(one) for one in element.findall("answer")]
        single = element.findtext("single", "true") == "true"
        gaps = [Gap("NUMERICAL" if kind == "numerical" else "MULTICHOICE" if single else "MULTIRESPONSE", 1, answers)]
    assert gaps
    for gap in gaps:
        check(gap)
    for piece in (
        text_left,
        inside(element, "generalfeedback"),
        *(one.feedback for gap in gaps for one in gap.answers),
    ):
        check_html(piece)
    for gap in gaps:
        if gap.kind != "NUMERICAL":
            for one in gap.answers:
                check_html(one.text)
    name = as_name(inside(element, "name"))
    assert name
    return Read(
        kind,
        category,
        name,
        text_left,
        element.findtext("idnumber", ""),
        gaps,
        inside(element, "generalfeedback"),
        [(hint.findtext("text") or "") for hint in element.findall("hint")],
        float(element.findtext("defaultgrade", "nan")),
        float(element.findtext("penalty", "nan")),
        files,
    )


def inside_itself(element: ET.Element) -> str:
    return element.findtext("text") or ""


def answer(element: ET.Element) -> Answer:
    tolerance = float(element.findtext("tolerance", "0"))
    return Answer(
        (element.findtext("text") or "").strip(),
        float(element.get("fraction", "nan")),
        inside(element, "feedback"),
        tolerance,
    )


def check(gap: Gap) -> None:
    """Refuse what Moodle refuses: shares that it does not know, no right answer, options whose shares are not 100."""
    assert gap.answers
    shares = [one.fraction for one in gap.answers]
    assert any(share > 0 for share in shares)
    for share in shares:
        assert any(abs(abs(share) - known) < 1e-3 for known in FRACTIONS), share
    if gap.kind == "NUMERICAL":
        assert set(shares) <= {0, 100}
        for one in gap.answers:
            assert NUMBER.fullmatch(one.text), one.text
            assert 0 <= one.tolerance < float("inf")
        assert gap.answers[0].fraction == 100  # the one that Moodle shows as the right answer
    elif gap.kind == "MULTICHOICE":
        assert len(shares) > 1 and max(shares) == 100 and sorted(shares)[-2] == 0
    else:
        assert abs(sum(share for share in shares if share > 0) - 100) < 0.01
        assert len(shares) > 1


def cloze(text: str) -> tuple[str, list[Gap]]:
    """Return a text with its gaps taken out, and the gaps: scanned from left to right."""
    begins = re.compile(r"\{([0-9]*):([A-Z_]+):")
    rest, gaps, at = [], [], 0
    while (begin := begins.search(text, at)) is not None:
        end = unescaped(text, begin.end(), "}")
        rest.append(text[at : begin.start()])
        gaps.append(gap(begin[2], int(begin[1] or 1), text[begin.end() : end]))
        at = end + 1
    return "".join([*rest, text[at:]]), gaps


def unescaped(text: str, start: int, signs: str) -> int:
    """Return where one of some signs stands that no backslash, and no ampersand of an entity, stands before."""
    for at in range(start, len(text)):
        if text[at] in signs and text[at - 1 : at] not in ("\\",):
            if text[at] == "#" and (text[at - 1] == "&" or text[:at].endswith("&amp;")):
                continue
            return at
    return len(text)


def gap(kind: str, weight: int, text: str) -> Gap:
    alternatives, at = [], 0
    while at <= len(text):
        end = unescaped(text, at, "~")
        alternatives.append(alternative(kind, text[at:end]))
        at = end + 1
    kind = {"MULTICHOICE_VS": "MULTICHOICE", "MULTIRESPONSE_S": "MULTIRESPONSE"}.get(kind, kind)
    assert kind in ("NUMERICAL", "MULTICHOICE", "MULTIRESPONSE")
    if kind == "MULTIRESPONSE":  # the right ones share the marks, and each wrong one takes as much away
        right = sum(one.fraction > 0 for one in alternatives)
        for one in alternatives:
            one.fraction = (100 if one.fraction > 0 else -100) / right
    return Gap(kind, weight, alternatives)


def alternative(kind: str, text: str) -> Answer:
    fraction = 0.0
    if text.startswith("="):
        fraction, text = 100.0, text[1:]
    elif (share := re.match(r"%(-?[0-9]+(?:[.,][0-9]*)?)%", text)) is not None:
        fraction, text = float(share[1]), text[share.end() :]
    end = unescaped(text, 0, "#")
    own, feedback = text[:end], text[end + 1 :]
    if kind == "NUMERICAL":
        number, _, tolerance = own.partition(":")
        return Answer(number, fraction, of_gap(feedback), float(tolerance or 0))
    assert own
    return Answer(of_gap(own), fraction, of_gap(feedback))


def of_gap(text: str) -> str:
    """Return what stands in a gap as HTML: read once, and two signs without their backslash."""
    return html.unescape(text).replace("\\}", "}").replace("\\#", "#")


class _Pieces(HTMLParser):
    """Notes tags and text; `maths` is what MathJax would look through."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[str] = []
        self.runs: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        for name, value in attrs:
            if name == "src":
                assert re.fullmatch(r"@@PLUGINFILE@@/picture-\d+\.svg", value or ""), value
        if tag != "img":
            self.open.append(tag)
        self.runs.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag
        self.runs.append("")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        self.runs[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


def pieces(text: str) -> _Pieces:
    parser = _Pieces()
    parser.feed(text)
    parser.close()
    assert not parser.open
    return parser


def words(text: str) -> str:
    """Return the text of HTML."""
    return "".join(pieces(text).texts)


TEX = re.compile(r"\\\((.*?)\\\)", re.DOTALL)
OWN_TEX = re.compile(r"(?:\\(?:[a-zA-Z]+|[,_ |\\])|[A-Za-z0-9{}^_+\-*/=<>()\[\]|.,:? &])*")
COMMANDS = {
    "left", "right", "frac", "sqrt", "mathrm", "operatorname", "top", "cdot", "odot", "ldots", "infty", "begin", "end",
    "lfloor", "rfloor", "lceil", "rceil", "neq", "leq", "geq", "exp", "log", "sin", "cos", "tan", "tanh", "sinh",
    "cosh", "min", "max", "partial", "sum", "qquad", "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta",
    "theta", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega",
}  # fmt: skip


def check_html(text: str) -> None:
    """Refuse HTML that is not well formed, that could run, load or leave the page, or that acts in Moodle."""
    found = pieces(text)
    for run in found.runs:
        for written in TEX.findall(run):
            assert OWN_TEX.fullmatch(written), written
            assert set(re.findall(r"\\([a-zA-Z]+)", written)) <= COMMANDS, written
        left = TEX.sub("", run)
        assert not re.search(r"\\[()\[\]]|\$\$|\[/?tex\]|@@PLUGINFILE", left), left
    assert not re.search(r"\{#", text)
