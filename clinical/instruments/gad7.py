"""GAD-7: seven items on anxiety over the last two weeks, 0 to 3 each, total 0 to 21.

Spitzer, Kroenke, Williams and Loewe, Arch Intern Med 2006;166:1092-1097: items, bands, cut-off. The first
answer is "Not at all"; "Not at all sure", as some copies have it, is a misprint (Zorowitz 2021).
"""

from __future__ import annotations

from typing import Final

from clinical.direction import Direction
from clinical.instruments import phq9
from clinical.instruments.instrument import Band, Cutoff, Instrument, Item, Operator

NERVOUS: Final = Item("1", "Feeling nervous, anxious or on edge", phq9.HOW_OFTEN)
WORRYING: Final = Item("2", "Not being able to stop or control worrying", phq9.HOW_OFTEN)
INSTRUCTION: Final = "Over the last 2 weeks, how often have you been bothered by the following problems?"
GAD_7: Final = Instrument(
    code="gad-7",
    version="1",
    title="Generalized Anxiety Disorder scale, seven items",
    condition="anxiety",
    recall_period=phq9.RECALL_PERIOD,
    instruction=INSTRUCTION,
    items=(
        NERVOUS,
        WORRYING,
        Item("3", "Worrying too much about different things", phq9.HOW_OFTEN),
        Item("4", "Trouble relaxing", phq9.HOW_OFTEN),
        Item("5", "Being so restless that it is hard to sit still", phq9.HOW_OFTEN),
        Item("6", "Becoming easily annoyed or irritable", phq9.HOW_OFTEN),
        Item("7", "Feeling afraid as if something awful might happen", phq9.HOW_OFTEN),
    ),
    direction=Direction.HIGHER_IS_WORSE,
    bands=(Band(0, 4, "minimal"), Band(5, 9, "mild"), Band(10, 14, "moderate"), Band(15, 21, "severe")),
    bands_source="Spitzer 2006",
    cutoffs=(
        Cutoff(
            8, operator=Operator.AT_LEAST, meaning="counted as a case by the NHS in England", source="NHS"
        ),
        Cutoff(
            10,
            operator=Operator.AT_LEAST,
            meaning="screening: sensitivity 89 %, specificity 82 %",
            source="Spitzer 2006",
        ),
    ),
    licence=phq9.LICENCE,
    source="Spitzer, Kroenke, Williams and Loewe, Arch Intern Med 2006;166:1092-1097",
)
