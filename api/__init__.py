"""The HTTP API: `create_app`, and one module per resource."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from api import (
    access_log,
    accounts,
    api_clients,
    baselines,
    check_ins,
    clinic_infusions,
    clinics,
    consents,
    consultations,
    costs,
    custom_instruments,
    daily_ratings,
    directory,
    event_log,
    events,
    exposure,
    half_benefit_recalls,
    health,
    imports,
    infusion_sessions,
    infusion_vitals,
    infusions,
    medical_history,
    outlooks,
    password_resets,
    patients,
    post_infusion_moods,
    priors,
    protocols,
    recalibrations,
    reports,
    response_curves,
    response_reviews,
    safety,
    scores,
    second_factors,
    side_effects,
    summaries,
    sync,
    today,
    tokens,
    treatment_courses,
    trends,
    worklist,
    worklist_entries,
)
from api.http import (
    access_audit,
    auth,
    converters,
    docs_page,
    languages,
    openapi,
    problems,
    rate_limits,
    request_log,
    reset_page,
    response_cache,
    security_headers,
)
from api.http.strict_json import CompactJSON
from api.http.transaction import TransactionalFlask
from api.questionnaires import (
    catalogue as questionnaire_catalogue,
)
from api.questionnaires import (
    courses as questionnaire_courses,
)
from api.questionnaires import (
    responses as questionnaire_responses,
)
from api.questionnaires import (
    schedules as questionnaire_schedules,
)
from config import Settings
from models.database import Database
from services.tokens import Keys

RESOURCES = (
    tokens,
    password_resets,
    accounts,
    second_factors,
    clinics,
    patients,
    directory,
    today,
    imports,
    check_ins,
    sync,
    side_effects,
    consultations,
    medical_history,
    clinic_infusions,
    infusions,
    infusion_sessions,
    infusion_vitals,
    post_infusion_moods,
    half_benefit_recalls,
    exposure,
    protocols,
    treatment_courses,
    response_reviews,
    baselines,
    daily_ratings,
    events,
    costs,
    custom_instruments,
    scores,
    questionnaire_catalogue,
    questionnaire_responses,
    questionnaire_schedules,
    questionnaire_courses,
    trends,
    response_curves,
    outlooks,
    summaries,
    worklist,
    worklist_entries,
    safety,
    consents,
    access_log,
    event_log,
    reports,
    priors,
    recalibrations,
    api_clients,
    health,
)
MAX_BODY_BYTES = 64 * 1024


def create_app(settings: Settings) -> Flask:
    """Create the application with its extensions and blueprints."""
    app = TransactionalFlask("afterglow", static_folder=None)
    app.json = CompactJSON(app)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        TRUSTED_HOSTS=list(settings.allowed_hosts) or None,
    )
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.extensions["settings"] = settings
    app.extensions["database"] = Database(settings.database_url)
    app.extensions["cursor_key"] = settings.derived_key("cursor")
    app.extensions["keys"] = Keys(
        settings.derived_key("refresh-token"),
        settings.derived_key("login-throttle"),
        settings.derived_key("device-token"),
        settings.derived_keys("second-factor"),
    )
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops)  # type: ignore[method-assign]
    request_log.install(app, settings.log_path)
    languages.install(app)
    auth.install(app, settings)
    converters.install(app)
    response_cache.install(app)
    rate_limits.install(app, settings.dear_reads_per_minute)
    access_audit.install(app)
    api = openapi.make_api(app)
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint)
    openapi.install(app, api)
    docs_page.install(app)
    reset_page.install(app)
    problems.install(app)
    app.after_request(rate_limits.add_headers)
    security_headers.install(app, https=settings.public_url.startswith("https://"))
    reject_undeclared_views(app)
    return app


def reject_undeclared_views(app: Flask) -> None:
    """Raise TypeError for a view without an access policy, so that the application does not start."""
    for rule in app.url_map.iter_rules():
        if not hasattr(app.view_functions[rule.endpoint], "access_policy"):
            msg = f"{rule.rule} declares no access policy: use @allow or @public"
            raise TypeError(msg)
