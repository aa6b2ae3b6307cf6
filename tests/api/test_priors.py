from __future__ import annotations

from tests import factories


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
