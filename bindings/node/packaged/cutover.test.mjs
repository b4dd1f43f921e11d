// The guide `docs/cutover.md` with the command that npm installed: each of its commands, as it stands there.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { PROGRAM } from "./support.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** The program of `npx trunkline`. */
const COMMAND = join(PROGRAM, "node_modules", ".bin", "trunkline");
const run = promisify(execFile);

/** The commands of the guide. */
async function commands() {
  const guide = await readFile(join(ROOT, "docs/cutover.md"), "utf8");
  const blocks = [...guide.matchAll(/^```sh\n(.*?)^```/gms)].map(([, code]) => code);
  return blocks.flatMap((block) => block.trim().split("\n")).map((line) => line.split(" "));
}

test("a cutover in six commands", { skip: process.platform === "win32" && "the shell finds the command there" }, async () => {
  const work = await mkdtemp(join(tmpdir(), "trunkline-cutover-"));
  for (const name of ["cutover.xlsx", "lis.csv", "seed.json"]) await cp(join(ROOT, "tests/cutover", name), join(work, name));
  await mkdir(join(work, "settings"));
  const service = ["emulator", "--port", "0", "--tls", "--tls-folder", "tls", "--seed", "seed.json", "--stage-duration", "0s"];
  // Time runs faster for the service and the command: nobody waits for paces and for a code to be entered.
  const faster = { ...process.env, TRUNKLINE_TIME_SCALE: `20@${new Date().toISOString()}` };
  const emulator = spawn(COMMAND, service, { cwd: work, env: faster, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = await once(createInterface(emulator.stdout), "line");
    const ready = JSON.parse(line);
    const env = {
      ...faster,
      TRUNKLINE_ENDPOINT: ready.url,
      SSL_CERT_FILE: join(work, ready.certificateFile),
      TRUNKLINE_CONFIG_DIR: join(work, "settings"),
      TRUNKLINE_STATE_DIR: join(work, "claims"),
    };
    const all = await commands();
    assert.ok(all.length > 0 && all.length <= 6);
    for (const [program, ...words] of all) {
      assert.equal(program, "trunkline");
      const { stdout } = await run(COMMAND, words, { cwd: work, env, timeout: 300_000 });
      if (words.includes("verify")) assert.match(stdout, /298 rows: 298 hold/);
    }
    assert.match(await readFile(join(work, "cutover.html"), "utf8"), /user000@contoso\.example/);
  } finally {
    emulator.kill();
    await rm(work, { recursive: true, force: true });
  }
});
