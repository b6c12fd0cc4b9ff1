"""Mistakes of the program's own that no screen tells: they are written down, and one sentence says so.

Those in screens are told there (`tui/terminal/failing`). What comes here is of a command, or of where nobody can be
handed an exception: a destructor, the end of a generator.
"""

from rnn_tutor.crash_log import CrashLog
from rnn_tutor.paths import log_file, shown, whose


def written_down(error: BaseException, where: str, data: str | None, *, path_is_shown: bool) -> str:
    """Write an exception into the log and return the sentence that says so. Never raises.

    where: what the program was doing; data: the folder of progress that was named, if one was.
    """
    log = CrashLog(log_file(data))
    details = "the details could not be saved"
    if log.note(error, where) and log.path is not None:
        details = f"the details are in {shown(log.path)}" if path_is_shown else "the details are in its log"
    return f"{whose(type(error).__name__)}; {details}."
