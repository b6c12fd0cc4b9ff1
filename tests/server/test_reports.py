"""`rnn-tutor class status`, `report` and `export`, as the lecturer runs them."""

import csv
import io
import json
from datetime import datetime
from uuid import UUID

import pytest

from rnn_tutor import cli
from rnn_tutor.exercises.assignment import seed_of
from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.events import as_event
from rnn_tutor.progress.handin import read
from rnn_tutor.progress.server import membership as memberships

from ..classes.test_naming import transposed
from .test_reading import VOUCHED, answer, send

pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture
def run(of_class, tmp_path, capsys):
    """Run a command of the class as its lecturer; return the status and what it says."""
    data = tmp_path / "data"
    data.mkdir()
    memberships.keep(data / "progress.sqlite3", of_class.lecturer)

    def ran(*words, before=()):
        status = cli.main([*before, "class", *words, "--data", str(data)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return ran


@pytest.fixture
def sent(of_class, unique):
    """Return a learner who has sent a few answers, and one row that is none."""
    member = of_class.member(unique)
    with of_class.by(member) as con:
        send(con, answer("c", "right"), *(answer("h", minutes=minutes) for minutes in (1, 2, 3, 4)))
        con.execute("INSERT INTO rnn_tutor.event (uid, at, body) VALUES (gen_random_uuid(), now(), '=1\x1b[2J')")
    return unique


def test_the_class_is_reported_in_every_form(run, sent, tmp_path):
    status, text, said = run("report")
    assert status == 0
    assert f"{sent}: lstm-cell, h (4 wrong answers, 4 minutes; the last is a wrong sign)" in " ".join(text.split())
    assert "row" in said and sent in said and "\x1b" not in said
    _, text, _ = run("report", "--csv")
    (row,) = [row for row in csv.DictReader(io.StringIO(text)) if row["learner"] == sent]
    assert (row["exercise"], row["state"], row["stuck_at"]) == ("lstm-cell", "stuck", "h")
    _, text, _ = run("report", "--json")
    assert sent in [one["id"] for one in json.loads(text)["learners"]]
    page = tmp_path / "class.html"
    assert run("report", "--html", str(page))[:2] == (0, f"The report is in {page}.\n")
    assert sent in page.read_text("utf-8")
    assert run("report", "--html", str(page))[2].endswith("is there already; --force writes over it.\n")


def test_what_a_file_says_of_a_mistake_is_its_name(run, of_class, unique):
    with of_class.by(of_class.member(unique)) as con:
        send(con, transposed())
    _, text, _ = run("report", "--json")
    (learner,) = [one for one in json.loads(text)["learners"] if one["id"] == unique]
    (mistake,) = learner["exercises"][0]["mistakes"]
    assert mistake["rule"] == "authored"
    assert mistake["says"].startswith("This is the transpose.")


def test_an_assignment_counts_the_learners_own_numbers(run, of_class, unique, tmp_path):
    file = tmp_path / "week.yaml"
    file.write_text("format: 1\nid: week\ntitle: A week\nexercises: [lstm-cell]\npoints: {lstm-cell: 5}\n")
    own = seed_of(unique, "week", "lstm-cell")
    with of_class.by(of_class.member(unique)) as con:
        for one in (answer("c", "right"), answer("fate", "right")):
            send(con, Attempt(**{name: getattr(one, name) for name in one.__slots__} | {"seed": own}))
    status, text, _ = run("report", "--json", before=("--assignment", str(file)))
    data = json.loads(text)
    (learner,) = [one for one in data["learners"] if one["id"] == unique]
    assert (status, data["of"], learner["solved"]) == (0, 5, 1)
    assert [one["id"] for one in data["exercises"]] == ["lstm-cell"]


def test_what_is_exported_of_an_assignment_was_not_given_in_another(run, of_class, unique, tmp_path):
    """The server has all answers of a learner, and does not say for which assignment they were: their numbers do."""
    file = tmp_path / "week.yaml"
    file.write_text("format: 1\nid: week\ntitle: A week\nexercises: [lstm-cell]\n")
    own, other = (seed_of(unique, one, "lstm-cell") for one in ("week", "week-2"))
    with of_class.by(of_class.member(unique)) as con:
        for seed in (own, other, 7, None):
            one = answer("c", "right")
            send(con, Attempt(**{name: getattr(one, name) for name in one.__slots__} | {"seed": seed}))
    (tmp_path / "sent").mkdir()
    assert run("export", "-o", str(tmp_path / "sent"), before=("--assignment", str(file)))[0] == 0
    handed = read(tmp_path / "sent" / f"{unique}.jsonl")
    assert {one.seed for one in handed.attempts} == {own, 7, None}


def test_status_tells_who_has_sent_how_much(run, sent, of_class, unique):
    of_class.member(f"{unique}s")
    of_class.member(f"{unique}h", "host")
    status, text, _ = run("status")
    assert status == 0
    assert f"{unique}h" in text
    (line,) = [line for line in text.splitlines() if line.split()[:1] == [sent]]
    assert line.split()[1] == "6"
    (line,) = [line for line in text.splitlines() if line.split()[:1] == [f"{unique}s"]]
    assert line.split()[1:] == ["0", "nothing", "yet"]
    _, text, _ = run("status", "--json")
    (one,) = [one for one in json.loads(text)["learners"] if one["id"] == sent]
    assert (one["answers"], one["vouched"]) == (6, 0)
    assert datetime.fromisoformat(one["last"])


def test_status_tells_who_is_no_longer_there_and_not_so_of_kiosks(run, sent, of_class, unique):
    host = of_class.member(f"{unique}h", "host")
    one = answer("c", "right")
    with of_class.by(host) as con:
        con.execute(VOUCHED, (f"{unique}k", one.uid, one.at, json.dumps(as_event(one))))
    assert run("remove", sent, "--yes")[0] == 0
    _, text, _ = run("status")
    assert [line.split()[0] for line in text.splitlines() if line.endswith(", no longer in the class")] == [sent]
    assert f"{unique}k" in text


def test_who_is_no_lecturer_is_told_what_to_do(tmp_path, capsys):
    for words in (["report"], ["status"], ["watch"], ["export", "-o", str(tmp_path)]):
        assert cli.main(["class", *words, "--data", str(tmp_path)]) == 2
        assert "join with the lecturer's file" in capsys.readouterr().err


def test_what_was_sent_is_exported_as_hand_ins_that_are_marked_again(run, sent, of_class, tmp_path, capsys):
    folder = tmp_path / "sent"
    folder.mkdir()
    status, text, said = run("export", "-o", str(folder))
    assert (status, f"written to {folder}" in text, sent in said) == (0, True, True)
    handed = read(folder / f"{sent}.jsonl")
    assert (handed.head.learner, handed.head.assignment, len(handed.attempts), handed.trouble) == (sent, "", 5, None)
    assert run("export", "-o", str(folder))[2].endswith("is there already; --force writes over it.\n")
    assert run("export", "-o", str(folder), "--force")[0] == 0


def test_an_export_keeps_no_learner_in_memory(run, tmp_path, monkeypatch):
    """A learner may have sent 256 MB."""
    import tracemalloc

    from rnn_tutor.progress.server import reading

    def rows(_con, _learner=None):
        for minutes in range(300):
            attempt = answer(minutes=minutes)
            attempt = Attempt(**{name: getattr(attempt, name) for name in attempt.__slots__} | {"givens": "[" * 50_000})
            yield reading.Row("ada", UUID(attempt.uid), attempt.at, attempt)

    monkeypatch.setattr(reading, "answers", rows)
    tracemalloc.start()
    try:
        assert run("export", "-o", str(tmp_path))[0] == 0
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / "ada.jsonl").stat().st_size > 15_000_000
    assert peak < 10_000_000
