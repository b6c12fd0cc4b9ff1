"""`import --run`: the code of a notebook in a kernel of this environment, within bounds, its output read as data."""

import sys
import time
from pathlib import Path

import pytest

from rnn_tutor.commands import running
from rnn_tutor.commands.running import MOST, Ran, RunError, run_code

pytestmark = pytest.mark.notebooks


def ran(*codes: str, seconds: int = 20) -> list[tuple[str, bool]]:
    return [
        (one.text, one.failed) for one in run_code([(3 + at, code) for at, code in enumerate(codes)], seconds=seconds)
    ]


def why(*codes: str, seconds: int = 20) -> str:
    with pytest.raises(RunError) as caught:
        ran(*codes, seconds=seconds)
    return str(caught.value)


def test_cells_follow_each_other_and_an_error_stops_none() -> None:
    found = ran("x = 2", "print(x); print(x + 1)\nx + 2", "raise NotImplementedError", "print('on')\nNone", "")
    assert found == [("", False), ("2\n3\n4", False), ("", True), ("on", False), ("", False)]


def test_the_error_of_a_cell_is_one_line() -> None:
    codes = ("import nobody_has_this", "raise ValueError('a\\nb\\x1b[31m')", "raise KeyError", "1")
    assert [one.error for one in run_code(list(enumerate(codes)))] == [
        "No module named 'nobody_has_this'", "ValueError: a b<U+001B>[31m", "KeyError", "",
    ]  # fmt: skip


def test_it_is_the_kernel_of_this_environment_in_a_folder_that_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever is installed as "python3" for this user is not taken.
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        '{"argv": ["/bin/false", "{connection_file}"], "display_name": "x", "language": "x"}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    start_up = tmp_path / "ipython" / "profile_default" / "startup"
    start_up.mkdir(parents=True)
    (start_up / "a.py").write_text("print('started')\nstarted = 1\n")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    (python, _), (folder, _), (known, _) = ran(
        "import sys; print(sys.executable)",
        "import os; open('made', 'w').write('x'); print(os.getcwd())",
        "print('started' in globals())",
    )
    assert python == sys.executable
    assert Path(folder).name.startswith("rnn-tutor-run-") and not Path(folder).exists()
    assert known == "False"


def test_what_takes_too_long_is_stopped_whatever_it_does_about_it() -> None:
    begun = time.monotonic()
    stubborn = "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except KeyboardInterrupt:\n        pass"
    assert why("print(1)", stubborn, seconds=3) == (
        "Cell 4 takes longer than 3 seconds, so the notebook was not run to its end."
    )
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    "code", ["while True: print('x' * 1000)", f"print('x' * {MOST + 1})", "print('x' * 50_000_000)"]
)
@pytest.mark.parametrize("more", [("print(2)",), ()])
def test_what_writes_too_much_is_stopped(code: str, more: tuple[str, ...]) -> None:
    begun = time.monotonic()
    said = why(code, *more)
    assert "writes more than 1,000,000 characters, so the notebook was not run to its end." in said
    assert time.monotonic() - begun < 20


def test_too_much_is_told_though_the_last_cell_came_to_its_end_before_the_kernel(monkeypatch) -> None:
    class Ended:
        too_much, ran = True, [Ran()]

        def execute(self, **_: object) -> None: ...

        def why(self, limit: int | None) -> str:
            return f"too much, {limit}"

    monkeypatch.setattr(running, "_client", lambda *_: Ended())
    assert why("print(1)") == "too much, None"


def test_as_much_as_is_allowed_is_read() -> None:
    ((text, _),) = ran(f"print('x' * {MOST - 1})")
    assert len(text) == MOST - 1


def test_a_kernel_that_stops_is_told() -> None:
    assert why("import os; os._exit(3)") == "Cell 3 stopped the kernel, so the notebook was not run to its end."


def test_nothing_reaches_this_terminal_nor_asks_anything(capfd: pytest.CaptureFixture[str]) -> None:
    raw = "import os, sys\nos.write(2, b'\\x1b[31mraw')\nos.system('echo system >&2')\nsys.__stderr__.write('err')"
    found = ran(raw, "input('name? ')", "open('/dev/tty')", "print(1)")
    assert [failed for _, failed in found] == [False, True, True, False]
    out, error = capfd.readouterr()
    assert (out, error) == ("", "")


def test_pictures_and_anything_but_text_are_left_out() -> None:
    shown = "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'))\nprint(1)\nHTML('<i>y</i>')"
    ((text, failed),) = ran(shown)
    assert not failed and text.startswith("1") and "<" not in text.replace("<IPython.core.display.HTML object>", "")
