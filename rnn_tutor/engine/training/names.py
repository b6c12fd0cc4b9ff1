"""What there is to see of a run: the names that a lab's steps use, what they mean, and their axes."""

RESULTS: dict[str, str] = {
    "updates": "how many updates were made",
    "loss": "the loss of each batch, before the update that learns from it; the last is that of now",
    "norm": "the global norm of the gradients of each batch, before clipping",
    "baseline": "the expected loss of the best model without a memory",
    "gradient": "how large dL/dh is at each time step of the latest batch: the norm over units and sequences",
    "h": "the states along one sequence",
    "keep": "what each unit keeps at each step: f of an LSTM, z of a GRU, 1 - h**2 of a tanh RNN",
    "x": "the input of that sequence",
    "output": "what the network says along it",
    "target": "what is wanted along it; for classes 1 at the right one",
}

UPDATE = "update"
"""The axis along which a run goes on; before the first update it has one place."""

AXES: dict[str, tuple[str, ...]] = {
    "updates": (),
    "loss": (UPDATE,),
    "norm": (UPDATE,),
    "baseline": (),
    "gradient": ("time",),
    "h": ("unit", "time"),
    "keep": ("unit", "time"),
    "x": ("feature", "time"),
    "output": ("output", "time"),
    "target": ("output", "time"),
}

ALONG = ("h", "keep", "x", "output", "target")
"""What has a column for each step of that sequence."""
