import subprocess
import sys
from pathlib import Path

import pytest

import rnn_tutor.figures


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


DRAWN = "plot_to_string([[1.0, 3.0, 2.0]], lines=True, width=20, height=5, color=False)"


def test_it_draws_the_same_without_what_reads_keys():
    done = run(f"""
import sys
from rnn_tutor.figures.characters.uniplot_alone import plot_to_string
drawn = {DRAWN}
assert not {{"readchar", "importlib.metadata", "email", "numpy.typing"}} & set(sys.modules)
import numpy as np
assert np.typing.NDArray is not None
for name in [name for name in sys.modules if name.partition(".")[0] == "uniplot"]:
    del sys.modules[name]
from uniplot import plot_to_string
assert "readchar" in sys.modules
assert drawn == {DRAWN}
""")
    assert done.returncode == 0, done.stderr


def test_what_is_there_already_stays():
    done = run("""
import readchar, uniplot.uniplot, sys
import rnn_tutor.figures.characters.uniplot_alone
assert sys.modules["readchar"] is readchar and uniplot.uniplot.readkey is readchar.readkey
""")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("asked", "had"),
    [("readkey=None, ", "uniplot.uniplot.readkey is readchar.readkey"), (", NDArray=NDArray", "np.typing.NDArray")],
)
def test_what_uniplot_wants_beyond_that_it_has(asked, had):
    source = Path(rnn_tutor.figures.__file__).with_name("characters") / "uniplot_alone.py"
    code = source.read_text("utf-8")
    assert asked in code
    done = run(f"""
{code.replace(asked, "")}
import readchar, uniplot.uniplot, numpy as np
assert {had} and {DRAWN}
""")
    assert done.returncode == 0, done.stderr


def test_who_imports_the_same_in_another_thread_meanwhile_has_all_of_it():
    """The cells are imported in a thread while a screen's first plot is drawn: their types were a stand-in's."""
    done = run("""
import sys, threading
began, done, found = threading.Event(), threading.Event(), []

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "uniplot.uniplot":  # uniplot is being imported
            began.set()
            done.wait(20)

def other():
    began.wait(20)
    try:
        from numpy.typing import ArrayLike
        found.append(ArrayLike)
    finally:
        done.set()

thread = threading.Thread(target=other)
thread.start()
sys.meta_path.insert(0, Finder())
import rnn_tutor.figures.characters.uniplot_alone
thread.join()
assert began.is_set() and found
import numpy.typing
assert numpy.typing.ArrayLike is found[0]
""")
    assert done.returncode == 0, done.stderr
