// Lists, long-running operations, batches.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CancelledError, DeadlineError, GraphError, InvalidInputError, LongRunning, OperationFailedError } from "trunkline";

import { ANA, emulated, mobileOf, scripted } from "./support.mjs";

const numbersOf = (client) => client.graph.admin.teams.telephoneNumberManagement.numberAssignments;

test("a list is gone through by items, by pages and at once, each time anew", async (context) => {
  const { client } = await emulated(context, { numbers: 25, lenient: true });
  const list = numbersOf(client).list({ top: 10 });
  const items = [];
  for await (const number of list) items.push(number.telephoneNumber);
  assert.equal(items.length, 25);
  const sizes = [];
  for await (const page of list.pages()) sizes.push(page.items.length);
  assert.deepEqual(sizes, [10, 10, 5]);
  assert.deepEqual((await list.all()).map((number) => number.telephoneNumber), items);
  const page = await list.firstPage();
  assert.equal(page.meta.status, 200);
  const rest = await client.resumeList(page.continuation, "microsoft.graph.teamsAdministration.numberAssignment").all();
  assert.deepEqual(rest.map((number) => number.telephoneNumber), items.slice(10));
});

test("items can be asked for all at once, and left in the middle", async (context) => {
  const { client, emulator } = await emulated(context, { numbers: 25, lenient: true });
  const iterator = numbersOf(client).list({ top: 10 })[Symbol.asyncIterator]();
  const steps = await Promise.all(Array.from({ length: 30 }, () => iterator.next()));
  assert.deepEqual(steps.map(({ done }) => done), [...Array(25).fill(false), ...Array(5).fill(true)]);
  assert.equal(new Set(steps.slice(0, 25).map(({ value }) => value.telephoneNumber)).size, 25);
  emulator.clearRequests();
  for await (const _ of numbersOf(client).list({ top: 10 })) break;
  assert.equal(emulator.requests.length, 1);
});

test("a page that fails is asked for again", async (context) => {
  const { client, emulator } = await emulated(context, { numbers: 25, lenient: true }, { retry: { attempts: 1 } });
  const iterator = numbersOf(client).list({ top: 10 })[Symbol.asyncIterator]();
  for (let index = 0; index < 10; index += 1) await iterator.next();
  emulator.fault({ effect: { kind: "status", status: 503 }, times: 1 });
  await assert.rejects(iterator.next(), GraphError);
  assert.equal((await iterator.next()).done, false);
});

test("an empty list has one page, and a wrong continuation is refused", async (context) => {
  const { client } = await scripted(context, () => ({ body: { value: [] } }));
  assert.deepEqual((await numbersOf(client).list().firstPage()).items, []);
  assert.deepEqual(await numbersOf(client).list().all(), []);
  await assert.rejects(client.resumeList("nonsense", "microsoft.graph.user").all(), GraphError);
  assert.throws(() => client.resumeList("/users", "microsoft.graph.user"), InvalidInputError);
});

test("a link to elsewhere is not followed", async (context) => {
  const body = { value: [{ id: "1" }], "@odata.nextLink": "https://evil.example/next" };
  const { client, seen } = await scripted(context, () => ({ body }));
  await assert.rejects(numbersOf(client).list().all(), { name: "UntrustedLinkError" });
  assert.equal(seen.length, 1);
});

test("an order is awaited, followed and taken up again", async (context) => {
  const { client } = await emulated(context);
  const order = { telephoneNumber: "+12065550101", assignmentTargetId: "a0000000-0000-4000-8000-000000000001" };
  const parameters = { ...order, numberType: "callingPlan", assignmentCategory: "primary" };
  const { value: operation, meta } = await numbersOf(client).assignNumber(parameters).withMeta();
  assert.ok(operation instanceof LongRunning);
  assert.equal(meta.status, 202);
  assert.equal(operation.meta.status, 202);
  assert.equal(operation.startedBy, "numberAssignments.assignNumber");
  const again = client.follow(operation.token);
  assert.equal(again.id, operation.id);
  assert.equal(again.meta, undefined);
  const seen = [];
  for await (const stage of operation) seen.push(stage);
  assert.equal(seen.at(-1).succeeded, true);
  assert.equal(seen.at(-1).progress, "succeeded");
  assert.equal(seen[0].succeeded, seen.length > 1 ? undefined : true);
  assert.equal(seen.at(-1).verdicts[0].succeeded, true);
  assert.equal((await again.done({ timeout: 60 })).status, seen.at(-1).status);
  assert.equal((await again.poll()).value.id, seen.at(-1).value.id);
});

test("an order that fails, and one that takes too long, are errors", async (context) => {
  const { client } = await emulated(context);
  const parameters = { telephoneNumber: "+12065550101", assignmentTargetId: "00000000-0000-4000-8000-000000000000" };
  const operation = await numbersOf(client).assignNumber({ ...parameters, numberType: "callingPlan" });
  await assert.rejects(operation.done(), OperationFailedError);
  const stages = [];
  for await (const stage of operation) stages.push(stage);
  assert.ok(stages.at(-1).failure instanceof OperationFailedError);
  assert.equal(stages.at(-1).succeeded, false);
  await assert.rejects(operation.done({ timeout: -1 }), InvalidInputError);

  const { client: slow } = await emulated(context, { advancePerPoll: false, manualClock: true });
  const order = await numbersOf(slow).assignNumber({
    telephoneNumber: "+12065550101",
    assignmentTargetId: "a0000000-0000-4000-8000-000000000001",
    numberType: "callingPlan",
  });
  await assert.rejects(order.done({ timeout: 5 }), (error) => {
    assert.ok(error instanceof DeadlineError);
    assert.equal(slow.follow(error.resumeToken).id, order.id);
    return true;
  });
  await assert.rejects(order.done({ signal: AbortSignal.abort() }), CancelledError);
  assert.throws(() => slow.follow("nonsense"), GraphError);
  assert.throws(() => slow.follow(5), InvalidInputError);
});

test("requests are sent together, each with its own outcome", async (context) => {
  const { client, emulator } = await emulated(context);
  await client.phones(ANA).set("mobile", "+1 206-555-0100");
  emulator.clearRequests();
  const batch = client.batch();
  const ana = batch.graph.users.byId(ANA).get({ select: ["id"] });
  const nobody = batch.graph.users.byId("nobody@contoso.example").get();
  const phones = batch.graph.users.byId(ANA).authentication.phoneMethods.list().firstPage();
  const update = mobileOf({ graph: batch.graph }).update({ phoneNumber: "+1 2065550145", phoneType: "mobile" });
  assert.equal(batch.length, 4);
  assert.equal(emulator.requests.length, 0);
  assert.deepEqual(await batch.send({ timeout: 60 }), { succeeded: 3, failed: 1 });
  assert.equal((await ana).id, "a0000000-0000-4000-8000-000000000001");
  assert.equal((await ana.withMeta()).meta.status, 200);
  await assert.rejects(nobody, { name: "NotFoundError" });
  assert.equal((await phones).items[0].phoneType, "mobile");
  await update;
  assert.equal((await mobileOf(client).get()).phoneNumber, "+1 2065550145");
  await assert.rejects(batch.send(), InvalidInputError);
  assert.throws(() => batch.graph.users.byId(ANA).get(), InvalidInputError);
});

test("a batch refuses what it cannot hold, and its order can be said", async (context) => {
  const { client } = await emulated(context);
  const batch = client.batch();
  const first = batch.graph.users.byId("nobody@contoso.example").get();
  const then = batch.graph.users.byId(ANA).get();
  batch.after(then, first);
  assert.throws(() => batch.after(first, then), InvalidInputError);
  assert.throws(() => batch.after(then, Promise.resolve()), InvalidInputError);
  assert.throws(() => batch.graph.users.byId(ANA).get({ timeout: 5 }), InvalidInputError);
  assert.deepEqual(await batch.send(), { succeeded: 0, failed: 2 });
  await assert.rejects(then, GraphError);
  assert.deepEqual(await client.batch().send(), { succeeded: 0, failed: 0 });
});
