"""Style rules that are kept: they are what Textual's parser gives, and nothing else is ever believed."""

import sys
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import msgspec
import pytest
from textual.css.stylesheet import Stylesheet
from textual.layout import Layout

from rnn_tutor.tui.terminal import parsed_styles
from rnn_tutor.tui.terminal.kept_styles import KeptStyles
from rnn_tutor.tui.terminal.parsed_styles import FILE, ParsedStyles

SCRIPT = Path(__file__).parents[3] / "packaging" / "make_styles.py"
CONTENT = msgspec.json.decode(FILE.read_bytes())
pytestmark = pytest.mark.skipif(
    CONTENT["textual"] != version("textual"), reason="the styles were parsed by another version of Textual"
)


@pytest.fixture(scope="module")
def script():
    spec = spec_from_file_location("make_styles", SCRIPT)
    module = module_from_spec(spec)
    sys.modules["make_styles"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["make_styles"]


@pytest.fixture(scope="module")
def variables(script):
    return script.an_app().get_css_variables()


def plain(rule):
    """All that a rule says, as what can be compared."""
    values = {
        name: ("layout", value.name) if isinstance(value, Layout) else (type(value), value)
        for name, value in rule.styles.get_rules().items()
    }
    return rule.selector_set, values, rule.styles.important, rule.errors, rule.selector_names, rule.pseudo_classes


def test_the_file_is_what_the_script_makes(script):
    assert FILE.read_bytes() == script.made(), "make styles"


def test_the_rules_are_those_of_the_parser(script, variables):
    kept = ParsedStyles()
    count = 0
    for sheet in script.sheets():
        found = kept.rules(sheet, variables)
        if found is not None:
            count += len(found)
            assert [plain(rule) for rule in found] == [plain(rule) for rule in script.parsed(sheet, variables)]
    assert count > 100


def test_a_style_sheet_says_as_it_was_told_whose_rules_they_are(script, variables):
    css, scope = next(sheet for sheet in script.sheets() if sheet[1] == "Static")
    kept, parsed = KeptStyles(variables=variables), Stylesheet(variables=variables)
    for sheet in (kept, parsed):
        sheet.add_source(css, ("here", "Static.DEFAULT_CSS"), is_default_css=True, tie_breaker=-3, scope=scope)
    assert [(rule.is_default_rules, rule.tie_breaker) for rule in kept.rules] == [
        (rule.is_default_rules, rule.tie_breaker) for rule in parsed.rules
    ]


def test_rules_are_made_anew_each_time(script, variables):
    sheet = next(iter(script.sheets()))
    first, second = ParsedStyles().rules(sheet, variables), ParsedStyles().rules(sheet, variables)
    assert first is not None
    assert not {id(rule.styles) for rule in first} & {id(rule.styles) for rule in second}


def test_another_theme_or_another_sheet_is_parsed(script, variables):
    css, scope = next(iter(script.sheets()))
    kept = ParsedStyles()
    assert kept.rules((css, scope), variables | {"primary": "red"}) is None
    assert kept.rules((css + " ", scope), variables) is None
    assert kept.rules((css, f"{scope}X"), variables) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: FILE.read_bytes()[:-40],
        lambda content: b"[]",
        lambda content: msgspec.json.encode(content | {"textual": "8.2"}),
        lambda content: msgspec.json.encode(content | {"textual": None}),
        lambda content: msgspec.json.encode(content | {"variables": None}),
        lambda content: msgspec.json.encode(content | {"sheets": 3}),
        lambda content: msgspec.json.encode(content | {"sheets": [[*sheet[:2], 7] for sheet in content["sheets"]]}),
        lambda content: msgspec.json.encode(content | {"sheets": [[*sheet[:2], [[]]] for sheet in content["sheets"]]}),
        lambda content: FILE.read_bytes().replace(b'"scalar"', b'"unknown"').replace(b'"colour"', b'"unknown"'),
    ],
)
def test_a_damaged_file_is_none(tmp_path, script, variables, damage):
    file = tmp_path / "styles.json"
    file.write_bytes(damage(CONTENT))
    css, scope = next(sheet for sheet in script.sheets() if "Bar, Rule" in sheet[0])
    assert ParsedStyles(file).rules((css, scope), variables) is None
    assert ParsedStyles(tmp_path / "nothing").rules((css, scope), variables) is None


def test_a_value_of_an_unknown_kind_is_not_kept(script, variables):
    sheet = "Static { offset: 1 2; }", ""
    other = "Static { width: 3; }", ""
    sheets = {one: script.parsed(one, variables) for one in (sheet, other)}
    content = msgspec.json.decode(parsed_styles.encoded("1", variables, sheets))
    assert [tuple(row[:2]) for row in content["sheets"]] == [other]
