import { types } from "node:util";

import { BY_KIND, NAMED } from "./generated/error-classes.js";
import type { ErrorKind, GraphErrorFields } from "./generated/error-fields.js";
import { GraphError } from "./graph-error.js";

export * from "./generated/error-classes.js";
export type { ErrorKind, GraphErrorFields } from "./generated/error-fields.js";
export { GraphError } from "./graph-error.js";

/** An error of the native part. */
interface Payload {
  kind: string;
  text: string;
  /** The error of the service that caused one of bulk work is the text of one. */
  fields: Partial<GraphErrorFields> & { cause?: string | null };
}

function define(error: typeof GraphError, property: "kind" | "name", value: string): void {
  Object.defineProperty(error.prototype, property, { value, writable: true, configurable: true });
}

for (const [name, error] of Object.entries(NAMED)) define(error, "name", name);
for (const [kind, error] of Object.entries({ graph: GraphError, ...BY_KIND })) define(error, "kind", kind);

/** The error of a kind. `inner`: the functions from there on are ours, and not in its stack. */
export function failure(
  kind: string,
  message: string,
  fields: Partial<GraphErrorFields> & { kind?: ErrorKind; cause?: unknown },
  inner: Function,
): GraphError {
  const known = BY_KIND[kind];
  const error = known === undefined ? new GraphError(message, { ...fields, kind }) : new known(message, fields);
  Error.captureStackTrace(error, inner);
  return error;
}

/** The error that the native part tells of, as JSON. */
export function readError(text: string, inner: Function, cause?: unknown): GraphError {
  const { kind, text: message, fields } = JSON.parse(text) as Payload;
  const { cause: inside, ...rest } = fields;
  const reason = typeof inside === "string" ? readError(inside, inner) : cause;
  return failure(kind, message, reason === undefined ? rest : { ...rest, cause: reason }, inner);
}

/**
 * Fails a promise, which `resolve` resolves, with the error that `make` makes.
 *
 * It is made in a reaction of a promise that others wait for: V8 then knows who awaits them, and writes that into its stack. So
 * nothing has to be noted when a call is made, which would cost each of them more than all else that is done for it here.
 */
export function fail(resolve: (failing: Promise<never>) => void, make: (inner: Function) => unknown): void {
  let open!: () => void;
  const gate = new Promise<void>((opened) => {
    open = opened;
  });
  const failed = (): never => {
    throw make(failed);
  };
  resolve(gate.then(failed));
  // Not before: by now the promise is about to wait for the one that fails, and hears of it first.
  open();
}

/** Whether something is an error, of this realm or another: with Jest, what the native part throws is of another. */
function isError(raised: unknown): raised is Error {
  return raised instanceof Error || types.isNativeError(raised);
}

/** The name of a thrown value. Its message may hold anything. */
export function nameOf(raised: unknown): string {
  if (!isError(raised)) return `a thrown ${typeof raised}`;
  const name: unknown = raised.name;
  return typeof name === "string" ? name : "an error";
}

/** The type that a native function expects, by the code that it throws. */
const WANTED: Readonly<Record<string, string>> = {
  StringExpected: "a string",
  NumberExpected: "a number",
  BooleanExpected: "a boolean",
  ArrayExpected: "an array",
  ObjectExpected: "an object",
  InvalidArg: "of another type",
};

/** A thrown value as an error of this package whose stack leads to the caller of `inner`. */
export function errorOf(raised: unknown, inner: Function): unknown {
  if (!isError(raised)) return raised;
  if (raised instanceof GraphError) Error.captureStackTrace(raised, inner);
  if (raised.message.startsWith('{"kind":')) return readError(raised.message, inner);
  // Its message shows the value, which may be personal.
  const wanted = WANTED[(raised as { code?: string }).code ?? ""];
  if (wanted === undefined) return raised;
  const fields = { nextStep: "Check the types of the arguments" };
  return failure("invalidInput", `an argument is of the wrong type: it must be ${wanted}`, fields, inner);
}
