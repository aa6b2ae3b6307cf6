from __future__ import annotations

import pytest

from tests import factories


@pytest.mark.parametrize("bias", ["too_early", "too_late", "not_checked", None])
def test_one_that_is_biased_or_was_not_checked_is_refused(app, client, people, bias):
    with app.extensions["database"].write(people.clinic_id) as session:
        evidence = {} if bias is None else {"bias": bias}
        name = factories.estimated_prior(session, evidence=evidence).name
    headers = {**people.admin.headers, "If-Match": '"v1"'}
    path = f"/v1/clinics/{people.clinic_id}/settings"
    refused = client.patch(path, json={"outlook_prior": name}, headers=headers)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
        ("#/outlook_prior", f"bias_{bias or 'not_checked'}")
    ]


def test_a_proposal_is_accepted_and_withdrawn_in_the_settings(app, client, people):
    with app.extensions["database"].write(people.clinic_id) as session:
        name = factories.estimated_prior(session).name
    path = f"/v1/clinics/{people.clinic_id}"
    before = client.get(f"{path}/priors", headers=people.clinician.headers).json
    assert (before["prior_in_use"], [item["in_use"] for item in before["items"]]) == ("published-1", [False])
    admin = people.admin.headers
    for version, wanted in ((1, name), (2, "published-1")):
        headers = {**admin, "If-Match": f'"v{version}"'}
        answer = client.patch(f"{path}/settings", json={"outlook_prior": wanted}, headers=headers)
        assert answer.status_code == 200
        assert client.get(f"{path}/priors", headers=admin).json["prior_in_use"] == wanted
    (item,) = client.get(f"{path}/priors", headers=admin).json["items"]
    assert item["accepted_by"] == str(people.admin.id)
