"""A batch of sequences of different lengths, and the one layout that the recurrent loops work in.

Outside, arrays are (B, T, features), or (T, features) for a single sequence. Inside the loops they are
(T, features, B): one time step is then one block of memory, each gate of it too, so that every operation of a step
runs over adjacent numbers, and a step's product is `W @ h` as it is written on paper.
"""

from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.array_types import ArrayLike, NDArray
from rnn_tutor.engine.cells.arrays import (
    GROWN,
    Array,
    Mask,
    expect,
    floats,
    must_fit,
    norm_bound,
    whole_numbers,
)
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.shapes import in_words


def length_mask(lengths: ArrayLike, T: int) -> Mask:
    """Return (B, T): True where time step t of sequence b is real, t < lengths[b]."""
    return np.arange(T) < whole_numbers("lengths", lengths, 0, T)[..., None]


def reverse(x: ArrayLike, lengths: ArrayLike | None = None) -> Array:
    """Reverse sequences in time; with lengths, only the real part of each, and the padding stays where it is.

    x: (B, T, I) or (T, I); lengths: (B,) or a scalar. It is its own inverse, and its own backward rule.
    """
    values = floats(x)
    if lengths is None:
        return np.flip(values, axis=-2)
    T = values.shape[-2]
    ends = whole_numbers("lengths", lengths, 0, T).reshape(*values.shape[:-2], 1)
    steps = np.arange(T)
    from_where = np.where(steps < ends, ends - 1 - steps, steps)
    return np.take_along_axis(values, from_where[..., None], axis=-2)


@dataclass(frozen=True, slots=True)
class Batch:
    """Input sequences, read and checked: x (B, T, I) with zeros past the ends."""

    x: Array
    lengths: NDArray[np.intp] | None
    single: bool  # given, and answered, without the axis B
    norm: float  # of x: with it a run knows beforehand that its products fit float64

    @classmethod
    def read(cls, x: ArrayLike, lengths: ArrayLike | None) -> "Batch":
        """Read x (B, T, I) or (T, I) and lengths (B,) or scalar; what stands past an end is never looked at."""
        values = floats(x)
        if values.ndim not in {2, 3}:
            raise EngineError("shape", f"x is {in_words(values.shape)}; it must be (T, I), or (B, T, I) for a batch.")
        single = values.ndim == 2
        if single:
            values = values[None]
        if lengths is None:
            return cls(values, None, single, norm_bound("x", values))
        ends = whole_numbers("lengths", lengths, 0, values.shape[1]).reshape(-1)
        if ends.shape != values.shape[:1]:
            raise EngineError("shape", f"lengths has {ends.size} entries for {values.shape[0]} sequences.")
        values = np.where(length_mask(ends, values.shape[1])[..., None], values, 0.0)
        return cls(values, ends, single, norm_bound("x", values))

    @property
    def B(self) -> int:
        return len(self.x)

    @property
    def T(self) -> int:
        """How many time steps, padding included."""
        return int(self.x.shape[1])

    @property
    def I(self) -> int:  # noqa: E743 (the field's own name for the input size)
        """How many features an input has."""
        return int(self.x.shape[2])

    def weights(self, W_xh: ArrayLike, W_hh: ArrayLike, gates: int) -> tuple[Array, Array]:
        """Return W_xh (gates * H, I) and W_hh (gates * H, H), checked."""
        recurrent = floats(W_hh)
        H = recurrent.shape[-1] if recurrent.ndim else 0
        rows = f"{gates}H" if gates > 1 else "H"
        expect("W_hh", recurrent, (gates * H, H), f"{rows}, H")
        return expect("W_xh", floats(W_xh), (gates * H, self.I), f"{rows}, I"), recurrent

    def must_fit(self, W_xh: Array, W_hh: Array, h0: Array, *biases: Array) -> None:
        """Refuse numbers with which W_xh @ x + W_hh @ h + b could leave float64, where |h| <= max(1, |h0|)."""
        bias = sum(norm_bound("b", b) for b in biases)
        largest_h = max(1.0, norm_bound("h0", h0))
        must_fit("h0", largest_h)
        must_fit("W_xh @ x + b", norm_bound("W_xh", W_xh) * self.norm + bias)
        must_fit("W_hh @ h", norm_bound("W_hh", W_hh) * largest_h)

    # In: from the caller's layout to the loop's.

    def project(self, W: Array, out: Array) -> None:
        """Write W @ x[t] for all time steps at once into out (T, G, B)."""
        if self.B == 1:
            np.matmul(self.x[0], W.T, out=out[:, :, 0])
        else:
            np.matmul(W, self.x.transpose(1, 2, 0), out=out)

    def states(self, name: str, start: ArrayLike | None, H: int) -> Array:
        """Return room for the states (T + 1, H + 1, B), row 0 the start; unit H is 1 and carries biases.

        With it W_hh @ h + b is one product, (W_hh | b) @ (h, 1).
        """
        rows = np.empty((self.T + 1, H + 1, self.B))
        rows[:, H] = 1.0
        rows[0, :H] = self.state(name, start, H)
        return rows

    def state(self, name: str, value: ArrayLike | None, H: int) -> Array:
        """Return a state before the first step as (H, B); zeros where none is given."""
        if value is None:
            return np.zeros((H, self.B))
        if self.single:
            return expect(name, floats(value), (H,), "H")[:, None]
        return expect(name, floats(value), (self.B, H), "B, H").T

    def cotangents(self, name: str, each: ArrayLike | None, last: ArrayLike | None, H: int) -> Array:
        """Return dL/d(state) from outside as (T + 1, H, B): row 0 the start, row t + 1 after step t.

        each: of the outputs (B, T, H), not counted past the ends, where the outputs are constant 0; last: of the
        final states (B, H), which belong to row lengths[b].
        """
        rows = (np.zeros if each is None else np.empty)((self.T + 1, H, self.B))
        if each is not None:
            rows[0] = 0.0
            single = (self.T, H)
            batched = (self.B, self.T, H)
            given = expect(name, floats(each), single if self.single else batched, "T, H" if self.single else "B, T, H")
            rows[1:] = (given[None] if self.single else given).transpose(1, 2, 0)
            if self.lengths is not None:
                rows[1:] *= length_mask(self.lengths, self.T).T[:, None]
        if last is not None:
            final = self.state(f"{name}_last", last, H)
            if self.lengths is None:
                rows[self.T] += final
            else:
                rows[self.lengths, :, np.arange(self.B)] += final.T
        norm_bound(name, rows)  # what comes from outside has not grown here
        return rows

    # Out: from the loop's layout to the caller's. Views of what was computed are handed out read-only.

    def outputs(self, rows: Array) -> Array:
        """Return (T, H, B) as (B, T, H), or (T, H) for a single sequence; 0 past the ends."""
        values = rows.transpose(2, 0, 1)
        if self.lengths is not None:
            values = np.where(length_mask(self.lengths, self.T)[..., None], values, 0.0)
        values.flags.writeable = False
        return values[0] if self.single else values

    def last(self, rows: Array) -> Array:
        """Return each sequence's state after its last real step as (B, H), or (H,); rows is (T + 1, H, B)."""
        values = rows[self.T].T if self.lengths is None else rows[self.lengths, :, np.arange(self.B)]
        values.flags.writeable = False
        return values[0] if self.single else values

    def first(self, row: Array) -> Array:
        """Return (H, B) as (B, H), or (H,): the gradient of a state before the first step."""
        return row[:, 0] if self.single else row.T

    def columns(self, rows: Array) -> Array:
        """Return (T, G, B) as (G, T * B): all steps of all sequences side by side, for one product over them."""
        return rows.transpose(1, 0, 2).reshape(rows.shape[1], self.T * self.B)

    def gradients_must_fit(self, da: Array, W_xh: Array, largest_state: float = 0.0) -> None:
        """Refuse dL/d(pre-activations) with which the gradients of weights and input could leave float64."""
        must_fit(
            "A gradient", norm_bound("A gradient", da, GROWN) * (self.norm + norm_bound("W", W_xh) + largest_state)
        )

    def gradients(self, da: Array, W_xh: Array, before: Array) -> tuple[Array, Array, Array, Array]:
        """Return dL/dx as x was given, dL/dW_xh, dL/dW_hh and dL/db, for W_xh @ x + W_hh @ h + b.

        da: dL/d(pre-activations) as (T, G, B); before: the states h that each step began with, as (T, H, B).
        """
        columns = self.columns(da)
        dx, dW_xh, db = self.input_gradients(da, columns, W_xh)
        return dx, dW_xh, columns @ self.columns(before).T, db

    def input_gradients(self, da: Array, columns: Array, W: Array) -> tuple[Array, Array, Array]:
        """Return dL/dx as x was given, dL/dW and dL/db, for pre-activations W @ x + b.

        da: dL/d(pre-activations) as (T, G, B); columns: the same as (G, T * B).
        """
        dx = (da[:, :, 0] @ W)[None] if self.B == 1 else np.matmul(W.T, da).transpose(2, 0, 1)
        x_rows = self.x.transpose(1, 0, 2).reshape(self.T * self.B, self.I)
        return (dx[0] if self.single else dx), columns @ x_rows, columns.sum(axis=1)
