// Prints the declarations of all that programs can import, without comments: the public surface of the package.

import { dts } from "rollup-plugin-dts";

const printed = {
  name: "printed",
  generateBundle(_options, bundle) {
    for (const [name, { code }] of Object.entries(bundle)) {
      process.stdout.write(code.replace(/^ *\/\*\*[^]*?\*\/\n/gm, ""));
      delete bundle[name];
    }
  },
};

const shown = (name, ...external) => ({
  input: `dist/${name}.d.ts`,
  external: [/^node:/, ...external],
  output: { dir: "dist", format: "es" },
  plugins: [dts(), printed],
});

export default [shown("index"), shown("opentelemetry", "@opentelemetry/api", /generated\/events/)];
