// Options that a call does not take are refused: whoever gives one means something by it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Client, Emulator, InvalidInputError } from "trunkline";

import { ANA, emulated, mobileOf } from "./support.mjs";

const NUMBER = "+12065550101";

test("no call takes an option in silence that it does not know", async (context) => {
  const { client, emulator } = await emulated(context);
  const odd = { timout: 3 };
  const calls = {
    "client.graph": [
      () => mobileOf(client).get(odd),
      () => mobileOf(client).update({ phoneType: "mobile" }, odd),
      () => mobileOf(client).delete(odd),
      () => mobileOf(client).enableSmsSignIn(odd),
      () => client.graph.users.list(odd),
      () => client.batch().graph.users.byId(ANA).get(odd),
    ],
    "client.request": [() => client.request("GET", "/users", odd)],
    "client.preview": [() => client.preview("GET", "/users", odd), () => client.preview("GET", "/users", { timeout: 3 })],
    "numbers.get": [() => client.numbers.get(NUMBER, odd), () => client.numbers.get(NUMBER, { onProgress() {} })],
    "numbers.list": [() => client.numbers.list({}, odd)],
    "numbers.list's conditions": [() => client.numbers.list({ colour: "blue" }), () => client.numbers.list({ unasigned: true })],
    "numbers.nextFree": [() => client.numbers.nextFree({}, odd)],
    "numbers.nextFree's conditions": [() => client.numbers.nextFree({ citty: "Seattle" })],
    "numbers.assign": [() => client.numbers.assign(NUMBER, ANA, odd), () => client.numbers.assign(NUMBER, ANA, { headers: {} })],
    "numbers.move": [() => client.numbers.move(NUMBER, ANA, odd)],
    "numbers.unassign": [() => client.numbers.unassign(NUMBER, odd), () => client.numbers.unassign(NUMBER, { category: "primary" })],
    "numbers.setLocation": [() => client.numbers.setLocation(NUMBER, null, odd)],
    "numbers.follow": [() => client.numbers.follow("token", odd)],
    "numbers.verify": [() => client.numbers.verify(NUMBER, { kind: "unassigned" }, odd)],
    "phones.list": [() => client.phones(ANA).list(odd)],
    "phones.get": [() => client.phones(ANA).get("mobile", odd)],
    "phones.set": [() => client.phones(ANA).set("mobile", NUMBER, odd)],
    "phones.remove": [() => client.phones(ANA).remove("mobile", odd)],
    "phones.enableSmsSignIn": [() => client.phones(ANA).enableSmsSignIn(odd)],
    "phones.disableSmsSignIn": [() => client.phones(ANA).disableSmsSignIn(odd)],
    "batch.send": [() => client.batch().send(odd)],
    "bulk.read": [() => client.bulk.read(Buffer.from("number,user\n"), odd)],
    "bulk.plan": [() => client.bulk.plan(Buffer.from("number,user\n"), odd)],
    "bulk.resume": [() => client.bulk.resume("nowhere.journal", odd)],
    "bulk.verify": [() => client.bulk.verify("nowhere.journal", odd)],
    "bulk.undo": [() => client.bulk.undo("nowhere.journal", odd)],
    "bulk.export": [() => client.bulk.export("nowhere.csv", odd)],
    "bulk.report": [() => client.bulk.report("nowhere.journal", odd)],
    Client: [() => new Client(odd), () => emulator.client(odd)],
    "Client's retry": [() => new Client({ retry: odd })],
    "Emulator.start": [() => Emulator.start(odd)],
  };
  emulator.clearRequests();
  for (const [call, forms] of Object.entries(calls)) {
    for (const form of forms) {
      await assert.rejects(async () => form(), (error) => {
        assert.ok(error instanceof TypeError, `${call}: ${error}`);
        assert.ok(error.message.startsWith(`${call} takes no option "`), error.message);
        return true;
      });
    }
  }
  assert.deepEqual(emulator.requests, []);
});

test("every option of the client is accepted, and one that cannot be used is named", async (context) => {
  const { emulator } = await emulated(context);
  const client = emulator.client({
    attemptTimeout: 30, http2KeepAlive: 5, connectTimeout: 5, httpVersion: "1.1", throttleScope: "client", pace: 500, retry: 2, maximumConnections: 8,
  });
  assert.ok(await client.numbers.get(NUMBER));
  client.close();
  for (const [options, message] of [
    [{ attemptTimeout: -1 }, /^attemptTimeout must be a number of seconds/],
    [{ httpVersion: "3" }, /^httpVersion must be "automatic" or "1.1" or "2"/],
    [{ throttleScope: "host" }, /^throttleScope must be/],
    [{ retry: 0 }, /^retry.attempts must be a whole number of at least 1/],
    [{ retry: { firstWait: "x" } }, /^retry.firstWait must be a number/],
  ]) {
    assert.throws(() => new Client(options), (error) => error instanceof InvalidInputError && message.test(error.message));
  }
});

test("one call may be retried in its own way", async (context) => {
  const { client, emulator } = await emulated(context, {}, { retry: 4 });
  for (const [retry, attempts] of [[1, 1], [{ attempts: 2 }, 2], [undefined, 3]]) {
    emulator.clearFaults();
    emulator.fault({ effect: { kind: "status", status: 503 }, times: 2 });
    const call = client.graph.users.byId(ANA).get({ retry });
    if (attempts === 3) assert.equal((await call.withMeta()).meta.attempts, attempts);
    else await assert.rejects(call, (error) => error.kind === "service" && error.attempts === attempts);
  }
  emulator.clearFaults();
  emulator.fault({ effect: { kind: "status", status: 503 }, times: 2 });
  await assert.rejects(client.graph.users.list({ retry: 1 }).all());
  await assert.rejects(client.graph.users.byId(ANA).get({ retry: "often" }), InvalidInputError);
  emulator.clearFaults();
  emulator.fault({ effect: { kind: "status", status: 503 }, times: 1 });
  const batch = client.batch();
  const get = batch.graph.users.byId(ANA).get();
  await batch.send({ retry: 1 }).catch(() => undefined);
  await assert.rejects(get);
});

test("the refusal names what is accepted, and what may have been meant", async (context) => {
  const { client } = await emulated(context);
  const refusal = async (options) => (await client.numbers.assign(NUMBER, ANA, options).catch((error) => error)).message;
  const accepted = "it takes timeout, signal, onProgress, country, known, repeatAfterReadBack, category, location, numberType";
  assert.ok((await refusal({ timout: 3 })).includes(accepted));
  for (const near of ["timout", "timeoutt", "Timeout", "tiemout", "timeouz"]) {
    assert.match(await refusal({ [near]: 3 }), /Did you mean timeout\?$/, near);
  }
  assert.doesNotMatch(await refusal({ patience: 3 }), /Did you mean/);
  assert.match(await refusal(30), /takes an object of options, not number/);
});

test("what is not given may be undefined, and options may be null", async (context) => {
  const { client } = await emulated(context);
  assert.ok(await client.numbers.get(NUMBER, { signal: undefined, timeout: undefined }));
  assert.ok(await client.numbers.get(NUMBER, null));
  assert.ok(await mobileOf(client).get({ select: undefined, timeout: 30, headers: {} }));
});
