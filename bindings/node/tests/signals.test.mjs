// Stopping calls, and keeping a process alive.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

import { CancelledError, DeadlineError, GraphError } from "trunkline";

import { ANA, emulated, mobileOf, program, scripted } from "./support.mjs";

test("a signal that was aborted before stops a call before it is sent", async (context) => {
  const { client, seen } = await scripted(context, () => ({ body: { id: "1" } }));
  const reason = new Error("no longer wanted");
  const signal = AbortSignal.abort(reason);
  const calls = [
    () => client.graph.users.byId(ANA).get({ signal }),
    () => client.graph.users.byId(ANA).authentication.phoneMethods.list({ signal }).all(),
    () => client.request("GET", "/users", { signal }),
    () => client.numbers.get("+12065550100", { signal }),
    () => client.numbers.assign("+12065550100", ANA, { signal }),
    () => client.numbers.list({}, { signal }).all(),
    () => client.phones(ANA).list({ signal }),
    () => client.batch().send({ signal }),
  ];
  for (const call of calls) {
    await assert.rejects(call(), (error) => {
      assert.ok(error instanceof CancelledError && error instanceof GraphError);
      assert.equal(error.kind, "cancelled");
      assert.equal(error.cause, reason);
      assert.equal(error.mayHaveReachedService, false);
      return true;
    });
  }
  assert.equal(seen.length, 0);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("a signal stops a call that is under way, and listeners are removed", async (context) => {
  const controller = new AbortController();
  const { signal } = controller;
  let silent = false;
  const { client } = await scripted(context, () => {
    if (!silent) return { body: { id: "1" } };
    setImmediate(() => controller.abort());
    return undefined;
  });
  await client.graph.users.byId(ANA).get({ signal });
  await assert.rejects(mobileOf(client).update({ phoneNumber: 5 }, { signal }), GraphError);
  assert.equal(getEventListeners(signal, "abort").length, 0);
  silent = true;
  await assert.rejects(mobileOf(client).update({ phoneNumber: "+1 2065550100", phoneType: "mobile" }, { signal }), (error) => {
    assert.ok(error instanceof CancelledError);
    assert.equal(error.cause.name, "AbortError");
    assert.equal(error.mayHaveReachedService, true);
    return true;
  });
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("a timeout is kept", async (context) => {
  const { client } = await scripted(context, () => undefined, { testTime: false });
  await assert.rejects(client.graph.users.byId(ANA).get({ timeout: 0.05 }), DeadlineError);
});

test("many calls at once, on many clients", async (context) => {
  const { emulator } = await emulated(context);
  const clients = Array.from({ length: 20 }, () => emulator.client());
  const calls = clients.flatMap((client) => Array.from({ length: 20 }, () => client.graph.users.byId(ANA).get()));
  const names = (await Promise.all(calls)).map(({ displayName }) => displayName);
  assert.deepEqual([...new Set(names)], ["Ana Almeida"]);
});

test("an idle client keeps no process alive, a pending call does", async () => {
  const output = await program(`
    const emulator = await Emulator.start();
    const client = emulator.client();
    await client.graph.users.byId("${ANA}").get();
    client.graph.users.byId("${ANA}").get().then(({ displayName }) => console.log(displayName));
  `);
  assert.equal(output, "Ana Almeida");
});

test("a process may end in the middle of a call", async () => {
  const output = await program(`
    const emulator = await Emulator.start({ stageDuration: 3600 });
    const client = emulator.client();
    client.numbers.assign("+12065550101", "${ANA}", { onProgress: ({ kind }) => {
      if (kind === "accepted") { console.log("accepted"); process.exit(0); }
    } });
  `);
  assert.equal(output, "accepted");
});

test("nothing is left unhandled that the program handles", async () => {
  const output = await program(`
    process.on("unhandledRejection", (error) => console.log("unhandled", error.name));
    const client = new Client({ endpoint: "http://127.0.0.1:9", credential: "t", proxy: false, retry: { attempts: 1 } });
    const call = client.graph.users.byId("${ANA}").get();
    await call.withMeta().catch((error) => console.log(error.name));
    await client.graph.users.byId("${ANA}").get().catch((error) => console.log(error.name));
    for await (const _ of client.graph.users.byId("${ANA}").authentication.phoneMethods.list()) {}
  `).catch((error) => error.stdout.trim());
  assert.equal(output, ["NoConnectionError", "NoConnectionError"].join("\n"));
});

test("worker threads have clients of their own, and may be stopped in the middle", async (context) => {
  const { emulator } = await emulated(context, { advancePerPoll: false, manualClock: true });
  const token = emulator.token();
  const text = `
    import { parentPort, workerData } from "node:worker_threads";
    import { Client } from "trunkline";
    const client = new Client({ credential: () => workerData.token, endpoint: workerData.url, proxy: false });
    parentPort.postMessage((await client.graph.users.byId("${ANA}").get()).displayName);
    await client.numbers.assign("+12065550101", "${ANA}", { onProgress: ({ kind }) => parentPort.postMessage(kind) });
  `;
  const folder = new URL(".", import.meta.url).href;
  const source = text.replaceAll(/from "trunkline"/g, `from ${JSON.stringify(new URL("../dist/index.mjs", folder).href)}`);
  const start = () => new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: { token, url: emulator.url } });
  for (let round = 0; round < 3; round += 1) {
    const worker = start();
    const received = [];
    await new Promise((resolve, reject) => {
      worker.on("error", reject);
      worker.on("message", (message) => {
        received.push(message);
        if (received.length === 2) resolve();
      });
    });
    assert.equal(received[0], "Ana Almeida");
    await worker.terminate();
  }
  const { client } = await emulated(context);
  assert.equal((await client.graph.users.byId(ANA).get()).displayName, "Ana Almeida");
});
