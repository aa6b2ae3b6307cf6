"""PHQ-9: nine items on depression over the last two weeks, and how hard they made life.

Kroenke, Spitzer and Williams, J Gen Intern Med 2001;16:606-613: items, 0 to 3 each, total 0 to 27, bands.
Item 9 is a question of safety and has its own path, whatever the total.
"""

from __future__ import annotations

from typing import Final

from clinical.direction import Direction
from clinical.instruments.instrument import Band, Cutoff, Instrument, Item, Operator, Option

LICENCE: Final = (
    "PHQ and GAD-7 screeners: developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and "
    "colleagues, with an educational grant from Pfizer Inc. No permission required to reproduce, translate, "
    "display or distribute."
)
INSTRUCTION: Final = (
    "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
)
RECALL_PERIOD: Final = "the last two weeks"
HOW_OFTEN: Final = (
    Option(0, "Not at all"),
    Option(1, "Several days"),
    Option(2, "More than half the days"),
    Option(3, "Nearly every day"),
)
ITEM_9: Final = "9"
"""The code of the item on thoughts of death or self-harm."""

INTEREST: Final = Item("1", "Little interest or pleasure in doing things", HOW_OFTEN)
DOWN: Final = Item("2", "Feeling down, depressed, or hopeless", HOW_OFTEN)
DIFFICULTY: Final = Item(
    "difficulty",
    "If you checked off any problems, how difficult have these problems made it for you to do your work, "
    "take care of things at home, or get along with other people?",
    (
        Option(0, "Not difficult at all"),
        Option(1, "Somewhat difficult"),
        Option(2, "Very difficult"),
        Option(3, "Extremely difficult"),
    ),
    scored=False,
)
PHQ_9: Final = Instrument(
    code="phq-9",
    version="1",
    title="Patient Health Questionnaire, nine items",
    condition="depression",
    recall_period=RECALL_PERIOD,
    instruction=INSTRUCTION,
    items=(
        INTEREST,
        DOWN,
        Item("3", "Trouble falling or staying asleep, or sleeping too much", HOW_OFTEN),
        Item("4", "Feeling tired or having little energy", HOW_OFTEN),
        Item("5", "Poor appetite or overeating", HOW_OFTEN),
        Item(
            "6",
            "Feeling bad about yourself - or that you are a failure or have let yourself or your family down",
            HOW_OFTEN,
        ),
        Item(
            "7",
            "Trouble concentrating on things, such as reading the newspaper or watching television",
            HOW_OFTEN,
        ),
        Item(
            "8",
            "Moving or speaking so slowly that other people could have noticed? Or the opposite - being so "
            "fidgety or restless that you have been moving around a lot more than usual",
            HOW_OFTEN,
        ),
        Item(
            ITEM_9,
            "Thoughts that you would be better off dead or of hurting yourself in some way",
            HOW_OFTEN,
        ),
        DIFFICULTY,
    ),
    direction=Direction.HIGHER_IS_WORSE,
    bands=(
        Band(0, 4, "minimal"),
        Band(5, 9, "mild"),
        Band(10, 14, "moderate"),
        Band(15, 19, "moderately severe"),
        Band(20, 27, "severe"),
    ),
    bands_source="Kroenke 2001",
    cutoffs=(
        Cutoff(
            10, operator=Operator.AT_LEAST, meaning="counted as a case by the NHS in England", source="NHS"
        ),
    ),
    licence=LICENCE,
    source="Kroenke, Spitzer and Williams, J Gen Intern Med 2001;16:606-613",
)
