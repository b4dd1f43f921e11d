// Hooks and channels of diagnostics_channel: what they get, in which context, and that they change nothing.

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { InvalidInputError, ThrottledError } from "trunkline";

import { ANA, emulated, program, scripted } from "./support.mjs";

const NUMBER = "+12065550147";
const THROTTLED = { effect: { kind: "status", status: 429, retryAfter: "1" }, times: 1 };
const HOOKS = ["onRequest", "onResponse", "onRetry", "onThrottle"];

/** Hooks that collect what they get. */
function collecting(events) {
  return Object.fromEntries(HOOKS.map((name) => [name, (event) => void events.push(event)]));
}

const kinds = (events) => events.map(({ kind }) => kind);
const read = (client) => client.graph.users.byId(ANA).get({ select: ["id"] });

test("hooks get every attempt before the call is settled", async (context) => {
  const events = [];
  const { client, emulator } = await emulated(context, {}, collecting(events));
  emulator.fault(THROTTLED);
  await read(client);
  assert.deepEqual(kinds(events), ["request", "response", "retry", "request", "response"]);
  const [request, refused, retry, again, answered] = events;
  const { operation, template, method, host, port, attempt, waited } = request;
  assert.deepEqual(
    { operation, template, method, host, port, attempt, waited },
    {
      operation: "users.get",
      template: "/users/{user-id}",
      method: "GET",
      host: "127.0.0.1",
      port: Number(new URL(emulator.url).port),
      attempt: 1,
      waited: 0,
    },
  );
  assert.ok(again.attempt === 2 && again.waited >= 1 && events.every(({ call }) => call === request.call));
  assert.ok(refused.status === 429 && answered.status === 200 && answered.fault === null && !answered.inBatch);
  assert.ok(retry.reason === "throttled" && retry.wait >= 1);
  assert.ok(answered.requestId && answered.clientRequestId && answered.time >= request.time);
  assert.throws(() => {
    request.attempt = 7;
  }, TypeError);
});

test("a hook runs in the async context of the call that it is about", async (context) => {
  const storage = new AsyncLocalStorage();
  const seen = [];
  const onEvent = (event) => {
    seen.push(`${storage.getStore()} ${event.operation ?? event.kind}`);
    assert.ok(event.kind !== "response" || event.duration > 0);
  };
  const { client } = await emulated(context, {}, { onEvent, testTime: false });
  const one = (name) => storage.run(name, async () => {
    await read(client);
    await client.graph.users.byId(ANA).authentication.phoneMethods.list().all();
  });
  await Promise.all(["a", "b", "c"].map(one));
  for (const name of ["a", "b", "c"]) {
    assert.deepEqual(
      seen.filter((line) => line.startsWith(name)),
      [...Array(2).fill(`${name} users.get`), ...Array(2).fill(`${name} phoneMethods.list`)],
    );
  }
  assert.equal(seen.length, 12);
});

test("a wait that another request caused is a throttle event", async (context) => {
  const events = [];
  const { client, emulator } = await emulated(context, {}, { retry: 1, ...collecting(events) });
  emulator.fault(THROTTLED);
  await assert.rejects(read(client), ThrottledError);
  await read(client);
  const waits = events.filter(({ kind }) => kind === "throttle");
  assert.deepEqual(waits.map(({ reason }) => reason), ["pause"]);
  assert.ok(waits[0].wait > 0 && waits[0].wait <= 2);
});

test("orders and rows are events too, in the context of who goes through the run", async (context) => {
  const storage = new AsyncLocalStorage();
  const events = [];
  const onEvent = (event) => void events.push({ ...event, store: storage.getStore() });
  const { client, emulator } = await emulated(context, {}, { onEvent });
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  context.after(() => rm(folder, { recursive: true }));
  emulator.addNumber(NUMBER);
  await storage.run("bulk", async () => {
    const plan = await client.bulk.plan(Buffer.from(`action,user,number\nassign,${ANA},${NUMBER}\n`));
    for await (const event of client.bulk.apply(plan, join(folder, "rows.journal"))) void event;
  });
  const rows = events.filter(({ kind }) => kind === "row");
  assert.deepEqual(rows.map(({ ending, store }) => [ending, store]), [["done", "bulk"]]);
  assert.ok(kinds(events).includes("order"));
});

test("channels publish what they have subscribers for when the client is made", async (context) => {
  const published = [];
  const listen = (event, name) => void published.push([name, event]);
  subscribe("trunkline:response", listen);
  const { client, emulator } = await emulated(context);
  unsubscribe("trunkline:response", listen);
  await read(client);
  assert.deepEqual(published, [], "nobody listens any more");
  subscribe("trunkline:response", listen);
  subscribe("trunkline:request", listen);
  context.after(() => {
    unsubscribe("trunkline:response", listen);
    unsubscribe("trunkline:request", listen);
  });
  await read(client);
  assert.deepEqual(published.map(([name, { status }]) => [name, status]), [["trunkline:response", 200]]);
  await read(emulator.client());
  assert.deepEqual(published.slice(1).map(([name]) => name), ["trunkline:request", "trunkline:response"]);
  assert.ok(channel("trunkline:request").hasSubscribers);
});

test("what a hook throws is a warning and changes nothing", async (context) => {
  const warnings = [];
  const warned = (warning) => void (warning.name === "TrunklineWarning" && warnings.push(warning));
  process.on("warning", warned);
  context.after(() => process.off("warning", warned));
  const mine = new RangeError("a mistake");
  const { client } = await emulated(context, {}, {
    onRequest() {
      throw mine;
    },
    onResponse: () => Promise.reject(mine),
  });
  const { id } = await read(client);
  assert.ok(id);
  // Warnings are emitted in the next tick, those of promises after it.
  await new Promise(setImmediate);
  assert.deepEqual(
    warnings.map(({ message, cause }) => [message, cause]),
    [["onRequest threw RangeError: a mistake", mine], ["onResponse threw RangeError: a mistake", mine]],
  );
});

test("what is no function is refused", async (context) => {
  const { emulator } = await emulated(context);
  assert.throws(() => emulator.client({ onRetry: 3 }), (error) => {
    assert.ok(error instanceof InvalidInputError && error.message.includes("onRetry must be a function, not number"), error.message);
    return true;
  });
});

test("a call that its signal stops is seen to end", async (context) => {
  const events = [];
  const reached = deferred();
  const { client } = await scripted(context, () => reached.resolve(), collecting(events));
  const stop = new AbortController();
  const call = client.request("GET", "/users/x", { signal: stop.signal });
  await reached.promise;
  stop.abort();
  await assert.rejects(call);
  while (events.length < 2) await new Promise(setImmediate);
  assert.deepEqual(events.map(({ kind, fault }) => [kind, fault]), [["request", undefined], ["response", "cancelled"]]);
});

test("events hold no token, number or name", async (context) => {
  const events = [];
  const rig = await emulated(context);
  const credential = rig.emulator.token();
  const client = rig.emulator.client({ credential, testTime: true, onEvent: (event) => void events.push(event) });
  rig.emulator.addNumber(NUMBER);
  await client.numbers.assign(NUMBER, ANA);
  await client.phones(ANA).set("mobile", "+1 206 555 0148");
  await assert.rejects(client.request("GET", `/canary/${NUMBER}`));
  const shown = JSON.stringify(events);
  assert.ok(events.length > 10);
  for (const canary of [credential, "2065550147", "5550148", "ana@", "ana%40", "canary"]) assert.ok(!shown.includes(canary), canary);
});

test("a client with hooks keeps no process alive", async () => {
  const printed = await program(`
    const emulator = await Emulator.start();
    const client = emulator.client({ onEvent: ({ kind }) => console.log(kind) });
    await client.graph.users.byId("${ANA}").get();
    emulator.close();
  `);
  assert.equal(printed, "request\nresponse");
});

function deferred() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
