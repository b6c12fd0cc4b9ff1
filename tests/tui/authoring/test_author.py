"""Writing an exercise with the learner's screen beside it."""

import itertools
import threading

from rnn_tutor.exercises.files.finding import Finding
from rnn_tutor.settings import Settings
from rnn_tutor.tui.authoring.screens import FindingsScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.screens.solution import SolutionScreen
from rnn_tutor.tui.terminal.capabilities import Terminal
from rnn_tutor.tui.widgets.line import AnswerLine

from ..conftest import HOSTILE, burst, screen_text, type_in
from .conftest import DECAY, changed, flat, rechecked, shown, until


async def test_the_learners_screen_stands_above_what_was_found(open_author, file):
    file.write_text(DECAY.replace("    say: Two steps make a square.\n", ""), encoding="utf-8")
    async with open_author() as (app, _):
        lines = screen_text(app).splitlines()
        assert "A state that decays" in lines[0] and "original numbers" in lines[0]
        assert any(line.startswith(" Enter check  F2 hint 0/2") for line in lines)
        assert lines[-4].startswith(" ── decay.yaml: 1 error ──") and "read " in lines[-4]
        assert lines[-3].startswith(" 9: error: steps[0].say: factor has no sentence")
        assert lines[-1].split() == ["Ctrl+N/P", "draw", "Ctrl+G", "answers", "Ctrl+L", "findings", "Ctrl+T", "hide"]
        assert isinstance(app.focused, AnswerLine)


async def test_a_save_is_shown_however_it_is_made(open_author, file):
    async with open_author() as (app, pilot):
        changed(file, "A state is", "A number is")
        await shown(pilot, "A number is multiplied")
        other = file.with_name(".decay.yaml.swp")
        other.write_text(DECAY.replace("A state is", "Something is"), encoding="utf-8")
        other.replace(file)
        await shown(pilot, "Something is multiplied")
        file.unlink()
        await shown(pilot, "The file is gone.")
        assert "Something is multiplied" in flat(app)
        file.write_text(DECAY.replace("A state is", "At last it is"), encoding="utf-8")
        await shown(pilot, "At last it is multiplied")
        assert "The file is gone" not in flat(app)


async def test_what_cannot_be_read_leaves_the_last_version_there_and_is_told_at_its_line(open_author, file):
    async with open_author() as (app, pilot):
        await rechecked(pilot, lambda: changed(file, "hints:", "level: 7\nhint:"))
        text = flat(app)
        assert "A state is multiplied by rate" in text
        assert "The file cannot be shown as it is now" in text
        assert text.index("15: error: level: found '7'") < text.index("16: error: hint:")
        await rechecked(pilot, lambda: file.write_text(DECAY.replace("A state is", "It is"), encoding="utf-8"))
        assert "It is multiplied by rate" in flat(app)
        assert "error" not in flat(app) and "cannot be shown" not in flat(app)


async def test_what_cannot_be_evaluated_is_told_like_what_cannot_be_read(open_author, file):
    async with open_author() as (app, pilot):
        await rechecked(pilot, lambda: changed(file, "rate ** 2", "rate ** too"))
        assert "9: error: steps[0].let: There is no name too" in flat(app)
        assert flat(app).count("There is no name too") == 1
        assert "you see its version of" in flat(app)


async def test_what_does_not_hang_on_what_cannot_be_evaluated_is_shown(open_author, file):
    two = DECAY.replace("ask:\n", "ask:\n  - {answer: factor, as: scalar, prompt: The factor.}\n")
    file.write_text(
        two.replace("axes: [unit]}\nhints", "prompt: What is left., axes: [unit]}\nhints"), encoding="utf-8"
    )
    async with open_author() as (app, pilot):
        assert "What is left." in flat(app)
        await rechecked(pilot, lambda: changed(file, "factor * h", "factor * hh"))
        assert "steps[1].let: There is no name hh" in flat(app)
        assert "steps[1].let cannot be evaluated; everything" in flat(app)
        assert [part.name for part in app.screen.visit.question.parts] == ["factor"]
        assert "What is left." not in flat(app)
        await pilot.press("ctrl+n")
        await shown(pilot, "seed 0")
        assert [part.name for part in app.screen.visit.question.parts] == ["factor"]
        await rechecked(pilot, lambda: changed(file, "factor * hh", "factor * h"))
        assert "What is left." in flat(app) and "left out" not in flat(app)


async def test_a_file_that_is_broken_from_the_start_is_shown_as_soon_as_it_can_be(open_author, file):
    file.write_text("format: 1\nid: [", encoding="utf-8")
    async with open_author() as (app, pilot):
        assert isinstance(app.screen, FindingsScreen)
        assert "2: error: close the bracket" in flat(app)
        file.write_text(DECAY, encoding="utf-8")
        await shown(pilot, "A state is multiplied")
        assert isinstance(app.screen, ExerciseScreen)


async def test_a_half_written_file_is_not_told_of(open_author, file, monkeypatch):
    async with open_author() as (app, pilot):
        refused = []
        monkeypatch.setattr(app, "_refuse", lambda *about: refused.append(about))
        for length in range(40, len(DECAY), 40):  # slower than the looks follow each other
            file.write_text(DECAY[:length], encoding="utf-8")
            await pilot.pause(0.06)
        await rechecked(pilot, lambda: file.write_text(DECAY.replace("A state is", "It is"), encoding="utf-8"))
        assert "It is multiplied" in flat(app)
        assert refused == []


async def test_stepping_through_draws(open_author):
    async with open_author() as (app, pilot):
        steps = [("ctrl+n", "seed 0"), ("ctrl+n", "seed 1"), ("ctrl+p", "seed 0"), ("ctrl+p", "original numbers")]
        for key, said in [*steps, ("ctrl+n", "seed 0"), ("ctrl+o", "original numbers")]:
            await pilot.press(key)
            await shown(pilot, said)
        await pilot.press("ctrl+p")
        assert "These are the original numbers" in flat(app)
        await burst(pilot, "ctrl+n", "ctrl+n", "ctrl+n")
        await shown(pilot, "numbers of seed 2")
        await pilot.press("escape", "b")  # as for a learner
        await shown(pilot, "original numbers")
        await pilot.press("ctrl+n")
        await shown(pilot, "numbers of seed 0")


async def test_the_numbers_stay_over_a_save_those_of_a_learners_key_too(open_author, file):
    async with open_author(seed=7) as (app, pilot):
        assert "numbers of seed 7" in flat(app)
        await rechecked(pilot, lambda: changed(file, "A state is", "It is"))
        assert "It is multiplied" in flat(app) and "numbers of seed 7" in flat(app)
        await pilot.press("f4")
        await until(pilot, lambda: app.screen.visit.question.seed != 7)
        seed = app.screen.visit.question.seed
        await rechecked(pilot, lambda: changed(file, "It is", "That is"))
        assert "That is multiplied" in flat(app) and app.screen.visit.question.seed == seed


async def test_a_draw_that_is_not_to_be_had_is_told_and_the_next_is_tried_after_it(open_author, file):
    file.write_text(DECAY.replace("steps:\n", 'conditions: ["h[0] > 2"]\nsteps:\n', 1), encoding="utf-8")
    async with open_author() as (app, pilot):
        await pilot.press("ctrl+n")
        await shown(pilot, "seed 0: In 500 draws no numbers were suitable")
        await pilot.press("ctrl+n")
        await shown(pilot, "seed 1: In 500 draws no numbers were suitable")
        assert "original numbers" in screen_text(app).splitlines()[0]
        file.write_text(DECAY, encoding="utf-8")
        await shown(pilot, "numbers of seed 1")
        assert "no numbers were suitable" not in flat(app)


async def test_an_answer_survives_a_save_and_is_marked_anew(open_author, file):
    async with open_author() as (app, pilot):
        await type_in(pilot, "rate * h")
        await pilot.press("enter", "left", "left")
        assert "Not yet." in flat(app)
        await rechecked(pilot, lambda: changed(file, "rate ** 2", "rate ** 1"))
        assert "left = rate * h" in flat(app) and "Right." in flat(app) and "Not yet." not in flat(app)
        assert isinstance(app.focused, AnswerLine) and app.focused.cursor_position == len("rate * h") - 2
        await rechecked(pilot, lambda: changed(file, "left", "rest"))
        assert "rest = rate * h" in flat(app) and "Right." in flat(app)


async def test_what_was_typed_since_it_was_marked_is_not_marked_by_a_save(open_author, file):
    async with open_author() as (app, pilot):
        await type_in(pilot, "rate * h")
        await pilot.press("enter")
        await type_in(pilot, " * rate")
        assert 'Your earlier answer "rate * h": Not yet.' in flat(app)
        await rechecked(pilot, lambda: changed(file, "A state is", "It is"))
        assert "It is" in flat(app) and 'Your earlier answer "rate * h": Not yet.' in flat(app)
        await pilot.press("ctrl+underscore")
        assert "left = rate * h" in flat(app) and "Your earlier answer" not in flat(app)


async def test_what_was_typed_while_it_was_read_is_there_too(open_author, file, monkeypatch):
    held, go_on = threading.Event(), threading.Event()
    async with open_author() as (app, pilot):
        from rnn_tutor.tui.authoring import draft

        read = draft.read

        def slowly(path):
            held.set()
            go_on.wait(10)
            return read(path)

        monkeypatch.setattr(draft, "read", slowly)
        await type_in(pilot, "rate")
        changed(file, "A state is", "It is")
        await until(pilot, held.is_set)
        await type_in(pilot, " * h")
        await pilot.press("f2")
        go_on.set()
        await shown(pilot, "It is multiplied")
        assert "left = rate * h" in flat(app) and "Hint 1 of 2" in flat(app)


async def test_the_expected_answers_are_right_for_every_draw(open_author):
    async with open_author() as (app, pilot):
        await pilot.press("ctrl+g")
        assert "expected: left = [0.2, -0.1]" in flat(app)
        for _ in range(3):
            before = flat(app).partition("expected: left = ")[2].partition("]")[0]
            await pilot.press("ctrl+n")
            await until(pilot, lambda before=before: before not in flat(app))
        said = flat(app).partition("expected: left = ")[2].partition("]")[0] + "]"
        await type_in(pilot, said)
        await pilot.press("enter")
        assert "Right." in flat(app)
        await pilot.press("ctrl+g")
        assert "expected" not in flat(app)


async def test_hints_solution_look_and_pad_are_a_learners_and_stay_over_a_save(open_author, file):
    async with open_author() as (app, pilot):
        await pilot.press("f2", "f6", *"a = rate * rate")
        await rechecked(pilot, lambda: changed(file, "What is left after one step?", "After one step?"))
        assert "Hint 1 of 2 After one step?" in flat(app) and "a = rate * rate" in flat(app)
        assert app.focused is app.screen.pad.lines
        await pilot.press("f3", "right")
        assert isinstance(app.screen, SolutionScreen) and "step 2 of 2" in flat(app)
        await rechecked(pilot, lambda: changed(file, "Each element shrinks", "Every element shrinks"))
        assert isinstance(app.screen, SolutionScreen)
        assert "step 2 of 2" in flat(app) and "Every element shrinks" in flat(app)
        await pilot.press("ctrl+n")
        await shown(pilot, "seed 0")
        assert "step 2 of 2" in flat(app)
        await pilot.press("q", "f5")
        assert isinstance(app.screen, LookScreen)
        await rechecked(pilot, lambda: changed(file, "Every element", "Each element"))
        assert isinstance(app.screen, LookScreen)
        await pilot.press("q")
        assert isinstance(app.screen, ExerciseScreen) and len(app.screen_stack) == 2


async def test_keys_work_while_it_is_checked_and_only_the_newest_check_counts(open_author, file, monkeypatch):
    held, go_on, second, to_the_end = (threading.Event() for _ in range(4))
    async with open_author() as (app, pilot):
        from rnn_tutor.exercises import lint

        check = lint.check

        def slowly(path, draws):
            if not held.is_set():
                held.set()
                go_on.wait(10)
                return lint.Report((Finding(path, 3, "title", "an old story"),), 1)
            second.set()
            to_the_end.wait(10)
            return check(path, draws)

        monkeypatch.setattr(lint, "check", slowly)
        changed(file, "A state is", "It is")
        await until(pilot, held.is_set)
        await shown(pilot, "It is multiplied")
        assert "checking" in flat(app)
        await type_in(pilot, "rate * h")
        assert "read as a vector" in flat(app)
        changed(file, "It is", "That is")
        await shown(pilot, "That is multiplied")
        go_on.set()
        await until(pilot, second.is_set)
        assert "an old story" not in flat(app) and "checking" in flat(app)
        to_the_end.set()
        await until(pilot, lambda: app._checked and app.quiet)
        assert "nothing to fix" in flat(app)


async def test_a_mistake_of_the_programs_own_is_told_and_one_goes_on(open_author, file, monkeypatch):
    async with open_author() as (app, pilot):
        from rnn_tutor.exercises import lint
        from rnn_tutor.tui.authoring import draft

        def fails(*_):
            raise KeyError("x")

        with monkeypatch.context() as patched:
            patched.setattr(lint, "check", fails)
            patched.setattr(draft, "visited", fails)
            await rechecked(pilot, lambda: changed(file, "A state is", "It is"))
            assert "rnn-tutor has a bug here (KeyError)" in flat(app)
            assert "A state is multiplied" in flat(app)
        await rechecked(pilot, lambda: changed(file, "It is", "That is"))
        assert "That is multiplied" in flat(app) and "KeyError" not in flat(app)


async def test_many_findings_are_a_screen_of_their_own(open_author, file):
    names = ["".join(pair) for pair in itertools.product("uvwxyz", "abcde")]  # numbered ones would be told as one kind
    steps = "".join(f'  - let: "{name} = rate"\n' for name in names)
    file.write_text(DECAY.replace("steps:\n", f"steps:\n{steps}", 1), encoding="utf-8")
    async with open_author() as (app, pilot):
        assert "more: Ctrl+L" in flat(app)
        await pilot.press("ctrl+l")
        assert isinstance(app.screen, FindingsScreen)
        lines = screen_text(app).splitlines()
        assert sum("error:" in line for line in lines) > 8 and "warning:" not in flat(app)
        await pilot.press(*["pagedown"] * 9)
        assert "warning: steps[29].let" in flat(app)
        await rechecked(pilot, lambda: file.write_text(DECAY, encoding="utf-8"))
        assert "There is nothing to fix." in flat(app)
        await pilot.press("ctrl+l")
        assert isinstance(app.screen, ExerciseScreen)


async def test_hidden_the_screen_is_the_learners_until_there_is_trouble(open_author, open_app, file):
    async with open_author() as (app, pilot):
        await pilot.press("ctrl+t")
        lines = screen_text(app).splitlines()
        assert lines[-1].startswith(" Enter check") and "decay.yaml" not in flat(app)
        await rechecked(pilot, lambda: changed(file, "hints:", "hint:"))
        assert "error: hint" in flat(app)
        await rechecked(pilot, lambda: changed(file, "hint:", "hints:"))
        assert "decay.yaml" not in flat(app)
        await pilot.press("ctrl+t")
        assert "decay.yaml" in flat(app)


async def test_it_stays_with_its_file_and_keeps_nothing(open_author, content):
    async with open_author(content / "gates" / "lstm-cell.yaml") as (app, pilot):
        assert "Gates / LSTM cell update" in flat(app) and "3/5" in flat(app)
        await type_in(pilot, "f*c_prev + i*cand")
        await pilot.press("enter")
        assert "Solved. Next: Numbers of many dimensions (F8)." in flat(app)
        for key in ("f8", "f7"):
            await pilot.press(key)
            assert "This is one file" in flat(app)
        await pilot.press("escape", "slash")
        assert "This is one file" in flat(app)
        assert app.session.store is None and app.session.log == [] and not app.session.standings
        await pilot.press("q")
        await until(pilot, lambda: app._exit)
        assert app.return_value == 0


async def test_outside_a_course_it_stands_alone_though_another_file_has_its_id(open_author, file):
    path = file.with_name("lstm-cell.yaml")
    path.write_text(DECAY.replace("id: decay", "id: lstm-cell"), encoding="utf-8")
    async with open_author(path) as (app, pilot):
        first = screen_text(app).splitlines()[0]
        assert "A state that decays" in first and "/" not in first
        await type_in(pilot, "rate**2 * h")
        await pilot.press("enter")
        assert "Solved. F4 asks it again" in flat(app)
        for key in ("f8", "f7"):
            await pilot.press(key)
            assert "This is one file" in flat(app)


async def test_a_course_around_the_file_is_its_course_and_its_exercises_alone_are_counted(open_author, tmp_path):
    unit = tmp_path / "own" / "memory"
    unit.mkdir(parents=True)
    (unit.parent / "course.yaml").write_text(
        "format: 1\ntitle: Own\nunits:\n  - id: memory\n    title: Memory\n    aim: a\n"
        "    exercises: [{id: decay, title: A state that decays}]\n",
        encoding="utf-8",
    )
    (unit / "decay.yaml").write_text(DECAY, encoding="utf-8")
    async with open_author(unit / "decay.yaml") as (app, _):
        assert "Memory / A state that decays" in flat(app) and "1/1" in flat(app)


async def test_nothing_in_a_file_reaches_the_terminal_as_more_than_text(open_author, file):
    file.write_text(DECAY.replace("hints:", '"[red]x[/]": 1\nhints:'), encoding="utf-8")
    async with open_author() as (app, pilot):
        assert "[red]x[/]" in flat(app)
        app._take_findings(app._version, [Finding(file, 2, HOSTILE, HOSTILE)])
        app._sentence = HOSTILE
        app._refill()
        await pilot.pause()
        text = screen_text(app)
        assert "[red]x[/]" in text and "[/b]" in text
        assert all(char.isprintable() or char == "\n" for char in text)


async def test_in_ascii_too(open_author, file):
    file.write_text(DECAY.replace("A state is", "Ein Zustand σ wird"), encoding="utf-8")
    async with open_author(terminal=Terminal("ascii", 0)) as (app, pilot):
        assert "decay.yaml: nothing to fix" in flat(app)
        await rechecked(pilot, lambda: changed(file, "hints:", "σ: 1\nhints:"))
        assert "error: " in flat(app)
        lines = [strip.text for strip in app.screen._compositor.render_strips()]
        filtered = app._ascii
        assert filtered in app.get_line_filters()
        assert any("error: " in line for line in lines)


async def test_a_narrow_screen_has_one_line_between_the_two(open_author):
    for size in ((40, 12), (24, 16)):
        async with open_author(size=size) as (app, _):
            lines = screen_text(app).splitlines()
            assert sum("decay.yaml" in line for line in lines) == 1
            assert len(lines) == size[1] and "Ctrl+N/P" in lines[-1]


async def test_the_words_of_an_exercise_are_those_of_the_file_as_it_is_now(open_author, file):
    glossary = (
        "format: 1\nterms: [{term: state, unit: work, means: Carried on.}, {term: rate, unit: work, means: New.}]"
    )
    (file.parent / "glossary.yaml").write_text(glossary, "utf-8")
    course = "format: 1\ntitle: C\nunits: [{id: unit, title: U, aim: a, exercises: [{id: decay, title: Decay}]}]\n"
    (file.parent / "course.yaml").write_text(course, "utf-8")
    (file.parent / "unit").mkdir()
    moved = file.rename(file.parent / "unit" / "decay.yaml")
    async with open_author(moved) as (app, pilot):
        await pilot.press("escape", "w")
        assert "Carried on." in flat(app)
        await rechecked(pilot, lambda: moved.write_text(DECAY.replace("state", "thing"), encoding="utf-8"))
        assert "Carried on." not in flat(app) and "New." in flat(app)


async def test_keys_of_authors_are_those_of_the_settings(open_author, tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('[keys]\nnext-draw = "f10"\n', "utf-8")
    settings = Settings(file)
    settings.read()
    async with open_author(settings=settings) as (app, pilot):
        assert "F10" in flat(app)
        await pilot.press("f10")
        await shown(pilot, "seed 0")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: app.quiet)
        assert "seed 1" not in flat(app)
        assert app.choose_keys("next-draw", "ctrl+b") == ""
        assert "Ctrl+B" in flat(app)
        await pilot.press("ctrl+b")
        await shown(pilot, "seed 1")
