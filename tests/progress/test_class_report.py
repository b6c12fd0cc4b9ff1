"""What a report of a class counts, and that neither the order of learners nor a division of the work changes it."""

import itertools
import pickle
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.progress import class_report
from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.class_report import Asked, ClassReport, Mistake, Terms

DUE = datetime(2026, 12, 11, tzinfo=UTC)
NAMES = {
    "sign": "a wrong sign",
    "axis": "a sum over the wrong axis",
    "authored": "a mistake that the exercise explains",
}
SIGN, AXIS = Mistake("sign", NAMES["sign"]), Mistake("axis", NAMES["axis"])
COURSE = Terms("Course", (Asked("e", "E"), Asked("f", "F")), names=NAMES)
TASK = Terms(
    "Week 7",
    (Asked("e", "E", points=4, parts=("a", "b")), Asked("f", "F", parts=("a",))),
    assignment="week-7",
    seed_of=lambda learner, assignment, exercise: len(learner + assignment + exercise),
    until=DUE,
    extended={"bob": DUE + timedelta(days=7)},
    tries=3,
    names=NAMES,
)


def answer(part="a", verdict="wrong", rule="", *, exercise="e", seed=None, hours=-1.0, seconds=30.0, **more):
    usual = {
        "exercise": exercise, "content_hash": "", "seed": seed, "givens": "{}", "part": part, "text": "1",
        "verdict": verdict, "score": 0.0, "diagnosis": "mutation" if rule else "none", "hints": 0, "seconds": seconds,
        "at": DUE + timedelta(hours=hours), "parts": 2, "rule": rule,
    }  # fmt: skip
    return Attempt(**(usual | more))


def own(learner, *args, exercise="e", **more):
    return answer(*args, exercise=exercise, seed=TASK.seed_of(learner, TASK.assignment, exercise), **more)


def report_of(terms, told):
    report = ClassReport(terms)
    for learner, attempt in told:
        report.add(learner, attempt)
    return report.result()


def cell_of(attempts, terms=COURSE, learner="ada", exercise="e"):
    (one,) = report_of(terms, [(learner, attempt) for attempt in attempts]).learners
    return one.cells[exercise]


def test_how_far_each_is_and_how_many_solved_what():
    told = [
        ("ada", answer("a", "right")), ("ada", answer("b", "wrong")), ("ada", answer("b", "right", solution=True)),
        ("bob", answer("a", "wrong")), ("bob", answer("a", "not_understood")), ("bob", answer("a", "rounded")),
        ("cyd", answer("a", "right", exercise="f", parts=1)),
    ]  # fmt: skip
    report = ClassReport(COURSE)
    for learner, attempt in told:
        report.add(learner, attempt)
    report.meet("dan")
    result = report.result()
    e, f = result.exercises
    assert (e.begun, e.solved, e.tries, e.median_tries, e.median_minutes, e.looked_up) == (2, 1, 4, 3, 1.5, 1)
    assert (f.begun, f.solved, f.median_tries) == (1, 1, 1)
    assert [(one.id, one.solved, one.begun) for one in result.learners] == [
        ("ada", 1, True), ("bob", 0, True), ("cyd", 1, True), ("dan", 0, False),
    ]  # fmt: skip
    assert result.not_begun == ("dan",)
    assert result.learners[1].cells["e"].tries == 1  # what was not understood, or too short, costs nothing


@pytest.mark.parametrize("terms", [COURSE, TASK])
def test_what_was_not_understood_begins_nothing_of_an_exercise_with_all_its_parts(terms):
    cell = cell_of([own("ada", "a", "not_understood")], terms)
    assert (cell.state, cell.right, cell.parts, cell.tries) == ("", 0, 2, 0)
    assert cell.last is not None


def test_mistakes_are_counted_by_name():
    told = [
        ("ada", answer(rule="sign")), ("ada", answer(rule="sign")), ("ada", answer(rule="sign+axis", exercise="f")),
        ("bob", answer(rule="axis")), ("bob", answer(rule="sign or axis")), ("cyd", answer(rule="of another version")),
        ("cyd", answer("a", "right", rule="sign")), ("dan", answer(diagnosis="authored")),
    ]  # fmt: skip
    result = report_of(COURSE, told)
    assert [(made.mistake.rule, made.learners, made.times, made.exercises) for made in result.mistakes] == [
        ("axis", 2, 2, ("e", "f")),
        ("sign", 1, 3, ("e", "f")),
        ("authored", 1, 1, ("e",)),
    ]
    assert [made.mistake.rule for made in result.exercises[0].now] == ["authored", "sign"]
    assert sum(made.times for made in result.exercises[0].mistakes) == 4


def test_the_mistake_of_now_goes_when_its_part_is_right():
    wrong = answer("a", rule="sign")
    assert cell_of([wrong]).now == SIGN
    assert cell_of([wrong, answer("b", "right")]).now == SIGN
    assert cell_of([wrong, answer("a", "right")]).now is None


def test_what_the_file_says_of_a_mistake_is_its_name():
    report = ClassReport(COURSE)
    report.add("ada", answer(diagnosis="authored"), "These are the weights.")
    report.add("bob", answer(rule="sign", diagnosis="authored"), "These are the weights.")
    assert [made.mistake for made in report.result().mistakes] == [Mistake("authored", "These are the weights."), SIGN]


@pytest.mark.parametrize(
    ("wrong", "is_stuck"), [(class_report.STUCK_WRONG - 1, False), (class_report.STUCK_WRONG, True)]
)
def test_stuck_after_wrong_answers_in_a_row(wrong, is_stuck):
    cell = cell_of([answer("b", "right"), *[answer(rule="sign")] * wrong])
    assert (cell.state, cell.stuck is not None) == ("stuck" if is_stuck else "begun", is_stuck)
    if cell.stuck is not None:
        assert cell.stuck[:4] == ("ada", "e", "a", wrong)
        assert cell.stuck.mistake == SIGN


@pytest.mark.parametrize(
    ("minutes", "is_stuck"), [((10, 9.9), False), ((10, 10), True), ((90, 9.9), False), ((20,), False)]
)
def test_stuck_after_minutes_of_work_without_the_breaks(minutes, is_stuck):
    assert (cell_of([answer(seconds=60 * one) for one in minutes]).state == "stuck") is is_stuck


def test_who_got_a_part_right_or_solved_it_is_not_stuck():
    wrong = [answer()] * class_report.STUCK_WRONG
    assert cell_of([*wrong, answer("b", "right")]).state == "begun"
    assert cell_of([*wrong, answer("b", "right"), answer("a", "right"), *wrong]).state == "solved"


def test_stuck_without_a_try_left():
    cell = cell_of([own("ada")] * 3, TASK)
    assert cell.state == "stuck"
    assert cell.stuck.no_try
    cell = cell_of([*[own("ada")] * 3, own("ada", "b", "right")], TASK)
    assert (cell.state, cell.stuck.part, cell.stuck.wrong) == ("stuck", "a", 3)


def test_a_right_answer_after_the_last_try_is_in_a_column_of_its_own():
    """Each of two machines counts its own tries; here the answers of both come in the order of their times."""
    cell = cell_of([*[own("ada")] * 3, own("ada", "a", "right"), own("ada", "b", "right")], TASK)
    assert (cell.state, cell.right, cell.points, cell.tries) == ("stuck", 1, 2, 4)
    assert (cell.no_try, cell.repeated, cell.practice) == (1, 0, 0)


def test_wrong_answers_after_the_last_try_are_no_tries_and_their_mistakes_do_not_count():
    wrong = [own("ada", rule="sign")] * 3
    at_the_end = cell_of(wrong, TASK)
    cell = cell_of([*wrong, own("ada", rule="axis"), own("ada", rule="axis")], TASK)
    assert (cell.tries, cell.wrong_no_try, cell.no_try) == (3, 2, 0)
    assert (cell.stuck.wrong, cell.mistakes, cell.now) == (3, at_the_end.mistakes, at_the_end.now)
    solved = cell_of([own("ada"), own("ada", "a", "right"), own("ada")], TASK)
    assert (solved.wrong_no_try, solved.repeated, len(solved.mistakes)) == (0, 1, 0)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(("right", "wrong")), st.booleans()), max_size=20))
def test_each_answer_is_in_one_column(told):
    attempts = [own("ada", part, verdict) if mine else answer(part, verdict, seed=1) for part, verdict, mine in told]
    for cell in report_of(TASK, [("ada", one) for one in attempts]).learners[0].cells.values() if told else ():
        assert cell.tries + cell.repeated + cell.practice + cell.no_try + cell.wrong_no_try == len(told)
        assert cell.tries <= 2 * TASK.tries + cell.right


def test_late_extended_repeated_and_practised():
    hours = {"hours": 2.0}
    told = [
        *(("ada", own("ada", part, "right", **more)) for part, more in (("a", {}), ("b", hours), ("b", hours))),
        *(("bob", own("bob", part, "right", **hours)) for part in "ab"),
        ("cyd", answer("a", "right", seed=1)), ("cyd", own("cyd", "a", "right", exercise="f")),
    ]  # fmt: skip
    ada, bob, cyd = report_of(TASK, told).learners
    assert (ada.cells["e"].points, ada.cells["e"].late_points, ada.late, ada.extended) == (2, 2, ("e",), False)
    assert (ada.cells["e"].repeated, ada.cells["e"].after, ada.solved) == (1, 2, 1)
    assert (bob.points, bob.late_points, bob.late, bob.extended, bob.due) == (4, 0, (), True, DUE + timedelta(days=7))
    assert (cyd.cells["e"].state, cyd.cells["e"].practice, cyd.points, cyd.begun) == ("", 1, 1, True)


def test_the_parts_that_an_assignment_knows_are_all_there_are():
    cell = cell_of([own("ada", "a", "right", parts=1), own("ada", "z", "right", parts=1)], TASK)
    assert (cell.state, cell.right, cell.parts, cell.points) == ("begun", 1, 2, 2)
    result = report_of(TASK, [("ada", own("ada", "z")), ("ada", answer(exercise="gone"))])
    assert (result.elsewhere, result.not_begun) == (2, ("ada",))


def first_answers(same, other, right):
    wrong = [answer(rule="sign")] * same + [answer(rule="")] * other
    return [(f"l{at}", one) for at, one in enumerate([*wrong, *[answer("a", "right", parts=1)] * right])]


@pytest.mark.parametrize(
    ("same", "other", "right", "found"),
    [
        (2, 0, 3, [("a", 5, 2, SIGN)]),  # 40% of five
        (1, 2, 2, []),
        (2, 2, 0, []),  # four learners are too few
        (1, 3, 1, [("a", 5, 1, None)]),  # a fifth of them right
        (1, 3, 2, []),
    ],
)
def test_an_exercise_misleads_at_the_edges_of_the_rule(same, other, right, found):
    told = first_answers(same, other, right)
    later = [(learner, answer(rule="axis")) for learner, _ in told]  # second answers say nothing of it
    assert list(report_of(COURSE, told + later).exercises[0].misleads) == found


def test_what_is_kept_does_not_grow_with_the_answers():
    def kept(count):
        report = ClassReport(COURSE)
        for at in range(count):
            learner = f"l{at % 3}"
            report.add(learner, answer(f"p{at}", rule=f"r{at}", text="x" * 100, parts=1000, seconds=1.0))
            report.add(learner, answer("a", "wrong", "sign", exercise=f"e{at}"))
        return len(pickle.dumps(report))

    many = 3 * (class_report.MOST_PARTS + 1)
    assert kept(8 * many) <= kept(many) + 200  # longer numbers


def test_a_learner_who_was_closed_is_the_same_and_takes_nothing_more():
    report = ClassReport(COURSE)
    report.add("ada", answer(rule="sign"))
    before = report.result()
    report.close("ada")
    assert report.result() == before
    with pytest.raises(ValueError, match="ada was closed"):
        report.add("ada", answer())
    report.drop("ada")
    assert report.result().learners == ()


def test_two_reports_on_one_learner_do_not_merge():
    one, other = ClassReport(COURSE), ClassReport(COURSE)
    one.meet("ada")
    other.add("ada", answer())
    with pytest.raises(ValueError, match="ada is in both"):
        one.merge(other)


answers = st.builds(
    answer,
    part=st.sampled_from("abc"),
    verdict=st.sampled_from(("right", "wrong", "rounded")),
    rule=st.sampled_from(("", "sign", "axis", "sign+axis", "sign or axis", "unknown")),
    exercise=st.sampled_from(("e", "f", "g")),
    hours=st.sampled_from((-2.0, 2.0)),
    seconds=st.floats(0, 2000),
    solution=st.booleans(),
    seed=st.sampled_from((None, 10, 11, 12)),
)
classes = st.dictionaries(st.sampled_from(("ada", "bob", "cyd", "dora", "ed")), st.lists(answers, max_size=12))


@given(classes, st.randoms(use_true_random=False), st.sampled_from((COURSE, TASK)))
def test_neither_the_order_of_learners_nor_a_division_changes_a_report(learners, random, terms):
    def fed(names, report):
        turns = [name for name in names for _ in learners[name]]
        random.shuffle(turns)
        left = {name: iter(learners[name]) for name in names}
        for name in names:
            report.meet(name)
        for name in turns:
            report.add(name, next(left[name]))
        for name in names:
            if random.random() < 0.5:
                report.close(name)
        return report

    one = ClassReport(terms)
    for name in sorted(learners):
        one.meet(name)
        for attempt in learners[name]:
            one.add(name, attempt)
    names = list(learners)
    random.shuffle(names)
    cut = random.randint(0, len(names))
    left, right = fed(names[:cut], ClassReport(terms)), fed(names[cut:], ClassReport(terms))
    left.merge(right)
    assert left.result() == one.result()
    assert fed(names, ClassReport(terms)).result() == one.result()


@given(classes)
def test_counts_agree_with_each_other(learners):
    told = list(itertools.chain.from_iterable(((name, one) for one in learners[name]) for name in learners))
    result = report_of(COURSE, told)
    for exercise in result.exercises:
        cells = [one.cells[exercise.asked.id] for one in result.learners if exercise.asked.id in one.cells]
        assert exercise.begun == sum(cell.state != "" for cell in cells) >= exercise.solved + len(exercise.stuck)
        assert len(exercise.stuck) == sum(cell.state == "stuck" for cell in cells)
        assert all(0 <= cell.right <= cell.parts for cell in cells)
        assert all(made.learners <= exercise.begun and made.learners <= made.times for made in exercise.mistakes)


def test_of_reports_from_other_processes_each_mistake_is_kept_once():
    every = ClassReport(COURSE)
    for learner in ("ada", "bob"):
        report = ClassReport(COURSE)
        report.add(learner, answer(rule="sign"))
        report.close(learner)
        every.merge(_copied(report))
    one, two = (every.closed[learner].cells["e"] for learner in ("ada", "bob"))
    assert one.mistakes[0][0] is two.mistakes[0][0]
    assert one.first[0] is two.first[0]


def _copied(report):
    """A report as it comes from another process."""
    copy = ClassReport(report.terms)
    copy.closed = pickle.loads(pickle.dumps(report.closed))  # noqa: S301 - its own
    return copy
