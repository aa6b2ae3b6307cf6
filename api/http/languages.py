"""Language of a response: negotiated from Accept-Language, named in Content-Language (RFC 9110)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request

from clinical.translations import ENGLISH, LANGUAGES
from schemas.base import RESPONSE_LANGUAGE, ResponseLanguage, response_language

View = Callable[..., Any]


def install(app: Flask) -> None:
    """Let each request choose the language of the texts in its response; English where none fits."""

    @app.before_request
    def _negotiate() -> None:
        RESPONSE_LANGUAGE.set(ResponseLanguage(_preferred()))

    @app.after_request
    def _name(response: Response) -> Response:
        chosen = response_language()
        if chosen.used:
            response.headers["Content-Language"] = chosen.tag
        return response


def language() -> str:
    """Return the language of the texts in this response."""
    return response_language().tag


def _preferred() -> str:
    """Return the language that the client prefers, by lookup (RFC 4647): es-MX is served in es."""
    for accepted, quality in request.accept_languages:
        primary = accepted.lower().partition("-")[0]
        if quality > 0 and primary in LANGUAGES:
            return primary
    return ENGLISH


def localized(view: View) -> View:
    """Document that the view's texts come in the language that the client asks for."""
    view._apidoc = {**getattr(view, "_apidoc", {}), "localized": True}  # type: ignore[attr-defined]  # noqa: SLF001
    return view
