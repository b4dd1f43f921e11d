// Records in place of what they are meant for, values that must be there, and records and errors as data.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { DeadlineError, Emulator, GraphError, InvalidInputError, NotFoundError, required } from "trunkline";

import { ANA, emulated } from "./support.mjs";

const FREE = "+12065550101";
const GUID = "a0000000-0000-4000-8000-000000000009";

test("a record stands for its number or its id", async (context) => {
  const { client, emulator } = await emulated(context);
  const { numbers, graph } = client;
  const number = await numbers.get(FREE);
  const user = await graph.users.byId(ANA).get({ select: ["id", "displayName"] });
  assert.equal((await numbers.assign(number, user)).change, "done");
  assert.equal((await numbers.list({ heldBy: user, number }).all())[0].telephoneNumber, FREE);
  assert.equal((await numbers.verify(number, { kind: "assigned", to: user })).decision.action, "already");
  assert.equal(numbers.decide(await numbers.get(number), { kind: "assigned", to: user }).action, "already");
  await numbers.unassign(number);
  const { phoneMethods } = graph.users.byId(user).authentication;
  const method = await phoneMethods.create({ phoneType: "office", phoneNumber: "+1 206-555-0144" });
  assert.equal((await phoneMethods.byId(method).get()).phoneNumber, method.phoneNumber);
  assert.equal((await client.phones(user).get("office")).id, method.id);
  const orders = graph.admin.teams.telephoneNumberManagement.numberAssignments;
  const { numberType } = number;
  emulator.clearRequests();
  await (await orders.assignNumber({ telephoneNumber: number, assignmentTargetId: user, numberType })).done();
  assert.equal((await numbers.get(FREE)).assignmentTargetId, user.id);
  // In a batch, too.
  const batch = client.batch();
  const read = batch.graph.users.byId(user).get();
  await batch.send();
  assert.equal((await read).id, user.id);
});

test("a record without what it should stand for is refused, and nothing personal is in the message", async (context) => {
  const { client, emulator } = await emulated(context);
  emulator.clearRequests();
  const user = { id: GUID, displayName: "Ana" };
  const text = `number is a record without telephoneNumber: the record ${GUID}, which has id, displayName`;
  const refused = { name: "InvalidInputError", message: text };
  await assert.rejects(client.numbers.assign(user, ANA), refused);
  await assert.rejects(client.numbers.assign({ "@odata.type": "#a.b", city: "Seattle" }, ANA), {
    message: "number is a record without telephoneNumber: the a.b, which has city",
  });
  await assert.rejects(client.phones({}).get("mobile"), { message: /^user is a record without id: .* has no properties$/ });
  assert.throws(() => client.graph.users.byId({ id: null }), InvalidInputError);
  const orders = client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
  await assert.rejects(orders.assignNumber({ telephoneNumber: user, assignmentTargetId: GUID, numberType: "callingPlan" }), InvalidInputError);
  for (const other of [["a"], 5, null, true]) await assert.rejects(client.numbers.get(other), InvalidInputError);
  assert.equal(emulator.requests.length, 0);
});

test("a value that must be there is there, or the error names it and the record", () => {
  const record = { id: GUID, city: "Seattle", displayName: null };
  assert.equal(required(record), record);
  assert.equal(required(0), 0);
  assert.equal(required(record, "city"), "Seattle");
  assert.equal(required(record, ["id", "city"]), record);
  for (const [run, message] of [
    [() => required(undefined), "a required value is undefined"],
    [() => required(null, "city"), "the record with city is null"],
    [() => required(record, "telephoneNumber"), `telephoneNumber is missing in the record ${GUID}, which has id, city, displayName`],
    [() => required(record, ["id", "displayName"]), `displayName is null in the record ${GUID}, which has id, city, displayName`],
    [() => required({ id: FREE }, "city"), "city is missing in the record, which has id"],
  ]) {
    assert.throws(run, (error) => {
      assert.ok(error instanceof InvalidInputError);
      assert.equal(error.message, message);
      assert.ok(error.nextStep.length > 0);
      assert.match(error.stack.split("\n")[1], /records\.test\.mjs/);
      return true;
    });
  }
});

test("records and outcomes are plain data", async (context) => {
  const { client } = await emulated(context);
  const number = await client.numbers.get(FREE);
  const outcome = await client.numbers.assign(number, ANA);
  for (const value of [number, outcome]) {
    assert.deepEqual(structuredClone(value), { ...value });
    assert.deepEqual(JSON.parse(JSON.stringify(value)), { ...value });
  }
  assert.equal(Object.getPrototypeOf(number), Object.prototype);
  assert.ok(inspect(number).includes(FREE));
});

test("errors are data for logs, without what is personal", async (context) => {
  const { client } = await emulated(context);
  const error = await client.graph.users.byId("nobody@contoso.example").get().then(assert.fail, (raised) => raised);
  assert.ok(error instanceof NotFoundError);
  const json = JSON.parse(JSON.stringify(error));
  const { kind, status, code, requestId, nextStep, message } = error;
  assert.deepEqual([kind, status], ["notFound", 404]);
  for (const text of [code, requestId, nextStep, message]) assert.ok(typeof text === "string" && text.length > 0);
  const { name, ...shown } = json;
  assert.equal(name, "NotFoundError");
  assert.deepEqual({ kind, status, code, requestId, nextStep, message, ...shown }, shown);
  // Loggers go through the properties of an error, and find the same.
  assert.deepEqual(JSON.parse(JSON.stringify({ message, ...error })), shown);
  for (const text of [inspect(error), JSON.stringify(error)]) {
    for (const part of [kind, code, requestId, nextStep]) assert.ok(text.includes(part), text);
    assert.ok(!text.includes("nobody"), text);
  }
  assert.deepEqual(JSON.parse(JSON.stringify(new GraphError("broken", { kind: "later", cause: error }))).cause, json);
  const clone = structuredClone(error);
  assert.deepEqual([clone instanceof Error, clone.message], [true, message]);
});

test("an error of an order shows no number", async () => {
  const emulator = await Emulator.start();
  try {
    const client = emulator.client({ testTime: true });
    const error = await client.numbers.assign(FREE, ANA, { timeout: 1 }).then(assert.fail, (raised) => raised);
    assert.ok(error instanceof DeadlineError, inspect(error));
    for (const text of [inspect(error), JSON.stringify(error)]) assert.ok(!text.includes(FREE.slice(1)), text);
  } finally {
    emulator.close();
  }
});
