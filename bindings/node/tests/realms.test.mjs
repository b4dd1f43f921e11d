// The package in a realm of its own, as Jest has it: what the native part throws is of the other one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

import { ConflictError, GraphError, InvalidInputError } from "trunkline";

const FILE = fileURLToPath(new URL("../dist/index.js", import.meta.url));

/** The package, loaded into a context with the globals that Jest gives it. */
function inRealm() {
  const globals = { Buffer, URL, process, queueMicrotask, setTimeout, clearTimeout, AbortController, AbortSignal };
  const realm = vm.createContext(globals);
  const run = vm.compileFunction(readFileSync(FILE, "utf8"), ["require", "module", "exports", "__dirname", "__filename"], {
    filename: FILE,
    parsingContext: realm,
  });
  const module = { exports: {} };
  run(createRequire(FILE), module, module.exports, dirname(FILE), FILE);
  return { package: module.exports, realm };
}

test("errors of the native part are those of the package in every realm", async () => {
  const { package: { Client, Emulator, InvalidInputError: Invalid, NotFoundError }, realm } = inRealm();
  assert.notEqual(Invalid, InvalidInputError);
  for (const wrong of [() => new Client({ attemptTimeout: -1 }), () => new Client({ cloud: "elsewhere" }), () => new Client({ cloud: 5 })]) {
    assert.throws(wrong, (error) => error instanceof Invalid && !error.message.startsWith("{") && error.nextStep.length > 0);
  }
  const emulator = await Emulator.start();
  try {
    const client = emulator.client();
    await assert.rejects(client.graph.users.byId("nobody@contoso.example").get(), NotFoundError);
    await assert.rejects(client.numbers.get(5), Invalid);
    // Values of this realm, in a package of another.
    const rows = await client.bulk.read(Buffer.from("number,user\n+12065550101,ana@contoso.example\n"));
    assert.equal(rows.length, 1);
    for (const pem of [new Uint8Array(1), vm.runInContext("new Uint8Array(1)", realm)]) {
      assert.throws(() => new Client({ certificateAuthorities: pem }), { message: /certificateAuthorities is not PEM/ });
    }
    const bytes = vm.runInContext("new Uint8Array([123, 125])", realm);
    const answered = await new Client({ transport: () => ({ body: bytes }) }).request("GET", "/me");
    assert.equal(JSON.stringify(answered), "{}");
    await assert.rejects(client.bulk.read(new URL("nowhere.csv", import.meta.url)), { name: "BulkError" });
  } finally {
    emulator.close();
  }
});

test("an error as JSON says what it is, and nothing about people", () => {
  const cause = new GraphError("refused", { kind: "rejected", status: 400, serviceMessage: "ana@contoso.example" });
  const fields = { status: 409, code: "taken", requestId: "r-1", serviceMessage: "ana@contoso.example", body: "{}", headers: { a: "b" }, cause };
  const json = JSON.parse(JSON.stringify({ error: new ConflictError("somebody else holds it", fields) })).error;
  assert.deepEqual(
    [json.name, json.kind, json.message, json.status, json.code, json.requestId, json.cause.kind, json.cause.message],
    ["ConflictError", "conflict", "somebody else holds it", 409, "taken", "r-1", "rejected", "refused"],
  );
  assert.ok(!JSON.stringify(json).includes("ana@"));
  assert.ok(!("body" in json) && !("headers" in json) && !("serviceMessage" in json));
  const foreign = new GraphError("refused", { cause: new Error("hunter2") });
  assert.ok(!JSON.stringify(foreign).includes("hunter2"));
});
