"""PCL-5: twenty items on post-traumatic stress over the past month, 0 to 4 each, total 0 to 80.

Weathers, Litz, Keane, Palmieri, Marx and Schnurr 2013, National Center for PTSD. Four clusters as in DSM-5:
items 1-5, 6-7, 8-14, 15-20. There are no empirical bands of severity, and none are made up here.
"""

from __future__ import annotations

from typing import Final

from clinical.direction import Direction
from clinical.instruments.instrument import Cluster, Cutoff, Instrument, Item, Operator, Option

HOW_MUCH: Final = (
    Option(0, "Not at all"),
    Option(1, "A little bit"),
    Option(2, "Moderately"),
    Option(3, "Quite a bit"),
    Option(4, "Extremely"),
)
TEXTS: Final = (
    "Repeated, disturbing, and unwanted memories of the stressful experience?",
    "Repeated, disturbing dreams of the stressful experience?",
    (
        "Suddenly feeling or acting as if the stressful experience were actually happening again (as if "
        "you were actually back there reliving it)?"
    ),
    "Feeling very upset when something reminded you of the stressful experience?",
    (
        "Having strong physical reactions when something reminded you of the stressful experience (for "
        "example, heart pounding, trouble breathing, sweating)?"
    ),
    "Avoiding memories, thoughts, or feelings related to the stressful experience?",
    (
        "Avoiding external reminders of the stressful experience (for example, people, places, "
        "conversations, activities, objects, or situations)?"
    ),
    "Trouble remembering important parts of the stressful experience?",
    (
        "Having strong negative beliefs about yourself, other people, or the world (for example, having "
        "thoughts such as: I am bad, there is something seriously wrong with me, no one can be trusted, "
        "the world is completely dangerous)?"
    ),
    "Blaming yourself or someone else for the stressful experience or what happened after it?",
    "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
    "Loss of interest in activities that you used to enjoy?",
    "Feeling distant or cut off from other people?",
    (
        "Trouble experiencing positive feelings (for example, being unable to feel happiness or have loving "
        "feelings for people close to you)?"
    ),
    "Irritable behavior, angry outbursts, or acting aggressively?",
    "Taking too many risks or doing things that could cause you harm?",
    'Being "superalert" or watchful or on guard?',
    "Feeling jumpy or easily startled?",
    "Having difficulty concentrating?",
    "Trouble falling or staying asleep?",
)


def _items(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, last + 1))


PCL_5: Final = Instrument(
    code="pcl-5",
    version="1",
    title="PTSD Checklist for DSM-5",
    condition="ptsd",
    recall_period="the past month",
    instruction="In the past month, how much were you bothered by:",
    items=tuple(Item(str(number), text, HOW_MUCH) for number, text in enumerate(TEXTS, 1)),
    direction=Direction.HIGHER_IS_WORSE,
    bands=(),
    clusters=(
        Cluster("b", "intrusion", _items(1, 5)),
        Cluster("c", "avoidance", _items(6, 7)),
        Cluster("d", "changes in thinking and mood", _items(8, 14)),
        Cluster("e", "arousal and reactivity", _items(15, 20)),
    ),
    cutoffs=(
        Cutoff(
            31,
            operator=Operator.AT_LEAST,
            meaning="lower end of the cut-offs for probable PTSD",
            source="US NCPTSD",
        ),
        Cutoff(
            33,
            operator=Operator.AT_LEAST,
            meaning="upper end of the cut-offs for probable PTSD",
            source="US NCPTSD",
        ),
        Cutoff(
            28,
            operator=Operator.AT_MOST,
            meaning="range of people without PTSD",
            source="Marx 2022, veterans",
        ),
    ),
    licence="PCL-5: a work of the US Government (National Center for PTSD); not copyrighted.",
    source="Weathers, Litz, Keane, Palmieri, Marx and Schnurr 2013, National Center for PTSD",
)
