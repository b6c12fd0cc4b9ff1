"""Make cells.npz: what PyTorch in float64 says about the cases that tests/engine/cells/test_frozen.py compares.

    python tests/engine/cells/frozen/make_cells.py      (needs torch; cells.npz holds the version it was made with)

Each case is a name, what to compute (`about`, plain data) and named arrays: what is given, and what PyTorch answers,
the latter under names that begin with "=". Gradients are those of sum(result * cotangent), the cotangents given.
All numbers stand in one long array, and an index says where: so the file stays small.
"""

import json
import warnings
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("cells.npz")


def recurrent_cases():
    """T 1 to 12 and B 1 to 3 in one layer; then padded, two layers, both directions, a single sequence."""
    for cell, form in (("rnn", "tanh"), ("rnn", "relu"), ("lstm", None), ("gru", None)):
        for T in range(1, 13):
            if form != "relu" or T % 4 == 0:
                yield case(cell, form, T=T, B=1 + T % 3, start=T % 2 == 0)
        yield case(cell, form, T=5, B=3, lengths=[5, 3, 1])
        yield case(cell, form, T=7, B=2, lengths=[2, 6], start=True)  # no sequence fills T, and the first is short
        yield case(cell, form, T=1, B=1, layers=2)
        yield case(cell, form, T=4, B=2, directions=2, start=True)
        yield case(cell, form, T=3, B=None, layers=2, directions=2, start=True)
        yield case(cell, form, T=6, B=3, layers=2, directions=2, lengths=[4, 6, 1], start=True)
        yield case(cell, form, T=12, B=2, layers=2, directions=2, lengths=[12, 7])


def case(cell, form, *, T, B, layers=1, directions=1, lengths=None, start=False):
    name = f"{form or cell}-T{T}-B{B}-L{layers}-D{directions}" + ("-padded" if lengths else "")
    about = {"kind": "recurrent", "cell": cell, "form": form, "T": T, "B": B, "I": 2, "H": 3}
    return name, about | {"layers": layers, "directions": directions, "lengths": lengths, "start": start}


def other_cases():
    yield "softmax", {"kind": "softmax", "shapes": {"x": [2, 3, 5], "dy": [2, 3, 5]}}
    yield "softmax-axis-0", {"kind": "softmax", "axis": 0, "shapes": {"x": [4, 3], "dy": [4, 3]}}
    yield "log_softmax", {"kind": "log_softmax", "shapes": {"x": [2, 3, 5], "dy": [2, 3, 5]}}
    yield "log_softmax-far", {"kind": "log_softmax", "scale": 1000, "shapes": {"x": [3, 4], "dy": [3, 4]}}
    targets = [[1, 0, 4, 2], [3, 3, -100, -100], [0, -100, -100, -100]]
    yield "cross_entropy", {"kind": "cross_entropy", "targets": targets, "shapes": {"x": [3, 4, 5], "deach": [3, 4]}}
    yield "layer_norm", {"kind": "layer_norm", "shapes": {"x": [2, 3, 6], "gain": [6], "bias": [6], "dy": [2, 3, 6]}}
    shapes = {"q": [2, 3, 4], "k": [2, 5, 4], "v": [2, 5, 6], "dcontext": [2, 3, 6]}
    mask = [[[1, 1, 0, 1, 0]] * 3, [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 1, 1, 1]]]
    yield "dot", {"kind": "dot", "mask": None, "shapes": shapes}
    yield "dot-masked", {"kind": "dot", "mask": mask, "shapes": shapes}
    more = {"W_q": [7, 4], "W_k": [7, 4], "w": [7]}
    yield "additive", {"kind": "additive", "mask": None, "shapes": shapes | more}
    yield "additive-masked", {"kind": "additive", "mask": mask, "shapes": shapes | more}
    for order in (1, 2, "inf"):
        for limit in (0.5, 100.0):
            shapes = {"a": [3, 2], "b": [4]}
            yield f"clip-norm-{order}-{limit}", {"kind": "clip_norm", "order": order, "limit": limit, "shapes": shapes}
    yield "clip-value", {"kind": "clip_value", "limit": 0.5, "shapes": {"a": [5, 3]}}


def recurrent_shapes(about):
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[about["cell"]]
    T, B, H, D = about["T"], about["B"], about["H"], about["directions"]
    batch = () if B is None else (B,)
    states = (about["layers"] * D, *batch, H)
    shapes = {"x": (*batch, T, about["I"]), "dh": (*batch, T, D * H), "dh_last": states}
    if about["start"]:
        shapes["h0"] = states
    if about["cell"] == "lstm":
        shapes["dc_last"] = states
        if about["start"]:
            shapes["c0"] = states
    for layer in range(about["layers"]):
        for suffix in ("", "_reverse")[:D]:
            at = f"_l{layer}{suffix}"
            shapes["weight_ih" + at] = (gates * H, about["I"] if layer == 0 else D * H)
            shapes["weight_hh" + at] = (gates * H, H)
            shapes["bias_ih" + at] = shapes["bias_hh" + at] = (gates * H,)
    return shapes


def given(number, about):
    """Return the arrays of a case: two decimals, so that they are exact to look at, and pack well."""
    rng = np.random.default_rng(number)
    shapes = recurrent_shapes(about) if about["kind"] == "recurrent" else about["shapes"]
    scale = about.get("scale", 1)
    return {name: np.round(rng.normal(size=shape), 2) * scale for name, shape in shapes.items()}


def answers(about, arrays):
    """Return what PyTorch says: results and gradients, under names that begin with "="."""
    import torch

    tensors = {name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in arrays.items()}
    results = globals()["torch_" + about["kind"]](torch, about, tensors)
    found = {"=" + name: value.detach().numpy().copy() for name, value in results.items()}
    grads = {f"=grad {name}": t.grad.numpy().copy() for name, t in tensors.items() if t.grad is not None}
    return found | grads


def torch_recurrent(torch, about, t):
    kinds = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    form = {"nonlinearity": about["form"]} if about["cell"] == "rnn" else {}
    D, L = about["directions"], about["layers"]
    with torch.random.fork_rng():
        module = kinds[about["cell"]](about["I"], about["H"], L, batch_first=True, bidirectional=D == 2, **form)
    module = module.to(torch.float64)
    weights = {name: t[name] for name, _ in module.named_parameters()}
    lstm = about["cell"] == "lstm"
    start = None
    if about["start"]:
        start = (t["h0"], t["c0"]) if lstm else t["h0"]
    x = t["x"]
    if about["lengths"]:
        x = torch.nn.utils.rnn.pack_padded_sequence(x, about["lengths"], batch_first=True, enforce_sorted=False)
    h, last = torch.func.functional_call(module, weights, (x, start))
    if about["lengths"]:
        h, _ = torch.nn.utils.rnn.pad_packed_sequence(h, batch_first=True, total_length=about["T"])
    h_last, c_last = last if lstm else (last, None)
    loss = (h * t["dh"].detach()).sum() + (h_last * t["dh_last"].detach()).sum()
    if lstm:
        loss = loss + (c_last * t["dc_last"].detach()).sum()
    loss.backward()
    return {"h": h, "h_last": h_last} | ({"c_last": c_last} if lstm else {})


def torch_softmax(torch, about, t):
    function = getattr(torch, about["kind"])
    y = function(t["x"], dim=about.get("axis", -1))
    (y * t["dy"].detach()).sum().backward()
    return {"y": y}


torch_log_softmax = torch_softmax


def torch_cross_entropy(torch, about, t):
    targets, logits = torch.tensor(about["targets"]).reshape(-1), t["x"].reshape(-1, t["x"].shape[-1])
    loss = torch.nn.functional.cross_entropy(logits, targets)  # -100 is its ignore_index
    each = torch.nn.functional.cross_entropy(logits, targets, reduction="none").reshape(t["deach"].shape)
    (loss + (each * t["deach"].detach()).sum()).backward()
    return {"loss": loss, "each": each, "perplexity": torch.exp(loss)}


def torch_layer_norm(torch, about, t):
    y = torch.nn.functional.layer_norm(t["x"], (6,), t["gain"], t["bias"])
    (y * t["dy"].detach()).sum().backward()
    return {"y": y}


def torch_dot(torch, about, t):
    mask = None if about["mask"] is None else torch.tensor(about["mask"]).bool()
    context = torch.nn.functional.scaled_dot_product_attention(t["q"], t["k"], t["v"], mask)
    (context * t["dcontext"].detach()).sum().backward()
    return {"context": context}


def torch_additive(torch, about, t):
    hidden = torch.tanh((t["q"] @ t["W_q"].T)[:, :, None] + (t["k"] @ t["W_k"].T)[:, None])
    scores = hidden @ t["w"]
    if about["mask"] is not None:
        scores = scores.masked_fill(~torch.tensor(about["mask"]).bool(), -torch.inf)
    context = torch.softmax(scores, -1) @ t["v"]
    (context * t["dcontext"].detach()).sum().backward()
    return {"context": context}


def torch_clip_norm(torch, about, t):
    for tensor in t.values():
        tensor.grad = tensor.detach().clone()
    total = torch.nn.utils.clip_grad_norm_(list(t.values()), about["limit"], float(about["order"]))
    return {"total": total}


def torch_clip_value(torch, about, t):
    t["a"].grad = t["a"].detach().clone()
    torch.nn.utils.clip_grad_value_([t["a"]], about["limit"])
    return {}


def cases():
    return [*recurrent_cases(), *other_cases()]


def load(file=FILE):
    """Return name -> (about, arrays), and the version of PyTorch that answered."""
    with np.load(file) as stored:
        values, index = stored["values"], json.loads(str(stored["index"]))
    found = {}
    for name, entry in index["cases"].items():
        arrays, at = {}, entry["at"]
        for array, shape in entry["arrays"].items():
            count = int(np.prod(shape))
            arrays[array] = values[at : at + count].reshape(shape)
            at += count
        found[name] = (entry["about"], arrays)
    return found, index["torch"]


def main():
    import torch

    values, index, at = [], {}, 0
    for number, (name, about) in enumerate(cases()):
        arrays = given(number, about)
        arrays |= answers(about, arrays)
        index[name] = {"about": about, "at": at, "arrays": {key: list(value.shape) for key, value in arrays.items()}}
        values += [value.ravel() for value in arrays.values()]
        at += sum(value.size for value in arrays.values())
    about = json.dumps({"torch": torch.__version__, "cases": index}, separators=(",", ":"))
    np.savez_compressed(FILE, values=np.concatenate(values), index=np.array(about))


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
