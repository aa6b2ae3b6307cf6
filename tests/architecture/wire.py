"""Names, types, enums and descriptions of openapi.json: which of its properties break a rule of the wire.

`python -m tests.architecture.wire` prints how many of each rule hold; with the name of a rule, also which
properties break it: `python -m tests.architecture.wire enums`.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.architecture.sources import ROOT

METHODS = ("get", "put", "post", "patch", "delete")

# Whose names, types and closed sets a standard decides.
OF_STANDARDS: Mapping[str, str] = {
    "FieldError": "its codes are those of every field",
    "Problem": "RFC 9457 names type, title, status and detail",
    "TokenRequest": "RFC 6749 names client_id, scope and the rest of the form",
    "Tokens": "RFC 6749 names expires_in (seconds), scope and token_type",
}
# Calendar days whose names neither end in _on nor are local_date.
DATES: Mapping[str, str] = {
    "local_date": "the day of a daily entry in the patient's time zone",
    "today": "the patient's current day, as every calendar library calls it",
    "from": "first day of a list, as query parameter",
    "to": "last day of a list, as query parameter",
}
# Instants whose names do not end in _at.
INSTANTS: Mapping[str, str] = {
    "known_from": "system time of a revision, as bitemporal tables call it",
    "known_until": "system time of the next revision",
    "server_time": "HTTP's Date, as a body member",
}
# Text that has no closed set: written by people, or identifiers of this server and of other systems.
FREE_TEXT = frozenset(
    {
        # written for people
        *(
            "acknowledge_note",
            "close_note",
            "TotalOfCourse.band",
            "bands_source",
            "response_share_source",
            "reliable_change_source",
            "StoredCustomInstrument.name",
            "StoredCustomInstrument.unit",
            "StoredInstrumentBand.label",
            "how_to_read",
            "SafetyQuestion.options",
            "AskedSafetyQuestion.options",
            "description",
            "detail",
            "display_name",
        ),
        *("headline", "label", "licence", "message", "name", "note", "patient_name", "recall_period"),
        *("statement", "study", "text", "title"),
        *("compared_with", "disclaimers", "missing", "outlook_id", "prior_in_use", "would_change"),
        *(
            "account_name",
            "otpauth_uri",
            "recovery_codes",
            "secret",
            "actor_name",
            "device_name",
            "recorded_by_name",
            "performer_name",
            "witness_name",
            "lot_number",
            "override_reason",
            "dosage",
        ),
        *("bands_citation", "citation", "instruction", "meaning", "rationale", "reader"),
        *("high_anchor", "low_anchor", "question"),
        # identifiers, addresses and tokens
        *("access_token", "address", "client_secret", "country", "cursor", "device_id", "email"),
        *(
            "engine_version",
            "escort",
            "header",
            "id",
            "server_version",
            "instrument_version",
            "next_cursor",
            "on_call_email",
        ),
        *("on_call_webhook", "parameter", "pointer", "prior_version", "record_number"),
        *("recalibration_in_use", "recalibration_version"),
        *("refresh_token", "request_id", "sha256", "webhook_secret"),
    }
)
UNIT = re.compile(
    r"\b(days?|minutes?|hours?|seconds?|weeks?|months?|years?|points?|percent|0 to 1|mg|kg|mmHg|beats|"
    r"number of|how many|minor units?|version|percentage|status code|ordinal|scale|"
    r"breaths|ratio|bytes|pixels|per)\b",
    re.IGNORECASE,
)
DURATION = re.compile(
    r"\bin (?:days|minutes|hours|seconds|weeks|months|years)\b|^(?:Days|Minutes|Hours|Seconds|Weeks|Years)\b"
)
UNIT_IN_NAME = re.compile(r"(?:^|_)(?:day|days|minutes|hours|seconds|weeks|months|years)(?:_|$)")
COUNT = re.compile(r"^Number of\b")
PROBABILITY = re.compile(r"^(?:The )?(?:probability|chance)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Property:
    """One member of a schema, or one parameter of an operation."""

    owner: str
    name: str
    schema: Mapping[str, Any]
    output: bool

    @property
    def place(self) -> str:
        """Where it is, to print."""
        return f"{self.owner}.{self.name}"

    @property
    def kind(self) -> tuple[str, str | None]:
        """JSON type and format."""
        return self.schema.get("type", "object"), self.schema.get("format")

    @property
    def description(self) -> str:
        """Its description; empty where there is none."""
        return str(self.schema.get("description", ""))

    @property
    def numeric(self) -> bool:
        """Whether it is a number or a list of numbers."""
        return _items(self.schema).get("type") in ("integer", "number")


class Wire:
    """openapi.json, with each rule as a method that yields the places that break it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    @cached_property
    def operations(self) -> dict[str, Mapping[str, Any]]:
        """Every operation by its id."""
        items = list(self.document["paths"].values())
        return {item[name]["operationId"]: item[name] for item in items for name in METHODS if name in item}

    @cached_property
    def properties(self) -> list[Property]:
        """Every member of every schema."""
        return [
            Property(owner, name, schema, described.get("additionalProperties") is not False)
            for owner, described in self.document["components"]["schemas"].items()
            for name, schema in described.get("properties", {}).items()
        ]

    @cached_property
    def parameters(self) -> list[Property]:
        """Every parameter of a path or a query, where it is declared."""
        found = []
        for path, item in self.document["paths"].items():
            holders = [
                (path, item),
                *((item[name]["operationId"], item[name]) for name in METHODS if name in item),
            ]
            for owner, holder in holders:
                for parameter in holder.get("parameters", ()):
                    if "$ref" not in parameter and parameter["in"] != "header":
                        schema = {
                            **parameter["schema"],
                            "description": parameter.get("description")
                            or parameter["schema"].get("description", ""),
                        }
                        found.append(Property(owner, parameter["name"], schema, output=False))
        return found

    @cached_property
    def ours(self) -> list[Property]:
        """Members and parameters whose names are ours to choose."""
        return [each for each in [*self.properties, *self.parameters] if each.owner not in OF_STANDARDS]

    def types(self) -> Iterator[str]:
        """A name has one JSON type and one format."""
        kinds: dict[str, dict[tuple[str, str | None], list[str]]] = defaultdict(lambda: defaultdict(list))
        for each in self.ours:
            if (each.owner[0], each.name) == ("/", "patient_id"):
                continue  # In a path it may also be "me", which is no UUID.
            kinds[each.name][each.kind].append(each.owner)
        for name, found in sorted(kinds.items()):
            if len(found) > 1:
                shown = (
                    f"{' '.join(filter(None, kind))} in {', '.join(owners[:3])}"
                    for kind, owners in found.items()
                )
                yield f"{name}: {'; '.join(shown)}"

    def dates(self) -> Iterator[str]:
        """A calendar day, and nothing else, ends in _on or is named in DATES."""
        for each in self.ours:
            named = each.name.endswith("_on") or each.name in DATES
            if (each.kind == ("string", "date")) != named:
                yield each.place

    def instants(self) -> Iterator[str]:
        """An instant, and nothing else, ends in _at or is named in INSTANTS."""
        for each in self.ours:
            named = each.name.endswith("_at") or each.name in INSTANTS
            if (each.kind == ("string", "date-time")) != named:
                yield each.place

    def probabilities(self) -> Iterator[str]:
        """What its description calls a probability or a chance begins with p_, and the other way round."""
        for each in self.ours:
            if each.numeric and bool(PROBABILITY.search(each.description)) != each.name.startswith("p_"):
                yield each.place

    def counts(self) -> Iterator[str]:
        """What its description calls a number of things ends in _count, and is a whole number."""
        for each in self.ours:
            described = each.numeric and COUNT.search(each.description)
            named = each.name.endswith("_count")
            if bool(described) != named or (named and each.kind[0] != "integer"):
                yield each.place

    def durations(self) -> Iterator[str]:
        """A number of days, minutes and so on names its unit."""
        for each in self.ours:
            if each.numeric and DURATION.search(each.description) and not UNIT_IN_NAME.search(each.name):
                yield each.place

    def enums(self) -> Iterator[str]:
        """A string in a response names its values, has a format or a pattern, or is named in FREE_TEXT."""
        for each in self.closed_candidates:
            if not {"enum", "const"} & set(_items(each.schema)):
                yield each.place

    @property
    def closed_candidates(self) -> list[Property]:
        """Strings of responses that may have a closed set of values."""
        return [
            each
            for each in self.properties
            if each.output
            and each.owner not in OF_STANDARDS
            and not {each.name, each.place} & FREE_TEXT
            and _items(each.schema).get("type") == "string"
            and not {"format", "pattern"} & set(_items(each.schema))
        ]

    def descriptions(self) -> Iterator[str]:
        """A property or parameter is described in a sentence."""
        for each in [*self.properties, *self.parameters]:
            if not each.description.strip().endswith((".", ")")):
                yield each.place

    def units(self) -> Iterator[str]:
        """The description of a number names its unit, or what is counted."""
        for each in [*self.properties, *self.parameters]:
            if each.numeric and not UNIT.search(each.description):
                yield each.place

    def roles(self) -> Iterator[str]:
        """An operation names who may call it, in words and as an extension."""
        for name, operation in self.operations.items():
            described = operation.get("description", "")
            if "x-allowed-roles" not in operation or "May be called by" not in described:
                yield name

    @property
    def rules(self) -> Mapping[str, tuple[Callable[[], Iterator[str]], int]]:
        """Each rule with the number of places it is about."""
        every = len(self.properties) + len(self.parameters)
        numbers = sum(each.numeric for each in [*self.properties, *self.parameters])
        names = len({each.name for each in self.ours})
        return {
            "types": (self.types, names),
            "dates": (self.dates, len(self.ours)),
            "instants": (self.instants, len(self.ours)),
            "probabilities": (self.probabilities, len(self.ours)),
            "counts": (self.counts, len(self.ours)),
            "durations": (self.durations, len(self.ours)),
            "enums": (self.enums, len(self.closed_candidates)),
            "descriptions": (self.descriptions, every),
            "units": (self.units, numbers),
            "roles": (self.roles, len(self.operations)),
        }


def _items(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while schema.get("type") == "array":
        schema = schema.get("items", {})
    return schema


def committed() -> Wire:
    """The file as it is committed."""
    return Wire(json.loads((ROOT / "openapi.json").read_text(encoding="utf-8")))


def main(shown: list[str]) -> None:
    """Print a line a rule, and the places that break the rules named."""
    for name, (rule, total) in committed().rules.items():
        broken = list(rule())
        lines = [f"    {place}" for place in broken] if name in shown or "all" in shown else []
        sys.stdout.write("\n".join([f"{name:14} {total - len(broken):5} of {total:5} hold", *lines, ""]))


if __name__ == "__main__":
    main(sys.argv[1:])
