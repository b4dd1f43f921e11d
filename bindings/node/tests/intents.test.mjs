// Intents and the emulator.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import * as module from "trunkline";
import { CancelledError, ConflictError, DeadlineError, Emulator, InvalidInputError, NotFoundError } from "trunkline";

import { ANA, emulated } from "./support.mjs";

const FREE = "+12065550101";

test("a number is found, assigned, moved and unassigned, once", async (context) => {
  const { client } = await emulated(context);
  const { numbers } = client;
  assert.equal((await numbers.get("+1 (206) 555-0101")).telephoneNumber, FREE);
  assert.equal(await numbers.get("+1 206 555 0199"), undefined);
  const kinds = [];
  const outcome = await numbers.assign("+1 206-555-0101", ANA, { onProgress: ({ kind }) => kinds.push(kind) });
  assert.equal(outcome.change, "done");
  assert.equal(outcome.number, FREE);
  assert.equal(outcome.before.assignmentStatus, "unassigned");
  assert.equal(outcome.after.assignmentStatus, "userAssigned");
  assert.equal(outcome.orders[0].verdicts[0].succeeded, true);
  assert.equal(`${outcome}`, outcome.text);
  assert.deepEqual(kinds.slice(0, 4), ["found", "sending", "answered", "accepted"]);
  assert.equal((await numbers.assign(FREE, ANA)).change, "already");
  const other = "ben@contoso.example";
  const holder = outcome.after.assignmentTargetId;
  assert.equal((await numbers.list({ heldBy: holder }).all()).length > 0, true);
  await assert.rejects(numbers.assign(FREE, "nobody@contoso.example"), NotFoundError);
  await assert.rejects(numbers.assign(FREE, other), ConflictError);
  await numbers.unassign("+12065550100");
  const moved = await numbers.move(FREE, other);
  assert.equal(moved.change, "done");
  assert.equal(moved.orders.length, 2);
  assert.equal((await numbers.unassign(FREE)).change, "done");
  assert.equal((await numbers.unassign(FREE)).change, "already");
});

test("a decision is taken from a state that is known, and a number is compared with what is wanted", async (context) => {
  const { client, emulator } = await emulated(context);
  const { numbers } = client;
  const ana = (await client.graph.users.byId(ANA).get()).id;
  const known = await numbers.get(FREE);
  emulator.clearRequests();
  const decision = numbers.decide(known, { kind: "assigned", to: ana, category: "primary" });
  assert.equal(decision.action, "send");
  assert.equal(decision.steps[0].operation, "numberAssignments.assignNumber");
  assert.equal(decision.steps[0].request.method, "POST");
  assert.equal(numbers.decide(known, { kind: "unassigned" }).action, "already");
  assert.equal(emulator.requests.length, 0);
  for (const [found, wanted] of [[5, { kind: "unassigned" }], [known, "free"], [known, { kind: "assigned" }]]) {
    assert.throws(() => numbers.decide(found, wanted), InvalidInputError);
  }
  await numbers.assign(FREE, ana, { known, repeatAfterReadBack: true });
  const reads = emulator.requests.filter(({ method, path }) => method === "GET" && path.includes("numberAssignments"));
  assert.ok(reads.length > 0);
  await assert.rejects(numbers.assign("+12065550102", ana, { known }), InvalidInputError);
  assert.equal((await numbers.verify(FREE, { kind: "assigned", to: ana })).decision.action, "already");
  const free = await numbers.verify(FREE, { kind: "unassigned" });
  assert.deepEqual([free.holds, free.decision.action, free.refusal], [false, "send", null]);
  const other = await numbers.verify(FREE, { kind: "assigned", to: "a0000000-0000-4000-8000-000000000002" });
  assert.equal(other.decision, null);
  assert.ok(other.refusal instanceof ConflictError, String(other.refusal));
  assert.ok(other.refusal.nextStep.startsWith("Use move"));
  assert.equal(other.found.telephoneNumber, FREE);
});

test("an order is followed from its id, and numbers for people are found", async (context) => {
  const { client } = await emulated(context);
  let id;
  const watch = (progress) => {
    if (progress.kind === "accepted") id = progress.id;
    if (progress.kind === "sending") assert.equal(progress.request.method, "POST");
    if (progress.kind === "answered") assert.equal(progress.meta.status, 202);
  };
  await client.numbers.assign(FREE, ANA, { onProgress: watch });
  assert.equal((await client.numbers.follow(id)).after.telephoneNumber, FREE);
  await assert.rejects(client.numbers.follow("nothing"), NotFoundError);
  const people = await client.numbers.list({ forUsers: true }).all();
  assert.ok(people.length > 0 && people.every(({ capabilities }) => capabilities.includes("userAssignment")));
  assert.ok((await client.numbers.list().all()).length > people.length);
});

test("the change of a phone method has progress and starts from what is known", async (context) => {
  const { client, emulator } = await emulated(context);
  const phones = client.phones(ANA);
  const known = await phones.list();
  const seen = [];
  emulator.clearRequests();
  await phones.set("office", "+1 206-555-0133", { known, onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(seen.map(({ kind }) => kind).slice(0, 3), ["found", "sending", "answered"]);
  assert.equal(seen[0].methods.length, known.length);
  const first = emulator.requests.find(({ path }) => path.includes("phoneMethods"));
  assert.notEqual(first.method, "GET");
  const error = await phones.remove("office", { onProgress: () => Promise.reject(new Error("no")) }).catch((error) => error);
  assert.ok(error instanceof CancelledError && error.cause.message === "no", String(error));
});

test("free numbers are asked for by place", async (context) => {
  const { client } = await emulated(context);
  const free = [];
  for await (const number of client.numbers.list({ unassigned: true, city: "Seattle" })) free.push(number);
  assert.ok(free.length > 1 && free.every(({ city }) => city === "Seattle"));
  assert.equal((await client.numbers.nextFree({ city: "Seattle" })).city, "Seattle");
  assert.equal(await client.numbers.nextFree({ city: "Nowhere" }), undefined);
  await assert.rejects(client.numbers.list({ number: "nonsense" }).all(), InvalidInputError);
  await assert.rejects(client.numbers.assign(undefined, ANA), InvalidInputError);
  await assert.rejects(client.numbers.assign(FREE, 5), InvalidInputError);
  await assert.rejects(client.numbers.assign("nonsense", ANA), InvalidInputError);
});

test("an order is followed from its token after a deadline", async (context) => {
  const { client, emulator } = await emulated(context, { advancePerPoll: false, manualClock: true });
  const error = await client.numbers.assign(FREE, ANA, { timeout: 2 }).catch((error) => error);
  assert.ok(error instanceof DeadlineError, String(error));
  emulator.advance(60);
  const outcome = await client.numbers.follow(error.resumeToken);
  assert.equal(outcome.after.telephoneNumber, FREE);
  assert.equal(outcome.after.assignmentStatus, "userAssigned");
});

test("phones are set and removed, once", async (context) => {
  const { client } = await emulated(context);
  const phones = client.phones(ANA);
  const before = await phones.get("mobile");
  const set = await phones.set("mobile", "+1 206-555-0177");
  assert.equal(set.change, before === undefined ? "created" : "updated");
  assert.equal(set.after.phoneNumber, "+1 2065550177");
  assert.equal((await phones.set("mobile", "+1 206-555-0177")).change, "already");
  assert.equal((await phones.get("mobile")).phoneNumber, "+1 2065550177");
  assert.ok((await phones.list()).length >= 1);
  await phones.enableSmsSignIn();
  assert.ok(["updated", "already"].includes((await phones.disableSmsSignIn()).change));
  await phones.remove("office");
  assert.equal(await phones.get("office"), undefined);
  assert.equal((await phones.remove("office")).change, "already");
  await assert.rejects(phones.set("fax", "+1 206-555-0177"), InvalidInputError);
  await assert.rejects(phones.set("mobile", "12"), InvalidInputError);
  await assert.rejects(phones.set("mobile", undefined), InvalidInputError);
  await assert.rejects(client.phones("nobody@contoso.example").list(), NotFoundError);
});

test("what is accepted and not yet seen is done", async (context) => {
  for (const [times, seen] of [[3, true], [1000, false]]) {
    const { client, emulator } = await emulated(context, { manualClock: true });
    const effect = { kind: "set", pointer: "/value", value: [] };
    emulator.fault({ method: "GET", path: "*/authentication/phoneMethods", nth: 2, times, effect });
    const phones = client.phones("carla@contoso.example");
    const outcome = await phones.set("mobile", "+1 206 555 0198", { timeout: 30 });
    assert.deepEqual([outcome.change, outcome.seen], ["created", seen]);
    assert.equal(`${outcome}`.startsWith("done, not yet seen: "), !seen);
    assert.equal(outcome.warnings.length, seen ? 0 : 1);
  }
  const { client } = await emulated(context);
  await assert.rejects(client.phones(ANA).disableSmsSignIn({ timeout: -1 }), InvalidInputError);
  assert.equal((await client.phones(ANA).disableSmsSignIn({ timeout: 30 })).seen, true);
  assert.equal((await client.phones("ben@contoso.example").remove("office", { timeout: 30 })).seen, true);
});

test("the emulator's state, faults and requests are at hand", async () => {
  const emulator = await Emulator.start({ numbers: 3 });
  try {
    const client = emulator.client({ retry: { attempts: 1 } });
    emulator.fault({ effect: { kind: "status", status: 503 }, times: 1 });
    await assert.rejects(client.numbers.get(FREE), { status: 503 });
    emulator.clearFaults();
    assert.ok(emulator.requests.length > 0);
    emulator.clearRequests();
    assert.deepEqual(emulator.requests, []);
    assert.ok(typeof emulator.state === "object");
    emulator.seed({ users: [] });
    emulator.reset();
    emulator.advance(5);
    assert.throws(() => emulator.advance(-1), InvalidInputError);
    assert.throws(() => emulator.fault({ nonsense: 1 }), InvalidInputError);
    const delegated = emulator.token({ user: ANA, permissions: ["User.Read"] });
    assert.notEqual(delegated, emulator.token());
  } finally {
    await emulator[Symbol.asyncDispose]();
  }
  assert.throws(() => emulator.state, InvalidInputError);
  emulator.close();
});

test("CommonJS and ECMAScript modules are one package", () => {
  const required = createRequire(import.meta.url)("trunkline");
  assert.deepEqual(
    Object.keys(required)
      .filter((name) => name !== "__esModule")
      .sort(),
    Object.keys(module)
      .filter((name) => !["default", "module.exports", "__esModule"].includes(name))
      .sort(),
  );
  assert.equal(required.GraphError, module.GraphError);
});
