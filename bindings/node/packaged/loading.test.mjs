// A native part that is not installed, and one that does not load, are two errors with different messages.

import assert from "node:assert/strict";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { GOOD, NATIVE, PLATFORM, PROGRAM, elsewhere, failure, printed } from "./support.mjs";

const PACKAGE = dirname(NATIVE);
const NAME = `@trunkline/${PLATFORM}`;
/** A platform that this one is not. */
const OTHER = PLATFORM === "darwin-arm64" ? "darwin-x64" : "darwin-arm64";

/** The program with the package and without its native part. */
const bare = (name) =>
  elsewhere(
    `loading-${name}`,
    [join(PROGRAM, "program.cjs"), "program.cjs"],
    [join(PROGRAM, "program.mjs"), "program.mjs"],
    [join(PROGRAM, "node_modules/trunkline"), "node_modules/trunkline"],
  );

/** The output of a start in a folder. */
const output = (folder) => failure(process.execPath, [join(folder, "program.cjs")], { cwd: folder });

/** Puts a package of a platform into a folder, with this text for its native part. */
async function install(folder, platform, text) {
  const path = join(folder, "node_modules/@trunkline", platform);
  await mkdir(path, { recursive: true });
  const main = `trunkline.${platform}.node`;
  await writeFile(join(path, "package.json"), JSON.stringify({ name: `@trunkline/${platform}`, version: "0.1.0", main }));
  if (text !== undefined) await writeFile(join(path, main), text);
}

test("a package that is not installed is named, with how to install it", async () => {
  const text = await output(await bare("missing"));
  assert.ok(text.includes(`native part for this platform is not installed: the package ${NAME}. It is an optional dependency`), text);
  assert.match(text, /--omit=optional/);
  assert.match(text, /ERR_TRUNKLINE_NOT_INSTALLED/);
  assert.ok(!text.includes("does not load"), text);
});

test("a package of another platform is named as what it is", async () => {
  const folder = await bare("other");
  await install(folder, OTHER, "");
  const text = await output(folder);
  assert.ok(text.includes(`is not installed: the package ${NAME}. Installed is @trunkline/${OTHER}, for another platform`), text);
});

test("a Linux that has the part for another C library misses its own", { skip: !PLATFORM.startsWith("linux-") }, async () => {
  const folder = await bare("library");
  const other = PLATFORM.endsWith("-gnu") ? PLATFORM.replace("-gnu", "-musl") : PLATFORM.replace("-musl", "-gnu");
  await install(folder, other, "not for this library");
  const text = await output(folder);
  assert.ok(text.includes(`is not installed: the package ${NAME}. Installed is @trunkline/${other}`), text);
});

test("a native part that does not load says why", async () => {
  for (const [kind, content, reason] of [
    ["rubbish", "no library", /does not load, because: .{10}/],
    ["absent", undefined, /does not load, because: Cannot find module/],
  ]) {
    const folder = await bare(`broken-${kind}`);
    await install(folder, PLATFORM, content);
    const text = await output(folder);
    assert.match(text, reason);
    assert.ok(text.includes(`native part (${NAME}) is installed but does not load`), text);
    assert.match(text, /ERR_TRUNKLINE_NOT_LOADED/);
    assert.ok(!text.includes("not installed"), text);
    assert.match(text, /\[cause\]/);
  }
});

test("a platform that has none is an error that lists the platforms", async () => {
  const folder = await bare("platform");
  await writeFile(join(folder, "platform.cjs"), 'Object.defineProperty(process, "platform", { value: "sunos" });');
  const text = await failure(process.execPath, ["--require", join(folder, "platform.cjs"), join(folder, "program.cjs")]);
  assert.match(text, /has no native part for sunos-.*it has one for darwin-arm64, .*win32-x64-msvc/);
  assert.match(text, /ERR_TRUNKLINE_PLATFORM/);
});

test("the file of the native part may lie next to the package's own", async () => {
  const folder = await bare("own");
  await cp(NATIVE, join(folder, "node_modules/trunkline/dist", `trunkline.${PLATFORM}.node`));
  for (const program of ["program.cjs", "program.mjs"]) assert.equal(await printed(process.execPath, [join(folder, program)]), GOOD);
  await rm(join(folder, "node_modules/trunkline/dist", `trunkline.${PLATFORM}.node`));
  await install(folder, PLATFORM);
  await cp(PACKAGE, join(folder, "node_modules/@trunkline", PLATFORM), { recursive: true });
  assert.equal(await printed(process.execPath, [join(folder, "program.mjs")]), GOOD);
});
