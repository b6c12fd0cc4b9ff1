"""`rnn-tutor export --ipynb`: notebooks that check answers without the tutor, as the tutor does."""

import ast
import json
import re
import sys
from base64 import b85decode
from zlib import decompress

import msgspec
import nbformat
import numpy as np
import pytest

from rnn_tutor.cli import main
from rnn_tutor.commands.notebook.carried import NAMES, checks_text
from rnn_tutor.commands.notebook.file import notebook
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.paths import content_folders
from tests.notebooks.running import cells_of, code_of, run, verdicts
from tests.scripts.collection import COURSE, OTHERS

BY_ID = {path.stem: path for path in COURSE}


def question(name, seed=None):
    return ask(load_exercise(BY_ID[name]), seed)


def of(*names, seed=None, **options):
    return notebook("A title", [question(name, seed) for name in names], **options)


@pytest.mark.parametrize("path", [*COURSE, *OTHERS], ids=lambda path: path.stem)
def test_a_notebook_runs_untouched_and_its_own_solution_is_right(path):
    text = notebook("A title", [ask(load_exercise(path), None)], solutions=True)
    nbformat.validate(nbformat.reads(text, as_version=4))
    said = [line for line in run(text) if re.match(r"\w+: ", line)]
    parts = len(load_exercise(path).ask)
    before, after = said[:parts], said[parts:]
    assert not any(line.endswith("Right.") for line in before)
    assert [line.partition(": ")[2] for line in after] == ["Right."] * parts


def tried(name, part, texts):
    """Return for each text what the notebook says and what the tutor does."""
    asked = question(name)
    book = notebook("A title", [asked])
    names = [line.partition(" = ...")[0] for code in code_of(book) for line in code.split("\n") if " = ..." in line]
    place = [one.name for one in asked.parts].index(part)
    for text in texts:
        said = verdicts(book, [(names[place], text)])[names[place]]
        yield text, said == "Right.", mark(asked, part, text).verdict == "right"


def test_typed_numbers_are_right_where_the_tutor_takes_them():
    truth = np.asarray(question("rnn-update").part("h").expected)
    texts = [
        f"[{', '.join(text.format(number) for number in truth)}]"
        for text in ("{:.1f}", "{:.2f}", "{:.3f}", "{:.4f}", "{:.3g}", "{:.8f}", "{:.2e}")
    ]
    texts += ["[0.9, -0.8]", "[0.0, 0.0]", "0.5", "[1, 2, 3]", "[]", str(list(truth)), str(list(truth[::-1]))]
    texts += [f"[{truth[0] * factor}, {truth[1]}]" for factor in (1 + 9e-4, 1 - 9e-4, 1 + 1.1e-3, 1 - 1.1e-3, -1)]
    found = list(tried("rnn-update", "h", texts))
    assert [(text, here) for text, here, _ in found] == [(text, there) for text, _, there in found]
    assert {here for _, here, _ in found} == {True, False}


@pytest.mark.parametrize(
    ("name", "part"),
    [("rnn-parameters", "cell"), ("memory-horizon", "needed"), ("first-loss", "first"), ("bottleneck", "crossing")],
)
def test_tolerances_are_those_of_the_part(name, part):
    truth = float(np.asarray(question(name).part(part).expected))
    factors = (1, 1 + 1e-12, 1 + 1e-6, 1.001, 0.999, 1.01, 1.05, 1.1, 0.9, 1.13, 1.2, 2, -1, 0)
    texts = [repr(truth * factor) for factor in factors]
    texts += [f"{truth:.{digits}g}" for digits in (1, 2, 3, 4, 5, 9)]
    found = list(tried(name, part, texts))
    assert [(text, here) for text, here, _ in found] == [(text, there) for text, _, there in found]
    assert {here for _, here, _ in found} == {True, False}


def test_a_rounding_is_one_by_its_text_and_not_by_its_value():
    """1.00 has three digits and 1.0 two, and both are the same number."""
    exercise = load_exercise(BY_ID["rnn-update"])
    changed = msgspec.convert(
        {"format": 1, "id": "near-one", "title": "t", "prompt": "p", "given": {"x": {"value": "1.0047", "means": "m"}},
         "steps": [{"let": "y = x * 1"}], "ask": [{"answer": "y", "as": "scalar"}]}, type(exercise),
    )  # fmt: skip
    asked = ask(changed, None)
    book = notebook("A title", [asked])
    for text in ("1.00", "1.0", "1", "1.005", "1.0047", "x", "x * 1.0", "1.01", "0.99"):
        right = mark(asked, "y", text).verdict == "right"
        assert (verdicts(book, [("y", text)])["y"] == "Right.") is right, text


@pytest.mark.parametrize("answer", ["'0.5'", "None", "[1, [2]]", "1j", "object()", "np.nan", "[np.inf, 0]", "{}", "''"])
def test_what_is_no_answer_is_not_right(answer):
    assert verdicts(of("rnn-update"), [("h", answer)])["h"] != "Right."


def test_shapes_and_options():
    assert verdicts(of("weight-shapes"), [("W_xh_shape", "(64, 20)")])["W_xh_shape"] == "Right."
    assert verdicts(of("weight-shapes"), [("W_xh_shape", "np.zeros((64, 20)).shape")])["W_xh_shape"] == "Right."
    for wrong in ("(20, 64)", "64", "(64, 20, 1)", "64.5"):
        assert verdicts(of("weight-shapes"), [("W_xh_shape", wrong)])["W_xh_shape"] != "Right."
    asked = question("rnn-update").part("bound")
    for number in range(1, 5):
        right = verdicts(of("rnn-update"), [("bound", str(number))])["bound"] == "Right."
        assert right is (frozenset({number}) == asked.expected)
    assert verdicts(of("rnn-update"), [("bound", "[1, 4]")])["bound"] != "Right."


def test_a_checklist_wants_all_right_options_and_no_others():
    asked = next(part for part in question("teacher-forcing-claims").parts if part.kind == "checklist")
    right = sorted(asked.expected)
    book = of("teacher-forcing-claims")
    assert verdicts(book, [(asked.name, str(right[::-1]))])[asked.name] == "Right."
    assert verdicts(book, [(asked.name, str(set(right)))])[asked.name] == "Right."
    assert verdicts(book, [(asked.name, str(right[1:]))])[asked.name] != "Right."
    assert verdicts(book, [(asked.name, str([*right, 99]))])[asked.name] != "Right."


def test_a_program_is_tried_with_other_numbers_too():
    book = of("bigram-nll")
    code = "lambda ids, start, P: -(np.log(start[ids[0]]) + np.log(P[ids[:-1], ids[1:]]).sum()) / len(ids)"

    def said(text):
        cells = json.loads(book)
        for cell in cells["cells"]:
            if "answer" in cell["metadata"].get("tags", []):
                cell["source"] = [text]
        return verdicts(json.dumps(cells))["nll"]

    assert said(f"nll = {code}") == "Right."
    shown = float(np.asarray(question("bigram-nll").parts[0].expected))
    assert said(f"nll = lambda ids, start, P: {shown!r}") == "Right for the numbers shown, but not for others."
    assert said("nll = lambda ids, start, P: 0.0") == "Not right yet."
    assert said("nll = lambda ids: 0.0").startswith("It stops with TypeError")
    assert said("nll = 3") == "Define the function."


def test_the_text_of_a_notebook_does_not_show_what_is_expected():
    for name in ("rnn-update", "memory-horizon", "impulse-response", "bigram-nll", "weight-gradient"):
        asked = question(name)
        text = of(name)
        given = {repr(float(n)) for value in asked.givens.values() for n in np.ravel(value)}
        for part in asked.parts:
            if isinstance(part.expected, np.ndarray):
                for number in part.expected.reshape(-1):
                    shown = f"{float(number):.4g}"
                    if len(shown.strip("-0.")) > 2 and shown not in given:
                        assert shown not in text, (name, part.name)


def test_a_lock_tells_nothing_of_what_is_expected_but_its_size():
    (lock,) = [
        ast.literal_eval(code.partition("check('needed', needed, ")[2][:-1])
        for code in code_of(of("memory-horizon"))
        if code.startswith("# Check\ncheck('needed'")
    ]
    held = json.loads(decompress(b85decode(lock)))
    truth = float(np.asarray(question("memory-horizon").part("needed").expected))
    assert set(held) == {"kind", "salt", "widths", "shifts", "box", "digits", "rtol", "atol"}
    (width,) = held["widths"]
    assert f"{width:.0e}"[0] in "125"
    assert float(f"{width:.0e}") == width
    assert truth / width > 1_000


def test_the_checks_take_three_names_and_nothing_of_the_tutor():
    names = {}
    exec(checks_text(), names)  # noqa: S102
    assert set(names) - {"__builtins__"} == {"checks", *NAMES}
    modules = {
        module.partition(".")[0]
        for node in ast.walk(ast.parse(checks_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert modules == {"ast", "base64", "hashlib", "json", "zlib", "decimal", "dataclasses", "numpy"}


def test_solutions_are_folded_or_left_out():
    with_them, without = cells_of(of("rnn-update", solutions=True)), cells_of(of("rnn-update"))
    (heading,) = [cell for cell in with_them if cell["source"].startswith("### Solution\n")]
    assert heading["metadata"]["jp-MarkdownHeadingCollapsed"] is True
    below = with_them[with_them.index(heading) + 1 :]
    assert below
    assert all(cell["metadata"]["jupyter"]["source_hidden"] for cell in below)
    assert [cell["source"] for cell in with_them[: -len(below) - 1]] == [cell["source"] for cell in without]
    assert "drive = W_xh @ x" not in json.dumps(without)


def test_prose_has_its_formulas_as_latex():
    text = "\n".join(
        cell["source"] for cell in cells_of(of("rnn-update", solutions=True)) if cell["cell_type"] != "code"
    )
    assert r"$$h = \tanh\left(W_{xh} \, x + W_{hh} \, h_{\mathrm{prev}}\right)$$" in text
    assert r"$\mathrm{carried} = W_{hh} \, h_{\mathrm{prev}}$" in text
    assert "`h`" not in text


def test_seeds_give_other_numbers_and_the_same_notebook_each_time():
    assert of("rnn-update", seed=3) == of("rnn-update", seed=3)
    assert of("rnn-update", seed=3) != of("rnn-update", seed=4)
    assert verdicts(of("rnn-update", seed=3, solutions=True))["h"] == "Right."


def test_the_command_writes_units_and_says_which_labs_are_left_out(tmp_path, capsys):
    target = tmp_path / "a.ipynb"
    assert main(["export", "bptt", "--ipynb", str(target), "--title", "Week 3"]) == 0
    made = nbformat.read(target, as_version=4)
    assert made.cells[0].source.startswith("# Week 3\n")
    unit = next(unit for unit in Library(content_folders(None)).course.units if unit.id == "bptt")
    assert sum(cell.source.startswith("## ") for cell in made.cells) == len(unit.exercises)
    said = capsys.readouterr()
    assert said.out == f"{len(unit.exercises)} exercises written.\n"
    left_out = dict(line.split(maxsplit=1) for line in said.err.splitlines()[1:])
    assert left_out == dict.fromkeys((entry.id for entry in unit.labs), "it is a lab, which is played in the tutor")
    assert main(["export", "bptt", "--ipynb", str(target)]) == 2
    assert "--force writes over it" in capsys.readouterr().err


def test_without_nbformat_one_sentence_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "nbformat", None)
    assert main(["export", "rnn-update", "--ipynb", str(tmp_path / "a.ipynb")]) == 2
    assert capsys.readouterr().err == "rnn-tutor: Notebooks need nbformat: pip install 'rnn-tutor[notebooks]'.\n"
    assert list(tmp_path.iterdir()) == []
