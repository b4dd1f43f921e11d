// The runner itself: a case that says something else than what happens is found out, whatever it is that differs.

import assert from "node:assert/strict";
import { it } from "node:test";

import { files } from "./contract-cases.mjs";
import { emulated, recorded } from "./contract-run.mjs";

/** Changes a case; returns whether there was something to change. */
const CHANGES = {
  "the method": (one) => (one.request.method = one.request.method === "PUT" ? "GET" : "PUT"),
  "the path": (one) => (one.request.path += "x"),
  "the encoding of the path": ({ request }) => {
    const before = request.path;
    request.path = before.replaceAll("@", "%40");
    return request.path !== before;
  },
  "an option more": (one) => one.request.query.push(["$top", "7"]),
  "an option less": (one) => one.request.query.pop() !== undefined,
  "a header": (one) => (one.request.headers["x-expected"] = "y"),
  "a member of the body": ({ request }) => request.body !== null && ((request.body.unexpected = null), true),
  "a body at all": (one) => ((one.request.body = one.request.body === null ? {} : null), true),
  "one more page": (one) => (one.then = [...(one.then ?? []), { request: one.request, response: one.response }]),
  "nothing sent": (one) => ((one.request = null), true),
  "a member of the value": ({ outcome }) => "value" in outcome && (outcome.value.unexpected = 1),
  "an item": ({ outcome }) => outcome.items?.push({}),
  "the kind of the ending": (one) => (one.outcome = "none" in one.outcome ? { value: {} } : { none: true }),
  "the kind of the error": ({ outcome }) => "error" in outcome && (outcome.error.kind = "cancelled"),
  "the status of the error": ({ outcome }) => "error" in outcome && (outcome.error.status = 299),
  "the code of the error": ({ outcome }) => "error" in outcome && (outcome.error.code = "other"),
  "the id of the operation": ({ outcome }) => "long_running" in outcome && (outcome.long_running.id += "x"),
  "what a 202 carries": ({ outcome }) =>
    outcome.long_running?.value !== undefined && (outcome.long_running.value.unexpected = 1),
};

const sent = files.flatMap(({ operation, cases }) =>
  cases.filter((one) => one.request !== null && one.known === undefined).map((one) => [operation, one]),
);

for (const [what, change] of Object.entries(CHANGES)) {
  it(`a change of ${what} is noticed`, async () => {
    let changed = 0;
    // One case of each operation is enough, and the last is seldom the simplest.
    const byOperation = new Map();
    for (const [operation, one] of sent) {
      const copy = structuredClone(one);
      if (change(copy)) byOperation.set(operation, copy);
    }
    for (const [operation, copy] of byOperation) {
      changed += 1;
      const differences = await recorded(operation, copy);
      assert.notDeepEqual(differences, [], `${operation}: ${copy.name}`);
    }
    assert.ok(changed > 0, "no case has it");
  });
}

it("another status and other contents of the emulator are noticed", async () => {
  const [operation, one] = sent.find(([, one]) => one.emulator?.contains !== undefined && !one.emulator.known);
  assert.deepEqual(await emulated(operation, one), []);
  const status = structuredClone(one);
  status.emulator.status = 299;
  assert.notDeepEqual(await emulated(operation, status), []);
  const contents = structuredClone(one);
  contents.emulator.contains = { unexpected: 1 };
  assert.notDeepEqual(await emulated(operation, contents), []);
});
