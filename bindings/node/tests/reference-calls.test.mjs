// The calls that the reference of operations shows, made on the emulator: each sends the request of its case.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it, mock } from "node:test";

import { Client, Emulator, GraphError } from "trunkline";

import { files } from "./contract-cases.mjs";

const operations = JSON.parse(readFileSync(new URL("../../../docs/generated/operations.json", import.meta.url), "utf8"));
const AsyncFunction = (async () => {}).constructor;

it("every operation but the batch shows a call", () => {
  assert.deepEqual(operations.filter(({ calls }) => calls === null).map(({ id }) => id), ["batch.send"]);
});

describe("calls of the reference", () => {
  for (const { id, calls } of operations.filter(({ calls }) => calls !== null)) {
    it(id, async () => {
      const cases = files.find(({ operation }) => operation === id).cases.filter(({ request }) => request !== null);
      // Some need what a seed brings, or a signed-in user; all of an operation need the same.
      const run = cases.map(({ emulator }) => emulator).find((found) => found?.status < 300);
      const emulator = await Emulator.start({ seed: run?.seed });
      const credential = emulator.token(run?.delegated ? { user: "gina@contoso.example" } : undefined);
      const client = new Client({ credential, endpoint: emulator.url, proxy: false });
      const output = mock.method(console, "log", () => {});
      try {
        await new AsyncFunction("client", calls.node.join("\n"))(client);
      } catch (error) {
        // A call is sent all the same when no case shows that it succeeds on the emulator.
        if (!(error instanceof GraphError) || run !== undefined) throw error;
      } finally {
        output.mock.restore();
        client.close();
      }
      const [sent] = emulator.requests;
      emulator.close();
      const wanted = cases.map(({ request }) => `${request.method} ${decodeURIComponent(request.path)}`);
      assert.ok(wanted.includes(`${sent.method} ${sent.path}`), `${sent.method} ${sent.path}`);
    });
  }
});
