// The native part, for tests of what the package keeps to itself.

import { readdirSync } from "node:fs";
import { createRequire } from "node:module";

const FOLDER = new URL("../dist/", import.meta.url);
const file = readdirSync(FOLDER).find((name) => name.endsWith(".node"));

/** The exports of the native part. */
export const native = createRequire(FOLDER)(`./${file}`);
