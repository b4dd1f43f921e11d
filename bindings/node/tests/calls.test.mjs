// Calls: what comes back, what goes out, and what is refused before it goes out.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { inspect } from "node:util";

import * as trunkline from "trunkline";

import { native } from "./native.mjs";
import { ANA, MOBILE, emulated, mobileOf, scripted } from "./support.mjs";

const { Call, Client, DecodeError, GraphError, InvalidInputError, NotFoundError, UnexpectedBodyError } = trunkline;

const PATH = `/v1.0/users/ana@contoso.example/authentication/phoneMethods/${MOBILE}`;

test("a value is a plain object, and meta is there for those who ask", async (context) => {
  const { client } = await emulated(context);
  await client.phones(ANA).set("mobile", "+1 206-555-0100");
  const call = mobileOf(client).get();
  assert.ok(call instanceof Call && call instanceof Promise);
  const { value, meta } = await call.withMeta();
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(value.phoneNumber, "+1 2065550100");
  assert.equal(meta.status, 200);
  assert.equal(meta.attempts, 1);
  assert.equal(meta.headers["request-id"], meta.requestId);
  assert.match(meta.clientRequestId, /^[0-9a-f-]{36}$/);
  assert.deepEqual(await call, value);
});

test("what the service says in any script comes whole", async (context) => {
  const odd = { id: "1", displayName: "Zoë 王芳 𝄞 \u2028 \"quoted\" \\", "añejo 王": { "né": ["ÿ", "Ā", "😀"] } };
  const { client } = await scripted(context, () => ({ body: odd }));
  assert.deepEqual(await client.graph.users.byId(ANA).get(), odd);
});

test("a wrapped record is taken out, as in the other languages", async (context) => {
  const { client } = await scripted(context, () => ({ body: ' {"value": {"id": "1", "displayName": "Ana"}} ' }));
  assert.deepEqual(await client.graph.users.byId(ANA).get(), { id: "1", displayName: "Ana" });
});

test("what is no record is a decode error with its path", async (context) => {
  let body = '{"id": "1", "displayName": 5}';
  const { client } = await scripted(context, () => ({ body }));
  await assert.rejects(client.graph.users.byId(ANA).get(), (error) => {
    assert.ok(error instanceof DecodeError && error instanceof GraphError && error instanceof Error);
    assert.equal(error.path, "$.displayName");
    assert.equal(error.status, 200);
    return true;
  });
  body = "this is no JSON";
  await assert.rejects(client.graph.users.byId(ANA).get(), UnexpectedBodyError);
  body = '{"value": [{"telephoneNumber": "+12065550100"}, {"telephoneNumber": false}]}';
  const numbers = client.graph.admin.teams.telephoneNumberManagement.numberAssignments.list();
  await assert.rejects(numbers.all(), { name: "DecodeError", path: "$.value[1].telephoneNumber" });
});

test("JSON that nests too deeply, and answers that are too large, are typed errors", async (context) => {
  const deep = `{"id": "1", "deep": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  const large = `{"id": "${"x".repeat(2_000_000)}"}`;
  let body = deep;
  const { client } = await scripted(context, () => ({ body }), { maximumBody: 1_000_000 });
  await assert.rejects(client.graph.users.byId(ANA).get(), GraphError);
  await assert.rejects(client.request("GET", "/users"), GraphError);
  body = large;
  await assert.rejects(client.graph.users.byId(ANA).get(), UnexpectedBodyError);
});

test("absent, null and a value are three things", async (context) => {
  const { client, seen } = await scripted(context, () => ({ status: 204 }));
  const method = mobileOf(client);
  await method.update({ phoneNumber: "+1 2065550100", phoneType: "mobile", novelty: undefined });
  await method.update({ phoneNumber: null, phoneType: "mobile" });
  await method.update({ phoneNumber: "+1 (206) 555-0100", phoneType: "mobile", novelty: { kept: [1, "ÿ王"] } });
  assert.deepEqual(seen.map(({ body }) => JSON.parse(body)), [
    { phoneNumber: "+1 2065550100", phoneType: "mobile" },
    { phoneNumber: null, phoneType: "mobile" },
    { phoneNumber: "+1 2065550100", phoneType: "mobile", novelty: { kept: [1, "ÿ王"] } },
  ]);
  assert.equal(seen[0].url, PATH);
});

test("a record that was read can be changed and sent back", async (context) => {
  const { client, emulator } = await emulated(context);
  const method = mobileOf(client);
  const read = await method.get();
  assert.ok("@odata.context" in read && "smsSignInState" in read && "createdDateTime" in read);
  await method.update({ ...read, phoneNumber: "+1 2065550177" });
  assert.equal((await method.get()).phoneNumber, "+1 2065550177");
  const policy = client.graph.policies.authenticationMethodsPolicy;
  await policy.update({ ...(await policy.get()), reconfirmationInDays: 7 });
  const sms = policy.authenticationMethodConfigurations.byId("sms");
  await sms.update({ ...(await sms.get()), state: "disabled" });
  assert.equal((await sms.get()).state, "disabled");
  const count = emulator.requests.length;
  await assert.rejects(method.update({ phoneNumber: "+1 2065550177" }), (error) => {
    assert.ok(error instanceof InvalidInputError, String(error));
    assert.equal(error.path, "$.phoneType");
    return true;
  });
  assert.equal(emulator.requests.length, count);
});

test("what cannot be sent is refused with its path, and nothing is sent", async (context) => {
  const { client, seen } = await scripted(context, () => ({ status: 204 }));
  const method = mobileOf(client);
  for (const [body, path] of [
    [{ phoneNumber: 5 }, "$.phoneNumber"],
    [{ phoneNumber: "hello" }, "$.phoneNumber"],
    [{ phoneType: ["mobile"] }, "$.phoneType"],
    [[], "$"],
    ["text", "$"],
    [null, "$"],
  ]) {
    await assert.rejects(method.update(body), (error) => {
      assert.ok(error instanceof InvalidInputError, String(error));
      assert.equal(error.path, path);
      assert.equal(error.mayHaveReachedService, false);
      return true;
    });
  }
  const circle = {};
  circle.circle = circle;
  for (const body of [circle, { novelty: NaN }, { novelty: 1n }, undefined, () => 1]) {
    await assert.rejects(method.update(body), InvalidInputError);
  }
  const numbers = client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
  await assert.rejects(numbers.assignNumber({ telephoneNumber: "+12065550100" }), InvalidInputError);
  await assert.rejects(method.update({ phoneNumber: "+1 2065550100" }, { headers: { "a b": "c" } }), InvalidInputError);
  await assert.rejects(method.update({}, { headers: { authorization: "Bearer mine" } }), InvalidInputError);
  await assert.rejects(method.update({}, { timeout: -1 }), InvalidInputError);
  await assert.rejects(method.update({}, { timeout: "soon" }), InvalidInputError);
  assert.throws(() => client.graph.users.byId(5), InvalidInputError);
  assert.throws(() => client.graph.users.byId(""), InvalidInputError);
  assert.equal(seen.length, 0);
});

test("any JSON can be asked for, and a preview sends nothing", async (context) => {
  const { client, seen } = await scripted(context, () => ({ body: { value: [1, null, "ÿ"] } }));
  assert.deepEqual(await client.request("GET", "/groups", { query: { $top: "5" } }), { value: [1, null, "ÿ"] });
  assert.equal(seen[0].url, "/v1.0/groups?$top=5");
  assert.equal(seen[0].headers.authorization, "Bearer a token");
  const preview = client.preview("POST", "/groups", { body: { displayName: "G" } });
  assert.equal(preview.method, "POST");
  assert.ok(!JSON.stringify(preview).includes("a token"));
  assert.equal(seen.length, 1);
  await assert.rejects(client.request("GE T", "/groups"), InvalidInputError);
  await assert.rejects(client.request(5, "/groups"), InvalidInputError);
});

test("errors lead to the call, and say what to do", async (context) => {
  const { client } = await emulated(context);
  async function whoeverAsks() {
    await client.graph.users.byId("nobody@contoso.example").get();
  }
  await assert.rejects(whoeverAsks(), (error) => {
    assert.ok(error instanceof NotFoundError && error instanceof GraphError && error instanceof Error);
    assert.equal(error.name, "NotFoundError");
    assert.equal(error.kind, "notFound");
    assert.equal(error.status, 404);
    assert.equal(error.code, "Request_ResourceNotFound");
    assert.equal(error.operation, "users.get");
    assert.equal(error.retryAdvice, "never");
    assert.ok(error.nextStep.length > 0 && error.requestId.length > 0);
    assert.match(error.stack, /^NotFoundError: [^\n]+\n(.*\n)*.*whoeverAsks/);
    assert.ok(!error.message.includes("nobody"), "names are masked");
    assert.ok(!inspect(error).includes("nobody"));
    return true;
  });
});

test("every kind of error has its class", async () => {
  const errors = Object.values(trunkline).filter((value) => Object.getPrototypeOf(value) === GraphError);
  const kinds = errors.map((error) => new error("text").kind).filter((kind) => kind !== "bulk");
  assert.deepEqual(kinds.sort(), native.errorKinds().sort());
});

test("both kinds of modules have the same, under its own name", () => {
  const required = createRequire(import.meta.url)("trunkline");
  assert.deepEqual(Object.keys(required).sort(), Object.keys(trunkline).sort());
  for (const [name, value] of Object.entries(trunkline)) {
    assert.equal(value, required[name], name);
    if (typeof value === "function") assert.equal(value.name, name);
  }
});

test("a closed client says so", async (context) => {
  const { client } = await emulated(context);
  {
    await client[Symbol.asyncDispose]();
  }
  assert.ok(client.closed);
  await assert.rejects(mobileOf(client).get(), { name: "InvalidInputError", message: /closed/ });
  assert.throws(() => client.follow("x"), InvalidInputError);
  await assert.rejects(client.numbers.get("+12065550100"), InvalidInputError);
  await assert.rejects(client.graph.users.byId(ANA).authentication.phoneMethods.list().all(), InvalidInputError);
});

test("options are checked", () => {
  for (const options of [
    { cloud: "elsewhere" },
    { cloud: 5 },
    { endpoint: "https://evil.example" },
    { attemptTimeout: -1 },
    { retry: { attempts: "many" } },
    { credential: 5 },
    { credential: {} },
    null,
    "text",
  ]) {
    assert.throws(() => new Client(options), InvalidInputError, inspect(options));
  }
});

test("the client shows no token", () => {
  const client = new Client({ credential: "very secret" });
  for (const text of [inspect(client, { depth: 9, showHidden: true }), JSON.stringify(client), String(client)]) {
    assert.ok(!text.includes("very secret"), text);
  }
  assert.equal(inspect(client), 'Client { base: "https://graph.microsoft.com/v1.0", cloud: "global" }');
});
