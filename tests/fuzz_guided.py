"""Coverage-guided fuzzing, by hand: `python tests/fuzz_guided.py language|content [libFuzzer options] [CORPUS]`.

Needs atheris (pip install atheris), which is no dependency of the tests. `-max_total_time=600` is ten minutes. What
ends it is a text that raises anything but the errors that are told, or that takes over a second.

* language: notation, language, evaluation, as a learner and as an author, by every door of tests/fuzz_language.py
* content: the bytes of a file through the loader and, if an exercise comes of it, a question and an answer to it
"""

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["rnn_tutor", "yaml", "msgspec"]):
    from rnn_tutor.exercises import drawing, mark, solution
    from rnn_tutor.exercises.compiled import ExerciseError
    from rnn_tutor.exercises.load import ContentError
    from rnn_tutor.exercises.read import read_exercise

sys.path.insert(0, str(Path(__file__).parent))

from fuzz_language import doors, paper, scope, trouble

GRAPH = scope()
FOLDER = Path(tempfile.mkdtemp())
CONTENT = Path(__file__).parents[1] / "content"
SLOW = 1.0


def language(data: bytes) -> None:
    """Try a text; the first byte says whose it is."""
    text = data[1:].decode("utf-8", "surrogateescape")
    says = trouble(text, GRAPH, learner=bool(data and data[0] % 2), found=Counter(), slow=SLOW)
    if says is not None:
        raise RuntimeError(f"{text!r}: {says}")


def content(data: bytes) -> None:
    """Read bytes as an exercise file, ask it and answer it."""
    path = FOLDER / "fuzzed.yaml"
    path.write_bytes(data)
    began = time.process_time()
    try:
        question = drawing.ask(read_exercise(path).exercise)
    except ContentError as error:
        assert error.findings
        assert all(found.line >= 1 and found.says for found in error.findings)
    except ExerciseError as error:
        assert str(error)
    else:
        for part in question.parts:
            mark.mark(question, part.name, "1")
        solution.solve(question)
    if time.process_time() - began > SLOW:
        raise RuntimeError(f"took {time.process_time() - began:.1f} s")


def seeds(kind: str, folder: Path) -> None:
    """Give the fuzzer something to begin with: every file, or every expression, of the course, and some of paper."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(0)  # noqa: S311 - no secret
    for number in range(200 if kind == "language" else 0):
        (folder / f"paper{number}").write_bytes(b"1" + paper(rng).encode("utf-8", "surrogateescape"))
    for path in CONTENT.glob("*/*.yaml"):
        if kind == "content":
            renamed = path.read_text(encoding="utf-8").replace(f"id: {path.stem}", "id: fuzzed", 1)
            (folder / path.name).write_text(renamed, encoding="utf-8")
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if '"' in line:
                text = line.split('"')[1]
                (folder / f"{random.Random(text).getrandbits(64):x}").write_bytes(b"1" + text.encode())  # noqa: S311


if __name__ == "__main__":
    target = {"language": language, "content": content}[sys.argv.pop(1)]
    corpus = FOLDER / "corpus"
    seeds(target.__name__, corpus)
    assert doors("1", GRAPH, True)
    atheris.Setup([*sys.argv, str(corpus)], target)
    atheris.Fuzz()
