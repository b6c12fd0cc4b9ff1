"""Steps -> lines of a script: assignments, loops over time, and the derivatives that they ask for.

Inside its loop a recurrent name is a dict by time step, so `h[t-1]` is written as the exercise has it and the start is
`h[-1]`; behind the loop it is the array of all steps.
"""

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from rnn_tutor.engine.expression import Call, Expr, Index, Name, children, names_in, walk
from rnn_tutor.engine.graph.dependencies import expressions
from rnn_tutor.engine.graph.steps import Let, Loop, Program, Start
from rnn_tutor.engine.writing.expressions import Known, Writer
from rnn_tutor.engine.writing.literals import WIDTH, comment
from rnn_tutor.engine.writing.pieces import Kind, Piece, call, constant, text_of

PAD = "    "
BIG = 1_000_000  # elements of a result of which only the shape is known; a larger one is not computed
DERIVATIVES = ("grad", "jacobian", "local", "parts")


@dataclass
class StepWriter:
    """Writes a program. `says` has the sentence of each step by its key; `texts` how names are called."""

    writer: Writer
    texts: Mapping[str, str]
    says: Mapping[str, str]
    derived: "Callable[[StepWriter, Expr, str], list[str]]"  # of `derivatives`, which writes steps in its turn
    kept_by_step: frozenset[str] = frozenset()  # loops' names whose steps a derivative reads one by one
    added: Mapping[str, str] = field(default_factory=dict)  # to each step of a name, what a derivative is taken by
    copied: Mapping[str, Piece] = field(default_factory=dict)  # names that have a copy of their own at each step
    again: tuple[Let, ...] = ()  # what of the steps before is made from such a copy, and so is made at each step
    tracked: frozenset[str] = frozenset()  # names that need a gradient and that no given would give them
    done: Program = ()  # the statements written so far
    running: "Loop | None" = None  # the loop whose body is being written, and what of it is written so far
    body: tuple[Let, ...] = ()
    read_later: frozenset[str] = frozenset()  # what is read behind the program

    def program(self, statements: Program) -> list[str]:
        """Return the lines of statements."""
        lines: list[str] = []
        starts: dict[str, Expr] = {}
        for k, statement in enumerate(statements):
            match statement:
                case Let():
                    lines += self.let(statement)
                case Start(values=values):
                    starts |= values
                    lines += self._said(statement.key)
                case Loop():
                    later = [names_in(expr) for after in statements[k + 1 :] for expr in expressions(after)]
                    lines += self.loop(statement, starts, self.read_later.union(*later))
                    starts = {}
            self.done = (*self.done, statement)
        return lines

    def _said(self, key: str) -> list[str]:
        line = comment(self.says.get(key, ""))
        return [line] if line else []

    def prepared(self, expr: Expr, own: str = "") -> list[str]:
        """Return the lines that an expression needs before it; the derivatives in it are worked out there."""
        return self.derived(self, expr, own)

    def let(self, let: Let) -> list[str]:
        """Return the lines of an assignment."""
        text = self.texts[let.name]
        too_big = self._too_big(let.name)
        if too_big is not None:
            self.writer.known[let.name] = Known("array", text=text)
            return [*self._said(let.key), f"{text} = {too_big}  # its shape alone: too large to compute"]
        lines = self.prepared(let.expr, text)
        at = len(lines) - (isinstance(let.expr, Call) and let.expr.function in DERIVATIVES)
        lines[at:at] = self._said(let.key)
        piece = self.writer.write(let.expr)
        tree = piece.tree
        if piece.kind == "sizes":
            piece = Piece(self.writer.array(piece), "whole", 1)
            tree = piece.tree
        if self.writer.library.key == "torch" and isinstance(let.expr, Name) and not piece.is_python:
            tree = call(ast.Attribute(tree, "clone", ast.Load()))  # a value of its own, to differentiate by
        self.writer.known[let.name] = Known(piece.kind, text=text)
        written = f"{text} = {text_of(tree)}"
        if written != f"{text} = {text}":
            lines += folded(written)
        if let.name in self.tracked:
            lines.append(f"{text}.requires_grad_()")
        return lines

    def _too_big(self, name: str) -> str | None:
        entry = self.writer.facts.graph.names.get(name)
        shape = getattr(entry, "shape", None)
        if shape is None or getattr(entry, "value", None) is not None:
            return None
        count = 1
        for length in shape:
            count *= length
        nodes = [node for node in self.writer.facts.graph.nodes if node.name.partition(":")[0] == name]
        largest = max((_size(part.shape) for node in nodes for part in (node, *node.parents)), default=count)
        return shape_only(self.writer.library.key, shape) if max(count, largest) > BIG else None

    # Loops.

    def loop(self, loop: Loop, starts: Mapping[str, Expr], read: Collection[str]) -> list[str]:
        """Return the lines of a loop over time, its starts before it and its stacked results behind it."""
        writer = self.writer
        count = text_of(writer.count(writer.write(loop.count)))
        self._settle(loop, starts)
        lines: list[str] = []
        for let in loop.body:
            if let.name in starts:
                lines += self.prepared(starts[let.name])
                piece = writer.write(starts[let.name])
                tree = self._as(piece, writer.known[let.name].kind)
                if let.name in self.tracked:
                    own = call(ast.Attribute(tree, "clone", ast.Load())) if isinstance(tree, ast.Name) else tree
                    tree = call(ast.Attribute(own, "requires_grad_", ast.Load()))
                start = text_of(tree)
                at = count if loop.reverse else "-1"
                when = "after the last step" if loop.reverse else "before the first step"
                lines.append(f"{self.texts[let.name]} = {{{at}: {start}}}  # {when}")
            else:
                lines.append(f"{self.texts[let.name]} = {{}}")
        for let in loop.body:
            writer.known[let.name] = replace(writer.known[let.name], by_step=True)
        variable = self.texts[loop.variable]
        before = writer.known.get(loop.variable)
        writer.known[loop.variable] = Known("int", text=variable)
        over = f"reversed(range({count}))" if loop.reverse else f"range({count})"
        body = self._body(loop, variable)
        if before is None:
            del writer.known[loop.variable]
        else:
            writer.known[loop.variable] = before
        lines += [f"for {variable} in {over}:", *(PAD + line for line in body)]
        return lines + self._whole(loop, variable, count, read)

    def _body(self, loop: Loop, variable: str) -> list[str]:
        writer = self.writer
        lines: list[str] = []
        instead = dict(writer.instead)
        writer.instead |= self.copied
        outside, writer.at_step = writer.at_step, True
        self.running, self.body = loop, ()
        for let in self.again:
            lines += self.let(let)
        for let in loop.body:
            text = self.texts[let.name]
            lines += self.prepared(let.expr)
            piece = writer.write(let.expr)
            tree = self._as(piece, writer.known[let.name].kind)
            if let.name in self.added:
                change = ast.Subscript(
                    ast.Name(self.added[let.name], ast.Load()), ast.Name(variable, ast.Load()), ast.Load()
                )
                tree = ast.BinOp(tree, ast.Add(), change)
            lines += [*self._said(let.key), *folded(f"{text}[{variable}] = {text_of(tree)}")]
            if let.name in self.tracked:
                lines.append(f"{text}[{variable}].requires_grad_()")
            self.body = (*self.body, let)
        self.running = None
        writer.instead, writer.at_step = instead, outside
        return lines

    def _whole(self, loop: Loop, variable: str, count: str, read: Collection[str]) -> list[str]:
        writer = self.writer
        lines: list[str] = []
        for let in loop.body:
            text, known = self.texts[let.name], writer.known[let.name]
            source = text
            if let.name in self.kept_by_step:
                source = steps_of(text)
                lines.append(f"{source} = {text}")
                writer.elements[let.name] = known.kind
            if let.name not in read:
                del writer.known[let.name]
                continue
            element = Piece(
                ast.Subscript(ast.Name(source, ast.Load()), ast.Name(variable, ast.Load()), ast.Load()), known.kind
            )
            made = f"[{text_of(element.tree)} for {variable} in range({count})]"
            joined = writer.library.array if element.is_python else f"{writer.m}.stack"
            lines.append(f"{text} = {joined}({made})")
            kinds: dict[Kind, Kind] = {"int": "whole", "float": "array", "truth": "mask"}
            writer.known[let.name] = Known(kinds.get(known.kind, known.kind), text=text)
        return lines

    def _settle(self, loop: Loop, starts: Mapping[str, Expr]) -> None:
        """Find out of what kind the names of a loop are: each may read the others, and itself one step before."""
        writer = self.writer
        for let in loop.body:
            kind: Kind = "array"
            if let.name in starts:
                self.prepared_kinds(starts[let.name])
                kind = writer.write(starts[let.name]).kind
            elif all(node.value is not None and node.value.dtype == bool for node in writer.facts.nodes(let.expr)):
                kind = "mask" if writer.facts.nodes(let.expr) else "array"
            writer.known[let.name] = Known(
                "whole" if kind == "sizes" else kind, by_step=True, text=self.texts[let.name]
            )
        variable = writer.known.get(loop.variable)
        writer.known[loop.variable] = Known("int", text=self.texts[loop.variable])
        for _ in range(4):
            changed = False
            for let in loop.body:
                self.prepared_kinds(let.expr)
                instead = dict(writer.instead)
                writer.instead |= self.copied
                found = writer.write(let.expr).kind
                writer.instead = instead
                own = writer.known[let.name].kind
                joined = _together(own, "whole" if found == "sizes" else found) if let.name in starts else found
                if joined == "sizes":
                    joined = "whole"
                if joined != own:
                    writer.known[let.name] = replace(writer.known[let.name], kind=joined)
                    changed = True
            if not changed:
                break
        if variable is None:
            del writer.known[loop.variable]
        else:
            writer.known[loop.variable] = variable

    def prepared_kinds(self, expr: Expr) -> None:
        """Let the derivatives in an expression be known before they are written: numbers, as all derivatives are."""
        for part in walk(expr):
            if isinstance(part, Call) and part.function in DERIVATIVES and id(part) not in self.writer.derivatives:
                self.writer.derivatives[id(part)] = Piece(ast.Name("derivative", ast.Load()), "array")

    def _as(self, piece: Piece, kind: Kind) -> ast.expr:
        """Return a piece as the kind that its name has at every step."""
        writer = self.writer
        if piece.kind == kind:
            return piece.tree
        if kind == "array":
            return writer.array(Piece(writer.floating(piece), "float" if piece.is_python else "array"))
        if kind == "whole":
            return writer.array(piece)
        if kind == "float":
            return writer.numbers(piece)
        return writer.array(piece) if kind == "mask" else piece.tree


def _size(shape: Iterable[int]) -> int:
    count = 1
    for length in shape:
        count *= length
    return count


def _together(a: Kind, b: Kind) -> Kind:
    """Return the kind of a name that is the one at some steps and the other at others."""
    if a == b:
        return a
    python = {"int", "float", "truth"}
    if {a, b} <= python:
        return "float"
    if {a, b} <= {"int", "whole"}:
        return "whole"
    if {a, b} <= {"mask", "truth"}:
        return "mask"
    return "array"


def steps_of(text: str) -> str:
    """Return what the dict of the steps of a name is called once the name has become the array of all steps."""
    return f"{text}_at"


def shape_only(key: str, shape: tuple[int, ...]) -> str:
    """Return an array of zeros of any size, which takes no memory."""
    sizes = text_of(ast.Tuple([constant(length) for length in shape], ast.Load()))
    return f"torch.zeros(()).expand{sizes}" if key == "torch" else f"np.broadcast_to(0.0, {sizes})"


def folded(line: str) -> list[str]:
    """Return an assignment on one line, or where that is too long in brackets, folded where a term begins."""
    target, _, value = line.partition(" = ")
    if len(line) <= WIDTH or not value:
        return [line]
    parts = _terms(ast.parse(value, mode="eval").body)
    if len(parts) < 2:
        return [line]
    return [f"{target} = (", *(PAD + part for part in parts), ")"]


def _terms(tree: ast.expr) -> list[str]:
    """Return the terms of a sum, each behind its sign."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add | ast.Sub):
        sign = "+" if isinstance(tree.op, ast.Add) else "-"
        right = text_of(tree.right)
        nested = isinstance(tree.right, ast.BinOp) and isinstance(tree.right.op, ast.Add | ast.Sub)
        return [*_terms(tree.left), f"{sign} ({right})" if nested else f"{sign} {right}"]
    return [text_of(tree)]


def derivatives_in(expr: Expr) -> Iterator[Call]:
    """Yield the derivatives in an expression, inner ones first."""
    for part in reversed(list(walk(expr))):
        if isinstance(part, Call) and part.function in DERIVATIVES:
            yield part


def program_derivatives(program: Program) -> Iterator[Call]:
    """Yield all derivatives of a program."""
    for statement in program:
        for expr in expressions(statement):
            yield from derivatives_in(expr)


def by_what(expr: Call) -> str:
    """Return the name that a derivative is taken by."""
    by = expr.args[1]
    base = by.base if isinstance(by, Index) else by
    return base.id if isinstance(base, Name) else ""


def reads(expr: Expr) -> set[str]:
    """Return the names that an expression depends on: what stands in a derivative is a number here."""
    if isinstance(expr, Call) and expr.function in DERIVATIVES:
        return set()
    inner = [part for part in walk(expr) if isinstance(part, Call) and part.function in DERIVATIVES]
    if not inner:
        return names_in(expr)
    found = {expr.id} if isinstance(expr, Name) else set()
    return found.union(*(reads(part) for part in children(expr)))
