"""Version numbers as entity tags: If-Match for optimistic locking, If-None-Match to save a body."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, request
from marshmallow import Schema
from werkzeug.http import quote_etag

from clinical.sentences import Sentence
from services.errors import FieldError, Invalid, Stale
from services.revisions import WriteResult

View = Callable[..., Any]
# Strictly, RFC 9110 compares If-Match strongly. A proxy that compresses makes a tag weak, and some clients
# drop the quotes: the version named is the same, and a version names a row, not the bytes of a response.
NUMBER = "0|[1-9][0-9]{0,8}"
VERSION = re.compile(f'(?:W/)?"v({NUMBER})"|v({NUMBER})')
NO_SUCH_VERSION = -1


def expected_version() -> int | None:
    """Return the version in If-Match; None without the header, NO_SUCH_VERSION for a list of versions.

    Raises Invalid for "*", which would overwrite the current version unread, and for what is no version tag:
    RFC 9110 answers 412, after which a client with a wrong quote would read the resource again without end.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return None
    named = [VERSION.fullmatch(tag.strip()) for tag in header.split(",")]
    if None in named:
        sentence = Sentence(
            'Send the ETag of the version you are changing, as "v3": quotes, a small v and its number.'
        )
        raise Invalid(FieldError("If-Match", "not_a_version", sentence, "header"))
    versions = [int(match[1] or match[2]) for match in named if match]
    return versions[0] if len(versions) == 1 else NO_SUCH_VERSION


def version_tag(version: int) -> str:
    """Return the entity tag of a row's version, without quotes."""
    return f"v{version}"


def etag_headers(tag: str, **headers: str) -> dict[str, str]:
    """Return response headers with this entity tag."""
    return {"ETag": quote_etag(tag), **headers}


def write_response(result: WriteResult[Any], version: int | None = None) -> tuple[Any, int, dict[str, str]]:
    """Return the answer to a write: 201 for the first revision, else 200, with the tag of its version."""
    version = result.value.version if version is None else version
    return result.value, 201 if result.created else 200, etag_headers(version_tag(version))


def not_modified(tag: str, **headers: str) -> Response | None:
    """Return an empty 304 with these headers if If-None-Match names this tag (compared weakly), else None."""
    if not request.if_none_match.contains_weak(tag):
        return None
    response = current_app.response_class(status=304)
    response.headers.update(etag_headers(tag, **headers))
    return response


def revalidated(view: View) -> View:
    """Document that the view returns an entity tag, and 304 to a client that sends it."""
    return _document(view, "revalidated")


def showing_version(view: View) -> View:
    """Document that the view returns the entity tag that a change of the same resource sends in If-Match."""
    return _document(view, "shown")


def versioned(schema: Schema | Callable[[], Schema]) -> Callable[[View], View]:
    """Declare that the view changes the version in If-Match; 412 and 428 show `current` by this schema.

    A function gives the schema for the caller, where not everybody is shown the same.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def with_current(*args: Any, **kwargs: Any) -> Any:
            try:
                return view(*args, **kwargs)
            except Stale as error:
                # Serialized now: once the transaction is rolled back, the row can no longer be read.
                shown_by = schema() if callable(schema) else schema
                error.current = None if error.current is None else shown_by.dump(error.current)
                raise

        return _document(with_current, "versioned")

    return decorate


def _document(view: View, how: str) -> View:
    view._apidoc = {**getattr(view, "_apidoc", {}), "conditional": how}  # type: ignore[attr-defined]  # noqa: SLF001
    return view
