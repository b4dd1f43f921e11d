// The code of the documents compiles as it stands, with the strictness that new projects have.

import assert from "node:assert/strict";
import { test } from "node:test";

import { complaints, documents, program } from "./documents.mjs";

test("the code of every README and of docs has types that hold", async () => {
  const programs = await documents();
  const paths = programs.map(({ path }) => path);
  assert.ok(paths.includes("README.md") && paths.includes("bindings/node/README.md"), `${paths}`);
  // One with a mistake, which has to be found, with its line in the document.
  const wrong = { ...(await program("bindings/node/README.md")), path: "wrong.md" };
  const line = wrong.lines.findIndex((text) => text.includes("client.numbers.unassign("));
  assert.ok(line > 0);
  wrong.lines[line] = "await client.numbers.unassign(12065550100);";
  const found = complaints([...programs, wrong]);
  const expected = `wrong.md:${wrong.places[line]}: Argument of type 'number' is not assignable to parameter of type 'NumberReference'.`;
  assert.deepEqual(found, [expected]);
});
