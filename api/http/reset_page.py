"""The page that the link in a mail opens: enter a new password, without an app and without another host."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from flask import Response, current_app

from api.http.auth import public
from api.http.languages import language_of_texts
from clinical.sentences import Sentence
from clinical.translations import translated

if TYPE_CHECKING:
    from flask import Flask

TEXTS: Final = {
    "title": Sentence("Set a new password"),
    "label": Sentence("New password"),
    "hint": Sentence("At least 15 characters: several unrelated words are easy to remember."),
    "button": Sentence("Set the password"),
    "done": Sentence("Your new password is set, and every device is signed out. Sign in with it."),
    "failed": Sentence("The server did not answer. Try again."),
    "script": Sentence("This page needs JavaScript. Or enter the code from the e-mail in the app."),
}
# The code follows the number sign of the address: a browser sends that part to no server, and no log has it.
PAGE: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>{title}</h1>
<noscript><p>{script}</p></noscript>
<form id="form">
<p><label for="password">{label}</label><br>
<input id="password" type="password" autocomplete="new-password" maxlength="200" required
 aria-describedby="hint"></p>
<p id="hint">{hint}</p>
<p><button>{button}</button></p>
</form>
<p id="result" role="status" data-done="{done}" data-failed="{failed}"></p>
</main>
<script src="/reset-password/start.js"></script>
</body>
</html>
"""
START: Final = """\
const form = document.getElementById("form");
const result = document.getElementById("result");
const field = document.getElementById("password");
const code = location.hash.slice(1);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const answer = await fetch(`/v1/auth/password-resets/${encodeURIComponent(code)}`, {
      method: "POST",
      headers: {"Content-Type": "application/json", "Accept-Language": document.documentElement.lang},
      body: JSON.stringify({password: field.value}),
    });
    if (answer.ok) {
      form.hidden = true;
      field.value = "";
      result.textContent = result.dataset.done;
      return;
    }
    const problem = await answer.json();
    result.textContent = problem.errors ? problem.errors[0].detail : problem.detail;
  } catch {
    result.textContent = result.dataset.failed;
  }
});
"""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def install(app: Flask) -> None:
    """Serve the page and its script."""

    @app.get("/reset-password")
    @public
    def reset_page() -> Response:
        language = language_of_texts()
        texts = {name: escape(translated(text, language)) for name, text in TEXTS.items()}
        response = current_app.response_class(PAGE.format(language=language, **texts), mimetype="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/reset-password/start.js")
    @public
    def reset_page_script() -> Response:
        return current_app.response_class(START, mimetype="text/javascript")
