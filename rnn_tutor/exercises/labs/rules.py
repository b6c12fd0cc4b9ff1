"""What a lab must be beyond its types, as far as that can be told without evaluating anything."""

import math
from collections.abc import Iterator

from rnn_tutor.engine.errors import exact
from rnn_tutor.engine.training.names import RESULTS
from rnn_tutor.exercises.files.finding import listed, shown
from rnn_tutor.exercises.files.rules import Problem, let_name, lets
from rnn_tutor.exercises.files.rules import problems as exercise_problems
from rnn_tutor.exercises.labs.controls import MOST_PLACES, Dial, SettingError, dial, places
from rnn_tutor.exercises.labs.model import OWN, TRAIN_KEYS, Control, Lab, Prediction, Train

LEAST_PREDICTIONS, MOST_PREDICTIONS = 2, 3
_NUMBER = ("from", "to", "step")


def problems(lab: Lab) -> list[Problem]:
    """Return what is wrong with a lab whose types fit, in the order of the file; empty if nothing is."""
    controls = list(_controls(lab))
    broken = {key.partition(".")[0] for key, _ in controls}
    dials = {one.name: None if f"controls[{index}]" in broken else dial(one) for index, one in enumerate(lab.controls)}
    return [
        *exercise_problems(lab.as_exercise),
        *_givens(lab),
        *controls,
        *_names(lab),
        *_train(lab, dials),
        *_predictions(lab, dials),
    ]


def _givens(lab: Lab) -> Iterator[Problem]:
    for name, given in lab.given.items():
        if given.value is None and given.shape is not None:
            yield f"given.{name}", "a shape without a value; expected the original numbers, as a lab shows numbers"


def _controls(lab: Lab) -> Iterator[Problem]:
    for index, control in enumerate(lab.controls):
        control_key = f"controls[{index}]"
        if not control.means.strip():
            yield f"{control_key}.means", "found only spaces; expected text"
        number = [key for key, value in zip(_NUMBER, _range(control), strict=True) if value is not None]
        kinds = [
            *(["from, to, step"] if number else []),
            *(["choices"] if control.choices else []),
            *(["text"] if control.text is not None else []),
        ]
        if len(kinds) != 1:
            present = f"both {listed(kinds, 'and')}" if kinds else "none of these keys"
            yield control_key, f"found {present}; expected one of: from with to and step, choices, text with alphabet"
        elif number:
            yield from _number(control, number, control_key)
        elif control.choices:
            yield from _choices(control, control_key)
        else:
            yield from _text(control, control_key)
        if control.most is not None and control.text is None:
            yield f"{control_key}.most", "expected this key only with a text"
        if control.alphabet is not None and control.text is None:
            yield f"{control_key}.alphabet", "an alphabet without a text; expected text: the text at the start"


def _range(control: Control) -> tuple[float | None, float | None, float | None]:
    return control.from_, control.to, control.step


def _number(control: Control, keys: list[str], control_key: str) -> Iterator[Problem]:
    missing = [key for key in _NUMBER if key not in keys]
    if missing:
        yield f"{control_key}.{missing[0]}", "the key is missing; a number has from, to and step"
        return
    low, high, step = (value or 0.0 for value in _range(control))
    if not all(map(math.isfinite, (low, high, step))):
        yield control_key, "expected finite numbers under from, to and step"
    elif step <= 0:
        yield f"{control_key}.step", f"found {exact(step)}; expected more than 0"
    elif high < low + step:
        yield f"{control_key}.to", f"found {exact(high)}; expected at least a step more than from"
    elif (high - low) / step > MOST_PLACES:
        yield (
            f"{control_key}.step",
            f"found {exact(step)}, which makes more than {MOST_PLACES:,} places; expected a larger step",
        )
    elif abs(low + (places(control) - 1) * step - high) > 1e-9 * max(1.0, abs(high)):
        yield (
            f"{control_key}.to",
            f"found {exact(high)}, where no step from {exact(low)} ends; expected a whole number of steps",
        )
    else:
        yield from _start(control, control_key)


def _choices(control: Control, control_key: str) -> Iterator[Problem]:
    if len(control.choices) < 2:
        yield f"{control_key}.choices", "found 1 choice; expected at least 2"
    elif len(set(control.choices)) < len(control.choices):
        yield f"{control_key}.choices", "a choice appears twice; expected each once"
    else:
        yield from _start(control, control_key)


def _text(control: Control, control_key: str) -> Iterator[Problem]:
    alphabet = control.alphabet or ""
    if len(set(alphabet)) < 2 or len(set(alphabet)) < len(alphabet) or not alphabet.isprintable():
        yield f"{control_key}.alphabet", "expected the characters that a text may have: at least 2, each once"
        return
    if control.start is not None:
        yield f"{control_key}.start", "a text has no start; give the first text under text"
    try:
        Dial(control, "text", "", 0).at(control.text or "")
    except SettingError as error:
        yield f"{control_key}.text", f"found '{shown(control.text or '')}'; {error}"


def _start(control: Control, control_key: str) -> Iterator[Problem]:
    try:
        dial(control)
    except SettingError as error:
        yield f"{control_key}.start", f"found '{shown(control.start or '')}'; {error}"


def _names(lab: Lab) -> Iterator[Problem]:
    """Names of controls that stand for something else too."""
    let_keys = {let_name(step.let or ""): f"{path}.let" for path, step in lets(lab.steps)}
    owners: dict[str, str] = {name: f"given.{name}" for name in lab.given}
    for index, control in enumerate(lab.controls):
        key = f"controls[{index}].name"
        if control.name in owners:
            yield key, f"'{control.name}' is already used at {owners[control.name]}; expected a name of its own"
        elif control.name in let_keys:
            yield let_keys[control.name], f"'{control.name}' is a control; expected a name of its own"
        owners.setdefault(control.name, key)


def _train(lab: Lab, dials: dict[str, Dial | None]) -> Iterator[Problem]:
    """What of a network cannot be: names that it gives itself, values that no network has."""
    if lab.train is None:
        return
    named = {name: f"given.{name}" for name in lab.given}
    named |= {control.name: f"controls[{index}].name" for index, control in enumerate(lab.controls)}
    named |= {let_name(step.let or "") or "": f"{path}.let" for path, step in lets(lab.steps)}
    for name, key in named.items():
        if name in RESULTS:
            yield key, f"'{name}' is what training gives ({RESULTS[name]}); expected a name of its own"
    for key in (*TRAIN_KEYS, "temperature"):
        text = getattr(lab.train, key)
        moving = dials.get(text)
        if text not in dials:
            yield from _value(key, text)
        elif moving is not None:
            yield from _moved_value(key, moving)
    yield from _text_to_learn(lab.train, dials)


def _value(key: str, text: str) -> Iterator[Problem]:
    from rnn_tutor.exercises.labs.training import checked  # the cells and tasks: few labs train

    said = checked(key, text)
    if said:
        yield f"train.{key}", said


def _moved_value(key: str, moving: Dial) -> Iterator[Problem]:
    """What is wrong with a control that gives a value: each choice, or both ends of a number, has to be one."""
    places = range(moving.last + 1) if moving.kind == "choice" else (0, moving.last)
    if moving.kind == "text":
        yield f"train.{key}", f"'{moving.name}' is a text; expected a number or a choice"
        return
    for place in places:
        for _, says in _value(key, moving.shown(place)):
            yield f"train.{key}", f"the control '{moving.name}': {says}"
            return


def _text_to_learn(train: Train, dials: dict[str, Dial | None]) -> Iterator[Problem]:
    """A text is needed where the task may be text, and it is one that comes along, or one that is typed."""
    from rnn_tutor.exercises.labs.texts import TEXTS

    def written(text: str) -> list[str]:
        moving = dials.get(text)
        return [moving.shown(place) for place in range(moving.last + 1)] if moving is not None else [text]

    if "text" not in written(train.task):
        return
    if train.text is None:
        yield "train.text", f"the key is missing; the task text needs one: {listed([*TEXTS, OWN])}"
        return
    for name in written(train.text):
        if name not in TEXTS and name != OWN:
            yield "train.text", f"found '{shown(name)}'; expected {listed([*TEXTS, OWN])}, or the name of a control"
        elif name == OWN:
            typed = dials.get(train.own or "")
            if train.own not in dials or (typed is not None and typed.kind != "text"):
                yield "train.own", "expected the name of the control in which a learner types a text"


def _predictions(lab: Lab, dials: dict[str, Dial | None]) -> Iterator[Problem]:
    """What is wrong with predictions; `dials` has None for a control that cannot be moved, as was told."""
    if not LEAST_PREDICTIONS <= len(lab.predict) <= MOST_PREDICTIONS:
        yield "predict", f"found {len(lab.predict)} questions; expected {LEAST_PREDICTIONS} or {MOST_PREDICTIONS}"
    for index, prediction in enumerate(lab.predict):
        prediction_key = f"predict[{index}]"
        yield from _blank(prediction, prediction_key)
        if bool(prediction.options) == (prediction.answer is not None):
            present = "both options and an answer" if prediction.options else "neither options nor an answer"
            yield prediction_key, f"found {present}; expected options, or the number under answer"
        if len(prediction.options) == 1:
            yield f"{prediction_key}.options", "found 1 option; expected at least 2"
        texts = [option.text.strip().casefold() for option in prediction.options]
        if len(set(texts)) < len(texts):
            yield f"{prediction_key}.options", "an option appears twice; expected each once"
        if prediction.answer is None and prediction.within is not None:
            yield f"{prediction_key}.within", "options cannot have within; expected this key only with an answer"
        if prediction.after is not None and lab.train is None:
            yield f"{prediction_key}.after", "nothing is trained here; expected this key only in a lab with train"
        yield from _at(prediction, prediction_key, dials)


def _blank(prediction: Prediction, prediction_key: str) -> Iterator[Problem]:
    texts = {f"{prediction_key}.ask": prediction.ask, f"{prediction_key}.say": prediction.say}
    texts |= {f"{prediction_key}.options[{k}].text": option.text for k, option in enumerate(prediction.options)}
    for key, text in texts.items():
        if not text.strip():
            yield key, "found only spaces; expected text"


def _at(prediction: Prediction, prediction_key: str, dials: dict[str, Dial | None]) -> Iterator[Problem]:
    """Where the controls stand for a prediction: each of them can stand there, and one of them is moved."""
    moved = bool(prediction.after)
    for name, text in prediction.at.items():
        key = f"{prediction_key}.at.{name}"
        moving = dials.get(name)
        if moving is None:
            moved = True  # nobody knows
            if name not in dials:
                yield key, f"'{name}' is not a control; expected {listed(dials)}"
            continue
        try:
            moved |= moving.at(text) != moving.start
        except SettingError as error:
            moved = True
            yield key, f"found '{shown(text)}'; {error}"
    if not moved:
        yield (
            f"{prediction_key}.at",
            "every control is at its start, so there is nothing to predict; expected another setting",
        )
