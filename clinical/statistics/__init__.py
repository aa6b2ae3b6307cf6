"""Standard statistics: survival curves, intervals of proportions, cell suppression."""

from __future__ import annotations

from typing import Final

Z80: Final = 1.2815515655446004
"""Normal deviate of an 80 % band. Source: arithmetic."""
Z95: Final = 1.959963984540054
"""Normal deviate of a 95 % band. Source: arithmetic."""
Z_QUARTILE: Final = 0.6744897501960817
"""Normal deviate of the 25 % quantile. Source: arithmetic."""

MIN_GROUP_SIZE: Final = 5
"""Fewest people or cycles of which a figure is shown, and fewest people left over. Source: a proposal, common
among health statistics offices."""
