"""Every bound of a training run: sizes, numbers of updates, and how many of them a press of a key makes."""

MOST_UPDATES = 20_000  # of one run
MOST_AFTER = 2_000  # updates that a prediction may ask about: they are made before it is judged
LEAST_UNITS, MOST_UNITS = 2, 64
LEAST_LENGTH, MOST_LENGTH = 10, 100  # time steps
MOST_RATE = 10.0
MOST_CLIP = 1_000.0
MOST_FORGET = 20.0
BATCH = 32  # sequences of an update
MOST_CHARACTERS = 200_000  # of a text that is trained on
MOST_BYTES = 4 * MOST_CHARACTERS  # that are read of a file
MOST_ALPHABET = 48  # different characters of it; the rarest are left out
PASSAGE = 60  # characters along which the units are shown
SAMPLE = 130  # characters that are drawn from a network
LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.05, 5.0

# A difference in the last digit, about 1e-16, is rounded away unless a number lies within it of the middle between two
# multiples: of a million numbers that are kept, hardly one in a run is.
WEIGHT_GRID = 2.0**-24
STATE_GRID = 2.0**-20

PRESSES = 10  # presses that the long key stands for
_SIZES = ((160, 100), (640, 50), (1_600, 20))  # units times time steps up to which a press makes so many updates
_LARGEST = 10


def press(units: int, length: int) -> int:
    """Return how many updates a press of a key makes: 100 for the smallest networks, 10 for the largest."""
    size = units * length
    return next((updates for most, updates in _SIZES if size <= most), _LARGEST)
