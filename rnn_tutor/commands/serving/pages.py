"""The few pages of `serve`, and their looks: written by a library, without script of their own or outside addresses."""

from xml.etree import ElementTree as Tree  # it writes here; nothing of a visitor's is read with it

NOT_A_PASSWORD = "This is not a password: anyone who types your id continues your work."  # noqa: S105 - a sentence
POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",  # the terminal writes its sizes and colours into style elements
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "sandbox allow-scripts allow-same-origin allow-forms",  # a link on the screen opens nothing
))  # fmt: skip

STYLE = """\
@font-face { font-family: "Roboto Mono"; src: url("/static/RobotoMono-VariableFont_wght.ttf"); }
html, body { margin: 0; height: 100%; background: #101418; color: #e8e8e8; font: 16px/1.5 "Roboto Mono", monospace; }
main { max-width: 40em; margin: 0 auto; padding: 4em 1em; }
h1 { font-size: 1.2em; background: none; }
input, button { font: inherit; padding: .3em .6em; color: inherit; background: #1d242b; border: 1px solid #7a8590; }
a { color: #9cd0ff; }
p[role=alert] { border-left: .4em solid #ff9b8a; padding-left: .6em; }
#terminal { position: absolute; inset: 0; }
#ended { display: none; position: absolute; inset: 0; z-index: 20; background: #101418; }
body.-closed #ended { display: block; }
"""


def page(title: str, *sentences: str, alert: str = "") -> str:
    """Return a page that says something."""
    body, main = _begun(title)
    if alert:
        _add(main, "p", alert, role="alert")
    for sentence in sentences:
        _add(main, "p", sentence)
    return _written(body)


def who(alert: str = "", typed: str = "") -> str:
    """Return the page that asks for the learner's id; what was typed is kept."""
    body, main = _begun("rnn-tutor")
    if alert:
        _add(main, "p", alert, role="alert")
    form = _add(main, "form", method="post", action="/begin")
    label = _add(form, "label", "Who are you? Type the id that you were given, or choose one the first time. ")
    attributes = {"name": "learner", "value": typed, "maxlength": "32", "autocomplete": "off", "autofocus": "autofocus"}
    _add(label, "input", **attributes)
    _add(form, "button", "Begin")
    _add(main, "p", f"Your answers are kept under this id. {NOT_A_PASSWORD}")
    return _written(body)


def tutor(websocket: str, learner: str) -> str:
    """Return the page with the terminal, and below it what is shown once the tutor has ended."""
    head = _head("rnn-tutor")
    _add(head, "link", rel="stylesheet", href="/static/xterm.css")
    _add(head, "script", src="/static/textual.js")
    body = Tree.Element("body")
    attributes = {
        "id": "terminal", "class": "textual-terminal", "data-session-websocket-url": websocket, "data-font-size": "16",
    }  # fmt: skip
    _add(body, "div", **attributes)
    ended = _add(body, "div", id="ended")
    main = _add(ended, "main")
    _add(main, "h1", "The tutor has ended, or the line was cut")
    _add(main, "p", f"What you did is saved under {learner}.")
    link = _add(main, "p")
    _add(link, "a", "Go on where you were", href="/")
    form = _add(main, "form", method="post", action="/leave")
    _add(form, "button", "Somebody else")
    return _written(head, body)


def _begun(title: str) -> tuple[tuple[Tree.Element, Tree.Element], Tree.Element]:
    head, body = _head(title), Tree.Element("body")
    main = _add(body, "main")
    _add(main, "h1", title)
    return (head, body), main


def _head(title: str) -> Tree.Element:
    head = Tree.Element("head")
    _add(head, "meta", charset="utf-8")
    _add(head, "title", title)
    _add(head, "link", rel="icon", href="data:,")  # none, so that no browser asks for one
    _add(head, "link", rel="stylesheet", href="/static/page.css")
    return head


def _add(parent: Tree.Element, tag: str, text: str = "", **attributes: str) -> Tree.Element:
    child = Tree.SubElement(parent, tag, attributes)
    child.text = text
    return child


def _written(*parts: Tree.Element | tuple[Tree.Element, Tree.Element]) -> str:
    html = Tree.Element("html", {"lang": "en"})
    for part in parts:
        html.extend(part if isinstance(part, tuple) else (part,))
    return "<!DOCTYPE html>\n" + Tree.tostring(html, encoding="unicode", method="html")
