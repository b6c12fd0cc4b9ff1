"""LaTeX in a notebook's prose -> formulas of the language in backticks or on a line of their own.

What the language does not read becomes words where nothing is lost by that (`x \\in \\mathbb{R}^n`: x in R^n). All else
stays TeX, without what only spaces it, numbers it or chooses its letters.
"""

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
    "in": "in", "sim": "~", "leftarrow": "<-", "rightarrow": "->", "to": "->", "infty": "infinity", "approx": "about",
    "forall": "for all", "neq": "!=", "cdot": "*", "times": "x", "ldots": "...", "dots": "...", "cdots": "...",
    "propto": "proportional to", "mid": "|", "gets": "<-", "geq": ">=", "ge": ">=", "leq": "<=", "le": "<=", "ne": "!=",
    "lt": "<", "gt": ">", "pm": "+-", "ell": "l", "Rightarrow": "=>", "mapsto": "->", "mod": "mod", "ast": "*",
    **{name: name for name in (
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu",
        "nu", "xi", "pi", "rho", "sigma", "tau", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta",
        "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega", "sin", "cos", "tan", "tanh", "exp", "log", "ln",
        "max", "min",
    )},
}  # fmt: skip
_FONTS = re.compile(
    r"\\(?:mathbf|mathrm|mathbb|mathcal|mathit|mathsf|boldsymbol|bm|operatorname|text|textbf|textit|textrm|mbox)\*?"
    r"\s?\{([^{}]{1,60})\}|\{\\(?:bf|rm|it|cal|bm)\s+([^{}]{1,60})\}"
)
_NOT_SAID = re.compile(
    r"\\(?:tag|label)\*?\s?\{[^{}]{0,60}\}|\\(?:nonumber|notag|displaystyle|textstyle|limits|nolimits)(?![A-Za-z])"
    r"|\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])\s?\.?"
)
_SPACES = re.compile(r"(?<!\\)\\(?:[,;:! ]|q?quad(?![A-Za-z]))|~")
_TEX = re.compile(r"`([^`\n]*\\[A-Za-z]{2,}[^`\n]*)`|^    (.*\\[A-Za-z]{2,}.*)$", re.MULTILINE)
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
        return f"`{read}`" if read else in_words(inline) or f"`{as_tex(inline)}`"
    lines = _lines(match["alone"] or match["bracketed"] or match["block"])
    return "\n\n" + "\n".join(f"    {formula(line) or in_words(line) or as_tex(line)}" for line in lines) + "\n\n"


def _lines(latex: str) -> list[str]:
    """Return the lines of a formula that stands alone; a matrix is on one."""
    latex = re.sub(r"\\(?:begin|end)\{(?:aligned|align|split|gather|equation)\*?\}", "", latex)
    latex = " ".join(latex.split())
    if _MATRIX.search(latex) is None:
        parts = [part.replace("&", "").strip() for part in re.split(r"\\\\(?:\[[^\]]{0,20}\])?", latex)]
        return [part for part in parts if part] or [latex]
    return [latex]


def formula(latex: str) -> str:
    """Return a formula of LaTeX as code, several beside each other with commas, "" where it is none that is read."""
    if len(latex) > MOST:
        return ""
    read = [
        _formula(part) for part in re.split(r"\\q?quad(?![A-Za-z])", _NOT_SAID.sub(" ", latex)) if part.strip(" .,;")
    ]
    return ", ".join(read) if read and all(read) else ""


def _formula(latex: str) -> str:
    try:
        text = from_latex(spelled(" ".join(latex.split()).strip(" .,;"))).text
    except EngineError:
        return ""
    text = re.sub(r"\*\*\((\w+)\)", r"**\1", text.replace("·", "*"))
    text = re.sub(r"\(\((\w+)\)/\((\w+)\)\)", r"\1/\2", text)
    text = re.sub(r"\s+([,;\])])", r"\1", " ".join(text.split()))
    return "" if re.search(r"[\\{}$`]|_(?!\w)", text) else text


def in_words(latex: str) -> str:
    """Return a formula of LaTeX as plain text, "" where more stands in it than letters, signs and scripts."""
    text = _tidied(latex)
    text = re.sub(r"([_^])\{\(([^{}()]{1,40})\)\}", r"\1(\2)", text)
    text = re.sub(r"([_^])\{([^{}]{1,40})\}", _script, text)
    text = text.replace("\\{", "(").replace("\\}", ")").replace("\\|", "||").replace("\\_", "_").replace("\\%", "%")
    text = re.sub(r"\\([A-Za-z]+)(\s?)(?=([A-Za-z0-9]?))", _said, text)
    if re.search(r"[\\{}$`&]", text):
        return ""
    return re.sub(r"\s+([.,;)])", r"\1", " ".join(text.split()))


def _said(found: re.Match[str]) -> str:
    """Return a command in words, apart from what stands beside it, and as it is where there are no words for it."""
    command, space, after = found.groups()
    word = _WORDS.get(command)
    if word is None:
        return found[0]
    before = " " if found.string[: found.start()][-1:].isalnum() else ""
    return f"{before}{word}{space or (' ' if after else '')}"


def _script(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}" if re.fullmatch(r"\w+", found[2]) else f"{found[1]}({found[2]})"


def as_tex(latex: str) -> str:
    """Return a formula as TeX without what only spaces it, numbers it or chooses its letters."""
    return re.sub(r"([_^])\{(\w)\}", r"\1\2", re.sub(r"[$`]", "", _tidied(latex)))


def _tidied(latex: str) -> str:
    text = _SPACES.sub(" ", _NOT_SAID.sub(" ", " ".join(latex.split())))
    for _ in range(3):  # fonts stand within fonts
        text = _FONTS.sub(lambda found: found[1] or found[2], text)
    return " ".join(text.split())


def tex_in(text: str) -> list[str]:
    """Return the formulas of a prompt that are still TeX."""
    return [found[1] or found[2] for found in _TEX.finditer(text)]
