import re

import numpy as np
import pytest

from rnn_tutor.engine import cells
from rnn_tutor.engine.errors import EngineError


def test_context_by_hand():
    """Scores log 1 and log 3 share the values 1 to 3."""
    run = cells.dot_attention([[1.0]], [[0.0], [np.log(3.0)]], [[8.0, 0.0], [0.0, 4.0]])
    np.testing.assert_allclose(run.weights, [[0.25, 0.75]], rtol=1e-15)
    np.testing.assert_allclose(run.context, [[2.0, 3.0]], rtol=1e-15)


def test_scores_are_divided_by_the_root_of_the_features():
    q, k, v = np.ones((1, 4)), np.ones((3, 4)), np.ones((3, 2))
    assert cells.dot_attention(q, k, v).scores.tolist() == [[2.0, 2.0, 2.0]]
    assert cells.dot_attention(q, k, v, scaled=False).scores.tolist() == [[4.0, 4.0, 4.0]]


@pytest.mark.parametrize("attention", ["dot", "additive"])
def test_a_query_that_may_look_at_nothing_gets_zeros_and_gives_no_gradient(attention):
    rng = np.random.default_rng(0)
    more = () if attention == "dot" else (rng.normal(size=(5, 2)), rng.normal(size=(5, 2)), rng.normal(size=5))
    arguments = [rng.normal(size=s) for s in ((2, 2), (3, 2), (3, 4))]
    run = getattr(cells, f"{attention}_attention")(*arguments, *more, mask=[[1, 1, 0], [0, 0, 0]])
    assert run.weights[1].tolist() == [0, 0, 0]
    assert run.context[1].tolist() == [0, 0, 0, 0]
    assert run.weights[0, 2] == 0
    assert run.weights[0].sum() == pytest.approx(1)
    grads = getattr(cells, f"{attention}_attention_backward")(run, np.ones((2, 4)))
    assert grads.queries[1].tolist() == [0, 0]
    assert grads.keys[2].tolist() == [0, 0]


def test_padded_keys_of_a_batch_are_as_if_they_were_not_there():
    rng = np.random.default_rng(1)
    Q, K, V = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 4)), rng.normal(size=(2, 5, 6))
    lengths = [2, 5]
    run = cells.dot_attention(Q, K, V, cells.length_mask(lengths, 5)[:, None, :])
    for b, n in enumerate(lengths):
        np.testing.assert_allclose(run.context[b], cells.dot_attention(Q[b], K[b, :n], V[b, :n]).context, atol=1e-14)


def test_causal_mask():
    assert cells.causal_mask(2, 3).astype(int).tolist() == [[1, 0, 0], [1, 1, 0]]


def test_scores_far_apart_give_no_warning_and_no_nan():
    run = cells.dot_attention([[1e3]], [[1e3], [-1e3]], [[1.0], [2.0]])
    assert run.context.tolist() == [[1.0]]
    assert cells.dot_attention_backward(run, [[1.0]]).queries.tolist() == [[0.0]]
    wide = cells.additive_attention([[800.0]], [[1.0], [-1.0]], [[1.0], [2.0]], [[1.0]], [[1e3]], [1e3])
    assert np.isfinite(wide.context).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (([[1.0]], [[1.0, 2.0]], [[1.0]]), "queries have 1 features and keys 2; they must be equal."),
        (([[1.0]], [[1.0]], [[1.0], [2.0]]), "There are 1 keys and 2 values: one value for each key."),
        (([[1.0]], np.ones((0, 1)), np.ones((0, 1))), "There are 0 keys and 0 values"),
        ((1.0, [[1.0]], [[1.0]]), "Queries, keys and values are (..., positions, features)"),
        (([1.0], np.ones((2, 1, 1)), [[1.0]]), "one query may be (d,)"),
        (
            (np.ones((2, 1, 1)), np.ones((3, 1, 1)), [[1.0]]),
            "(2, 1, 1), (3, 1, 1), (1, 1): their batches do not match.",
        ),
        (([[1.0]], [[1.0]], [[1.0]], [1, 0]), "The mask (2) has more than the scores."),
        ((np.ones((3, 1)), np.ones((3, 1)), np.ones((3, 1)), [1, 0]), "The mask is (2) and the scores (3, 3)"),
        (([[1.0]], [[1.0]], [[1.0]], [[0.5]]), "every element of it must be 0 or 1"),
        (([[1e200]], [[1e200]], [[1.0]]), "Q @ K.T grows beyond"),
        (([[np.nan]], [[1.0]], [[1.0]]), "queries holds a value that is not finite"),
        (([[1.0]], [[1.0]], [[np.inf]]), "values holds a value that is not finite"),
    ],
)
def test_what_does_not_fit_is_told_in_words(call, words):
    with pytest.raises(EngineError, match=re.escape(words)):
        cells.dot_attention(*call)


def test_additive_sizes_are_told_in_words():
    with pytest.raises(EngineError, match=re.escape("W_k is (2, 1); with v of A numbers it must be (A, d) = (2, 3).")):
        cells.additive_attention(np.ones((1, 1)), np.ones((2, 3)), np.ones((2, 3)), *map(np.ones, ((2, 1), (2, 1), 2)))
    with pytest.raises(EngineError, match=re.escape("dcontext is (1); the context is (1, 1).")):
        cells.dot_attention_backward(cells.dot_attention([[1.0]], [[1.0]], [[1.0]]), [1.0])
