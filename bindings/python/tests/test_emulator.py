"""The emulator's own options."""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pytest

import trunkline


def status(emulator: trunkline.Emulator, host: str, origin: str | None = None) -> int:
    connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc)
    headers = {"Host": host, "Authorization": f"Bearer {emulator.token()}"}
    if origin is not None:
        headers["Origin"] = origin
    connection.request("GET", "/v1.0/organization", headers=headers)
    answer = connection.getresponse().status
    connection.close()
    return answer


def test_hosts_are_of_this_computer_or_allowed() -> None:
    with trunkline.Emulator(allow_hosts=["emulator.example"]) as emulator:
        assert status(emulator, "localhost:8400") == 200
        assert status(emulator, "emulator.example") == 200
        assert status(emulator, "contoso.example") == 403
        assert status(emulator, "localhost", origin="http://emulator.example") == 200
        assert status(emulator, "localhost", origin="https://contoso.example") == 403
    with trunkline.Emulator(allow_hosts="emulator.example") as emulator:
        assert status(emulator, "emulator.example") == 200
        assert status(emulator, "e") == 403
    with pytest.raises(ValueError, match="no host to allow"):
        trunkline.Emulator(allow_hosts=["http://emulator.example"])


def test_links_lead_back_to_the_name_that_was_used() -> None:
    with trunkline.Emulator(next_links=True, page_size=7, advance_per_poll=True) as emulator:
        endpoint = emulator.url.replace("127.0.0.1", "localhost")
        with trunkline.Client(emulator.token(), endpoint=endpoint, proxy=False, _test_time=True) as client:
            management = client.graph.admin.teams.telephone_number_management
            assert len(list(management.number_assignments.list())) == 20
            client.numbers.assign("+12065550101", "ana@contoso.example")
            assert client.numbers.get("+12065550101").assignment_target_id


def test_users_numbers_and_licences_can_be_added() -> None:
    with trunkline.Emulator(advance_per_poll=True) as emulator, emulator.client(_test_time=True) as client:
        dana = emulator.add_user("dana@contoso.example", department="Voice")
        assert client.graph.users.by_id(dana["id"]).get().user_principal_name == "dana@contoso.example"
        number = emulator.add_number("+12065550190", numberType="directRouting")
        assert number["assignmentStatus"] == "unassigned"
        emulator.set_service_plan("dana@contoso.example", "MCOEV", False)
        with pytest.raises(trunkline.GraphError):
            client.numbers.assign("+12065550190", dana["id"])
        emulator.set_service_plan("dana@contoso.example")
        client.numbers.assign("+12065550190", dana["id"])
        assert client.numbers.get("+12065550190").assignment_target_id == dana["id"]
        with pytest.raises(ValueError, match="/users/0/userPrincipalName: there is such a user"):
            emulator.add_user("dana@contoso.example")


def test_it_serves_https_as_well_as_http(tmp_path: Path) -> None:
    with trunkline.Emulator(tls=True, tls_folder=tmp_path / "authority") as emulator:
        assert emulator.url.startswith("https://localhost:")
        # A client of the emulator's own needs no certificate.
        with emulator.client() as client:
            assert client.numbers.get("+12065550101").city == "Seattle"
        context = ssl.create_default_context(cafile=emulator.certificate_file)
        address = f"{emulator.url}/common/v2.0/.well-known/openid-configuration"
        with urllib.request.urlopen(address, context=context) as answer:
            assert json.load(answer)["jwks_uri"] == f"{emulator.url}/common/discovery/v2.0/keys"
        (tmp_path / "authority").chmod(0o755)
        with pytest.raises(ValueError, match="chmod 700"):
            trunkline.Emulator(tls=True, tls_folder=tmp_path / "authority")
    with trunkline.Emulator() as emulator:
        assert emulator.certificate_file is None


def test_the_schema_of_a_seed_fits_what_the_emulator_writes_and_reads() -> None:
    with trunkline.Emulator() as emulator:
        with urllib.request.urlopen(f"{emulator.url}/__emulator/seed-schema") as answer:
            schema = json.load(answer)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        validator.validate(emulator.state)
        for wrong in (
            {"people": []},
            {"users": [{"id": "a"}]},
            {"users": [{"id": "a", "userPrincipalName": "a@contoso.example", "usagelocation": "US"}]},
            {"numbers": [{"telephoneNumber": "+12065550199", "numberType": "callingplan"}]},
        ):
            assert not validator.is_valid(wrong)
            with pytest.raises(ValueError, match="the seed is wrong at"):
                emulator.seed(wrong)


def test_a_client_of_the_emulator_outlives_an_hour_of_its_time() -> None:
    with trunkline.Emulator(manual_clock=True) as emulator, emulator.client() as client:
        emulator.advance(7200)
        assert client.numbers.get("+12065550101").city == "Seattle"


def test_several_tenants_are_served(tmp_path: Path) -> None:
    fabrikam = {
        "organization": {"id": "99999999-9999-9999-9999-999999999999", "verifiedDomains": [{"name": "fabrikam.example"}]},
        "numbers": [{"telephoneNumber": "+12065550180"}],
    }
    kept = tmp_path / "state.json"
    with trunkline.Emulator(seed={"tenants": [fabrikam]}, state_file=kept) as emulator:
        token = emulator.token(tenant="fabrikam.example")
        with emulator.client(credential=token, tenant="fabrikam.example") as client:
            assert [number.telephone_number for number in client.numbers.list()] == ["+12065550180"]
    assert json.loads(kept.read_text())["tenants"][0]["numbers"][0]["telephoneNumber"] == "+12065550180"
