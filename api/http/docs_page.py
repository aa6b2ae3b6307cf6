"""The page /docs: Swagger UI on the OpenAPI document, with no request to another host; the pages of docs/."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, current_app, send_from_directory

from api.http.auth import public

if TYPE_CHECKING:
    from flask import Flask

DOCS = Path(__file__).parents[2] / "docs"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Afterglow API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="swagger-ui" aria-label="API reference">
<p>The API as a file: <a href="/openapi.json">openapi.json</a></p>
</main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
# Groups are folded and can be filtered by name; the colours follow the reader's system.
START = """\
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  validatorUrl: null,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  deepLinking: true,
  filter: true,
});
"""
# Swagger UI writes style attributes and inline SVG; scripts and connections stay with this host.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
POLICY += "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def install(app: Flask) -> None:
    """Serve the page, its files, and the documentation that the OpenAPI document links."""
    assets = str(files("flask_swagger_ui") / "dist")

    @app.get("/docs")
    @public
    def docs() -> Response:
        response = current_app.response_class(PAGE, mimetype="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/docs/start.js")
    @public
    def docs_start() -> Response:
        return current_app.response_class(START, mimetype="text/javascript")

    @app.get("/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>")
    @public
    def docs_asset(name: str) -> Response:
        return send_from_directory(assets, name)

    @app.get("/docs/<path:name>.md")
    @public
    def docs_text(name: str) -> Response:
        # As plain text, which every browser shows; some download text/markdown.
        return send_from_directory(DOCS, f"{name}.md", mimetype="text/plain")
