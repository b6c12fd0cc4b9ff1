"""The search computes thousands of versions together: each is what it would be alone, and the same each time."""

from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph import batched
from rnn_tutor.engine.graph.steps import ProgramError
from rnn_tutor.exercises.diagnosis import fits
from rnn_tutor.exercises.diagnosis import pairs as paired
from rnn_tutor.exercises.diagnosis import search as searched
from rnn_tutor.exercises.diagnosis.fits import roughly
from rnn_tutor.exercises.diagnosis.mistakes import ANSWER, tape
from rnn_tutor.exercises.diagnosis.pairs import PAIRS_AT_ONCE, pairs
from rnn_tutor.exercises.diagnosis.rates import bits
from rnn_tutor.exercises.diagnosis.search import Search, Version, search, verified
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise, read_exercise

HELD_BACK = Path(__file__).parents[1] / "held_back"
CONTENT = Path(__file__).parents[3] / "content"
NAMES = sorted(path.stem for path in HELD_BACK.glob("*.yaml"))
SAMPLE = list(Library([CONTENT]).ids)[::9]


def held_back(name, seed=None):
    return ask(load_exercise(HELD_BACK / f"{name}.yaml"), seed)


def searches(question):
    for part in question.parts:
        if isinstance(part.expected, np.ndarray) and part.node is not None:
            yield part, Search(question, part)


def alone(question, part, version):
    """Return what a version gives by itself, the program run anew; None where it cannot be computed."""
    try:
        return tape(question, part).run(version.changes())
    except (EngineError, ProgramError):
        return None


def check_together(question, every=1):
    """Compare the values of a batch, one by one, with those of versions that are computed alone."""
    compared = 0
    for part, engine in searches(question):
        slips = [(slip,) for place in engine.places for slip in place.slips]
        for (slip,), value in list(zip(slips, engine.together(slips), strict=True))[::every]:
            if value is None:
                continue
            one = alone(question, part, Version(value, 0.0, (slip,)))
            assert one is not None and one.shape == value.shape, (part.name, slip.step, slip.edit.clause)
            np.testing.assert_allclose(one, value, rtol=1e-9, atol=1e-12, err_msg=slip.edit.clause)
            compared += 1
    return compared


@pytest.mark.parametrize("name", NAMES)
def test_what_is_computed_together_is_what_it_is_alone(name):
    assert check_together(held_back(name), every=3) > 3 or name in NOT_TOGETHER


NOT_TOGETHER = {"shapes-vocab", "checks"}  # nothing in it has a value


@pytest.mark.parametrize("name", SAMPLE)
def test_what_is_computed_together_is_what_it_is_alone_in_the_course(name):
    check_together(ask(Library([CONTENT]).exercise(name), 3), every=7)


@pytest.mark.parametrize("name", ["gate-blend", "scalar-recurrence", "word-chain", "clip-norm", "reversed-loop"])
def test_pairs_are_what_they_are_alone(name):
    question = held_back(name)
    for part, engine in searches(question):
        for version in pairs(engine)[::61]:
            assert len(version.clauses) == 2
            assert len(version.slips) == 2 or version.both is not None  # a mistake all over has several places
            assert verified(question, part, version), version.clauses


@pytest.mark.parametrize("name", NAMES)
def test_the_same_versions_come_in_the_same_order_each_time(name):
    def told(question):
        return [
            (version.rules, version.clauses, version.cost, version.value.tobytes())
            for _, engine in searches(question)
            for version in (*engine.singles, *pairs(engine)[:200])
        ]

    assert told(held_back(name, 2)) == told(held_back(name, 2))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_finite_is_no_version_and_the_likeliest_comes_first(name):
    for _, engine in searches(held_back(name)):
        assert all(np.isfinite(version.value).all() for version in engine.singles)
        costs = [version.cost for version in engine.singles]
        assert costs == sorted(costs)


def test_the_budget_is_counted_and_not_the_clock(monkeypatch):
    question = held_back("lstm-sequence")
    part = question.parts[0]
    whole = Search(question, part)
    before = whole.versions.operations
    assert before > 0
    assert len(pairs(whole)) > 100
    monkeypatch.setattr(paired, "MOST_OPERATIONS", 1)
    small = Search(question, part)
    assert small.versions.operations == before
    assert len(paired._likeliest(small)[0]) > PAIRS_AT_ONCE
    apart = [pair for pair in pairs(small) if pair.slips[-1].step != ANSWER]
    assert len(apart) <= PAIRS_AT_ONCE
    monkeypatch.setattr(paired, "MOST_PAIRS_OF_SEVERAL", 0)
    monkeypatch.setattr(paired, "MOST_AFTER", 0)
    monkeypatch.setattr(paired, "last_edits", lambda _: [])
    assert not pairs(Search(question, part))


def test_the_likeliest_pairs_of_all_places_come_first():
    question = held_back("gate-blend")
    part = question.parts[-1]
    found = [bits(first) + bits(second) for first, second in paired._likeliest(Search(question, part))[0]]
    assert found == sorted(found) and len(found) > 500


def test_pairs_are_computed_once():
    question = held_back("gate-blend")
    engine = search(question, question.part("h"))
    first = pairs(engine)
    spent = engine.versions.operations
    assert pairs(engine) is first
    assert engine.versions.operations == spent


def test_pairs_that_are_kept_as_numbers_are_those_that_they_are_one_by_one():
    question = held_back("lstm-sequence")
    part = question.parts[0]
    found = pairs(search(question, part))
    one_by_one = list(found)
    value, most = one_by_one[50].value, one_by_one[50].cost
    near = found.roughly(value)
    assert [one.clauses for one in near] == [one.clauses for one in roughly(value, one_by_one)]
    assert [one.clauses for one in found.roughly(value, 50)] == [one.clauses for one in roughly(value, one_by_one[:50])]
    behind = {one_by_one[0].slips[0].step}
    cheap = [
        one.value
        for one in one_by_one
        if one.value.shape == value.shape and one.cost <= most and behind.isdisjoint(slip.step for slip in one.slips)
    ]
    assert 0 < len(cheap) < len(found)
    assert np.array_equal(found.values(value.shape, most, behind), cheap)
    assert len(found.cheap(most)) == sum(one.cost <= most for one in one_by_one)


def test_the_next_answer_is_given_the_same_pairs():
    """What a version gives is kept by its identity: one that was made anew would be computed once more."""
    question = held_back("lstm-sequence")
    found = pairs(search(question, question.parts[0]))
    value = found[50].value
    again = zip(found.roughly(value), found.roughly(value), strict=True)
    assert all(one is other for one, other in again)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_is_marked_twice_gets_the_same_words(name):
    question, again = held_back(name), held_back(name)
    for part in question.parts:
        if not isinstance(part.expected, np.ndarray) or part.node is None:
            continue
        value = np.asarray(part.expected) * 1.37 + 0.219
        text = (
            "[" + ", ".join(f"{one:.5g}" for one in value) + "]" if value.ndim == 1 else f"{value.reshape(-1)[0]:.5g}"
        )
        says = [mark(one, part.name, text).says for one in (question, question, again)]
        assert says[0] == says[1] == says[2]


TWO = """
format: 1
id: two
title: Two
prompt: The output `y`.
given:
  x: {value: "1.273", means: input, draw: "uniform(0.5, 2)"}
  w: {value: "0.618", means: weight, draw: "uniform(0.3, 0.9)"}
  b: {value: "0.431", means: bias, draw: "uniform(0.2, 0.9)"}
  n: {value: "5.37", means: scale, draw: "uniform(3, 9)"}
steps:
  - let: "a = w * x + b"
    say: The sum.
  - let: "y = tanh(a) / n"
    say: The output.
ask: [{answer: y, as: scalar}]
hints: [Add., Squash.]
"""


def two(tmp_path):
    (tmp_path / "two.yaml").write_text(TWO)
    return ask(read_exercise(tmp_path / "two.yaml").exercise)


def test_two_mistakes_are_named_of_many_digits_and_not_of_few(tmp_path):
    question = two(tmp_path)
    value = 1 / (1 + np.exp(-0.618 * 1.273)) / 5.37  # a sigmoid, without the bias
    for digits in (5, 6, 9):
        told = mark(question, "y", f"{value:.{digits}g}").diagnosis
        assert (told.kind, told.rule) == ("mutation", "activation+term_left_out"), told
        assert told.says == "You would get this if sigmoid were used instead of tanh, and the bias `b` were left out."
    for digits in (1, 2, 3):
        assert "+" not in mark(question, "y", f"{value:.{digits}g}").diagnosis.rule
    near = mark(question, "y", f"{value + 3e-6:.6g}").diagnosis  # rounded on the way, or something else
    assert "+" not in near.rule


def test_versions_go_on_from_the_learners_own_values():
    question = held_back("gate-blend")
    part = question.part("h")
    own = {"z": np.array([0.3, 0.9])}
    versions = list(search(question, part).going_on(own))
    assert versions and all(version.own == own for version in versions)
    for version in versions[::15]:
        assert verified(question, part, version)
    assert list(search(question, part).going_on({"elsewhere": np.array(1.0)})) == []


def test_every_rule_of_programs_is_made_somewhere():
    """Rules that no expression shows: of loops, their starts, and results as a whole."""
    made = set()
    for name in ("scalar-recurrence", "attention", "reversed-loop"):
        for _, engine in searches(held_back(name)):
            made |= {rule for version in engine.singles for rule in version.rules}
    assert {"loop", "start", "transposed", "backwards", "not_updated"} <= made


MIXING = """
format: 1
id: mixing
title: A share that stays
level: 1
prompt: Mix.
given:
  A: {value: "[[0.2, 0.5], [0.8, 0.5]]", means: mixing, axes: [to, from]}
  d: {value: "0.7", means: share that is mixed}
  q: {value: "[0.3, 0.9]", means: what flows in, axes: [place]}
  T: {value: "3", means: number of steps}
steps:
  - start: {r: "ones(2) / 2"}
    say: Alike.
  - for: t in range(T)
    do:
      - let: "r[t] = d * (A @ r[t-1]) + (1 - d) * q"
        say: What is mixed and what flows in.
  - let: "last = r[-1]"
    say: At the end.
ask:
  - {answer: last, as: vector, axes: [place], prompt: "The last step"}
hints: [Step by step.]
"""


def mixing(tmp_path):
    path = tmp_path / "mixing.yaml"
    path.write_text(MIXING, encoding="utf-8")
    return ask(load_exercise(path))


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("[0.3815, 0.6185]", "taken_as"),  # d as 1, at both of its places
        ("[0.447, 0.753]", "other_step"),
        ("1.131", "of_several"),  # another shape: all of these are computed together too
    ],
)
def test_mistakes_at_several_places_and_of_another_shape_are_tried(tmp_path, answer, rule):
    verdict = mark(mixing(tmp_path), "last", answer)
    assert verdict.diagnosis.rule == rule, verdict.says


@pytest.mark.parametrize(("name", "part"), [("gru-step-gradient", "total"), ("token-loss", "dlogits")])
def test_derivatives_are_worked_out_for_all_versions_together(name, part):
    question = ask(Library([CONTENT]).exercise(name), 3)
    asked = question.part(part)
    engine = search(question, asked)
    slips = [(slip,) for place in engine.places for slip in place.slips]
    values = engine.together(slips)
    together = [(slips_of_it, value) for slips_of_it, value in zip(slips, values, strict=True) if value is not None]
    assert len(together) > 0.7 * len(slips)
    for slips_of_it, value in together[::5]:
        one = alone(question, asked, Version(value, 0.0, slips_of_it))
        np.testing.assert_allclose(one, value, rtol=1e-9, atol=1e-12, err_msg=slips_of_it[0].edit.clause)


@pytest.mark.parametrize(
    "written",
    [
        "W.T",
        "transpose(W)",
        "cumsum(W, axis=1)",
        "cumsum(W)",
        "concat(W, W)",
        "sort(W)",
        "argmax(W, axis=1)",
        "argmin(W)",
        "one_hot(ids, 3)",
    ],
)
def test_what_has_an_axis_for_the_versions_is_not_computed_once_for_each(tmp_path, monkeypatch, written):
    text = (
        MIXING.replace('"ones(2) / 2"', f'"ones(2) * sum({written} * 0.1)"').replace("A:", "W:").replace("A @", "W @")
    )
    path = tmp_path / "mixing.yaml"
    path.write_text(
        text.replace("  q:", '  ids: {value: "[1, 2]", means: tokens, axes: [place]}\n  q:'), encoding="utf-8"
    )
    question, asked, one_by_one = ask(load_exercise(path)), [""], set()
    make, each = batched._Walk._made, batched._Walk._one_by_one

    def made(walk, function, values, static):
        asked.append(function.name)
        return make(walk, function, values, static)

    def alone(walk, function, values):
        one_by_one.add(asked[-1])
        return each(walk, function, values)

    monkeypatch.setattr(batched._Walk, "_made", made)
    monkeypatch.setattr(batched._Walk, "_one_by_one", alone)
    engine = search(question, question.part("last"))
    assert one_by_one.isdisjoint({"cumsum", "argmax", "argmin", "sort", "transpose", "concat", "one_hot"})
    assert any(slip.step == "r_start" for version in engine.singles for slip in version.slips)


OWED = """
format: 1
id: owed
title: What is owed
level: 1
prompt: Owe.
given:
  a: {value: "3.7", means: amount}
  b: {value: "1.3", means: rate}
  c: {value: "11.9", means: what was there}
steps:
  - let: "paid = a * b"
    say: What is paid.
  - let: "left = c - paid"
    say: What is left.
ask:
  - {answer: left, as: scalar, prompt: "What is left"}
hints: [Step by step.]
"""


def test_of_two_mistakes_that_come_to_the_same_the_one_nearer_to_the_answer_is_told(tmp_path):
    path = tmp_path / "owed.yaml"
    path.write_text(OWED, encoding="utf-8")
    verdict = mark(ask(load_exercise(path)), "left", "16.71")
    assert verdict.says == "You would get this if `a * b` were added, not subtracted."


ROWS = """
format: 1
id: rows
title: Two rows
level: 1
prompt: Scale.
given:
  a: {value: "[1.37, 2.91]", means: first, axes: [row]}
  w: {value: "[0.83, 1.79]", means: weights, axes: [row]}
  c: {value: "0.61", means: state}
steps:
  - let: "y = [a[0] + w[0] * c, a[1] + w[1] * c]"
    say: Row by row.
ask:
  - {answer: y, as: vector, axes: [row], prompt: "Both rows"}
hints: [Row by row.]
"""


def test_the_same_mistake_in_each_row_is_one_mistake(tmp_path):
    path = tmp_path / "rows.yaml"
    path.write_text(ROWS, encoding="utf-8")
    question = ask(load_exercise(path))
    same = [version for version in search(question, question.part("y")).singles if version.everywhere]
    both = np.array([1.37 * (0.83 * 0.61), 2.91 * (1.79 * 0.61)])
    assert [version.rules for version in same if np.allclose(version.value, both)] == [("operation",)]
    assert mark(question, "y", "[0.6936, 3.177]").diagnosis.rule == "operation"


HEAD = """
format: 1
id: kinds
title: Kinds
level: 1
prompt: Compute it, `I` and `new` step by step.
given:
"""
TAIL = "hints: [Step by step.]\n"
KINDS = {
    "a matrix is transposed in all steps": (
        """
  A: {value: "[[2.4, 1.1], [3.1, 4.2]]", means: matrix, draw: "uniform(1, 5)"}
  r: {value: "[3.2, 5.1]", means: right side, draw: "uniform(1, 5)"}
steps:
  - {let: "f = A[1, 0] / A[0, 0]", say: The factor.}
  - {let: "y = (r[1] - f * r[0]) / (A[1, 1] - f * A[0, 1])", say: The last.}
ask:
  - {answer: y, as: scalar, prompt: "The last"}
""",
        lambda: (5.1 - 1.1 / 2.4 * 3.2) / (4.2 - 1.1 / 2.4 * 3.1),
        "`A` (matrix) were transposed, everywhere in the formula",
    ),
    "the numbers of another test": (
        """
  q: {value: "0.03", means: share, draw: "uniform(0.02, 0.2)"}
  sens1: {value: "0.92", means: sensitivity, draw: "uniform(0.8, 0.97)"}
  spec1: {value: "0.88", means: specificity, draw: "uniform(0.8, 0.95)"}
  sens2: {value: "0.79", means: sensitivity, draw: "uniform(0.7, 0.9)"}
  spec2: {value: "0.95", means: specificity, draw: "uniform(0.9, 0.98)"}
steps:
  - {let: "y = q * sens1 + (1 - q) * (1 - spec1)", say: Both.}
  - {let: "z = y * sens2 - spec2", say: More.}
ask:
  - {answer: y, as: scalar, prompt: "Both"}
""",
        lambda: 0.03 * 0.79 + 0.97 * 0.05,
        "`sens2` and `spec2` were used instead of `sens1` and `spec1`",
    ),
    "the same is left of several sums": (
        """
  t: {value: "1.53", means: time, draw: "uniform(1, 2)"}
  h: {value: "0.87", means: step, draw: "uniform(0.5, 1)"}
  c: {value: "0.31", means: rate, draw: "uniform(0.2, 0.5)"}
steps:
  - {let: "k = c * t - sqrt(t + h / 2)", say: The first.}
  - {let: "m = c * k - exp(t + h)", say: The second.}
ask:
  - {answer: m, as: scalar, prompt: "The second"}
""",
        lambda: 0.31 * (0.31 * 1.53 - 1.53**0.5) - np.exp(1.53),
        "`h / 2` were missing from the sum, and `h` (step) were missing from the sum, everywhere in the formula",
    ),
    "what is in one loop is made of the new values": (
        """
  i0: {value: "40", means: ill at first, draw: "integers(20, 80)"}
  b: {value: "0.73", means: new ones, draw: "uniform(0.4, 0.8)"}
  g: {value: "0.27", means: healed, draw: "uniform(0.1, 0.3)"}
steps:
  - {start: {I: "i0"}, say: Day 0.}
  - for: t in range(3)
    do:
      - {let: "new[t] = b * sqrt(I[t-1])", say: More.}
      - {let: "healed[t] = g * I[t-1]", say: Less.}
      - {let: "I[t] = I[t-1] + new[t] - healed[t]", say: Both.}
  - {let: "y = sum(healed)", say: All.}
ask:
  - {answer: y, as: scalar, prompt: "All"}
""",
        lambda: healed_of_new(40, 0.73, 0.27),
        "`I[t - 1] + new[t]` were used instead of the previous `I`",
    ),
}


def healed_of_new(ill, b, g):
    total = 0.0
    for _ in range(3):
        ill += b * ill**0.5
        total += g * ill
        ill -= g * ill
    return total


@pytest.mark.parametrize("kind", KINDS)
def test_one_mistake_that_shows_in_several_places_is_named(kind, tmp_path):
    text, value, clause = KINDS[kind]
    path = tmp_path / "kinds.yaml"
    path.write_text(HEAD.rstrip("\n") + text + TAIL, encoding="utf-8")
    question = ask(load_exercise(path))
    verdict = mark(question, question.parts[0].name, f"{value():.6g}")
    assert verdict.says == f"You would get this if {clause}."


MATRICES = """
format: 1
id: matrices
title: Matrices
level: 1
prompt: Compute it.
given:
  A: {value: "[[2.43, 1.17], [3.19, 4.27]]", means: matrix, draw: "uniform(1, 5)"}
  r: {value: "[3.21, 5.13]", means: right side, draw: "uniform(1, 5)"}
  c: {value: "1.37", means: factor, draw: "uniform(1, 5)"}
steps:
  - {let: "f = A[1, 0] / A[0, 0]", say: The factor.}
  - {let: "x = [f * r[1], c / A[1, 1]]", say: Both.}
  - {let: "p = A[0, 0] * sqrt(A[1, 1]) - f", say: Pivots.}
ask:
  - {answer: x, as: vector, prompt: "Both"}
  - {answer: p, as: scalar, prompt: "Pivots"}
hints: [Step by step.]
"""


def test_a_product_of_givens_and_the_trace_of_one_are_known(tmp_path):
    path = tmp_path / "matrices.yaml"
    path.write_text(MATRICES, encoding="utf-8")
    question = ask(load_exercise(path))
    a, r = np.array([[2.43, 1.17], [3.19, 4.27]]), np.array([3.21, 5.13])
    first, second = a @ r
    assert mark(question, "x", f"[{first:.5g}, {second:.5g}]").says == "That is `A @ r`."
    assert mark(question, "p", "6.7000").says == "That is `trace(A)`."


def test_a_version_that_is_kept_keeps_the_values_of_no_others():
    """Versions are computed many at once; those that are remembered for an exercise are few."""
    question = ask(load_exercise(CONTENT / "recurrence" / "rnn-update.yaml"))
    for _, engine in searches(question):
        assert len(engine.singles) > 20
        for version in engine.singles:
            base = version.value.base
            assert base is None or base.nbytes <= version.value.nbytes, version.clauses


def test_a_loop_comes_to_the_same_versions_at_each_step(monkeypatch):
    parted = []
    parts = batched._Walk._parts
    monkeypatch.setattr(
        batched._Walk, "_parts", lambda self, choice, around: parted.append(choice) or parts(self, choice, around)
    )
    question = ask(load_exercise(CONTENT / "lstm" / "lstm-program.yaml"))
    ((_, engine),) = searches(question)
    slips = [(slip,) for place in engine.places for slip in place.slips]
    parted.clear()
    engine.together(slips[:200])
    assert parted
    assert len(parted) == len({id(choice) for choice in parted})


def test_of_more_mistakes_than_are_told_it_is_not_found_out_how_many_there_are(monkeypatch):
    question = ask(load_exercise(CONTENT / "gru" / "gru-update.yaml"))
    ((part, engine),) = searches(question)
    different = list({version.value.tobytes(): version for version in engine.singles if version.rules}.values())
    asked = []
    elsewhere = fits.version_elsewhere
    monkeypatch.setattr(fits, "version_elsewhere", lambda *given: asked.append(given) or elsewhere(*given))
    assert len(fits.distinct(question, part, different, 2)) == 3
    of_three = len(asked)
    assert len(fits.distinct(question, part, different[:10], 10)) > 3
    assert of_three < len(asked) - of_three


def test_what_a_version_gives_is_computed_once(monkeypatch):
    """The same wrong value is looked at in several ways, and the next wrong value fits much the same versions."""
    question = ask(load_exercise(Path(__file__).parent.parent / "programs" / "rnn-forward.yaml"))
    part, count = question.parts[0], []
    version = search(question, part).singles[0]
    compute = searched.value_with
    monkeypatch.setattr(searched, "value_with", lambda *given: count.append(1) or compute(*given))
    first = searched.computed(question, part, version)
    assert np.array_equal(searched.computed(question, part, version), first)
    assert len(count) == 1
    again = Version(version.value, version.cost, version.slips, version.mutant)
    assert np.array_equal(searched.computed(question, part, again), first)
    assert len(count) == 2  # it is another one, though it is equal
