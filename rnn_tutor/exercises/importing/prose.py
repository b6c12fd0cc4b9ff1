"""What the text around an exercise says of a name: "a probability vector p", "`x` is the input", `lr = 0.1  # rate`."""

import re
import unicodedata

MOST_PROSE = 20_000  # characters that are looked at
MOST_PHRASE = 60
MOST_WORDS = 6


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eps": "ε", "eta": "η", "theta": "θ",
          "lam": "λ", "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ",
          "omega": "ω"}  # fmt: skip
_NOT_LAST = _words(
    "a an and any are as at be been both but by call called can compute",
    "computed do each equal equals find for from get gets given gives has have here how",
    "if in into is it its let like more most no nor not of on one",
    "ones only or over per return returns say set so such than that the their them",
    "then these they this those through to two three under up use used uses using value",
    "values variable vary when where which while whose will with within write you your apply implement",
    "calculate evaluate print multiply divide add subtract take takes let's name named define defined we our",
    "also between about all exercise function parameter new",
)
_NOT_IN = _words(
    "compute find calculate evaluate print return implement apply write given let use using is are with",
    "and for of to from by in on the a an each every that this these",
    "those its your our when where if then so as at or than set multiply divide",
    "define we you",
)
_KEPT_SMALL = _words("of in the per for and to by")
_DONE = re.compile(r"\w+(?:ed|ing)\b")  # "is multiplied" tells what is done with it, not what it is
_CODE = re.compile(r"[=\[\]{}()<>|\\/*+@^~#;\"]")
_DECORATION = re.compile(r"[`$*_\\]+")


def phrase_of(name: str, prose: str) -> str:
    """Return what a text calls a name, as a few words; "" where it does not tell."""
    prose = prose[:MOST_PROSE]
    written = _written(name)
    told = re.compile(
        rf"(?:{written})\s*(?:,\s*)?(?:is|are|denotes?|represents?|stands for|contains?|holds?|means|be|:|-|—|–)\s+"
        r"(?P<article>(?:the |a |an |our |your )?)(?P<phrase>[^\n.,;:|(]{3,80})"
    )
    for match in told.finditer(prose):
        phrase = _plain(match["phrase"])
        if phrase and (match["article"] or not _DONE.match(phrase)):
            return phrase
    before = re.compile(rf"\b(?P<phrase>(?:[A-Za-z][A-Za-z'-]{{0,24}}[ \t]){{1,4}})(?:{written})")
    for match in before.finditer(prose):
        phrase = _tail(match["phrase"])
        if phrase:
            return phrase
    return ""


def comment_of(comment: str) -> str:
    """Return what a comment beside an assignment says, as a few words; "" where it is code or says too much."""
    text = re.sub(r"\((?:[\w\s,x×*]+)\)|\bshape\b.*", "", comment.strip().lstrip("#").strip())
    return "" if _CODE.search(text) or len(text) > MOST_PHRASE else _plain(text)


def _written(name: str) -> str:
    """Return a pattern for a name as texts write it: in backticks, as mathematics, or as it is."""
    plain = re.escape(name)
    head, _, index = name.partition("_")
    forms = [plain]
    if index:
        forms.append(rf"{re.escape(head)}_\{{?{re.escape(index)}\}}?")
    if head in _GREEK:
        forms += [rf"\\{re.escape(head)}{f'_{re.escape(index)}' if index else ''}", _GREEK[head]]
    form = "|".join(forms)
    bold = rf"\\(?:mathbf|boldsymbol|vec|hat)\{{(?:{form})\}}"
    quoted = rf"`(?:{form})`|\$(?:{form}|{bold})\$|\*\*(?:{form})\*\*"
    if name in ("a", "A", "I") or re.fullmatch(r"[A-Z]?[a-z]{2,}", name):  # words of English
        return quoted
    return rf"{quoted}|(?<![\w`$\\.])(?:{form})(?![\w`$(\[.]|\s*=)"


def _tail(words: str) -> str:
    """Return the words before a name that belong to it: back to a verb, an article or the like."""
    found: list[str] = []
    for word in reversed(words.split()):
        if word.lower() in _NOT_IN or len(found) == MOST_WORDS:
            break
        found.insert(0, word)
    return _plain(" ".join(found))


def _plain(phrase: str) -> str:
    """Return a phrase on one line without markup, "" for one that says nothing."""
    text = _DECORATION.sub(lambda match: " " if "_" in match.group() else "", phrase)
    text = "".join(char if char.isprintable() and unicodedata.category(char) != "Cf" else " " for char in text)
    words = text.split()[:MOST_WORDS]
    while words and words[-1].lower().strip("'-") in _NOT_LAST:
        words.pop()
    while words and words[0].lower() in _NOT_IN:
        words.pop(0)
    text = " ".join(words)
    if not words or len(text) > MOST_PHRASE or _CODE.search(text) or not re.search(r"[A-Za-z]{3}", text):
        return ""
    if any(word.lower() in _NOT_IN and word.lower() not in _KEPT_SMALL for word in words):
        return ""
    return text if text[:2].isupper() or text[1:2].isupper() else text[:1].lower() + text[1:]
