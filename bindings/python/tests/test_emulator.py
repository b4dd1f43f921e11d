"""The emulator's own options."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

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
