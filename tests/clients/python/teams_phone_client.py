"""teams-phone-cli, another tool for the numbers of Teams, and ours next to it under the same faults.

Its addresses are fixed, so that it runs behind a proxy which leads them to the emulator. It asks for `beta`, which the
emulator does not serve; the numbers are the same there as in `v1.0`."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import proxy
from harness import ALL, ANA, EMULATOR, FREE, SECRET, TENANT, ClientFault, Scenarios, control, fault, throttle

CERTIFICATE = os.environ["EMULATOR_CA"]
HOME = Path(tempfile.mkdtemp(prefix="teams-phone-"))
OWN = dict(os.environ)
os.environ |= {"HOME": str(HOME), "HTTPS_PROXY": proxy.start(EMULATOR), "TEAMS_PHONE_CLIENT_SECRET": SECRET}

from teams_phone import constants  # noqa: E402

constants.GRAPH_API_BASE = constants.GRAPH_API_V1_BASE

from teams_phone.cli.main import app  # noqa: E402
from typer.testing import CliRunner  # noqa: E402

scenario = Scenarios("teams-phone-cli")
# The answer of a gateway that lost that of the service.
LOST = {"kind": "status", "status": 504}


def write_profile() -> None:
    folder = HOME / ".teams-phone"
    folder.mkdir()
    (folder / "config.toml").write_text(
        f'default_tenant = "contoso"\n[tenants.contoso]\nname = "contoso"\ntenant_id = "{TENANT}"\n'
        f'client_id = "{ALL}"\ndisplay_name = "Contoso"\nauth_method = "client-secret"\n'
    )


def theirs(*arguments: str, code: int = 0) -> Any:
    """Runs a command of it in this process: its modules take seconds to load."""
    ended = CliRunner().invoke(app, ["--json", *arguments])
    shown = f"{ended.output} {ended.exception!r}"
    assert ended.exit_code == code, shown
    return json.loads(ended.stdout) if code == 0 else shown


def ours(*arguments: str) -> Any:
    environment = OWN | {
        "TRUNKLINE_ENDPOINT": EMULATOR,
        "TRUNKLINE_TENANT": "contoso.example",
        "TRUNKLINE_TOKEN": control("POST", "tokens", {})["token"],
    }
    command = [os.environ["TRUNKLINE"], "--output", "json", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout)


def orders() -> int:
    return len(control("GET", "orders"))


@scenario("secret")
def secret() -> None:
    theirs("auth", "login")


def leave_out_annotations() -> None:
    """Shortens the answers to the members that it knows: it refuses an answer with any other."""
    for path, pointers in {
        "numberAssignments": ["/value/*/@odata.type"],
        "operations": ["/@odata.context", "/numbers/*/@odata.type", "/numbers/*/statusDetail"],
    }.items():
        for pointer in pointers:
            effect = {"kind": "remove", "pointer": pointer}
            control("POST", "faults", {"method": "GET", "path": path, "effect": effect})


@scenario("list")
def listed() -> None:
    leave_out_annotations()
    assert len(theirs("numbers", "list", "--status", "userAssigned")) > 0
    # The status of one number of the sample is newer than the tool.
    refused = theirs("numbers", "list", code=1)
    assert "policyAssigned" in refused, refused
    control("DELETE", "faults")
    refused = theirs("numbers", "list", "--status", "userAssigned", code=1)
    assert "Extra inputs are not permitted" in refused, refused
    raise ClientFault("a ValidationError of pydantic because of @odata.type, and of the status `policyAssigned`")


@scenario("filter")
def filtered() -> str:
    leave_out_annotations()
    numbers = theirs("numbers", "list", "--status", "unassigned")
    assert 0 < len(numbers) < 20, numbers
    return f"{len(numbers)} numbers"


@scenario("order")
def order() -> str:
    leave_out_annotations()
    ended = theirs("numbers", "assign", ANA, FREE, "--type", "directRouting", "--force")
    assert orders() == 1, control("GET", "orders")
    return str(ended.get("status"))


@scenario("404")
def not_found() -> None:
    # The code that it documents for what is not there.
    theirs("numbers", "show", "+12065559999", code=4)


@scenario("throttled")
def throttled() -> None:
    leave_out_annotations()
    throttle("numberAssignments")
    assert len(theirs("numbers", "list", "--status", "unassigned")) > 0


@scenario("lost answer")
def lost_answer() -> None:
    """The service takes the order, and its answer is lost."""
    fault("assignNumber", LOST, method="POST", commit=True)
    ours("numbers", "assign", FREE, ANA)
    of_ours = orders()
    assert of_ours == 1, control("GET", "orders")
    control("POST", "reset")
    control("DELETE", "faults")
    leave_out_annotations()
    fault("assignNumber", LOST, method="POST", commit=True)
    theirs("numbers", "assign", ANA, FREE, "--type", "directRouting", "--force")
    of_theirs = orders()
    if of_theirs != 1:
        raise ClientFault(f"orders of it: {of_theirs}; of trunkline: {of_ours}")


write_profile()
scenario.run()
