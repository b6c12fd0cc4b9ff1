"""What names of a notebook's code usually stand for: the notation of the course (docs/notation.md), and the field's.

A name may mean several things; which one is told by the kind of its value and by words of the text around it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["any", "array", "number", "whole", "gate", "probability", "signed"]


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that a name may mean: for a value of a kind, where the text has one of some words ("": any text).

    axes: the names of its axes, by how many there are.
    """

    means: str
    axes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    kind: Kind = "any"
    words: str = ""


def _axes(*several: str) -> dict[int, tuple[str, ...]]:
    """Return axes from texts such as `time unit`, each for its own number of them."""
    return {len(names): names for names in (tuple(part.replace("_", " ") for part in one.split()) for one in several)}


_UNIT = _axes("unit", "batch unit", "batch time unit")
_SERIES = _axes("time", "time unit", "batch time unit")
_TOKENS = _axes("token", "time token", "batch time token")
_CLASSES = _axes("class", "example class")
_IN_TIME = _axes("time", "batch time")
_RNN = r"\b(?:rnn|recurren|lstm|gru|gate|cell|hidden|sequence)"
_ATTENTION = r"\b(?:attention|attend|quer(?:y|ies)|keys?)\b"
_LSTM = r"\b(?:lstm|forget|gates?)\b"
_GRU = r"\b(?:gru|update gate|reset|gates?)\b"

SENSES: dict[str, tuple[Sense, ...]] = {
    "x": (
        Sense("inputs", _axes("time", "time feature", "batch time feature"), "array", r"\b(?:sequence|time steps?)\b"),
        Sense("input", _axes("feature", "example feature", "batch time feature"), "array"),
        Sense("input"),
    ),
    "X": (Sense("inputs", _axes("feature", "example feature", "batch time feature"), "array"),),
    "xs": (Sense("inputs", _axes("time", "time feature", "batch time feature"), "array"),),
    "y": (Sense("targets", _axes("example", "example output"), "array"), Sense("target")),
    "Y": (Sense("targets", _axes("example", "example output"), "array"),),
    "h": (Sense("hidden state", _UNIT),),
    "h_prev": (Sense("old state", _UNIT),),
    "h_t": (Sense("new state", _UNIT),),
    "h_tilde": (Sense("candidate", _UNIT),),
    "h_next": (Sense("next state", _UNIT),),
    "hs": (Sense("states", _SERIES),),
    "H": (
        Sense("hidden units", kind="whole"),
        Sense("states", _SERIES, words=_RNN + "|" + _ATTENTION),
        Sense("Hessian", _axes("parameter parameter"), "array", r"\bhessian"),
    ),
    "c": (Sense("cell state", _UNIT, "array", _LSTM), Sense("cell state", _UNIT, "number", _LSTM)),
    "c_prev": (Sense("old cell", _UNIT),),
    "cand": (Sense("candidate", _UNIT),),
    "c_tilde": (Sense("candidate", _UNIT),),
    "g": (Sense("candidate", _UNIT, "array", _LSTM), Sense("gradient", _axes("parameter"))),
    "f": (Sense("forget gate", _UNIT, "gate"),),
    "i": (Sense("input gate", _UNIT, "gate"),),
    "o": (Sense("output gate", _UNIT, "gate"),),
    "r": (Sense("reset gate", _UNIT, "gate", _GRU), Sense("reward", _axes("time"), words=r"\breward")),
    "z": (Sense("update gate", _UNIT, "gate", _GRU), Sense("pre-activations", _UNIT, "array"), Sense("pre-activation")),
    "a": (Sense("pre-activations", _UNIT, "array", r"pre-?activation"),),
    "W_xh": (Sense("input weights", _axes("unit input")),),
    "W_hh": (Sense("recurrent weights", _axes("unit old_unit")),),
    "W_hy": (Sense("output weights", _axes("class unit")),),
    "W_xh_T": (Sense("input weights, transposed", _axes("input unit")),),
    "W_hh_T": (Sense("recurrent weights, transposed", _axes("old_unit unit")),),
    "U": (Sense("recurrent weights", _axes("unit old_unit"), "array", _RNN),),
    "w": (
        Sense("recurrent weight", kind="number", words=_RNN),
        Sense("weights", _axes("feature"), "array"),
        Sense("weight"),
    ),
    "w_x": (Sense("input weight"),),
    "w_h": (Sense("recurrent weight"),),
    "W": (Sense("weights"),),
    "Wq": (Sense("weights of the queries"),),
    "Wk": (Sense("weights of the keys"),),
    "Wv": (Sense("weights of the values"),),
    "b": (Sense("biases", _axes("unit"), "array"), Sense("bias")),
    "b_h": (Sense("bias of the state", _axes("unit")),),
    "b_y": (Sense("output bias", _axes("class")),),
    "logits": (Sense("scores before the softmax", _axes("class", "example class", "batch time token")),),
    "scores": (
        Sense("attention scores", _axes("source", "target source"), words=_ATTENTION),
        Sense("scores", _axes("class", "example class")),
    ),
    "weights": (
        Sense("attention weights", _axes("source", "target source"), "probability", _ATTENTION + r"|context"),
        Sense("weights"),
    ),
    "alpha": (
        Sense("attention weights", _axes("source", "target source"), "probability", _ATTENTION + r"|context"),
        Sense("learning rate", kind="number", words=r"learning rate|gradient descent|step size"),
    ),
    "attn": (Sense("attention weights", _axes("source", "target source")),),
    "context": (Sense("context vector", _axes("unit", "target unit")),),
    "encoder": (Sense("encoder states", _axes("unit", "source unit", "batch source unit")),),
    "encoder_states": (Sense("encoder states", _axes("unit", "source unit", "batch source unit")),),
    "decoder": (Sense("decoder state", _axes("unit", "target unit")),),
    "q": (
        Sense("query", _axes("element", "time element"), "array", _ATTENTION),
        Sense("probabilities", _axes("class"), "probability"),
    ),
    "Q": (
        Sense("queries", _axes("element", "time element"), "array", _ATTENTION),
        Sense("action values", _axes("action", "state action"), "array", r"\baction|q-?learning|\bpolicy"),
    ),
    "K": (Sense("keys", _axes("element", "source element"), "array", _ATTENTION), Sense("how many", kind="whole")),
    "k": (Sense("key", _axes("element"), "array", _ATTENTION), Sense("how many", kind="whole")),
    "V": (
        Sense("words of the vocabulary", kind="whole", words=r"\b(?:vocab|token|word|logits?|softmax)"),
        Sense("values", _axes("element", "source element"), "array", _ATTENTION),
        Sense("values of the states", _axes("state"), "array", r"\bstate|\bpolicy|bellman"),
        Sense("classes", kind="whole"),
    ),
    "v": (Sense("value vector", _axes("element"), "array", _ATTENTION), Sense("vector", _axes("element"), "array")),
    "p": (Sense("probabilities", _axes("class"), "probability"), Sense("probability", kind="number", words="probab")),
    "P": (Sense("transition probabilities", _axes("state next_state"), "probability"),),
    "probs": (Sense("probabilities", _axes("token", "time token")),),
    "prior": (Sense("prior probabilities", _axes("hypothesis"), "array"), Sense("prior probability")),
    "likelihood": (Sense("likelihoods", _axes("hypothesis"), "array"), Sense("likelihood")),
    "posterior": (Sense("posterior probabilities", _axes("hypothesis"), "array"), Sense("posterior probability")),
    "loss": (Sense("losses", _IN_TIME, "array"), Sense("loss")),
    "losses": (Sense("loss at each position", _IN_TIME),),
    "L": (
        Sense("layers", kind="whole"),
        Sense("loss", kind="number"),
        Sense("lower triangular factor", _axes("row column"), "array"),
    ),
    "mask": (
        Sense("1 real, 0 padding", _IN_TIME, words=r"pad|token|loss|length|sequence"),
        Sense("mask", _axes("position", "query key")),
    ),
    "target": (Sense("targets", _IN_TIME, "array"), Sense("target")),
    "targets": (Sense("targets", _IN_TIME),),
    "labels": (Sense("labels", _axes("example")),),
    "y_true": (Sense("true values", _axes("example")),),
    "y_pred": (Sense("predictions", _axes("example")),),
    "y_hat": (Sense("predictions", _axes("example"), "array"), Sense("prediction")),
    "lengths": (Sense("length of each sequence", _axes("batch")),),
    "lens": (Sense("length of each sequence", _axes("batch")),),
    "B": (Sense("sequences in a batch", kind="whole"),),
    "T": (Sense("time steps", kind="whole"), Sense("temperature", kind="number", words=r"temperature|softmax")),
    "S": (Sense("steps of the source", kind="whole"),),
    "D": (Sense("features", kind="whole"),),
    "d": (Sense("features", kind="whole"),),
    "d_k": (Sense("elements of a key", kind="whole"),),
    "d_model": (Sense("features of a token", kind="whole"),),
    "C": (Sense("classes", kind="whole"),),
    "E": (Sense("embeddings, a row for each token", _axes("token feature"), "array"),),
    "N": (Sense("how many", kind="whole"),),
    "n": (Sense("how many", kind="whole"),),
    "m": (Sense("how many", kind="whole"),),
    "t": (Sense("time step", kind="whole"), Sense("times", _axes("time"), "array")),
    "steps": (Sense("number of steps", kind="whole"),),
    "scale": (Sense("per-step factor", kind="number", words=r"gradient|step"), Sense("scale")),
    "lr": (Sense("learning rate"),),
    "eta": (Sense("learning rate", kind="number"),),
    "learning_rate": (Sense("learning rate"),),
    "lam": (Sense("regularisation strength", kind="number", words=r"regulari|decay|penalt|ridge|lasso"),),
    "momentum": (Sense("momentum"),),
    "beta1": (Sense("decay of the mean gradient"),),
    "beta2": (Sense("decay of the mean squared gradient"),),
    "gamma": (
        Sense("discount factor", kind="number", words=r"reward|discount|return|bellman|policy"),
        Sense("learnt scale", _axes("feature"), "array"),
    ),
    "beta": (
        Sense("learnt offset", _axes("feature"), "array", r"norm"),
        Sense("coefficients", _axes("feature"), "array"),
    ),
    "eps": (Sense("small constant"),),
    "epsilon": (Sense("small constant", kind="number"),),
    "tol": (Sense("tolerance"),),
    "rho": (Sense("spectral radius", words=r"spectral|radius|recurr"), Sense("correlation", words=r"correl")),
    "tau": (Sense("temperature", kind="number", words=r"temperature|softmax|logits"),),
    "temperature": (Sense("temperature"),),
    "clip": (Sense("longest norm allowed"),),
    "max_norm": (Sense("longest norm allowed"),),
    "threshold": (Sense("threshold"),),
    "mu": (Sense("means", _axes("feature"), "array"), Sense("mean")),
    "mean": (Sense("means", _axes("feature"), "array"), Sense("mean")),
    "sigma": (
        Sense("covariance matrix", _axes("feature feature"), "array", r"covarian"),
        Sense("standard deviations", _axes("feature"), "array"),
        Sense("standard deviation"),
    ),
    "Sigma": (Sense("covariance matrix", _axes("feature feature"), "array"),),
    "cov": (Sense("covariance matrix", _axes("feature feature"), "array"), Sense("covariance")),
    "std": (Sense("standard deviations", _axes("feature"), "array"), Sense("standard deviation")),
    "var": (Sense("variances", _axes("feature"), "array"), Sense("variance")),
    "theta": (Sense("parameters", _axes("parameter"), "array"), Sense("parameter")),
    "params": (Sense("parameters", _axes("parameter")),),
    "grad": (Sense("gradient", _axes("parameter")),),
    "grads": (Sense("gradients", _axes("parameter", "update parameter")),),
    "J": (Sense("Jacobian", _axes("output input"), "array"),),
    "A": (Sense("matrix", _axes("row column"), "array"), Sense("adjacency matrix", _axes("node node"), words=r"graph")),
    "adj": (Sense("adjacency matrix", _axes("node node")),),
    "u": (Sense("vector", _axes("element"), "array"),),
    "ids": (Sense("token ids", _IN_TIME),),
    "tokens": (Sense("token ids", _IN_TIME),),
    "counts": (Sense("counts", _axes("outcome")),),
    "data": (Sense("data", _axes("example", "example feature")),),
    "rewards": (Sense("rewards", _axes("time")),),
    "returns": (Sense("returns", _axes("time")),),
    "kernel": (Sense("kernel", _axes("position", "row column")),),
    "image": (Sense("image", _axes("row column", "row column channel")),),
    "signal": (Sense("signal", _axes("time")),),
    "points": (Sense("points", _axes("point", "point coordinate")),),
}

# Parts of names, as people shorten them.
WORDS: dict[str, str] = {
    "acc": "accuracy", "attn": "attention", "avg": "mean", "bs": "batch size", "cand": "candidate",
    "coef": "coefficient", "coefs": "coefficients", "cov": "covariance", "dec": "decoder", "dim": "size",
    "dims": "sizes", "dist": "distance", "emb": "embedding", "enc": "encoder", "err": "error",
    "feat": "features", "freq": "frequency", "freqs": "frequencies", "grad": "gradient", "grads": "gradients",
    "hid": "hidden", "idx": "index", "init": "initial", "inp": "input", "len": "length", "lens": "lengths",
    "lr": "learning rate", "max": "largest", "min": "least", "num": "number of", "obs": "observations",
    "param": "parameter", "params": "parameters", "pos": "position", "pred": "prediction",
    "preds": "predictions", "prob": "probability", "probs": "probabilities", "seq": "sequence",
    "std": "standard deviation", "temp": "temperature", "tok": "token", "var": "variance", "vec": "vector",
    "vocab": "vocabulary", "wt": "weight",
}  # fmt: skip

_GATES = {"i": "input gate", "f": "forget gate", "o": "output gate", "z": "update gate", "r": "reset gate",
          "g": "candidate", "c": "candidate", "h": "state", "x": "input", "y": "output", "q": "queries", "k": "keys",
          "v": "values"}  # fmt: skip
_OF_TWO = re.compile(r"([WUV])_?([a-z])([a-z])")
_OF_ONE = re.compile(r"([WUb])_?([a-z])")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_START = re.compile(r"(.+?)_?(?:0|init|start)")
_BARE = re.compile(r"(.+?)_*\d+|(.+?)_(?:t|np|vec|val|arr)")


def senses(name: str) -> tuple[Sense, ...]:
    """Return what a name may mean, by the name alone; the likeliest first, empty where it tells nothing."""
    found = SENSES.get(name) or SENSES.get(name.lower() if len(name) > 1 else name)
    return found or _with_affix(name) or _of_letters(name) or _of_words(name)


def _with_affix(name: str) -> tuple[Sense, ...]:
    """Return the senses of a name that is another one with something before or behind it."""
    start = _START.fullmatch(name)
    if start is not None and start[1] in SENSES:
        return _changed(start[1], "{} at the start")
    bare = _BARE.fullmatch(name)
    if bare is not None and (bare[1] or bare[2]) in SENSES:
        return SENSES[bare[1] or bare[2]]
    for behind, form in (("_prev", "old {}"), ("_old", "old {}"), ("_next", "next {}"), ("_new", "new {}"),
                         ("_T", "{}, transposed"), ("_hat", "estimated {}"), ("_true", "true {}"),
                         ("_pred", "predicted {}"), ("_grad", "gradient of the {}"), ("s", "{}")):  # fmt: skip
        if name.endswith(behind) and name[: -len(behind)] in SENSES:
            return _changed(name[: -len(behind)], form, turned=behind == "_T")
    for before in ("d", "grad_"):
        rest = name.removeprefix(before)
        if rest != name and rest in SENSES and (before != "d" or len(rest) > 1 or rest.islower()):
            return tuple(Sense(f"gradient of {rest}", sense.axes) for sense in SENSES[rest][:1])
    return ()


def _changed(name: str, form: str, *, turned: bool = False) -> tuple[Sense, ...]:
    return tuple(
        Sense(
            form.format(sense.means),
            {count: axes[::-1] if turned else axes for count, axes in sense.axes.items()},
            sense.kind,
            sense.words,
        )
        for sense in SENSES[name]
    )


def _of_letters(name: str) -> tuple[Sense, ...]:
    """Return the sense of weights that are named by what they lead from and to: `W_xf`, `Wz`, `b_i`."""
    two = _OF_TWO.fullmatch(name)
    if two is not None and two[2] in _GATES and two[3] in _GATES:
        return (Sense(f"weights of {two[2]} in the {_GATES[two[3]]}", _axes("unit input")),)
    one = _OF_ONE.fullmatch(name)
    if one is not None and one[2] in _GATES:
        word = {"W": "weights", "U": "recurrent weights", "b": "bias"}[one[1]]
        return (Sense(f"{word} of the {_GATES[one[2]]}", _axes("unit") if one[1] == "b" else _axes("unit input")),)
    return ()


def _of_words(name: str) -> tuple[Sense, ...]:
    """Return the sense of a name that is made of words, as `hidden_dim` or `learningRate`."""
    parts = [part.lower() for part in _PART.findall(name)]
    if not any(len(part) > 2 or part in WORDS for part in parts):
        return ()
    if len(parts) > 1 and parts[0] in ("n", "num"):
        return (Sense("number of " + " ".join(WORDS.get(part, part) for part in parts[1:])),)
    words = [WORDS.get(part, part) for part in parts if len(part) > 1 or part in WORDS or len(parts) > 1]
    return (Sense(" ".join(words)),)
