// The emulator's own options.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { Client, Emulator } from "trunkline";

import { emulated } from "./support.mjs";

/** The status of a request that calls the emulator by this host, from a page of this origin. */
const status = (emulator, host, origin) =>
  new Promise((resolve, reject) => {
    const headers = { host, authorization: `Bearer ${emulator.token()}`, ...(origin && { origin }) };
    request(`${emulator.url}/v1.0/organization`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });

test("hosts are of this computer or allowed", async (context) => {
  const { emulator } = await emulated(context, { allowHosts: ["emulator.example"] });
  assert.equal(await status(emulator, "localhost:8400"), 200);
  assert.equal(await status(emulator, "emulator.example"), 200);
  assert.equal(await status(emulator, "contoso.example"), 403);
  assert.equal(await status(emulator, "localhost", "http://emulator.example"), 200);
  assert.equal(await status(emulator, "localhost", "https://contoso.example"), 403);
  await assert.rejects(Emulator.start({ allowHosts: ["http://emulator.example"] }), /no host to allow/);
});

test("links lead back to the name that was used", async (context) => {
  const { emulator } = await emulated(context, { nextLinks: true, pageSize: 7 });
  const endpoint = emulator.url.replace("127.0.0.1", "localhost");
  const client = new Client({ credential: emulator.token(), endpoint, proxy: false, testTime: true });
  let count = 0;
  for await (const _ of client.graph.admin.teams.telephoneNumberManagement.numberAssignments.list()) count += 1;
  assert.equal(count, 20);
  await client.numbers.assign("+12065550101", "ana@contoso.example");
});

test("users, numbers and licences can be added", async (context) => {
  const { emulator, client } = await emulated(context);
  const dana = emulator.addUser("dana@contoso.example", { department: "Voice" });
  assert.equal((await client.graph.users.byId(dana.id).get()).userPrincipalName, "dana@contoso.example");
  const number = emulator.addNumber("+12065550190", { numberType: "directRouting" });
  assert.equal(number.assignmentStatus, "unassigned");
  emulator.setServicePlan("dana@contoso.example", "MCOEV", false);
  await assert.rejects(client.numbers.assign("+12065550190", dana.id), { kind: "operationFailed" });
  emulator.setServicePlan("dana@contoso.example");
  await client.numbers.assign("+12065550190", dana.id);
  assert.throws(() => emulator.addUser("dana@contoso.example"), /\/users\/0\/userPrincipalName: there is such a user/);
});

test("it serves HTTPS as well as HTTP", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const tlsFolder = pathToFileURL(join(folder, "authority"));
  const { emulator, client } = await emulated(context, { tls: true, tlsFolder, stateFile: join(folder, "state.json") });
  assert.match(emulator.url, /^https:\/\/localhost:/);
  // A client of the emulator's own needs no certificate.
  assert.equal((await client.numbers.get("+12065550101")).city, "Seattle");
  const ca = readFileSync(emulator.certificateFile);
  const answer = await new Promise((resolve, reject) => {
    get(`${emulator.url}/common/v2.0/.well-known/openid-configuration`, { ca }, (response) => {
      let text = "";
      response.on("data", (piece) => (text += piece)).on("end", () => resolve(JSON.parse(text)));
    }).on("error", reject);
  });
  assert.equal(answer.jwks_uri, `${emulator.url}/common/discovery/v2.0/keys`);
  await client.numbers.assign("+12065550101", "ana@contoso.example");
  emulator.close();
  assert.match(readFileSync(join(folder, "state.json"), "utf8"), /"assignmentTargetId": "a0000000/);
  const { emulator: plain } = await emulated(context);
  assert.equal(plain.certificateFile, null);
});

test("a fixture gives each test an emulator of its own, and closes it", async () => {
  const fixture = Emulator.fixture({ advancePerPoll: true });
  // As vitest reads it.
  assert.match(String(fixture), /^async \(\{\s*\}/);
  const seen = [];
  await assert.rejects(
    fixture({}, async (emulator) => {
      seen.push(emulator);
      await emulator.client({ testTime: true }).numbers.assign("+12065550101", "ana@contoso.example");
      throw new Error("the test failed");
    }),
    /the test failed/,
  );
  assert.throws(() => seen[0].state, /has been closed/);
});

test("a client of the emulator outlives an hour of its time", async (context) => {
  const { emulator } = await emulated(context, { manualClock: true });
  const client = emulator.client();
  emulator.advance(7200);
  assert.equal((await client.numbers.get("+12065550101")).city, "Seattle");
});
