"""Version numbers as entity tags: If-Match to change, If-None-Match to save a body."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, request
from marshmallow import Schema
from werkzeug.http import parse_etags, quote_etag

from services.errors import FieldError, Invalid, Stale

View = Callable[..., Any]
# Strictly, RFC 9110 compares If-Match strongly. A proxy that compresses makes a tag weak, and some clients
# drop the quotes: the version named is the same, and a version names a row, not the bytes of a response.
VERSION = re.compile(r'(?:W/)?"v([0-9]{1,9})"|v([0-9]{1,9})')
NO_SUCH_VERSION = -1


def expected_version() -> int | None:
    """Read If-Match; None when absent, a version nothing has when it names another kind of tag.

    Raises Invalid for "*", which would write over whatever stands there, unread.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return None
    if match := VERSION.fullmatch(header.strip()):
        return int(match[1] or match[2])
    if header.strip() == "*" or not parse_etags(header):
        raise Invalid(FieldError("If-Match", "not_a_version", 'Send one version, as "v3".', "header"))
    return NO_SUCH_VERSION


def version_tag(version: int) -> str:
    """Write the tag of a row's version."""
    return f"v{version}"


def tagged(name: str, **headers: str) -> dict[str, str]:
    """Give the headers of an answer that carries this tag."""
    return {"ETag": quote_etag(name), **headers}


def not_modified(name: str, **headers: str) -> Response | None:
    """Give the empty 304, with the headers of the answer, if the client holds this very one already."""
    if not request.if_none_match.contains_weak(name):
        return None
    response = current_app.response_class(status=304)
    response.headers.update(tagged(name, **headers))
    return response


def revalidated(view: View) -> View:
    """Document that the view answers with a tag, and 304 to whoever holds it."""
    return _document(view, "revalidated")


def showing_version(view: View) -> View:
    """Document that the view answers with the tag that a change of the same thing names in If-Match."""
    return _document(view, "shown")


def versioned(schema: Schema) -> Callable[[View], View]:
    """Let the view change a named version, and show by this schema what stands where it may not.

    Documents If-Match, and what is answered without it or with an old one.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(*args: Any, **kwargs: Any) -> Any:
            try:
                return view(*args, **kwargs)
            except Stale as refusal:
                # Written out now: once the transaction is rolled back, the row can no longer be read.
                refusal.current = None if refusal.current is None else schema.dump(refusal.current)
                raise

        return _document(shown, "versioned")

    return decorate


def _document(view: View, how: str) -> View:
    view._apidoc = {**getattr(view, "_apidoc", {}), "conditional": how}  # type: ignore[attr-defined]  # noqa: SLF001
    return view
