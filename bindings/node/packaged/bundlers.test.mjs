// The packed package in programs that bundlers make: each starts, also away from where it was bundled.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { GOOD, NATIVE, PACKAGES, PROGRAM, elsewhere, failure, folder, printed, tool } from "./support.mjs";

const MODULE = join(PROGRAM, "program.mjs");
const COMMON = join(PROGRAM, "program.cjs");

/** Imports a tool that is a module. */
const imported = (name) => import(pathToFileURL(tool.resolve(name)));

test("publint has nothing to say", async () => {
  const { publint } = await imported("publint");
  const { formatMessage } = await import(pathToFileURL(tool.resolve("publint/utils")));
  const { readFile } = await import("node:fs/promises");
  const file = (await readdir(PACKAGES)).find((name) => /^trunkline-\d/.test(name));
  const tarball = await readFile(join(PACKAGES, file));
  const packed = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: packed }, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
  // In the order in which they are written: the first that holds is taken.
  const conditions = pkg.exports["."];
  assert.deepEqual(Object.keys(conditions.import), ["types", "bun", "module", "default"]);
  assert.deepEqual(Object.keys(conditions.require), ["types", "bun", "module", "default"]);
});

for (const [entry, format, extra] of [
  [MODULE, "esm", {}],
  [MODULE, "cjs", {}],
  [COMMON, "esm", {}],
  [COMMON, "cjs", {}],
  [MODULE, "esm", { minify: true }],
  [MODULE, "cjs", { minify: true }],
  [MODULE, "esm", { external: ["trunkline"] }],
  [COMMON, "cjs", { external: ["trunkline"] }],
]) {
  test(`esbuild: ${basename(entry)} as ${format} ${JSON.stringify(extra)}`, async () => {
    const { build } = tool("esbuild");
    const outfile = join(await folder(`esbuild-${basename(entry)}-${format}-${Object.keys(extra)}`), format === "esm" ? "out.mjs" : "out.cjs");
    const { warnings } = await build({ entryPoints: [entry], bundle: true, platform: "node", format, outfile, logLevel: "silent", ...extra });
    assert.deepEqual(warnings, []);
    assert.equal(await printed(process.execPath, [outfile]), GOOD);
    if (extra.external !== undefined) return;
    // Without the package it says what to do; with the file copied next to it, it starts.
    const name = basename(outfile);
    const lonely = await elsewhere(`esbuild-${basename(entry)}-${format}-${Object.keys(extra)}`, [outfile, name]);
    const output = await failure(process.execPath, [join(lonely, name)], { cwd: "/" });
    assert.match(output, /ERR_TRUNKLINE_NOT_INSTALLED/);
    assert.match(output, /[Mm]ark trunkline as external/);
    await cp(NATIVE, join(lonely, basename(NATIVE)));
    assert.equal(await printed(process.execPath, [join(lonely, name)], { cwd: "/" }), GOOD);
  });
}

for (const [name, options] of Object.entries({
  "left out, as Vite does by itself": {},
  bundled: { ssr: { noExternal: true } },
  "bundled, as CommonJS": {
    ssr: { noExternal: true },
    build: { rollupOptions: { output: { format: "cjs", entryFileNames: "program.cjs" } } },
  },
})) {
  test(`Vite SSR: ${name}`, async () => {
    const { build } = await imported("vite");
    const outDir = await folder(`vite-${name.replaceAll(/\W+/g, "-")}`);
    const common = { root: PROGRAM, configFile: false, logLevel: "silent" };
    await build({ ...common, ...options, build: { ssr: MODULE, outDir, ...options.build } });
    const [file] = await readdir(outDir);
    assert.equal(await printed(process.execPath, [join(outDir, file)]), GOOD);
  });
}

for (const [name, entry, filename, extra] of [
  ["CommonJS of a module", MODULE, "out.cjs", {}],
  ["CommonJS of CommonJS", COMMON, "out.cjs", {}],
  ["a module", MODULE, "out.mjs", { experiments: { outputModule: true }, output: { library: { type: "module" } } }],
  ["left out", COMMON, "out.cjs", { externals: { trunkline: "commonjs trunkline" } }],
]) {
  test(`webpack: ${name}`, async () => {
    const webpack = tool("webpack");
    const path = await folder(`webpack-${name.replaceAll(/\W+/g, "-")}`);
    const { output, ...rest } = extra;
    const stats = await new Promise((resolve, reject) => {
      const configuration = { mode: "production", target: "node", context: PROGRAM, entry, output: { path, filename, ...output }, ...rest };
      webpack(configuration, (error, stats) => (error ? reject(error) : resolve(stats)));
    });
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    assert.deepEqual([errors, warnings], [[], []]);
    assert.equal(await printed(process.execPath, [join(path, filename)]), GOOD);
  });
}

/** A port that nothing listens at. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("Next, left out: built, and its files carried along", async () => {
  const next = await folder("next");
  await cp(new URL("programs/next/", import.meta.url), next, { recursive: true });
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  await printed(process.execPath, [tool.resolve("next/dist/bin/next"), "build", next], { env });
  const standalone = join(next, ".next/standalone");
  // The copy alone must do: nothing of it may be found from above.
  const copy = await elsewhere("next", [standalone, "."]);
  const port = await freePort();
  const server = spawn(process.execPath, [join(copy, "program/next/server.js")], {
    env: { ...env, PORT: String(port), HOSTNAME: "127.0.0.1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise((resolve, reject) => {
      server.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
      server.stdout.on("data", (text) => String(text).includes("Ready") && resolve());
    });
    const users = await fetch(`http://127.0.0.1:${port}/users`);
    assert.deepEqual(await users.json(), { users: 8 });
    const page = await fetch(`http://127.0.0.1:${port}/`);
    assert.match(await page.text(), /<p>notFound<\/p>/);
  } finally {
    server.kill();
  }
});
