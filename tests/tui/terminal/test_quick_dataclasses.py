"""Dataclasses that are made quickly are what Python would have made."""

import copy
import dataclasses
import inspect
import subprocess
import sys
import threading
from dataclasses import KW_ONLY, FrozenInstanceError, InitVar, field
from typing import Any, ClassVar

import pytest

from rnn_tutor.tui.terminal import quick_dataclasses

ASKED = [
    {},
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"slots": True},
    {"eq": False},
    {"frozen": True, "eq": False},
    {"kw_only": True},
    {"repr": False},
    {"order": True},
]


def made(maker: Any, asked: dict[str, Any]) -> Any:
    class Token:
        """A token."""

        kinds: ClassVar[tuple[str, ...]] = ("name", "sign")
        text: str
        at: int = 0
        notes: list[str] = field(default_factory=list, compare=False)
        hidden: int = field(default=7, repr=False, init=False)
        weight: float = field(default=1.0, hash=False)

        def shouted(self) -> str:
            return self.text.upper()

    return maker(**asked)(Token)


def both(asked: dict[str, Any]) -> tuple[Any, Any]:
    return made(dataclasses.dataclass, asked), made(quick_dataclasses.dataclass, asked)


def outcome(call: Any) -> object:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - that it is the same error is what is tested
        return type(error)


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_it_is_what_python_makes(asked):
    for one in zip(*(seen(kind) for kind in both(asked)), strict=True):
        assert one[0] == one[1]


def seen(kind: Any) -> list[object]:
    one, same, other = kind(text="a"), kind(text="a", notes=["x"]), kind(text="b", at=2, weight=3.0)
    return [
        str(inspect.signature(kind)),
        kind.__doc__,
        kind.__match_args__,
        [each.name for each in dataclasses.fields(kind)],
        kind.__dataclass_params__.frozen,
        "" if " at 0x" in repr(other) else repr(other).rpartition(".")[2],
        one == same,
        one == other,
        one == "a",
        outcome(lambda: hash(one) == hash(same)),
        outcome(lambda: hash(other) == hash(("b", 2, 7))),
        kind.__hash__ is None,
        outcome(lambda: setattr(one, "at", 5)),
        outcome(lambda: setattr(one, "another", 5)) if hasattr(one, "__dict__") else None,  # Python's is a bug there
        outcome(lambda: delattr(same, "at")),
        outcome(lambda: one < other),
        outcome(lambda: kind("a", 1, ["y"], 2.0).notes),
        outcome(kind),
        dataclasses.asdict(dataclasses.replace(other, at=9)) if "slots" not in asked_of(kind) else None,
        other.shouted(),
        vars(copy.deepcopy(other)) if hasattr(other, "__dict__") else copy.deepcopy(other).at,
        kind.kinds,
        hasattr(other, "__dict__"),
    ]


def asked_of(kind: Any) -> tuple[str, ...]:
    return ("slots",) if "__slots__" in kind.__dict__ else ()


@pytest.mark.parametrize("maker", [dataclasses.dataclass, quick_dataclasses.dataclass], ids=["python", "quick"])
def test_what_inherits_is_as_frozen_as_what_it_inherits_from(maker):
    @maker(frozen=True)
    class Part:
        name: str

    @maker(frozen=True)
    class Number(Part):
        digits: int = 3

    assert (Number("x").name, Number("x", 4).digits) == ("x", 4)
    assert Number("x") == Number("x") != Part("x")
    with pytest.raises(FrozenInstanceError):
        Number("x").name = "y"
    with pytest.raises(TypeError):
        maker(type("Loose", (Part,), {}))
    with pytest.raises(TypeError):
        maker(frozen=True)(
            maker(type("Loose", (), {"__doc__": "x"})).__class__("Tight", (maker(type("L", (), {})),), {})
        )


@pytest.mark.parametrize("maker", [dataclasses.dataclass, quick_dataclasses.dataclass], ids=["python", "quick"])
def test_what_a_class_says_itself_stays(maker):
    @maker
    class Own:
        value: int
        _: KW_ONLY
        scale: int = 2

        def __post_init__(self) -> None:
            self.value *= self.scale

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 5

        def __repr__(self) -> str:
            return "own"

    assert (Own(3, scale=3).value, repr(Own(1)), hash(Own(1)), Own(1) == Own(2)) == (9, "own", 5, True)
    with pytest.raises(TypeError):
        Own(1, 2)


@pytest.mark.parametrize("maker", [dataclasses.dataclass, quick_dataclasses.dataclass], ids=["python", "quick"])
def test_rare_things_are_left_to_python(maker):
    @maker
    class Drawn:
        size: InitVar[int]
        values: tuple[int, ...] = ()

        def __post_init__(self, size: int) -> None:
            self.values = tuple(range(size))

    @maker
    class Named(Drawn):
        name: str = "x"

    assert Drawn(3).values == Named(3).values == (0, 1, 2)
    with pytest.raises(TypeError, match="follows default"):
        maker(type("Wrong", (), {"__annotations__": {"a": "int", "b": "int"}, "a": 1}))
    with pytest.raises(ValueError, match="mutable default"):
        maker(type("Shared", (), {"__annotations__": {"a": "list"}, "a": []}))


@pytest.mark.parametrize("maker", [dataclasses.dataclass, quick_dataclasses.dataclass], ids=["python", "quick"])
def test_a_class_that_keeps_its_values_elsewhere_is_given_them(maker):
    """As those of a thread, which rich keeps so."""

    @maker
    class Kept(threading.local):
        depth: int = 0
        names: list[str] = field(default_factory=list)

    assert (Kept(3).depth, Kept().names) == (3, [])


def test_every_dataclass_of_the_tutor_is_the_same():
    """The signature, what is compared, what is frozen: of all that is imported until an answer is marked."""
    told = """
import dataclasses, inspect, sys
if sys.argv[1] == "quick":
    from rnn_tutor.tui.terminal import quick_dataclasses
    quick_dataclasses.install()
import rnn_tutor.tui.app, rnn_tutor.exercises.mark, rnn_tutor.tui.screens.exercise
for name, module in sorted(sys.modules.items()):
    for kind in list(vars(module).values()) if module is not None else []:
        if isinstance(kind, type) and kind.__module__ == name and "__dataclass_params__" in vars(kind):
            own = vars(kind)
            slots = own.get("__slots__")
            hashed = None if kind.__hash__ is None else kind.__hash__ is object.__hash__
            same = [part in own for part in ("__eq__", "__repr__", "__setattr__", "__getstate__")]
            taken = list(inspect.signature(kind.__init__).parameters)[1:]
            print(name, kind.__name__, taken, slots, hashed, same, kind.__match_args__)
"""
    run = [sys.executable, "-c", told]
    python, quick = (
        subprocess.run([*run, way], capture_output=True, text=True, check=True).stdout for way in ("python", "quick")
    )
    assert len(python.splitlines()) > 100
    assert quick.splitlines() == python.splitlines()
