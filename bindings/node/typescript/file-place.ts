import { fileURLToPath } from "node:url";

import { InvalidInputError } from "./errors.js";
import type { Path } from "./options.js";

/** The path of a file, as the system writes it. */
export function placeOf(path: Path): string {
  if (typeof path === "string") return path;
  // Not asked for by `instanceof`: an address of another realm is one.
  if (typeof path === "object" && typeof (path as URL | null)?.href === "string") return fileURLToPath(path.href);
  throw new InvalidInputError(`a path must be a string or a URL, not ${typeof path}`);
}
