"""Every script that there is to run: of the course, its labs, the exercises of other tests, each function alone.

`python tests/scripts/collection.py torch FOLDER` writes them into a folder; `run.py` there, with whatever interpreter
has the library, runs them. It prints what cannot be written.
"""

import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Name
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.graph.steps import Let, ProgramError, run
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.writing.library import LIBRARIES, Key
from rnn_tutor.engine.writing.script import Expected, GivenText, Source, written
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.labs.instance import numbered
from rnn_tutor.exercises.labs.load import read_lab
from rnn_tutor.exercises.labs.script import lab_script
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.script import has_steps, script

TESTS = Path(__file__).parents[1]
CONTENT = TESTS.parent / "content"
SEEDS = (None, 1, 2)
EXERCISES = sorted(CONTENT.glob("[a-z]*/[a-z]*.yaml"))
COURSE = [path for path in EXERCISES if path.name not in ("page.yaml", "glossary.yaml")]
OTHERS = sorted(
    path for name in ("held_back", "programs", "pictured") for path in (TESTS / "exercises" / name).glob("*.yaml")
)
# Those that train a network have no script: what there is to see depends on how often a key was pressed.
LABS = sorted(path for path in CONTENT.glob("*/labs/*.yaml") if read_lab(path).lab.train is None)


def _module(path: Path) -> ModuleType:
    """Return a module of the tests, as it can be had with the tests' own imports and without."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLE = _module(TESTS / "engine" / "test_language_table.py")
GIVENS, ROWS = TABLE.GIVENS, TABLE.ROWS
CONSTRUCTS = _module(Path(__file__).with_name("constructs.py"))
PROGRAMS, NOT_IN_NUMPY = CONSTRUCTS.PROGRAMS, CONSTRUCTS.NOT_IN_NUMPY
of_program: Callable[[str, Key], str] = CONSTRUCTS.of_program


def of_exercise(path: Path, key: Key, seed: int | None) -> str | None:
    """Return the script of an exercise file, None where there is nothing to compute, or nothing new with a seed."""
    exercise = load_exercise(path)
    question = ask(exercise, seed)
    if not has_steps(question) or (seed is not None and not question.compiled.draws):
        return None
    return script(question, key)


def of_lab(path: Path, key: Key, seed: int | None) -> str:
    """Return the script of a lab file."""
    return lab_script(numbered(read_lab(path).lab, seed), key)


def of_text(text: str, key: Key) -> str | None:
    """Return the script of one expression over the givens of the language's table, None where it has no value."""
    try:
        program = (Let("answer", parse(text, loose=True, names=GIVENS), text),)
        graph = run(program, GIVENS)
    except (EngineError, ProgramError):
        return None
    value = graph.whole("answer").value
    if value is None:
        return None
    givens = [GivenText(name, number, "") for name, number in GIVENS.items()]
    expected = [Expected("answer", Name("answer"), as_numbers(value))]
    return written(Source(program, graph, givens, {}, expected), LIBRARIES[key])


def all_scripts(key: Key) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every script; the code of docs/real-code.md is one of PyTorch."""
    if key == "torch":
        page = (TESTS.parent / "docs" / "real-code.md").read_text(encoding="utf-8")
        yield "docs.real-code", "\n".join(part.partition("```")[0] for part in page.split("```python\n")[1:])
    for path in (*COURSE, *OTHERS):
        for seed in SEEDS:
            text = of_exercise(path, key, seed)
            if text is not None:
                yield f"{path.parent.name}.{path.stem}.{'original' if seed is None else seed}", text
    for path in LABS:
        yield f"labs.{path.stem}", of_lab(path, key, None)
    for name in PROGRAMS:
        if key != "numpy" or name not in NOT_IN_NUMPY:
            yield f"program.{name}", of_program(name, key)
    for number, (row, _) in enumerate(ROWS):
        text = of_text(row, key)
        if text is not None:
            yield f"row.{number:03}", f"{text}# {row!r}\n"


def main(key: str, folder: Path) -> None:
    """Write all scripts for a library into a folder, which is emptied first."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.py"):
        old.unlink()
    count = 0
    for name, text in all_scripts(LIBRARIES[key].key):  # type: ignore[index]
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
        count += 1
    print(f"{count} scripts are in {folder}.")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
