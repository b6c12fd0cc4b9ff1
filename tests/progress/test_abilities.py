"""What one can do, what is shaky, which mistakes come back, and with which exercise each is trained."""

from datetime import timedelta

from rnn_tutor.progress.abilities import abilities, trained_by
from rnn_tutor.progress.review import reviews
from rnn_tutor.progress.summary import Recurring, standings

OTHER = '{"f": [0.1, 0.3]}'
SKILLS = {"a": ("sum",), "b": ("sum", "product"), "c": ("sum",), "old": ("power",)}


def found(attempts, days=0):
    now = attempts[-1].at + timedelta(days=days)
    return {one.skill: one for one in abilities(reviews(attempts, now, SKILLS.__getitem__), standings(attempts))}


def test_a_skill_is_mastered_when_all_is_that_trained_it_and_done_when_some_is(made):
    done = [made(exercise="a"), made(exercise="b", hours=1)]
    assert found(done)["sum"].state == "done"
    mastered = [made(exercise=name, hours=48, givens=OTHER) for name in ("a", "b")]
    assert found([*done, mastered[0]])["sum"].state == "done"
    assert found([*done, *mastered])["sum"].state == "mastered"
    assert found([*done, made(exercise="c", verdict="wrong", hours=2)])["sum"].state == "done"
    wrong = found([made(exercise="c", verdict="wrong")])["sum"]
    assert wrong.state == "begun" and wrong.shaky  # though it was tried only now


def test_what_is_probably_forgotten_is_shaky_and_comes_first(made):
    attempts = [made(exercise="old"), made(exercise="a", hours=24 * 60)]
    skills = found(attempts)
    assert list(skills) == ["power", "sum"]
    assert skills["power"].shaky and not skills["sum"].shaky


def test_what_was_read_in_the_solution_is_shaky_though_it_is_recalled_now(made):
    (skill,) = found([made(exercise="a", solution=True)]).values()
    assert skill.recall > 0.99 and skill.state == "done" and skill.shaky
    (skill,) = found([made(exercise="a", solution=True), made(exercise="a", hours=48, givens=OTHER)]).values()
    assert not skill.shaky


def test_it_is_trained_with_what_is_not_done_else_with_what_was_longest_ago(made):
    done = [made(exercise="a"), made(exercise="b", hours=1)]
    assert found(done)["sum"].train == "a"
    assert found([*done, made(exercise="a", hours=3, givens=OTHER)])["sum"].train == "b"
    assert found([*done, made(exercise="c", verdict="wrong", hours=2)])["sum"].train == "c"


def test_a_mistake_is_trained_where_it_was_made_and_nothing_is_mastered(made):
    mistake = Recurring("sign", ("gone", "a", "b"), 3)
    standing_of = standings([made(exercise="a"), made(exercise="a", hours=48, givens=OTHER)])
    assert standing_of["a"].mastered
    assert trained_by(mistake, standing_of, {"a", "b"}) == "b"
    assert trained_by(mistake, standing_of, {"a"}) == "a"
    assert trained_by(mistake, standing_of, set()) == ""
