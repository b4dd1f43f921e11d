import Module from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import type { Required } from "./platforms.js";

/** The file that a bundler has put this module into. */
function bundle(): string {
  try {
    // Not asked for by `typeof`, which webpack answers for every kind of output.
    return __filename;
  } catch {
    // No such variable: an ES module. In CommonJS `import.meta` is empty, or names the file that was bundled.
    return fileURLToPath(import.meta.url);
  }
}

const file = bundle();

/** Neither called `require` nor made by an imported `createRequire`: bundlers would follow it to what they cannot bundle. */
const load = Module.createRequire(file);

/** As in `platforms.ts`. */
export const PLATFORMS: readonly string[] = [
  "darwin-arm64",
  "darwin-x64",
  "linux-arm64-gnu",
  "linux-arm64-musl",
  "linux-x64-gnu",
  "linux-x64-musl",
  "win32-arm64-msvc",
  "win32-x64-msvc",
];

/** As in `platforms.ts`. */
export function requirePackage(name: string): Required | undefined {
  if (!PLATFORMS.includes(name)) return undefined;
  try {
    return { part: load(`@trunkline/${name}`) };
  } catch (cause) {
    return { cause };
  }
}

/** As in `platforms.ts`. */
export function requireFile(path: string): Required {
  try {
    return { part: load(path) };
  } catch (cause) {
    return { cause };
  }
}

export const folder: string = dirname(file);

export const isBundled: boolean = true;

/** As in `platforms.ts`. */
export function isInstalled(name: string): boolean {
  try {
    load.resolve(`@trunkline/${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
