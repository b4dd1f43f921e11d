import { ABSENT, type ErrorKind, type GraphErrorFields, HIDDEN } from "./generated/error-fields.js";

/** An error of this package has these fields. */
export interface GraphError extends GraphErrorFields {}

/**
 * Everything that talks to the service fails with this or a class below it.
 *
 * `message` is one line for people, with telephone numbers and names masked. Decide by the class, `kind` and `code`, never by
 * a text. No token is ever inside. `stack` leads to whoever awaits the call.
 *
 * ```ts
 * try {
 *   await client.numbers.assign("+1 206-555-0100", "ana@contoso.example");
 * } catch (error) {
 *   if (error instanceof ConflictError) console.log("somebody else holds it");
 *   else if (error instanceof GraphError) console.log(error.kind, error.requestId, error.nextStep);
 *   else throw error;
 * }
 * ```
 */
export class GraphError extends Error {
  /** The kind of failure, for instance `notFound`; the same in every language. */
  declare readonly kind: ErrorKind;

  /** An error as the library makes it; `fields` say more. Of use in tests of one's own code. */
  constructor(message: string, fields: Partial<GraphErrorFields> & { kind?: ErrorKind; cause?: unknown } = {}) {
    const { cause, kind, ...rest } = fields;
    super(message, cause === undefined ? undefined : { cause });
    // A property of its own: loggers and `util.inspect` go through these.
    const known: Record<string, unknown> = { kind: kind ?? this.kind, ...ABSENT, summary: message, ...rest };
    for (const [name, value] of Object.entries(known)) {
      Object.defineProperty(this, name, {
        value,
        writable: false,
        configurable: true,
        enumerable: value !== undefined && !HIDDEN.has(name) && name !== "summary",
      });
    }
  }

  /**
   * For logs: name, kind and message, and whatever else is known but for what may hold personal data (`serviceMessage`, `body`,
   * `headers`) and a cause that is not of this library.
   */
  toJSON(): Record<string, unknown> {
    const { name, kind, message, cause } = this;
    const json: Record<string, unknown> = { name, kind, message };
    Object.assign(json, this);
    delete json["cause"];
    if (cause instanceof GraphError) json["cause"] = cause.toJSON();
    return json;
  }
}
