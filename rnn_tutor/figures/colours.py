"""The colours of a heatmap as red, green, blue: blue for negative, orange for positive, pale for zero.

Blue and orange stay apart for every common kind of colour blindness; the sign in each cell says the same again.
The steps are (but for the last) colours of the 256-colour cube, so that the picture is the same with 256 colours and
with truecolor, which puts further steps between them. Nothing here needs textual, so that files can be written with it.
"""

Colour = tuple[int, int, int]

NEUTRAL: Colour = (238, 238, 238)
NEGATIVE: tuple[Colour, ...] = ((175, 215, 255), (95, 175, 255), (0, 135, 255), (0, 95, 215), (0, 0, 135))
POSITIVE: tuple[Colour, ...] = ((255, 215, 175), (255, 175, 95), (255, 135, 0), (215, 95, 0), (135, 50, 0))


def ground(level: int, count: int) -> Colour:
    """Return the colour of a level of -count to count, between the two steps it lies between."""
    if level == 0:
        return NEUTRAL
    steps = (NEUTRAL, *(NEGATIVE if level < 0 else POSITIVE))
    position = abs(level) / count * (len(steps) - 1)
    below = min(int(position), len(steps) - 2)
    share = position - below
    low, high = steps[below], steps[below + 1]
    red, green, blue = (
        round(below_part + (above_part - below_part) * share) for below_part, above_part in zip(low, high, strict=True)
    )
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Return how bright a colour is, from 0 (black) to 1 (white), as WCAG 2 has it."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 has it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink(on: Colour) -> Colour:
    """Return black or white, whichever is read better: at least 4.5 : 1 on any ground (WCAG 2)."""
    return (0, 0, 0) if luminance(on) > 0.179 else (255, 255, 255)
