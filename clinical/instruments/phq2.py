"""PHQ-2: the first two items of the PHQ-9, total 0 to 6.

Kroenke, Spitzer and Williams, Med Care 2003;41:1284-1292. It has no bands; its cut-offs are for screening.
"""

from __future__ import annotations

from typing import Final

from clinical.direction import Direction
from clinical.instruments import phq9
from clinical.instruments.instrument import Cutoff, Instrument, Operator

PHQ_2: Final = Instrument(
    code="phq-2",
    version="1",
    title="Patient Health Questionnaire, two items",
    condition="depression",
    recall_period=phq9.RECALL_PERIOD,
    instruction=phq9.INSTRUCTION,
    items=(phq9.INTEREST, phq9.DOWN),
    direction=Direction.HIGHER_IS_WORSE,
    bands=(),
    cutoffs=(
        Cutoff(
            2,
            operator=Operator.AT_LEAST,
            meaning="screening: sensitivity 86 %, specificity 78 %",
            source="Arroll 2010",
        ),
        Cutoff(
            3,
            operator=Operator.AT_LEAST,
            meaning="screening: sensitivity 61 %, specificity 92 %",
            source="Arroll 2010",
        ),
    ),
    licence=phq9.LICENCE,
    source="Kroenke, Spitzer and Williams, Med Care 2003;41:1284-1292",
)
