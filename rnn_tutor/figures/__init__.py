"""What there is to look at, and how it is drawn: figures as data, in characters, as SVG. It knows the engine only."""

from typing import Literal

FigureKind = Literal["heatmap", "lines", "bars", "table", "tree"]
