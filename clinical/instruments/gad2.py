"""GAD-2: the first two items of the GAD-7, total 0 to 6.

Kroenke, Spitzer, Williams, Monahan and Loewe, Ann Intern Med 2007;146:317-325. It has no cut-off here: the
one in use has not been seen in its source.
"""

from __future__ import annotations

from typing import Final

from clinical.direction import Direction
from clinical.instruments import gad7, phq9
from clinical.instruments.instrument import Instrument

GAD_2: Final = Instrument(
    code="gad-2",
    version="1",
    title="Generalized Anxiety Disorder scale, two items",
    condition="anxiety",
    recall_period=phq9.RECALL_PERIOD,
    instruction=gad7.INSTRUCTION,
    items=(gad7.NERVOUS, gad7.WORRYING),
    direction=Direction.HIGHER_IS_WORSE,
    bands=(),
    licence=phq9.LICENCE,
    source="Kroenke, Spitzer, Williams, Monahan and Loewe, Ann Intern Med 2007;146:317-325",
)
