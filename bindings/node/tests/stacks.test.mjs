// The stacks of errors: they lead to whoever awaits, however that is done; and a failure is reported once.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { Call, CancelledError, GraphError, InvalidInputError } from "trunkline";

import { ANA, emulated, mobileOf, scripted } from "./support.mjs";

const run = promisify(execFile);
const HERE = "stacks.test.mjs";

/** Checks that an error says itself, and leads to `whoeverAsks` of this file. */
function leads(error) {
  assert.ok(error instanceof GraphError, String(error));
  const [head, ...frames] = error.stack.split("\n");
  assert.equal(head, `${error.name}: ${error.message}`);
  assert.ok(frames.some((frame) => frame.includes("whoeverAsks") && frame.includes(HERE)), error.stack);
  assert.deepEqual(Object.keys(error).filter((name) => name === "stack"), []);
  return true;
}

/** A client whose every answer is a failure. */
const failing = (context) => scripted(context, () => ({ status: 403, body: {} }));

const usersOf = (client) => client.graph.users.byId(ANA);
const methodsOf = (client) => usersOf(client).authentication.phoneMethods;

for (const [how, ask] of Object.entries({
  "await of a call": async (client) => void (await usersOf(client).get()),
  "await of a call with meta": async (client) => void (await usersOf(client).get().withMeta()),
  "await of any request": async (client) => void (await client.request("DELETE", "/groups/1")),
  "Promise.all": async (client) => void (await Promise.all([1, usersOf(client).get()])),
  "Promise.race": async (client) => void (await Promise.race([usersOf(client).get()])),
  "for await over a list": async (client) => {
    for await (const method of methodsOf(client).list()) void method;
  },
  "for await over pages": async (client) => {
    for await (const page of methodsOf(client).list().pages()) void page;
  },
  "all of a list": async (client) => void (await methodsOf(client).list().all()),
  "the first page": async (client) => void (await methodsOf(client).list().firstPage()),
  "a query": async (client) => {
    for await (const number of client.numbers.list({ unassigned: true })) void number;
  },
  "an intent that reads": async (client) => void (await client.numbers.get("+12065550100")),
  "an intent that changes": async (client) => void (await client.phones(ANA).set("mobile", "+1 206-555-0100")),
})) {
  test(`${how} is where the stack leads`, async (context) => {
    const { client } = await failing(context);
    async function whoeverAsks() {
      await ask(client);
    }
    await assert.rejects(nested(whoeverAsks), leads);
  });
}

/** Awaits, so that it is seen that frames go on beyond the first. */
async function nested(asks) {
  await asks();
}

test("a call of a batch leads to where it was added, whenever it is awaited", async (context) => {
  const { client } = await emulated(context);
  const batch = client.batch();
  const whoeverAsks = () => batch.graph.users.byId("nobody@contoso.example").get();
  const call = whoeverAsks();
  assert.ok(call instanceof Call);
  assert.deepEqual(await batch.send(), { succeeded: 0, failed: 1 });
  await assert.rejects(call, leads);
});

test("what fails at once leads to the call, even if nobody awaits it yet", async (context) => {
  const { client } = await failing(context);
  const whoeverAsks = (ask) => ask();
  const signal = AbortSignal.abort();
  for (const ask of [
    () => mobileOf(client).update({ novelty: NaN }),
    () => client.request(5, "/users"),
    () => client.numbers.get(5),
    () => usersOf(client).get({ signal }),
    () => client.numbers.get("+12065550100", { signal }),
  ]) {
    const call = whoeverAsks(ask);
    await new Promise((resolve) => call.catch(resolve));
    await assert.rejects(call, (error) => {
      assert.match(error.stack, /whoeverAsks/);
      const frames = error.stack.split("\n").slice(1);
      assert.ok(!/errors\.js|bridge\.js|connection\.js/.test(frames[0]), error.stack);
      return error instanceof InvalidInputError || error instanceof CancelledError;
    });
  }
  async function whoeverThrows() {
    client.graph.users.byId("");
  }
  await assert.rejects(whoeverThrows(), { stack: /whoeverThrows/ });
});

test("what a signal stops leads to whoever awaits, not to who stops it", async (context) => {
  let controller;
  const { client } = await scripted(context, () => void setImmediate(stopsIt));
  function stopsIt() {
    controller.abort();
  }
  for (const ask of [
    (signal) => usersOf(client).get({ signal }),
    (signal) => client.numbers.get("+12065550100", { signal }),
    (signal) => methodsOf(client).list({ signal }).all(),
    (signal) => {
      const batch = client.batch();
      batch.graph.users.byId(ANA).get();
      return batch.send({ signal });
    },
  ]) {
    controller = new AbortController();
    async function whoeverAsks() {
      await ask(controller.signal);
    }
    await assert.rejects(whoeverAsks(), (error) => {
      assert.ok(error instanceof CancelledError);
      assert.ok(!error.stack.includes("stopsIt"), error.stack);
      return leads(error);
    });
  }
});

test("done and poll lead to whoever awaits them", async (context) => {
  const { client } = await emulated(context);
  const orders = client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
  const order = await orders.assignNumber({
    telephoneNumber: "+12065550101",
    assignmentTargetId: "00000000-0000-4000-8000-000000000000",
    numberType: "callingPlan",
  });
  async function whoeverAsks() {
    await order.done();
  }
  await assert.rejects(whoeverAsks(), leads);
});

/** The output of a process that makes `calls` without a handler for unhandled rejections. */
async function outputOf(calls) {
  const text = `
    import { Client } from "trunkline";
    process.on("unhandledRejection", (error) => console.log("unhandled", error.name));
    process.on("rejectionHandled", () => console.log("handled later"));
    const client = new Client({ endpoint: "http://127.0.0.1:9", credential: "t", proxy: false, retry: { attempts: 1 } });
    const get = () => client.graph.users.byId("${ANA}").get();
    ${calls}
  `;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", text], {
    cwd: import.meta.dirname,
    timeout: 30_000,
  });
  return stdout.trim().split("\n");
}

test("a failure that nobody looks at is received of once", async () => {
  for (const calls of [
    "get();",
    "get().withMeta();",
    "const call = get(); call.withMeta();",
    'client.request("GE T", "/users");',
    'client.numbers.get("+12065550100");',
    `client.graph.users.byId("${ANA}").get({ signal: AbortSignal.abort() });`,
    `client.graph.users.byId("${ANA}").authentication.phoneMethods.list().firstPage();`,
  ]) {
    const received = await outputOf(calls);
    assert.equal(received.length, 1, `${calls}: ${received}`);
    assert.match(received[0], /^unhandled [A-Z]\w+Error$/);
  }
});

test("a failure that somebody looks at is not received of", async () => {
  const received = await outputOf(`
    await get().catch(() => console.log("caught"));
    const call = get();
    const both = [call, call.withMeta()];
    for (const one of both) await one.catch(() => console.log("caught"));
    await Promise.allSettled([get(), get().withMeta()]);
    const batch = client.batch();
    batch.graph.users.byId("${ANA}").get();
    await batch.send();
  `);
  assert.deepEqual(received, ["caught", "caught", "caught"]);
});

test("await takes a call as it is, and its result is a plain promise", async (context) => {
  const { client } = await scripted(context, () => ({ body: { id: "1" } }));
  const call = usersOf(client).get();
  assert.equal(Promise.resolve(call), call);
  assert.equal(Object.getPrototypeOf(call.then(() => 1)), Promise.prototype);
  assert.equal(Object.getPrototypeOf(call.withMeta()), Promise.prototype);
  assert.deepEqual(await call, { id: "1" });
});
