import { InvalidInputError } from "./errors.js";
import { REFERENCES } from "./generated/references.js";

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A record as messages name it: by its type, by its id where that is a GUID, and by its members. Nothing in it is personal. */
export function described(record: object): string {
  const { id, "@odata.type": type } = record as { id?: unknown; "@odata.type"?: unknown };
  const what = typeof type === "string" ? type.replace("#", "") : "record";
  const which = typeof id === "string" && GUID.test(id) ? ` ${id}` : "";
  const names = Object.keys(record).filter((name) => !name.startsWith("@"));
  return `the ${what}${which}, which has ${names.length === 0 ? "no properties" : names.join(", ")}`;
}

/** A text, or the property of a record that stands for it. Whatever else it is, whoever reads the argument refuses it. */
export function identified(argument: string, value: unknown, properties: readonly string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const property of properties) {
    const identifier = (value as Record<string, unknown>)[property];
    if (typeof identifier === "string") return identifier;
  }
  const names = properties.join(" or ");
  throw new InvalidInputError(`${argument} is a record without ${names}: ${described(value)}`, {
    nextStep: `Read the record with ${names}, or pass the text itself`,
  });
}

/** Arguments in which no record stands for a text any more. `levels`: how deep they are looked for in what an argument holds. */
export function withIdentifiers<T extends object>(values: T, levels = 0): T {
  let changed: T | undefined;
  for (const [name, value] of Object.entries(values) as [keyof T & string, unknown][]) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
    const properties = Object.hasOwn(REFERENCES, name) ? REFERENCES[name] : undefined;
    const replaced =
      properties !== undefined ? identified(name, value, properties) : levels > 0 ? withIdentifiers(value, levels - 1) : value;
    if (replaced !== value) (changed ??= { ...values })[name] = replaced as T[keyof T & string];
  }
  return changed ?? values;
}
