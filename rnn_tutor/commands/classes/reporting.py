"""class status, report, export and watch: what the lecturer reads of the class's server."""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.commands.output import complain, say, say_error, say_json
from rnn_tutor.commands.source import UseError, library_of
from rnn_tutor.commands.written import write_pieces
from rnn_tutor.crash_log import version_of
from rnn_tutor.exercises.assignment import may_have
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.words import times
from rnn_tutor.paths import PathError, content_folders, learner_id, log_file, progress_file, settings_file, shown
from rnn_tutor.progress import handin
from rnn_tutor.progress.database import StoreError
from rnn_tutor.progress.server import reading
from rnn_tutor.progress.server.connection import ClassError, imported
from rnn_tutor.progress.server.membership import Membership, MembershipError, kept
from rnn_tutor.settings import Settings
from rnn_tutor.tui.watching.words import have, moment

from .command import as_lecturer, lecturers_membership
from .naming import Naming
from .standing import tell_standing
from .telling import check_forms, tell, terms_of

if TYPE_CHECKING:
    from rnn_tutor.progress.attempt import Attempt
    from rnn_tutor.progress.class_report import Terms
    from rnn_tutor.tui.watching.app import Watch

TROUBLES = (ClassError, MembershipError, UseError, PathError, StoreError, ContentError)
_MOST_NAMED = 10
_MOST_LISTED = 200


def report(options: argparse.Namespace) -> int:
    """Tell what the class has done."""
    try:
        check_forms(options)
        terms = _terms(options)
        with as_lecturer(options) as (con, _):
            found, odd = reading.report_of(con, terms, _naming(options, terms))
        tell(found, options)
    except TROUBLES as error:
        return complain(str(error))
    _tell_odd(odd)
    return 0


def _terms(options: argparse.Namespace) -> "Terms":
    return terms_of(library_of(options), Path(options.assignment) if options.assignment is not None else None)


def _naming(options: argparse.Namespace, terms: "Terms") -> Naming:
    return Naming(tuple(content_folders(options.content, only=options.only)), terms, log_file(options.data))


def _tell_odd(odd: Mapping[str, int]) -> None:
    """Say which learners have sent what is no answer: it is left out."""
    if odd:
        names = sorted(odd)
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        which = ", ".join(names[:_MOST_NAMED])
        say_error(f"Left out: {times(sum(odd.values()), 'row')} that no tutor writes, of {which}{more}.")


def status(options: argparse.Namespace) -> int:
    """Tell who has sent how much, and when the last came; a learner, what is sent and what waits."""
    try:
        if (mine := _member(options)) is not None:
            return tell_standing(progress_file(options.data), mine, options)
        with as_lecturer(options) as (con, me):
            sent = reading.sent(con)
            hosts = reading.hosts(con)
    except TROUBLES as error:
        return complain(str(error))
    if options.json:
        say_json({"class": me.class_name, "hosts": hosts, "learners": [_sent_as_json(one) for one in sent]})
        return 0
    silent = [one.learner for one in sent if not one.answers]
    answers = sum(one.answers for one in sent)
    count = len(sent) - len(silent)
    begun = f"{count} of {len(sent)} learners {have(count)} sent {times(answers, 'answer')}"
    say(f"The class {me.class_name}: {begun}.")
    if hosts:
        say(f"Kiosk hosts: {', '.join(hosts)}.")
    wide = max((len(one.learner) for one in sent), default=0)
    for one in sent[:_MOST_LISTED]:
        last = f"last received on {moment(one.last)}" if one.last is not None else "nothing yet"
        vouched = f", {one.vouched} of them by kiosk hosts" if one.vouched else ""
        gone = "" if one.is_here or one.vouched == one.answers else ", no longer in the class"
        say(f"  {one.learner:<{wide}}  {one.answers:6}  {last}{vouched}{gone}")
    if len(sent) > _MOST_LISTED:
        say(f"  and {len(sent) - _MOST_LISTED} more; --json has them all")
    return 0


def _member(options: argparse.Namespace) -> Membership | None:
    """Return who this account is in a class, where it is a learner's or a host's and no lecturer's."""
    progress = progress_file(options.data)
    if options.database is not None or kept(progress, lecturer=True) is not None:
        return None
    return kept(progress)


def _sent_as_json(one: reading.Sent) -> dict[str, object]:
    return {
        "id": one.learner,
        "answers": one.answers,
        "vouched": one.vouched,
        "member": one.is_here,
        "last": one.last.isoformat() if one.last is not None else None,
    }


def export(options: argparse.Namespace) -> int:
    """Write what each learner has sent as a hand-in, which `collect` marks again."""
    try:
        folder = Path(options.output)
        if not folder.is_dir():
            raise UseError(f"There is no folder {shown(folder)} to write into.")
        terms = _terms(options)
        odd, written = Counter[str](), 0
        with as_lecturer(options) as (con, _):
            for learner, attempts in _by_learner(reading.answers(con), odd):
                _write_hand_in(folder, learner_id(learner), attempts, terms, force=options.force)
                written += 1
    except TROUBLES as error:
        return complain(str(error))
    say(f"{times(written, 'hand-in').capitalize()} written to {shown(folder)}. `rnn-tutor collect` marks them again.")
    _tell_odd(odd)
    return 0


def _by_learner(rows: Iterator[reading.Row], odd: Counter[str]) -> "Iterator[tuple[str, Iterator[Attempt]]]":
    """Give the answers of one learner after another, each as it is read; what is no event is counted."""
    for learner, of_learner in groupby(rows, key=lambda row: row.learner):
        yield learner, _attempts(of_learner, odd)


def _attempts(rows: Iterator[reading.Row], odd: Counter[str]) -> "Iterator[Attempt]":
    for row in rows:
        if row.attempt is None:
            odd[row.learner] += 1
        else:
            yield row.attempt


def _write_hand_in(folder: Path, learner: str, attempts: "Iterable[Attempt]", terms: "Terms", *, force: bool) -> None:
    head = handin.Head(learner, terms.assignment, version_of("rnn-tutor"))
    kept = handin.lines(head, _of_assignment(attempts, terms, learner) if terms.assignment else attempts)
    write_pieces(str(folder / f"{learner}.jsonl"), kept, force=force, private=True)


def _of_assignment(attempts: "Iterable[Attempt]", terms: "Terms", learner: str) -> "Iterator[Attempt]":
    """Yield the answers that may have been given in an assignment: the server has those to others and to the course."""
    exercises = {asked.id for asked in terms.exercises}
    for one in attempts:
        if one.exercise in exercises and may_have(learner, terms.assignment, one.exercise, one.seed):
            yield one


def watch(options: argparse.Namespace) -> int:
    """Show the class as it works, until the lecturer leaves."""
    try:
        imported()
        me, terms = lecturers_membership(options), _terms(options)
        says = _naming(options, terms)
    except TROUBLES as error:
        return complain(str(error))
    from rnn_tutor.tui import start
    from rnn_tutor.tui.terminal.capabilities import Characters, Options, Terminal

    settings = Settings(settings_file())
    characters: Characters | None = "ascii" if options.ascii else "utf8" if options.utf8 else None
    wanted = Options(characters, log=log_file(options.data), settings=settings)

    def made(can: Terminal) -> "Watch":
        from rnn_tutor.commands.classes.following import ServerSource
        from rnn_tutor.tui.watching.app import Watch

        return Watch(lambda: ServerSource(me, terms, says), can, wanted)

    return start.show(made, wanted)
