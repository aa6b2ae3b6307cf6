"""Answers written once: a schema's work is the same each time the same version is asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, cast

from flask import Flask, Response, current_app, g

from api.http.lru_cache import LRUCache

MAX_RESPONSES = 2_048


def install(app: Flask) -> None:
    """Give the application a memory for what it wrote."""
    app.extensions["written"] = LRUCache[str](MAX_RESPONSES)


def written(version: Hashable, make: Callable[[], Mapping[str, Any]]) -> str:
    """Give the JSON of one version of something; `version` tells it from all else in the clinic."""
    memory = cast("LRUCache[str]", current_app.extensions["written"])
    return memory.get_or_compute((g.actor.clinic_id, version), lambda: current_app.json.dumps(make()))


def answer(text: str, headers: Mapping[str, str]) -> Response:
    """Answer with JSON that is written already."""
    return current_app.response_class(text, headers=dict(headers), mimetype="application/json")


def answer_page(items: Iterable[str], next_cursor: str | None, headers: Mapping[str, str]) -> Response:
    """Answer with a page whose items are written already."""
    more = "" if next_cursor is None else f',"next_cursor":{current_app.json.dumps(next_cursor)}'
    return answer(f'{{"items":[{",".join(items)}]{more}}}', headers)
