"""Teams policies of a user, for both kinds of callers."""

from __future__ import annotations

import asyncio

import pytest

import trunkline

ANA = "ana@contoso.example"


def test_a_policy_is_set_replaced_and_cleared_once(client: trunkline.Client) -> None:
    policies = client.policies(ANA)
    assert policies.get("voice routing") is None
    set_ = policies.set("voice routing", "UnitedStates")
    assert (set_.change, set_.seen, set_.policy_type) == ("assigned", True, "OnlineVoiceRoutingPolicy")
    assert set_.before is None and set_.after is not None and set_.after.policy_assignment.assignment_type == "direct"
    assert str(set_) == "OnlineVoiceRoutingPolicy of ana@contoso.example is UnitedStates"
    assert policies.set("OnlineVoiceRoutingPolicy", "Tag:UnitedStates").change == "already"
    assert policies.get("voiceRouting") == set_.after
    assert policies.clear("voice routing").change == "cleared"
    assert policies.clear("voice routing").change == "already"


def test_the_policy_of_a_group_stays_and_what_does_not_exist_is_an_error(client: trunkline.Client) -> None:
    policies = client.policies(ANA)
    (inherited,) = policies.list()
    assert inherited.policy_type == "TeamsMeetingPolicy" and inherited.policy_assignment.assignment_type == "group"
    cleared = policies.clear("meeting")
    assert cleared.change == "already" and len(cleared.warnings) == 1 and cleared.after == inherited
    with pytest.raises(trunkline.NotFoundError):
        policies.set("calling", "Atlantis")
    with pytest.raises(trunkline.InvalidInputError):
        policies.set(" ", "AllOn")
    with pytest.raises(TypeError):
        policies.set("calling", None)  # type: ignore[arg-type]
    with pytest.raises(trunkline.NotFoundError):
        client.policies("nobody@contoso.example").list()


def test_a_change_begins_from_what_is_known_and_is_watched(
    client: trunkline.Client, emulator: trunkline.Emulator
) -> None:
    policies = client.policies(client.graph.users.by_id(ANA).get().id)
    known = policies.list()
    (off,) = client.graph.admin.teams.policy.get_policy_id("TeamsMeetingPolicy", "AllOff").all()
    emulator.clear_requests()
    seen: list[trunkline.Progress] = []
    policies.set("meeting", "AllOff", known=known, policy_id=off.policy_id, on_progress=seen.append)
    assert [progress.kind for progress in seen][:3] == ["found", "sending", "answered"]
    assert seen[0].policies == known
    assert emulator.requests[0]["method"] == "POST"


def test_policies_can_be_awaited(emulator: trunkline.Emulator) -> None:
    async def main() -> None:
        async with emulator.async_client() as client:
            policies = client.policies(ANA)
            assert (await policies.set("dial plan", "Germany")).change == "assigned"
            found = await policies.get("TenantDialPlan")
            assert found is not None and found.policy_assignment.display_name == "Germany"
            assert {entry.policy_type for entry in await policies.list()} == {"TenantDialPlan", "TeamsMeetingPolicy"}
            cleared = await policies.clear("dial plan")
            assert cleared.change == "cleared" and cleared.after is None

    asyncio.run(main())
