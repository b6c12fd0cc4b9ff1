"""NumPy's types of arrays, for annotations alone: to import them takes 10 ms and 0.3 MB, for nothing that runs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.typing import ArrayLike as ArrayLike  # noqa: PLC0414 - handed on, both
    from numpy.typing import NDArray as NDArray  # noqa: PLC0414
else:

    class ArrayLike:
        """Whatever NumPy makes an array of."""

    class NDArray:
        """Any array; what it is of is nothing to be known while the program runs."""

        def __class_getitem__(cls, _of: object) -> type:
            return cls
