r"""LaTeX -> the language: `\frac{1}{4}`, `\sqrt{}`, `\tanh^2(a)`, `W_{xh}`, `x^{2}`, from a closed table of commands.

One pass from left to right, before the tokens: what opens is put on a stack with what is to be written where it
closes, so that the pass is linear in the length. What is not in the tables stays as it is, and is refused by the
tokens; what reads two ways (`W^{-1}`, `\ln 2 x`) is asked about. Every character remembers where it came from.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Span
from rnn_tutor.engine.functions import canonical
from rnn_tutor.engine.reading.characters import LETTERS, Plain

MAX_DEPTH = 40
_RAISED = r"(?:tanh|sinh|cosh|sin|cos|tan|exp|ln|log|sigmoid|relu)"  # functions whose power stands before the brackets
_MARKS = re.compile(
    r"\\[A-Za-z|,;:!()\[\\%{} ]|[\^_] ?\{|\^ ?T(?!\w)|‖|\|\||"
    rf"(?<!\w){_RAISED} ?(?:\^|\*\*) ?[\d({{][\d ]{{0,4}}[)}}]? ?\("
)
_WORD_RAISED = re.compile(rf"({_RAISED})(?= ?(?:\^|\*\*) ?[\d({{])")
_COMMAND = re.compile(r"\\(?:(?P<word>[A-Za-z]+)|(?P<sign>.))")
_WORD = re.compile(r" ?\{ ?(?P<inside>[A-Za-z][A-Za-z0-9_]{0,39}) ?\}| ?(?P<letter>[A-Za-z](?![A-Za-z]))")
_SCRIPT = re.compile(
    r" ?(?:\{ ?(?:\\(?:text|mathrm|mathsf|rm) ?)?\{? ?(?P<inside>[\w+\-]{1,40}|\\[a-z]{1,10}) ?\}?\}"
    r"|(?P<one>[A-Za-z0-9]|\\top\b|\\intercal\b|\\infty\b))"
)
_ATOM = re.compile(
    r" ?(?P<atom>\d+(?:\.\d*)?|\.\d+|\\[a-z]{2,10}(?![A-Za-z])|[A-Za-z]\w*)(?P<under>_\{ ?\w{1,30} ?\})?"
)
_EXPONENT = re.compile(
    r" ?(?:\^|\*\*) ?(?:\{ ?(?P<braces>[\w.\- ]{1,20}?) ?\}|\( ?(?P<brackets>-?\d{1,4}) ?\)|(?P<one>\w))"
)
_SIZE = re.compile(r" ?\\(?:left|right|[bB]igg?[lr]?) ?(?P<nothing>\.)?")

_FUNCTIONS = {name: name for name in ("tanh", "exp", "sin", "cos", "tan", "sinh", "cosh", "max", "min", "det")} | {
    "ln": "log",
    "log": "log",
    "arctan": "arctan",
}
_GREEK = {name: name for name in LETTERS} | {"lambda": "lam", "varepsilon": "epsilon", "varphi": "phi"}
_SIGNS = {
    "cdot": "·", "times": "*", "odot": "*", "circ": "*", "ast": "*", "star": "*", "div": "/", "le": "<=", "leq": "<=",
    "ge": ">=", "geq": ">=", "ne": "!=", "neq": "!=", "lt": "<", "gt": ">", "approx": "≈", "cdots": "...",
    "ldots": "...", "dots": "...", "pm": "±",
}  # fmt: skip
_VALUES = {"infty": "inf", "pi": "pi"}
_SPACES = frozenset(
    ("quad", "qquad", "displaystyle", "textstyle", "limits", ",", ";", ":", "!", " ", "left", "right", "big", "Big",
     "bigl", "bigr", "Bigl", "Bigr", "bigg", "Bigg")
)  # fmt: skip
_FONTS = frozenset(
    ("mathbf", "mathrm", "mathit", "mathsf", "mathcal", "mathtt", "boldsymbol", "bm", "vec", "text", "textbf",
     "operatorname", "textrm")
)  # fmt: skip
_ACCENTS = {
    "tilde": "_tilde", "widetilde": "_tilde", "hat": "_hat", "widehat": "_hat", "bar": "_bar", "overline": "_bar",
}  # fmt: skip
_FRACTIONS = frozenset(("frac", "dfrac", "tfrac"))
_MATRICES = frozenset(("matrix", "bmatrix", "pmatrix", "array", "smallmatrix"))
_ROUNDED = {"lfloor": "floor(", "lceil": "ceil("}
_FENCES = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"))


@dataclass
class _Frame:
    """What is open: the sign that closes it, what is written there, and arguments that have to follow."""

    closes: str
    writes: str
    then: tuple[tuple[str, str], ...] = ()


@dataclass
class _Writer:
    plain: Plain
    has_t: bool = False  # whether T is a name
    texts: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)
    position: int = 0

    @property
    def text(self) -> str:
        return self.plain.text

    @property
    def before(self) -> str:
        """The last character written that is no space."""
        for text in reversed(self.texts):
            if text.strip():
                return text.rstrip()[-1]
        return ""

    def span(self, end: int) -> Span:
        end = min(max(end, self.position + 1), len(self.text))
        first = min(self.position, len(self.text) - 1)
        return self.plain.span(first, max(end, first + 1))

    def write(self, text: str, end: int) -> None:
        """Write a text for what stands from here to `end`, and go on there."""
        self.texts.append(text)
        self.spans += [self.span(end)] * len(text)
        self.position = end

    def value(self, text: str, end: int) -> None:
        """Write what begins a value; behind another one it is multiplied, as on paper."""
        before = self.before
        listed = bool(self.frames) and self.frames[-1].closes in ("]", "end")
        if before in (")", "]") and not listed:
            text = f" · {text}"
        elif listed or before.isalnum() or before in ("_", "."):
            text = f" {text}"
        self.write(text, end)

    def ask(self, says: str, end: int) -> EngineError:
        return EngineError("notation", says, self.span(end))

    def open(self, frame: _Frame) -> None:
        if len(self.frames) >= MAX_DEPTH:
            raise EngineError(
                "limit", "Brackets are nested too deep; do it in smaller steps.", self.span(self.position)
            )
        self.frames.append(frame)

    def skip(self) -> int:
        """Return where the next character that is no space stands."""
        place = self.position
        while place < len(self.text) and self.text[place] == " ":
            place += 1
        return place

    def arguments(self, *wanted: tuple[str, str]) -> None:
        """Read arguments in braces (or of one letter or digit), each with what is written before and after it."""
        for position, (before, after) in enumerate(wanted):
            place = self.skip()
            char = self.text[place : place + 1]
            if char == "{":
                self.write(before, place + 1)
                self.open(_Frame("}", after, wanted[position + 1 :]))
                return
            if not char.isalnum():
                raise self.ask("Braces are missing here: write \\frac{a}{b}, \\sqrt{x}.", place + 1)
            self.write(f"{before}{char}{after}", place + 1)


def from_latex(plain: Plain, names: Collection[str] = ()) -> Plain:
    """Return a text with its LaTeX written in the language, and what else of paper needs brackets: tanh²(a), ‖x‖.

    `names` are those that the answer may use: where T is one of them, x^T may be a power. Raises EngineError
    (`notation`) for what reads two ways.
    """
    text = without_fences(plain.text).replace("\\{", " (").replace("\\}", " )")  # braces that are seen are brackets
    plain = Plain(text, plain.spans, plain.source)
    if _MARKS.search(plain.text) is None:
        return plain
    writer = _Writer(plain, has_t="T" in names)
    while writer.position < len(plain.text):
        _step(writer)
    return Plain("".join(writer.texts), writer.spans, plain.source)


def without_fences(text: str) -> str:
    """Blank what stands around LaTeX in a text: $...$. A sign of currency has no second one at the end."""
    bare = text.strip()
    for opening, closing in _FENCES:
        inside = bare[len(opening) : len(bare) - len(closing)]
        if bare.startswith(opening) and bare.endswith(closing) and inside.strip() and "$" not in inside:
            first, last = text.index(opening), text.rindex(closing)
            blank = " " * len(opening)
            return text[:first] + blank + text[first + len(opening) : last] + blank + text[last + len(closing) :]
    return text


def _step(writer: _Writer) -> None:
    char = writer.text[writer.position]
    here = writer.position
    if char == "\\":
        _command(writer)
    elif char == "‖" or writer.text.startswith("||", here):
        _bars(writer, "|", here + (1 if char == "‖" else 2))
    elif char.isalpha() and (raised := _WORD_RAISED.match(writer.text, here)) and not _in_a_word(writer, here):
        _function(writer, raised[1], raised.end())
    elif char == "^":
        _power(writer)
    elif char == "_" and _SCRIPT.match(writer.text, here + 1) and writer.text[here + 1 : here + 3].strip()[:1] == "{":
        _subscript(writer)
    elif char in "([":
        writer.open(_Frame(")" if char == "(" else "]", ")" if char == "(" else "]"))
        alone = char == "(" and writer.before in (")", "]")
        writer.write(" · (" if alone else char, here + 1)
    elif char in ")]}" and writer.frames and writer.frames[-1].closes == char:
        frame = writer.frames.pop()
        writer.write(frame.writes, here + 1)
        if frame.then:
            writer.arguments(*frame.then)
    elif char == "&" and any(frame.closes == "end" for frame in writer.frames):
        writer.write(",", here + 1)
    elif char.isalnum() and writer.before in (")", "]") and writer.text[here - 1] in " )}":
        writer.value(char, here + 1)
    else:
        writer.write(char, here + 1)


def _in_a_word(writer: _Writer, here: int) -> bool:
    before = writer.text[here - 1] if here else ""
    return before.isalnum() or before in ("_", ".")


def _command(writer: _Writer) -> None:
    match = _COMMAND.match(writer.text, writer.position)
    if match is None:
        writer.write("\\", writer.position + 1)
        return
    word, end = match["word"] or match["sign"], match.end()
    if word in _FRACTIONS:
        writer.value("", end)
        writer.arguments(("((", ")"), ("/(", "))"))
    elif word == "sqrt":
        _root(writer, end)
    elif word in _FUNCTIONS:
        _function(writer, word, end)
    elif word in ("sum", "prod") and _opens(writer, end):
        writer.value(word, end)
    elif word == "sigma" and _opens(writer, end):
        writer.value("sigmoid", end)
    elif word in _GREEK or word in _VALUES:
        writer.value({**_GREEK, **_VALUES}[word], end)
    elif word in _SIGNS:
        writer.write(f" {_SIGNS[word]} ", end)
    elif word in ("left", "right") and writer.text[end : end + 1] == "|":
        _bars(writer, "lvert" if word == "left" else "rvert", end + 1)
    elif word in _ROUNDED:
        writer.value(_ROUNDED[word], end)
        writer.open(_Frame("round", ")"))
    elif word in ("rfloor", "rceil") and writer.frames and writer.frames[-1].closes == "round":
        writer.write(writer.frames.pop().writes, end)
    elif word in _SPACES:
        nothing = _SIZE.match(writer.text, writer.position)
        writer.write(" ", nothing.end() if nothing and nothing["nothing"] else end)
    elif word in _FONTS or word in _ACCENTS:
        _styled(writer, word, end)
    elif word in ("begin", "end"):
        _matrix(writer, word, end)
    elif word == "\\" and any(frame.closes == "end" for frame in writer.frames):
        writer.write(";", end)
    elif word in ("|", "Vert", "lVert", "rVert", "lvert", "rvert"):
        _bars(writer, word, end)
    elif word == "%":
        writer.write("%", end)
    elif match["word"]:
        says = f"I do not know \\{word[:30]}. Write it without backslashes: names such as tanh or sigma need none."
        raise writer.ask(says, end)
    else:
        writer.write("\\", writer.position + 1)


def _opens(writer: _Writer, end: int) -> bool:
    rest = _SIZE.sub("", writer.text[end : end + 12], count=1).lstrip(" ")
    return rest.startswith("(")


def _root(writer: _Writer, end: int) -> None:
    index = re.compile(r" ?\[ ?(\d{1,3}) ?\]").match(writer.text, end)
    writer.value("", end)
    if index is None:
        writer.arguments(("sqrt(", ")"))
        return
    writer.position = index.end()
    writer.arguments(("((", f")**(1/{index[1]}))"))


def _function(writer: _Writer, word: str, end: int) -> None:
    r"""A function, with a power of its own (\tanh^2(a)), a base (\log_2), and brackets or one value behind it."""
    name, power = _FUNCTIONS.get(word, word), ""
    base = re.compile(r"_ ?(?:\{ ?(\d+|e) ?\}|(\d|e(?!\w)))").match(writer.text, end) if word == "log" else None
    if base is not None:
        number = base[1] or base[2]
        if number not in ("2", "10", "e"):
            raise writer.ask(f"For a logarithm to base {number[:9]} write ln(x) / ln({number[:9]}).", base.end())
        name, end = "log" if number == "e" else f"log{number}", base.end()
    raised = _EXPONENT.match(writer.text, end)
    if raised is not None:
        inside = raised["braces"] or raised["brackets"] or raised["one"]
        if inside.startswith("-"):
            raise writer.ask(f"Is that the inverse function, or one over {word}? Write 1 / {word}(...).", raised.end())
        power, end = f"**({inside})", raised.end()
    size = _SIZE.match(writer.text, end)
    end = size.end() if size else end
    writer.value(f"({name}" if power else name, end)
    closing = f"){power})" if power else ")"
    place = writer.skip()
    if writer.text[place : place + 1] in ("(", "{"):
        closes = ")" if writer.text[place] == "(" else "}"
        writer.write("(", place + 1)
        writer.open(_Frame(closes, closing))
        return
    _one_value(writer, word, place, closing)


def _one_value(writer: _Writer, word: str, place: int, closing: str) -> None:
    r"""\ln 2, \tanh a, \ln \frac{a}{b}: what a function without brackets works on, where that has one end."""
    says = f"How far does \\{word} reach? Put what it works on in brackets: \\{word}(...)."
    atom = _ATOM.match(writer.text, place)
    if atom is None:
        raise writer.ask(says, place + 1)
    command = atom["atom"][1:] if atom["atom"].startswith("\\") else ""
    if command in _FRACTIONS:
        writer.write("(", atom.end("atom"))
        writer.arguments(("((", ")"), ("/(", f")){closing}"))
        return
    if command and command not in _GREEK and command not in _VALUES:
        raise writer.ask(says, atom.end())
    written = {**_GREEK, **_VALUES}[command] if command else atom["atom"]
    under = re.sub(r"[{} ]", "", atom["under"] or "")
    after = writer.text[atom.end() :].lstrip(" ")
    if after[:1].isalnum() or after[:1] in ("(", "^", "_") or (after[:1] == "\\" and not _ends(after)):
        raise writer.ask(says, atom.end())
    writer.write(f"({written}{under}{closing}", atom.end())


def _ends(after: str) -> bool:
    match = _COMMAND.match(after)
    word = (match["word"] or match["sign"]) if match else ""
    return word in _SIGNS or word in _SPACES or word in ("end", "\\", "|", "rVert", "rvert", "rceil", "rfloor")


def _styled(writer: _Writer, word: str, end: int) -> None:
    r"""\mathbf{W}, \tilde{h}, \operatorname{softmax}: the name alone, with what the accent adds."""
    match = _WORD.match(writer.text, end)
    if match is None:
        raise writer.ask(f"Write one name in the braces of \\{word}: \\{word}{{h}}.", end)
    name = match["inside"] or match["letter"]
    if canonical(name) is None and canonical(name.lower()) is not None and len(name) > 1:
        name = name.lower()
    writer.value(name + _ACCENTS.get(word, ""), match.end())


def _subscript(writer: _Writer) -> None:
    match = _SCRIPT.match(writer.text, writer.position + 1)
    inside = match["inside"] if match else ""
    if match is None or not inside or inside.startswith("\\"):
        raise writer.ask("A subscript is part of a name, or a time step: write W_xh, or h[t-1].", writer.position + 1)
    writer.write(f"_{inside}" if inside.isidentifier() or inside.isdigit() else f"[{inside}]", match.end())
    if writer.text[match.end() : match.end() + 1].isalnum():  # W_{xh}x
        writer.write(" ", match.end())


def _power(writer: _Writer) -> None:
    script = _SCRIPT.match(writer.text, writer.position + 1)
    inside = (script["inside"] or script["one"]) if script else ""
    if script is not None and inside in ("T", "\\top", "\\intercal"):
        if inside != "T" or not writer.has_t or "\\" in script.group():
            writer.write(".T", script.end())
            return
        if not writer.before.isdigit():
            raise writer.ask("Is ^T the transpose, or the power T? Write W.T, or a**T.", script.end())
    if script is not None and inside == "-1" and not (writer.before.isdigit() or _is_e(writer)):
        says = "Is ^{-1} the inverse of a matrix or one over? Write inv(W) or 1 / x."
        raise writer.ask(says, script.end())
    place = writer.position + 1
    while writer.text[place : place + 1] == " ":
        place += 1
    if writer.text[place : place + 2] == "{(":
        says = "Is that a power, or the number of a layer or step? For a power leave the round brackets out."
        raise writer.ask(says, place + 2)
    if writer.text[place : place + 1] == "{":
        writer.write("**(", place + 1)
        writer.open(_Frame("}", ")"))
    elif script is not None and script["one"] and not inside.startswith("\\"):
        writer.write(f"**({inside})", script.end())
    else:
        writer.write("^", writer.position + 1)


def _is_e(writer: _Writer) -> bool:
    """Tell whether what was written last is the number e."""
    return re.search(r"(?<![\w.])e$", "".join(writer.texts[-3:]).rstrip()) is not None


def _matrix(writer: _Writer, word: str, end: int) -> None:
    match = re.compile(r" ?\{ ?([a-z]{1,20}) ?\}(?: ?\{[ lcr|]{0,20}\})?").match(writer.text, end)
    if match is None or match[1] not in _MATRICES:
        raise writer.ask("Of environments I read bmatrix and pmatrix; write [1 2; 3 4] for a matrix.", end)
    if word == "begin":
        writer.value("[", match.end())
        writer.open(_Frame("end", "]"))
    elif writer.frames and writer.frames[-1].closes == "end":
        text = "".join(writer.texts).rstrip()
        if text.endswith(";"):  # \\ behind the last row
            writer.texts, writer.spans = [text[:-1]], writer.spans[: len(text) - 1]
        writer.write(writer.frames.pop().writes, match.end())
    else:
        raise writer.ask("There is no \\begin to this \\end.", match.end())


def _bars(writer: _Writer, word: str, end: int) -> None:
    r"""\|x\| and \lVert x \rVert are a norm, \lvert x \rvert is a size."""
    closes = bool(writer.frames) and writer.frames[-1].closes == "bar"
    if word in ("rVert", "rvert") or (word in ("|", "Vert") and closes):
        if not closes:
            raise writer.ask(f"There is nothing for this \\{word} to close.", end)
        order = re.compile(r"_ ?(?:\{ ?(\d|\\infty|F) ?\}|(\d|\\infty|F))").match(writer.text, end)
        kind = (order[1] or order[2]) if order else ""
        frame = writer.frames.pop()
        writer.write({"1": ", 1)", "\\infty": ", inf)"}.get(kind, frame.writes), order.end() if order else end)
        return
    writer.value("abs(" if word == "lvert" else "norm(", end)
    writer.open(_Frame("bar", ")"))
