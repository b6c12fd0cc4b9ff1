"""Whole sequences as one function: cells, attention, losses and clipping of `rnn_tutor.engine.cells`.

Each gives one array: `lstm` the hidden states, `lstm_c` the cells. Arguments in the order of the cells' own functions;
what may be left out stands last. A forward run is made again for its gradient, once for all rows of a Jacobian.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions.base import Array, Function, Param, broadcast, size
from rnn_tutor.engine.shapes import Shape, in_words

if TYPE_CHECKING:
    from rnn_tutor.engine import cells
else:

    class _Cells:
        """The cells, imported when the first of them is asked for: few exercises compute any, and all of them wait."""

        def __getattr__(self, name: str) -> object:
            found: object = getattr(import_module("rnn_tutor.engine.cells"), name)
            setattr(self, name, found)  # a derivative asks for them once for each of its rows
            return found

    cells = _Cells()

Run = Callable[..., Any]
Back = Callable[..., tuple[Array | None, ...]]
Move = Callable[[Array], Array]


def _params(names: str) -> tuple[Param, ...]:
    """Return array parameters; those after a `?` may be left out."""
    needed, _, optional = names.partition("?")
    return (*(Param(n) for n in needed.split()), *(Param(n, default=None) for n in optional.split()))


def _sequence_shape(gates: int) -> Callable[..., Shape]:
    def shape(x: Shape, W_xh: Shape, W_hh: Shape, *_rest: Shape) -> Shape:
        if len(x) not in (2, 3) or len(W_hh) != 2:
            raise EngineError(
                "shape",
                f"A sequence is (T, I) or (B, T, I) and W_hh a matrix; these are {in_words(x)} and {in_words(W_hh)}.",
            )
        if W_hh[0] != gates * W_hh[1]:
            raise EngineError(
                "shape", f"W_hh must be ({gates}H, H), its gates stacked in rows; it is {in_words(W_hh)}."
            )
        return (*x[:-1], W_hh[1])

    return shape


def _sequence_work(x: Shape, W_xh: Shape, W_hh: Shape, *_rest: Shape) -> int:
    return size(x[:-1]) * (size(W_xh) + size(W_hh))


def _first(gradients: tuple[Array | None, ...], count: int) -> tuple[Array | None, ...]:
    return gradients[:count]


def _again(run: Run) -> Run:
    """Return a run that is not made twice in a row of the same arrays, if nobody can change them."""
    last: tuple[tuple[Array, ...], Any] = ((), None)

    def made(*arrays: Array) -> Any:  # noqa: ANN401
        nonlocal last
        before, result = last  # at once: threads may ask for others at the same time
        if len(before) == len(arrays) and all(one is other for one, other in zip(before, arrays, strict=True)):
            return result
        result = run(*arrays)
        if not any(array is not None and array.flags.writeable for array in arrays):
            last = arrays, result
        return result

    return made


def _rnn(activation: str) -> tuple[Run, Back]:
    def run(*arrays: Array) -> Any:  # noqa: ANN401
        x, W_xh, W_hh, b, h0, lengths = [*arrays, None, None, None][:6]
        name: Any = activation
        return cells.rnn(x, W_xh, W_hh, b, h0=h0, lengths=lengths, activation=name)  # type: ignore[arg-type]

    again = _again(run)

    def back(g: Array, y: Array, *arrays: Array) -> tuple[Array | None, ...]:
        gradients = cells.rnn_backward(again(*arrays), g)
        return _first((gradients.x, gradients.W_xh, gradients.W_hh, gradients.b, gradients.h0, None), len(arrays))

    return run, back


def _lstm(result: str, peepholes: bool) -> tuple[Run, Back]:
    def run(*arrays: Array) -> Any:  # noqa: ANN401
        x, W_xh, W_hh, *rest = arrays
        b, *rest = rest or [None]  # type: ignore[list-item]
        p = rest.pop(0) if peepholes and rest else None
        h0, c0, lengths = [*rest, None, None, None][:3]
        return cells.lstm(x, W_xh, W_hh, b, p, h0=h0, c0=c0, lengths=lengths)

    again = _again(run)

    def back(g: Array, y: Array, *arrays: Array) -> tuple[Array | None, ...]:
        made = again(*arrays)
        gradients = cells.lstm_backward(made, g) if result == "h" else cells.lstm_backward(made, dc=g)
        states = (gradients.peepholes, gradients.h0, gradients.c0) if peepholes else (gradients.h0, gradients.c0)
        return _first((gradients.x, gradients.W_xh, gradients.W_hh, gradients.b, *states, None), len(arrays))

    return run, back


def _gru(blend: Any, reset: Any) -> tuple[Run, Back]:  # noqa: ANN401 - the literals of cells.gru
    def run(*arrays: Array) -> Any:  # noqa: ANN401
        x, W_xh, W_hh, b_xh, b_hh, *rest = [*arrays, None, None, None, None][:7]
        h0, lengths = rest
        made: Any = cells.gru(
            x,  # type: ignore[arg-type]
            W_xh,  # type: ignore[arg-type]
            W_hh,  # type: ignore[arg-type]
            b_xh,
            b_hh,
            blend=blend,
            reset=reset,
            h0=h0,
            lengths=lengths,
        )
        return made

    again = _again(run)

    def back(g: Array, y: Array, *arrays: Array) -> tuple[Array | None, ...]:
        gradients = cells.gru_backward(again(*arrays), g)
        return _first(
            (gradients.x, gradients.W_xh, gradients.W_hh, gradients.b_xh, gradients.b_hh, gradients.h0, None),
            len(arrays),
        )

    return run, back


def _sequence(name: str, names: str, gates: int, made: tuple[Run, Back], says: str) -> Function:
    run, back = made
    result = "c" if name == "lstm_c" else "h"
    return Function(
        name,
        _params(names),
        lambda *arrays: getattr(run(*arrays), result),
        _sequence_shape(gates),
        back,
        "whole",
        says,
        work=_sequence_work,
    )


def _reverse_shape(x: Shape, *_lengths: Shape) -> Shape:
    if len(x) < 2:
        raise EngineError("shape", f"reverse takes sequences (T, I) or (B, T, I), not {in_words(x)}; write flip(x).")
    return x


def _attention_shape(queries: Shape, keys: Shape, values: Shape, *_rest: Shape) -> Shape:
    if not queries or len(keys) < 2 or len(values) < 2 or keys[-2] != values[-2]:
        raise EngineError(
            "shape",
            "Attention takes queries (Tq, d) or (d), keys (Tk, d) and values (Tk, dv); "
            f"these are {in_words(queries)}, {in_words(keys)} and {in_words(values)}.",
        )
    if len(queries) == 1:
        return (values[-1],)
    return (*broadcast(queries[:-2], keys[:-2]), queries[-2], values[-1])


def _attention_work(queries: Shape, keys: Shape, values: Shape, *_rest: Shape) -> int:
    return size(queries[:-1]) * keys[-2] * (keys[-1] + values[-1]) * max(1, size(keys[:-2]))


def _dot_attention(scaled: bool) -> tuple[Run, Back]:
    def run(Q: Array, K: Array, V: Array, mask: Array | None = None) -> Any:  # noqa: ANN401
        return cells.dot_attention(Q, K, V, mask, scaled=scaled)

    def back(g: Array, y: Array, *arrays: Array) -> tuple[Array | None, ...]:
        gradients = cells.dot_attention_backward(run(*arrays), g)
        return _first((gradients.queries, gradients.keys, gradients.values, None), len(arrays))

    return run, back


def _additive_back(g: Array, y: Array, *arrays: Array) -> tuple[Array | None, ...]:
    gradients = cells.additive_attention_backward(cells.additive_attention(*arrays), g)
    return _first(
        (gradients.queries, gradients.keys, gradients.values, gradients.W_q, gradients.W_k, gradients.v, None),
        len(arrays),
    )


def _attention(name: str, names: str, run: Run, back: Back, says: str) -> Function:
    return Function(
        name,
        _params(names),
        lambda *arrays: run(*arrays).context,
        _attention_shape,
        back,
        "whole",
        says,
        work=_attention_work,
    )


def _masked_softmax_shape(x: Shape, mask: Shape) -> Shape:
    if not x or broadcast(x, mask) != x:
        raise EngineError("shape", f"The mask {in_words(mask)} does not fit the scores {in_words(x)}.")
    return x


def _cross_entropy_shape(logits: Shape, targets: Shape, *_mask: Shape) -> Shape:
    if not logits or logits[:-1] != targets:
        raise EngineError(
            "shape",
            "cross_entropy takes logits (..., V) and targets (...), one class a token; "
            f"these are {in_words(logits)} and {in_words(targets)}.",
        )
    return ()


def _cross_entropy_back(g: Array, y: Array, *arrays: Array) -> tuple[Array | None, ...]:
    gradients = cells.cross_entropy_backward(cells.cross_entropy(*arrays), float(g))
    return _first((gradients, None, None), len(arrays))


def _scalar_only(name: str) -> Callable[..., Shape]:
    def shape(x: Shape) -> Shape:
        if x:
            raise EngineError("shape", f"{name} takes one number, the mean loss; this is {in_words(x)}.")
        return ()

    return shape


def _clip_shape(g: Shape, limit: Shape, **_ord: float) -> Shape:
    if limit:
        raise EngineError("shape", f"The limit to clip to is one number; this is {in_words(limit)}.")
    return g


def _clip_back(dy: Array, y: Array, g: Array, limit: Array, ord: float) -> tuple[Array, ...]:
    """dL/dg, and dL/d(limit): where g is above the limit, y is limit * g / |g|."""
    whole = cells.norm(g, ord)
    by_limit = np.asarray((dy * g).sum() / whole if whole > limit else 0.0)
    return cells.clip_by_norm_backward(g, float(limit), dy, ord), by_limit


def _reorder(
    name: str, gates: int, to: Callable[[Array], Array], back: Callable[[Array], Array], says: str
) -> Function:
    """Gates stacked in rows, in another library's order; the gradient is put back in ours."""

    def shape(W: Shape) -> Shape:
        if not W or W[0] % gates:
            raise EngineError("shape", f"{name} takes {gates} gates stacked in rows; this is {in_words(W)}.")
        return W

    return Function(name, _params("W"), to, shape, lambda g, y, W: (back(g),), "whole", says)


def _additive(*arrays: Array) -> Any:  # noqa: ANN401
    return cells.additive_attention(*arrays)


def _flipped(W: Array) -> Array:
    return cells.flip_update_gate(W)


def _reversed(*arrays: Array) -> Array:
    return cells.reverse(*arrays)


_RNN = "x W_xh W_hh ? b h0 lengths"
_LSTM = "x W_xh W_hh ? b h0 c0 lengths"
_PEEPHOLES = "x W_xh W_hh b p ? h0 c0 lengths"
_GRU = "x W_xh W_hh ? b_xh b_hh h0 lengths"

FUNCTIONS = [
    _sequence("rnn", _RNN, 1, _rnn("tanh"), "the hidden states of a tanh RNN over {0}"),
    _sequence("rnn_relu", _RNN, 1, _rnn("relu"), "the hidden states of a relu RNN over {0}"),
    _sequence("lstm", _LSTM, 4, _lstm("h", False), "the hidden states of an LSTM over {0}"),
    _sequence("lstm_c", _LSTM, 4, _lstm("c", False), "the cells of an LSTM over {0}"),
    _sequence("lstm_peephole", _PEEPHOLES, 4, _lstm("h", True), "an LSTM with peepholes over {0}"),
    _sequence("gru", _GRU, 3, _gru("chung", "before"), "a GRU (Chung et al.) over {0}"),
    _sequence("gru_cho", _GRU, 3, _gru("cho", "before"), "a GRU (Cho et al.) over {0}"),
    _sequence("gru_pytorch", _GRU, 3, _gru("cho", "after"), "a GRU as in PyTorch over {0}"),
    _attention("attention", "Q K V ? mask", *_dot_attention(True), "scaled dot-product attention of {0} over {1}"),
    _attention("dot_attention", "Q K V ? mask", *_dot_attention(False), "dot-product attention of {0} over {1}"),
    _attention(
        "additive_attention",
        "Q K V W_q W_k v ? mask",
        _additive,
        _additive_back,
        "additive attention of {0} over {1}",
    ),
    Function(
        "masked_softmax",
        _params("x mask"),
        lambda x, mask: cells.softmax(x, -1, mask),
        _masked_softmax_shape,
        lambda g, y, x, mask: (cells.softmax_backward(y, g), None),
        "whole",
        "the softmax of {0} where {1} is 1",
    ),
    Function(
        "cross_entropy",
        _params("logits targets ? mask"),
        lambda *arrays: np.asarray(cells.cross_entropy(*arrays).loss),
        _cross_entropy_shape,
        _cross_entropy_back,
        "whole",
        "the mean cross-entropy of {0} with the targets {1}",
    ),
    Function(
        "perplexity",
        _params("loss"),
        lambda loss: np.asarray(cells.perplexity(float(loss))),
        _scalar_only("perplexity"),
        lambda g, y, loss: (np.asarray(g * y),),
        "whole",
        "the perplexity of {0}",
    ),
    Function(
        "clip_by_norm",
        (*_params("g limit"), Param("ord", "number", 2.0)),
        lambda g, limit, ord: cells.clip_by_norm(g, float(limit), ord),
        _clip_shape,
        _clip_back,
        "whole",
        "{0} clipped to norm {1}",
    ),
    Function(
        "clip_by_value",
        _params("g limit"),
        lambda g, limit: cells.clip_by_value(g, float(limit)),
        _clip_shape,
        lambda dy, y, g, limit: (
            cells.clip_by_value_backward(g, float(limit), dy),
            np.asarray((dy * np.sign(g) * (np.abs(g) > limit)).sum()),
        ),
        "whole",
        "{0} with every element limited to {1}",
    ),
    _reorder(
        "lstm_to_onnx",
        4,
        lambda W: cells.reorder(W, "lstm", "pytorch", "onnx"),
        lambda g: cells.reorder(g, "lstm", "onnx", "pytorch"),
        "{0} with its gates in the order i, o, f, c of ONNX",
    ),
    _reorder(
        "lstm_from_onnx",
        4,
        lambda W: cells.reorder(W, "lstm", "onnx", "pytorch"),
        lambda g: cells.reorder(g, "lstm", "pytorch", "onnx"),
        "{0}, in ONNX' order, with its gates in the order i, f, g, o",
    ),
    _reorder(
        "gru_to_keras",
        3,
        lambda W: cells.reorder(W, "gru", "pytorch", "keras"),
        lambda g: cells.reorder(g, "gru", "keras", "pytorch"),
        "{0} with its gates in the order z, r, h of Keras and ONNX",
    ),
    _reorder(
        "gru_from_keras",
        3,
        lambda W: cells.reorder(W, "gru", "keras", "pytorch"),
        lambda g: cells.reorder(g, "gru", "pytorch", "keras"),
        "{0}, in the order of Keras and ONNX, with its gates in the order r, z, n",
    ),
    _reorder(
        "flip_update_gate",
        3,
        _flipped,
        _flipped,
        "{0} for the other form of the GRU blend",
    ),
    Function(
        "reverse",
        _params("x ? lengths"),
        _reversed,
        _reverse_shape,
        lambda g, y, x, *lengths: (cells.reverse(g, *lengths), *(None for _ in lengths)),
        "whole",
        "{0} from its last real step to its first",
    ),
]
