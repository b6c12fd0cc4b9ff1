"""What is pasted, within bounds: a terminal marks where it begins and ends, and Textual keeps all of it until it ends.

So a paste whose end is lost with the line would take every key after it, and one without end all memory.
"""

BEGIN, END = "\x1b[200~", "\x1b[201~"
MOST = 16_000  # characters: twice what the longest answer may have, so that too long a one is still told as too long


class Pastes:
    """Follows the marks in what a terminal sends."""

    def __init__(self) -> None:
        self.pasting = False
        self._left = 0
        self._tail = ""  # what may be the first part of a mark

    def feed(self, data: str) -> str:
        """Return what is to be read of it: the rest of a paste beyond MOST characters is dropped."""
        read = []
        while data:
            text = self._tail + data
            if self.pasting:
                at = text.find(END)
                inside = text[:at] if at >= 0 else text[: len(text) - _begun(text, END)]
                read.append(inside[: self._left])
                self._left -= min(self._left, len(inside))
                self._tail = "" if at >= 0 else text[len(inside) :]
                data = text[at + len(END) :] if at >= 0 else ""
                if at >= 0:
                    self.pasting = False
                    read.append(END)
            else:  # passed on at once: an Escape that begins a mark may be the key
                at = text.find(BEGIN)
                end = at + len(BEGIN) - len(self._tail) if at >= 0 else len(data)
                read.append(data[:end])
                self._tail = "" if at >= 0 else text[len(text) - _begun(text, BEGIN) :]
                data = data[end:]
                if at >= 0:
                    self.pasting, self._left = True, MOST
        return "".join(read)

    def give_up(self) -> str:
        """Return the end of a paste of which nothing more comes; "" where none is open."""
        if not self.pasting:
            return ""
        rest = self._tail[: self._left]
        self.pasting, self._tail = False, ""
        return rest + END


def _begun(text: str, mark: str) -> int:
    """Return how many characters at the end of a text are the beginning of a mark."""
    return next((count for count in range(len(mark) - 1, 0, -1) if text.endswith(mark[:count])), 0)
