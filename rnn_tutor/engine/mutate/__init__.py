"""The plausible wrong versions of an expression: what people do when they go wrong in this subject.

Each rule looks at one place of an expression and gives what might stand there instead, with a clause that completes
"You would get this if ...". Rules know the names' shapes and meanings, nothing of any exercise.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import combinations

from rnn_tutor.engine.expression import (
    Call,
    Expr,
    Index,
    Name,
    Slice,
    children,
    functions_in,
    names_in,
    renamed,
    walk,
    with_children,
)
from rnn_tutor.engine.mutate import algebra as mutate_algebra
from rnn_tutor.engine.mutate import (
    arrays,
    brackets,
    cells,
    conventions,
    derivatives,
    forms,
    general,
    losses,
    matrices,
    moved,
    operands,
    parallel,
    quantities,
    reordered,
    schemes,
    several,
    throughout,
    times,
    together,
    values,
)
from rnn_tutor.engine.mutate import networks as mutate_networks
from rnn_tutor.engine.mutate.further_methods import FAMILIES
from rnn_tutor.engine.mutate.masks import left_out
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Clause, Context, Rule, Versions, is_whole, op, substituted, told
from rnn_tutor.engine.mutate.recognised import (
    LENGTH,
    SCALARS,
    Recognised,
    exchanged,
    is_about,
    over_the_other_axis,
    recognised,
    written_for,
)
from rnn_tutor.engine.reading.language import parse

MAX_MUTATIONS = 400

# In this order, so that of two that come to the same the one that says more speaks.
WHOLE_RULES: dict[str, Rule] = {**mutate_networks.WHOLE, **mutate_algebra.WHOLE}
LOCAL_RULES: dict[str, Rule] = {**mutate_networks.LOCAL, **mutate_algebra.LOCAL}
LAST_RULES: dict[str, Rule] = {**mutate_algebra.LAST, **mutate_networks.LAST}

# What is tried for a wrong answer beside them. They have no part in the choice of numbers, which a seed fixes.
FURTHER_RULES: dict[str, Rule] = {
    **mutate_networks.FURTHER,
    **losses.LOCAL,
    **derivatives.LOCAL,
    **cells.LOCAL,
    **brackets.LOCAL,
    **quantities.LOCAL,
    **parallel.LOCAL,
    **operands.LOCAL,
    **times.LOCAL,
    **values.LOCAL,
    **arrays.LOCAL,
    **forms.LOCAL,
    **several.LOCAL,
    **schemes.LOCAL,
    **conventions.LOCAL,
    **matrices.LOCAL,
    **moved.LOCAL,
    **reordered.LOCAL,
    **together.LOCAL,
    **throughout.LOCAL,
    **general.LOCAL,
}
RESULT_RULES: dict[str, Rule] = {
    **quantities.RESULT,
    **cells.RESULT,
    **times.RESULT,
    **values.RESULT,
    **arrays.RESULT,
    **forms.RESULT,
    **conventions.RESULT,
    **together.RESULT,
    **general.RESULT,
}

# How unlikely a learner is to do that: the lower, the earlier it is tried, and the fewer digits it takes to be named.
LIKELY, COMMON, UNUSUAL, RARE, RARER, FAR, FARTHEST = 1.0, 2.0, 3.0, 4.0, 4.6, 5.0, 5.5
_RULES = {
    LIKELY: (
        "number_of_parts activation complement condition_left_out "
        "derivative gradient slope_left_out order_reversed loop negated norm padding paths power previous_name sign "
        "signed_number softmax softmax_twice start term_left_out time_step"
    ),
    COMMON: (
        "angles averages axis axis_left_out biases bounds brackets_moved carried clipped_by_element "
        "complement_of_result count_off counted_from_one coupled degrees_of_freedom "
        "derivative_of_activation diagonal entropy entry_sign exponential_left_out forget_bias "
        "gate_order inside_product inverses kept_axis layer_norm logarithm logits_taken mask_as_bias "
        "masks_otherwise matrix_product new_value normalisers norms_written_out not_divided not_updated "
        "number_of_gates of_count one_less other_activation other_power other_slice pooled "
        "power_of_all reduction relative roots_of_squares rounding shape_blocks shape_kept shape_merged "
        "shape_missing shape_order shape_size shifted_sequence derivative_for_value some_left_out start_kept "
        "swapped_complements swapped_names term_by_term token_counts transposed transposed_operand "
        "turned_loop unit_left_out "
        "by_element plain_mean places_from_one before_activation terms_outside "
        "number_left_out added_once after_product function_left_out of_product of_turned one_of_those scaled_after "
        "geometric two_left_out functions_exchanged size_off "
        "other_quotient other_update other_decay_of_weights other_step_of_solver "
        "divergence through_product states_before slice_otherwise counted_otherwise "
        "default number_for_its_power step_too_far power_by_elements either_or value_kept discount_otherwise angular "
        "other_variable number_for_identity discretised divided_by_elements averaged_over_rows ratio_turned hydroxide "
        "not_cut rounded_first sign_of_result mean_for_weighted stopped_early described "
        "updated"
    ),
    UNUSUAL: (
        "share_of_both factor constant_outside uniform "
        "activation_added another_element as_identity averaged backwards compound "
        "entries_exchanged factor_moved half_life half_open joined logit_otherwise middle of_each of_gates "
        "of_rows of_several one_of_many other_base other_constant other_name other_step "
        "path_left_out perplexities presence product_with_one ratio_or_difference reversed_operand "
        "roots_added scaled series shifted_index shifted_slice softmax_otherwise spread squared_sums "
        "squares_of_counts at_least_one surprise taken_as taken_of_each "
        "value_and_derivative "
        "turned_over all_equal other_column factors_added other_table ends of_matrix diagonal_alone "
        "derivative_too_many other_alike other_call own_total part_of_factors ratio_of_sums reciprocals "
        "squared_error impurity means_first weighed exponent_turned "
        "other_reduction operand_alone softmax_for_shares rows_taken bracket_widened step_taken_as "
        "numbers_exchanged factor_normalised both_sides continuous other_base_of_power unrolled "
        "average_or_sum other_difference put_in_order function_moved other_end over_two_steps end_taken_as_zero "
        "other_line function_of_each reduced_first rows_averaged blended_first "
        "best_order of_two_variables of_detection updated_covariance other_size_of_matrix quadratic_form contrasted "
        "added_as_squares plainly_added without_functions joined_otherwise divided_by_weights of_arc other_prefix "
        "elements_exchanged results_averaged on_log_scale one_for_both size_of_result "
        "no_logarithms scaled_by_range scaled_by_others term_moved other_weights each_by_itself of_difference "
        "halves_in_line which_of_two fed_back_as_well by_columns one_place_off "
        "laplacian of_contingency every_second one_more_product product_with_result other_end_of_list"
    ),
    RARE: (
        "squashed_again odds_of_result complement_taken absolute operation linear centred "
        "of_result of_array of_entries of_unit parameters_counted times_given twice "
        "identity_added largest_product joined_with_alike operation_otherwise of_spread entries_of_given "
        "of_alike of_entries_each smoothed each_for_total total_for_each number_from_one root_of_two"
    ),
    RARER: "of_given",
    FARTHEST: "powers halved part_powered other_value of_complement given_combined number_elsewhere any_expression "
    "wrapped inner_alone",
    FAR: "squashed_result of_value of_probability one_added factor_squared number_changed of_matrices other_size "
    "times_count",
}
COSTS = {rule: cost for cost, rules in _RULES.items() for rule in rules.split()}
COSTS |= {family.rule: family.cost for family in FAMILIES}
ALIKE = 1.0  # by so much a name that looks much like the right one is likelier
ABSURD = 3.0  # ... and what nobody would write is less likely than the rule that gives it


@dataclass(frozen=True, eq=False)
class Edit:
    """One mistake at one place of an expression: what stands there instead, the rule, what was done, what it costs.

    method: which method was taken for another, by its name: one may be taken in several places.
    """

    rule: str
    place: Expr
    replacement: Expr
    said: Clause
    cost: float
    method: str = ""

    @property
    def clause(self) -> str:
        """What was done, as text."""
        return told(self.said)


def edits(expr: Expr, context: Context) -> list[Edit]:
    """Return the mistakes that may be made in an expression, the likeliest first; of the same the first rule's."""
    return _with_methods(expr, context)[0]


def edits_and_methods(expr: Expr, context: Context) -> list[Edit]:
    """Return the mistakes of `edits`, and behind them the methods that another rule gives as well.

    Such a method is one still: it may be taken at several places.
    """
    found, as_well = _with_methods(expr, context)
    known = {(id(edit.place), edit.method) for edit in found}
    return found + [method for method in as_well if (id(method.place), method.method) not in known]


def _with_methods(expr: Expr, context: Context) -> tuple[list[Edit], list[Edit]]:
    """Return the mistakes in an expression, and the methods that are none of them, as a rule gives the same."""
    found: dict[tuple[int, Expr], Edit] = {}
    as_well: list[Edit] = []
    for rule, place, replacement, clause in _everywhere(expr, context):
        if replacement != place:
            edit = Edit(rule, place, replacement, clause, _cost(rule, place, replacement, context))
            found.setdefault((id(place), replacement), edit)
    for method in exchanges(expr, context):
        if found.setdefault((id(method.place), method.replacement), method) is not method:
            as_well.append(method)
    return sorted(found.values(), key=lambda edit: edit.cost), as_well


def _everywhere(expr: Expr, context: Context) -> Iterator[tuple[str, Expr, Expr, Clause]]:
    for name, rule in WHOLE_RULES.items():
        yield from ((name, expr, changed, clause) for changed, clause in rule(expr, context))
    bases = {id(part.base) for part in walk(expr) if isinstance(part, Index) and isinstance(part.base, Name)}
    bases |= {id(variable) for part in walk(expr) for variable in derivatives.variables(part)}
    # of `h[t-1]` the element is what is read, and h alone nothing
    parts = [part for _, part in _places(expr) if id(part) not in bases]
    known = {name: rule for name, rule in (LOCAL_RULES | FURTHER_RULES).items() if name not in general.LOCAL}
    for part in parts:
        for name, rule in known.items():
            yield from ((name, part, replacement, clause) for replacement, clause in rule(part, context))
    for name, rule in LAST_RULES.items():
        yield from ((name, expr, changed, clause) for changed, clause in rule(expr, context))
    for part in parts:
        for name, rule in general.LOCAL.items():
            yield from ((name, part, replacement, clause) for replacement, clause in rule(part, context))


LIKELIEST = (
    *("term_left_out", "sign", "power", "reduction", "logarithm", "complement", "activation", "axis"),
    *("transposed_operand", "matrix_product", "some_left_out"),
)


def likely_edits(expr: Expr, context: Context) -> Iterator[Edit]:
    """Yield the likeliest mistakes alone: for an expression that is one of a mistake already."""
    bases = {id(part.base) for part in walk(expr) if isinstance(part, Index)}
    rules = LOCAL_RULES | FURTHER_RULES
    for _, part in _places(expr):
        for rule in LIKELIEST if id(part) not in bases else ():
            for replacement, clause in rules[rule](part, context):
                if replacement != part:
                    yield Edit(rule, part, replacement, clause, COSTS[rule])


OFF_TOPIC = 1.0  # what an exchange costs more where nothing else is about that


def exchanges(expr: Expr, context: Context, before: frozenset[int] = frozenset()) -> Iterator[Edit]:
    """Yield the methods that may be taken for those that an expression is made of."""
    for found in recognised(expr, context, before):
        about = is_about(found, context)
        names = {found.method.name}
        for other in found.family.methods if about or not found.family.needed else ():
            if other.name not in names:
                names.add(other.name)
                changed = exchanged(found, other)
                cost = found.family.cost + other.further + (0.0 if about else OFF_TOPIC)
                clause: Clause = partial(_taken_for, other.name, found.method.name, changed, context)
                if found.family.told_of and not context.speaks_of(*found.family.told_of):
                    clause = partial(_instead_of, changed, found.expr, context)
                yield Edit(found.family.rule, found.expr, changed, clause, cost, other.name)
        yield from _in_other_forms(found, context)
        turned = over_the_other_axis(found) if found.family.other_axis else None
        if turned is not None:
            clause = partial(_taken_for, found.family.other_axis, found.method.name, turned, context)
            yield Edit(found.family.rule, found.expr, turned, clause, found.family.cost, found.family.other_axis)


IN_A_FORM = ("term_left_out", "sign", "power", "reduction", "complement", "brackets_moved")
NOT_IN_A_FORM = ("prod", "min", "max")  # for a sum hardly anyone takes these
OTHER_FORM = 0.5  # what it costs that the formula is known in another form


def _in_other_forms(found: Recognised, context: Context) -> Iterator[Edit]:
    """Yield mistakes in the other spellings of what was recognised: `mean(x**2) - mean(x)` for a variance."""
    for text in found.family.forms:
        for cost, wrong in _wrong_forms(text, found.family.variables):
            changed = written_for(found, wrong)
            clause = partial(_instead_of, changed, found.expr, context)
            yield Edit(found.family.rule, found.expr, changed, clause, cost)


@lru_cache(maxsize=64)
def _wrong_forms(text: str, variables: tuple[str, ...]) -> tuple[tuple[float, Expr], ...]:
    """Return a formula with one mistake, in its variables, and what the mistake costs."""
    expr, rules = parse(text), LOCAL_RULES | FURTHER_RULES
    shapes = {name: () if name in SCALARS else (LENGTH,) for name in variables}
    own = Context(shapes, means=dict.fromkeys(variables, ""), networks=False)
    found: dict[Expr, float] = {}
    for path, part in _places(expr):
        for rule in IN_A_FORM:
            for replacement, _ in rules[rule](part, own) if rule in rules else ():
                found.setdefault(_replaced(expr, path, replacement), max(COMMON, COSTS[rule]) + OTHER_FORM)
    strange = set(NOT_IN_A_FORM) - {part.function for part in walk(expr) if isinstance(part, Call)}
    return tuple(
        (cost, wrong)
        for wrong, cost in found.items()
        if wrong != expr
        and names_in(wrong)
        and not any(isinstance(part, Call) and part.function in strange for part in walk(wrong))
    )


def _instead_of(changed: Expr, place: Expr, context: Context) -> str:
    return context.instead(changed, place)


def _taken_for(other: str, own: str, changed: Expr, context: Context) -> str:
    said = f"{other} were used instead of {own}"
    return f"{said}: {context.code(changed)}" if is_whole(context.visible(changed)) else said


def exchanges_across(expr: Expr, parts: Mapping[int, Expr], context: Context) -> Iterator[Edit]:
    """Yield the methods that may be taken for those that show once steps are written out, as `edits_across` does."""
    whole = edited(expr, parts)
    before = frozenset(id(part) for inside in (expr, *parts.values()) for part in walk(inside))
    for edit in exchanges(whole, context, before):
        changed = edited(whole, {id(edit.place): edit.replacement})
        yield replace(edit, place=expr, replacement=changed, cost=edit.cost + WRITTEN_OUT)


ACROSS = (
    *(
        "geometric",
        "brackets_moved",
        "constant_outside",
        "power_of_all",
        "term_by_term",
        "averages",
        "entropy",
        "not_divided",
    ),
    *("norms_written_out", "roots_of_squares", "relative", "compound", "factor_moved", "uniform", "normalisers"),
    *(
        "one_less",
        "reduction",
        "factors_added",
        "plain_mean",
        "spread",
        "after_product",
        "inside_product",
        "of_product",
        "added_once",
    ),
    *("one_of_those", "ratio_of_sums", "scaled_after", "part_of_factors", "impurity", "squared_error"),
    *("reciprocals", "means_first", "weighed", "inside_product"),
    *("other_quotient", "other_step_of_solver", "other_update", "other_decay_of_weights"),
    *("discretised", "divided_by_elements", "updated_covariance", "either_or", "value_kept", "best_order"),
    *("added_as_squares", "plainly_added", "ratio_turned"),
    *("discount_otherwise", "average_or_sum", "quadratic_form", "contrasted", "term_by_term", "power_by_elements"),
)  # the rules that look at more than one operation


WRITTEN_OUT = 0.25  # of two that come to the same the one speaks that needs nothing written out


def edits_across(expr: Expr, parts: Mapping[int, Expr], context: Context) -> list[Edit]:
    """Return the mistakes in an expression that need some of its parts (by identity) written out to be seen.

    parts: what each of them is made of. Only what holds one of them is looked at, and only by rules that look further
    than at one operation. The place of an edit is the whole expression.
    """
    whole = edited(expr, parts)
    old = {id(part) for inside in (expr, *parts.values()) for part in walk(inside)}
    found: dict[Expr, Edit] = {}
    rules = LOCAL_RULES | FURTHER_RULES
    for place in walk(whole):
        if id(place) in old:
            continue
        for rule in ACROSS:
            for replacement, clause in rules[rule](place, context):
                if replacement != place:
                    changed = edited(whole, {id(place): replacement})
                    found.setdefault(changed, Edit(rule, expr, changed, clause, COSTS[rule] + WRITTEN_OUT))
    return list(found.values())


def result_edits(expr: Expr, context: Context) -> list[Edit]:
    """Return what may be done to a result that is right: another quantity, another unit, one off."""
    return [
        Edit(name, expr, changed, clause, COSTS[name] - (IN_UNITS if _is_in_units(name, changed) else 0.0))
        for name, rule in RESULT_RULES.items()
        for changed, clause in rule(expr, context)
    ]


def last_edits(expr: Expr) -> list[tuple[Edit, float]]:
    """Return what may be done to a result that is wrong already, and the factor that it is multiplied by.

    It gets another sign, is doubled or halved. Alone these are mistakes in the last step (`negated`, `factor`).
    """
    changed: tuple[tuple[str, Expr, str, float], ...] = (
        ("sign_of_result", op("negative", expr), "the result had the opposite sign", -1.0),
        ("size_of_result", op("multiply", TWO, expr), "the result were twice as large", 2.0),
        ("size_of_result", op("divide", expr, TWO), "the result were half as large", 0.5),
    )
    return [(Edit(rule, expr, instead, clause, COSTS[rule]), by) for rule, instead, clause, by in changed]


IN_UNITS = 1.0  # by so much a result in another unit is likelier than a function taken of it
FUNCTIONS = ("sqrt", "exp", "log", "log2")


def _is_in_units(rule: str, changed: Expr) -> bool:
    match changed:
        case Call(function="divide", args=(_, Call(function="add"))):
            return False  # a probability, of odds
    return rule == "of_result" and not (isinstance(changed, Call) and changed.function in FUNCTIONS)


def _cost(rule: str, place: Expr, replacement: Expr, context: Context) -> float:
    plainer = _plainer(rule, place, replacement, context)
    if plainer is not None:
        return plainer
    near = rule == "other_name" and operands.is_alike(_name(place), _name(replacement))
    absurd = (rule == "power" and _is_turned_power(place, replacement)) or (
        rule == "total_for_each" and "max" in functions_in(replacement)
    )
    numbered = rule == "other_value" and operands.is_numbered(_name(place), _name(replacement))
    cost = COSTS["other_line"] - ALIKE if numbered else COSTS[rule]
    return cost - (ALIKE if near else 0.0) + (ABSURD if absurd else 0.0)


def _plainer(rule: str, place: Expr, replacement: Expr, context: Context) -> float | None:
    """Return the cost of a mistake that others come to as well, so that the plainest of them speaks; else None.

    `x @ Q.T` is `Q @ x`: there `Q` was not transposed. `H * (H + 1)` is `H` added twice. The last column of `x` is what
    `x[rows, n - 1]` is without `n`.
    """
    match rule, place, replacement:
        case "matrix_product", Call(function="matmul", args=(a, b)), Call(function="matmul", args=(c, d)):
            if c is b and d is a and any(isinstance(one, Call) and one.function == "transpose" for one in (a, b)):
                return COSTS[rule] + LATER
        case "twice", Call(function="add"), Call(function="add", args=(_, Name(id=name))) if name in context.whole:
            return LIKELY
        case "pooled", Index(), Index(items=(Slice(), _)):
            return LIKELY - SOONER
        case "negated", Call(function="sum" | "count_nonzero", args=(counted,)), _ if context.is_mask(counted):
            return COSTS[rule] + ABSURD  # of a count
    return None


LATER, SOONER = 0.25, 0.25


def _is_turned_power(place: Expr, replacement: Expr) -> bool:
    """Tell whether base and exponent are exchanged where one of them is computed; 2**x for x**2 is likelier."""
    match place, replacement:
        case Call(function="power", args=(base, exponent)), Call(function="power", args=(other, below)):
            return other is exponent and below is base and any(isinstance(one, Call) for one in (base, exponent))
    return False


def _name(expr: Expr) -> str:
    base = expr.base if isinstance(expr, Index) else expr
    return base.id if isinstance(base, Name) else ""


OF_A_NAME = (
    "transposed_operand",
    "turned_over",
    "absolute",
    "all_equal",
    "taken_as",
    "powers",
    "diagonal_alone",
    "centred",
    "put_in_order",
)


def edits_of_name(name: str, context: Context) -> list[Edit]:
    """Return what a given may be taken for wherever it stands: turned, without its signs, left out."""
    given = Name(name)
    most = UNUSUAL if context.shapes.get(name) else COMMON
    return [
        Edit(rule, given, changed, clause, min(COSTS[rule], most))
        for rule in OF_A_NAME
        for changed, clause in FURTHER_RULES[rule](given, context)
        if rule != "powers" or changed == op("negative", given)
    ]


def edited(expr: Expr, edits_of_it: Mapping[int, Expr]) -> Expr:
    """Return an expression with some of its parts (by identity) replaced."""
    return substituted(expr, lambda part: edits_of_it.get(id(part)))


@dataclass(frozen=True)
class Mutation:
    """A wrong version: the rule that made it, the whole expression, and what was done, as a clause after "if"."""

    rule: str
    expr: Expr
    clause: str


@dataclass(frozen=True)
class Change:
    """A wrong version of several steps at once: name -> expression."""

    rule: str
    lets: Mapping[str, Expr]
    clause: str


def mutations(expr: Expr, context: Context) -> list[Mutation]:
    """Return the wrong versions of an expression, each once, the first rule that makes it speaking for it."""
    mutations: dict[Expr, Mutation] = {}
    for rule, changed, clause in _all(expr, context):
        if changed != expr:
            mutations.setdefault(changed, Mutation(rule, changed, told(clause)))
    return list(mutations.values())[:MAX_MUTATIONS]


def _all(expr: Expr, context: Context) -> Iterator[tuple[str, Expr, Clause]]:
    for name, rule in WHOLE_RULES.items():
        for changed, clause in rule(expr, context):
            yield name, changed, clause
    for path, part in _places(expr):
        for name, rule in LOCAL_RULES.items():
            for replacement, clause in rule(part, context):
                yield name, _replaced(expr, path, replacement), clause
    for name, rule in LAST_RULES.items():
        for changed, clause in rule(expr, context):
            yield name, changed, clause


def _places(expr: Expr, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Expr]]:
    yield path, expr
    for position, part in enumerate(children(expr)):
        yield from _places(part, (*path, position))


def _replaced(expr: Expr, path: tuple[int, ...], by: Expr) -> Expr:
    if not path:
        return by
    parts = list(children(expr))
    parts[path[0]] = _replaced(parts[path[0]], path[1:], by)
    return with_children(expr, tuple(parts))


def further_changes(lets: Mapping[str, Expr], context: Context) -> list[Change]:
    """Return more wrong versions of several steps at once, which have no part in the choice of numbers."""
    several = [*cells.in_several_steps(lets, context), *parallel.in_several_steps(lets, context)]
    several += throughout.in_several_steps(lets, context)
    return [Change(*changed) for changed in several]


def changes(lets: Mapping[str, Expr], givens: frozenset[str], context: Context) -> list[Change]:
    """Return the wrong versions that show in several steps at once; `lets` are the steps that count."""
    return [*_other_convention(lets, context), *_swapped_givens(lets, givens, context), *_no_mask(lets, context)]


def _swapped_givens(lets: Mapping[str, Expr], givens: frozenset[str], context: Context) -> Iterator[Change]:
    """Two givens of one shape change places in every step."""
    present = [name for name in mutate_algebra.in_order(lets.values()) if name in givens]
    for first, second in combinations(present, 2):
        if context.shapes.get(first) != context.shapes.get(second):
            continue
        exchange = {first: second, second: first}
        changed = {name: renamed(expr, exchange) for name, expr in lets.items() if names_in(expr) & set(exchange)}
        if len(changed) > 1:
            yield Change("swapped_names", changed, mutate_algebra.places_changed(first, second, context))


def _other_convention(lets: Mapping[str, Expr], context: Context) -> Iterator[Change]:
    """A gate and 1 - gate change places, in every step but the gate's own."""
    gates = dict.fromkeys(gate for expr in lets.values() for gate in mutate_algebra.complements(expr))
    for gate in gates:
        own = names_in(gate)
        changed = {}
        for name, expr in lets.items():
            other = mutate_algebra.exchanged_complement(expr, gate)
            if name not in own and other != expr:
                changed[name] = other
        if len(changed) > 1:
            yield Change("swapped_complements", changed, mutate_algebra.complement_clause(gate, context))


def _no_mask(lets: Mapping[str, Expr], context: Context) -> Iterator[Change]:
    """The mask is not there: every position counts, wherever the mask is used."""
    for mask in sorted(context.masks):
        clause = left_out(Name(mask), context, " everywhere")
        if mask in lets:
            ones: Expr = Call("ones_like", (deepcopy(lets[mask]),))  # of whatever shape, with other numbers too
            yield Change("padding", {mask: op("equal", ones, ONE) if _is_bool(lets[mask]) else ones}, clause)
            continue
        changed = {
            name: substituted(expr, lambda part, mask=mask: _ones_for(part, mask))  # type: ignore[misc]
            for name, expr in lets.items()
            if mask in names_in(expr)
        }
        if changed:
            yield Change("padding", changed, clause)


def _is_bool(expr: Expr) -> bool:
    return isinstance(expr, Call) and expr.function in ("equal", "not_equal", "less", "less_equal", "greater")


def _ones_for(part: Expr, mask: str) -> Expr | None:
    return Call("ones_like", (part,)) if isinstance(part, Name) and part.id == mask else None


__all__ = [
    "ALIKE",
    "COSTS",
    "FURTHER_RULES",
    "LAST_RULES",
    "LOCAL_RULES",
    "RESULT_RULES",
    "WHOLE_RULES",
    "Change",
    "Context",
    "Edit",
    "Mutation",
    "Rule",
    "Versions",
    "changes",
    "edited",
    "edits",
    "edits_across",
    "edits_and_methods",
    "edits_of_name",
    "exchanges",
    "exchanges_across",
    "further_changes",
    "mutations",
    "result_edits",
]
