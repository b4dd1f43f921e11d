// One file for both kinds of modules: loading thirty took twice the time. Modules get it by `require` as well: `import` would
// have a lexer read all of it for the names it exports, which takes longer than all else. Bundlers, which cannot follow that, are
// led to the file itself by the condition `module`.

import { readdirSync, rmSync } from "node:fs";

const DIST = new URL("dist/", import.meta.url);

/** Writes the face for `import`, and leaves nothing in `dist` but what is part of the package. */
const face = {
  name: "face",
  generateBundle(_options, bundle) {
    const names = bundle["index.js"].exports.toSorted().map((name) => `  ${name},\n`);
    const source =
      'import { createRequire } from "node:module";\n\n' +
      `export const {\n${names.join("")}} = createRequire(import.meta.url)("./index.js");\n`;
    this.emitFile({ type: "asset", fileName: "index.mjs", source });
  },
  writeBundle() {
    for (const name of readdirSync(DIST, { recursive: true })) {
      if (/\.m?js$/.test(name) && !/^index\.m?js$/.test(name)) rmSync(new URL(name, DIST));
    }
    rmSync(new URL("modules/", DIST), { recursive: true });
  },
};

export default {
  input: "dist/modules/index.js",
  external: /^node:/,
  output: { dir: "dist", format: "cjs", entryFileNames: "index.js", esModule: true },
  plugins: [face],
};
