from __future__ import annotations

import pytest
from flask import Flask

from api import reject_undeclared_views
from api.http.auth import AccessPolicy
from services.access import Role


def test_every_view_declares_who_may_call_it(app):
    for rule in app.url_map.iter_rules():
        access_policy = getattr(app.view_functions[rule.endpoint], "access_policy", None)
        assert isinstance(access_policy, AccessPolicy), f"{rule.rule} does not say who may call it"


def test_no_view_names_integrations_among_its_roles(app):
    # They come by scope: a role would let every API client in, whatever it was granted.
    for rule in app.url_map.iter_rules():
        assert Role.INTEGRATION not in app.view_functions[rule.endpoint].access_policy.roles, rule.rule


def test_the_server_does_not_start_with_a_view_that_declares_nothing():
    app = Flask("careless", static_folder=None)
    app.add_url_rule("/careless", view_func=lambda: "")
    with pytest.raises(TypeError, match="/careless"):
        reject_undeclared_views(app)
