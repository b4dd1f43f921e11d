// The messages of the compiler: about the types as users meet them, and about the code generated from a small hostile
// spec.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");

for (const [what, project] of [
  ["types allow what is meant, and refuse the rest", "tsconfig.json"],
  ["what is generated from hostile names compiles", "tsconfig.golden.json"],
]) {
  test(what, async () => {
    const path = fileURLToPath(new URL(project, import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, "-p", path, "--noEmit"]).catch((error) => error);
    assert.equal(stdout, "");
  });
}
