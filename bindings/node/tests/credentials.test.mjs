// Who signs in.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { AuthenticationError, Credential, GraphError, InvalidInputError } from "trunkline";

import { ANA, emulated, scripted } from "./support.mjs";

const me = (client) => client.graph.users.byId(ANA).get();

test("anything with getToken is asked once, with the scopes", async (context) => {
  const requests = [];
  const credential = {
    token: "t-1",
    async getToken(scopes, options) {
      requests.push([scopes, options]);
      return { token: this.token, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  const { client, seen } = await scripted(context, () => ({ body: { id: "1" } }), { credential, scopes: ["s/.default"], testTime: false });
  await Promise.all([me(client), me(client), me(client)]);
  await me(client);
  assert.equal(requests.length, 1);
  assert.deepEqual(requests[0][0], ["s/.default"]);
  assert.ok(seen.every(({ headers }) => headers.authorization === "Bearer t-1"));
});

test("claims that the service challenges for reach the credential", async (context) => {
  const requests = [];
  const claims = Buffer.from('{"access_token":{"nbf":{"essential":true}}}').toString("base64");
  const credential = {
    async getToken(_, options) {
      requests.push(options);
      return { token: `t-${requests.length}`, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  const challenge = `Bearer realm="", error="insufficient_claims", claims="${claims}"`;
  const answer = (_, __, count) =>
    count === 1
      ? { status: 401, headers: { "www-authenticate": challenge }, body: { error: { code: "InvalidAuthenticationToken" } } }
      : { body: { id: "1" } };
  const { client, seen } = await scripted(context, answer, { credential, testTime: false });
  await me(client);
  assert.deepEqual(seen.map(({ headers }) => headers.authorization), ["Bearer t-1", "Bearer t-2"]);
  assert.deepEqual(JSON.parse(requests[1].claims), { access_token: { nbf: { essential: true } } });
});

test("functions give tokens, plain or with an end, at once or later", async (context) => {
  for (const credential of [
    () => "plain",
    async () => "plain",
    () => ({ token: "plain", expiresOnTimestamp: Date.now() + 3_600_000 }),
    async (scopes) => (assert.ok(scopes[0].endsWith("/.default")), { token: "plain" }),
    Credential.token("plain"),
    "plain",
  ]) {
    const { client, seen } = await scripted(context, () => ({ body: { id: "1" } }), { credential, testTime: false });
    await me(client);
    assert.equal(seen[0].headers.authorization, "Bearer plain");
  }
});

test("a credential that throws or gives rubbish is a typed error with its cause", async (context) => {
  const failure = new Error("the secret is hunter2");
  const rubbish = [
    () => {
      throw failure;
    },
    () => Promise.reject(failure),
    () => Promise.reject("a text"),
    () => null,
    () => undefined,
    () => 5,
    () => ({ token: 5 }),
    () => ({ token: "t", expiresOnTimestamp: "soon" }),
    () => ({ token: "t", expiresOnTimestamp: 8.7e20 }),
    () => "no\nheader",
  ];
  for (const give of rubbish) {
    for (const credential of [give, { getToken: give }]) {
      const { client, seen } = await scripted(context, () => ({ body: { id: "1" } }), { credential });
      await assert.rejects(me(client), (error) => {
        assert.ok(error instanceof GraphError, inspect(error));
        assert.ok(!error.message.includes("hunter2"));
        if (error.cause === failure) assert.ok(error instanceof AuthenticationError);
        return true;
      });
      assert.equal(seen.length, 0, give.toString());
    }
  }
  const { client } = await scripted(context, () => ({}), { credential: rubbish[0] });
  await assert.rejects(me(client), { name: "AuthenticationError", cause: failure });
});

test("an application signs in with its secret at the emulator", async (context) => {
  const { client } = await emulated(
    context,
    {},
    { credential: Credential.clientSecret("contoso.example", "11111111-2222-3333-4444-555555555555", "hush") },
  );
  await me(client).catch((error) => assert.ok(error instanceof GraphError));
});

test("a user signs in by a code that is shown", async (context) => {
  const shown = [];
  const credential = Credential.deviceCode("contoso.example", "11111111-2222-3333-4444-555555555555", (prompt) => {
    shown.push(prompt);
  });
  const { client } = await emulated(context, {}, { credential });
  await me(client).catch((error) => assert.ok(error instanceof GraphError));
  assert.equal(shown.length, 1);
  assert.ok(shown[0].userCode.length > 0 && shown[0].message.includes(shown[0].userCode));
});

test("credentials check what they are given, and show nothing", () => {
  assert.throws(() => Credential.clientSecret("t", "c", undefined), InvalidInputError);
  assert.throws(() => Credential.token(5), InvalidInputError);
  assert.throws(() => Credential.clientCertificate("t", "c", { pem: 5 }), InvalidInputError);
  const credential = Credential.clientSecret("t", "c", "hunter2");
  for (const text of [inspect(credential, { showHidden: true, depth: 9 }), JSON.stringify(credential)]) {
    assert.ok(!text.includes("hunter2"), text);
  }
});
