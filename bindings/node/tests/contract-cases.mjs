// The contract cases of spec/examples, and the operations they are cases of.

import { readFileSync, readdirSync } from "node:fs";

import { native } from "./native.mjs";

const FOLDER = new URL("../../../spec/examples/", import.meta.url);

/** The operations of the spec, by id: verb, target, callable and paths. */
export const operations = new Map(JSON.parse(native.operations()).map((operation) => [operation.id, operation]));

/** The cases by operation, as their files have them. */
export const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")));
