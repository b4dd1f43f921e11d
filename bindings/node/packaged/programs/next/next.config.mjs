import { dirname } from "node:path";

// The folder that has `node_modules` with the tools, two above.
const root = dirname(dirname(import.meta.dirname));

export default {
  output: "standalone",
  outputFileTracingRoot: root,
  turbopack: { root },
  serverExternalPackages: ["trunkline"],
};
