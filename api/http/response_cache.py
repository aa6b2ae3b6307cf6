"""Cache of serialized responses: the JSON of one version is written once per process."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, cast

from flask import Flask, Response, current_app, g

from api.http.lru_cache import LRUCache
from schemas.base import response_language

MAX_RESPONSES = 2_048


def install(app: Flask) -> None:
    """Give the application its cache of serialized responses."""
    app.extensions["response_cache"] = LRUCache[tuple[str, bool]](MAX_RESPONSES)


def cached_json(version: Hashable, make: Callable[[], Mapping[str, Any]]) -> str:
    """Return the JSON of one version of something in the response's language.

    `version` identifies it within the caller's clinic.
    """
    cache = cast("LRUCache[tuple[str, bool]]", current_app.extensions["response_cache"])
    language = response_language()

    def write() -> tuple[str, bool]:
        return current_app.json.dumps(make()), language.used

    text, has_texts = cache.get_or_compute((g.actor.clinic_id, language.tag, version), write)
    language.used |= has_texts
    return text


def json_response(text: str, headers: Mapping[str, str]) -> Response:
    """Return a response of JSON that is serialized already."""
    return current_app.response_class(text, headers=dict(headers), mimetype="application/json")


def json_page_response(items: Iterable[str], more: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    """Return a page whose items are serialized already; `more` are its other members."""
    members = "".join(f",{current_app.json.dumps(key)}:{current_app.json.dumps(more[key])}" for key in more)
    return json_response(f'{{"items":[{",".join(items)}]{members}}}', headers)
