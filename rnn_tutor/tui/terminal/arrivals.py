"""What arrives on the terminal's line, put together into whole pieces: keys, Escape, control sequences, pastes.

A line cuts what it carries anywhere, and joins what was sent apart. Textual's parser takes half a sequence for keys
after a moment, types a terminal's answer that it does not know into the line, and never asks how long a piece may be.
So this stands in front of it, and hands it only what is complete:

- Escape is a key of its own unless one of `[ O P ] _ ^ X` follows; then a sequence is waited for, 100 ms at most.
- A control sequence (ECMA-48: CSI, SS3, and the strings DCS, OSC, APC, PM, SOS) is one piece or none. What breaks its
  grammar was typed: Escape, and then keys. The strings are answers of the terminal, and never keys.
- A paste is one piece, between its marks or without them: a terminal that knows no marks, and tmux and ssh before it,
  send its lines in one read, so text that follows a line end after text is no typing. Text and one Enter is.

No clock is read here: `feed` and `tick` are told what time it is, and `deadline` says when `tick` is next needed.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

from rnn_tutor.tui.terminal.bracketed_paste import BEGIN, END, Pasted, begun

ESC = "\x1b"
ESCAPE = 0.1  # seconds after which an Escape is the key and not the beginning of a sequence
LATE = 1.0  # seconds that the rest of a sequence may be late which is a terminal's beyond doubt
LOST = 2.0  # seconds of silence within a paste after which its end is taken for lost
QUIET = 0.05  # seconds of silence that end a paste without marks
TYPED_AT_ONCE = 64  # characters of text: more in one read were pasted, whoever types

_LONGEST = 1_000  # characters of a control sequence that are kept; the rest of a longer one is skipped with it
_KNOWN_LENGTH = 32  # characters: of a longer sequence Textual's parser makes keys
_BURST = 16  # bytes: fewer in a read, some time after the one before, may be typed
_DOUBTFUL = 64  # characters of a string without a known beginning that are waited for

_WHOLE = re.compile(
    r"\x1b(?:"
    r"\[\[[A-E]"  # a function key of the Linux console
    r"|\[M[^\x00-\x1f\x7f]{3}"  # the mouse, as it was reported first
    r"|\[[0-9]+\$"  # a key of rxvt
    r"|\[<[-0-9;]*[Mm]"  # the mouse, outside the window too
    r"|\[[<=>?][0-?]*[ -/]*[@-~]"  # private: an answer of the terminal, or the mouse
    r"|\[[0-9;:]+(?:[$*]y|&w|[A-Za-z~^@_])"
    r"|\[(?!M)[A-Za-z]"
    r"|O[0-9;]*[A-Za-z]"
    r")"
)
_BEGUN = re.compile(r"\x1b(?:\[(?:\[|M[^\x00-\x1f\x7f]{0,2}|<[-0-9;]*|[<=>?][0-?]*[ -/]*|[0-9;:]+[$*&]?)?|O[0-9;]*)")
_PRIVATE = re.compile(r"\x1b\[[<=>?][0-?]*[ -/]*")
_STRING = re.compile(r"\x1b[P\]_^X][^\x00-\x1f\x7f\x9c]*")
_STRING_END = re.compile(r"(?P<end>\x1b\\|[\x07\x9c])|[\x00-\x1f\x7f]")
_SEQUENCE_END = re.compile(r"(?P<end>[@-~])|[\x00-\x1f\x7f]")
# How a terminal's answers begin, which nobody types: a private report, colours and titles, DCS, kitty's pictures.
_ANSWER = re.compile(r"\x1b(?:\[[<=>?][0-9]|\][0-9]|P[0-9>!|+$]|_G)")
_ALONE = frozenset({"\x1b[I", "\x1b[O", "\x1b[P", "\x1b[Q", "\x1b[S"})  # focus; F1, F2 and F4 of kitty
_KEY = re.compile(r"\x1b\[([0-9:;]*)([u~A-FHP-S])")
_ON_SCREEN = re.compile(r"\x1b\[<[0-9]{1,5};[0-9]{1,5};[0-9]{1,5}[Mm]")  # the largest screen, counted in pixels
_RUN = re.compile(r"(?P<text>[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+)|.")  # tabs and line ends are of the text
_LINES = re.compile(r"\S[^\r\n]*[\r\n]\s*\S")  # text, a line end, text
_ONE_LINE = re.compile(r"([^\r\n]+)(?:\r\n?|\n)")

Kind = Literal["keys", "escape", "sequence", "paste"]


@dataclass(frozen=True)
class Piece:
    """Something whole: `keys` is text to be read character by character, of a `paste` so many were `dropped`."""

    kind: Kind
    text: str = ""
    dropped: int = 0


class Arrivals:
    """Bytes in, pieces out; holds what is not complete yet, within bounds."""

    def __init__(self) -> None:
        self.deadline: float | None = None  # when `tick` has something to do; None: not before more has come
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._incomplete = ""  # the beginning of a sequence, or of a mark
        self._skipping: re.Pattern[str] | None = None  # what ends that of which nothing is wanted
        self._paste: Pasted | None = None  # between its marks
        self._loose: Pasted | None = None  # without marks
        self._trail = ""  # what was taken for keys because the rest did not come in time
        self._trail_ends = 0.0
        self._last = 0.0  # when the last read was
        self._pieces: list[Piece] = []

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """Return what is complete with the bytes of one read."""
        text = self._decode(data)
        if self._trail and len(text) > 1 and now < self._trail_ends and _ANSWER.match(self._trail + text):
            text = self._trail + text
        if text:
            self._trail = ""
        typed = len(data) < _BURST and now - self._last > ESCAPE
        due, waits_for = self.deadline, (self._paste, self._skipping)
        incomplete, self._incomplete = self._incomplete, ""
        self._scan(incomplete + text)
        pieces = self._take_pieces(now)
        self._last = now
        if typed and due is not None and any(waits_for) and waits_for == (self._paste, self._skipping):
            self.deadline = due  # keys that are pressed again and again are no sign that an end will come
        return pieces

    def tick(self, now: float) -> list[Piece]:
        """Return what is complete because nothing more has come by its deadline."""
        if self.deadline is None or now < self.deadline:
            return []
        incomplete, self._incomplete = self._incomplete, ""
        if self._paste is not None:
            self._paste.take(incomplete)
            self._end(self._paste)
            self._paste = None
        elif self._loose is not None:
            self._end_loose()
        elif _PRIVATE.match(incomplete):
            pass  # the beginning of an answer without its end
        elif incomplete:
            self._skipping = None
            if len(incomplete) <= 2:
                self._trail, self._trail_ends = incomplete, now + LATE
            self._pieces.append(Piece("escape"))
            self._scan(incomplete[1:])
        self._skipping = None
        return self._take_pieces(now)

    def _take_pieces(self, now: float) -> list[Piece]:
        pieces, self._pieces = self._pieces, []
        wait = None
        if self._paste is not None:
            wait = LOST
        elif self._incomplete:
            doubtful = len(self._incomplete) <= 2 or self._incomplete[1] not in "[O"
            wait = ESCAPE if doubtful else LATE
        elif self._skipping is not None:
            wait = LATE
        elif self._loose is not None:
            wait = QUIET
        self.deadline = None if wait is None else now + wait
        return pieces

    def _scan(self, text: str) -> None:
        while text:
            if self._paste is not None:
                text = self._pasted(text, self._paste)
            elif self._skipping is not None:
                text = self._skipped(text, self._skipping)
            elif text[0] != ESC:
                plain, escape, after_escape = text.partition(ESC)
                self._plain(plain)
                text = escape + after_escape
            else:
                self._end_loose()
                text = self._sequence(text)

    # control sequences; each returns what is still to be read

    def _sequence(self, text: str) -> str:
        """Read a text that begins with Escape."""
        if text == ESC:
            self._incomplete = text
            return ""
        if text[1] in "P]_^X":
            return self._string(text)
        match = _WHOLE.match(text)
        if match and _sent_by_terminals(match.group()):
            self._take_sequence(match.group())
            return text[match.end() :]
        if _BEGUN.fullmatch(text):
            if len(text) <= _LONGEST:
                self._incomplete = text
            else:
                self._skipping = _SEQUENCE_END
            return ""
        broken = _PRIVATE.match(text)
        if broken:
            return text[broken.end() :]
        self._pieces.append(Piece("escape"))
        return text[1:]

    def _string(self, text: str) -> str:
        """Read one of the strings that only a terminal sends, unless it looks typed and has no end."""
        begins = _STRING.match(text)
        after_beginning = text[begins.end() :] if begins else ""
        answer = _ANSWER.match(text)
        end = _STRING_END.match(after_beginning)
        if end and end["end"]:
            return after_beginning[end.end() :]
        if after_beginning in ("", ESC):
            if answer:
                self._skipping, self._incomplete = _STRING_END, after_beginning
                return ""
            if len(text) <= _DOUBTFUL:
                self._incomplete = text
                return ""
        elif answer:
            return after_beginning
        self._pieces.append(Piece("escape"))
        return text[1:]

    def _skipped(self, text: str, ends: re.Pattern[str]) -> str:
        """Pass over what is not wanted: to its end, or to a control character that cannot be within it."""
        end = ends.search(text)
        if end is None:
            return ""
        if end.group() == ESC and end.end() == len(text):  # perhaps half of what ends a string
            self._incomplete = ESC
            return ""
        self._skipping = None
        return text[end.end() if end["end"] else end.start() :]

    def _take_sequence(self, sequence: str) -> None:
        if sequence == BEGIN:
            self._paste = Pasted()
        elif sequence != END and not _is_nowhere(sequence):
            key = _KEY.fullmatch(sequence)
            for key_sequence in _keys(sequence, *key.groups()) if key else (sequence,):
                if len(key_sequence) <= _KNOWN_LENGTH:
                    self._pieces.append(Piece("sequence", key_sequence))

    # text

    def _pasted(self, text: str, paste: Pasted) -> str:
        inside, end, after_end = text.partition(END)
        if end:
            paste.take(inside)
            self._end(paste)
            self._paste = None
            return after_end
        kept_back = begun(text, END)
        paste.take(text[: len(text) - kept_back])
        self._incomplete = text[len(text) - kept_back :]
        return ""

    def _plain(self, text: str) -> None:
        """Read text without Escape: keys, or a paste without marks."""
        for run_match in _RUN.finditer(text):
            run = run_match.group()
            if run_match["text"] is None:
                self._end_loose()
            elif self._loose is None and (len(run) > TYPED_AT_ONCE or _LINES.search(run)):
                self._loose = Pasted()
            if self._loose is not None:
                self._loose.take(run)
            else:
                self._pieces.append(Piece("keys", run))

    def _end(self, paste: Pasted) -> None:
        self._pieces.append(Piece("paste", paste.text, paste.dropped))

    def _end_loose(self) -> None:
        """End a paste without marks. A long line with one Enter after it was sent as keys are."""
        paste, self._loose = self._loose, None
        if paste is None:
            return
        line = _ONE_LINE.fullmatch(paste.text)
        if line and not paste.dropped:
            self._pieces += [Piece("paste", line.group(1)), Piece("keys", "\r")]
        else:
            self._end(paste)


def _sent_by_terminals(sequence: str) -> bool:
    """Tell whether any terminal sends it: a letter alone after `[` or `O` is a key that is known, or was typed."""
    return len(sequence) > 3 or sequence in ANSI_SEQUENCES_KEYS or sequence in _ALONE


def _is_nowhere(sequence: str) -> bool:
    """Tell whether a mouse was where no screen is: a press there would take the keyboard from the answer."""
    return sequence.startswith(f"{ESC}[<") and not _ON_SCREEN.fullmatch(sequence)


def _keys(sequence: str, codes: str, end: str) -> Iterator[str]:
    """Yield the sequences of a key that kitty's protocol reports, `code;modifiers;text`: one a character.

    Nothing of a key that was let go, of another keyboard's layout, or with a number that is no character.
    """
    fields = codes.split(";")
    key, _, _ = fields[0].partition(":")
    modifiers, _, event = fields[1].partition(":") if len(fields) > 1 else ("", "", "")
    texts = fields[2].split(":") if len(fields) > 2 else [""]
    if len(fields) > 3 or event == "3" or not all(_is_character(digits) for digits in (key, modifiers, *texts)):
        return
    if len(texts) == 1 and ":" not in codes:
        yield sequence
        return
    for text in texts:
        yield f"{ESC}[{key};{modifiers};{text}{end}" if text else f"{ESC}[{key};{modifiers}{end}"


def _is_character(digits: str) -> bool:
    return not digits or (len(digits) <= 7 and (number := int(digits)) <= 0x10FFFF and not 0xD800 <= number < 0xE000)
