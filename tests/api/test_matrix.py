"""Which caller gets which status from every endpoint: a missing route or a stale entry fails."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from models.patients import Patient
from tests import factories
from tests.api.http.endpoints import (
    ALERT,
    CHANNEL_TESTS,
    CLINIC,
    CONSENT,
    COST,
    COURSE,
    DAY,
    ENDPOINTS,
    EVENT,
    FORM,
    HISTORY,
    HISTORY_ENTRY,
    INFUSION,
    PATIENT,
    REVIEW,
    SAFETY_ANSWER,
    SCHEDULE,
    SCORE,
    Endpoint,
    names_in,
)
from tests.api.http.scenario import Scenario
from tests.effort import sample

pytestmark = pytest.mark.either_database

COLUMNS = (
    "owner",
    "other",
    "clinician",
    "admin",
    "both",
    "summary",
    "trends",
    "delegate",
    "stranger",
    "stranger_admin",
    "strangers_patient",
    "nobody",
    "nurse",
    "front_desk",
    "billing",
    "two_roles",
)
EVERYBODY = " ".join(["200"] * len(COLUMNS))
CLINICAL = f"{PATIENT}/"

# Callers in the order of COLUMNS: the patient whose path it is, another patient of the clinic, a clinician,
# an admin, the integration with every scope and with each of two alone, the patient's delegate; then another
# clinic's clinician, admin and patient; nobody; then a nurse of the clinic, the front desk, billing, and one
# person who holds the last two. 404 is "not yours to know of", 403 is "known, but not for this role", and for
# a delegate what was not shared with them.
MATRIX = {
    ("GET", "/docs"): EVERYBODY,
    ("GET", "/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>"): EVERYBODY,
    ("GET", "/docs/start.js"): EVERYBODY,
    ("GET", "/docs/<path:name>.md"): EVERYBODY,
    ("GET", "/reset-password"): EVERYBODY,
    ("GET", "/reset-password/start.js"): EVERYBODY,
    ("GET", "/openapi.json"): EVERYBODY,
    ("GET", "/problems/<code>"): EVERYBODY,
    ("GET", "/health/live"): EVERYBODY,
    ("GET", "/health/ready"): EVERYBODY,
    ("GET", "/v1/catalog/side-effects"): EVERYBODY,
    ("GET", "/v1/questionnaires"): EVERYBODY,
    ("GET", "/v1/questionnaires/<code>/versions/<instrument_version>"): EVERYBODY,
    ("GET", "/v1/catalog/suitability"): EVERYBODY,
    ("POST", "/oauth/token"): EVERYBODY,
    ("POST", "/v1/auth/login"): EVERYBODY,
    ("POST", "/v1/auth/invitations/<code>/accept"): EVERYBODY.replace("200", "201"),
    ("POST", "/v1/auth/password-resets"): EVERYBODY.replace("200", "202"),
    ("POST", "/v1/auth/password-resets/<code>"): EVERYBODY.replace("200", "204"),
    #                                        own oth cli adm bot sum chk del str sta stp non nur fro bil two
    ("POST", "/v1/auth/logout"):            "204 204 204 204 403 403 403 204 204 204 204 401 204 204 204 204",
    ("GET", "/v1/me"):                      "200 200 200 200 200 200 403 200 200 200 200 401 200 200 200 200",
    ("PUT", "/v1/me/password"):             "204 204 204 204 403 403 403 204 204 204 204 401 204 204 204 204",
    ("PUT", "/v1/me/email"):                "204 204 204 204 403 403 403 204 204 204 204 401 204 204 204 204",
    ("GET", "/v1/me/second-factor"):        "200 200 200 200 403 403 403 200 200 200 200 401 200 200 200 200",
    ("POST", "/v1/me/second-factor"):       "201 201 201 201 403 403 403 201 201 201 201 401 201 201 201 201",
    ("POST", "/v1/me/second-factor/confirm"):
                                            "200 200 200 200 403 403 403 200 200 200 200 401 200 200 200 200",
    ("POST", "/v1/me/second-factor/remove"):
                                            "204 204 204 204 403 403 403 204 204 204 204 401 204 204 204 204",
    ("GET", "/v1/me/devices"):              "200 200 200 200 403 403 403 200 200 200 200 401 200 200 200 200",
    ("DELETE", "/v1/me/devices/<uuid:sign_in_id>"):
                                            "204 204 204 204 403 403 403 204 204 204 204 401 204 204 204 204",
    ("GET", "/v1/me/event-log"):            "200 200 200 200 403 403 403 200 200 200 200 401 200 200 200 200",
    ("GET", f"{CLINIC}/event-log"):         "403 403 200 200 403 403 403 403 404 404 403 401 200 403 403 403",
    ("GET", f"{CLINIC}/settings"):          "403 403 200 200 403 403 403 403 404 404 403 401 200 200 403 200",
    ("PATCH", f"{CLINIC}/settings"):        "403 403 403 200 403 403 403 403 403 404 403 401 403 403 403 403",
    ("GET", f"{CLINIC}/care-team"):         "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{CLINIC}/custom-instruments"):
                                            "403 403 200 200 200 403 200 403 404 404 403 401 200 403 403 403",
    ("PUT", f"{CLINIC}/custom-instruments"):
                                            "403 403 201 200 403 403 403 403 404 404 403 401 403 403 403 403",
    ("GET", f"{CLINIC}/staff"):             "403 403 403 200 403 403 403 403 403 404 403 401 403 403 403 403",
    ("POST", f"{CLINIC}/staff"):            "403 403 403 201 403 403 403 403 403 404 403 401 403 403 403 403",
    ("PATCH", f"{CLINIC}/staff/<uuid:account_id>"):
                                            "403 403 403 200 403 403 403 403 403 404 403 401 403 403 403 403",
    ("POST", f"{CLINIC}/staff/<uuid:account_id>/invitations"):
                                            "403 403 403 201 403 403 403 403 403 404 403 401 403 403 403 403",
    ("POST", f"{CLINIC}/staff/<uuid:account_id>/undo-acceptance"):
                                            "403 403 403 204 403 403 403 403 403 404 403 401 403 403 403 403",
    ("DELETE", f"{CLINIC}/staff/<uuid:account_id>/sign-in-throttle"):
                                            "403 403 204 204 403 403 403 403 404 404 403 401 204 204 403 204",
    ("DELETE", f"{CLINIC}/staff/<uuid:account_id>/second-factor"):
                                            "403 403 403 204 403 403 403 403 403 404 403 401 403 403 403 403",
    ("GET", f"{CLINIC}/priors"):            "403 403 200 200 403 403 403 403 404 404 403 401 403 403 403 403",
    ("GET", f"{CLINIC}/recalibrations"):    "403 403 200 200 403 403 403 403 404 404 403 401 403 403 403 403",
    ("GET", f"{CLINIC}/api-clients"):       "403 403 403 200 403 403 403 403 403 404 403 401 403 403 403 403",
    ("PUT", f"{CLINIC}/api-clients/<uuid:client_id>"):
                                            "403 403 403 201 403 403 403 403 403 404 403 401 403 403 403 403",
    ("DELETE", f"{CLINIC}/api-clients/<uuid:client_id>"):
                                            "403 403 403 204 403 403 403 403 403 404 403 401 403 403 403 403",
    ("GET", f"{CLINIC}/directory"):         "403 403 200 200 403 403 403 403 404 404 403 401 200 200 200 200",
    ("GET", f"{CLINIC}/infusions"):         "403 403 200 403 403 403 403 403 404 403 403 401 200 200 403 200",
    ("GET", f"{CLINIC}/patients"):          "403 403 200 403 200 200 403 403 404 403 403 401 200 403 403 403",
    ("POST", f"{CLINIC}/patients"):         "403 403 201 200 403 403 403 403 404 404 403 401 403 200 403 200",
    ("POST", f"{CLINIC}/imports"):          "403 403 207 207 403 403 403 403 404 404 403 401 403 403 403 403",
    ("GET", PATIENT):                       "200 404 200 200 403 403 403 403 404 404 404 401 200 200 403 200",
    ("PATCH", PATIENT):                     "200 404 200 200 403 403 403 403 404 404 404 401 200 200 403 200",
    ("POST", f"{PATIENT}/invitations"):     "403 403 201 201 403 403 403 403 404 404 403 401 201 201 403 201",
    ("GET", f"{PATIENT}/devices"):          "200 404 200 200 403 403 403 403 404 404 404 401 200 403 403 403",
    ("DELETE", f"{PATIENT}/devices/<uuid:sign_in_id>"):
                                            "204 404 204 204 403 403 403 403 404 404 404 401 204 403 403 403",
    ("DELETE", f"{PATIENT}/sign-in-throttle"):
                                            "403 403 204 204 403 403 403 403 404 404 403 401 204 204 403 204",
    ("DELETE", f"{PATIENT}/second-factor"): "403 403 204 403 403 403 403 403 404 403 403 401 204 403 403 403",
    ("GET", f"{PATIENT}/account"):          "403 403 200 200 403 403 403 403 404 404 403 401 200 403 403 403",
    ("PATCH", f"{PATIENT}/account"):        "403 403 200 200 403 403 403 403 404 404 403 401 200 403 403 403",
    ("POST", f"{PATIENT}/account/undo-acceptance"):
                                            "403 403 204 403 403 403 403 403 404 403 403 401 204 403 403 403",
    ("GET", f"{PATIENT}/check-ins"):        "200 404 200 403 403 403 403 200 404 403 404 401 200 403 403 403",
    ("PUT", DAY):                           "201 404 201 403 403 403 403 403 404 403 404 401 201 403 403 403",
    ("GET", DAY):                           "200 404 200 403 403 403 403 200 404 403 404 401 200 403 403 403",
    ("DELETE", DAY):                        "204 404 204 403 403 403 403 403 404 403 404 401 403 403 403 403",
    ("GET", f"{DAY}/revisions"):            "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("GET", f"{PATIENT}/consultation"):     "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("PUT", f"{PATIENT}/consultation"):     "403 403 200 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{PATIENT}/consultation/revisions"):
                                            "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/infusions"):        "200 404 200 403 403 403 403 200 404 403 404 401 200 200 403 200",
    ("PUT", INFUSION):                      "403 403 201 403 403 403 403 403 404 403 403 401 201 201 403 201",
    ("GET", INFUSION):                      "200 404 200 403 403 403 403 200 404 403 404 401 200 200 403 200",
    ("DELETE", INFUSION):                   "403 403 204 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{INFUSION}/revisions"):       "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/exposure"):         "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/side-effects"):     "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{INFUSION}/post-infusion-mood"):
                                            "200 404 200 403 403 403 403 200 404 403 404 401 200 403 403 403",
    ("PUT", f"{INFUSION}/post-infusion-mood"):
                                            "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("DELETE", f"{INFUSION}/post-infusion-mood"):
                                            "204 404 204 403 403 403 403 403 404 403 404 401 403 403 403 403",
    ("GET", f"{INFUSION}/half-benefit-recall"):
                                            "200 404 200 403 403 403 403 200 404 403 404 401 200 403 403 403",
    ("PUT", f"{INFUSION}/half-benefit-recall"):
                                            "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("DELETE", f"{INFUSION}/half-benefit-recall"):
                                            "204 404 204 403 403 403 403 403 404 403 404 401 403 403 403 403",
    ("GET", f"{INFUSION}/session"):         "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("PUT", f"{INFUSION}/session"):         "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{INFUSION}/session/revisions"):
                                            "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{INFUSION}/discharge-check"): "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("PUT", f"{INFUSION}/discharge-check"): "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{INFUSION}/vitals"):          "200 404 200 403 200 403 200 200 404 403 404 401 200 403 403 403",
    ("POST", f"{INFUSION}/vitals"):         "403 403 207 403 207 403 403 403 404 403 403 401 207 403 403 403",
    ("DELETE", f"{INFUSION}/vitals/<uuid:reading_id>"):
                                            "403 403 204 403 403 403 403 403 404 403 403 401 204 403 403 403",
    ("GET", f"{CLINIC}/session-settings"):  "403 403 200 200 403 403 403 403 404 404 403 401 200 403 403 403",
    ("PUT", f"{CLINIC}/session-settings"):  "403 403 403 200 403 403 403 403 403 404 403 401 403 403 403 403",
    ("GET", f"{PATIENT}/outlook"):          "403 403 200 403 200 200 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/outlook/history"):  "403 403 200 403 200 200 403 403 404 403 403 401 200 403 403 403",
    ("PUT", f"{PATIENT}/outlook/decisions/<uuid:decision_id>"):
                                            "403 403 201 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("POST", f"{CLINIC}/reports/forecast"): "403 403 202 202 403 403 403 403 404 404 403 401 403 403 403 403",
    ("GET", f"{CLINIC}/reports/forecast"):  "403 403 200 200 403 403 403 403 404 404 403 401 403 403 403 403",
    ("GET", f"{CLINIC}/reports/outcomes"):  "403 403 200 200 200 403 403 403 404 404 403 401 403 403 403 403",
    ("GET", f"{PATIENT}/worklist-entry"):   "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("PUT", f"{PATIENT}/worklist-entry"):   "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/protocol"):         "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("PUT", f"{PATIENT}/protocol"):         "403 403 200 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{PATIENT}/courses"):          "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("PUT", COURSE):                        "403 403 201 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", COURSE):                        "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("DELETE", COURSE):                     "403 403 204 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{COURSE}/revisions"):         "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/response-review"):  "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/response-reviews"): "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("PUT", REVIEW):                        "403 403 201 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", REVIEW):                        "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("DELETE", REVIEW):                     "403 403 204 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{REVIEW}/revisions"):         "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/baseline"):         "200 404 200 403 200 403 200 403 404 403 404 401 200 403 403 403",
    ("PUT", f"{PATIENT}/baseline"):         "403 403 200 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("DELETE", f"{PATIENT}/baseline"):      "403 403 204 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{PATIENT}/daily-ratings"):    "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("PUT", f"{PATIENT}/daily-ratings"):    "403 403 200 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", HISTORY):                       "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("PUT", HISTORY_ENTRY):                 "403 403 201 403 403 403 403 403 404 403 403 401 201 403 403 403",
    ("GET", HISTORY_ENTRY):                 "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("DELETE", HISTORY_ENTRY):              "403 403 204 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{HISTORY_ENTRY}/revisions"):  "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/events"):           "200 404 200 403 403 403 403 200 404 403 404 401 200 403 403 403",
    ("PUT", EVENT):                         "201 404 201 403 403 403 403 403 404 403 404 401 201 403 403 403",
    ("GET", EVENT):                         "200 404 200 403 403 403 403 200 404 403 404 401 200 403 403 403",
    ("DELETE", EVENT):                      "204 404 204 403 403 403 403 403 404 403 404 401 403 403 403 403",
    ("GET", f"{EVENT}/revisions"):          "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/costs"):            "200 404 200 403 403 403 403 200 404 403 404 401 403 403 200 200",
    ("PUT", COST):                          "403 403 201 403 403 403 403 403 404 403 403 401 403 403 201 201",
    ("GET", COST):                          "200 404 200 403 403 403 403 200 404 403 404 401 403 403 200 200",
    ("DELETE", COST):                       "403 403 204 403 403 403 403 403 404 403 403 401 403 403 204 204",
    ("GET", f"{PATIENT}/scores"):           "200 404 200 403 200 403 200 200 404 403 404 401 200 403 403 403",
    ("PUT", SCORE):                         "403 403 201 403 403 403 403 403 404 403 403 401 201 403 403 403",
    ("GET", SCORE):                         "200 404 200 403 200 403 200 200 404 403 404 401 200 403 403 403",
    ("DELETE", SCORE):                      "403 403 204 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{SCORE}/revisions"):          "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("GET", f"{CLINIC}/safety-settings"):   "403 403 200 200 403 403 403 403 404 404 403 401 200 403 403 403",
    ("PUT", f"{CLINIC}/safety-settings"):   "403 403 403 200 403 403 403 403 403 404 403 401 403 403 403 403",
    ("GET", CHANNEL_TESTS):                 "403 403 200 200 403 403 403 403 404 404 403 401 200 403 403 403",
    ("POST", CHANNEL_TESTS):                "403 403 403 202 403 403 403 403 403 404 403 401 403 403 403 403",
    ("GET", f"{CLINIC}/safety-alerts"):     "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/safety-alerts"):    "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("GET", f"{PATIENT}/safety-question"):  "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("GET", f"{PATIENT}/safety-answers"):   "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("PUT", SAFETY_ANSWER):                 "201 404 201 403 403 403 403 403 404 403 404 401 201 403 403 403",
    ("GET", ALERT):                         "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{ALERT}/answers"):            "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("POST", f"{ALERT}/acknowledge"):       "403 403 200 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("POST", f"{ALERT}/close"):             "403 403 200 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{PATIENT}/questionnaire-responses"):
                                            "200 404 200 403 200 403 200 200 404 403 404 401 200 403 403 403",
    ("PUT", FORM):                          "201 404 201 403 403 403 403 403 404 403 404 401 201 403 403 403",
    ("GET", FORM):                          "200 404 200 403 200 403 200 200 404 403 404 401 200 403 403 403",
    ("DELETE", FORM):                       "403 403 204 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{FORM}/revisions"):           "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("GET", SCHEDULE):                      "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("PUT", SCHEDULE):                      "403 403 200 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", f"{PATIENT}/questionnaire-courses/<instrument:instrument>"):
                                            "403 403 200 403 200 403 200 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/summary"):          "200 404 200 403 200 200 403 403 404 403 404 401 200 403 403 403",
    ("GET", f"{PATIENT}/today"):            "200 404 200 403 403 403 403 403 404 403 404 401 200 403 403 403",
    ("GET", f"{PATIENT}/response-curve"):   "403 403 200 403 403 403 403 403 404 403 403 401 200 403 403 403",
    ("GET", f"{PATIENT}/trends"):           "200 404 200 403 200 403 200 200 404 403 404 401 200 403 403 403",
    ("GET", f"{PATIENT}/consents"):         "200 404 200 403 403 403 403 403 404 403 404 401 403 403 403 403",
    ("PUT", CONSENT):                       "201 404 403 403 403 403 403 403 403 403 404 401 403 403 403 403",
    ("GET", CONSENT):                       "200 404 200 403 403 403 403 403 404 403 404 401 403 403 403 403",
    ("GET", f"{CONSENT}/revisions"):        "200 404 200 403 403 403 403 403 404 403 404 401 403 403 403 403",
    ("POST", f"{CONSENT}/revoke"):          "200 404 200 403 403 403 403 403 404 403 404 401 403 403 403 403",
    ("POST", f"{CONSENT}/invitations"):     "201 404 403 403 403 403 403 403 403 403 404 401 403 403 403 403",
    ("GET", f"{CONSENT}/account"):          "403 403 200 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("PATCH", f"{CONSENT}/account"):        "403 403 200 403 403 403 403 403 404 403 403 401 403 403 403 403",
    ("GET", "/v1/me/consents"):             "403 403 403 403 403 403 403 200 403 403 403 401 403 403 403 403",
    ("POST", "/v1/me/consents"):            "403 403 403 403 403 403 403 201 403 403 403 401 403 403 403 403",
    ("GET", f"{PATIENT}/access-log"):       "200 404 403 403 403 403 403 403 403 403 404 401 403 403 403 403",
    ("POST", "/v1/sync/push"):              "207 207 403 403 403 403 403 403 403 403 207 401 403 403 403 403",
    ("GET", "/v1/sync/changes"):            "200 200 403 403 403 403 403 403 403 403 200 401 403 403 403 403",
    ("GET", "/v1/sync/digest"):             "200 200 403 403 403 403 403 403 403 403 200 401 403 403 403 403",
}  # fmt: skip


def _endpoints(app) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }


def test_the_matrix_has_every_endpoint_and_no_other(app):
    assert set(MATRIX) == _endpoints(app)
    assert {(endpoint.method, endpoint.rule) for endpoint in ENDPOINTS} == _endpoints(app)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.key)
def test_every_caller_gets_the_answer_the_matrix_gives(endpoint: Endpoint, scenario, client):
    expected = dict(zip(COLUMNS, map(int, MATRIX[endpoint.method, endpoint.rule].split()), strict=True))
    found = {name: endpoint.send_as(client, scenario, caller) for name, caller in scenario.callers.items()}
    assert {name: answer.status_code for name, answer in found.items()} == expected
    for answer in found.values():
        if answer.status_code >= 400:
            assert answer.content_type == "application/problem+json"
            assert ("WWW-Authenticate" in answer.headers) == (
                answer.status_code == 401 or (answer.json or {}).get("code") == "insufficient_scope"
            )
        if answer.status_code == 403:
            assert {"required_roles", "required_scope", "required_part"} & set(answer.json or {})


def test_head_answers_as_get_does_without_a_body(scenario, client):
    callers = ("owner", "clinician", "stranger", "nobody")
    for number, endpoint in enumerate(endpoint for endpoint in ENDPOINTS if endpoint.method == "GET"):
        for name in sample("callers per endpoint", callers, 2, number):
            asked = endpoint.request(scenario, scenario.callers[name])
            got, head = client.open(**asked), client.open(**{**asked, "method": "HEAD"})
            assert head.status_code == got.status_code, (endpoint.key, name)
            assert head.data == b""
            assert head.headers.get("ETag") == got.headers.get("ETag")


def request_about_nothing(endpoint: Endpoint, scenario, caller):
    """What is answered by the route alone needs no rows."""
    nowhere = {name: uuid4() for name in names_in(endpoint.rule) if name.endswith("_id")}
    return endpoint.request(scenario, caller, **nowhere)


def test_options_returns_only_the_methods_to_every_caller(scenario, client):
    for endpoint in ENDPOINTS:
        for caller in (scenario.people.nobody, scenario.people.patient, scenario.people.stranger):
            answer = client.open(**{**request_about_nothing(endpoint, scenario, caller), "method": "OPTIONS"})
            assert answer.status_code == 200
            assert endpoint.method in answer.headers["Allow"]
            assert answer.data == b""


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "QUERY"])
def test_methods_that_no_endpoint_offers_are_refused(method, scenario, client):
    for endpoint in ENDPOINTS:
        asked = request_about_nothing(endpoint, scenario, scenario.people.nobody)
        answer = client.open(**{**asked, "method": method})
        assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
        assert endpoint.method in answer.headers["Allow"]


# What a stranger with the right role asks for: the same request about something that is nowhere.
FOREIGN = [endpoint for endpoint in ENDPOINTS if {"patient_id", "clinic_id"} & set(names_in(endpoint.rule))]


@pytest.mark.one_in(3)
@pytest.mark.parametrize("endpoint", FOREIGN, ids=lambda endpoint: endpoint.key)
def test_records_of_another_clinic_are_not_found(endpoint: Endpoint, scenario, client):
    outsiders = {
        name: scenario.callers[name] for name in ("other", "stranger", "stranger_admin", "strangers_patient")
    }
    for name, caller in outsiders.items():
        foreign = endpoint.send_as(client, scenario, caller)
        if foreign.status_code != 404:
            assert foreign.status_code == 403  # refused by role, before anything was looked up
            continue
        nowhere = {
            found: uuid4() for found in ("clinic_id", "patient_id") if found in names_in(endpoint.rule)
        }
        assert result(endpoint.send_as(client, scenario, caller, **nowhere)) == result(foreign), name


OF_SOMEBODY = {"infusion_id", "sign_in_id", "account_id", "response_id"}
NESTED = [
    endpoint
    for endpoint in ENDPOINTS
    if set(names_in(endpoint.rule)) & OF_SOMEBODY and endpoint.method != "PUT"
]


@pytest.mark.parametrize("endpoint", NESTED, ids=lambda endpoint: endpoint.key)
def test_a_record_of_another_patient_under_an_own_path_is_not_found(endpoint: Endpoint, scenario, client):
    caller = scenario.callers[endpoint.allowed]
    for theirs in _foreign_ids(scenario):
        foreign = _send_with_id(endpoint, scenario, caller, client, theirs)
        nowhere = _send_with_id(endpoint, scenario, caller, client, uuid4())
        assert foreign.status_code == 404
        assert result(nowhere) == result(foreign)


def test_ids_of_another_kind_of_record_are_not_found(scenario, client):
    people = scenario.people
    headers = people.clinician.headers
    for wrong in (people.clinic_id, people.clinician.id, people.patient.id, people.integration.id):
        answer = client.get(f"/v1/patients/{wrong}", headers=headers)
        assert answer.status_code == 404
    for wrong in (people.patient.patient_id, people.admin.id, people.other_clinic_id):
        answer = client.get(f"/v1/clinics/{wrong}/settings", headers=headers)
        assert answer.status_code == 404


def test_only_a_patient_can_use_me_as_patient_id(scenario, client):
    for name in ("clinician", "admin", "both"):
        answer = client.get("/v1/patients/me/summary", headers=scenario.callers[name].headers)
        assert answer.status_code in {403, 404}
    answer = client.get("/v1/patients/me", headers=scenario.people.patient.headers)
    assert answer.json["id"] == str(scenario.people.patient.patient_id)


def test_no_list_holds_anything_of_another_clinic(scenario, client):
    theirs = "Quillfeather"
    with scenario.database.write(scenario.people.other_clinic_id) as session:
        patient = factories.patient(session, display_name=theirs, record_number=theirs)
        factories.check_in(session, patient, scenario.day(), note=theirs)
    callers = ("owner", "other", "clinician", "admin", "both")
    for number, endpoint in enumerate(ENDPOINTS):
        if endpoint.method == "GET":
            for name in sample("callers per endpoint", callers, 2, number):
                answer = endpoint.send_as(client, scenario, scenario.callers[name])
                assert theirs not in answer.text


def result(answer) -> tuple[int, Any, dict[str, str]]:
    """Everything an answer tells, but for what names this one request, or counts the caller's own."""
    body = {name: value for name, value in (answer.json or {}).items() if name != "request_id"}
    own = {"X-Request-Id", "RateLimit"}
    headers = {name: value for name, value in answer.headers.items() if name not in own}
    return answer.status_code, body, headers


def _send_with_id(endpoint: Endpoint, scenario: Scenario, caller, client, wanted: UUID):
    return endpoint.send_as(client, scenario, caller, **{names_in(endpoint.rule)[-1]: wanted})


def _foreign_ids(scenario: Scenario) -> list[UUID]:
    """Devices, infusions and accounts of somebody else's, here and in the other clinic."""
    people = scenario.people
    with scenario.database.write(people.other_clinic_id) as session:
        key = (people.other_clinic_id, people.strangers_patient.patient_id)
        infusion = factories.infusion(session, session.get_one(Patient, key), scenario.day()).id
    with scenario.database.write(people.clinic_id) as session:
        key = (people.clinic_id, people.other_patient.patient_id)
        neighbours = factories.infusion(session, session.get_one(Patient, key), scenario.day()).id
    with scenario.database.write(people.clinic_id) as session:
        form = factories.form(session, session.get_one(Patient, key), scenario.day()).id
    accounts = [
        people.stranger.id,
        scenario.stranger_admin.id,
        people.strangers_patient.id,
        people.other_patient.id,
    ]
    ours = [infusion, neighbours, form]
    return [*ours, scenario.device(people.stranger), scenario.device(people.other_patient), *accounts]
