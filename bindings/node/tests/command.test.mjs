// The command `trunkline` as the package brings it: `npx trunkline`.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { Emulator } from "trunkline";

const PROGRAM = fileURLToPath(new URL("../dist/command.js", import.meta.url));

/** Runs the command in a process of its own. */
async function command(args, environment = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...environment } });
  const [printed, said] = [child.stdout, child.stderr].map((stream) => stream.setEncoding("utf8").toArray());
  const [code] = await once(child, "close");
  return { code, stdout: (await printed).join(""), stderr: (await said).join("") };
}

test("results go to standard output", async () => {
  const emulator = await Emulator.start();
  const environment = { TRUNKLINE_ENDPOINT: emulator.url, TRUNKLINE_TOKEN: emulator.token() };
  const listed = await command(["numbers", "list", "--output", "json"], environment);
  emulator.close();
  assert.deepEqual({ code: listed.code, stderr: listed.stderr }, { code: 0, stderr: "" });
  assert.equal(JSON.parse(listed.stdout).length, 20);
});

test("help and errors name the command and not the file", () => {
  const run = (...args) => spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8" });
  const shown = run("--help");
  assert.equal(shown.status, 0);
  assert.match(shown.stdout, /Usage: trunkline /);
  const refused = run("numbers", "assign");
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /trunkline numbers assign/);
  // Messages spell options as a command line does, although Node loaded the library.
  const checked = run("numbers", "check", "206 555 0100");
  assert.match(checked.stdout + checked.stderr, /--country/);
});

test("Ctrl-C ends the command as it ends the program", { skip: process.platform === "win32" }, async () => {
  const child = spawn(process.execPath, [PROGRAM, "emulator", "--port", "0"]);
  await once(child.stdout, "data");
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
});
