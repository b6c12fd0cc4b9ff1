"""What is overridden of Textual's is still there: a name that it changed would silently be its own again."""

import importlib
import inspect
import pkgutil

import pytest
from textual.message import Message
from textual.message_pump import MessagePump
from textual.reactive import Reactive

import rnn_tutor.tui


def modules():
    for found in pkgutil.walk_packages(rnn_tutor.tui.__path__, "rnn_tutor.tui."):
        yield importlib.import_module(found.name)


CLASSES = sorted(
    {
        one
        for module in modules()
        for one in vars(module).values()
        if inspect.isclass(one)
        and one.__module__ == module.__name__
        and any(base.__module__.startswith("textual.") for base in one.__mro__)
    },
    key=lambda one: one.__qualname__,
)
IDS = [one.__qualname__ for one in CLASSES]


def function(found):
    return found.fget if isinstance(found, property) else getattr(found, "__func__", found)


def textuals(cls, name):
    """Whether a class of Textual's that this one is made of has a name."""
    return any(name in vars(base) for base in cls.__mro__ if base.__module__.startswith(("textual.", "rich.")))


def every_message(cls=Message):
    return {cls}.union(*(every_message(one) for one in cls.__subclasses__()))


def test_there_are_classes_to_look_at():
    assert {"Tutor", "TutorDriver", "GuardedDriver", "FrameScreen", "AnswerLine", "Lines", "CourseList"} <= set(IDS)


@pytest.mark.parametrize("cls", CLASSES, ids=IDS)
def test_what_is_marked_is_still_there_and_what_is_private_is_marked(cls):
    for name, found in vars(cls).items():
        code = function(found)
        if not inspect.isfunction(code):
            continue
        marked = getattr(code, "__override__", False)
        if marked:
            assert any(name in vars(base) for base in cls.__mro__[1:]), f"{name}: there is nothing to override"
        elif name.startswith("_") and not name.startswith("__"):
            assert not textuals(cls, name), f"{name} is Textual's: mark it with @override, or call it something else"


@pytest.mark.parametrize("cls", CLASSES, ids=IDS)
def test_handlers_and_watchers_have_what_they_wait_for(cls):
    handled = {getattr(one, "handler_name", "") for one in every_message()}
    for name, found in vars(cls).items():
        if not inspect.isfunction(function(found)) or not issubclass(cls, MessagePump):
            continue
        if name.removeprefix("_").startswith("on_") and name != "on_event":
            assert name.removeprefix("_") in handled, f"{name}: there is no such message"
        if name.startswith("watch_"):
            reactive = inspect.getattr_static(cls, name.removeprefix("watch_"), None)
            assert isinstance(reactive, Reactive), f"{name}: there is nothing to watch"
