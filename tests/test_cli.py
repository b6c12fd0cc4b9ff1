"""The commands, run as a script would run them."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from rnn_tutor.cli import main

EXERCISE = """\
format: 1
id: blend
title: A blend
level: 2
prompt: |
  Blend the old state with the candidate, and say how long the result is.
given:
  z: {{ value: "[0.25, 0.75]", means: update gate, axes: [unit], draw: "uniform(0.1, 0.9)" }}
  h_prev: {{ value: "[1.0, -1.0]", means: old state, axes: [unit], draw: "normal(0, 1)" }}
  h_tilde: {{ value: "[0.0, 0.5]", means: candidate, axes: [unit], draw: "normal(0, 1)" }}
steps:
  - let: "kept = (1 - z) * h_prev"
    say: What stays of the old state{extra}.
  - let: "h = kept + z * h_tilde"
    say: The blend.
  - let: "length = norm(h)"
    say: Its length.
ask:
  - {{ answer: h, as: vector }}
  - {{ answer: length, as: scalar, prompt: "How long is h?" }}
hints: ["Which gate belongs to what?", Two products and a sum.]
"""

NOTHING_NOTED = {"known": [], "checks": [], "exams": [], "way": None}


@pytest.fixture
def pack(tmp_path, monkeypatch):
    (tmp_path / "pack" / "gru").mkdir(parents=True)
    (tmp_path / "pack" / "gru" / "blend.yaml").write_text(EXERCISE.format(extra=""), "utf-8")
    monkeypatch.setenv("RNN_TUTOR_DATA", str(tmp_path / "data"))
    return str(tmp_path / "pack")


@pytest.fixture
def run(capsys, pack):
    def call(*words):
        status = main([words[0], *words[1:], "--only", "--content", pack])
        out = capsys.readouterr()
        return status, out.out, out.err

    return call


def part_of(out):
    (part,) = json.loads(out)["parts"]
    return part


def test_list_names_every_exercise(run):
    status, out, _ = run("list")
    assert status == 0
    assert "blend  A blend (level 2)" in out
    assert json.loads(run("list", "--json")[1])["units"][0]["exercises"][0]["id"] == "blend"


def test_list_tells_what_cannot_be_read(run, pack):
    folder = Path(pack)
    (folder / "course.yaml").write_text(
        "format: 1\ntitle: T\nunits:\n- {id: gru, title: U, aim: a, exercises: [{id: blend, title: B},"
        " {id: bad, title: Bad}, {id: gone, title: Gone}], labs: [{id: low, title: Low}]}\n"
        "- {id: later, title: Later, aim: a}\n"
    )
    (folder / "gru" / "bad.yaml").write_text("format: 1\nid: bad\nkeyone: 1\n")
    (folder / "gru" / "labs").mkdir()
    (folder / "gru" / "labs" / "low.yaml").write_text("format: 1\n")
    status, out, err = run("list")
    assert status == 0
    assert "Bad (unreadable)" in out and "Gone (unreadable)" in out and "Low (unreadable lab)" in out
    assert "B (level 1)" in out and "Later" in out
    assert "bad.yaml:3: keyone" in err and "gone.yaml:1: there is no such file" in err
    _, out, _ = run("list", "--unit", "gru", "--json")
    (unit,) = json.loads(out)["units"]
    assert [one["readable"] for one in unit["exercises"]] == [True, False, False]
    assert [one["readable"] for one in unit["labs"]] == [False]


def test_show_has_what_a_learner_needs_and_no_answer(run):
    status, out, _ = run("show", "blend", "--hints", "1")
    assert status == 0
    for piece in ("Blend the old state", "update gate, vector (unit 2)", "0.25 0.75", "How long is h?", "Hint 1 of 2"):
        assert piece in out
    assert "0.125" not in out
    assert "Two products" not in out


def pack_of_a_choice(pack):
    file = Path(pack) / "gru" / "pick.yaml"
    file.write_text(
        "format: 1\nid: pick\ntitle: Pick\nprompt: Which?\nask:\n"
        "  - {answer: one, as: choice, options: [{text: a, right: true}, {text: b, why: no.}]}\nhints: [Look.]\n",
        "utf-8",
    )


def test_show_numpy_of_what_has_no_givens_says_so(run, pack):
    pack_of_a_choice(pack)
    status, out, err = run("show", "pick", "--numpy")
    assert (status, out) == (2, "")
    assert "There are no givens in pick, so there is no code to show." in err
    assert "numbers" not in run("show", "pick")[1]


@pytest.mark.parametrize(
    ("option", "line"), [(None, "import torch"), ("--numpy", "import numpy as np"), ("--jax", "import jax")]
)
def test_code_is_a_script_of_a_library(run, option, line):
    status, out, _ = run("code", "blend", *([option] if option else []))
    assert status == 0
    assert line in out.split("\n")
    assert out.count(" agrees: ") == 1


def test_code_of_numpy_begins_as_show_numpy_does_and_runs(run):
    givens = run("show", "blend", "--numpy")[1].strip()
    code = run("code", "blend", "--numpy")[1]
    assert givens.split("\n", 1)[1].strip() in code
    names: dict = {}
    exec(code, names)  # noqa: S102 - our own text, run as a learner would


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["pick"], "Nothing is computed in pick, so there is no code to show."),
        (["blend", "--part", "nope"], "There is no part nope; there are"),
        (["blend", "--torch", "--jax"], "not allowed with argument"),
    ],
)
def test_code_that_there_is_not(run, pack, words, says):
    pack_of_a_choice(pack)
    status, out, err = run("code", *words)
    assert (status, out) == (2, "")
    assert says in err


def test_show_numpy_is_code_that_runs(run):
    import numpy as np

    code = run("show", "blend", "--numpy")[1]
    names: dict = {}
    exec(code, names)  # noqa: S102 - our own output, run to see that it is code
    assert np.array_equal(names["h_prev"], [1.0, -1.0])


def test_the_json_of_answer_is_the_contract(run):
    status, out, err = run("answer", "blend", "[0.75, 0.125]", "--part", "h", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "exercise": "blend",
        "seed": None,
        "parts": [
            {
                "part": "h",
                "verdict": "right",
                "understood": {"value": [0.75, 0.125], "shape": [2]},
                "expected": [0.75, 0.125],
                "score": 1.0,
                "elements": [True, True],
                "follows": None,
                "remark": None,
                "diagnosis": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [("-1e-3", -0.001, []), ("-1/3", -1 / 3, []), ("-[1, 2]", [-1.0, -2.0], [2]), ("-.5", -0.5, [])],
)
def test_an_answer_may_begin_with_a_minus_sign(run, text, value, shape):
    status, out, _ = run("answer", "blend", text, "--part", "h", "--json")
    assert status == 1
    assert part_of(out)["understood"] == {"value": value, "shape": shape}


def test_the_options_may_stand_anywhere(run):
    assert part_of(run("answer", "--json", "--part=h", "blend", "-1")[1])["understood"]["value"] == -1.0
    assert part_of(run("answer", "blend", "--seed", "7", "-1", "--part", "h", "--json")[1])["verdict"] == "wrong"


def test_options_before_the_command_count_too(pack, capsys):
    assert main(["--only", "--content", pack, "--seed=3", "show", "blend", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seed"] == 3
    assert main(["--only", "--content", pack, "answer", "blend", "-1e-3", "--part", "h", "--json"]) == 1
    assert part_of(capsys.readouterr().out)["understood"]["value"] == -0.001


def test_minus_h_is_an_answer_and_dash_h_alone_is_help(run, capsys):
    status, out, err = run("answer", "blend", "-h", "--part", "h")
    assert status == 2
    assert "usage" not in out + err
    assert main(["answer", "-h"]) == 0
    assert "usage" in capsys.readouterr().out


@pytest.mark.parametrize("sink", ["/dev/full", None])
def test_output_that_cannot_be_written_is_no_traceback(pack, sink):
    command = f"exec {sys.executable} -m rnn_tutor list --only --content {pack} >{sink or '&-'}"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode == (2 if sink else 0)
    assert ("cannot be written" in done.stderr) == bool(sink)


@pytest.mark.parametrize(("locale", "ascii_only"), [({"LANG": "C"}, True), ({}, True), ({"LC_ALL": "C.UTF-8"}, False)])
def test_a_locale_that_is_not_utf8_gets_ascii(pack, locale, ascii_only):
    file = Path(pack) / "gru" / "blend.yaml"
    file.write_text(file.read_text("utf-8").replace("The blend.", "The blend, σ ≤ 1."), "utf-8")
    env = {"PATH": os.environ["PATH"], **locale}
    command = [sys.executable, "-m", "rnn_tutor", "solve", "blend", "--only", "--content", pack]
    out = subprocess.run(command, capture_output=True, check=True, env=env).stdout
    assert out.isascii() == ascii_only
    assert ("sigma <= 1" if ascii_only else "σ ≤ 1") in out.decode("utf-8")


def test_a_dash_reads_standard_input(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("[[0.75]\n [0.125]]\n"))
    assert part_of(run("answer", "blend", "-", "--part", "h", "--json")[1])["understood"]["shape"] == [2, 1]


def test_one_answer_without_part_is_for_the_first_part(run):
    assert part_of(run("answer", "blend", "[0.75, 0.125]", "--json")[1])["part"] == "h"
    assert run("answer", "blend", "[0.75, 0.125]")[1].startswith("h: ")


def test_the_exit_status_tells_right_wrong_and_not_understood(run):
    assert run("answer", "blend", "[0.75, 0.125]", "--part", "h")[0] == 0
    assert run("answer", "blend", "[0.7, 0.1]", "--part", "h")[0] == 1
    assert run("answer", "blend", "[0.7, ", "--part", "h")[0] == 2


def test_bad_use_is_one_sentence_and_status_2(run):
    for words, said in [
        (("answer", "blend", "1", "--part", "k"), "There is no part k"),
        (("answer", "blnd", "1"), "Did you mean blend?"),
        (("show", "blend", "--seed", "x"), "a seed is a whole number"),
        (("show",), "required"),
        (("nothing",), "invalid choice"),
        (("show", "blend", "--colour"), "unrecognized arguments: --colour."),
        (("list", "gru"), "unrecognized arguments: gru."),
        (("next", "--json"), "unrecognized arguments: --json. Try"),
        (("list", "-x"), "unrecognized arguments: -x."),
        (("list", "--unt", "gru"), "unrecognized arguments: --unt gru. Did you mean --unit?"),
        (("list", "--unit", "grru"), "There is no unit grru. Did you mean gru?"),
        (("answer", "blend", "1", "2", "3"), "There are 2 parts (h and length), and 3 answers were given."),
        (("answer", "blend", "1", "2", "--part", "h"), "--part takes one answer"),
        (("answer", "blend", "-", "-"), "Only one answer can be read from standard input."),
    ]:
        status, out, err = run(*words)
        assert status == 2, words
        assert said in err
        assert out == ""
        assert "Traceback" not in err


def test_numbers_drawn_from_a_seed_are_marked_as_such(run):
    shown = json.loads(run("show", "blend", "--seed", "3", "--json")[1])
    given = {name: one["value"] for name, one in shown["given"].items()}
    assert shown["seed"] == 3
    assert given["z"] != [0.25, 0.75]
    right = [(1 - z) * old + z * new for z, old, new in zip(given["z"], given["h_prev"], given["h_tilde"], strict=True)]
    status, out, _ = run("answer", "blend", str(right), "--part", "h", "--seed", "3", "--json")
    assert status == 0
    assert part_of(out)["expected"] == pytest.approx(right)


def test_a_later_part_follows_from_an_earlier_answer(run):
    wrong = "[0.6, 0.8]"
    status, out, _ = run("answer", "blend", "1", "--part", "length", "--earlier", f"h={wrong}")
    assert status == 0
    assert "follows from your `h`" in out
    assert run("answer", "blend", "1", "--part", "length", "--earlier", "h=[0, 0]")[0] == 1


def test_several_parts_are_answered_in_their_order(run):
    status, out, _ = run("answer", "blend", "[0.75, 0.125]", "0.760")
    assert (status, out.count("Right.")) == (0, 2)
    assert out.index("h: read") < out.index("length: read")
    status, out, _ = run("answer", "blend", "[2, 1]", "sqrt(5)", "--json")  # the second follows from the first
    parts = json.loads(out)["parts"]
    assert [(part["part"], part["verdict"]) for part in parts] == [("h", "wrong"), ("length", "right")]
    assert parts[0]["follows"] is None
    assert "follows from your `h`" in parts[1]["follows"]
    assert status == 1
    status, out, _ = run("answer", "blend", "[1, 1]", "what?", "--json")
    assert [part["verdict"] for part in json.loads(out)["parts"]] == ["wrong", "not_understood"]
    assert status == 2
    _, out, _ = run("progress", "--json")
    assert json.loads(out)["exercises"][0]["tries"] == 5  # what is not understood is no try


def test_what_was_answered_before_counts_beside_several_answers(run):
    _, out, _ = run("answer", "blend", "sqrt(5)", "--part", "length", "--earlier", "h=[2, 1]", "--json")
    assert part_of(out)["verdict"] == "right"
    _, out, _ = run("answer", "blend", "[3, 4]", "5", "--earlier", "h=[2, 1]", "--json")
    assert [part["verdict"] for part in json.loads(out)["parts"]] == ["wrong", "right"]


def test_solve_works_with_any_numbers(run):
    out = run("solve", "blend")[1]
    assert "kept[0] = (1 - 0.25) * 1 = 0.75" in out
    steps = json.loads(run("solve", "blend", "--seed", "5", "--json")[1])["steps"]
    assert [step["name"] for step in steps] == ["kept", "h", "length"]


def test_progress_tells_what_was_answered(run):
    assert "0 of 1 exercises done" in run("progress")[1]
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    run("answer", "blend", "norm(h)", "--part", "length", "--no-save")
    assert "1 of 2 parts right" in run("progress")[1]
    run("answer", "blend", "0.7603", "--part", "length")
    assert "1 of 1 exercises done" in run("progress")[1]
    assert json.loads(run("progress", "--json")[1])["exercises"][0]["right"] == ["h", "length"]


def _done_long_ago(tmp_path, *exercises):
    from datetime import UTC, datetime, timedelta

    from rnn_tutor.progress.attempt import Attempt
    from rnn_tutor.progress.store import Store

    store = Store.open(tmp_path / "data" / "progress.sqlite3")
    for exercise, part in exercises:
        store.add(
            Attempt(
                exercise=exercise,
                content_hash="",
                seed=None,
                givens="{}",
                part=part,
                text="1",
                verdict="right",
                score=1.0,
                diagnosis="",
                hints=0,
                seconds=90.0,
                at=datetime.now(UTC) - timedelta(days=99),
                parts=2,
            )
        )
    store.close()


def test_what_is_due_is_listed_with_what_it_trains(run, tmp_path):
    assert run("review", "--list")[:2] == (0, "Nothing is due today.\n")
    assert json.loads(run("review", "--json")[1]) == {"due": [], "more": 0}
    _done_long_ago(tmp_path, ("blend", "h"), ("blend", "length"))
    status, out, _ = run("review", "--list")
    assert status == 0
    assert "1 due, about 3 minutes." in out
    assert "blend  " in out
    assert "forward step" in out
    (due,) = json.loads(run("review", "--json")[1])["due"]
    assert due == {"exercise": "blend", "title": "A blend", "skills": ["forward/gru"], "seconds": 180}
    assert "blend" in run("list", "--due")[1]


def test_progress_has_the_skills_and_a_row_for_each_exercise(run, tmp_path):
    _done_long_ago(tmp_path, ("blend", "h"), ("blend", "length"))
    assert "Shaky: 1 of 1 skills" in run("progress")[1]
    (skill,) = json.loads(run("progress", "--json")[1])["skills"]
    assert (skill["skill"], skill["exercises"]) == ("forward/gru", ["blend"])
    assert 0 < skill["recall"] < 0.9
    assert (skill["state"], skill["shaky"], skill["train"]) == ("done", True, "blend")
    assert json.loads(run("progress", "--skills", "--json")[1]) == {"skills": [skill]}
    assert "Train it with blend." in run("progress", "--skills")[1]
    head, row = run("progress", "--skills", "--csv")[1].splitlines()
    assert head == "skill,state,shaky,recall,due,train,exercises"
    assert row.startswith("forward/gru,done,1,0.") and row.endswith(",blend,blend")
    assert run("progress", "--mistakes")[1] == "No mistake came back in another exercise.\n"
    head, row = run("progress", "--csv")[1].splitlines()
    assert head == "exercise,state,parts,right,tries,hints,solution,seconds,last"
    assert row.startswith("blend,done,2,2,2,0,0,180.0,20")


def test_next_is_the_id_and_title_or_status_1(run, tmp_path):
    assert run("next")[:2] == (0, "blend  A blend\n")
    run("answer", "blend", "[0.75, 0.125]", "0.7603")
    assert run("next")[:2] == (1, "")
    assert run("list", "--due")[1].count("blend") == 0
    assert "No exercise here is due." in run("list", "--due")[1]
    assert "No exercise here is of level 3." in run("list", "--level", "3")[1]


def test_a_level_can_be_listed_alone(run):
    assert "A blend" in run("list", "--level", "2")[1]
    assert "A blend" not in run("list", "--level=3")[1]
    assert run("list", "--level", "4")[0] == 2


def test_an_answer_is_marked_where_progress_cannot_be_kept(run, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RNN_TUTOR_DATA", str(tmp_path / "file"))
    status, out, err = run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    assert status == 0
    assert "Right." in out
    assert "not kept" in err


def test_an_exercise_file_can_be_named_itself(capsys, pack):
    file = f"{pack}/gru/blend.yaml"
    assert main(["show", file]) == 0
    assert "A blend" in capsys.readouterr().out
    assert main(["show", f"{pack}/none.yaml"]) == 2


def test_check_and_schema(capsys, pack, tmp_path):
    assert main(["check", pack, "--draws", "5"]) == 0
    out = capsys.readouterr().out
    assert "1 exercise, no errors" in out
    (tmp_path / "bad.yaml").write_text(
        EXERCISE.format(extra="").replace("kept + z", "kept + y").replace("blend", "bad")
    )
    assert main(["check", str(tmp_path / "bad.yaml"), "--draws", "1", "--json"]) == 1
    (finding, *_) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["key"] == "steps[1].let"
    assert finding["line"] > 1
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org")
    assert main(["schema", "glossary"]) == 0
    assert "Term" in json.loads(capsys.readouterr().out)["$defs"]
    assert main(["schema", "poem"]) == 2
    assert "glossary" in capsys.readouterr().err


def test_foreign_text_cannot_act_on_the_terminal(capsys, pack, tmp_path):
    bad = "\x1b]52;c;aGk=\x07[/red]\u202e"
    assert main(["answer", "blend", bad, "--part", "h", "--only", "--content", pack]) == 2
    out = capsys.readouterr()
    assert "\x1b" not in out.out + out.err
    assert "\u202e" not in out.out + out.err
    (tmp_path / "pack" / "gru" / "blend.yaml").write_text(EXERCISE.format(extra=" \u202e"), "utf-8")
    assert main(["solve", "blend", "--only", "--content", pack]) == 2
    assert "\u202e" not in capsys.readouterr().err


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("rnn-tutor ")


@pytest.fixture
def mine(tmp_path):
    """A pack whose ids nobody else has."""
    file = tmp_path / "mine" / "my-gates" / "my-blend.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(EXERCISE.format(extra="").replace("id: blend", "id: my-blend"), "utf-8")
    return str(tmp_path / "mine")


def test_content_is_added_to_the_course_and_only_leaves_the_course_out(capsys, mine):
    assert main(["list", "--content", mine]) == 0
    both = capsys.readouterr().out
    assert main(["list", "--only", "--content", mine]) == 0
    alone = capsys.readouterr().out
    assert main(["list"]) == 0
    course = capsys.readouterr().out
    assert "lstm-cell" in course and "my-blend" not in course
    assert "lstm-cell" not in alone and "my-blend" in alone
    assert both.index("lstm-cell") < both.index("\nMine\n") < both.index("my-blend")
    assert main(["show", "my-blend", "--content", mine]) == 0
    assert main(["show", "lstm-cell", "--content", mine]) == 0
    capsys.readouterr()
    assert main(["show", "lstm-cell", "--only", "--content", mine]) == 2
    assert "There is no exercise lstm-cell" in capsys.readouterr().err


def test_only_needs_content(capsys):
    assert main(["list", "--only"]) == 2
    assert capsys.readouterr().err.startswith("rnn-tutor: --only leaves out the course")


def test_a_folder_named_twice_is_there_once(capsys, mine):
    assert main(["list", "--only", "--content", mine, "--content", f"{mine}/../mine"]) == 0
    out, err = capsys.readouterr()
    assert (out.count("my-blend"), err) == (1, "")


def test_ids_that_clash_between_packs_are_told_and_the_rest_works(capsys, mine, tmp_path):
    for name in ("lstm-cell", "my-blend", "my-other"):
        file = tmp_path / "other" / "more" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(EXERCISE.format(extra="").replace("id: blend", f"id: {name}"), "utf-8")
    other = str(tmp_path / "other")
    assert main(["list", "--content", mine, "--content", other]) == 0
    out, err = capsys.readouterr()
    assert out.count("lstm-cell") == 1 and "  my-other" in out
    assert err.count("belongs to") == 2
    assert main(["check", "--content", mine, "--draws", "2"]) == 0
    assert "lstm-cell" not in capsys.readouterr().out  # only what is named is checked
    assert main(["check", mine, other, "--draws", "2"]) == 1
    assert capsys.readouterr().out.count("belongs to") == 1


def test_without_a_glossary_that_is_said(capsys, mine):
    for words in ([], ["gate"], ["--json"]):
        assert main(["glossary", *words, "--only", "--content", mine]) == 1
        assert capsys.readouterr().err == "rnn-tutor: There is no glossary here.\n"


def test_page_and_glossary_are_text_too(capsys, mine, tmp_path):
    folder = tmp_path / "mine"
    (folder / "my-gates" / "page.yaml").write_text(
        "format: 1\ntext: |\n  One line\n  and its `end`.\n\n    h = tanh(a)\nsources: [A book.]\n", "utf-8"
    )
    (folder / "glossary.yaml").write_text(
        "format: 1\nterms:\n  - {term: gate, symbols: [z], unit: my-gates, means: What shuts.}\n"
        "  - {term: state, unit: my-gates, means: What is kept.}\n",
        "utf-8",
    )
    where = ["--only", "--content", mine]
    assert main(["page", "my-gates", *where]) == 0
    assert "\nOne line and its `end`.\n\n  h = tanh(a)\n\nSources:\n- A book.\n" in capsys.readouterr().out
    assert main(["page", "my-gates", "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out)["sources"] == ["A book."]
    assert main(["page", "my-gate", *where]) == 2
    assert "Did you mean my-gates?" in capsys.readouterr().err
    assert main(["glossary", *where]) == 0
    assert capsys.readouterr().out == "gate (z)\n  What shuts.\nstate\n  What is kept.\n"
    assert main(["glossary", "KEPT", *where]) == 0
    assert capsys.readouterr().out == "state\n  What is kept.\n"
    assert main(["glossary", "z", "--json", *where]) == 0
    assert [one["term"] for one in json.loads(capsys.readouterr().out)["terms"]] == ["gate"]
    capsys.readouterr()
    assert main(["glossary", "nothing", *where]) == 1
    assert capsys.readouterr().err == "rnn-tutor: No glossary entry has the word nothing.\n"
    assert main(["glossary", "stat", "--json", *where]) == 0
    capsys.readouterr()
    assert main(["glossary", "stade", "--json", *where]) == 1
    assert "the word stade. Did you mean state?" in capsys.readouterr().err
    assert main(["glossary", "gate", "that", "is", *where]) == 1
    assert "all of these words: gate that is." in capsys.readouterr().err
    with (folder / "glossary.yaml").open("a") as file:
        file.write(
            'notation:\n  - {sign: W_xh, shape: "(H, D)", means: Input weights.}\n  - {sign: h, means: State.}\n'
        )
    assert main(["glossary", "notation", *where]) == 0
    assert capsys.readouterr().out == "Notation\nW_xh  (H, D)\n  Input weights.\nh\n  State.\n"
    assert main(["glossary", "w_xh", "--json", *where]) == 0
    sign = {"sign": "W_xh", "shape": "(H, D)", "means": "Input weights."}
    assert json.loads(capsys.readouterr().out) == {"terms": [], "notation": [sign]}
    (folder / "my-gates" / "page.yaml").unlink()
    assert main(["page", "my-gates", *where]) == 2
    assert "has no page" in capsys.readouterr().err


def test_check_counts_the_notes_of_a_course_and_tells_those_of_a_file(capsys):
    course = Path(__file__).parent / "exercises" / "held_back"
    assert main(["check", "--draws", "1", str(course / "gate-blend.yaml")]) == 0
    assert ": note: " in capsys.readouterr().out
    main(["check", "--draws", "1", str(course)])
    told = capsys.readouterr().out
    assert ": note: " not in told
    assert " notes on mistakes that the numbers hide" in told


@pytest.mark.parametrize(("part", "told"), [("dw", True), ("da", False)])
def test_who_answers_a_part_is_taken_to_be_done_with_those_before_it(capsys, part, told):
    """The value of an earlier part may be named as one on the way; that of a later part is called what it asks for."""
    assert main(["solve", "bptt-by-hand", "--json"]) == 0
    steps = {step["name"]: step["result"].partition("=")[2] for step in json.loads(capsys.readouterr().out)["steps"]}
    typed = steps["da" if part == "dw" else "dw"]
    assert main(["answer", "bptt-by-hand", "--no-save", "--json", "--part", part, "--", typed]) == 1
    says = part_of(capsys.readouterr().out)["diagnosis"]["says"]
    assert ("That is `da`" in says) is told
    assert says == ("That is `dw`, another part of the question." if part == "da" else says)
    assert told or "dw" in says


def test_no_words_say_what_the_parser_would_make_of_them():
    from rnn_tutor import cli

    assert vars(cli.WITHOUT_WORDS) == vars(cli._parser().parse_args([]))


def test_the_diagnosis_of_answer_is_the_contract(run):
    named = part_of(run("answer", "blend", "(1 - z) * h_prev - z * h_tilde", "--part", "h", "--json")[1])["diagnosis"]
    assert named == {
        "kind": "mutation",
        "says": "You would get this if `z * h_tilde` were subtracted, not added.",
        "rule": "sign",
        "next": None,
        "differs": None,
    }
    unexplained = part_of(run("answer", "blend", "[0.317, 4.5]", "--part", "h", "--json")[1])["diagnosis"]
    assert unexplained == {
        "kind": "none",
        "says": "I don't recognise this mistake.",
        "rule": None,
        "next": "Check one step first: your value of `(1 - z) * h_prev`.",
        "differs": None,
    }


SHORT = (("padding-mask", "share", "0.12"), ("masked-loss", "loss", "0.042"), ("gru-count", "fewer", "1.5e6"))


def test_numbers_that_tell_mistakes_apart_are_in_the_json_and_the_seed_is_printed():
    def printed(*words):
        with redirect_stdout(io.StringIO()) as out:
            main([*words])
        return out.getvalue()

    offered = 0
    for name, part, text in SHORT:
        answer = ("answer", name, text, "--part", part, "--no-save")
        found = json.loads(printed(*answer, "--json"))["parts"][0]["diagnosis"]
        if found["differs"] is None:
            continue
        numbers = found["differs"]
        assert found["next"].startswith("Try it with new numbers: then I can tell which it is.")
        given = json.loads(printed("show", name, "--seed", str(numbers["seed"]), "--json"))["given"]
        assert numbers["givens"] == {given_name: given[given_name]["value"] for given_name in given}
        assert f"(--seed {numbers['seed']})" in printed(*answer)
        offered += 1
    assert offered


def test_a_step_towards_the_answer_can_be_checked_and_is_no_attempt(run):
    status, out, _ = run("answer", "blend", "0.75 -0.25", "--part", "h", "--step", "1")
    assert (status, out.splitlines()) == (
        0,
        ["Step 1 of 2: your value of `(1 - z) * h_prev`", "Right. That is `(1 - z) * h_prev`."],
    )
    status, out, _ = run("answer", "blend", "0 1", "--part", "h", "--step", "2", "--json")
    assert status == 1
    assert json.loads(out) == {
        "exercise": "blend",
        "seed": None,
        "part": "h",
        "step": {"number": 2, "of": 2, "expression": "z * h_tilde"},
        "verdict": "wrong",
        "says": "Not this one. The mistake is in this step or in a value it uses.",
    }
    assert run("answer", "blend", "0 1", "--part", "h", "--step", "3")[0] == 2
    assert "There are 2 steps to check" in run("answer", "blend", "0 1", "--part", "h", "--step", "3")[2]
    assert run("answer", "blend", "0 1", "--part", "h", "--step", "x")[0] == 2
    assert (
        json.loads(run("progress", "--json")[1])
        == {"exercises": [], "labs": [], "mistakes": [], "skills": []} | NOTHING_NOTED
    )


def test_progress_tells_which_mistakes_come_back(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_TUTOR_DATA", str(tmp_path))
    answers = (
        ("rnn-update", "tanh(W_xh @ x)", "--part", "h"),
        ("lstm-cell", "f*c_prev + cand"),
        ("rnn-update", "tanh(W_hh @ x + W_xh @ h_prev)", "--part", "h"),
    )
    for name, text, *part in answers:
        with redirect_stdout(io.StringIO()):
            main(["answer", name, text, *part])
    with redirect_stdout(io.StringIO()) as out:
        main(["progress", "--json"])
    assert json.loads(out.getvalue())["mistakes"] == [
        {
            "rule": "term_left_out",
            "says": "a term or a factor left out",
            "exercises": ["rnn-update", "lstm-cell"],
            "times": 2,
            "train": "rnn-update",
        }
    ]
    with redirect_stdout(io.StringIO()) as out:
        main(["progress"])
    told = "Mistakes you made more than once: a term or a factor left out: in 2 exercises (rnn-update, lstm-cell)."
    assert f"{told} Train it with rnn-update." in " ".join(out.getvalue().split())
    with redirect_stdout(io.StringIO()) as out:
        main(["progress", "--mistakes", "--csv"])
    assert out.getvalue() == "rule,times,train,exercises\nterm_left_out,2,rnn-update,rnn-update lstm-cell\n"
    with redirect_stdout(io.StringIO()) as out:
        main(["progress", "--skills"])
    assert "Train it with" in out.getvalue() and "Mistakes" not in out.getvalue()
