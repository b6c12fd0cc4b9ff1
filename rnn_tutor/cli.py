"""The commands of rnn-tutor."""


def main() -> int:
    """Run rnn-tutor; the exit status is returned."""
    return 0
