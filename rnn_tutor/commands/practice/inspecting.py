"""What one does beside answering an exercise: the scratchpad, where a number comes from, gradients, code."""

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rnn_tutor.commands.output import say, say_code
from rnn_tutor.commands.practice.place import Command, say_line, say_prose
from rnn_tutor.figures.numbers import brief, fixed, values

if TYPE_CHECKING:
    from rnn_tutor.engine.graph.graph import Node
    from rnn_tutor.exercises.trace import Trace
    from rnn_tutor.tui.clipboard import Clipboard
    from rnn_tutor.tui.session import Session
    from rnn_tutor.tui.visits import ExerciseVisit

_CELL = re.compile(r"([A-Za-z]\w*)\s*(?:\[([-0-9,\s]*)\])?")
_WHOLE = re.compile(r"-?[0-9]{1,6}")
_MOST_PAD = 50  # lines, as many as are read


class Inspecting:
    """The commands that look into the numbers of an exercise."""

    def __init__(self, session: "Session", visit: "Callable[[], ExerciseVisit]", clipboard: "Clipboard") -> None:
        self._session = session
        self._now = visit
        self._clipboard = clipboard
        self._trace: Trace | None = None

    def commands(self) -> Sequence[Command]:
        """Return the commands."""
        return [
            Command("pad", self._pad, "the scratchpad: add a line such as a = W @ x, or show it", "[LINE]"),
            Command("unpad", self._unpad, "delete line N of the scratchpad", "N"),
            Command("trace", self._trace_cell, "tell where a number comes from, such as h[0]", "NAME[I, J]"),
            Command("gradient", self._gradient, "how the answer changes with each step", "[NAME]"),
            Command("code", self._code, "print it as NumPy code, or as torch or jax", "[LIBRARY]"),
            Command("copy", self._copy, "copy a given, a value or all givens, and print it", "[NAME]"),
        ]

    def _pad(self, line: str) -> None:
        """Add a line to the scratchpad and tell what it comes to; without one, tell all."""
        scratch = self._now().run.scratch
        lines = [text for text in scratch.split("\n") if text.strip()]
        if line and len(lines) >= _MOST_PAD:
            say(f"The scratchpad has {_MOST_PAD} lines: delete one with :unpad first.")
            return
        if line:
            lines.append(line)
        notes = self._session.exercises.notes(self._now(), "\n".join(lines))
        if not notes:
            say_prose("The scratchpad is empty. :pad a = W @ x puts a line on it, and answers may use its names.")
        for number, note in enumerate(notes, 1):
            if not line or number == len(notes):
                say_line(f"{number}: {note.text.strip()}   {'Not understood: ' if note.error else ''}{note.says}")

    def _unpad(self, argument: str) -> None:
        lines = [text for text in self._now().run.scratch.split("\n") if text.strip()]
        if not argument.isdecimal() or not 1 <= int(argument[:6]) <= len(lines):
            say(f"Type the number of a line, from 1 to {len(lines)}." if lines else "The scratchpad is empty.")
            return
        del lines[int(argument[:6]) - 1]
        self._session.exercises.notes(self._now(), "\n".join(lines))
        say(f"Line {argument} is deleted.")

    def _trace_cell(self, argument: str) -> None:
        """Tell the arithmetic of a cell, and the cells that it was made of; their numbers go on from there."""
        if argument.isdecimal() and self._trace is not None:
            sources = self._trace.sources
            if not 1 <= int(argument[:6]) <= len(sources):
                say("That is none of the numbers that were told.")
                return
            source = sources[int(argument[:6]) - 1]
            self._open_trace(source.node, source.cell)
            return
        match = _CELL.fullmatch(argument)
        node = self._node(match[1]) if match is not None else None
        if match is None:
            say("Type a name and a place, such as :trace h[0].")
        elif node is not None:
            cell = tuple(int(place) for place in _WHOLE.findall(match[2] or ""))
            sizes = node.shape
            if len(cell) != len(sizes) or not all(-size <= at < size for at, size in zip(cell, sizes, strict=False)):
                where = f"{match[1]}[{', '.join('0' for _ in sizes)}]" if sizes else match[1]
                say_prose(f"{match[1]} has the shape {sizes}. Type a place in it, such as :trace {where}.")
            else:
                self._open_trace(node, tuple(at % size for at, size in zip(cell, sizes, strict=True)))

    def _node(self, name: str) -> "Node | None":
        """Return what has a name, if it may be seen and has numbers; why not is told."""
        from rnn_tutor.exercises.solution import solve

        visit = self._now()
        question = visit.question
        may = set(question.told)
        if visit.open:
            may |= {item.name for figure in self._session.exercises.figures(visit) for item in figure.items}
            may |= {step.name for step in solve(question)}
        if name in question.graph.names and name not in may and not visit.open:
            say_prose("You can see where this comes from once the exercise is solved.")
            return None
        if name not in question.graph.names or name not in may or question.graph.whole(name).value is None:
            say_prose(f"There are no numbers of {name} here.")
            return None
        return question.graph.whole(name)

    def _open_trace(self, node: "Node", cell: tuple[int, ...]) -> None:
        self._trace = trace = self._session.exercises.trace(self._now(), node, cell)
        for line in trace.lines:
            say_line(line)
        if not trace.sources:
            say("The calculation starts here.")
            return
        say("It is made of:")
        for number, source in enumerate(trace.sources, 1):
            say_line(f"{number}: {source.name} = {fixed(source.value, None)}  {source.means}".rstrip())
        say(":trace and a number goes on from one of them.")

    def _gradient(self, name: str) -> None:
        """Tell how the answer changes with each step, or with one."""
        visit = self._now()
        if not visit.open:
            say_prose("The gradient belongs to the solution. :solution reads that first.")
            return
        gradients = self._session.exercises.gradients(visit)
        if not gradients:
            say("There is nothing to differentiate here.")
        elif name and name not in gradients:
            say_prose(f"The answer does not change with {name}: there is no gradient, or it is 0.")
        for one in [gradients[name]] if name in gradients else [] if name else gradients.values():
            say_line(f"{one.picture.title} = {values(one.picture.values)}")
            if one.norms:
                say_line("  its norm at each time step: " + ", ".join(brief(norm) for norm in one.norms))

    def _copy(self, name: str) -> None:
        """Print what can be copied, and copy it: to the terminal's clipboard where there is one, or into the file."""
        from rnn_tutor.printable import copyable
        from rnn_tutor.tui.clipboard import sent, sequence, too_long
        from rnn_tutor.tui.copying import copies

        there = {one.name: one for one in copies(self._now())}
        one = there.get(name) or next((one for key, one in there.items() if name and key.split()[0] == name), None)
        if not there:
            say_prose("There are no numbers here to copy.")
        elif one is None:
            nothing = f"There is no {name} to copy here. " if name else ""
            say_prose(f"{nothing}Type :copy and a name behind it: {', '.join(there)}.")
        else:
            text = copyable(one.text)
            say_code(text)
            if self._clipboard.is_file:
                say_prose(self._clipboard.into_file(text, one.name))
            elif sys.stdout.isatty():  # else it is in what was printed
                trouble = too_long(text, one.name)
                sys.stdout.write("" if trouble else sequence(text))
                say_prose(trouble or sent(one.name))

    def _code(self, library: str) -> None:
        """Print the givens as code; once that gives nothing away, the steps and what is expected too."""
        from rnn_tutor.engine.writing.library import LIBRARIES
        from rnn_tutor.tui.copying import code_of

        asked = library.casefold() or "numpy"
        key = next((key for key in LIBRARIES if key == asked), None)
        if key is None:
            say("Type :code numpy, :code torch or :code jax.")
            return
        text, note = code_of(self._now(), key)
        if text:
            say_code(text.rstrip("\n"))
        if note:
            say_prose(note)
