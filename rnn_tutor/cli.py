"""The command rnn-tutor: without a command it opens the tutor; the commands are for scripts, screen readers and tests.

Exit status: 0 done (for `answer`: right), 1 not right, or something was found wrong, 2 not understood or bad use.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from rnn_tutor.stand_ins import import_with, late

import_with(late({"urllib.parse": ("quote_from_bytes",)}), "pathlib")  # paths are made no addresses of

# isort: split
from pathlib import Path  # noqa: E402

if TYPE_CHECKING:
    import argparse

    from rnn_tutor.exercises.load import Library

Words: TypeAlias = Any
"""What the words of the command line say: an attribute for each option."""

# Options that take a value, for telling an option from an answer such as -1e-3 or -[1, 2].
_WITH_VALUE = (
    "--content", "--data", "--seed", "--part", "--hints", "--earlier", "--draws", "--learner",
    "--md", "--html", "--svg", "--picture", "--key", "--title", "--unit", "--step", "--level",
    "--transcript", "--assignment", "--minutes", "--questions", "--set", "--updates", "--text", "--output",
    "--ipynb", "--moodle", "--qti", "--variants", "--host", "--port", "--public-url", "--visitors", "--idle",
    "--database", "--lecturer", "--address", "--root", "--cert",
)  # fmt: skip
_BEFORE_COMMAND = ("--version", "--kiosk", "--learner", "--assignment")  # of the tutor itself
_WITH_ASSIGNMENT = (
    *(None, "practice", "progress", "hand-in", "collect", "serve"),
    *(f"class {name}" for name in ("report", "export", "watch")),
)
_DATA = "where to keep your progress (or set RNN_TUTOR_DATA)"
_ALONE = (
    "--version", "--kiosk", "--json", "--numpy", "--torch", "--jax", "--no-save", "--only", "--ascii",
    "--utf8", "--force", "--help", "-h",
    "--due", "--list", "--csv", "--plain", "--skills", "--mistakes",
    "--yes", "--all", "--undo", "--solutions", "--nbgrader", "--run", "--erase", "--no-secret",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run rnn-tutor; the exit status is returned."""
    words = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads for small matrices wait more than they work
    if argv is None:
        _stay()
    if argv is None and not words and "_ARGCOMPLETE" in os.environ:  # a shell asks what can come next
        return _complete()
    try:
        options = _parsed(words) if words else WITHOUT_WORDS
    except SystemExit as stop:  # argparse has said what it had to say
        return int(stop.code or 0)
    run: Callable[[Words], int] = options.run
    if options.kiosk and run is not _tutor:  # nothing but the screens, whatever stands behind --kiosk
        run = _only_screens
    elif options.assignment is not None and options.command not in _WITH_ASSIGNMENT:
        run = _not_for_assignments
    sentences: list[str] = []

    def note(error: BaseException, where: str) -> None:
        from rnn_tutor.commands.mistakes import written_down  # late: hardly ever needed

        data = getattr(options, "data", None)
        sentences.append(written_down(error, where, data, path_is_shown=not options.kiosk))

    def unraisable(caught: "sys.UnraisableHookArgs") -> None:  # Python would print it, in the middle of a screen too
        if caught.exc_value is not None:
            note(caught.exc_value, "cleaning up")

    before, sys.unraisablehook = sys.unraisablehook, unraisable
    try:
        status = _status(run, options)
    except Exception as error:  # noqa: BLE001 - it is written down and told
        note(error, "running a command")
        status = 1
    finally:
        sys.unraisablehook = before
    if sentences:
        _complain(sentences[0])  # of several the first is the cause
    return status


def _stay() -> None:
    """Import all that comes later from where this began, whatever the links on the way lead to by then.

    So versions can lie side by side behind a link that is led to the newest, and who works in an older one stays there.
    """
    import rnn_tutor

    for places in (sys.path, rnn_tutor.__path__):
        places[:] = [os.path.realpath(place) if place else place for place in places]


def _complete() -> int:
    from rnn_tutor.commands.completing import complete

    complete(_parser())
    return 0


def _status(run: Callable[[Words], int], options: Words) -> int:
    """Run what is asked for and return the exit status; what goes wrong for a user is told."""
    from rnn_tutor.paths import PathError

    if sys.stdout is None:  # closed by whoever started us: the exit status is all that is wanted
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it lives as long as the program
    try:
        status = run(options)
        sys.stdout.flush()
    except PathError as error:
        return _complain(str(error))
    except BrokenPipeError:  # `rnn-tutor list | head`: the reader has gone, and nothing is wrong
        _drop_output()
        return 0
    except OSError as error:
        if error.filename is not None:
            raise  # not of the output
        _drop_output()
        return _complain(f"The output cannot be written: {error.strerror}.")
    except KeyboardInterrupt:
        return 130
    return status


def _complain(sentence: str) -> int:
    from rnn_tutor.commands.output import complain

    return complain(sentence)


def _parsed(words: list[str]) -> Words:
    """Return what the words ask for. SystemExit where they ask for help, or for what there is not."""
    parser = _parser()
    options, unknown = parser.parse_known_args(_options_first(words))
    if "--" in unknown:
        unknown.remove("--")  # put there by `_options_first`
    if unknown:  # what is said of it is imported for it: nobody's first frame waits for that
        from rnn_tutor.commands.output import complain
        from rnn_tutor.engine.errors import did_you_mean

        named = [word.partition("=")[0] for word in unknown]
        known = (*_WITH_VALUE, *_ALONE)  # of other commands too
        near = did_you_mean(named[0], known) if named[0].startswith("--") and named[0] not in known else ""
        complain(f"unrecognized arguments: {' '.join(unknown)}.{near} Try {parser.prog} --help.")
        raise SystemExit(2)
    return options


def _drop_output() -> None:
    """Send what is still to be written nowhere, so that Python does not try it again on its way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _options_first(words: list[str]) -> list[str]:
    """Return the words as argparse reads them: the command, its options, `--`, and what is no option.

    So an option may stand anywhere, before the command too, and an answer may begin with a minus sign.
    """
    front: list[str] = []
    options: list[str] = []
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        name = word.partition("=")[0]
        group = front if name in _BEFORE_COMMAND else options
        if word == "--":
            others += rest
        elif word == "-h" and len(others) > 1:  # an answer: minus h
            others.append(word)
        elif word in _ALONE or (name in _WITH_VALUE and "=" in word):
            group.append(word)
        elif word == "-o" and others[:1] in (["import"], ["class"]):  # elsewhere it is an answer: minus o
            options.append(f"--output={next(rest, '')}")
        elif word in _WITH_VALUE:
            value = next(rest, None)
            group += [word] if value is None else [f"{word}={value}"]
        elif word.startswith("--") and word[2:3].isalpha():
            group.append(word)  # unknown: argparse says so
        else:
            others.append(word)
    if not others:
        return [*front, *options]
    named = 2 if others[0] == "class" else 1  # words that say which command it is
    command, others = others[:named], others[named:]
    return [*front, *command, *options, *(["--", *others] if others else [])]


def _parser() -> "argparse.ArgumentParser":
    """Return what reads the words; argparse takes 6 ms of 200 to import, and the tutor mostly starts without any."""
    import argparse

    class _Parser(argparse.ArgumentParser):
        """Says what is wrong in one sentence, and where help is."""

        def error(self, message: str) -> NoReturn:
            """Leave with status 2."""
            _complain(f"{message}. Try {self.prog} --help.")
            sys.exit(2)

    parser = _Parser(
        prog="rnn-tutor",
        description="A terminal tutor for the mathematics of recurrent networks. Without a command it opens the tutor.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="show the version")
    _where(parser)
    parser.add_argument("--seed", type=_seed, metavar="N", help="open exercises with the numbers drawn from this seed")
    _characters(parser)
    parser.add_argument("--kiosk", action="store_true", help="for a shared account: open only the tutor")
    said = "with --kiosk or --assignment: the learner's id, instead of asking"
    parser.add_argument("--learner", metavar="ID", help=said)
    parser.add_argument("--assignment", metavar="FILE", help="open an assignment: its exercises, with your own numbers")
    parser.set_defaults(run=_tutor, command=None)
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)

    def command(name: str, text: str, run: Callable[[Words], int]) -> "argparse.ArgumentParser":
        sub = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        sub.set_defaults(run=run, command=name)
        return sub

    _for_learners(command)
    _for_authors(command)
    return parser


Adding: TypeAlias = "Callable[[str, str, Callable[[Words], int]], argparse.ArgumentParser]"


def _for_learners(command: Adding) -> None:
    sub = command("list", "List the units and exercises.", _late("lists", "list_exercises"))
    sub.add_argument("--unit", metavar="UNIT", help="only this unit, by its id")
    sub.add_argument("--level", type=int, choices=(1, 2, 3), help="only exercises of this level")
    sub.add_argument("--due", action="store_true", help="only exercises that are due for review today")
    sub.add_argument("--drafts", action="store_true", help="the drafts too, which are not finished")
    _where(sub, json=True)
    sub = command("show", "Show an exercise: its prompt, givens and questions.", _late("exercise", "show"))
    _of_exercise(sub)
    sub.add_argument("--hints", type=int, default=0, metavar="N", help="show the first N hints too")
    sub.add_argument("--numpy", action="store_true", help="show only the givens, as NumPy code: how `code` begins")
    _as_code(command)
    sub = command("answer", "Check an answer; - reads it from standard input.", _late("sent", "answer"))
    _of_exercise(sub)
    sub.add_argument(
        "text",
        nargs="+",
        metavar="TEXT",
        help="the answer, or - for standard input; with several parts, one answer each, in order",
    )
    sub.add_argument("--part", metavar="NAME", help="the part that you answer, if there are several")
    sub.add_argument(
        "--earlier",
        action="append",
        default=[],
        metavar="NAME=TEXT",
        help="your answer to an earlier part, to build on",
    )
    sub.add_argument("--no-save", action="store_true", help="do not keep this attempt")
    sub.add_argument(
        "--step",
        type=_step,
        metavar="K",
        help="TEXT is your value of step K: check only that; it is not an attempt",
    )
    sub = command("solve", "Show the worked solution step by step, or write it to a file.", _late("exercise", "solve"))
    _of_exercise(sub)
    _to_file(sub, "the solution").add_argument("--svg", metavar="FILE", help="write it as a picture")
    sub.add_argument("--picture", metavar="NAME", help="with --svg: only this picture")
    _for_labs(command)
    sub = command("page", "Show the page of a unit: what it teaches.", _late("book", "page"))
    sub.add_argument("unit", metavar="UNIT", help="a unit of the course, by its id")
    _where(sub, json=True)
    sub = command("glossary", "Explain words and symbols.", _late("book", "glossary"))
    sub.add_argument("words", nargs="*", metavar="WORD", help="show only entries with all these words")
    _where(sub, json=True)
    sub = command("progress", "Show your progress.", _progress)
    sub.add_argument("--csv", action="store_true", help="print a row for each exercise, for a spreadsheet")
    group = sub.add_mutually_exclusive_group()
    group.add_argument("--skills", action="store_true", help="only your skills: what you can do, what is shaky")
    group.add_argument("--mistakes", action="store_true", help="only the mistakes that come back")
    sub.add_argument("--transcript", metavar="FILE", help="write all answers as Markdown; - is standard output")
    _where(sub, json=True)
    _over(sub)
    _for_practising(command)
    _for_keeping(command)


def _for_labs(command: Adding) -> None:
    said = "Show what a lab shows where its controls are put; train its network first."
    sub = command("lab", said, _late("seen", "lab"))
    _of_exercise(sub)
    sub.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="put a control somewhere (repeatable)"
    )
    sub.add_argument(
        "--updates", type=_updates, default=0, metavar="N", help="how many updates to make, in a lab that trains"
    )
    _with_text(sub)


def _with_text(parser: "argparse.ArgumentParser") -> None:
    parser.add_argument("--text", metavar="FILE", help="a text of yours that a network is to learn")


def _as_code(command: Adding) -> None:
    sub = command("code", "Print an exercise or a lab as a script of a library.", _late("exercise", "code"))
    _of_exercise(sub)
    libraries = sub.add_mutually_exclusive_group()
    for key, name in (("torch", "PyTorch (if nothing else is asked for)"), ("numpy", "NumPy"), ("jax", "JAX")):
        text = f"write it in {name}"
        libraries.add_argument(f"--{key}", dest="library", action="store_const", const=key, default="torch", help=text)
    sub.add_argument("--part", metavar="NAME", help="only the steps that lead to this part")


def _for_practising(command: Adding) -> None:
    sub = command("review", "Open the tutor with what is due for review, each with new numbers.", _review)
    sub.add_argument("--list", action="store_true", help="list what is due instead, and how long it will take")
    sub.add_argument("--plain", action="store_true", help="line by line, for screen readers and bad lines")
    _where(sub, json=True)
    _characters(sub)
    sub = command("practice", "Open the tutor at an exercise, a lab or a unit, or without a screen.", _practice)
    sub.add_argument("exercise", nargs="?", metavar="ID", help="its id (default: the exercise to go on with)")
    sub.add_argument("--plain", action="store_true", help="line by line, for screen readers and bad lines")
    sub.add_argument("--seed", type=_seed, metavar="N", help="open exercises with the numbers drawn from this seed")
    _with_text(sub)
    _where(sub)
    _characters(sub)
    sub = command("placement", "Find out what you know: one question a unit.", _placement)
    sub.add_argument("--plain", action="store_true", help="line by line, for screen readers and bad lines")
    _where(sub)
    _characters(sub)
    sub = command("exam", "Take an exam on some units, or write it to a file.", _exam)
    sub.add_argument("units", nargs="*", metavar="UNIT", help="units, by their ids (default: the exam you left)")
    sub.add_argument("--seed", type=_seed, metavar="N", help="the questions and numbers drawn from this seed")
    sub.add_argument("--minutes", type=_minutes, default=0, metavar="M", help="how long it takes (default: no limit)")
    sub.add_argument("--questions", type=_questions, default=0, metavar="K", help="how many questions it has")
    sub.add_argument("--plain", action="store_true", help="line by line, for screen readers and bad lines")
    sub.add_argument("--title", metavar="TEXT", help="with --md or --html: the title at the top")
    _to_file(sub, "the exam")
    sub.add_argument("--key", metavar="FILE", help="with --md or --html: also write the answers, into another file")
    _where(sub)
    _characters(sub)
    sub = command("next", "Print the exercise to go on with: its id and title.", _late("lists", "next_open"))
    _where(sub)


def _for_keeping(command: Adding) -> None:
    sub = command("reset", "Count an exercise as not begun; this can be undone.", _late("keeping", "reset"))
    _of_answers(sub)
    sub.add_argument("--undo", action="store_true", help="take back the last reset")
    sub = command("forget", "Erase the answers to an exercise for good.", _late("keeping", "forget"))
    _of_answers(sub)
    sub = command("backup", "Write all answers into a file, as JSON Lines.", _late("keeping", "backup"))
    sub.add_argument("file", metavar="FILE", help="where to; - is standard output")
    sub.add_argument("--data", metavar="DIR", help=_DATA)
    _over(sub)
    sub = command("hand-in", "Write your answers into a file for your lecturer.", _late("handing", "hand_in"))
    sub.add_argument(
        "file", nargs="?", metavar="FILE", help="where to (default: a name with your id); - is standard output"
    )
    _where(sub)
    _over(sub)
    sub = command("merge", "Add the answers that are in other files.", _late("keeping", "merge"))
    sub.add_argument("files", nargs="+", metavar="FILE", help="a file that backup has written, or a progress.sqlite3")
    sub.add_argument("--data", metavar="DIR", help=_DATA)


def _of_answers(parser: "argparse.ArgumentParser") -> None:
    parser.add_argument("exercise", nargs="?", metavar="ID", help="an exercise or a lab")
    parser.add_argument("--all", action="store_true", help="everything that was answered")
    parser.add_argument("--yes", action="store_true", help="do not ask first")
    parser.add_argument("--data", metavar="DIR", help=_DATA)


def _over(parser: "argparse.ArgumentParser") -> None:
    parser.add_argument("--force", action="store_true", help="overwrite existing files")


def _for_authors(command: Adding) -> None:
    sub = command("check", "Check exercise files for errors.", _late("authoring", "check"))
    _where(sub, json=True)
    sub.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: the course)")
    sub.add_argument(
        "--draws", type=int, default=100, metavar="N", help="how many random draws to try for each (default 100)"
    )
    sub = command("sheet", "Write a problem sheet to print, and its key.", _late("export", "sheet"))
    sub.add_argument("exercises", nargs="+", metavar="ID", help="exercises, units (all their exercises) or files")
    sub.add_argument("--seed", type=_seed, metavar="N", help="the numbers drawn from this seed, not the original ones")
    sub.add_argument("--title", metavar="TEXT", help="the title at the top")
    _to_file(sub, "the sheet", required=True)
    sub.add_argument("--key", metavar="FILE", help="also write the answers, into a separate file")
    _where(sub)
    said = "Make exercise files of a notebook (.ipynb, or .py and .md by jupytext). Without --run nothing of it is run."
    sub = command("import", said, _late("importing", "import_notebook"))
    sub.add_argument("file", metavar="FILE", help="the notebook")
    sub.add_argument("-o", "--output", required=True, metavar="DIR", help="the folder to write into")
    _over(sub)
    sub.add_argument(
        "--run", dest="runs", action="store_true", help="run the notebook's code as you, to compare its values"
    )
    sub.add_argument("--yes", action="store_true", help="do not ask before it is run")
    sub.add_argument("--json", action="store_true", help="print JSON")
    _for_lecturers(command)
    sub = command("author", "Show a file as learners will see it, updated with each save.", _late("author", "author"))
    sub.add_argument("file", type=Path, metavar="FILE", help="an exercise, a lab, a page.yaml or a glossary.yaml")
    sub.add_argument("--seed", type=_seed, metavar="N", help="start with the numbers drawn from this seed")
    _where(sub)
    _characters(sub)
    said = "Print what makes a shell complete commands, ids and parts."
    sub = command("completion", said, _late("completing", "completion"))
    sub.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh or fish")
    sub = command("serve", "Serve the tutor to browsers: a kiosk for each visitor.", _late("serving.command", "serve"))
    sub.add_argument("--host", default="127.0.0.1", metavar="HOST", help="where to listen (default 127.0.0.1)")
    sub.add_argument("--port", type=_port, default=8000, metavar="N", help="the port (default 8000)")
    sub.add_argument("--public-url", metavar="URL", help="the address that visitors use, behind a proxy")
    sub.add_argument("--key", metavar="FILE", help="keep the key of the link in this file, made if it is not there")
    sub.add_argument("--visitors", type=_visitors, default=40, metavar="N", help="how many at once (default 40)")
    sub.add_argument("--idle", type=_minutes, default=30, metavar="M", help="end after M minutes without a key (30)")
    _where(sub)
    _for_classes(command)
    command("settings", "Show the settings: what is chosen and where they are kept.", _late("settings", "settings"))
    sub = command("doctor", "Show what your terminal supports and where files are kept.", _late("doctor", "doctor"))
    _where(sub)
    _characters(sub)
    sub = command("schema", "Print the JSON Schema of content files, for editors.", _late("authoring", "print_schema"))
    sub.add_argument("kind", nargs="?", metavar="KIND", help="course, page ... (default: exercise and course)")
    _where(sub)


def _for_lecturers(command: Adding) -> None:
    sub = command(
        "collect", "Mark what was handed in again, and report on the class.", _late("collecting.command", "collect")
    )
    sub.add_argument("files", nargs="+", metavar="FILE", help="hand-ins, or folders with them")
    _forms(sub)
    _where(sub)
    sub = command("export", "Write exercises as a notebook, or for a quiz system.", _late("exporting", "export"))
    sub.add_argument("exercises", nargs="+", metavar="ID", help="exercises, units (all their exercises) or files")
    sub.add_argument("--seed", type=_seed, metavar="N", help="the numbers drawn from this seed, not the original ones")
    sub.add_argument("--title", metavar="TEXT", help="with --ipynb: the title at the top")
    group = sub.add_mutually_exclusive_group(required=True)
    group.add_argument("--ipynb", metavar="FILE", help="write a notebook that checks answers; - is standard output")
    group.add_argument("--moodle", metavar="FILE", help="write questions for Moodle (Moodle XML)")
    group.add_argument("--qti", metavar="FILE", help="write questions for other quiz systems (QTI 2.1, a zip file)")
    group = sub.add_mutually_exclusive_group()
    group.add_argument("--solutions", action="store_true", help="with --ipynb: with worked solutions, folded away")
    group.add_argument("--nbgrader", action="store_true", help="with --ipynb: as an assignment that nbgrader grades")
    said = "with --moodle or --qti: each N times, with the numbers of N seeds (from --seed on, or from 1)"
    sub.add_argument("--variants", type=_variants, metavar="N", help=said)
    _over(sub)
    _where(sub)


def _for_classes(command: Adding) -> None:
    said = "Work with a class on a PostgreSQL server: its members send answers, its lecturer sees them."
    group = command("class", said, _late("classes.command", "init"))
    actions = group.add_subparsers(metavar="ACTION", required=True, parser_class=type(group))

    def action(name: str, text: str) -> "argparse.ArgumentParser":
        sub: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text, allow_abbrev=False)
        sub.set_defaults(run=_late("classes.command", name))
        sub.add_argument("--data", metavar="DIR", help=_DATA)
        return sub

    def of_lecturer(sub: "argparse.ArgumentParser") -> None:
        said = "how to connect, as 'host=db.example.org dbname=lstm user=prof' (default: what was kept)"
        sub.add_argument("--database", metavar="CONNECTION", help=said)

    sub = action("init", "Make a PostgreSQL database a class's, or bring it up to date.")
    of_lecturer(sub)
    sub.add_argument("--lecturer", metavar="ROLE", help="the lecturer's role, made if it is not there (default: yours)")
    sub.add_argument("--address", metavar="HOST[:PORT]", help="where members reach the server (default: where you do)")
    sub.add_argument(
        "--root", metavar="FILE", help="with --address: the certificate authority of the server, or system"
    )
    sub.add_argument(
        "-o", "--output", metavar="DIR", help="write the file that the lecturer joins with into this folder"
    )
    _over(sub)
    sub = action("add", "Add learners, or a kiosk host, and write the files that they join with.")
    sub.add_argument("learners", nargs="*", metavar="LEARNER", help="the ids of learners")
    sub.add_argument("--host", metavar="NAME", help="a host with kiosks, which sends for whoever sits at one")
    sub.add_argument("-o", "--output", required=True, metavar="DIR", help="the folder to write the files into")
    sub.add_argument("--no-secret", action="store_true", help="for members who log in with a client certificate")
    _over(sub)
    of_lecturer(sub)
    sub = action("remove", "Remove learners, or a kiosk host, from the class.")
    sub.add_argument("learners", nargs="*", metavar="LEARNER", help="the ids of learners")
    sub.add_argument("--host", metavar="NAME", help="a host with kiosks")
    sub.add_argument("--erase", action="store_true", help="also erase what they sent")
    sub.add_argument("--yes", action="store_true", help="do not ask first")
    of_lecturer(sub)
    sub = action("join", "Join a class with the file that your lecturer gave you.")
    sub.add_argument("file", metavar="FILE", help="the file")
    sub.add_argument("--cert", metavar="FILE", help="log in with this client certificate")
    sub.add_argument("--key", metavar="FILE", help="with --cert: its key")
    sub.add_argument("--yes", action="store_true", help="do not ask first")
    sub = action("leave", "Leave the class: nothing is sent any more.")
    sub.add_argument("--yes", action="store_true", help="do not ask first")
    for sub in _for_readers(action):
        of_lecturer(sub)


def _for_readers(action: "Callable[[str, str], argparse.ArgumentParser]") -> "Iterator[argparse.ArgumentParser]":
    """Give the commands that read what a class has sent, for the option that says how to connect."""

    def reads(name: str, text: str, *, of_exercises: bool = True) -> "argparse.ArgumentParser":
        sub = action(name, text)
        sub.set_defaults(run=_late("classes.reporting", name))
        if of_exercises:
            sub.set_defaults(command=f"class {name}")  # with --assignment, which stands before the command
            _content(sub)
        return sub

    sub = reads("status", "Show who has sent how much; a learner sees what is sent and what waits.", of_exercises=False)
    sub.add_argument("--json", action="store_true", help="print JSON")
    yield sub
    sub = reads("report", "Report on the class: who solved what, who is stuck where, which mistakes.")
    _forms(sub)
    yield sub
    sub = reads("export", "Write what each learner sent as a hand-in, which collect marks again.")
    sub.add_argument("-o", "--output", required=True, metavar="DIR", help="the folder to write the files into")
    _over(sub)
    yield sub
    sub = reads("watch", "Show the class as it works; reads only.")
    _characters(sub)
    yield sub


def _forms(parser: "argparse.ArgumentParser") -> None:
    """Say in which form the report of a class is told."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--json", action="store_true", help="print JSON")
    group.add_argument(
        "--csv", action="store_true", help="print a row for each learner and exercise, for a spreadsheet"
    )
    group.add_argument("--html", metavar="FILE", help="write one page with pictures; - is standard output")
    _over(parser)


def _where(parser: "argparse.ArgumentParser", json: bool = False) -> None:
    _content(parser)
    parser.add_argument("--data", metavar="DIR", help=_DATA)
    if json:
        parser.add_argument("--json", action="store_true", help="print JSON")


def _content(parser: "argparse.ArgumentParser") -> None:
    parser.add_argument(
        "--content",
        action="append",
        type=Path,
        metavar="DIR",
        help="a folder of exercises to add to the course (repeatable)",
    )
    parser.add_argument("--only", action="store_true", help="with --content: leave out the built-in course")


def _characters(parser: "argparse.ArgumentParser") -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--ascii", action="store_true", help="show ASCII characters only")
    group.add_argument("--utf8", action="store_true", help="show UTF-8, even if the locale does not")


def _of_exercise(parser: "argparse.ArgumentParser") -> None:
    parser.add_argument("exercise", metavar="ID", help="an exercise of the course, or an exercise file (.yaml)")
    parser.add_argument(
        "--seed", type=_seed, metavar="N", help="the numbers drawn from this seed, not the original ones"
    )
    _where(parser, json=True)


def _to_file(
    parser: "argparse.ArgumentParser", what: str, *, required: bool = False
) -> "argparse._MutuallyExclusiveGroup":
    _over(parser)
    group = parser.add_mutually_exclusive_group(required=required)
    group.add_argument("--md", metavar="FILE", help=f"write {what} as Markdown; - is standard output")
    group.add_argument("--html", metavar="FILE", help="write it as HTML, to print")
    return group


def _seed(text: str) -> int:
    import argparse

    if not text.isdecimal() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to 2**63 - 1, not {text[:40]}")
    return int(text)


def _minutes(text: str) -> int:
    return _count(text, 24 * 60, "minutes are")


def _port(text: str) -> int:
    return _count(text, 65_535, "a port is")


def _visitors(text: str) -> int:
    return _count(text, 1_000, "the number of visitors is")


def _questions(text: str) -> int:
    return _count(text, 200, "the number of questions is")


def _variants(text: str) -> int:
    return _count(text, 100, "the number of variants is")


def _updates(text: str) -> int:
    from rnn_tutor.engine.training.limits import MOST_UPDATES

    return _count(text, MOST_UPDATES, "the number of updates is")


def _count(text: str, most: int, what: str) -> int:
    import argparse

    if not text.isdecimal() or not 1 <= int(text[:9]) <= most:
        raise argparse.ArgumentTypeError(f"{what} a whole number from 1 to {most}, not {text[:40]}")
    return int(text)


def _step(text: str) -> int:
    import argparse

    if not text.isdecimal() or not 1 <= int(text[:4]) <= 99:
        raise argparse.ArgumentTypeError(f"a step is a number from 1 on, not {text[:40]}")
    return int(text)


def _late(module: str, name: str) -> Callable[[Words], int]:
    """Return a command that is imported when it is run."""

    def run(options: Words) -> int:
        from importlib import import_module

        command: Callable[[Words], int] = getattr(import_module(f"rnn_tutor.commands.{module}"), name)
        return command(options)

    return run


def _review(options: Words) -> int:
    if options.list or options.json:
        return _late("lists", "review")(options)
    if options.plain:
        return _late("practising", "review")(options)
    said = {name: value for name, value in vars(options).items() if hasattr(WITHOUT_WORDS, name)}
    return _tutor(SimpleNamespace(**vars(WITHOUT_WORDS) | said | {"review": True}))


def _progress(options: Words) -> int:
    if options.assignment is not None:
        return _late("assignments", "progress")(options)
    late = ("lists", "progress") if options.transcript is None else ("transcript", "transcript")
    return _late(*late)(options)


def _placement(options: Words) -> int:
    if options.plain:
        return _late("practising", "placement")(options)
    return _asking(options, "placement")


def _exam(options: Words) -> int:
    if options.md is not None or options.html is not None:
        return _late("export", "exam")(options)
    if options.plain:
        return _late("practising", "exam")(options)
    return _asking(options, "exam")


def _asking(options: Words, sort: str) -> int:
    """Open the tutor with a set of questions."""
    said = {name: value for name, value in vars(options).items() if hasattr(WITHOUT_WORDS, name)} | {"seed": None}
    questions = (
        sort,
        tuple(getattr(options, "units", ())),
        getattr(options, "seed", None),
        getattr(options, "questions", 0),
        getattr(options, "minutes", 0),
    )
    return _tutor(SimpleNamespace(**vars(WITHOUT_WORDS) | said | {"questions": questions}))


def _practice(options: Words) -> int:
    own_text = ""
    if options.text:
        from rnn_tutor.commands.source import UseError, text_of

        try:
            own_text = text_of(options)
        except UseError as error:
            return _complain(str(error))
    if options.seed is not None and options.assignment is not None:
        return _complain("--seed cannot be used with --assignment: the numbers follow from your id.")
    if options.plain:
        return _late("practising", "practice")(options)
    said = {name: value for name, value in vars(options).items() if hasattr(WITHOUT_WORDS, name)}
    wanted = {"exercise": options.exercise or "", "own_text": own_text}
    return _tutor(SimpleNamespace(**vars(WITHOUT_WORDS) | said | wanted))


def _tutor(options: Words) -> int:
    if options.version:
        sys.stdout.write(f"rnn-tutor {version()}\n")
        return 0
    gc.disable()  # nothing made while starting is garbage, see `tui.garbage`; 6 ms of 200 sooner than with the app
    from rnn_tutor.paths import HomelessError, content_folders, log_file, progress_file, settings_file
    from rnn_tutor.settings import Settings

    if options.kiosk:  # who sits at a kiosk says nothing about its folders
        for name in ("RNN_TUTOR_DATA", "RNN_TUTOR_HOST", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            os.environ.pop(name, None)
    elif options.learner is not None and options.assignment is None:
        return _complain("--learner can only be used with --kiosk or --assignment.")
    folders = content_folders(options.content, only=options.only)
    try:
        progress: Path | None = progress_file(options.data)
    except HomelessError:  # said on the screen; there is much to learn without keeping it
        if options.kiosk:
            raise
        progress = None
    settings = Settings(None if options.kiosk else settings_file(), kiosk=options.kiosk)
    if options.learner is not None and progress is not None:
        settings.path = _settings_of(options, progress) or settings.path
    from rnn_tutor.tui import start
    from rnn_tutor.tui.terminal.capabilities import Characters, Options, Questions

    def library() -> "Library":
        from rnn_tutor.exercises.kept import Kept
        from rnn_tutor.exercises.load import Library
        from rnn_tutor.paths import cache_folder, index_files

        return Library(folders, Kept(index_files(), (lambda: None) if options.kiosk else cache_folder))

    characters: Characters | None = "ascii" if options.ascii else "utf8" if options.utf8 else None
    log = log_file(options.data)
    questions = getattr(options, "questions", None)
    wanted = Options(
        characters,
        seed=options.seed,
        kiosk=options.kiosk,
        learner=options.learner,
        log=log,
        review=getattr(options, "review", False),
        exercise=getattr(options, "exercise", None),
        settings=settings,
        questions=Questions(*questions) if questions is not None else None,
        own_text=getattr(options, "own_text", ""),
        assignment=Path(options.assignment) if options.assignment is not None else None,
    )
    return start.run(library, progress, options=wanted)


def _settings_of(options: Words, progress: "Path") -> "Path | None":
    """Return where the settings of the learner who is named are, None for those of the account.

    Raises PathError, before a screen is shown, for an id that cannot be had.
    """
    if options.kiosk:
        from rnn_tutor.paths import SETTINGS, learner_file

        return learner_file(progress, options.learner).with_name(SETTINGS)
    from rnn_tutor.progress.learner import id_of

    id_of(progress, options.learner)
    return None


def _only_screens(options: Words) -> int:
    if getattr(options, "plain", False):
        return _complain("--kiosk opens the tutor on a screen; there is no plain mode in a kiosk.")
    return _complain("--kiosk opens the tutor; it cannot be used with a command.")


def _not_for_assignments(options: Words) -> int:
    *names, last = (f"`{name}`" for name in _WITH_ASSIGNMENT if name is not None)
    return _complain(f"--assignment goes alone or with {', '.join(names)} and {last}; no other command takes it.")


def version() -> str:
    """Return the version of the installed rnn-tutor."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("rnn-tutor")
    except PackageNotFoundError:
        return "(not installed)"


WITHOUT_WORDS = SimpleNamespace(
    run=_tutor, version=False, content=None, only=False, data=None, seed=None, ascii=False, utf8=False, kiosk=False,
    learner=None, assignment=None, command=None,
)  # fmt: skip
"""What no words at all say: what `_parser` would make of them."""
