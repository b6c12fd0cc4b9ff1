"""NumPy's types of arrays, for annotations alone: while the program runs, they would take 10 ms to import."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.typing import NDArray as NDArray  # noqa: PLC0414 - handed on
else:

    class NDArray:
        """Any array; what it is of is nothing to be known while the program runs."""

        def __class_getitem__(cls, _of: object) -> type:
            return cls
