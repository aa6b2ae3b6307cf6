"""Security headers on every response, whatever made it: a view, an error, a file, or a failure in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask, Response

HSTS_S: Final = 365 * 24 * 3600
"""How long a browser uses only HTTPS for this host name after a response, seconds. Operational."""
ALWAYS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
UNLESS_SET: Final = (
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
)


def install(app: Flask, *, https: bool) -> None:
    """Add the headers around the whole application; `https` if browsers reach it under https:// alone."""
    hsts = (("Strict-Transport-Security", f"max-age={HSTS_S}; includeSubDomains"),) if https else ()
    added = (*ALWAYS, *hsts)
    # What the HTTP server answers by itself, before the application sees a request, carries them too.
    app.extensions["security_headers"] = (*added, *UNLESS_SET)
    app.wsgi_app = _WithHeaders(app.wsgi_app, added)  # type: ignore[method-assign]
    app.after_request(_vary)


class _WithHeaders:
    """An application with the headers on all its responses.

    A function of Flask's `after_request` is not enough: none runs after one of them failed.
    """

    def __init__(self, application: WSGIApplication, added: Iterable[tuple[str, str]]) -> None:
        self._application, self._added = application, tuple(added)
        self._names = {name.lower() for name, _ in added}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Call the application, and add the headers when it starts its response."""

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Callable[[bytes], object]:
            passed_on = [(name, value) for name, value in headers if name.lower() not in self._names]
            present = {name.lower() for name, _ in passed_on}
            defaults = [(name, value) for name, value in UNLESS_SET if name.lower() not in present]
            return start_response(status, [*passed_on, *defaults, *self._added], *exc_info)

        return self._application(environ, start)


def _vary(response: Response) -> Response:
    response.headers.add("Vary", "Accept, Accept-Language, Authorization")
    return response
