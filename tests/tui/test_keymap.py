import pytest
from textual.binding import Binding

from rnn_tutor.tui.authoring.app import Author
from rnn_tutor.tui.keymap import KEPT, KeymapError, keymap, places, remap
from rnn_tutor.tui.keys import OF_AUTHORS, bindings


def test_what_is_asked_for_is_what_textual_gets():
    assert keymap({}) == {}
    assert keymap({"hint": "f10,k"}) == {"hint": "f10,k"}
    assert keymap({"glossary": "!"}) == {"glossary": "exclamation_mark"}


def test_arrows_may_be_letters_and_a_key_may_go_to_another_place():
    assert keymap({"row-up": "i", "row-down": "j", "hint": "ctrl+t", "step": "t"})["row-up"] == "i"
    assert keymap({"open": "i"}) == {"open": "i,enter"}


def test_two_may_change_their_keys():
    assert keymap({"hint": "f3,s", "solution": "f2,h"}) == {"hint": "f3,s", "solution": "f2,h"}


@pytest.mark.parametrize(
    ("name", "kept"), [("help", "f9"), ("enter", "enter"), ("quit", "q"), ("leave", "escape"), ("next-step", "enter")]
)
def test_the_keys_that_lead_in_out_and_to_the_help_stay(name, kept):
    assert kept in keymap({name: "f10"})[name].split(",")


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"hints": "k"}, "No key is called hints. Did you mean hint?"),
        ({"hint": "s"}, "s cannot be the key of hint: solution has it on the same screen."),
        ({"hint": "k", "solution": "k"}, "cannot be the key of"),
        ({"hint": "n"}, "n cannot be the key of hint: new-numbers-letter has it on the same screen."),
        ({"hint": ""}, "is not a key"),
        ({"hint": "k,,m"}, "is not a key"),
        ({"look": "space"}, "space cannot be the key of look: "),
        ({"progress": "home"}, "home cannot be the key of progress: "),
        ({"hint": "ctrl+a"}, "ctrl+a cannot be the key of hint: a line that you type on needs it."),
        ({"look": "1"}, "1 cannot be the key of look: "),
        ({"open": "p"}, "p cannot be the key of open: progress has it on a screen."),
        *(({"look": key}, f"{key} cannot be the key of look") for key in KEPT),
    ],
)
def test_what_cannot_be_had_is_said(wanted, says):
    with pytest.raises(KeymapError) as found:
        keymap(wanted)
    assert says in str(found.value)


def test_every_screen_and_widget_with_bindings_is_looked_at():
    from rnn_tutor.tui.screens.frame import FrameScreen

    def below(cls):
        return {cls}.union(*map(below, cls.__subclasses__()))

    known = set(places())
    missed = {cls for cls in below(FrameScreen) - known if "BINDINGS" in vars(cls)} - {FrameScreen}
    assert {cls for cls in missed if cls.__module__.startswith("rnn_tutor.tui.screens.")} == set()
    assert all(isinstance(one, Binding) for cls in known for one in bindings(cls))


async def test_a_key_of_ones_own_works_and_the_one_before_does_not(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        remap(app, {"hint": "f10", "help": "f1"})
        await pilot.press("f2")
        assert app.screen.visit.run.hints == 0
        await pilot.press("f10")
        assert app.screen.visit.run.hints == 1
        await pilot.press("f9")
        assert type(app.screen).__name__ == "HelpScreen"
        await pilot.press("escape", "f1")
        assert type(app.screen).__name__ == "HelpScreen"


async def test_what_cannot_be_had_changes_nothing(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        with pytest.raises(KeymapError):
            remap(app, {"look": "f10", "hint": "s"})
        await pilot.press("f2")
        assert app.screen.visit.run.hints == 1


OWN = (Author, *Author.OWN_SCREENS)


def test_the_keys_of_authors_can_be_others_too():
    assert keymap({"next-draw": "f10", "panel": "ctrl+b"}, OWN) == {"next-draw": "f10", "panel": "ctrl+b"}
    assert keymap({"next-draw": "f10"}) == {}  # where no file is written it is neither there nor a mistake
    ids = {one.id for cls in (Author,) for one in bindings(cls)}
    assert ids == set(OF_AUTHORS)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"next-draw": "f2"}, "f2 cannot be the key of next-draw: hint has it on a screen."),
        ({"next-draw": "ctrl+a"}, "ctrl+a cannot be the key of next-draw: a line that you type on needs it."),
        ({"next-draw": "ctrl+t"}, "ctrl+t cannot be the key of next-draw: "),
        ({"hint": "ctrl+n"}, "ctrl+n cannot be the key of hint: next-draw has it on every screen."),
        ({"next-draws": "f10"}, "No key is called next-draws. Did you mean next-draw?"),
    ],
)
def test_no_key_of_an_author_hides_another(wanted, says):
    with pytest.raises(KeymapError) as found:
        keymap(wanted, OWN)
    assert says in str(found.value)
