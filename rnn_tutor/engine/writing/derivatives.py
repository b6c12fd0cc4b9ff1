"""grad, jacobian, local, parts -> what each library has for them.

PyTorch differentiates what it has computed (autograd). JAX differentiates functions, and NumPy nothing at all: there
the steps that lead from the one to the other are written once more, as a function, which JAX differentiates and NumPy
takes differences of. A gradient with respect to all steps of a recurrence is total: every later step counts. As a
function it is the derivative with respect to something that is added to each step.
"""

import ast
from collections.abc import Iterable
from dataclasses import replace

from rnn_tutor.engine.expression import Call, Expr, Index, Name, names_in, walk
from rnn_tutor.engine.graph.dependencies import Dependencies, expressions
from rnn_tutor.engine.graph.gradient import backward
from rnn_tutor.engine.graph.node import Node, Sequence
from rnn_tutor.engine.graph.steps import Let, Loop, Program, Statement
from rnn_tutor.engine.writing.expressions import Known, Writer
from rnn_tutor.engine.writing.pieces import Piece, UnwrittenError, call, name, text_of
from rnn_tutor.engine.writing.steps import PAD, StepWriter, by_what, derivatives_in, reads, steps_of

_BY = {"grad": "jax.grad", "jacobian": "jax.jacobian", "local": "jax.jacobian", "parts": "jax.grad"}


def derived(steps: StepWriter, expr: Expr, own: str) -> list[str]:
    """Return the lines that work out the derivatives in an expression, each under a name that then stands for it.

    own: what is being assigned; a derivative that is all of the expression takes this name.
    """
    lines: list[str] = []
    writer = steps.writer
    if writer.library.key == "numpy":
        lines += _held(steps, expr)
    for part in derivatives_in(expr):
        known = writer.derivatives.get(id(part))
        if known is not None and not (isinstance(known.tree, ast.Name) and known.tree.id == "derivative"):
            continue
        text = own if part is expr and own else _free(writer, _called(part, steps))
        lines += _Derivative(steps, part, text).lines()
        writer.derivatives[id(part)] = Piece(ast.Name(text, ast.Load()), "array", writer.facts.axes(part))
    return lines


def _held(steps: StepWriter, expr: Expr) -> list[str]:
    """Return the lines that keep what `stop` is asked of: when differences are taken, it must not move."""
    writer = steps.writer
    lines: list[str] = []
    for part in walk(expr):
        if isinstance(part, Call) and part.function == "stop" and id(part) not in writer.stopped and writer.holding:
            piece = writer.write(part.args[0])
            text = _free(writer, "held")
            if writer.at_step:
                raise UnwrittenError("stop inside a loop is not written in NumPy, which takes differences.")
            lines.append(f"{text} = {text_of(piece.tree)}  # no gradient flows through it")
            writer.stopped[id(part)] = Piece(ast.Name(text, ast.Load()), piece.kind, piece.axes)
    return lines


def _free(writer: Writer, text: str) -> str:
    """Return a name that nothing has yet, and take it."""
    made, count = text, 2
    taken = {known.text for known in writer.known.values()} | writer.taken
    while made in taken:
        made, count = f"{text}_{count}", count + 1
    writer.taken.add(made)
    return made


def _called(part: Call, steps: StepWriter) -> str:
    target = part.args[0]
    top = steps.texts.get(target.id, "y") if isinstance(target, Name) else "y"
    return f"d{top}_d{steps.texts.get(by_what(part), 'x')}"


class _Derivative:
    """One derivative: what it is of, what it is taken by, and the lines that give it the name `text`."""

    def __init__(self, steps: StepWriter, expr: Call, text: str) -> None:
        self.steps, self.expr, self.text = steps, expr, text
        self.writer = steps.writer
        self.function = expr.function
        self.target, self.by = expr.args
        self.wanted = by_what(expr)
        self.entry = self.writer.facts.graph.names.get(self.wanted)
        if self.entry is None:
            raise UnwrittenError(f"{self.function} is not written in this place.")

    @property
    def of_steps(self) -> bool:
        return isinstance(self.entry, Sequence)

    def lines(self) -> list[str]:
        if self.function == "parts":
            return self._parts()
        if self.function == "local":
            return self._local()
        if self.writer.library.key == "torch":
            return self._torch()
        return self._function()

    # PyTorch: of what was computed.

    def _torch(self) -> list[str]:
        writer = self.writer
        known = writer.known[self.wanted]
        target = text_of(writer.array(writer.write(self.target)))
        nodes, index = self._by_nodes()
        node = self._target_node()
        if node is not None:
            flows = backward(node) if node.value is not None else {}
            reached = [one in flows for one in nodes]
            if not any(reached):
                return [f"{self.text} = torch.zeros({self._shape()})  # nothing flows there"]
        helper = "jacobian" if self.function == "jacobian" else ""
        if self.of_steps and not (index is None and len(nodes) == 1):
            source = known.text if known.by_step else steps_of(known.text)
            listed = f"[{source}[t] for t in range({len(nodes)})]"
            whole = (
                f"jacobian_of_steps({target}, {listed})"
                if helper
                else f"torch.stack(torch.autograd.grad({target}, {listed}, retain_graph=True, materialize_grads=True))"
            )
            if helper:
                writer.called["jacobian_of_steps"] = None
        else:
            source = known.text
            if self.of_steps:
                source = self._one_step(known)
            whole = (
                f"jacobian({target}, {source})"
                if helper
                else f"torch.autograd.grad({target}, {source}, retain_graph=True)[0]"
            )
            if helper:
                writer.called["jacobian"] = None
        return [f"{self.text} = {whole}{self._indexed(index)}"]

    def _one_step(self, known: Known) -> str:
        """Return one step of a recurrence, as a dict has it: counted from the front."""
        assert isinstance(self.by, Index)  # noqa: S101 - of several steps there are several nodes
        assert isinstance(self.entry, Sequence)  # noqa: S101 - as asked before
        if known.by_step:
            at = text_of(self.writer.count(self.writer.write(self.by.items[0])))  # type: ignore[arg-type]
            return f"{known.text}[{at}]"
        (node,) = self._by_nodes()[0]
        return f"{steps_of(known.text)}[{self.entry.steps.index(node)}]"

    def _by_nodes(self) -> tuple[list[Node], str | None]:
        """Return the nodes that it is taken by, and the index into them, None for none."""
        if isinstance(self.entry, Node):
            return [self.entry], text_of(self._key()) if isinstance(self.by, Index) else None
        assert isinstance(self.entry, Sequence)  # noqa: S101 - a name is the one or the other
        all_steps = [step for step in self.entry.steps if step is not None]
        if not isinstance(self.by, Index):
            return all_steps, None
        if len(self.by.items) == 1:
            for node in self.writer.facts.nodes(self.expr):
                if len(node.parents) == 2:
                    return [node.parents[1]], None
        return all_steps, text_of(self._key())

    def _key(self) -> ast.expr:
        assert isinstance(self.by, Index)  # noqa: S101 - as asked before
        keys = [self.writer.key(item) for item in self.by.items]
        return keys[0] if len(keys) == 1 else ast.Tuple(keys, ast.Load())

    def _indexed(self, index: str | None) -> str:
        if index is None:
            return ""
        before = self.writer.facts.axes(self.target) or 0 if self.function in ("jacobian", "local") else 0
        inner = index.removeprefix("(").removesuffix(")") if index.startswith("(") else index
        return f"[{', '.join([':'] * before + [inner])}]"

    def _target_node(self) -> Node | None:
        for node in self.writer.facts.nodes(self.expr):
            return node.parents[0]
        return None

    def _shape(self) -> str:
        shape = self.writer.facts.shape(self.expr) or ()
        return text_of(ast.Tuple([ast.Constant(length) for length in shape], ast.Load()))

    # JAX and NumPy: of a function of the steps between.

    def _function(self) -> list[str]:
        known = self.writer.known[self.wanted]
        if self.writer.at_step:
            return self._within_a_step()
        added = {self.wanted: f"{known.text}_change"} if self.of_steps else {}
        param = added.get(self.wanted, known.text)
        nodes, index = self._by_nodes()
        if self.of_steps and index is None and len(nodes) == 1 and isinstance(self.by, Index):
            assert isinstance(self.entry, Sequence)  # noqa: S101 - as asked before
            index = str(self.entry.steps.index(nodes[0]))
        function, lines = self._definition(self._between(), param, added=added)
        at = f"{self.writer.m}.zeros_like({known.text}, dtype=float)" if added else known.text
        return [*lines, f"{self.text} = {self._of(function, at)}{self._indexed(index)}"]

    def _of(self, function: str, at: str) -> str:
        if self.writer.library.key == "jax":
            return f"{_BY[self.function]}({function})({at})"
        self.writer.called["derivative"] = None
        return f"derivative({function}, {at})"

    def _definition(
        self,
        between: Program,
        param: str,
        *,
        added: dict[str, str] | None = None,
        copied: dict[str, Piece] | None = None,
        again: tuple[Let, ...] = (),
    ) -> tuple[str, list[str]]:
        """Return the name and the lines of the function that goes from what it is taken by to what it is of."""
        writer = self.writer
        function = _free(writer, f"{self._named(self.target)}_of_{self.steps.texts[self.wanted]}")
        inner = replace(writer, known=dict(writer.known), instead=dict(writer.instead))
        if not added and not copied:
            inner.known[self.wanted] = Known("array", text=param)
        own = replace(
            self.steps, writer=inner, says={}, kept_by_step=frozenset(), added=added or {}, copied=copied or {},
            again=again, tracked=frozenset(), read_later=frozenset(names_in(self.target)),
        )  # fmt: skip
        body = own.program(between)
        target = inner.write(self.target)
        tree = inner.array(target)
        if self.function in ("grad", "parts") and (target.axes or 0) > 0:
            tree = call(f"{writer.m}.sum", tree)
        head, last = f"def {function}({param}):", f"{PAD}return {text_of(tree)}"
        return function, ["", "", head, *(PAD + line for line in body), last, "", ""]

    def _named(self, expr: Expr) -> str:
        return self.steps.texts.get(expr.id, "y") if isinstance(expr, Name) else "y"

    def _between(self) -> Program:
        """Return the steps that lead from what it is taken by to what it is of."""
        program = self.steps.done
        moved = {self.wanted}
        blocks: list[tuple[Program, set[str], set[str]]] = []
        for block in Dependencies(program).blocks:
            makes, needs = _made(block), _read(block)
            if self.wanted in makes and not self.of_steps:
                continue
            if needs & moved or self.wanted in makes:
                moved |= makes
                blocks.append((block, makes, needs))
        wanted = reads(self.target)
        kept: list[Program] = []
        for block, makes, needs in reversed(blocks):
            if makes & wanted:
                wanted |= needs
                kept.append(block)
        return tuple(statement for block in reversed(kept) for statement in block)

    def _within_a_step(self) -> list[str]:
        """A derivative inside a loop, by what the same step reads or makes: of a function of this step alone."""
        writer, loop = self.writer, self.steps.running
        assert loop is not None  # noqa: S101 - a step is being written
        making = {let.name for let in loop.body}
        if self.wanted not in making or not isinstance(self.by, Index) or len(self.by.items) != 1:
            raise UnwrittenError(f"{self.function} inside a loop is not written in {writer.library.name} here.")
        moved = {self.wanted}
        again: list[Let] = []
        for let in self.steps.body:
            if reads(let.expr) & moved and let.name != self.wanted:
                moved.add(let.name)
                again.append(let)
        now = {
            name: _free(writer, f"{self.steps.texts[name]}_now") for name in [self.wanted, *(let.name for let in again)]
        }
        inner = replace(writer, known=dict(writer.known))
        at = text_of(writer.count(writer.write(self.by.items[0])))  # type: ignore[arg-type]
        variable = self.steps.texts[loop.variable]
        param = _free(writer, "x_now")
        body: list[str] = []
        for name_of, text in now.items():
            source = writer.known[name_of].text
            body.append(
                f"{text} = {{**{source}, {at}: {param}}}" if name_of == self.wanted else f"{text} = dict({source})"
            )
            inner.known[name_of] = replace(writer.known[name_of], text=text)
        body += [f"{now[let.name]}[{variable}] = {text_of(inner.write(let.expr).tree)}" for let in again]
        function = _free(writer, f"{self._named(self.target)}_now")
        tree = inner.array(inner.write(self.target))
        if self.function == "grad" and (writer.facts.axes(self.target) or 0) > 0:
            tree = call(f"{writer.m}.sum", tree)
        lines = [f"def {function}({param}):", *(PAD + line for line in body), f"{PAD}return {text_of(tree)}", ""]
        return ["", *lines, f"{self.text} = {self._of(function, f'{writer.known[self.wanted].text}[{at}]')}"]

    # All libraries: of a function.

    def _local(self) -> list[str]:
        """Through the expression of y alone; all other names stay what they are."""
        loop, let = self._own_loop()
        if loop is not None and let is not None:
            return self._local_of_steps(loop, let)
        writer = self.writer
        known = writer.known[self.wanted]
        expr = self._own_expression()
        if expr is None or known.by_step:
            raise UnwrittenError(f"local is not written in {writer.library.name} here.")
        function = f"lambda {known.text}: {text_of(writer.array(writer.write(expr)))}"
        return [f"{self.text} = {self._local_of(function, known.text)}{self._indexed(self._local_index())}"]

    def _local_index(self) -> str | None:
        return text_of(self._key()) if isinstance(self.by, Index) else None

    def _local_of(self, function: str, at: str) -> str:
        if self.writer.library.key == "torch":
            return f"torch.autograd.functional.jacobian({function}, {at})"
        if self.writer.library.key == "jax":
            return f"jax.jacobian({function})({at})"
        self.writer.called["derivative"] = None
        return f"derivative({function}, {at})"

    def _own_loop(self) -> tuple[Loop | None, Let | None]:
        """Return the loop that makes y, and the line that does."""
        base = self.target.base if isinstance(self.target, Index) else self.target
        running = () if self.steps.running is None else (self.steps.running,)
        for statement in (*self.steps.done, *running):
            if isinstance(statement, Loop) and isinstance(base, Name):
                for let in statement.body:
                    if let.name == base.id:
                        return statement, let
        return None, None

    def _local_of_steps(self, loop: Loop, let: Let) -> list[str]:
        """Of y at one step of its loop, or at all of them: each step's own line, what it reads being held."""
        writer, texts = self.writer, self.steps.texts
        if self.wanted == let.name and not isinstance(self.by, Index):
            raise UnwrittenError(f"local of all steps of {let.name} with respect to themselves is not written.")
        inner = replace(writer, known=dict(writer.known))
        variable = texts[loop.variable]
        inner.known[loop.variable] = Known("int", text=variable)
        for name_of in {inner_let.name for inner_let in loop.body} & names_in(let.expr):
            if not (name_of in writer.known and writer.known[name_of].by_step):
                kind = writer.elements.get(name_of, "array")
                inner.known[name_of] = Known(kind, by_step=True, text=steps_of(texts[name_of]))
        param, body, at = self._moved_steps(loop, inner)
        element = inner.array(inner.write(let.expr))
        head: list[str] = []
        if isinstance(self.target, Index):
            place = text_of(writer.count(writer.write(self.target.items[0])))  # type: ignore[arg-type]
            head = [] if place == variable else [f"{variable} = {self._counted(place, loop)}"]
            made = text_of(element)
        else:
            count = text_of(writer.count(writer.write(loop.count)))
            made = f"{writer.m}.stack([{text_of(element)} for {variable} in range({count})])"
        function = _free(writer, f"{texts[let.name]}_alone")
        lines = [
            "",
            "",
            f"def {function}({param}):",
            *(PAD + line for line in [*head, *body]),
            f"{PAD}return {made}",
            "",
            "",
        ]
        index = None if self.of_steps and isinstance(self.by, Index) else self._local_index()
        return [*lines, f"{self.text} = {self._local_of(function, at)}{self._indexed(index)}"]

    def _counted(self, place: str, loop: Loop) -> str:
        """Return a step counted from the front."""
        if not place.startswith("-"):
            return place
        return f"{text_of(self.writer.count(self.writer.write(loop.count)))} - {place[1:]}"

    def _moved_steps(self, loop: Loop, inner: Writer) -> tuple[str, list[str], str]:
        """Return the parameter, the lines that put it in its place, and where the derivative is taken."""
        writer = self.writer
        known = inner.known[self.wanted]
        text = self.steps.texts[self.wanted]
        if not self.of_steps or self.wanted not in {let.name for let in loop.body}:
            return known.text, [], known.text
        now, param = _free(writer, f"{text}_now"), _free(writer, "x_now")
        source = known.text if known.by_step else steps_of(text)
        inner.known[self.wanted] = Known(known.kind, by_step=True, text=now)
        if isinstance(self.by, Index):
            place = self._counted(text_of(writer.count(writer.write(self.by.items[0]))), loop)  # type: ignore[arg-type]
            return param, [f"{now} = {{**{source}, {place}: {param}}}"], f"{source}[{place}]"
        return param, [f"{now} = {{**{source}, **dict(enumerate({param}))}}"], text

    def _own_expression(self) -> Expr | None:
        if not isinstance(self.target, Name):
            return self.target
        for statement in self.steps.done:
            if isinstance(statement, Let) and statement.name == self.target.id:
                return statement.expr
        return None

    def _parts(self) -> list[str]:
        """Each step reads a copy of its own; the gradient with respect to the copies is the share of each step."""
        writer = self.writer
        known = writer.known[self.wanted]
        shape = writer.facts.shape(self.expr)
        between = self._between()
        loops = [statement for statement in between if isinstance(statement, Loop)]
        if shape is None or not loops or self.of_steps:
            raise UnwrittenError("parts is not written in this place.")
        count = self._loop_count(loops, shape[0])
        copies = _free(writer, f"{known.text}_at")
        variable = self.steps.texts[loops[0].variable]
        copy = Piece(ast.Subscript(name(copies), ast.Name(variable, ast.Load()), ast.Load()), "array", self._axes())
        again = tuple(
            statement for statement in between if isinstance(statement, Let) and self._before(statement, loops)
        )
        later = tuple(statement for statement in between if statement not in again)
        function, lines = self._definition(later, copies, copied={self.wanted: copy}, again=again)
        at = f"{writer.m}.stack([{text_of(writer.array(Piece(name(known.text), known.kind)))}] * {count})"
        if writer.library.key == "torch":
            made = f"torch.autograd.functional.jacobian({function}, {at})"
        else:
            made = self._of(function, at)
        index = self._by_nodes()[1]
        shown = "" if index is None else f"[:, {index.removeprefix('(').removesuffix(')')}]"
        return [*lines, f"{self.text} = {made}{shown}"]

    def _axes(self) -> int | None:
        return len(self.entry.shape) if isinstance(self.entry, Node) else None

    def _loop_count(self, loops: list[Loop], count: int) -> str:
        if len(loops) == 1:
            return text_of(self.writer.count(self.writer.write(loops[0].count)))
        return str(count)

    def _before(self, let: Let, loops: list[Loop]) -> bool:
        """Tell whether a step outside of loops is read inside of them."""
        inside = set[str]().union(*(reads(inner.expr) for loop in loops for inner in loop.body))
        return let.name in inside


def _made(block: Iterable[Statement]) -> set[str]:
    made: set[str] = set()
    for statement in block:
        if isinstance(statement, Let):
            made.add(statement.name)
        elif isinstance(statement, Loop):
            made |= {let.name for let in statement.body}
    return made


def _read(block: Iterable[Statement]) -> set[str]:
    found: set[str] = set()
    for statement in block:
        found = found.union(*(reads(expr) for expr in expressions(statement)))
    return found
