"""Dataclasses that are made quickly: before Python 3.13 each one compiles up to seven functions, one by one.

Textual, rich, our engine and what marks answers make some 200 of them while they are imported. Here only `__init__` is
compiled; the other methods are the same for all classes. What they do is what `dataclasses` documents. A class that
wants something rare (an order, an `InitVar`) is left to the standard library.

Gain, CPU: a class in a sixth of the time; the imports of the first screen 0.94 of before, those of an opening 0.77, of
marking 0.61.
"""
# ruff: noqa: ANN401, N807 - these are the methods of any class

import dataclasses
import sys
from collections.abc import Callable, Iterable
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any

_MADE_BY_PYTHON = dataclasses.dataclass
_set = object.__setattr__
_absent: Any = type("_Absent", (), {"__repr__": lambda _: "<factory>"})()  # as a signature shows it


def install() -> None:
    """Let every module that is imported from now on make its dataclasses quickly."""
    if sys.version_info < (3, 13):
        dataclasses.dataclass = dataclass


def dataclass(cls: type | None = None, /, **asked: Any) -> Any:
    """Make a dataclass, as `dataclasses.dataclass` does."""

    def made(cls: type) -> type:
        return _quick(cls, asked) if _is_plain(cls, asked) else _MADE_BY_PYTHON(cls, **asked)

    return made if cls is None else made(cls)


def _is_plain(cls: type, asked: dict[str, Any]) -> bool:
    known = {"init", "repr", "eq", "frozen", "match_args", "kw_only", "slots"}
    if any(value for name, value in asked.items() if name not in known):
        return False
    inherited = [field.type for field in getattr(cls, "__dataclass_fields__", {}).values()]
    kinds = [*cls.__dict__.get("__annotations__", {}).values(), *inherited]  # noqa: RUF063 - inspect is imported late
    return not any("InitVar" in str(kind) for kind in kinds)


def _quick(cls: type, asked: dict[str, Any]) -> type:
    frozen, eq = asked.get("frozen", False), asked.get("eq", True)
    own = cls.__dict__
    has_hash = own.get("__hash__") is not None or ("__hash__" in own and "__eq__" not in own)
    untold = cls.__doc__ is None
    if untold:
        cls.__doc__ = "-"  # else Python works out a signature to put there
    later = {name: asked[name] for name in ("match_args", "kw_only", "slots") if name in asked}
    inherits = any("__dataclass_params__" in base.__dict__ for base in cls.__mro__[1:])  # then Python looks at `frozen`
    made: Any = _MADE_BY_PYTHON(cls, init=False, repr=False, eq=False, frozen=frozen and inherits, **later)
    made.__dataclass_params__.frozen = frozen
    if untold:
        made.__doc__ = None
    fields = dataclasses.fields(made)
    methods: dict[str, Any] = {}
    if asked.get("init", True):
        methods["__init__"] = _init(made, [field for field in fields if _is_set(field, asked)], frozen=frozen)
    if asked.get("repr", True):
        methods["__repr__"] = _repr(tuple(field.name for field in fields if field.repr))
    if eq:
        methods["__eq__"] = _eq(_values([field.name for field in fields if field.compare]))
    if frozen:
        methods.update(_frozen(made, frozenset(field.name for field in fields)))
    if frozen and asked.get("slots", False):
        methods.update(_state(tuple(field.name for field in fields)))
    for name, method in methods.items():
        if name not in made.__dict__:
            method.__qualname__ = f"{made.__qualname__}.{name}"
            setattr(made, name, method)
    if eq and not has_hash:
        hashed = [field.name for field in fields if (field.compare if field.hash is None else field.hash)]
        made.__hash__ = _hash(_values(hashed)) if frozen else None
    return made  # type: ignore[no-any-return]


def _is_set(field: Any, asked: dict[str, Any]) -> bool:
    """Whether `__init__` sets a field: what only has a default is found in the class, where there are no slots."""
    has_default = field.default is not dataclasses.MISSING and asked.get("slots", False)
    return field.init or has_default or field.default_factory is not dataclasses.MISSING


def _init(cls: type, fields: Iterable[Any], *, frozen: bool) -> Callable[..., None]:
    """Return the `__init__`, the one method that is compiled: it is called often."""
    known: dict[str, Any] = {"__set": _set, "__absent": _absent}
    positional: list[str] = []
    named: list[str] = []
    body: list[str] = []
    for at, field in enumerate(fields):
        name, argument, value = field.name, field.name, field.name
        if field.default is not dataclasses.MISSING:
            known[f"default_{at}"] = field.default
            argument, value = f"{name}=default_{at}", value if field.init else f"default_{at}"
        elif field.default_factory is not dataclasses.MISSING:
            known[f"make_{at}"] = field.default_factory
            argument = f"{name}=__absent"
            value = f"make_{at}() if {name} is __absent else {name}" if field.init else f"make_{at}()"
        if field.init:
            (named if field.kw_only else positional).append(argument)
        body.append(f" __set(__self, {name!r}, {value})" if frozen else f" __self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append(" __self.__post_init__()")
    arguments = ", ".join(["__self", *positional, *(["*", *named] if named else [])])
    _check_order(cls, positional)
    exec(f"def __init__({arguments}):\n" + "\n".join(body or [" pass"]), known)  # noqa: S102 - names of fields alone
    init: Callable[..., None] = known["__init__"]
    init.__annotations__ = {**{field.name: field.type for field in fields if field.init}, "return": None}
    return init


def _check_order(cls: type, positional: Iterable[str]) -> None:
    optional = ""
    for argument in positional:
        if "=" in argument:
            optional = argument
        elif optional:
            raise TypeError(f"non-default argument {argument!r} of {cls.__name__} follows default argument")


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what takes the values of fields out of an object, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    if names:
        return lambda one, only=attrgetter(*names): (only(one),)  # type: ignore[misc]
    return lambda _: ()


def _eq(values: Callable[[Any], tuple[Any, ...]]) -> Callable[..., Any]:
    def __eq__(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:
        return hash(values(self))

    return __hash__


def _repr(names: tuple[str, ...]) -> Callable[[Any], str]:
    @recursive_repr("...")
    def __repr__(self: Any) -> str:
        return f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _frozen(cls: Any, names: frozenset[str]) -> dict[str, Callable[..., None]]:
    def __setattr__(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return {"__setattr__": __setattr__, "__delattr__": __delattr__}


def _state(names: tuple[str, ...]) -> dict[str, Callable[..., Any]]:
    """Return what copies and pickles need where attributes cannot be set."""

    def __getstate__(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def __setstate__(self: Any, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            _set(self, name, value)

    return {"__getstate__": __getstate__, "__setstate__": __setstate__}
