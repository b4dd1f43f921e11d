// Calls in progress keep what they need, though the program has dropped its client.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

import { Client } from "trunkline";

import { emulated, program } from "./support.mjs";

/** Runs a program in which only what is under way is held, and whose token is refused afterwards, so that another is asked for. */
const collected = (text) =>
  program(
    `
    const emulator = await Emulator.start({ manualClock: true });
    let asked = 0;
    const gone = [];
    const registry = new FinalizationRegistry((what) => gone.push(what));
    const client = () => {
      const credential = { getToken: async () => { asked += 1; return { token: emulator.token() }; } };
      registry.register(credential, "credential");
      const own = new Client({ credential, endpoint: emulator.url, proxy: false });
      registry.register(own, "client");
      return own;
    };
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const collect = async () => { for (let round = 0; round < 5; round += 1) { await turn(); globalThis.gc(); } };
    const refuse = () => emulator.fault({ effect: { kind: "status", status: 401 }, times: 1 });
    ${text}
  `,
    ["--expose-gc"],
  );

const ASSIGN = `.numbers.assign("+12065550101", "ana@contoso.example"`;

for (const [what, text] of Object.entries({
  "an order that is awaited": `
    let accepted;
    const isAccepted = new Promise((resolve) => { accepted = resolve; });
    const change = client()${ASSIGN}, { onProgress: ({ kind }) => { if (kind === "accepted") accepted(); } });
    await isAccepted;
    await collect();
    refuse();
    const before = asked;
    emulator.advance(60);
    console.log((await change).change, asked > before);`,
  "an order that is followed by hand": `
    const order = await client().graph.admin.teams.telephoneNumberManagement.numberAssignments.assignNumber({
      telephoneNumber: "+12065550101", assignmentTargetId: "a0000000-0000-4000-8000-000000000001", numberType: "callingPlan",
    });
    await collect();
    refuse();
    const before = asked;
    emulator.advance(60);
    const end = await order.done();
    console.log(end.succeeded ? "done" : end.status, asked > before);`,
  "an iteration": `
    const pages = client().graph.admin.teams.telephoneNumberManagement.numberAssignments.list({ top: 2 })[Symbol.asyncIterator]();
    let count = 0;
    const before = asked;
    for (let next = await pages.next(); !next.done; next = await pages.next()) { count += 1; await collect(); if (count === 4) refuse(); }
    console.log(count > 4 ? "done" : count, asked === before + 2);`,
  "a query": `
    const query = client().numbers.list();
    await collect();
    refuse();
    const before = asked;
    console.log((await query.all()).length > 4 ? "done" : "short", asked > before);`,
  "a batch": `
    const batch = client().batch();
    const ana = batch.graph.users.byId("ana@contoso.example").get();
    await collect();
    refuse();
    const before = asked;
    await batch.send();
    console.log((await ana).displayName === "Ana Almeida" ? "done" : "other", asked > before);`,
  "the phones of a user": `
    const phones = client().phones("ana@contoso.example");
    await collect();
    refuse();
    const before = asked;
    console.log((await phones.list()).length > 0 ? "done" : "none", asked > before);`,
})) {
  test(`${what} holds the credential`, async () => {
    assert.equal(await collected(`${text} emulator.close();`), "done true");
  });
}

test("what nobody uses any more is let go of, the credential as well", async () => {
  const output = await collected(`
    for (let round = 0; round < 20; round += 1) await client().graph.users.byId("ana@contoso.example").get();
    const until = Date.now() + 20_000;
    while (gone.filter((what) => what === "credential").length < 15 && Date.now() < until) await collect();
    console.log(gone.filter((what) => what === "credential").length >= 15, gone.filter((what) => what === "client").length >= 15);
    emulator.close();
  `);
  assert.equal(output, "true true");
});

test("a client that cannot be made keeps no credential", async () => {
  const output = await collected(`
    const attempt = () => {
      const credential = () => emulator.token();
      registry.register(credential, "credential");
      try { new Client({ credential, attemptTimeout: -1 }); } catch (error) { return error.kind; }
    };
    const kinds = new Set(Array.from({ length: 10 }, attempt));
    const until = Date.now() + 20_000;
    while (gone.length < 8 && Date.now() < until) await collect();
    console.log([...kinds].join(), gone.length >= 8);
    emulator.close();
  `);
  assert.equal(output, "invalidInput true");
});

test("a client that is closed closes its connections, those in use when they no longer are", { timeout: 30_000 }, async (context) => {
  const open = new Set();
  let asked = 0;
  let answer;
  const last = new Promise((resolve) => {
    answer = resolve;
  });
  let reached;
  const isReached = new Promise((resolve) => {
    reached = resolve;
  });
  const server = createServer(async (request, response) => {
    asked += 1;
    if (asked === 4) {
      reached();
      await last;
    }
    response.writeHead(200, { "content-type": "application/json", "request-id": "r" });
    response.end('{"id":"1"}');
  });
  // It closes none by itself.
  server.keepAliveTimeout = 0;
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  const client = new Client({ credential: "a token", endpoint: `http://127.0.0.1:${server.address().port}`, proxy: false });
  const ask = () => client.graph.users.byId("1").get();
  await Promise.all([ask(), ask(), ask()]);
  const pending = ask();
  await isReached;
  assert.ok(open.size >= 1);
  const closing = [...open].map((socket) => once(socket, "close"));
  client.close();
  answer();
  assert.equal((await pending).id, "1");
  await Promise.all(closing);
  await assert.rejects(ask(), { kind: "invalidInput" });
  assert.deepEqual([client.closed, client.cloud, client.throttle], [true, "global", []]);
});

test("worker threads end by themselves, by an exit, or by force, whatever is under way", { timeout: 60_000 }, async (context) => {
  const { emulator, client } = await emulated(context);
  const text = `
    import { parentPort, workerData } from "node:worker_threads";
    import { Client } from "trunkline";
    const client = new Client({ credential: async () => workerData.token, endpoint: workerData.url, proxy: false });
    const list = () => client.graph.users.list().all();
    if (workerData.how === "end") await list();
    if (workerData.how === "exit") { await list(); process.exit(0); }
    if (workerData.how === "terminate") { await list(); parentPort.postMessage("go"); for (;;) await list(); }
    if (workerData.how === "pending") { list(); list(); setImmediate(() => process.exit(0)); }
  `.replace('"trunkline"', JSON.stringify(new URL("../dist/index.mjs", import.meta.url).href));
  for (const how of ["end", "exit", "terminate", "pending"]) {
    for (let round = 0; round < 4; round += 1) {
      const workerData = { how, token: emulator.token(), url: emulator.url };
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(text)}`), { workerData });
      worker.on("message", () => worker.terminate());
      const [code] = await once(worker, "exit");
      assert.equal(code, how === "terminate" ? 1 : 0, how);
    }
  }
  assert.ok((await client.graph.users.list().all()).length > 0);
});
