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


@pytest.mark.parametrize("asked", ['"readkey": None, ', '"NDArray": NDArray'])
def test_where_uniplot_wants_more_it_is_imported_as_ever(asked):
    source = Path(rnn_tutor.figures.__file__).with_name("characters") / "uniplot_alone.py"
    code = source.read_text("utf-8").replace(asked, "")
    done = run(f"""
import sys
{code}
import readchar, uniplot.uniplot
assert uniplot.uniplot.readkey is readchar.readkey and {DRAWN}
""")
    assert done.returncode == 0, done.stderr
