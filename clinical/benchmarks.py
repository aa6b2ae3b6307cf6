"""Published figures for comparison with a clinic's own: each with its source and how it differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from clinical.sentences import Sentence, sentences


@dataclass(frozen=True, slots=True)
class Published:
    """One finding and the sentence that limits it.

    A `share`, 0 to 1; or a median of `duration_days`; or both, the share after so many days.
    """

    study: str
    description: Sentence
    share: float | None = None
    duration_days: float | None = None


MCINNES: Final = "McInnes 2022"
_COMMUNITY: Final = Sentence("537 patients of 178 practices, 4 to 8 infusions in 7 to 28 days, by PHQ-9.")

RATES: Final[Mapping[tuple[str, str], tuple[Published, ...]]] = {
    ("phq-9", "response"): (Published(MCINNES, _COMMUNITY, share=0.536),),
    ("phq-9", "remission"): (Published(MCINNES, _COMMUNITY, share=0.289),),
    ("phq-9", "worse"): (
        Published(
            MCINNES,
            sentences((_COMMUNITY, Sentence("What counts as worse may differ from here."))),
            share=0.084,
        ),
    ),
    ("madrs", "response"): (
        Published(
            "Murrough 2013", Sentence("24 patients, up to 6 infusions in 12 days, in a trial."), share=0.708
        ),
    ),
    ("qids-sr", "response"): (
        Published("Anand 2023", Sentence("Trial of 403, ketamine arm, 6 infusions in 3 weeks."), share=0.554),
        Published(
            "Sakurai 2020", Sentence("85 patients of one hospital, 6 infusions in 3 weeks."), share=0.183
        ),
    ),
}
"""Published rate. By questionnaire and outcome; of others no rate on the same scale was seen. Source: with
each. Changed by: nobody."""

LOSS: Final[Mapping[str, tuple[Published, ...]]] = {
    "phq-9": (
        Published(
            MCINNES,
            Sentence("Responders who still responded 4 weeks on, without maintenance."),
            share=0.8,
            duration_days=28,
        ),
        Published(MCINNES, Sentence("The same 8 weeks on."), share=0.6, duration_days=56),
    ),
    "madrs": (
        Published(
            "Murrough 2013",
            Sentence("Median after the last infusion, without maintenance."),
            duration_days=18,
        ),
    ),
}
"""Published duration of a response. All without maintenance and counted from the last infusion: with
maintenance a response lasts longer. Source: with each. Changed by: nobody."""

RELIEF: Final = (
    Published(
        "Abbar 2022",
        Sentence(
            "Inpatients, two infusions 24 hours apart, full relief on day 3; 31.6 % with placebo. In bipolar "
            "disorder; in depressive disorder no difference was shown (odds ratio 1.3, 0.3 to 5.2)."
        ),
        share=0.63,
    ),
    Published(
        MCINNES,
        Sentence("Thoughts of suicide lessened by the end of the infusions; in 6.0 % they grew."),
        share=0.73,
    ),
)
"""Published share of patients relieved of suicidal thoughts. Source: with each. Changed by: nobody."""

SIDE_EFFECTS: Final = (
    Published(
        "NIMH, 188 patients",
        Sentence(
            "Dissociation, floating, distorted vision, numbness and difficult speech each in half or more, "
            "at most an hour after the infusion and gone within four."
        ),
    ),
)

ANSWERING: Final = (
    Published(
        "Wrzus and Neubauer 2023",
        Sentence("Mean of 477 articles on ratings asked for in daily life."),
        share=0.79,
    ),
    Published(
        "Tonkin 2023", Sentence("Asked once a day; falling by two points a week over nine weeks."), share=0.86
    ),
)
"""Published share of days that are answered. Source: with each. Changed by: nobody."""

_UNTIL: Final = Sentence("Median until relapse after the last infusion, without maintenance.")
BENEFIT: Final = (
    Published(
        "Murrough 2013", sentences((Sentence("24 patients with depression."), _UNTIL)), duration_days=18
    ),
    Published(
        "Feder 2021",
        Sentence("30 patients with PTSD. Median until the response was lost."),
        duration_days=27.5,
    ),
    Published(
        "Ekstrand 2022",
        Sentence("Those of 186 inpatients who remitted. Median in remission."),
        duration_days=57,
    ),
)
"""Published median until relapse or loss of response. By rating scales at visits; none of them followed
daily ratings until half of a gain was gone. Source: with each. Changed by: nobody."""
