"""One number as text: the rule that everything above follows.

It stands in the engine, because expressions are written out with numbers put in (`graph/provenance`). How arrays are
laid out, and how many digits a place calls for, is for `figures/numbers`.
"""

from dataclasses import dataclass


@dataclass
class Shown:
    """How many digits a learner wants to see (None: as many as each place calls for). It is one for the process."""

    digits: int | None = None

    def of(self, digits: int) -> int:
        """Return how many digits a place shows that calls for `digits`; nothing is marked by what is shown."""
        return digits if self.digits is None else self.digits


SHOWN = Shown()


def significant(value: float, digits: int = 4) -> str:
    """Return a number with at most `digits` significant digits and no -0; powers of ten as 1.5e-7."""
    if value == 0:
        return "0"
    return short_power(f"{value:.{digits}g}")


def shown(value: float, digits: int = 4) -> str:
    """Return a number for a place that calls for `digits`, with as many as the learner wants to see."""
    return significant(value, SHOWN.of(digits))


def short_power(text: str) -> str:
    """Return a number as Python writes it with the shortest power of ten: 1.5e-07 is 1.5e-7."""
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else text
