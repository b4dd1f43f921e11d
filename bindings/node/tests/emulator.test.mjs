// The emulator's own options.

import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";

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
