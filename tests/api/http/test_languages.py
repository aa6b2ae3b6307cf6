"""Language of what a patient reads: negotiated from Accept-Language, named in Content-Language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinical.safety import DAILY_OPTIONS, DAILY_QUESTION, NOBODY_WATCHES
from clinical.translations import translated
from models.patients import Patient
from schemas.base import response_language
from tests import factories

pytestmark = [pytest.mark.either_database, pytest.mark.usefixtures("fixed_day")]

TODAY = factories.NOON.date()


@pytest.fixture
def ask(client, people):
    def get(path, language=None, **headers):
        given = people.patient.headers | headers
        return client.get(path, headers=given | ({"Accept-Language": language} if language else {}))

    return get


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, "en"),
        ("*", "en"),
        ("en", "en"),
        ("es", "es"),
        ("es-MX", "es"),
        ("ES-us, en;q=0.5", "es"),
        ("en;q=0.4, es;q=0.7", "es"),
        ("fr, es;q=0.3", "es"),
        ("fr", "en"),
        ("es;q=0, en", "en"),
        ("es;q=x, ,;;", "en"),
        ("\u00bf", "en"),
    ],
)
def test_the_preferred_language_that_is_there_is_chosen(accepted, chosen, ask):
    answer = ask("/v1/patients/me/today", accepted)
    assert answer.status_code == 200
    assert answer.json["language"] == answer.headers["Content-Language"] == chosen
    assert answer.json["daily_safety"]["question"] == translated(DAILY_QUESTION, chosen)
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_day_in_spanish_says_the_same_in_other_words(ask, database, people, client):
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session)
    path = f"/v1/patients/{people.patient.patient_id}/daily-ratings"
    client.put(path, json={"codes": ["sleep"]}, headers=people.clinician.headers)
    english, spanish = ask("/v1/patients/me/today").json, ask("/v1/patients/me/today", "es").json
    assert [each["question"] for each in spanish["questions"]] == [
        "¿Cómo estuvo su ánimo hoy?",
        "¿Cuánto disfrutó de las cosas hoy?",
        "¿Cuánta ansiedad sintió hoy?",
        "¿Qué tan bien durmió anoche?",
    ]
    assert spanish["daily_safety"]["options"] == [translated(option, "es") for option in DAILY_OPTIONS]
    message = spanish["daily_safety"]["crisis_message"]
    assert message["message"] == translated(NOBODY_WATCHES, "es")
    # Whom to contact is the clinic's, in the clinic's words.
    assert message["contacts"] == english["daily_safety"]["crisis_message"]["contacts"]
    for name in ("today", "day_ends_at", "check_in_version"):
        assert english[name] == spanish[name]


def test_a_tag_names_one_language(ask):
    english, spanish = ask("/v1/patients/me/today"), ask("/v1/patients/me/today", "es")
    assert english.headers["ETag"] != spanish.headers["ETag"]
    other = ask("/v1/patients/me/today", "es", **{"If-None-Match": english.headers["ETag"]})
    assert other.status_code == 200
    same = ask("/v1/patients/me/today", "es", **{"If-None-Match": spanish.headers["ETag"]})
    assert same.status_code == 304


def test_the_catalogue_of_side_effects_has_an_edition_in_each_language(ask, client):
    spanish = client.get("/v1/catalog/side-effects", headers={"Accept-Language": "es"})
    english = client.get("/v1/catalog/side-effects")
    assert (spanish.json["items"][0]["label"], english.json["items"][0]["label"]) == ("Náuseas", "Nausea")
    assert spanish.headers["Content-Language"] == "es"
    codes = [[item["code"] for item in each.json["items"]] for each in (spanish, english)]
    assert codes[0] == codes[1]
    for language, shown in (("es", spanish), ("en", english)):
        edition = ask("/v1/patients/me/today", language).json["catalogues"]["side_effects_edition"]
        assert shown.headers["ETag"] == f'"{edition}"'


def test_the_crisis_message_of_any_answer_is_in_the_language_of_its_request(client, people, database):
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session)
    headers = people.patient.headers | {"Accept-Language": "es"}
    path = f"/v1/patients/me/safety-answers/{TODAY}"
    stored = client.put(path, json={"answer": 2}, headers=headers)
    assert (stored.status_code, next(iter(stored.json))) == (201, "safety")
    assert stored.json["safety"]["message"] == translated(NOBODY_WATCHES, "es")
    # Also where the rest is refused: as a problem, or as a result of a push.
    refused = client.put(path, json={"answer": 2, "odd": 1}, headers=headers)
    assert (refused.status_code, refused.json["safety"]) == (422, stored.json["safety"])
    assert refused.headers["Content-Language"] == "es"
    unread = client.put(path, json={"answer": "often"}, headers=headers)
    assert unread.json["safety"] == stored.json["safety"]


def test_a_patient_reads_of_their_alert_in_their_language(ask, people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.alert(session, patient, TODAY)
    (alert,) = ask("/v1/patients/me/safety-alerts", "es").json["items"]
    assert alert["message"].startswith("Nadie ha visto aún esta respuesta.")
    assert alert["state"] == "open"


def test_one_request_does_not_choose_the_language_of_the_next(ask):
    assert ask("/v1/patients/me/safety-question", "es").json["question"] != DAILY_QUESTION
    assert ask("/v1/patients/me/safety-question").json["question"] == DAILY_QUESTION


def test_an_answer_without_texts_names_no_language(ask):
    assert "Content-Language" not in ask("/v1/patients/me/check-ins", "es").headers


def test_a_questionnaire_says_which_language_it_is_in(client):
    listed = client.get("/v1/questionnaires", headers={"Accept-Language": "es"})
    assert {item["language"] for item in listed.json["items"]} == {"en"}
    one = client.get("/v1/questionnaires/phq-9/versions/1", headers={"Accept-Language": "es"})
    assert one.json["language"] == "en"


@pytest.fixture
def read(client, people):
    """Read as the clinician, in a language; English where none is named."""

    def get(path, language=None, **headers):
        asked = {"Accept-Language": language} if language else {}
        return client.get(path, headers=people.clinician.headers | asked | headers)

    return get


@pytest.fixture
def treated(database, people):
    """A patient ten days after the last infusion, with daily answers and a booking without a consultation."""
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for ago in (31, 28, 25, 22, 19, 16, 10):
            factories.infusion(session, patient, TODAY - timedelta(days=ago))
        for ago in range(45):
            factories.check_in(session, patient, TODAY - timedelta(days=ago), mood=3 if ago > 31 else 7)
        booked = {"status": "scheduled", "dose_mg": None, "weight_kg": None}
        factories.infusion(session, patient, TODAY + timedelta(days=4), **booked)
    return people.patient.patient_id


def test_a_clinician_reads_every_sentence_in_their_language(read, people, treated):
    summary = read(f"/v1/patients/{treated}/summary", "es").json
    assert summary["headline"].startswith("Aún no corresponde. 10 días desde la última infusión; ")
    assert "El último día del plan" not in summary["headline"]
    assert "No consta ninguna consulta." in summary["headline"]
    assert summary["reasons_to_hold"][0]["text"] == "No consta ninguna consulta."
    outlook = read(f"/v1/patients/{treated}/outlook", "es").json
    assert outlook["reasons"][0]["text"].startswith("Aún no corresponde: el día recomendado es el ")
    assert outlook["disclaimers"][0].startswith("Apoyo a la decisión de un clínico")
    assert outlook == summary["outlook"]
    (row,) = (
        each
        for each in read(f"/v1/clinics/{people.clinic_id}/patients?state=all", "es").json["items"]
        if each["patient_id"] == str(treated)
    )
    assert (row["headline"], row["booking"]) == (summary["headline"], summary["booking"])
    days = f"from={TODAY}&to={TODAY + timedelta(days=9)}"
    listed = read(f"/v1/clinics/{people.clinic_id}/infusions?{days}", "es").json["items"][0]
    assert listed["headline"] == summary["headline"]
    assert "No consta ninguna consulta." in [each["text"] for each in listed["checklist"]]
    past = read(f"/v1/patients/{treated}/outlook/history", "es")
    assert past.status_code == 200


def test_only_the_words_differ_between_languages(read, treated):
    path = f"/v1/patients/{treated}/outlook"
    english, spanish = read(path), read(path, "es")
    assert (english.headers["Content-Language"], spanish.headers["Content-Language"]) == ("en", "es")
    assert english.json["outlook_id"] == spanish.json["outlook_id"]
    numbers = [[each["numbers"] for each in answer.json["reasons"]] for answer in (english, spanish)]
    assert numbers[0] == numbers[1]
    texts = [[each["text"] for each in answer.json["reasons"]] for answer in (english, spanish)]
    assert not set(texts[0]) & set(texts[1])


@pytest.mark.parametrize("path", ["/outlook", "/summary"])
def test_a_tag_of_an_outlook_names_one_language(path, read, treated):
    path = f"/v1/patients/{treated}{path}"
    english, spanish = read(path), read(path, "es")
    # From the cache of written responses, too.
    assert read(path, "es").headers["Content-Language"] == "es"
    tags = [answer.headers["ETag"] for answer in (english, spanish)]
    assert tags[1] == f'{tags[0][:-1]}-es"'
    assert read(path, "es", **{"If-None-Match": tags[0]}).status_code == 200
    assert read(path, "es", **{"If-None-Match": tags[1]}).status_code == 304


def test_a_problem_is_in_the_language_asked_for(client, people, read):
    path = f"/v1/patients/{people.patient.patient_id}/check-ins/{TODAY}"
    headers = people.patient.headers | {"Accept-Language": "es"}
    body = {"mood": 11, "anxiety": 5, "time_zone": "Mars", "recorded_at": 3, "odd": 1}
    refused = client.put(path, json=body, headers=headers)
    assert (refused.status_code, refused.headers["Content-Language"]) == (422, "es")
    assert refused.json["title"] == "Algo de lo enviado no es válido"
    assert refused.json["detail"].startswith("Parte de lo enviado no es válido: errors nombra cada campo")
    assert {error["pointer"]: (error["code"], error["detail"]) for error in refused.json["errors"]} == {
        "#/mood": ("out_of_range", "Envíe un número entero de 0 a 10."),
        "#/time_zone": (
            "unknown_time_zone",
            "Envíe el nombre IANA de una zona horaria, como Europe/Paris.",
        ),
        "#/recorded_at": (
            "not_an_instant",
            "Envíe fecha y hora como en RFC 3339: 2026-11-21T21:14:05-05:00.",
        ),
        "#/odd": (
            "unknown_field",
            "Este nombre no se conoce aquí: revise cómo está escrito, u omítalo.",
        ),
    }
    absent = read("/v1/patients/none/summary", "es")
    assert absent.json["detail"].startswith("Esta dirección no existe.")
    assert read("/v1/patients?x=1", "es").json["title"] == "No encontrado"
    unread = client.put(path, data="{", content_type="application/json", headers=headers)
    assert unread.json["detail"].startswith("El cuerpo no es JSON válido")
    nobody = client.get(path, headers={"Accept-Language": "es"})
    assert nobody.json["title"] == "El token de acceso falta o no es válido"
    sort = read(f"/v1/clinics/{people.clinic_id}/patients?sort=luck&status=odd", "es").json["errors"]
    assert {error["detail"].partition(":")[0] for error in sort} == {
        "Envíe uno de",
        "Envíe uno o varios, separados por comas",
    }


def test_a_refused_operation_of_a_push_is_in_the_language_of_its_request(client, people):
    operation = {
        "op_id": "6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11",
        "type": "check_in",
        "local_date": str(TODAY + timedelta(days=9)),
        "body": {"mood": 5, "anxiety": 5, "recorded_at": f"{TODAY}T00:00:00Z", "time_zone": factories.ZONE},
    }
    headers = people.patient.headers | {"Accept-Language": "es"}
    answer = client.post("/v1/sync/push", json={"operations": [operation]}, headers=headers)
    assert answer.headers["Content-Language"] == "es"
    (result,) = answer.json["results"]
    assert result["problem"]["title"] == "Algo de lo enviado no es válido"


def test_a_token_request_is_refused_in_english_as_oauth_has_it(client):
    answer = client.post("/oauth/token", data={"grant_type": "password"}, headers={"Accept-Language": "es"})
    assert "Content-Language" not in answer.headers
    assert answer.json["errors"][0]["detail"] == "Send client_credentials or refresh_token."


def test_a_picture_is_drawn_in_the_language_asked_for(read, treated):
    path = f"/v1/patients/{treated}/trends"
    english, spanish = (read(path, language, Accept="image/svg+xml") for language in ("en", "es"))
    assert (english.headers["Content-Language"], spanish.headers["Content-Language"]) == ("en", "es")
    assert "recommended day" in english.text
    assert "día recomendado" in spanish.text
    assert "recommended day" not in spanish.text


@pytest.mark.parametrize("headers", [{}, {"Accept-Language": "es"}])
def test_after_a_request_texts_are_in_english_again(headers, client):
    client.get("/health/live", headers=headers)
    assert response_language().tag == "en"
