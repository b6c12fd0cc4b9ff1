"""The lecturer's screen: what it shows as the class works, with keys alone."""

import time

import pytest

from rnn_tutor.tui import keys
from rnn_tutor.tui.terminal.capabilities import Terminal
from rnn_tutor.tui.watching import follow
from rnn_tutor.tui.watching.app import Watch
from rnn_tutor.tui.watching.screens import WAITING, ClassHelp, ClassScreen, OneScreen


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(follow, "EVERY", 0.02)
    monkeypatch.setattr(follow, "WAIT", 0.02)
    monkeypatch.setattr(follow, "AGAIN", (0.05,))


def lines(app):
    """Return what stands on the screen, line by line."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).ljust(width) for strip in strips][:height]


async def until(pilot, condition):
    end = time.monotonic() + 60  # a busy machine may take its time
    while time.monotonic() < end:
        await pilot.pause(0.02)
        if condition():
            return
    pytest.fail("\n".join(lines(pilot.app)))


def shows(app, text):
    return lambda: text in "\n".join(lines(app))


async def test_it_shows_the_class_as_it_works_and_says_when_the_line_is_lost(fake, rows):
    app = Watch(fake.opens, Terminal("utf8", 256))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, shows(app, "0 of 6 have begun, 0 stuck"))
        fake.give(*rows)
        await until(pilot, shows(app, "5 of 6 have begun, 1 stuck"))
        row = next(line for line in lines(app) if line.strip().startswith("lstm-cell"))
        assert row.split()[:4] == ["lstm-cell", "5", "2", "1"]
        assert "1 a sum or a softmax over the wrong axis" in row  # bob's is over: that part is right
        fake.cut()
        await until(pilot, shows(app, "The class's server cannot be reached. It is tried again."))
        assert shows(app, "5 of 6 have begun")()
        fake.cut(away=False)
        await until(pilot, lambda: not shows(app, "tried again")())
        await pilot.press("s")  # where most are stuck is the first row now
        first = next(line for line in lines(app) if line.strip().startswith(("task", "lstm")))
        assert first.strip().startswith("lstm-cell")
        await pilot.press("down", "up", "pagedown", "pageup", "enter")
        await until(pilot, lambda: isinstance(app.screen, OneScreen))
        await until(pilot, shows(app, "cyd: c (5 wrong answers, 5 minutes; the last is a wrong sign)"))
        assert shows(app, "It misleads. c: 4 of 5 learners began with the same mistake")()
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, ClassScreen))
        await pilot.press("q")
    assert app.return_code == 0


async def test_on_a_wide_screen_one_exercise_stands_beside_the_list(fake, rows):
    fake.give(*rows)
    app = Watch(fake.opens, Terminal("utf8", 0))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, shows(app, "Shapes of a task"))
        await pilot.press("down")
        await until(pilot, shows(app, "An LSTM cell"))
        assert shows(app, "5 of 6 have begun it, 2 have solved it.")()
        assert not [line for line in lines(app) if len(line.rstrip()) > 120]


async def test_foreign_text_is_only_text_and_news_without_news_paints_nothing(fake, rows):
    hostile = "\x1b]0;x\x07[/bold]\u202e" + "y" * 200
    fake.report_so_far.terms = fake.report_so_far.terms.__class__(
        **{**vars(fake.report_so_far.terms), "title": hostile, "names": {"sign": hostile, "axis": hostile}}
    )
    fake.give(*((f"{learner}{hostile}", attempt) for learner, attempt in rows))
    app = Watch(fake.opens, Terminal("ascii", 16))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.report is not None)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, OneScreen))
        text = "\n".join(lines(app))
        assert all((char.isascii() and char.isprintable()) or char == "\n" for char in text)
        assert "[/bold]" in text
        before, painted = fake.read, []
        app._display = lambda *args: painted.append(args)
        fake.news.set()
        await until(pilot, lambda: fake.read > before)
        await pilot.pause(0.1)
        assert painted == []
        fake.give(("new", rows[-1][1]))
        await until(pilot, lambda: painted)


async def test_until_the_first_report_it_says_that_it_reads(fake):
    fake.cut()
    app = Watch(fake.opens, Terminal("utf8", 256))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: shows(app, WAITING)() or shows(app, "tried again")())
        await pilot.press("enter", "down", "s")  # nothing is there yet
        await until(pilot, shows(app, "It is tried again."))


@pytest.mark.parametrize("key", ["f9", "question_mark"])
async def test_the_help_tells_the_keys_the_columns_and_how_it_is_counted(fake, rows, key):
    fake.give(*rows)
    app = Watch(fake.opens, Terminal("utf8", 256))
    async with app.run_test(size=(80, 60)) as pilot:
        await until(pilot, shows(app, "5 of 6 have begun"))
        assert shows(app, "F9 help")()
        for screen in (ClassScreen, OneScreen):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, ClassHelp))
            for said in ("s  ", "where most are stuck comes first", "mistake now", "A learner is stuck at an exercise"):
                assert shows(app, said)(), said
            await pilot.press(key, "q")  # once
            await until(pilot, lambda screen=screen: isinstance(app.screen, screen))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, OneScreen))


async def test_the_help_is_there_before_the_first_report_and_folds_on_a_narrow_screen(fake):
    fake.cut()
    app = Watch(fake.opens, Terminal("utf8", 256))
    async with app.run_test(size=(40, 50)) as pilot:
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, ClassHelp))
        text = [line.strip() for line in lines(app)]
        assert "What the columns are" in text
        assert not any("How it is counted" in line for line in text)
        words = " ".join(" ".join(text).split())
        assert "how many of them are stuck" in words


def test_the_keys_of_these_screens_are_told_and_have_ids():
    for cls in (ClassScreen, OneScreen, ClassHelp):
        for binding in keys.own(cls):
            assert binding.id, (cls, binding.key)
            assert binding.system or (binding.group in keys.SECTIONS and binding.tooltip), (cls, binding.key)
