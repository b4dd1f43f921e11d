// Numbers as people write them: every call reads them as the crate does, or refuses them. Main numbers stay with their holder.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Client, ConflictError, InvalidInputError } from "trunkline";

import { emulated } from "./support.mjs";

const ANA = "a0000000-0000-4000-8000-000000000001";
const BASE = "+12065550113";
const TABLE = new URL("../../../tests/numbers/table.jsonl", import.meta.url);
const rows = readFileSync(TABLE, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));

/** The numbers that were looked up. */
function requested(emulator) {
  const found = emulator.requests.map(({ query }) => /telephoneNumber eq '([^']+)'/.exec(query)?.[1]);
  return found.filter((number) => number !== undefined);
}

/** The number that a call reads from a text; undefined when it refuses it. */
async function readBy(call) {
  try {
    return await call();
  } catch (error) {
    assert.ok(error instanceof InvalidInputError, String(error));
    return undefined;
  }
}

test("every text is looked up as the number that the crate reads", async (context) => {
  const { client, emulator } = await emulated(context);
  for (const { text, country, number } of rows) {
    const read = await readBy(async () => (await client.numbers.get(text, { country: country ?? undefined }), true));
    assert.equal(read === true, number !== null, JSON.stringify({ text, country, number }));
  }
  assert.deepEqual(requested(emulator), rows.map(({ number }) => number).filter((number) => number !== null));
});

test("a client with a country reads the same, in files too", async (context) => {
  for (const country of new Set(rows.map((row) => row.country))) {
    const some = rows.filter((row) => row.country === country);
    const { client, emulator } = await emulated(context, {}, { country: country ?? undefined });
    assert.equal(client.country, country);
    for (const { text, number } of some.slice(0, 40)) {
      emulator.clearRequests();
      const read = await readBy(async () => (await client.numbers.get(text), requested(emulator)[0]));
      assert.equal(read ?? null, number, JSON.stringify({ text, country }));
    }
    const lines = some.map(({ text }, at) =>
      JSON.stringify({ action: "setPhone", number: text, user: `u${at}@contoso.example`, role: "office" }),
    );
    const { problems } = await client.bulk.read(Buffer.from(lines.join("\n")));
    const refused = new Set(problems.filter(({ severity }) => severity === "error").map(({ row }) => row));
    const expected = new Set(some.flatMap(({ number }, at) => (number === null ? [at + 1] : [])));
    assert.deepEqual(refused, expected);
  }
});

test("every text of a phone method is sent as the same number", async (context) => {
  const { client, emulator } = await emulated(context);
  for (const { text, country, number } of rows.filter((_, at) => at % 6 === 0)) {
    emulator.clearRequests();
    const set = () => client.phones(ANA).set("office", text, { country: country ?? undefined });
    const read = await readBy(async () => (await set()).after.phoneNumber.replaceAll(" ", "").replace("x", ";ext="));
    assert.equal(read ?? null, number, JSON.stringify({ text, country }));
    if (number === null) assert.deepEqual(emulator.requests, []);
  }
});

test("every call that takes a number refuses one without a plus, and takes a country", async (context) => {
  const { client, emulator } = await emulated(context);
  const { numbers } = client;
  for (const text of ["(206) 555-1010", "12065551010", "+44 (0)7700 900125", "+44 07700 900125"]) {
    for (const call of [
      () => numbers.get(text),
      () => numbers.list({ number: text }).all(),
      () => numbers.assign(text, ANA),
      () => numbers.move(text, ANA),
      () => numbers.unassign(text),
      () => numbers.setLocation(text, null),
      () => client.phones(ANA).set("mobile", text),
    ]) {
      await assert.rejects(call, InvalidInputError);
    }
  }
  await assert.rejects(numbers.unassign("(206) 555-1010"), /country: "US"/);
  assert.deepEqual(emulator.requests, []);
  const [text, number, country] = ["(206) 555-0110", "+12065550110", "US"];
  assert.equal((await numbers.assign(text, ANA, { country })).number, number);
  assert.equal((await numbers.move(text, "dev@contoso.example", { country })).number, number);
  assert.equal((await numbers.list({ number }).first()).telephoneNumber, number);
  assert.equal((await numbers.setLocation(text, null, { country })).number, number);
  assert.equal((await numbers.unassign(text, { country })).number, number);
  await assert.rejects(numbers.get(number, { country: "XX" }), /two letters/);
  assert.throws(() => new Client({ credential: "a token", country: "USA" }), /two letters/);
});

test("a main number is taken only when it is meant", async (context) => {
  const holder = { assignmentTargetId: "a0000000-0000-4000-8000-000000000008", assignmentCategory: "primary" };
  const numbers = [
    { telephoneNumber: BASE, numberType: "directRouting", assignmentStatus: "voiceApplicationAssigned", ...holder },
    { telephoneNumber: `${BASE};ext=42`, numberType: "directRouting" },
  ];
  const { client } = await emulated(context, { seed: { numbers } });
  for (const call of [() => client.numbers.unassign(BASE), () => client.numbers.move(BASE, ANA)]) {
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof ConflictError, String(error));
      assert.match(error.nextStep, /\+12065550113x42.*base: true/);
      return true;
    });
  }
  const file = Buffer.from("action,number\nunassign,+12065550113\n");
  const verdicts = async (options) => (await client.bulk.plan(file, options)).rows.map(({ verdict }) => verdict);
  assert.deepEqual(await verdicts(), ["refused"]);
  assert.deepEqual(await verdicts({ base: true }), ["change"]);
  assert.equal((await client.numbers.move(BASE, ANA, { base: true })).change, "done");
  assert.equal((await client.numbers.unassign(BASE, { base: true })).change, "done");
});
