import { InvalidInputError } from "./errors.js";

/**
 * A value as JSON text. Members that are `undefined` are left out, as always in JSON; what JSON cannot say is refused instead
 * of being sent as something else.
 */
export function text(value: unknown, what = "body"): string {
  let written: string | undefined;
  try {
    written = JSON.stringify(value);
  } catch (cause) {
    throw new InvalidInputError(`the ${what} cannot be written as JSON`, { cause });
  }
  if (written === undefined) throw new InvalidInputError(`the ${what} must be a value, not ${typeof value}`);
  // `NaN` and `Infinity` become null in JSON, which here means something.
  if (written.includes("null")) JSON.stringify(value, refuseNonsense);
  return written;
}

function refuseNonsense(this: unknown, name: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new InvalidInputError(`${name === "" ? "the value" : name} must be a finite number, not ${value}`);
  }
  return value;
}
