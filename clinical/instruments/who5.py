"""WHO-5: five items on well-being over the last two weeks, 0 to 5 each; their sum times 4 is 0 to 100.

Topp, Oestergaard, Soendergaard and Bech, Psychother Psychosom 2015;84:167-176: higher is better, 50 or less
suggests a closer look, 10 points are an important change. Its text has a notice of its own.
"""

from __future__ import annotations

from typing import Final

from clinical.direction import Direction
from clinical.instruments.instrument import Cutoff, Instrument, Item, Operator, Option

HOW_MUCH_OF_THE_TIME: Final = (
    Option(5, "All of the time"),
    Option(4, "Most of the time"),
    Option(3, "More than half of the time"),
    Option(2, "Less than half of the time"),
    Option(1, "Some of the time"),
    Option(0, "At no time"),
)
WHO_5: Final = Instrument(
    code="who-5",
    version="1",
    title="WHO-5 Well-Being Index",
    condition="well-being",
    recall_period="the last two weeks",
    instruction="Please indicate for each of the five statements which is closest to how you have been "
    "feeling over the last two weeks.",
    items=(
        Item("1", "I have felt cheerful and in good spirits", HOW_MUCH_OF_THE_TIME),
        Item("2", "I have felt calm and relaxed", HOW_MUCH_OF_THE_TIME),
        Item("3", "I have felt active and vigorous", HOW_MUCH_OF_THE_TIME),
        Item("4", "I woke up feeling fresh and rested", HOW_MUCH_OF_THE_TIME),
        Item("5", "My daily life has been filled with things that interest me", HOW_MUCH_OF_THE_TIME),
    ),
    direction=Direction.HIGHER_IS_BETTER,
    bands=(),
    cutoffs=(
        Cutoff(
            50, operator=Operator.AT_MOST, meaning="asks for a closer look at depression", source="Topp 2015"
        ),
    ),
    factor=4,
    licence=(
        "WHO-5 Well-Being Index: Psychiatric Research Unit, WHO Collaborating Centre in Mental Health, "
        "Hilleroed, Denmark. Free of charge, no permission needed; its text keeps its own terms, which are "
        "not those of this software: a clinic that does more than use it checks them first."
    ),
    source="Topp, Oestergaard, Soendergaard and Bech, Psychother Psychosom 2015;84:167-176",
)
