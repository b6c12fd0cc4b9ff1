"""LaTeX in a notebook's prose -> formulas of the language in backticks or on a line of their own, or else words."""

import re

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.reading.characters import spelled
from rnn_tutor.engine.reading.latex import from_latex

MOST = 400  # characters of a formula that is read
_FORMULA = re.compile(
    r"(?P<code>`[^`\n]{1,400}`)"
    r"|\$\$(?P<alone>[^$]{1,2000}?)\$\$"
    r"|\\\[(?P<bracketed>.{1,600}?)\\\]"
    r"|\\begin\{(?P<kind>equation|align|gather|aligned)\*?\}(?P<block>.{1,600}?)\\end\{(?P=kind)\*?\}"
    r"|(?<![\\$])\$(?=[^\s$])(?P<inline>[^$`]{1,400}?)(?<=[^\s\\])\$(?![\d$])"
    r"|\\\((?P<round>[^`]{1,400}?)\\\)",
    re.DOTALL,
)
_MATRIX = re.compile(r"\\begin\{.{1,1000}?\\end\{", re.DOTALL)
_WORDS = {
    "in": "in", "sum": "sum", "prod": "product", "partial": "d", "sim": "~", "leftarrow": "<-", "rightarrow": "->",
    "to": "->", "infty": "infinity", "approx": "about", "forall": "for all", "neq": "!=", "cdot": "*", "times": "x",
    "ldots": "...", "dots": "...", "cdots": "...", "int": "integral", "nabla": "gradient", "propto": "proportional to",
    "mid": "|", "cup": "or", "cap": "and", "quad": " ", "qquad": " ", "left": "", "right": "", "text": "", "mathrm": "",
    "mathbf": "", "mathbb": "", "mathcal": "", "boldsymbol": "", "operatorname": "", "displaystyle": "", "hat": "",
    "bar": "", "vec": "", "tilde": "", "textbf": "", "textit": "", "limits": "", "gets": "<-", "geq": ">=", "ge": ">=",
    "leq": "<=", "le": "<=", "ne": "!=", "begin": "", "end": "", "tfrac": "", "frac": "", "dfrac": "",
}  # fmt: skip
_MARK = ("\ue000", "\ue001")
_MARKED = re.compile(f"{_MARK[0]}(\\d+){_MARK[1]}")


def put_away(text: str) -> tuple[str, list[str]]:
    """Return a text with a mark for each formula and each piece of code, and what stands for these in a prompt."""
    kept: list[str] = []

    def mark(match: re.Match[str]) -> str:
        kept.append(_written(match))
        return f"{_MARK[0]}{len(kept) - 1}{_MARK[1]}"

    return _FORMULA.sub(mark, text.replace(_MARK[0], "").replace(_MARK[1], "")), kept


def put_back(text: str, kept: list[str]) -> str:
    """Return a text with its formulas and code in the place of their marks."""
    if not kept:
        return text
    found = _MARKED.sub(lambda match: kept[int(match[1])], text)
    found = re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", found)
    return re.sub(r"[ \t]+\n|(?<=\n\n) (?=\S)", lambda match: "\n" if "\n" in match[0] else "", found)


def _written(match: re.Match[str]) -> str:
    if match["code"]:
        return match[0]
    inline = match["inline"] or match["round"]
    if inline is not None:
        read = formula(inline)
        return f"`{read}`" if read else in_words(inline)
    lines = _lines(match["alone"] or match["bracketed"] or match["block"])
    return "\n\n" + "\n".join(f"    {formula(line) or in_words(line)}" for line in lines) + "\n\n"


def _lines(latex: str) -> list[str]:
    """Return the lines of a formula that stands alone; a matrix is on one."""
    latex = re.sub(r"\\(?:begin|end)\{(?:aligned|align|split|gather|equation)\*?\}", "", latex)
    latex = " ".join(latex.split())
    if _MATRIX.search(latex) is None:
        parts = [part.replace("&", "").strip() for part in re.split(r"\\\\(?:\[[^\]]{0,20}\])?", latex)]
        return [part for part in parts if part] or [latex]
    return [latex]


def formula(latex: str) -> str:
    """Return a formula of LaTeX as code, "" where it is none that the language reads."""
    if len(latex) > MOST:
        return ""
    try:
        text = from_latex(spelled(" ".join(latex.split()).strip(" .,;"))).text
    except EngineError:
        return ""
    text = re.sub(r"\*\*\((\w+)\)", r"**\1", text.replace("·", "*"))
    text = re.sub(r"\(\((\w+)\)/\((\w+)\)\)", r"\1/\2", text)
    text = re.sub(r"\s+([,;\])])", r"\1", " ".join(text.split()))
    return "" if re.search(r"[\\{}$`]", text) else text


def in_words(latex: str) -> str:
    """Return a formula of LaTeX as plain text: its commands in words, without braces."""
    text = re.sub(r"_\{([^{}]{1,40})\}", r"_\1", " ".join(latex.split()))
    text = re.sub(r"\^\{([^{}]{2,40})\}", r"^(\1)", text)
    text = re.sub(r"\\[dt]?frac\s?\{([^{}]{1,200})\}\s?\{([^{}]{1,200})\}", r"(\1)/(\2)", text)
    text = re.sub(
        r"\\([A-Za-z]+)\s?(?=(_)?)", lambda match: f"{_WORDS.get(match[1], match[1])}{'' if match[2] else ' '}", text
    )
    text = re.sub(r"\\[,;:! ]", " ", text).replace("\\{", "(").replace("\\}", ")")
    text = re.sub(r"[\\{}$`]", "", text)
    return re.sub(r"\s+([.,;)])", r"\1", " ".join(text.split()))
