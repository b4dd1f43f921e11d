"""The fixtures that the package ships."""

from __future__ import annotations

from trunkline import Client, Emulator
from trunkline.testing import trunkline_client, trunkline_emulator  # noqa: F401  pytest finds them once installed


def test_a_client_of_an_emulator(trunkline_client: Client, trunkline_emulator: Emulator) -> None:  # noqa: F811
    outcome = trunkline_client.phones("ana@contoso.example").set("mobile", "+1 206-555-0100")
    assert outcome.after is not None
    assert trunkline_emulator.requests[-1]["status"] == 200
