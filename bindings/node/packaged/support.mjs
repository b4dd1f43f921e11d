// Where the packed package, the tools and the programs are: `cargo xtask test node-package` puts them there.

import { execFile } from "node:child_process";
import { cp, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The folder of all of it. Its `node_modules` has the tools. */
export const WORK = process.env.TRUNKLINE_PACKAGED ?? fileURLToPath(new URL("../../../target/node-package/", import.meta.url));
/** The folder whose `node_modules` has the package, and nothing else. */
export const PROGRAM = join(WORK, "program");
/** The folder with both tarballs. */
export const PACKAGES = join(WORK, "packages");
/** Requires a tool. */
export const tool = createRequire(join(WORK, "package.json"));

const run = promisify(execFile);

/** The output of a program. */
export async function printed(command, args, options = {}) {
  const { stdout } = await run(command, args, { cwd: PROGRAM, timeout: 240_000, ...options });
  return stdout.trim();
}

/** The errors of a program that fails. */
export async function failure(command, args, options = {}) {
  return run(command, args, { timeout: 60_000, ...options }).then(
    ({ stdout }) => Promise.reject(new Error(`it did not fail: ${stdout}`)),
    ({ stderr }) => stderr,
  );
}

/** The output of a good run of the program. */
export const GOOD = "8 users, true NotFoundError";

/** An empty folder of the program, where it finds the package. */
export async function folder(name) {
  const path = join(PROGRAM, name);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  return path;
}

/** A folder that has nothing but what is copied there. */
export async function elsewhere(name, ...files) {
  const path = join(WORK, "elsewhere", name);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  for (const [from, to] of files) await cp(from, join(path, to), { recursive: true });
  return path;
}

/** The name of this platform. */
export const PLATFORM = process.env.TRUNKLINE_PLATFORM ?? "linux-x64-gnu";
/** The file of the native part. */
export const NATIVE = join(PROGRAM, "node_modules", "@trunkline", PLATFORM, `trunkline.${PLATFORM}.node`);
