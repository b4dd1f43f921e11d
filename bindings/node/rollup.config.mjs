// One file for each kind of loader: loading thirty took twice the time.
//
// - `index.js` is what Node loads. Modules get it by `require` as well (`index.mjs`): `import` would have a lexer read all of it for
//   the names it exports, which takes longer than all else.
// - `bundled.mjs` is what bundlers put into files of theirs. They cannot follow `index.mjs`, and make of `index.js` modules in which
//   there is no `require`; neither can they put a native part into JavaScript, which has to be found from where the bundle is.
// - `command.js` is the program `trunkline`.
// - `opentelemetry.js` is `trunkline/opentelemetry`, which imports the program's `@opentelemetry/api` and nothing of the package.

import { readdirSync, rmSync } from "node:fs";

const DIST = new URL("dist/", import.meta.url);

/** Writes the module for `import`, and leaves nothing in `dist` but what is part of the package. */
const modulePlugin = {
  name: "module",
  generateBundle(_options, bundle) {
    const names = bundle["index.js"].exports.toSorted().map((name) => `  ${name},\n`);
    const source = [
      'import { createRequire } from "node:module";',
      "",
      "function load() {",
      "  try {",
      '    return createRequire(import.meta.url)("./index.js");',
      "  } catch (cause) {",
      '    if (cause?.code !== "MODULE_NOT_FOUND" || !cause.message.includes("./index.js")) throw cause;',
      '    const message = "a bundler has put trunkline into another file without its parts: mark trunkline as external";',
      '    throw Object.assign(new Error(message, { cause }), { code: "ERR_TRUNKLINE_BUNDLED" });',
      "  }",
      "}",
      "",
      `export const {\n${names.join("")}} = load();\n`,
    ].join("\n");
    this.emitFile({ type: "asset", fileName: "index.mjs", source });
  },
};

/** Leaves nothing in `dist` but what is part of the package. */
const swept = {
  name: "swept",
  writeBundle() {
    for (const name of readdirSync(DIST, { recursive: true })) {
      if (/\.m?js$/.test(name) && !/^(index\.m?js|bundled\.mjs|command\.js|opentelemetry\.js)$/.test(name)) rmSync(new URL(name, DIST));
    }
    rmSync(new URL("modules/", DIST), { recursive: true });
  },
};

/** Finds the native part from a bundle. */
const fromBundle = {
  name: "from-bundle",
  resolveId(source, importer) {
    return source === "./platforms.js" ? this.resolve("./platforms-bundled.mjs", importer) : null;
  },
};

const input = "dist/modules/index.js";
const external = /^node:/;

export default [
  {
    input,
    external,
    output: { dir: "dist", format: "cjs", entryFileNames: "index.js", esModule: true },
    plugins: [modulePlugin],
  },
  { input: "dist/modules/command.js", external, output: { file: "dist/command.js", format: "cjs" } },
  {
    input: "dist/modules/opentelemetry.js",
    external: [external, "@opentelemetry/api"],
    output: { file: "dist/opentelemetry.js", format: "cjs" },
  },
  { input, external, output: { file: "dist/bundled.mjs", format: "es" }, plugins: [fromBundle, swept] },
];
