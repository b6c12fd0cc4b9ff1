"""A report of a class as one page: whole, harmless, and the same for eyes that see no colour."""

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser

from rnn_tutor.commands.classes.drawn import sign
from rnn_tutor.commands.classes.page import MOST_LEARNERS, as_html

from .conftest import answer, build, terms


class Read(HTMLParser):
    """What stands in a page: its elements with their attributes, and the text of each."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.texts = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append((self.elements[-1][0] if self.elements else "", data))

    def said(self):
        return " ".join(" ".join(text for tag, text in self.texts if tag != "style").split())


TAGS = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "table", "thead", "tbody", "tr",
    "th", "td", "ul", "ol", "li", "svg", "rect", "text",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "role", "aria-label", "viewbox", "width", "height",
    "x", "y", "text-anchor", "preserveaspectratio",
}  # fmt: skip


def harmless(text):
    page = Read(text)
    assert {tag for tag, _ in page.elements} <= TAGS
    assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES
    assert all(char.isprintable() or char == "\n" for char in text)
    return page


def test_it_says_what_the_text_says(report):
    said = harmless(as_html(report)).said()
    for sentence in (
        "5 of 6 learners have begun.",
        "a sum or a softmax over the wrong axis 4 learners, in lstm-cell",
        "lstm-cell, c: 4 of 5 learners began with the same mistake",
        "cyd lstm-cell c (5 wrong answers, 5 minutes; the last is a wrong sign)",
        "How this is counted",
    ):
        assert sentence in said


def test_nothing_is_loaded_or_run_and_only_its_own_style_is_allowed(report):
    text = as_html(report)
    page = Read(text)
    (style,) = [data for tag, data in page.texts if tag == "style"]
    (policy,) = [one["content"] for tag, one in page.elements if one.get("http-equiv") == "Content-Security-Policy"]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"https?:|//|url\(|@import|javascript", text.replace("<!DOCTYPE html>", ""), re.IGNORECASE)


def test_foreign_text_is_only_text():
    hostile = "</style></title><script>alert(1)</script><img src=x onerror=y>\"'&\x1b[2J\u202e\ud800"
    rows = [(f"{at}{hostile}", answer("lstm-cell", "c", "wrong", "axis")) for at in range(6) for _ in range(5)]
    about = terms(title=hostile, names={"axis": hostile})
    about = terms(
        title=hostile,
        names={"axis": hostile},
        exercises=tuple(one._replace(title=hostile) for one in about.exercises),
    )
    page = harmless(as_html(build(rows, about)))
    assert page.said().count("<script>alert(1)</script>") > 6 * 3


def test_each_state_has_a_sign_of_its_own(report):
    by_id = {one.id: one.cells for one in report.learners}
    signs = [sign(by_id[name].get("lstm-cell")) for name in ("ada", "bob", "cyd", "dora", "ed", "finn")]
    assert signs == ["*", "1", "!", "L", "0", ""]
    assert sign(by_id["ed"]["task-shapes"]) == "(*)"
    said = harmless(as_html(report)).said()
    assert "ada * * bob 1 cyd ! dora L ed (*) 0 finn" in said


def test_of_very_many_those_who_need_somebody_are_on_the_page():
    rows = [(f"l{at:04}", answer("lstm-cell", part, "right")) for at in range(MOST_LEARNERS + 50) for part in "ch"]
    rows += [("zoe", answer("lstm-cell", "c"))] * 4
    text = as_html(build(rows, terms()))
    assert "zoe" in text
    assert "52 more learners are not on this page" in text
    assert len(text) < 1_000_000
