"""Whatever arrives, and however the line has cut it: the keys and pastes that were meant, and nothing else."""

import itertools
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.geometry import Size

from rnn_tutor.tui.messages import KeysCut, PasteCut
from rnn_tutor.tui.terminal.arrivals import ESCAPE, LATE, LOST, QUIET, TYPED_AT_ONCE, Arrivals, Piece
from rnn_tutor.tui.terminal.bounded_driver import GuardedDriver
from rnn_tutor.tui.terminal.bracketed_paste import BEGIN, END, MOST
from rnn_tutor.tui.terminal.driver import MOST_WAITING, Reader, TutorDriver

from ..conftest import burst, screen_text, settled

LONG = b"1 " * MOST
KEYS = {
    "text": "abc é λ 漢 \U0001f600 0.5\t".encode(),
    "controls": b"\x15\x7f\x03\x00\t\r",
    "arrows": b"\x1b[A\x1b[B\x1bOC\x1b[1;5D\x1b[Z\x1b[3~\x1b[15~\x1bOP",
    "linux console": b"\x1b[[A\x1b[[E",
    "rxvt": b"\x1b[3$\x1b[7^\x1b[a\x1bOd\x1b[24@",
    "escapes": b"\x1bh\x1bq\x1b\x1b\x1b\r\x1b0.5\x1b\x7f",
    "typed after Escape": b"\x1b[0.95, 1]\r\x1b[x, y]\x1b[1]\x1bXyz\r\x1b^a\r\x1bPq\r\x1b]x\r",
    "paste": b"\x1b[200~[[1, 2],\r [3, 4]]\r\x1b[A\x1b[201~q",
    "paste of nothing": b"\x1b[200~\x1b[201~q",
    "paste with odd ends": b"\x1b[200~\x1b[20\x1b[201\x00x\x1b[201~\x1b[201~q",
    "mouse": b"\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<64;1;1M\x1b[32;40;12M\x1b[M !!\x1b[<35;-1;0M",
    "focus": b"\x1b[I\x1b[Oq",
    "kitty": b"\x1b[97;;97u\x1b[97;5u\x1b[27u\x1b[13u\x1b[57441;2u\x1b[0;;229:228:246u\x1b[1;2P\x1b[P",
    "kitty, more than asked for": b"\x1b[97:65;1:1;98u\x1b[97;1:3uq",
    "kitty, too many": b"\x1b[99999999;5u\x1b[12345678901234567890;12345678901234567890u\x1b[55296u\x1b[1;1;1;1uq",
    "sizes": b"\x1b[48;24;80;480;800t\x1b[<0;10;5M\x1b[48;24;80;0;0t\x1b[<0;10;5M\x1b[48;0;0;0;0tq",
    "questions answered": b"\x1b[?2026;2$y\x1b[?2048;0$y\x1b[24;80R\x1b[4;1$yq",
}
ANSWERS = {
    "DA1": b"\x1b[?62;22c",
    "DA2": b"\x1b[>41;366;0c",
    "DA3": b"\x1bP!|00000000\x1b\\",
    "status": b"\x1b[0n",
    "theme": b"\x1b[?997;1n",
    "kitty flags": b"\x1b[?25u",
    "kitty pictures": b"\x1b_Gi=31;OK\x1b\\",
    "background, BEL": b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    "foreground, ST": b"\x1b]10;rgb:cdcd/d6d6/f4f4\x1b\\",
    "a colour of the table": b"\x1b]4;1;rgb:ffff/0000/0000\x1b\\",
    "XTVERSION": b"\x1bP>|WezTerm 20240203-110809-5046fc22\x1b\\",
    "XTGETTCAP": b"\x1bP1+r524742=382f382f38\x1b\\",
    "DECRQSS": b"\x1bP1$r0;1m\x1b\\",
    "title": b"\x1b]lrnn-tutor\x1b\\",
    "window": b"\x1b[4;480;800t",
    "a long one": b"\x1b]52;c;" + b"aGFsbG8" * 2000 + b"\x1b\\",
    "a long CSI": b"\x1b[" + b"1" * 5000 + b"u",
}


class Line:
    """A line with a clock of its own, read as the driver reads it."""

    def __init__(self):
        self.now = 0.0
        self.refused = []
        self.reader = Reader(self.refused.append)
        self.got = []

    @property
    def arrivals(self):
        return self.reader.arrivals

    def send(self, *reads, apart=0.0):
        for data in reads:
            self.got += [told(message) for message in self.reader.feed(data, self.now)]
            self.wait(apart)
        return self

    def wait(self, seconds):
        end = self.now + seconds
        while self.arrivals.deadline is not None and self.arrivals.deadline <= end:
            self.now = self.arrivals.deadline
            self.got += [told(message) for message in self.reader.tick(self.now)]
        self.now = end
        return self

    def all(self):
        """What came, once nothing more comes: and then the line is at rest."""
        self.wait(2 * LOST)
        assert self.arrivals.deadline is None
        return self.got


def told(message):
    if isinstance(message, events.Key):
        return message.key, message.character
    if isinstance(message, events.Paste):
        return "paste", message.text
    if isinstance(message, events.MouseEvent):
        return type(message).__name__, message.x, message.y, message.button
    if isinstance(message, events.Resize):
        return "resize", message.size, message.pixel_size
    return type(message).__name__, *sorted(
        one for one in vars(message).items() if one[0][0] != "_" and one[0] != "time"
    )


def keys(*reads, apart=0.0):
    return [one[0] for one in Line().send(*reads, apart=apart).all()]


def pieces(data, cuts):
    return [data[start:end] for start, end in itertools.pairwise([0, *cuts, len(data)])]


@pytest.mark.parametrize("most", [100, pytest.param(None, marks=pytest.mark.long)], ids=["some pairs", "all pairs"])
@pytest.mark.parametrize("name", KEYS)
def test_cut_anywhere_it_is_the_same(name, most):
    data = KEYS[name]
    line = Line().send(data)
    whole = line.all()
    assert whole, "nothing came of it"
    for cut in range(1, len(data)):
        assert Line().send(*pieces(data, [cut])).all() == whole, (data[:cut], data[cut:])
    pairs = list(itertools.combinations(range(1, len(data)), 2))
    for cuts in pairs if most is None else pairs[:: len(pairs) // most + 1]:
        assert Line().send(*pieces(data, cuts)).all() == whole, cuts
    assert Line().send(*(bytes([one]) for one in data)).all() == whole


def test_each_of_them_after_each_other():
    for (_, one), (_, other) in itertools.product(KEYS.items(), repeat=2):
        assert Line().send(one + b"\x01" + other).all()[-1:] == Line().send(other).all()[-1:]


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_of_the_terminal_is_no_keys(name):
    data = ANSWERS[name]
    assert Line().send(data).all() == []
    for cut in range(1, min(len(data), 100)):
        for apart in (0.0, ESCAPE / 2):
            assert Line().send(*pieces(data, [cut]), apart=apart).all() == [], (data[:cut], apart)
    assert keys(b"1" + data + b"2") == ["1", "2"]
    assert keys(data, b"h") == ["h"]
    assert Line().send(*(data[at : at + 200] for at in range(0, len(data), 200)), apart=ESCAPE / 2).all() == []


@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in ("title", "status", "window", "a long CSI")])
def test_the_rest_of_an_answer_may_be_late(name):
    """Later than an Escape waits, the Escape is a key; but what it was the beginning of is not typed."""
    data = ANSWERS[name]
    for cut in range(1, min(len(data), 100)):
        assert "".join(keys(*pieces(data, [cut]), apart=ESCAPE * 2)) in (
            "",
            "escape",
            "escapeleft_square_bracket",
            "escaperight_square_bracket",
            "escapeP",
            "escapeunderscore",
            "escapebackslash",
        ), data[:cut]


def test_an_answer_without_end_takes_no_keys():
    for begun in (b"\x1b]11;rgb:", b"\x1bP>|", b"\x1b_G", b"\x1b[?62", b"\x1b[<1", b"\x1b[1", b"\x1b[" + b"1" * 2000):
        assert keys(begun, b"q", apart=2 * LATE)[-1:] == ["q"]
        assert keys(begun, b"\r", b"q")[-2:] == ["enter", "q"]
        assert keys(begun, b"\x1b[A", b"q")[-2:] == ["up", "q"]


@pytest.mark.parametrize(
    "report",
    [
        b"\x1b[<0;-5;-5M",
        b"\x1b[<0;99999999999;99999999999M",
        b"\x1b[<0;-1;3M",
        b"\x1b[<;;M",
        b"\x1b[<-M",
        b"\x1b[<35;-1;4M",
        b"\x1b[<0;5M",
    ],
)
def test_a_mouse_nowhere_takes_no_keys_and_no_focus(report):
    for cut in range(3, len(report)):
        assert keys(report[:cut], report[cut:], b"2") == ["2"], report[:cut]


# Escape


@pytest.mark.parametrize("then", "hqN0 aé?5")
@pytest.mark.parametrize("apart", [0.0, 0.05, 0.09])
def test_escape_and_a_key_at_once(then, apart):
    name = Line().send(then.encode()).all()[0][0]
    assert keys(b"\x1b" + then.encode()) == ["escape", name]
    line = Line().send(b"\x1b", apart=apart)
    assert line.got == []
    assert [one[0] for one in line.send(then.encode()).got] == ["escape", name], "no waiting once the key is there"


@pytest.mark.parametrize("then", "[OP]_^X")
def test_before_the_beginning_of_a_sequence_escape_waits_a_moment(then):
    name = Line().send(then.encode()).all()[0][0]
    line = Line().send(b"\x1b" + then.encode())
    assert line.wait(ESCAPE * 0.99).got == []
    assert [one[0] for one in line.wait(ESCAPE * 0.02).got] == ["escape", name]
    assert keys(b"\x1b", then.encode(), apart=ESCAPE * 1.01) == ["escape", name]


def test_what_was_typed_after_escape_is_not_lost():
    assert "".join(one[1] for one in Line().send(b"\x1b[0.95, 1]\r").all()) == "\x1b[0.95, 1]\r"
    assert "".join(one[1] for one in Line().send(b"\x1bXyz").all()) == "\x1bXyz"
    assert "".join(one[1] for one in Line().send(b"\x1b[12").all()) == "\x1b[12"


# pastes


def pastes(*reads, apart=0.0):
    return Line().send(*reads, apart=apart).all()


def test_lines_in_one_read_are_a_paste():
    assert pastes(b"0.848\r-0.762\r") == [("paste", "0.848\r-0.762\r")]
    assert pastes(b"1 2\n3 4") == [("paste", "1 2\n3 4")]
    assert pastes(b"for t in x:\r\n\th = t\r\n") == [("paste", "for t in x:\r\n\th = t\r\n")]


def test_text_and_one_enter_is_typing():
    assert keys(b"0.5\r") == ["0", "full_stop", "5", "enter"]
    assert keys(b"ada\r\r") == ["a", "d", "a", "enter", "enter"]
    assert keys(b"0.5\r", b"1.5\r") == ["0", "full_stop", "5", "enter", "1", "full_stop", "5", "enter"]


def test_keys_typed_ahead_are_keys():
    """Enter opens something, and what is typed into it may come in the same read on a slow line."""
    assert keys(b"\r3") == ["enter", "3"]
    assert keys(b"0.5\r\x1b[B0.6\r") == ["0", "full_stop", "5", "enter", "down", "0", "full_stop", "6", "enter"]
    assert keys(b"\x15\r\x7f") == ["ctrl+u", "enter", "backspace"]


def test_a_paste_without_marks_in_several_reads_is_one():
    text = b"0.5, -0.25\r" * 400
    reads = [text[at : at + 200] for at in range(0, len(text), 200)]
    assert pastes(*reads, apart=QUIET / 2) == [("paste", text.decode())]


def test_after_a_paste_without_marks_keys_are_keys_again():
    assert pastes(b"1\r2\r", b"q", apart=2 * QUIET) == [("paste", "1\r2\r"), ("q", "q")]
    assert pastes(b"1\r2\r", b"\x1b[A") == [("paste", "1\r2\r"), ("up", None)]
    assert pastes(b"1\r2\r", b"\x03") == [("paste", "1\r2\r"), ("ctrl+c", "\x03")]


def test_a_long_line_is_taken_at_once_and_its_enter_is_a_key():
    text = "0.123, " * 40
    assert len(text) > TYPED_AT_ONCE
    assert pastes(f"{text}\r".encode()) == [("paste", text), ("enter", "\r")]
    assert pastes(text.encode(), b"1\r") == [("paste", f"{text}1"), ("enter", "\r")]


@pytest.mark.parametrize("marks", [True, False])
def test_what_is_beyond_the_bound_is_thrown_away_as_it_comes(marks):
    line = Line()
    size, count = 200, 1_400_000
    if marks:
        line.send(BEGIN.encode())
    for _ in range(count // size):
        line.send(b"y" * size)
    held = line.arrivals._paste if marks else line.arrivals._loose
    assert len(held.text) == MOST
    if marks:
        line.send(END.encode())
    assert line.all() == [("paste", "y" * MOST), ("PasteCut", ("dropped", count - MOST), ("most", MOST))]
    assert line.send(b"q").got[-1] == ("q", "q")


def test_a_paste_that_fills_the_bound_is_whole():
    assert pastes(b"\x1b[200~" + b"y" * MOST + b"\x1b[201~") == [("paste", "y" * MOST)]
    assert pastes(*(b"\x1b[200~", *[b"y" * 200] * 82, b"\x1b[201~"))[0] == ("paste", "y" * MOST)


def test_a_lost_end_is_made_up_for():
    line = Line().send(b"\x1b[200~1 2\x1b[20")
    assert line.wait(LOST * 0.9).got == []
    assert line.wait(LOST * 0.2).got == [("paste", "1 2\x1b[20")]
    assert line.send(b"q").got[-1] == ("q", "q")


def test_keys_do_not_keep_a_paste_open_whose_end_is_lost():
    """Who sees that nothing happens presses keys, and more keys."""
    for begun in (b"\x1b[200~1 2", b"\x1b]11;rgb:", b"\x1bP>|"):
        line = Line().send(begun)
        for _ in range(10):
            line.wait(0.3).send(b"q")
        assert line.got[-1] == ("q", "q"), begun


def test_a_paste_that_trickles_in_is_one():
    line = Line().send(b"\x1b[200~")
    for _ in range(10):
        line.wait(LOST * 0.6).send(b"0.5, " * 10)
    assert line.send(b"\x1b[201~").all() == [("paste", "0.5, " * 100)]


# whatever it is

CORPUS = [*KEYS.values(), *(one for one in ANSWERS.values() if len(one) < 100)]
PIECE = st.one_of(
    st.sampled_from(CORPUS),
    st.binary(max_size=8),
    st.sampled_from(
        [b"\x1b", b"[", b"\x1b[", b"\x1b]", b"\x1bP", b"\xc3", b"\xa9", b"\x1b\\", b"\x07", b"0\r1\r", LONG]
    ),
)


@given(st.lists(st.tuples(PIECE, st.sampled_from([0.0, QUIET, ESCAPE, LATE, LOST])), max_size=12))
def test_nothing_ends_it_and_a_key_is_a_key_afterwards(reads):
    line = Line()
    for data, apart in reads:
        cut = len(data) // 2
        line.send(*(one for one in (data[:cut], data[cut:]) if one)).wait(apart)
        assert len(line.arrivals._incomplete) <= 1_000 + len(LONG)
    assert line.refused == []
    line.all()
    line.got.clear()
    assert line.send(b"\x01q").all()[-1] == ("q", "q")


def test_a_piece_that_cannot_be_read_is_left_out_alone(monkeypatch):
    def explode(*_):
        raise ZeroDivisionError

    line = Line()
    monkeypatch.setattr(XTermParser, "parse_mouse_code", explode)
    line.send(b"1\x1b[<0;10;5M2")
    assert [one[0] for one in line.all()] == ["1", "2"]
    assert [type(one) for one in line.refused] == [ZeroDivisionError]


def test_a_mistake_of_our_own_ends_nothing_either(monkeypatch):
    def explode(*_):
        raise RuntimeError

    line = Line()
    monkeypatch.setattr(Arrivals, "_plain", explode)
    line.send(b"\x1b[200~1")
    line.send(b"\x1b[201~q")
    monkeypatch.undo()
    assert [type(one) for one in line.refused] == [RuntimeError]
    assert line.send(b"q").got == [("q", "q")]


# in the app


async def test_the_screen_says_what_was_thrown_away(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        app.post_message(events.Paste("1 " * MOST))
        app.post_message(PasteCut(MOST, 400))
        await settled(pilot)
        assert "You pasted 16,400 characters; only the first 16,000 were kept." in screen_text(app)
        app.post_message(KeysCut(500))
        await settled(pilot)
        assert "More than 500 keys arrived at once" in screen_text(app)


async def test_keys_behind_the_one_that_leaves_do_nothing(open_app):
    async with open_app() as (app, pilot):
        await burst(pilot, "q", "p", "g", "q")
        assert len(app.screen_stack) <= 1
        assert app.return_code == 0


class Busy:
    """A driver of an app that handles nothing."""

    def __init__(self):
        self.sent = []
        self.driver = TutorDriver.__new__(TutorDriver)  # no terminal to take, here
        self.driver._sent = self.driver._posted = 0
        self.driver._refusing = False
        self.driver._app = SimpleNamespace(message_queue_size=0, focused=None)
        self.driver._post_soon = self._post_soon

    def _post_soon(self, message):
        self.driver._sent += 1
        self.sent.append(message)


def test_of_keys_that_wait_the_last_are_thrown_away_and_sizes_never():
    busy = Busy()
    for _ in range(MOST_WAITING + 100):
        busy.driver.send_message(events.Key("a", "a"))
    size = events.Resize(Size(80, 24), Size(80, 24))
    busy.driver.send_message(size)
    assert len(busy.sent) == MOST_WAITING + 2
    assert isinstance(busy.sent[-2], KeysCut)
    assert busy.sent[-1] is size
    busy.driver._posted = busy.driver._sent
    busy.driver.send_message(events.Key("q", "q"))
    assert busy.sent[-1].key == "q"


def test_a_size_of_nothing_is_no_size():
    busy = Busy()
    for width, height in ((0, 24), (80, 0), (0, 0)):
        GuardedDriver.process_message(busy.driver, events.Resize(Size(width, height), Size(0, 0)))
    assert busy.sent == []


def test_of_a_long_sequence_no_keys_are_made():
    """Textual's parser would type what it does not know."""
    assert Arrivals().feed(b"\x1b[4;600;800t", 0.0) == [Piece("sequence", "\x1b[4;600;800t")]
    assert Arrivals().feed(b"\x1b[4;" + b"1" * 40 + b"t", 0.0) == []
