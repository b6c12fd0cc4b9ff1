"""Make progress.sqlite3.xz: the progress of somebody who has answered the whole course, right and wrong.

    PYTHONPATH=CHECKOUT python tests/progress/frozen/make_progress.py CHECKOUT/content

CHECKOUT is one of commit 7352ea8, so that the program and the course of then have made it: each part of each exercise
answered with a value, rounded too far, with an expression of the givens, and wrongly in a way that the file knows.
Of every seventh exercise the last part is never answered right. Beside it, standings.json says how that program
counted.
"""

import json
import lzma
import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from rnn_tutor.engine.expression import Name, children, names_in, show, with_children
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import givens_json
from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.store import Store
from rnn_tutor.progress.summary import standings

HERE = Path(__file__).parent
LONGEST = 600
SEED = 5
LEFT_OPEN = 7


def typed(value, digits):
    array = np.asarray(value, dtype=float)
    if array.ndim:
        return "[" + ", ".join(typed(one, digits) for one in array) + "]"
    return f"{float(array):.{digits}g}"


def put(expr, meant):
    if isinstance(expr, Name):
        return meant.get(expr.id, expr)
    parts = children(expr)
    return with_children(expr, tuple(put(part, meant) for part in parts)) if parts else expr


def of_givens(question, expr):
    """An expression with its steps written out in givens; None where one is made in a loop, or it gets long."""
    meant = {}
    for statement in question.compiled.program:
        if hasattr(statement, "expr") and hasattr(statement, "name"):
            meant[statement.name] = put(statement.expr, meant)
            if len(show(meant[statement.name])) > 10 * LONGEST:
                return None
    expr = put(expr, meant)
    told = names_in(expr) <= set(question.told) | {"pi", "e", "inf", "nan", "None"}
    return show(expr) if told and len(show(expr)) < LONGEST else None


def program_of(question, answer):
    """The steps of an exercise as a program: what a loop makes is collected, one step after the other."""
    lines = []
    for step in question.exercise.steps:
        if step.let:
            lines.append(step.let)
            if step.let.startswith(f"{answer} ="):
                break
        if step.start:
            lines += [f"{name}_before = {value}" for name, value in step.start.items()]
        if step.for_:
            backwards = "reversed" in step.for_
            own = [re.match(r"\w+", inner.let)[0] for inner in step.do]
            lines += [f"{name}_all = []" for name in own] + [f"for {step.for_}:"]
            for inner in step.do:
                text = inner.let
                for name in own:
                    text = re.sub(rf"\b{name}\[t ?[-+] ?1\]", f"{name}_before", text)
                    text = re.sub(rf"\b{name}\[t\]", f"{name}_now", text)
                lines.append(f"    {text}")
            lines += [f"    {name}_before = {name}_now" for name in own]
            lines += [f"    {name}_all.append({name}_now)" for name in own]
            lines += [f"{name} = {f'flip({name}_all, axis=0)' if backwards else f'array({name}_all)'}" for name in own]
    return "\n".join([*lines, f"return {answer}"])


def answers(question, part):
    """What is typed as a part, the right ones last."""
    if part.kind in ("choice", "checklist"):
        wrong = next(k for k in range(1, len(part.ask.options) + 1) if k not in part.expected)
        return [str(wrong), " ".join(map(str, sorted(part.expected)))]
    if part.kind == "shape":
        sizes = [str(size) for size in part.expected]
        return ["(" + ", ".join([*sizes, "2"]) + ")", "(" + ", ".join(sizes) + ")"]
    known = [one for one in question.compiled.mistakes if one.mistake.answer in (None, part.name)][:1]
    if part.kind == "program":
        program = program_of(question, part.name)
        return [re.sub(r"return .*$", "return zeros(2)", program), program]
    texts = [typed(part.expected, 2), typed(np.asarray(part.expected) * 1.3 + 0.7, 5)]
    if known:
        texts.append(typed(question.graph.evaluate(known[0].expr).number, 12))
        texts.append(of_givens(question, known[0].expr))
    position = [one.name for one in question.parts].index(part.name)
    texts.append(of_givens(question, question.compiled.answers[position]))
    return [text for text in texts if text is not None] + [typed(part.expected, 12)]


def main():
    library = Library([Path(sys.argv[1])])
    attempts = []
    moment = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
    for number, name in enumerate(library.ids):
        for seed in (None, SEED):
            question = ask(library.exercise(name), seed)
            for part in question.parts:
                for text in answers(question, part):
                    verdict = mark(question, part.name, text)
                    last = part is question.parts[-1]
                    if last and number % LEFT_OPEN == 0 and verdict.verdict == "right":
                        continue
                    if part.kind == "program" and "zeros(2)" not in text and verdict.verdict != "right":
                        raise SystemExit(f"No right program of {name}: {verdict.diagnosis}\n{text}")
                    moment += timedelta(seconds=20)
                    attempts.append(
                        Attempt(
                            exercise=name,
                            content_hash=library.hash(name),
                            seed=question.seed,
                            givens=givens_json(question),
                            part=part.name,
                            text=text,
                            verdict=verdict.verdict,
                            score=verdict.score,
                            diagnosis=verdict.diagnosis.kind if verdict.diagnosis else "",
                            hints=0,
                            seconds=20.0,
                            at=moment,
                            parts=len(question.parts),
                        )
                    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "progress.sqlite3"
        store = Store.open(file)
        for attempt in attempts:
            store.add(attempt)
        store.close()
        (HERE / "progress.sqlite3.xz").write_bytes(lzma.compress(file.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
    counted = {
        name: {"done": one.done, "parts": one.parts, "right": sorted(one.right), "tries": one.tries}
        for name, one in standings(attempts).items()
    }
    (HERE / "standings.json").write_text(json.dumps(counted, indent=0) + "\n")


if __name__ == "__main__":
    main()
