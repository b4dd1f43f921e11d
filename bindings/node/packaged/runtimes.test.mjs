// The packed package in Node, Bun and Deno.

import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { GOOD, PROGRAM, WORK, elsewhere, failure, folder, printed } from "./support.mjs";

const MODULE = join(PROGRAM, "program.mjs");
const COMMON = join(PROGRAM, "program.cjs");

/** The program of a package that ships one, in a package of the platform. */
function binary(places) {
  for (const [scope, path] of places) {
    const parent = join(WORK, "node_modules", scope);
    if (!existsSync(parent)) continue;
    const folders = scope.startsWith("@") ? readdirSync(parent).map((name) => join(parent, name)) : [parent];
    for (const found of folders.map((folder) => join(folder, path))) {
      // Before an installation script ran, the file is a text.
      if (existsSync(found) && statSync(found).size > 1_000_000) return found;
    }
  }
  return undefined;
}

const bun = binary([["bun", "bin/bun.exe"], ["@oven", "bin/bun"], ["@oven", "bin/bun.exe"]]);
const deno = binary([["deno", "deno"], ["deno", "deno.exe"], ["@deno", "deno"], ["@deno", "deno.exe"]]);
const bunThere = { skip: bun === undefined && "the npm package bun has no program for this platform" };
const denoThere = { skip: deno === undefined && "the npm package deno has no program for this platform" };

test("Node: import and require", async () => {
  assert.equal(await printed(process.execPath, [MODULE]), GOOD);
  assert.equal(await printed(process.execPath, [COMMON]), GOOD);
});

test("Bun: import and require", bunThere, async () => {
  assert.equal(await printed(bun, [MODULE]), GOOD);
  assert.equal(await printed(bun, [COMMON]), GOOD);
});

test("Bun: bundled, with the native part next to it", bunThere, async () => {
  const out = await folder("bun-bundle");
  await printed(bun, ["build", MODULE, "--target=bun", "--outdir", out]);
  assert.equal(await printed(bun, [join(out, "program.js")]), GOOD);
});

for (const entry of [MODULE, COMMON]) {
  test(`Bun: one executable file of ${entry.slice(-3)}, which starts anywhere`, bunThere, async () => {
    const out = join(await folder(`bun-compile-${entry.slice(-3)}`), "program");
    await printed(bun, ["build", "--compile", entry, "--outfile", out]);
    const lonely = await elsewhere(`bun-${entry.slice(-3)}`, [out, "program"]);
    assert.equal(await printed(join(lonely, "program"), [], { cwd: "/" }), GOOD);
  });
}

test("Bun: a bundle for Node says what is missing, and starts when it is left out", bunThere, async () => {
  const out = await folder("bun-node");
  await printed(bun, ["build", MODULE, "--target=node", "--outfile", join(out, "whole.mjs")]);
  const output = await failure(process.execPath, [join(out, "whole.mjs")]);
  assert.match(output, /mark trunkline as external/);
  assert.match(output, /ERR_TRUNKLINE_BUNDLED/);
  await printed(bun, ["build", MODULE, "--target=node", "--external", "trunkline", "--outfile", join(out, "out.mjs")]);
  assert.equal(await printed(process.execPath, [join(out, "out.mjs")]), GOOD);
});

test("Deno: import and require", denoThere, async () => {
  assert.equal(await printed(deno, ["run", "--allow-all", MODULE]), GOOD);
  assert.equal(await printed(deno, ["run", "--allow-all", COMMON]), GOOD);
});

test("Deno: a program that finds no native part says so", denoThere, async () => {
  const lonely = await elsewhere("deno", [MODULE, "program.mjs"]);
  await cp(join(PROGRAM, "package.json"), join(lonely, "package.json"));
  await cp(join(PROGRAM, "node_modules/trunkline"), join(lonely, "node_modules/trunkline"), { recursive: true });
  const output = await failure(deno, ["run", "--allow-all", join(lonely, "program.mjs")]);
  assert.match(output, /is not installed: the package @trunkline\//);
});
