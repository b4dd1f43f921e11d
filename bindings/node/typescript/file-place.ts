import { fileURLToPath } from "node:url";

import { InvalidInputError } from "./errors.js";
import type { Path } from "./options.js";

/** The path of a file, as the system writes it. */
export function placeOf(path: Path): string {
  if (typeof path === "string") return path;
  if (isAddress(path)) return fileURLToPath(path.href);
  throw new InvalidInputError(`a path must be a string or a URL, not ${typeof path}`);
}

/** Options whose addresses of files are paths. */
export function withPlaces(options: object): object {
  const entries = Object.entries(options).map(([name, value]) => [name, isAddress(value) ? placeOf(value) : value]);
  return Object.fromEntries(entries);
}

/** Not asked by `instanceof`: an address of another realm is one. */
function isAddress(value: unknown): value is URL {
  return typeof value === "object" && typeof (value as URL | null)?.href === "string";
}
