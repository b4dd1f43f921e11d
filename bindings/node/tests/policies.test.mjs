// Teams policies of a user.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CancelledError, InvalidInputError, NotFoundError } from "trunkline";

import { ANA, emulated } from "./support.mjs";

test("a policy is set, replaced and cleared, once", async (context) => {
  const { client } = await emulated(context);
  const policies = client.policies(ANA);
  assert.equal(await policies.get("voice routing"), undefined);
  const set = await policies.set("voice routing", "UnitedStates");
  assert.deepEqual([set.change, set.seen, set.policyType], ["assigned", true, "OnlineVoiceRoutingPolicy"]);
  assert.equal(set.before, null);
  assert.equal(set.after.policyAssignment.assignmentType, "direct");
  assert.equal(`${set}`, "OnlineVoiceRoutingPolicy of ana@contoso.example is UnitedStates");
  assert.equal((await policies.set("OnlineVoiceRoutingPolicy", "Tag:UnitedStates")).change, "already");
  assert.equal((await policies.get("voiceRouting")).policyAssignment.displayName, "UnitedStates");
  assert.equal((await policies.clear("voice routing")).change, "cleared");
  assert.equal((await policies.clear("voice routing")).change, "already");
});

test("the policy of a group stays, and what does not exist is an error", async (context) => {
  const { client } = await emulated(context);
  const policies = client.policies(ANA);
  const [inherited] = await policies.list();
  assert.deepEqual([inherited.policyType, inherited.policyAssignment.assignmentType], ["TeamsMeetingPolicy", "group"]);
  const cleared = await policies.clear("meeting");
  assert.deepEqual([cleared.change, cleared.warnings.length], ["already", 1]);
  await assert.rejects(policies.set("calling", "Atlantis"), NotFoundError);
  await assert.rejects(policies.set(" ", "AllOn"), InvalidInputError);
  await assert.rejects(policies.set("calling", undefined), InvalidInputError);
  await assert.rejects(policies.set("calling", "AllOn", { country: "US" }), TypeError);
  await assert.rejects(client.policies("nobody@contoso.example").list(), NotFoundError);
});

test("a change begins from what is known, is watched, and can be stopped", async (context) => {
  const { client, emulator } = await emulated(context);
  const policies = client.policies((await client.graph.users.byId(ANA).get()).id);
  const known = await policies.list();
  const [{ policyId }] = await client.graph.admin.teams.policy.getPolicyId({ type: "TeamsMeetingPolicy", name: "AllOff" }).all();
  emulator.clearRequests();
  const seen = [];
  await policies.set("meeting", "AllOff", { known, policyId, onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(seen.map(({ kind }) => kind).slice(0, 3), ["found", "sending", "answered"]);
  assert.equal(seen[0].policies.length, known.length);
  assert.equal(emulator.requests[0].method, "POST");
  const stopped = policies.clear("meeting", { onProgress: () => Promise.reject(new Error("no")) });
  const error = await stopped.catch((error) => error);
  assert.ok(error instanceof CancelledError && error.cause.message === "no", String(error));
});
