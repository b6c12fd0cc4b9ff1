"""Foreign text in a notebook is a comment, a literal or prose; never code, markup or mathematics."""

import ast
import json
import re

import msgspec
import pytest

from rnn_tutor.commands.notebook.file import notebook
from rnn_tutor.engine.writing.starters import started
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.model import Exercise
from tests.notebooks.running import cells_of
from tests.scripts.test_scripts import HOSTILE

MORE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", r"$\href{javascript:alert(1)}{x}$", "$$x$$",
    r"\(\href{javascript:alert(1)}{x}\)", r"\begin{align}x\end{align}", r"\\[x\\]", "[x](javascript:alert(1))",
    "![x](http://example.org/x.png)", "```\n<script>\n```", "`<b>`", "&lt;script&gt;", "# a\n## b",
    "### BEGIN SOLUTION", "### END SOLUTION", "### END HIDDEN TESTS", "<!-- x", "| a | b |", "1. a", "- a", "~~~\nx", "http://example.org",
)  # fmt: skip
FILE = {
    "format": 1, "id": "hostile", "title": "plain", "prompt": "Compute it.",
    "given": {
        "np": {"value": "[1.0, 2.0]", "means": "plain", "axes": ["plain"]},
        "check": {"value": "2.0", "means": "plain"}, "In": {"value": "3", "means": "plain"},
        "hidden": {"value": "1.5", "means": "plain", "hidden": True},
    },
    "steps": [{"let": "open = np * check + In * hidden", "say": "plain"}, {"let": "plt = sum(open)", "say": "plain"}],
    "ask": [
        {"answer": "open", "as": "vector", "prompt": "plain"}, {"answer": "plt", "as": "scalar", "prompt": "plain"},
        {"answer": "exec", "as": "choice", "prompt": "plain", "options": [
            {"text": "plain", "right": True, "why": "plain"}, {"text": "plain too", "why": "plain"}]},
    ],
    "picture": {"bars": ["np"], "title": "plain"},
    "show": [
        {"lines": ["np"], "title": "plain"}, {"heatmap": ["open"], "title": "plain"}, {"table": ["np"]},
        {"tree": ["[[0, -1], [0, 0]]"], "title": "plain"},
    ],
    "sources": ["plain"],
}  # fmt: skip


def _said(value, text):
    """Return a part of the file with another text wherever it says "plain": on one line where a file has one."""
    if isinstance(value, dict):
        line = " ".join(text.split("\n"))[:40]
        return {key: _said(inner, line if key in ("title", "axes") else text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_said(inner, text) for inner in value]
    return text if value == "plain" else value


def question(text):
    return ask(msgspec.convert(_said(FILE, text), Exercise), None)


class _NoTexts(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node


def trees(cells):
    code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    return [ast.dump(_NoTexts().visit(ast.parse(text))) for text in code]


@pytest.mark.parametrize("options", [{"solutions": True}, {"graded": True}], ids=["solutions", "graded"])
@pytest.mark.parametrize("foreign", [*HOSTILE, *MORE], ids=ascii)
def test_foreign_text_is_text_and_nothing_else(foreign, options):
    made = cells_of(notebook(foreign, [question(foreign)], **options))
    plain = cells_of(notebook("plain", [question("plain")], **options))
    assert trees(made) == trees(plain)
    assert [cell["metadata"] for cell in made] == [cell["metadata"] for cell in plain]
    for cell in made:
        assert all(char == "\n" or char.isprintable() for char in cell["source"])
        if cell["cell_type"] == "markdown":
            assert not acts(cell["source"])
    if "graded" not in options:
        return
    marks = [line for cell in made for line in cell["source"].split("\n") if re.search("(BEGIN|END) (SOL|HID)", line)]
    assert all(line.startswith("### ") for line in marks)
    assert len(marks) == 4 * 3


def acts(markdown):
    """Return what in Markdown is neither text nor a formula of ours."""
    text = re.sub(r"^(```+)text\n.*?\n\1$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    text = re.sub(r"\$\$?[A-Za-z0-9\\{}_^ .,+=:&|()\[\]-]+\$\$?", "", text)
    return re.findall(r"[<>$]|(?<!\\)\]\(|\\\\[(\[]|\\begin|!\[", text)


def test_what_acts_is_seen():
    assert acts("<script>")
    assert acts("[x](y)")
    assert acts(r"\\(x\\)")
    assert not acts(r"$h_{t - 1} = \tanh\left(x\right)$ and `<b>`")


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.system('x')", "def f(x):\n    return open(x)", "def f(x):\n    return x.__class__",
        "def f(x):\n    exit()", "def f(x=breakpoint()):\n    return x", "@f\ndef f(x):\n    return x",
        "def f(x):\n    return [].append.__self__", "def f(x):\n    global np\n    np = 1", "f = lambda: exec('1')",
        "def f(x):\n    return np.load(x)", "class A: pass", "def f(x):\n    return f'{x}'",
    ],
)  # fmt: skip
def test_a_start_that_is_not_of_the_dialect_is_all_comments(text):
    made = started(text)
    assert not made.runs
    assert ast.parse(made.text).body == []


def test_a_start_runs_and_keeps_its_comments():
    text = "def f(x, n):\n    h = zeros(n, 2)\n    for t in range(n):\n        # the state\n    return stack(h, x)"
    made = started(text)
    assert made.text.split("\n") == [
        "def f(x, n):", "    h = np.zeros([n, 2])", "    for t in range(n):",
        "        # the state", "        ...", "    return np.stack([h, x])",
    ]  # fmt: skip


def test_the_file_is_json_without_control_characters():
    text = notebook("\x1b[31m", [question("\x1b]52;c;eA==\x07")], solutions=True)
    assert all(char == "\n" or char.isprintable() for char in text)
    assert json.loads(text)["nbformat"] == 4
