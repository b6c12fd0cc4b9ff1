"""A number with a unit is put into the unit that is asked for, or it is asked about."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.reading.measures import asked_for
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

EXERCISE = """
format: 1
id: tone
title: A tone
prompt: A filter is sampled with `fs`. Its window of 25 ms moves on.
given:
  fs: {value: "8000", means: samples a second}
  n: {value: "40", means: bytes of a number}
steps:
  - let: "peak = fs / 2"
  - let: "tau = 2 / fs"
  - let: "short = 2000 / fs"
  - let: "share = 6.25 + n / 10"
  - let: "level = n - 51.2"
  - let: "room = 1000 * n"
  - let: "loss = n / 16"
  - let: "turn = n / 25"
  - let: "count = 1000 * n"
  - let: "part = n / 160"
  - let: "wait = n / 25"
  - let: "dB = 20 * log10(n)"
ask:
  - {answer: peak, as: scalar, prompt: "Where is the peak, in Hz?"}
  - {answer: tau, as: scalar, prompt: "How many seconds are two samples?"}
  - {answer: short, as: scalar, prompt: "How long are two samples (ms)?"}
  - {answer: share, as: scalar, prompt: "What is it in per cent?"}
  - {answer: level, as: scalar, prompt: "What is the level in dB?"}
  - {answer: room, as: scalar, prompt: "How many bytes are kept?"}
  - {answer: loss, as: scalar, prompt: "What is the loss in nats per token?"}
  - {answer: turn, as: scalar, prompt: "By which angle, in radians?"}
  - {answer: count, as: scalar, prompt: "How many weights are there?"}
  - {answer: part, as: scalar, prompt: "What fraction of them is that?"}
  - {answer: wait, as: scalar, prompt: "How many minutes does it take?"}
  - {answer: dB, as: scalar, prompt: "And that in dB?"}
"""


@pytest.fixture(scope="module")
def question(tmp_path_factory):
    file = tmp_path_factory.mktemp("tone") / "tone.yaml"
    file.write_text(EXERCISE, encoding="utf-8")
    return ask(load_exercise(file))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("peak", "4 kHz"), ("peak", "4kHz"), ("peak", "4.00 kilohertz"), ("peak", "0.004 MHz"), ("peak", "4000 Hz"),
        ("peak", "peak = 4 kHz"), ("peak", "4e3 Hz"), ("peak", "4 thousand Hz"), ("peak", "4 kHz."),
        ("tau", "0.25 ms"), ("tau", "250 us"), ("tau", "250 µs"), ("tau", "0.00025 s"), ("tau", "0.25 milliseconds"),
        ("short", "0.25 ms"), ("short", "0.00025 s"), ("short", "250 us"), ("short", "0.25"),
        ("share", "10.25"), ("share", "10.25%"), ("share", "10.25 per cent"), ("share", "10.3 %"),
        ("level", "-11.2 dB"), ("level", "-11.2"),
        ("room", "40000 bytes"), ("room", "40 thousand bytes"),
        ("loss", "2.5 nats"), ("loss", "2.5 nats / token"),
        ("turn", "1.6 rad"), ("turn", "1.6 radians"),
        ("count", "40000 weights"), ("count", "400 hundred"), ("count", "40 thousand weights"), ("count", "0.04 mio"),
        ("wait", "1.6 min"), ("wait", "1.60 minutes"), ("wait", "n / 25"), ("wait", "min(n, 1.6)"),
        ("wait", "(n / 25) min"),
        ("dB", "32.04 dB"), ("dB", "20 * log10(n) dB"), ("level", "(n - 51.2) dB"), ("loss", "(n / 16) nats / token"),
        ("part", "25%"), ("part", "0.25"), ("part", "250 per mille"), ("part", "25 percent"),
    ],
)  # fmt: skip
def test_a_unit_is_put_into_the_one_asked_for(question, part, text):
    assert mark(question, part, text).verdict == "right"


@pytest.mark.parametrize(
    ("part", "text", "said"),
    [
        ("tau", "4.2e-6 minutes", "The question has seconds, and yours is in minutes."),
        ("room", "40 kB", "Convert it"),  # 1000 or 1024 bytes
        ("room", "40 KiB", "Convert it"),
        ("room", "320000 bits", "Convert it"),
        ("loss", "2.5 bits", "The question has nats per token, and yours is in bits."),
        ("turn", "92 degrees", "Convert it"),
        ("peak", "3 ms", "The question has Hz"),  # the window of 25 ms is another thing
        ("count", "40 k", "such as 40e3"),
        ("count", "40 K", "such as 40e3"),
        ("count", "40k", "Write 40e3 if k counts"),
        ("count", "0.04 M", "such as 0.04e6"),
        ("count", "0.04M weights", "Write 0.04e6 if M counts"),
        ("count", "4 B", "such as 4e9"),
        ("count", "200 squared", "instead of words"),
        ("part", "3 thirds", "instead of words"),
        ("part", "0 point five", "instead of words"),
        ("count", "4 dozen", "instead of words"),
        ("wait", "96 s", "The question has minutes, and yours is in s."),
        ("wait", "0.0267 h", "The question has minutes, and yours is in h."),
        ("tau", "4.2e-6 min", "The question has seconds, and yours is in min."),
        ("loss", "(n / 16) bits", "The question has nats per token, and yours is in bits."),
        ("peak", "(fs / 2000) kHz", "Put the factor of this unit into the formula."),
        ("part", "-6 dB", "no unit that dB could be converted to"),
    ],
)
def test_what_cannot_be_put_into_it_is_asked_about(question, part, text, said):
    verdict = mark(question, part, text)
    assert verdict.verdict == "not_understood"
    assert said in verdict.diagnosis.says


def test_the_digits_that_were_typed_stay_as_many():
    asked = asked_for("What is it in s?", [], alone=True)
    assert parse("2.50 ms", loose=True, names=(), asked=asked).text == "2.50e-3"
    assert parse("2.5e1 ms", loose=True, names=(), asked=asked).text == "25e-3"


@pytest.mark.parametrize(
    "text",
    [
        "the second sentence",
        "a bit more",
        "8 degrees of freedom",
        "`s` and `m` in `H`",
        "at most 3 in a row",
        "of shape (B, T)",
    ],
)
def test_words_that_only_look_like_units_are_none(text):
    assert asked_for(text, [], alone=True).own == ()


def test_two_units_of_a_kind_are_asked_about_and_the_one_asked_for_is_taken():
    two = asked_for("", ["Each frame of 25 ms moves by 0.01 s."], alone=True)
    with pytest.raises(EngineError, match="speaks of ms and s"):
        parse("3 s", loose=True, names=(), asked=two)
    one = asked_for("How many ms are there in 2 s?", [], alone=True)
    assert np.isclose(parse("3 s", loose=True, names=(), asked=one).value, 3000)


def test_per_cent_is_asked_about_where_another_part_may_be_meant():
    asked = asked_for("And the rest?", ["Compute the first in per cent."], alone=False)
    with pytest.raises(EngineError, match="in per cent"):
        parse("24%", loose=True, names=(), asked=asked)


CIRCUIT = """\
format: 1
id: circuit
title: A circuit
level: 1
prompt: A voltage `U` in volts lies at a resistor of `R` ohms.
given:
  U: {value: "12", means: voltage, draw: "integers(5, 20)"}
  R: {value: "4700", means: resistance, draw: "integers(1000, 9000)"}
steps:
  - {let: "current = 1000 * U / R", say: By Ohm's law.}
  - {let: "twice = 2 * R", say: Two in a row.}
  - {let: "phase = arctan(U / R * 1000) * 180 / pi", say: An angle.}
ask:
  - {answer: current, as: scalar, prompt: "The current in mA"}
  - {answer: twice, as: scalar, prompt: "The resistance of two in ohms"}
  - {answer: phase, as: scalar, prompt: "The angle in degrees"}
"""


@pytest.fixture(scope="module")
def circuit(tmp_path_factory):
    file = tmp_path_factory.mktemp("circuit") / "circuit.yaml"
    file.write_text(CIRCUIT, encoding="utf-8")
    return ask(load_exercise(file))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("current", "0.0025532 A"), ("current", "2.5532 mA"), ("current", "2553.2 uA"), ("twice", "9400 Ω"),
        ("twice", "9.4 kΩ"), ("phase", "68.611°"), ("phase", "68.611 °"), ("phase", "68.611 degrees"),
        ("phase", "(arctan(U / R * 1000) * 180 / pi)°"), ("phase", "abs(-68.611°)"),
        ("phase", "arctan(U / R * 1000) * 180 / pi + 0 * sin(radians(30°))"),
    ],
)  # fmt: skip
def test_a_sign_or_a_letter_may_be_the_unit_that_is_asked_for(circuit, part, text):
    assert mark(circuit, part, text).verdict == "right"


@pytest.mark.parametrize(
    ("part", "text", "said"),
    [
        ("current", "0.0025532 a", "no name a"),
        ("twice", "9400 A", "no name A"),
        ("phase", "68° 36'", "Write an angle as one number of degrees, such as 68.6."),
        ("phase", "20 °C", "yours is in celsius"),
        ("phase", "20 ℃", "yours is in celsius"),
        ("phase", "sin(30°)", "Functions take radians: write 30 * pi / 180."),
        ("phase", "2 * cos(1 + 30 degrees)", "Functions take radians: write 30 * pi / 180."),
        ("phase", "sin 30°", "Functions take radians: write 30 * pi / 180."),
        ("phase", "cos((30°) / 2)", "Functions take radians: write 30 * pi / 180."),
        ("phase", "sin(2 * (15 degrees))", "Functions take radians: write 15 * pi / 180."),
    ],
)
def test_other_signs_of_units_are_asked_about(circuit, part, text, said):
    verdict = mark(circuit, part, text)
    assert (verdict.verdict, said in verdict.says) == ("not_understood", True), verdict.says
