"""AUDIT-C: the first three items of the AUDIT, on alcohol, 0 to 4 each, total 0 to 12.

Bush, Kivlahan, McDonell, Fihn and Bradley, Arch Intern Med 1998;158:1789-1795. Items 2 and 3 are skipped
after "never" to item 1 and then count 0, whatever was answered (AUDIT manual, Babor 2001). Its text has a
notice of its own.
"""

from __future__ import annotations

from typing import Final

from clinical.direction import Direction
from clinical.instruments.instrument import Cutoff, Instrument, Item, Operator, Option

AUDIT_C: Final = Instrument(
    code="audit-c",
    version="1",
    title="Alcohol Use Disorders Identification Test, consumption",
    condition="addiction",
    recall_period="as usual",
    instruction="Please answer for how you usually drink.",
    items=(
        Item(
            "1",
            "How often do you have a drink containing alcohol?",
            (
                Option(0, "Never"),
                Option(1, "Monthly or less"),
                Option(2, "2 to 4 times a month"),
                Option(3, "2 to 3 times a week"),
                Option(4, "4 or more times a week"),
            ),
        ),
        Item(
            "2",
            "How many drinks containing alcohol do you have on a typical day when you are drinking?",
            (
                Option(0, "1 or 2"),
                Option(1, "3 or 4"),
                Option(2, "5 or 6"),
                Option(3, "7 to 9"),
                Option(4, "10 or more"),
            ),
            unless_zero="1",
        ),
        Item(
            "3",
            "How often do you have six or more drinks on one occasion?",
            (
                Option(0, "Never"),
                Option(1, "Less than monthly"),
                Option(2, "Monthly"),
                Option(3, "Weekly"),
                Option(4, "Daily or almost daily"),
            ),
            unless_zero="1",
        ),
    ),
    direction=Direction.HIGHER_IS_WORSE,
    bands=(),
    cutoffs=(
        Cutoff(
            3, operator=Operator.AT_LEAST, meaning="positive screen in women", source="Bush 1998; US Core"
        ),
        Cutoff(4, operator=Operator.AT_LEAST, meaning="positive screen in men", source="Bush 1998; US Core"),
    ),
    licence=(
        "AUDIT-C: from the AUDIT, copyright World Health Organization, for non-commercial use; some hold the "
        "three items to be in the public domain. Its text keeps its own terms, which are not those of this "
        "software: a clinic that does more than use it checks them first."
    ),
    source="Bush, Kivlahan, McDonell, Fihn and Bradley, Arch Intern Med 1998;158:1789-1795",
)
