// The code of the README, run as it stands. Only where it gets `Client` from is changed: from the one that signs in for real
// to one that talks to an emulator.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import { format } from "node:util";

import { Emulator } from "trunkline";

import { javascript, program } from "./documents.mjs";

const APPLICATION = "11111111-2222-4333-8444-555555555555";
/** The file of rows that the README plans. */
const ROWS = "number,user,action\n+12065550101,ben@contoso.example,assign\n";

test("the code of the README works", async () => {
  const readme = await program("bindings/node/README.md");
  assert.ok(readme.lines.filter((line) => line === "{").length >= 10, readme.lines.join("\n"));
  const emulator = await Emulator.start({ advancePerPoll: true });
  const shim = new URL("readme.client.mjs", import.meta.url);
  const module = new URL("readme.code.mjs", import.meta.url);
  const options = JSON.stringify({ credential: emulator.token(), endpoint: emulator.url, proxy: false, testTime: true });
  const output = mock.method(console, "log", () => {});
  // The variables that `Credential.fromEnvironment` reads.
  const environment = { AZURE_TENANT_ID: "contoso.example", AZURE_CLIENT_ID: APPLICATION, AZURE_CLIENT_SECRET: "secret" };
  Object.assign(process.env, environment);
  const before = process.cwd();
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  try {
    await writeFile(join(folder, "numbers.csv"), ROWS);
    process.chdir(folder);
    await writeFile(
      shim,
      'import { Client as Real } from "trunkline";\nexport * from "trunkline";\n' +
        `export class Client extends Real {\n  constructor(options) {\n    new Real(options);\n    super(${options});\n  }\n}\n`,
    );
    await writeFile(module, javascript(readme, (name) => (name === "trunkline" ? "./readme.client.mjs" : name)));
    await import(module);
    const lines = output.mock.calls.map(({ arguments: words }) => format(...words));
    assert.ok(lines.length >= 10, lines.join("\n"));
    assert.ok(!lines.some((line) => line.includes("[object") || line.includes("undefined")), lines.join("\n"));
  } finally {
    output.mock.restore();
    emulator.close();
    process.chdir(before);
    await rm(folder, { recursive: true });
    await rm(shim, { force: true });
    await rm(module, { force: true });
  }
});

test("the code of the project's README works", async () => {
  const module = new URL("readme.project.mjs", import.meta.url);
  const output = mock.method(console, "log", () => {});
  try {
    const readme = await program("README.md");
    assert.ok(readme.modules.has("trunkline"));
    // The emulator that it leaves running is closed at the end of its last block.
    readme.lines.splice(-1, 0, "emulator.close();");
    await writeFile(module, javascript(readme));
    await import(module);
    assert.match(output.mock.calls.map(({ arguments: words }) => format(...words)).join("\n"), /\+12061234567/);
  } finally {
    output.mock.restore();
    await rm(module, { force: true });
  }
});

test("the code of the page about observability works", async () => {
  const page = await readFile(new URL("../../../docs/observability.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code);
  assert.equal(blocks.length, 3);
  const emulator = await Emulator.start();
  const options = JSON.stringify({ credential: emulator.token(), endpoint: emulator.url, proxy: false });
  const module = new URL("readme.observability.mjs", import.meta.url);
  const output = mock.method(console, "log", () => {});
  try {
    const code = blocks.join("\n").replaceAll("{ credential", `{ ...${options}`);
    await writeFile(module, code);
    await import(module);
    const lines = output.mock.calls.map(({ arguments: words }) => format(...words));
    assert.match(lines[0], /^users\.get: 200 in 0\.\d{3} s$/);
    assert.deepEqual(lines.slice(1), ["/users/{user-id}: 200", "/users/{user-id}: 200"]);
  } finally {
    output.mock.restore();
    emulator.close();
    await rm(module, { force: true });
  }
});
