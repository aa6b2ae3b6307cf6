"""Import of files over HTTP, for users without a shell on the server."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, request
from werkzeug.exceptions import RequestEntityTooLarge

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers, takes_csv
from api.http.rate_limits import limited
from api.http.transaction import database, network_address
from clinical.sentences import Sentence
from imports import files
from imports.files import Importer, Settings
from imports.lines import Report
from imports.table_file import Unreadable
from schemas.imports import ImportQuery, ImportReportSchema
from services.access import Role
from services.errors import FieldError, Invalid, ServiceError

blueprint = Blueprint("imports", __name__, url_prefix="/v1/clinics", description="Import of CSV files")
MAX_FILE_BYTES = 1024 * 1024
CSV = "text/csv"


class NotACsvRequest(ServiceError):
    """The body is not declared as CSV."""

    code = "not_a_csv_request"
    detail = Sentence("Send the file as the body, with the header Content-Type: text/csv.")


class FileTooLarge(ServiceError):
    """The file is larger than a request may be."""

    code = "body_too_large"
    detail = Sentence("A file may have 1 MiB at most: import it in parts.")


@blueprint.route("/<uuid:clinic_id>/imports", methods=["POST"])
@allow(Role.CLINICIAN, Role.ADMIN)
@limited(10)
@takes_csv("date,mood,anxiety\n2026-11-20,7,2\n")
@also_answers("not_a_csv_request")
@blueprint.arguments(ImportQuery, location="query")
@blueprint.response(207, ImportReportSchema)
def import_file(query: dict[str, Any], clinic_id: UUID) -> Any:
    """Import a file of check-ins, patients, infusions or scores

    A CSV file with up to 1 MiB and 366 lines; the documentation has its columns. Each line is validated by
    itself: a refused one is named with its column and reason, and the others are stored. Idempotent: what is
    stored already is unchanged, and what differs is refused, never overwritten.
    """
    if request.mimetype != CSV:
        raise NotACsvRequest
    # Transactions of its own: the request's would block other writers for as long as the file takes.
    importer = Importer(database(), g.actor, clock.now(), query["dry_run"], address=network_address())
    report = files.run(importer, clinic_id, _content(), _settings(query))
    return _dumped(report) | {"kind": query["kind"], "dry_run": query["dry_run"]}


def _content() -> bytes:
    request.max_content_length = MAX_FILE_BYTES
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        raise FileTooLarge from None


def _settings(query: dict[str, Any]) -> Settings:
    try:
        scale = files.stated_scale(query["scale"], query["direction"])
    except Unreadable as why:
        raise Invalid(FieldError("scale", why.code, why.detail, "parameter")) from None
    moods = tuple((query["moods"] or "").split(",")) if query["moods"] else ()
    return Settings(query["kind"], query["patient"], query["time_zone"], scale, moods)


def _dumped(report: Report) -> dict[str, Any]:
    lines: dict[int, dict[str, Any]] = {
        line: {"line": line, "status": str(outcome)} for line, outcome in report.outcomes.items()
    }
    for each in report.refused:
        lines[each.line] = {"line": each.line, "status": "refused", "errors": each.errors}
    lines |= {line: {"line": line, "status": "not_used"} for line in report.unused}
    for each in report.warnings:
        lines[each.line]["warnings"] = each.errors
    return {
        "created_count": report.counts["created"],
        "unchanged_count": report.counts["unchanged"],
        "refused_count": len(report.refused),
        "not_used_count": len(report.unused),
        "lines": [lines[line] for line in sorted(lines)],
    }
