// The contract cases of spec/examples, and the operations they are cases of.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

const FOLDER = new URL("../../../spec/examples/", import.meta.url);
const { native } = createRequire(import.meta.url)("../dist/native.js");

/** The operations of the spec, by id: verb, target, callable and paths. */
export const operations = new Map(JSON.parse(native.operations()).map((operation) => [operation.id, operation]));

/** The cases by operation, as their files have them. */
export const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")));
