import { InvalidInputError } from "./errors.js";
import { described } from "./record.js";

/** A record of which these properties are there. */
export type With<T, Name extends keyof T> = T & { [Property in Name]-?: NonNullable<T[Property]> };

/**
 * Says that a value must be there: a record, one of its properties, or several of them. What is `undefined` or null ends with an
 * error that names the property and the record, and what is returned has a type without the two.
 *
 * ```ts
 * const number = required(await client.numbers.nextFree());
 * const city = required(number, "city");
 * const { id, displayName } = required(await user.get(), ["id", "displayName"]);
 * ```
 *
 * @throws InvalidInputError - It is not there.
 */
export function required<T>(value: T): NonNullable<T>;
export function required<T extends object, Name extends keyof T>(record: T | null | undefined, name: Name): NonNullable<T[Name]>;
export function required<T extends object, Name extends keyof T>(
  record: T | null | undefined,
  names: readonly Name[],
): With<T, Name>;
export function required(record: unknown, names?: PropertyKey | readonly PropertyKey[]): unknown {
  const wanted = (names === undefined ? [] : Array.isArray(names) ? names : [names]) as string[];
  if (record === undefined || record === null) {
    const what = wanted.length === 0 ? "a required value" : `the record with ${wanted.join(", ")}`;
    throw refusal(`${what} is ${record === null ? "null" : "undefined"}`, "Check first whether there is one");
  }
  const values = record as Record<string, unknown>;
  for (const name of wanted) {
    const value = values[name];
    if (value !== undefined && value !== null) continue;
    const state = value === null ? "null" : "missing";
    throw refusal(`${name} is ${state} in ${described(values)}`, `Read the record with ${name}, or check first whether it is there`);
  }
  return names === undefined || Array.isArray(names) ? record : values[names as string];
}

function refusal(message: string, nextStep: string): InvalidInputError {
  const error = new InvalidInputError(message, { nextStep });
  Error.captureStackTrace(error, required);
  return error;
}
