"""The settings there are: their names in the file, what each can be, and what it is for.

Whoever reads, shows or changes settings goes by this table. Keys are not in it: they are the `keys` section of the
file, and their ids are those of the bindings (`tui/keymap`).
"""

from dataclasses import dataclass

Value = str | int
"""What a setting can be: a word, or a whole number."""

AUTO = "auto"
_MOST_TOLD = 5  # choices in a sentence
KEYS = "keys"  # the section of the file that gives bindings other keys

TERMINAL = "terminal"
HIGH_CONTRAST = "high-contrast"
HIGH_CONTRAST_LIGHT = "high-contrast-light"
MONOCHROME = "monochrome"
# Those that Textual has under these names; a test compares them with the installed version.
TEXTUAL_THEMES = (
    "atom-one-dark", "atom-one-light", "catppuccin-frappe", "catppuccin-latte", "catppuccin-macchiato",
    "catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai", "nord", "rose-pine", "rose-pine-dawn",
    "rose-pine-moon", "solarized-dark", "solarized-light", "textual-dark", "textual-light", "tokyo-night",
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """One setting. The first of `choices` holds where nobody has chosen; `alone`: it is not for a shared account."""

    name: str
    choices: tuple[Value, ...]
    says: str
    alone: bool = False

    @property
    def default(self) -> Value:
        """What holds where nobody has chosen."""
        return self.choices[0]

    @property
    def expected(self) -> str:
        """What it can be, in words."""
        numbers = [one for one in self.choices if isinstance(one, int)]
        words = [one for one in self.choices if isinstance(one, str)]
        if numbers:
            return f"{', '.join(words)} or a number from {min(numbers)} to {max(numbers)}"
        if len(words) > _MOST_TOLD:
            return f"{', '.join(words[:_MOST_TOLD])} or one of {len(words) - _MOST_TOLD} more"
        return f"{', '.join(words[:-1])} or {words[-1]}"


SETTINGS = (
    Setting(
        "theme",
        (TERMINAL, HIGH_CONTRAST, HIGH_CONTRAST_LIGHT, MONOCHROME, *TEXTUAL_THEMES),
        "The colours of the screens; terminal means the colours of your terminal.",
    ),
    Setting(
        "pictures",
        (AUTO, "colour", "blocks", "ascii"),
        "How pictures are drawn at first: in colour, with blocks, or with ASCII marks.",
    ),
    Setting(
        "characters",
        (AUTO, "utf8", "ascii"),
        "Which characters the terminal shows; auto goes by the locale.",
    ),
    Setting(
        "colours",
        (AUTO, "16", "256", "24-bit"),
        "How many colours the terminal shows; auto goes by TERM and COLORTERM.",
    ),
    Setting(
        "digits",
        (AUTO, 3, 4, 5, 6, 7, 8, 9, 10),
        "How many digits computed numbers are shown with; marking stays the same.",
    ),
    Setting(
        "clipboard",
        (TERMINAL, "file"),
        "Where copied text goes: to the clipboard of your terminal, or into a file.",
        alone=True,
    ),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


def of(kiosk: bool) -> tuple[Setting, ...]:
    """Return the settings that there are on an account of one's own, or on a shared one."""
    return tuple(setting for setting in SETTINGS if not (kiosk and setting.alone))
