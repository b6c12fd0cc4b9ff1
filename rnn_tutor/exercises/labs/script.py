"""A lab as a script of NumPy, PyTorch or JAX: its controls are givens, and stand where they stand first."""

from rnn_tutor.engine.graph.steps import ProgramError, run
from rnn_tutor.engine.writing.library import LIBRARIES, Key
from rnn_tutor.engine.writing.pieces import UnwrittenError
from rnn_tutor.engine.writing.script import GivenText, Source, written
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.labs.instance import Bench
from rnn_tutor.exercises.script import last_steps, sentences


def lab_script(bench: Bench, key: Key) -> str:
    """Return the script of a lab. Raises UnwrittenError, and ExerciseError where the lab has no values there."""
    if bench.lab.train is not None:
        raise UnwrittenError(f"{bench.lab.id} trains a network while you watch, so there is no script of it.")
    controls = {name: dial.value(bench.start[name]) for name, dial in bench.dials.items()}
    givens = {**bench.givens, **controls}
    program = bench.source.program
    try:
        graph = run(program, givens)
    except ProgramError as error:
        raise ExerciseError(error.key or "steps", error) from None
    means = {control.name: f"control: {control.means}" for control in bench.lab.controls}
    means |= {name: given.means for name, given in bench.lab.given.items()}
    texts = [GivenText(name, value, means.get(name, "")) for name, value in givens.items()]
    numbers = "the original numbers" if bench.seed is None or not bench.draws else f"the numbers of seed {bench.seed}"
    about = f"The lab {bench.lab.id} in {LIBRARIES[key].name}, with {numbers}; written by rnn-tutor"
    says = dict(sentences(bench.lab.steps))
    expected = list(last_steps(program, graph))
    return written(Source(program, graph, texts, says, expected, (bench.lab.title,), about), LIBRARIES[key])
