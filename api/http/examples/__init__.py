"""One example per response schema for the OpenAPI document, each tested against its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.http.examples import (
    consents,
    consultations,
    core,
    infusion_sessions,
    outcomes,
    questionnaires,
    response_reviews,
    safety,
    today,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MODULES = (
    core,
    consents,
    consultations,
    infusion_sessions,
    outcomes,
    questionnaires,
    response_reviews,
    safety,
    today,
)
EXAMPLES: Mapping[str, Any] = {
    name: example for module in MODULES for name, example in module.EXAMPLES.items()
}
"""Examples by name of schema."""
