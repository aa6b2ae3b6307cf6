"""Language of a response: negotiated from Accept-Language, named in Content-Language (RFC 9110)."""

from __future__ import annotations

from flask import Flask, Response, g, request

from api.http.transaction import database
from clinical.translations import ENGLISH, LANGUAGES
from schemas.base import RESPONSE_LANGUAGE, ResponseLanguage, response_language
from services import patients
from services.access import Role


def install(app: Flask) -> None:
    """Let each request choose the language of the texts in its response; English where none fits.

    A patient whose client names no language is answered in the one of their record.
    """

    @app.before_request
    def _negotiate() -> None:
        RESPONSE_LANGUAGE.set(ResponseLanguage(_preferred(), _of_the_patient))

    @app.after_request
    def _name(response: Response) -> Response:
        chosen = response_language()
        if chosen.used:
            response.headers["Content-Language"] = chosen.tag
        return response

    @app.teardown_request
    def _end(_error: BaseException | None) -> None:
        # The thread goes on: what it writes outside a request has no caller whose language could be asked.
        RESPONSE_LANGUAGE.set(ResponseLanguage(ENGLISH))


def language() -> str:
    """Return the language of the texts in this response."""
    return response_language().tag


def _preferred() -> str | None:
    """Return the language that the client prefers, by lookup (RFC 4647); None where it names none."""
    if not request.accept_languages:
        return None
    for accepted, quality in request.accept_languages:
        found = _served(accepted)
        if quality > 0 and found is not None:
            return found
    return ENGLISH


def _served(tag: str) -> str | None:
    """Return the language in which a tag is served, as es for es-MX; None where there are no texts."""
    primary = tag.lower().partition("-")[0]
    return primary if primary in LANGUAGES else None


def _of_the_patient() -> str:
    """Return the language of the signed-in patient's record; English for everybody else."""
    actor = g.get("actor")
    if actor is None or not actor.has(Role.PATIENT):
        return ENGLISH
    return _served(patients.language_of(database(), actor) or ENGLISH) or ENGLISH


def language_of_texts() -> str:
    """Return the language of the texts in this response, which has some."""
    response_language().used = True
    return language()


def language_tag(tag: str) -> str:
    """Return the entity tag of something whose texts are in the language of the response."""
    return tag if language() == ENGLISH else f"{tag}-{language()}"
