"""Hostile and damaged notebooks are refused in one sentence, or imported safely; nothing of them gets out raw."""

import json
import os
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_tutor.cli import main
from rnn_tutor.exercises.importing.notebook import imported
from rnn_tutor.exercises.importing.source import MAX_CELLS, MAX_CHARACTERS, Cell, SourceError, cells_of

pytest.importorskip("nbformat")
pytest.importorskip("jupytext")

SECONDS = 20.0  # of the processor: for the worst of these files
TRAP = "\x1b]0;title\x07\x1b[31m\u202e[red]bold[/red] `$(touch trap)` <b>x</b> \x9b"
HEAD = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
PANDOC = "jupyter:\n  jupytext:\n    text_representation:\n      extension: .md\n      format_name: pandoc\n"
BODY = "\n## Exercise 1: Add\n\nAdd.\n\n```python\n# Solution\nx = 2.0\ny = x + 1\nprint(y)\n```\n"


def code(text: str, outputs: Iterable[object] = ()) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "metadata": {}, "outputs": list(outputs), "execution_count": None}


def words(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": text, "metadata": {}}


def notebook(cells: object, **more: object) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more})


EXERCISE = [words("## Exercise 1: Add\n\nAdd."), code("# Solution\nx = 2.0\ny = x + 1\nprint('y:', y)")]

# Name, bytes (or text), what is said. Each is refused, with status 2.
REFUSED: list[tuple[str, str | bytes, str]] = [
    ("empty.ipynb", "", "The file is empty."),
    ("spaces.ipynb", " \n\n", "The file is empty."),
    ("text.ipynb", "hello there", "it is not JSON"),
    ("half.ipynb", notebook(EXERCISE)[:200], "it is not JSON"),
    ("list.ipynb", "[1, 2]", "nbformat"),
    ("other.ipynb", '{"a": 1}', "nbformat"),
    ("three.ipynb", '{"nbformat": 3, "worksheets": [{"cells": []}]}', "another format than nbformat 4"),
    ("five.ipynb", '{"nbformat": 5, "cells": []}', "another format than nbformat 4"),
    ("none.ipynb", notebook([]), "no cells"),
    ("dict.ipynb", notebook({"a": 1}), "no list of cells"),
    ("mixed.ipynb", notebook([1, None, "x", []]), "damaged"),
    ("many.ipynb", notebook([code("1")] * 100_000), f"at most {MAX_CELLS:,} are read"),
    ("deep.ipynb", "[" * 1_000_000, "nested too deep"),
    ("deeper.ipynb", '{"nbformat": 4, "a": ' + '{"a":' * 5_000 + "1" + "}" * 5_001, "nested too deep"),
    ("long.ipynb", notebook([words("x" * 3_000_000)]), f"at most {MAX_CHARACTERS:,} are read"),
    ("number.ipynb", '{"nbformat": 4, "cells": [], "a": ' + "9" * 5_000_000 + "}", "it is not JSON"),
    ("zeros.ipynb", b"\0" * 1_000, "not JSON"),
    ("latin.ipynb", notebook(EXERCISE).encode() + b"\xe9", "UTF-8"),
    ("utf16.ipynb", notebook(EXERCISE).encode("utf-16"), "UTF-8"),
    ("all.ipynb", notebook([code("#" * 199_000)] * 20), "characters together"),
    ("dashes.md", "-" * 5_000_000, f"at most {MAX_CHARACTERS:,} are read"),
    ("ticks.md", "`" * 5_000_000, f"at most {MAX_CHARACTERS:,} are read"),
    ("lines.py", "x = 1\n" * 150_000, f"at most {MAX_CHARACTERS:,} are read"),
    ("marks.py", "# %%\n" * 100_000, f"at most {MAX_CELLS:,} are read"),
    ("options.py", '# %% [markdown] {"a": ' + "[" * 50_000 + "\n# x\n", "cannot be read"),
    ("text.txt", "hello", ".ipynb, .py or .md"),
]  # fmt: skip

# Code of a solution, which is no exercise; each is a draft.
CODE = {
    "minus": "y = " + "-" * 190_000 + "1\nprint(y)",
    "brackets": "y = " + "(" * 50_000 + "1" + ")" * 50_000 + "\nprint(y)",
    "statements": "x = 1\n" * 5_000 + "print(x)",
    "comments": "#" * 199_000,
    "lines": "\n" * 199_000,
    "names": "x." * 90_000 + "y",
    "power": "y = 9**9**9\nprint(y)",
    "shift": "print(2**10**7)",
    "digits": "print(" + "9" * 100_000 + ")",
    "range": "print(list(range(10**30)))",
    "turns": "y = 0\nfor i in range(10**9):\n  y += 1\nprint(y)",
    "for ever": "while True: pass\nprint(1)",
    "calls": "def f(x):\n  return f(x) + f(x)\nprint(f(1))",
    "array": "import numpy as np\ny = np.zeros((100000, 100000))\nprint(y.sum())",
    "text": "s = 'a'\n" + "s = s + s\n" * 60 + "print(s)",
    "list": "s = [1]\n" + "s = s + s\n" * 60 + "print(s)",
    "lists": "[[0] * 5000] * 5000",
    "itself": "x = [0]\nx.append(x)\nprint(x)",
    "width": "print('{:>1000000000}'.format(1), f'{1:>999999999}', 'x' * 10**10)",
    "system": "import os\nos.system('touch trap')\n__import__('os').system('touch trap')\nopen('trap', 'w')\nprint(1)",
    "magic": "!touch trap\n%%bash\ntouch trap",
}


def run(folder: Path, name: str, content: str | bytes) -> int:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return main(["import", str(file), "-o", str(folder / "out")])


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What was said; it is printable, and nothing was run."""

    def say() -> str:
        out, error = capsys.readouterr()
        assert all(char.isprintable() or char == "\n" for char in out + error)
        assert "bug" not in error
        assert not (tmp_path / "trap").exists()
        return out + error

    return say


@pytest.mark.parametrize(("name", "content", "says"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_it_is_refused_in_one_sentence_and_in_time(tmp_path, told, name, content, says) -> None:
    begun = time.process_time()
    assert run(tmp_path, name, content) == 2
    said = told()
    assert says in said and said.count("\n") == 1
    assert not (tmp_path / "out").exists()
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize("text", CODE.values(), ids=CODE)
def test_code_that_would_take_for_ever_is_a_draft_or_refused(tmp_path, told, text) -> None:
    begun = time.process_time()
    assert run(tmp_path, "a.ipynb", notebook([words("## Exercise 1\n\nDo."), code(f"# Solution\n{text}")])) == 1
    said = told()
    assert "0 imported" in said
    assert time.process_time() - begun < SECONDS
    assert ("1 refused" in said) is not (tmp_path / "out").exists()
    if "1 draft" in said:
        assert main(["check", str(tmp_path / "out"), "--draws", "2"]) == 0
        told()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("aliases.md", f"---\n{HEAD}---\n{BODY}"),
        ("pandoc.md", f"---\n{PANDOC}---\n{BODY}"),
        ("twice.md", f"---\na: 1\n---\n---\n{PANDOC}---\n{BODY}"),
        ("open.md", f"---\n{HEAD}\n{BODY}"),
        ("dots.md", f"---\n{PANDOC}...\n{BODY}"),
        ("aliases.py", "".join(f"# {line}\n" for line in f"---\n{HEAD}---".split("\n"))
            + "\n# %% [markdown]\n# ## Exercise 1: Add\n# Add.\n\n# %%\n# Solution\nx = 2.0\ny = x + 1\nprint(y)\n"),
        ("mark.ipynb", "\ufeff" + notebook(EXERCISE)),
        ("null.ipynb", notebook(EXERCISE).replace("Add.", "A\\u0000dd")),
        ("halves.ipynb", notebook(EXERCISE).replace("Add.", "A\\ud800dd \\udc00")),
        ("nan.ipynb", notebook(EXERCISE).replace('"metadata": {}', '"metadata": {"a": NaN}', 1)),
        ("ids.ipynb", notebook([{**one, "id": "same"} for one in EXERCISE])),
        ("keys.ipynb", '{"nbformat": 4, "cells": [], "cells": ' + json.dumps(EXERCISE) + "}"),
        ("attached.ipynb", notebook([{**EXERCISE[0], "attachments": {"../../x": {"a": "b"}}}, EXERCISE[1]])),
        ("raw.ipynb", notebook([{"cell_type": "raw", "source": "format: 1", "metadata": {}}, *EXERCISE])),
        ("outputs.ipynb", notebook([EXERCISE[0], code("# Solution\nx = 2.0\nprint(x + 1)", [None, {"text": 7}])])),
        ("kernel.ipynb", notebook(EXERCISE, metadata={"kernelspec": {"name": "../../x", "argv": ["touch", "trap"]}})),
        (f"{TRAP[:9]}; -rf.ipynb".replace("/", "").replace("\x07", ""), notebook(EXERCISE)),
    ],
)  # fmt: skip
def test_what_is_around_an_exercise_does_nothing(tmp_path, told, monkeypatch, name, content) -> None:
    def no_process(*_arguments: object, **_more: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("subprocess.Popen", no_process)
    monkeypatch.setattr("os.system", no_process)
    begun = time.process_time()
    status = run(tmp_path, name, content)
    told()
    assert status in (0, 1) and time.process_time() - begun < SECONDS
    if (tmp_path / "out").exists():
        assert main(["check", str(tmp_path / "out"), "--draws", "2"]) == 0
        told()


def test_markup_and_escape_codes_reach_neither_the_terminal_nor_the_disk(tmp_path, told) -> None:
    text = TRAP.replace("\x07", "")
    solution = f"# Solution\n# {text}\ny = 2.0  # {text}\nz = y + 1\nprint({json.dumps(TRAP)}, z)"
    cells = [words(f"# {TRAP}"), words(f"## Exercise 1: {TRAP}\n\n{TRAP}\n\x00")]
    cells.append(code(solution, [{"output_type": "stream", "name": "stdout", "text": f"{TRAP}\x00 3.0"}]))
    run(tmp_path, "a.ipynb", notebook(cells, metadata={"title": TRAP}))
    told()
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert files
    for file in files:
        content = file.read_text("utf-8")
        assert all(char.isprintable() or char == "\n" for char in content)
        assert file.name.replace(".yaml", "").replace("-", "").isalnum()
    main(["check", str(tmp_path / "out"), "--draws", "2"])
    told()


@pytest.mark.parametrize(
    "title",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "CON",
        "course",
        "page",
        "labs",
        "-rf",
        "a" * 5_000,
        "\u0661",
        "..",
        "",
        "~",
        "$(x)",
    ],
)
def test_files_take_their_names_from_ids_and_lie_inside(tmp_path, told, title) -> None:
    cells = [
        words(f"# {title}"),
        words(f"## Exercise 1: {title}\n\nDo."),
        code("# Solution\ny = 2.0\nz = y + 1\nprint(z)"),
    ]
    before = set(tmp_path.rglob("*"))
    run(tmp_path, "a.ipynb", notebook(cells))
    told()
    new = {path for path in tmp_path.rglob("*") if path not in before}
    assert {path.relative_to(tmp_path).parts[0] for path in new} <= {"a.ipynb", "out"}
    reserved = {"page", "glossary", "labs", "retired", "con"}
    stems = {path.stem for path in new if path.suffix == ".yaml" and path.name != "course.yaml"}
    assert not stems & reserved and all(len(stem) <= 64 for stem in stems)


def test_what_is_no_plain_file_is_refused(tmp_path, told) -> None:
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "device.ipynb").symlink_to("/dev/zero")
    (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "circle.ipynb").symlink_to("circle.ipynb")
    with (tmp_path / "sparse.ipynb").open("wb") as file:
        file.truncate(1 << 30)
    for name in ("pipe", "folder", "device", "link", "circle", "sparse", "missing"):
        assert main(["import", str(tmp_path / f"{name}.ipynb"), "-o", str(tmp_path / "out")]) == 2
        assert told().count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path, told) -> None:
    (tmp_path / "a.ipynb").write_text(notebook(EXERCISE))
    (tmp_path / "a.ipynb").chmod(0)
    assert main(["import", str(tmp_path / "a.ipynb"), "-o", str(tmp_path / "out")]) == 2
    assert "cannot be read" in told()


def test_links_in_the_folder_are_not_followed(tmp_path, told) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    assert run(tmp_path, "a.ipynb", notebook(EXERCISE)) == 0
    (file,) = (tmp_path / "out").glob("*/*.yaml")
    file.unlink()
    file.symlink_to(outside / "written")
    assert main(["import", str(tmp_path / "a.ipynb"), "-o", str(tmp_path / "out"), "--force"]) == 2
    assert "no link is followed" in told()
    assert list(outside.iterdir()) == []


@pytest.mark.long
def test_the_largest_file_takes_a_bounded_amount_of_memory(tmp_path, told) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert run(tmp_path, "a.ipynb", '{"nbformat": 4, "cells": [' + ",".join(["{}"] * 3_000_000) + "]}") == 2
    told()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000  # kB


_PIECES = st.sampled_from(
    ["# Solution\n", "print(", ")", "np.", "x", "y = ", "[", "]", "def f(a):\n    ", "return ",
     "for i in range(3):\n    ", "\n", "1", "0.5", "+", "@", "**", "'", '"', "{", "}", ":", "lambda a: ",
     " if ", " else ", "import numpy as np\n",
     "\x1b[31m", "## Exercise 1\n", "```", "&a", "*a", "---\n", "\u202e", "$", "%", "!", "\\", "\t",
     "array([1.0, 2.0])"]
)  # fmt: skip
_TEXTS = st.one_of(st.lists(_PIECES, max_size=30).map("".join), st.text(max_size=60))
_CELLS = st.lists(st.tuples(st.sampled_from(["code", "text"]), _TEXTS, st.one_of(st.none(), _TEXTS)), max_size=6)


@given(_CELLS)
@settings(max_examples=25, deadline=None)
def test_any_cells_become_files_that_the_tutor_reads(cells: list[tuple[Any, str, str | None]]) -> None:
    made = imported([Cell(number, *one) for number, one in enumerate(cells, 1)], "name")
    for name, text in made.files.items():
        assert all(char.isprintable() or char == "\n" for char in text)
        assert ".." not in name and not name.startswith("/") and name.isascii()


@given(
    st.binary(max_size=200) | _TEXTS.map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from([".ipynb", ".py", ".md"]),
)
@settings(max_examples=25, deadline=None)
def test_any_bytes_are_cells_or_one_sentence(content: bytes, suffix: str) -> None:
    try:
        cells_of(content, suffix)
    except SourceError as error:
        assert str(error).endswith((".", "]'")) and "\n" not in str(error) and str(error).isprintable()


@pytest.mark.parametrize("name", [".", "..", "/"])
def test_a_folder_is_named_as_it_was_typed(name, told, capsys) -> None:
    assert main(["import", name, "-o", "out"]) == 2
    assert capsys.readouterr().err == f"rnn-tutor: {name} is a folder: name the notebook in it.\n"
