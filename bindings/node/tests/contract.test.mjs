// Every case of spec/examples, twice: on a recording server, where the wire must be exactly as in the case, and through the
// emulator.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { files, operations } from "./contract-cases.mjs";
import { emulated, recorded } from "./contract-run.mjs";

it("every operation has cases, and every case an operation", () => {
  assert.deepEqual(files.map((file) => file.operation).sort(), [...operations.keys()].sort());
});

for (const { operation, cases } of files) {
  describe(operation, () => {
    for (const one of cases) {
      it(`recorded: ${one.name}`, () => met(() => recorded(operation, one), one.known));
      const skip = one.emulator === undefined ? (one.emulator_skip ?? "the case does not say why") : false;
      it(`emulated: ${one.name}`, { skip }, () => met(() => emulated(operation, one), one.emulator.known));
    }
  });
}

/** A case has no differences; one that is known to have them says so only as long as it has them. */
async function met(run, known) {
  const differences = await run();
  if (known === undefined) assert.deepEqual(differences, []);
  else assert.notDeepEqual(differences, [], `is met now; take \`known\` away: ${known}`);
}
