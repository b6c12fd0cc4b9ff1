"""Labs without a screen: list, show, answer, check, schema, progress."""

import json

import pytest

from rnn_tutor.cli import main
from tests.exercises.labs_for_tests import COURSE, TEXT, course_that_trains, course_with_lab


@pytest.fixture
def where(tmp_path):
    return course_with_lab(tmp_path / "content")


@pytest.fixture
def run(where, tmp_path, capsys):
    def ran(*words):
        status = main([*words, "--content", str(where), "--only", "--data", str(tmp_path / "data")])
        out, err = capsys.readouterr()
        return status, out, err

    return ran


def test_list_has_them_below_their_unit(run):
    status, out, _ = run("list")
    assert status == 0
    assert "  decay  A state that decays (lab)" in out
    units = json.loads(run("list", "--json")[1])["units"]
    assert units[0]["labs"] == [{"id": "decay", "title": "A state that decays", "readable": True}]


def test_show_prints_prompt_controls_and_predictions(run):
    status, out, _ = run("show", "decay")
    assert status == 0
    for said in ("A state that decays  (lab)", "Watch what is left", "weight: 0.50 to 1.50 by 0.05; it starts at 0.90",
                 "kind  activation: linear, tanh; it starts at linear", "a text of these characters: abc", "Predict 2:",
                 "[predict-1] with w = 1.10", "  1. it grows"):  # fmt: skip
        assert said in out
    data = json.loads(run("show", "decay", "--json", "--seed", "3")[1])
    assert (data["lab"], data["seed"], data["predict"][1]["at"]) == ("decay", 3, {"w": "0.80", "kind": "tanh"})
    assert data["controls"][0]["places"][:2] == ["5", "10"]
    assert data["given"]["h0"]["value"] != [1.0, -0.5]


def test_a_file_is_shown_too(where, capsys):
    assert main(["show", str(where / "memory" / "labs" / "decay.yaml")]) == 0
    assert "(lab)" in capsys.readouterr()[0]


def test_answer_tells_and_keeps(run):
    status, out, _ = run("answer", "decay", "it grows", "--part", "predict-1")
    assert (status, out.split("\n")[0]) == (0, "Right.")
    status, out, _ = run("answer", "decay", "1/3", "--part", "predict-2", "--json")
    told = json.loads(out)["predictions"][0]
    assert (status, told["part"], told["verdict"], told["guess"]) == (1, "predict-2", "wrong", "0.3333")
    assert run("answer", "decay", "soon", "--part", "predict-2")[0] == 2
    assert "predicted 2 of 2, right 1" in run("progress")[1]
    labs = json.loads(run("progress", "--json")[1])["labs"]
    assert [(one["lab"], one["predictions"], one["answered"], one["right"]) for one in labs] == [
        ("decay", 2, ["predict-1", "predict-2"], ["predict-1"]),
    ]  # fmt: skip


def test_answer_without_a_part_is_the_first_prediction_and_solve_says_what_to_do(run):
    assert json.loads(run("answer", "decay", "1", "--json", "--no-save")[1])["predictions"][0]["part"] == "predict-1"
    status, _, err = run("solve", "decay")
    assert status == 2
    assert "is a lab" in err


def test_what_cannot_be_kept_is_not_when_asked(run, tmp_path):
    run("answer", "decay", "1", "--part", "predict-1", "--no-save")
    assert not (tmp_path / "data" / "progress.sqlite3").exists()


def test_check_reads_labs(where, capsys):
    assert main(["check", str(where)]) == 0
    assert "1 lab" in capsys.readouterr()[0]
    path = where / "memory" / "labs" / "decay.yaml"
    path.write_text(TEXT.replace('when: "left > still[0]"', 'when: "left > 1000"'), encoding="utf-8")
    (where / "memory" / "labs" / "other.yaml").write_text("format: 1", encoding="utf-8")
    assert main(["check", str(where)]) == 1
    out = capsys.readouterr()[0]
    line = TEXT.split("\n").index("    options:") + 1
    assert f"decay.yaml:{line}: predict[0].options: None of the options holds" in out
    assert "other.yaml:1: warning: not listed" in out
    assert main(["check", str(path)]) == 1
    (where / "course.yaml").write_text(COURSE.replace("A state that decays", "Another title"), encoding="utf-8")
    path.write_text(TEXT, encoding="utf-8")
    main(["check", str(where)])
    assert "found 'Another title'; the file itself has 'A state that decays'" in capsys.readouterr()[0]
    path.unlink()
    assert main(["check", str(where)]) == 1
    assert "there is no file" in capsys.readouterr()[0]


def test_a_lab_with_the_id_of_an_exercise_is_told(where, capsys):
    exercise = (
        "format: 1\nid: decay\ntitle: D\nprompt: P\nask:\n  - answer: which\n    as: choice\n"
        "    options: [{text: a, right: true}, {text: b, why: no}]\n"
    )
    (where / "memory" / "decay.yaml").write_text(exercise, encoding="utf-8")
    listed = COURSE.replace("labs:", "exercises: [{id: decay, title: D}], labs:")
    (where / "course.yaml").write_text(listed, encoding="utf-8")
    assert main(["check", str(where)]) == 1
    assert "units[0].labs[0]: the id 'decay' belongs to" in capsys.readouterr()[0]


def test_schema_of_a_lab(capsys):
    assert main(["schema", "lab"]) == 0
    schema = json.loads(capsys.readouterr()[0])
    assert {"Lab", "Control", "Prediction", "Outcome", "Step", "Given", "Show"} <= set(schema["$defs"])
    assert set(schema["$defs"]["Control"]["properties"]) >= {"from", "to", "step", "choices", "text", "alphabet"}


def test_lab_prints_what_is_seen_where_controls_are_put(run):
    status, out, _ = run("lab", "decay", "--set", "w=1.1", "--set", "T = 20")
    assert status == 0
    for said in ("A state that decays  (lab)", "w = 1.10", "T = 20", "Heatmap: the state.", "h, (time 20, unit 2)"):
        assert said in out
    found = json.loads(run("lab", "decay", "--json")[1])
    assert found["controls"] == {"T": "10", "w": "0.90", "kind": "linear", "word": "abba"}
    assert [figure["kind"] for figure in found["figures"]] == ["heatmap", "bars"]
    assert len(found["figures"][0]["items"][0]["value"]) == 10
    assert "updates" not in found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lab", "deca"), "There is no lab deca."),
        (("lab", "decay", "--set", "v=1"), "--set takes NAME=VALUE, with one of T, w, kind, word, not v=1."),
        (("lab", "decay", "--set", "w"), "--set takes NAME=VALUE"),
        (("lab", "decay", "--set", "w=9"), "w cannot be 9: expected a number from 0.50 to 1.50."),
        (("lab", "decay", "--updates", "9"), "decay trains nothing: leave --updates out."),
        (("lab", "decay", "--updates", "20001"), "a whole number from 1 to 20000"),
    ],
)
def test_lab_says_what_it_cannot_do(run, words, said):
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert said in err


def test_a_network_is_trained_first_and_its_seed_is_its_own(tmp_path, capsys):
    where = course_that_trains(tmp_path / "content")

    def trained(*words):
        status = main(["lab", "learn", "--json", "--content", str(where), "--only", *words])
        return status, json.loads(capsys.readouterr().out)

    status, found = trained("--set", "cell=gru", "--updates", "12")
    assert (status, found["updates"], found["ended"]) == (0, 12, None)
    (losses,) = [item["value"] for item in found["figures"][0]["items"] if item["name"] == "loss"]
    assert len(losses) == 13
    again, other = (trained("--set", "cell=gru", "--updates", "12", *seed)[1] for seed in ((), ("--seed", "3")))
    assert again == found
    assert other["figures"][0]["items"][0]["value"] != losses
    status = main(["show", "learn", "--content", str(where), "--only"])
    assert "[predict-1] with units = 8, after 60 updates" in capsys.readouterr().out


def test_a_guess_about_a_network_is_judged_after_its_updates(tmp_path, capsys):
    where = course_that_trains(tmp_path / "content")
    words = ["--content", str(where), "--only", "--data", str(tmp_path / "data"), "--json"]
    main(["answer", "learn", "--part", "predict-1", "1", *words])
    (told,) = json.loads(capsys.readouterr().out)["predictions"]
    assert (told["verdict"], told["truth"]) == ("right", "below")


def test_a_network_writes_and_learns_a_text_of_ones_own(tmp_path, capsys):
    mine = tmp_path / "mine.txt"
    mine.write_text("Ho hum.\nHo hum.", "utf-8")
    assert main(["lab", "char-rnn", "--text", str(mine), "--set", "units=8", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["controls"]["source"] == "own"
    assert set(found["sample"]) <= set("ho um.")
    assert main(["lab", "char-rnn", "--text", str(mine), "--set", "units=8"]) == 0
    assert "It writes: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "is not a file that can be read as text"), (b"\x00\n", "has no letter, digit or sign to train on"),
     (b"a" * 200_001, "has more than 200,000 characters; use a part of it.")],
)  # fmt: skip
@pytest.mark.parametrize("words", [("lab", "char-rnn"), ("practice", "char-rnn", "--plain"), ("practice", "char-rnn")])
def test_a_file_that_is_no_text_is_told(tmp_path, capsys, words, content, said):
    mine = tmp_path / "mine.txt"
    if content is not None:
        mine.write_bytes(content)
    assert main([*words, "--text", str(mine), "--data", str(tmp_path / "data")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_in_a_kiosk_no_file_can_be_named(tmp_path, capsys):
    mine = tmp_path / "mine.txt"
    mine.write_text("Ho hum. " * 9, "utf-8")
    assert main(["--kiosk", "practice", "char-rnn", "--text", str(mine)]) == 2
    assert "--kiosk opens the tutor; it cannot be used with a command." in capsys.readouterr().err
