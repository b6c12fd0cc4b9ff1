"""A task of a notebook, and what its code did -> an exercise, or a draft that says what it needs."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.importing.machine import Called, Done, Machine
from rnn_tutor.exercises.importing.mathematics import tex_in
from rnn_tutor.exercises.importing.program import Definition, plain_name, text_of
from rnn_tutor.exercises.importing.sections import Task, is_open_body, open_functions, without_points
from rnn_tutor.exercises.importing.values import (
    Box,
    Complex,
    Dict,
    Func,
    Lib,
    List,
    Num,
    Shown,
    Strange,
    Text,
    Tup,
    UnsupportedError,
    Value,
    names_of,
)

MOST_ASKED = 6
MOST_STEPS = 400
MOST_TEXT = 2_000
MOST_SHOWN = 60  # characters of a formula in the table
MOST_RESULT = 200  # numbers of an answer: more is not typed
ANSWER = "answer"
NO_SOLUTION = "There is no solution in the notebook."
NO_NUMBERS = "The solution gives no numbers that can be asked for."

Status = Literal["imported", "draft", "refused"]


@dataclass(frozen=True)
class Asked:
    """One thing asked: the name of a step (or what it is called in a checklist), how it is answered, the question."""

    name: str
    kind: str
    prompt: str = ""
    function: str = ""
    starter: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Looped:
    """A loop of the file: what its steps start from, what it counts, and its steps."""

    starts: dict[str, str]
    head: str
    variable: str
    steps: tuple[tuple[str, str], ...]


@dataclass
class Built:
    """What a task became. Names are those of the file; `values` are what the notebook's code gives."""

    title: str
    unit: str
    cell: int
    prompt: str
    status: Status = "imported"
    needs: list[str] = field(default_factory=list)
    givens: dict[str, str] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    fixed: set[str] = field(default_factory=set)
    steps: list[tuple[str, str] | Looped] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    values: dict[str, Array] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    code: str = ""  # of all its cells
    compared: bool = False
    notes: list[str] = field(default_factory=list)  # what an author may want to know of an exercise that is imported
    solution: str = ""  # of a program: the notebook's own
    kind: Literal["values", "program", "text"] = "values"
    asked_names: list[str] = field(default_factory=list)  # the file's names of what is asked, as it was asked

    def lets(self) -> Iterator[tuple[str, str]]:
        """Give name and expression of every step, those of loops too."""
        for one in self.steps:
            if isinstance(one, Looped):
                yield from one.steps
            else:
                yield one


class NeedsError(Exception):
    """A task that becomes a draft: what it needs, as a sentence."""


def built(machine: Machine, task: Task, done: Mapping[int, Done], everything: Sequence[Done]) -> list[Built]:
    """Return what a task becomes: an exercise, or one for each function that it asks for.

    `done` has what each of its pieces did, by its identity; `everything` what the whole notebook did.
    """
    machine.cell = 0
    functions = _functions_asked(task) if task.of("solution") else []
    found: list[Built] = []
    for name in functions or [""]:
        title = task.title or "Untitled"
        made = Built(f"{title}: {name}" if len(functions) > 1 else title, task.unit, task.number, _prompt(task))
        made.code = "\n".join(piece.text for piece in task.pieces)
        made.comments = comments_of(made.code)
        try:
            if name:
                _program(machine, task, made, name, [*(done[id(piece)] for piece in task.pieces), *everything])
            else:
                _fill(machine, task, made, done)
        except NeedsError as error:
            made.needs.append(str(error))
        except UnsupportedError as error:
            made.needs.append(f"{_capital(str(error))}.")
        except (ArithmeticError, MemoryError, RecursionError):
            made.needs.append("Numbers that are too large, or code that is nested too deep.")
        if made.needs:
            made.status = "draft"
        tex = tex_in(made.prompt)
        if tex:
            says = "A formula of the prompt is" if len(tex) == 1 else f"{len(tex)} formulas of the prompt are"
            shown = tex[0] if len(tex[0]) <= MOST_SHOWN else f"{tex[0][: MOST_SHOWN - 3]}..."
            made.notes.append(f"{says} still TeX: `{shown}`.")
        found.append(made)
    return found


def _fill(machine: Machine, task: Task, made: Built, done: Mapping[int, Done]) -> None:
    solutions = task.of("solution")
    if not solutions and not task.answers:
        raise NeedsError(NO_SOLUTION)
    dones = [done[id(piece)] for piece in solutions]
    texts = _answers_in_words(task, dones)
    values = _numbers_printed(machine, dones, made)
    if texts and not values and next(_strange(dones), None) is None:
        made.kind = "text"
        made.asked = [Asked(ANSWER, "checklist", options=tuple(texts))]
        raise NeedsError("Wrong options: add some under `ask`, then take out `status` and `needs`.")
    plots = any(re.search(r"\bplt\.|\.plot\(|\bax\.|imshow", piece.text) for piece in solutions)
    for one, piece in zip(dones, solutions, strict=True):
        if piece.failed:
            says = f": {piece.error}" if piece.error else ""
            raise NeedsError(f"The code of cell {piece.number} ends with an error in the notebook{says}.")
        if one.troubles:
            raise NeedsError(f"{_capital(one.troubles[0])} (cell {piece.number}).")
        if one.wrong:
            raise NeedsError(f"Cell {piece.number} asserts what does not hold: {one.wrong[0][:100]}.")
    strange = next(iter(_strange(dones)), None)
    if strange is not None:
        raise NeedsError(f"{_capital(strange.why)} (cell {strange.cell}).")
    if not values and plots:
        raise NeedsError("It asks for a plot, which no answer can be.")
    if not values:
        values = _last_assigned(machine, dones)
    if not values:
        raise NeedsError(NO_NUMBERS)
    _closed(machine, task, made, values[-MOST_ASKED:])


# -- what is asked --------------------------------------------------------------------------------------------


def _shown(dones: Sequence[Done]) -> Iterator[tuple[str, Shown]]:
    """Give what is printed, with the text before it; of a loop each turn where these are few, or else its last."""
    every = list(_shown_in(dones, every_turn=True))
    yield from every if len(every) <= MOST_ASKED else _shown_in(dones, every_turn=False)


def _shown_in(dones: Sequence[Done], *, every_turn: bool) -> Iterator[tuple[str, Shown]]:
    for one in dones:
        last = max((printed.turn for printed in one.printed if printed.turn), default=())
        for printed in one.printed:
            if printed.turn and printed.turn != last and not every_turn:
                continue
            turn = f" (round {printed.turn[-1] + 1})" if printed.turn and every_turn else ""
            label = ""
            for piece in printed.pieces:
                if isinstance(piece, str):
                    label += piece
                elif printed.turn and _constant(piece) and not all(map(_constant, printed.pieces)):
                    label = ""  # what counts the turns
                else:
                    yield label.rstrip() + turn, piece
                    label = ""


def _constant(piece: str | Shown) -> bool:
    """Tell whether a printed piece reads no names."""
    return isinstance(piece, str) or (isinstance(piece.value, Num) and piece.value.constant)


def _strange(dones: Sequence[Done]) -> Iterator[Strange]:
    for _, shown in _shown(dones):
        if isinstance(shown.value, Strange):
            yield shown.value


def _numbers_printed(machine: Machine, dones: Sequence[Done], made: Built) -> list[tuple[str, Value]]:
    """Return what is printed and can be asked for; a given is asked for where the solution gives it another name."""
    found: list[tuple[str, Value]] = []
    assigned = {name for one in dones for name, _ in one.assigned}
    for label, shown in _shown(dones):
        if _asks(machine, shown.value):
            found.append((label, shown.value))
        elif (given := _given_name(machine, shown.value)) and shown.name in assigned and shown.name != given:
            found.append((label, machine.program.define(shown.name, machine.num(shown.value), "let", machine.cell)))
        elif given:
            note = f"`{plain_name(given)}` is printed, too; it is given, so it is not asked for."
            made.notes += [note] if note not in made.notes else []
    if not found:  # what is printed is written down in the solution itself
        found = [(label, shown.value) for label, shown in _shown(dones) if _made_there(machine, shown.value)]
    return found


def _given_name(machine: Machine, value: Value) -> str:
    """Return what the notebook calls the given that a value is, "" where it is none."""
    tree = machine.num(value).tree if isinstance(value, Num | Box) else None
    one = machine.program.definitions.get(tree.id) if isinstance(tree, ast.Name) else None
    return one.base if one is not None and one.kind == "given" else ""


def _asks(machine: Machine, value: Value) -> bool:
    """Tell whether a value is computed: a step, or an expression that reads a name."""
    match value:
        case Num() | Box():
            num = machine.num(value)
            if isinstance(num.tree, ast.Name) and num.tree.id in machine.program.definitions:
                return machine.program.definitions[num.tree.id].kind == "let"
            return not num.constant or _computes(num.tree)
        case Tup(items=items) | List(items=items):
            return any(_asks(machine, item) or (isinstance(item, Num) and not item.constant) for item in items) and all(
                isinstance(item, Num | Box | Tup | List) for item in items)  # fmt: skip
    return False


def _computes(tree: ast.expr) -> bool:
    return any(isinstance(node, ast.Call | ast.BinOp) for node in ast.walk(tree))


def _made_there(machine: Machine, value: Value) -> bool:
    if not isinstance(value, Num | Box):
        return False
    tree = machine.num(value).tree
    return isinstance(tree, ast.Name) and tree.id in machine.program.definitions and _computes(
        machine.program.definitions[tree.id].tree)  # fmt: skip


def _last_assigned(machine: Machine, dones: Sequence[Done]) -> list[tuple[str, Value]]:
    for one in reversed(dones):
        for name, value in reversed(one.assigned):
            if isinstance(value, Strange):
                raise NeedsError(f"{_capital(value.why)} (cell {value.cell}).")
            if isinstance(value, Num | Box) and (_asks(machine, value) or _made_there(machine, value)):
                return [(name, value)]
            if isinstance(value, List | Tup) and _asks(machine, value):
                return [(name, value)]
    return []


def _answers_in_words(task: Task, dones: Sequence[Done]) -> list[str]:
    """Return the answers in words: strings that a solution lists or prints, lines below "Solution"."""
    found: list[str] = []
    for one in dones:
        for _, value in one.assigned:
            if isinstance(value, List | Tup) and value.items and all(isinstance(item, Text) for item in value.items):
                found += [item.plain or "" for item in value.items if isinstance(item, Text)]
        for printed in one.printed:
            if all(isinstance(piece, str) for piece in printed.pieces):
                line = "".join(str(piece) for piece in printed.pieces).strip().lstrip("-*• ").strip()
                found.append(line)
    for answer in task.answers:
        lines = [line.strip().lstrip("-*• ").strip() for line in answer.split("\n") if line.strip()]
        found += lines if len(lines) > 1 else re.split(r"(?<=[.!?])\s+(?=[A-Z])", answer)
    clean = [" ".join(text.split())[:300] for text in found]
    return list(dict.fromkeys(text for text in clean if len(text) > 2))[:12]


# -- values that are asked for --------------------------------------------------------------------------------


def _closed(machine: Machine, task: Task, made: Built, values: Sequence[tuple[str, Value]]) -> None:
    program = machine.program
    names: dict[str, tuple[str, bool]] = {}
    own: dict[str, str] = {}
    for label, value in values:
        base = _named(label) or _assigned_name(machine, task, value)
        num = machine.num(value)
        if not isinstance(num.tree, ast.Name) or num.tree.id not in program.definitions:
            num = program.define(base or ANSWER, num, "let", task.number)
        assert isinstance(num.tree, ast.Name)  # noqa: S101 - defined above
        name = num.tree.id
        if program.definitions[name].kind == "given":  # written down, and asked for itself
            num = program.define(program.definitions[name].base, program.num(program.definitions[name].tree), "let",
                                 task.number)  # fmt: skip
            assert isinstance(num.tree, ast.Name)  # noqa: S101
            name = num.tree.id
        if name in names:
            continue
        _check_answer(num, name)
        names[name] = (label, isinstance(value, Tup))
        own[name] = label
    _sliced(machine, made, list(names))
    renamed = dict(zip(names, made.asked_names, strict=True))
    for name, (label, is_tuple) in names.items():
        file_name = renamed[name]
        value_of = np.asarray(program.num(ast.Name(name)).value, float)
        sizes = is_tuple and value_of.ndim == 1 and "shape" in f"{label} {file_name}".lower()
        kind = "shape" if sizes else ("scalar", "vector")[value_of.ndim] if value_of.ndim < 2 else "matrix"
        said = " ".join(label.replace("=", " ").replace(":", " ").split()).strip()
        said = said.strip("()") if said.startswith("(round ") else said
        prompt = f"`{file_name}`" + (f", {said}" if said and plain_name(said) != file_name and len(said) < 80 else "")
        made.asked.append(Asked(file_name, kind, prompt if len(names) > 1 else ""))


def _named(label: str) -> str:
    """Return a name for what stands behind a printed text, "" where the text gives none."""
    last = re.split(r"[\n;|]", label)[-1]
    words = re.sub(r"\([^()]*\)|[^\w\s]", " ", last).split()
    words = [word for word in words if not word.isdigit()]
    if not words or len(words) > 5 or not plain_name(words[0])[:1].isalpha():
        return ""
    return plain_name("_".join(word if len(words) == 1 else word.lower() for word in words))


def _assigned_name(machine: Machine, task: Task, value: Value) -> str:
    del task
    for name, held in machine.scope.names.items():
        if held is value:
            return name
    return ""


def _check_answer(num: Num, name: str) -> None:
    value = np.asarray(num.value, float)
    if not np.isfinite(value).all():
        raise NeedsError(f"The value of {name.partition('__')[0]} is not finite.")
    if value.size > MOST_RESULT:
        raise NeedsError(f"The answer {name.partition('__')[0]} has {value.size:,} numbers, which nobody types.")
    if value.size == 0:
        raise NeedsError(f"The answer {name.partition('__')[0]} is empty.")


# -- the part of the program that leads there -----------------------------------------------------------------


def _sliced(machine: Machine, made: Built, asked: list[str], also: Iterable[str] = ()) -> None:
    """Put the givens and steps that lead to names into what is built, by the names of a file; and some givens more."""
    program = machine.program
    behind = program.behind([*asked, *also])
    ordered = [one for one in program.definitions.values() if one.name in behind]
    lets = [one for one in ordered if one.kind == "let"]
    if len(lets) > MOST_STEPS:
        raise NeedsError(
            f"The solution has {len(lets)} steps when its loops are written out; at most {MOST_STEPS} fit."
        )
    names = _file_names(ordered, asked)
    variables = _loop_names(machine, ordered, names)

    def written(tree: ast.expr, of: str) -> str:
        text = text_of(_Renamed({**names, **variables}).visit(ast.parse(text_of(tree), mode="eval").body))
        if len(text) > MOST_TEXT:
            raise NeedsError(f"`{of}` is longer than the {MOST_TEXT:,} characters of an expression.")
        return text

    loops: set[int] = set()
    for one in ordered:
        made.values[names[one.name]] = np.asarray(program.num(ast.Name(one.name)).value, float)
        if one.loop:
            if one.loop not in loops:
                loops.add(one.loop)
                loop = program.loops[one.loop - 1]
                variable = variables[loop.variable]
                inside = [each for each in ordered if each.loop == one.loop]
                starts = {names[key]: written(tree, names[key]) for key, tree in loop.starts.items() if key in names}
                made.steps.append(Looped(starts, loop.head(variable, written(loop.count, variable)), variable,
                                         tuple((names[each.name], written(each.tree, names[each.name]))
                                               for each in inside)))  # fmt: skip
            continue
        text = written(one.tree, names[one.name])
        if one.kind == "given":
            made.givens[names[one.name]] = text
            if not re.search(r"\d\.|\.\d|\de", text):
                made.whole.add(names[one.name])
            if one.name in program.frozen:
                made.fixed.add(names[one.name])
        else:
            made.steps.append((names[one.name], text))
    made.asked_names = [names[name] for name in asked]


def _loop_names(machine: Machine, ordered: Sequence[Definition], names: Mapping[str, str]) -> dict[str, str]:
    """Return a name for the variable of each loop, which is that of nothing else."""
    taken = set(names.values())
    found: dict[str, str] = {}
    for number in sorted({one.loop for one in ordered if one.loop}):
        variable = machine.program.loops[number - 1].variable
        base = variable.partition("__")[0]
        base = base if base not in ("e", "pi") else "t"
        found[variable] = next(
            one for one in (base, "t", "k", *(f"{base}_{k}" for k in range(2, 99))) if one not in taken
        )
    return found


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not isinstance(node.func, ast.Name):
            node.func = self.visit(node.func)
        node.args = [self.visit(arg) for arg in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.names.get(node.id, node.id))


def _file_names(ordered: Sequence[Definition], asked: Sequence[str]) -> dict[str, str]:
    """Return a name for each definition: its own where it is free; of several the given's, then what is asked last.

    So the plain name is what the notebook's name has at the end, and what was asked before it is counted from 1; where
    a given has the plain name, all that is asked is counted on from it.
    """
    taken: set[str] = set()
    names: dict[str, str] = {}
    given = {plain_name(one.base) for one in ordered if one.kind == "given"}
    last = {
        plain_name(one.base): one.name for one in ordered if one.name in asked and plain_name(one.base) not in given
    }
    first = sorted(
        ordered,
        key=lambda one: (one.kind != "given", one.name not in asked, last.get(plain_name(one.base)) != one.name),
    )
    for one in first:
        base = plain_name(one.base)
        base = f"{base}_" if base in ("pi", "inf", "nan", "e", "True", "False", "None", "np") else base
        earlier = one.name in asked and last.get(plain_name(one.base), one.name) != one.name
        name, number = (f"{base}_1", 2) if earlier else (base, 2)
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name)
        names[one.name] = name
    return names


# -- functions ------------------------------------------------------------------------------------------------


def _functions_asked(task: Task) -> list[str]:
    """Return the functions that a learner is to write: left open in a starter, or named so in the prose."""
    left_open = [name for piece in task.of("starter") for name in open_functions(piece.text)]
    defined = [name for piece in task.of("solution") for name in _defined(piece.text)]
    if left_open:
        return [name for name in dict.fromkeys(left_open) if name in defined or not defined] or left_open[:1]
    begun = [name for piece in task.of("starter") for name in _defined(piece.text) if name in defined]
    if begun:  # a starter that returns something as it stands
        return list(dict.fromkeys(begun))
    prose = f"{task.title}\n{task.prose}"
    named = [name for name in dict.fromkeys(defined) if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", prose)]
    verb = r"\b(?:write|implement|define|complete|create|build|code|program)\b"
    asked = [name for name in named if re.search(rf"{verb}[^.\n]{{0,80}}(?<!\w){re.escape(name)}(?!\w)", prose, re.I)]
    if asked:
        return asked
    wants = re.search(rf"{verb}[^.\n]{{0,80}}\bfunctions?\b|\bimplement\b", prose, re.IGNORECASE)
    return named or defined[-1:] if wants else []


def _defined(text: str) -> list[str]:
    try:
        return [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []


def _program(machine: Machine, task: Task, made: Built, name: str, dones: Sequence[Done]) -> None:
    made.kind = "program"
    own = [piece for piece in task.of("solution") if name in _defined(piece.text)]
    if not own:
        raise NeedsError(f"There is no solution in the notebook: `{name}` is left open.")
    calls = [one for done in dones for one in done.called if one.name == name and not is_open_body(one.function.body)]
    if not calls:
        strange = next(_strange(dones[: len(task.pieces)]), None)
        why = f" ({strange.why}, cell {strange.cell})" if strange is not None else ""
        raise NeedsError(
            f"A call of `{name}` with numbers, to try it on: the notebook has none that could be had{why}."
        )
    made.solution = _with_helpers(machine, calls[0].function)
    starters = [piece.text for piece in task.of("starter") if name in open_functions(piece.text)]
    reasons: list[str] = []
    for one in calls[:6]:
        try:
            _from_call(machine, task, made, one, starters[0] if starters else "")
            return
        except (UnsupportedError, NeedsError) as error:
            reasons.append(_capital(str(error)).rstrip("."))
            made.givens, made.steps, made.asked, made.values = {}, [], [], {}
    raise NeedsError(f"{reasons[0]}.")


def _with_helpers(machine: Machine, function: Func) -> str:
    """Return a function as a program, after those of the notebook's own that it calls."""
    found: dict[str, str] = {}
    stack = [function]
    while stack:
        one = stack.pop()
        if one.name in found:
            continue
        found[one.name] = one.source
        for node in ast.walk(ast.parse(one.source)):
            if isinstance(node, ast.Name) and isinstance(other := machine.scope.look(node.id), Func) and other.source:
                stack.append(other)
    return "\n\n".join(reversed(found.values()))


def _from_call(machine: Machine, task: Task, made: Built, one: Called, starter: str) -> None:
    program, name = machine.program, one.name
    bound = machine.bound(one.function, list(one.args), dict(one.keywords))
    given = set(list(_params(one.function.args))[: len(one.args)]) | {key for key, _ in one.keywords}
    inside: dict[str, Value] = {}
    head: list[str] = []
    uids: dict[str, str] = {}
    for param, value in bound.items():
        if param not in given:
            continue
        if isinstance(value, Func | Lib):
            raise NeedsError(f"The argument `{param}` of `{name}` is a function, which no program here can be given")
        num = machine.num(value)
        text = repr(np.asarray(num.value).astype(int if num.whole and num.value.dtype != bool else float).tolist())
        made_num = program.define(param, program.num(ast.parse(text, mode="eval").body, whole=num.whole), "given",
                                  task.number)  # fmt: skip
        assert isinstance(made_num.tree, ast.Name)  # noqa: S101 - defined as such
        uids[param] = made_num.tree.id
        inside[param] = Box(made_num) if made_num.value.ndim else made_num
        head.append(param)
    if not head:
        raise NeedsError(f"`{name}` takes no numbers")
    machine.spent = 0
    machine.calls, machine.turn = [], ()
    result = machine.inlined(one.function, [], inside)
    num = _returned_numbers(machine, name, result)
    made_of = program.definitions.get(num.tree.id) if isinstance(num.tree, ast.Name) else None  # True is none of them
    if made_of is None or made_of.kind == "given":
        num = program.define(_returned(one.function.body) or "result", num, "let", task.number)
    assert isinstance(num.tree, ast.Name)  # noqa: S101
    _check_answer(num, num.tree.id)
    behind = program.behind([num.tree.id])
    unread = {param: uid for param, uid in uids.items() if uid not in behind}
    unused = [param for param, uid in unread.items() if uid not in program.frozen]
    if unused:
        raise NeedsError(f"`{name}` does not use its argument `{unused[0]}`")
    _sliced(machine, made, [num.tree.id], also=unread.values())  # how often something is done, written out
    answer = made.asked_names[0]
    plain = {param: next(file for file, base in _by_base(machine, made, uids, param)) for param in head}
    head_text = f"{plain_name(name)}({', '.join(plain[param] for param in head)})"
    made.asked = [Asked(answer, "program", function=head_text, starter=_starter(starter, name, head_text))]


def _returned_numbers(machine: Machine, name: str, result: Value) -> Num:
    """Return what a function returns. Raises NeedsError for what is no single array."""
    if isinstance(result, Complex):
        raise NeedsError(f"`{name}` returns complex numbers, which no program here can")
    if isinstance(result, Dict):
        raise NeedsError(f"`{name}` returns a dict; a program here returns one array")
    if isinstance(result, Tup | List):
        shapes = {machine.num(item).value.shape for item in result.items if isinstance(item, Num | Box)}
        if len(shapes) > 1:
            raise NeedsError(f"`{name}` returns arrays of several shapes together; a program here returns one array")
    return machine.num(result)


def _by_base(machine: Machine, made: Built, uids: Mapping[str, str], param: str) -> Iterator[tuple[str, str]]:
    """Give the file's name of a parameter's given."""
    base = plain_name(machine.program.definitions[uids[param]].base)
    for name in made.givens:
        if name == base or name.rstrip("_") == base:
            yield name, base
    yield base, base


def _params(args: ast.arguments) -> Iterator[str]:
    yield from (one.arg for one in (*args.posonlyargs, *args.args))


def _returned(body: Sequence[ast.stmt]) -> str:
    last = body[-1] if body else None
    return last.value.id if isinstance(last, ast.Return) and isinstance(last.value, ast.Name) else ""


def _starter(text: str, name: str, head: str) -> str:
    """Return the starter's own docstring and comments below the head that is called, "" where there is none."""
    node = open_functions(text).get(name)
    doc = ast.get_docstring(node) if node is not None else None
    if not doc:
        return ""
    lines = [f"    # {line}".rstrip() for line in doc.split("\n")[:12]]
    return "\n".join([f"def {head}:", *lines, "    "])[:2_000]


# -- words ----------------------------------------------------------------------------------------------------


def _prompt(task: Task) -> str:
    from rnn_tutor.exercises.importing.sections import plain_text

    text = plain_text(re.sub(r"```.*?```", "", task.prose, flags=re.DOTALL))
    return re.sub(r"\n{3,}", "\n\n", text)[:4_000].strip() or without_points(task.title) or "Untitled"


def comments_of(code: str) -> dict[str, str]:
    """Return the comment that stands behind each assignment, by the name that it assigns."""
    found: dict[str, str] = {}
    for line in code.split("\n"):
        match = re.match(r"\s*([A-Za-z_]\w*)\s*=(?!=)[^#'\"]*#\s*(.+)$", line)
        if match:
            found[match[1]] = " ".join(match[2].split())[:120]
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def reads(text: str) -> set[str]:
    """Return the names that an expression of the file reads."""
    return names_of(ast.parse(text, mode="eval"))
