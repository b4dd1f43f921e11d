import { types } from "node:util";

/** An error of the native part. */
interface Payload {
  kind: string;
  text: string;
  fields: Partial<GraphErrorFields>;
}

/** The fields of an error. */
export interface GraphErrorFields {
  /** The message, without method, path and ids. */
  summary: string;
  /** The HTTP status, when there was an answer. */
  status: number | undefined;
  /** The service's own code, the innermost one it gave. */
  code: string | undefined;
  /** All codes of the answer, outermost first. */
  codes: readonly string[];
  /** The message of the service. May hold personal data. */
  serviceMessage: string | undefined;
  /** The id under which Microsoft's support finds the request. */
  requestId: string | undefined;
  /** The id that this library gave the request. */
  clientRequestId: string | undefined;
  /** The next step. */
  nextStep: string;
  /** The operation, for instance `phoneMethods.update`. */
  operation: string | undefined;
  /** The HTTP method. */
  method: string | undefined;
  /** The path, masked. */
  target: string | undefined;
  /** The start of the answer's body. May hold personal data. */
  body: string | undefined;
  /** The headers of the answer, names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Where in a body it went wrong, as a JSON path. */
  path: string | undefined;
  /**
   * The claims with which to ask for another token, as JSON: those that the service asks for, or those for a recent multifactor
   * sign-in (`ngcmfa`) where the lack of one may be the reason.
   */
  claims: string | undefined;
  /** Takes a long-running operation up again: see `client.resume`. */
  resumeToken: string | undefined;
  /** How often the request was sent. */
  attempts: number;
  /** Whether the service may have done something of it. */
  mayHaveReachedService: boolean;
  /** Whether trying again makes sense: at once never, later, after `retryAfter`, from `retryAt`, or after reading back. */
  retryAdvice: "never" | "later" | "after" | "until" | "after_read_back";
  /** Seconds that the service asked to wait. */
  retryAfter: number | undefined;
  /** The moment until which the service refuses, ISO 8601. */
  retryAt: string | undefined;
}

/** The kinds of failure, the same in every language. */
export type ErrorKind =
  | "invalid_input"
  | "unsupported_by_cloud"
  | "authentication"
  | "wrong_tenant"
  | "permission_denied"
  | "not_found"
  | "conflict"
  | "throttled"
  | "service"
  | "rejected"
  | "timeout"
  | "connection"
  | "untrusted_link"
  | "redirected"
  | "decode"
  | "unexpected_body"
  | "operation_failed"
  | "accepted_untracked"
  | "unknown_outcome"
  | "cancelled"
  | (string & {});

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
export class GraphError extends Error implements GraphErrorFields {
  /** The kind of failure, for instance `not_found`; the same in every language. */
  declare readonly kind: ErrorKind;
  declare readonly summary: string;
  declare readonly status: number | undefined;
  declare readonly code: string | undefined;
  declare readonly codes: readonly string[];
  declare readonly serviceMessage: string | undefined;
  declare readonly requestId: string | undefined;
  declare readonly clientRequestId: string | undefined;
  declare readonly nextStep: string;
  declare readonly operation: string | undefined;
  declare readonly method: string | undefined;
  declare readonly target: string | undefined;
  declare readonly body: string | undefined;
  declare readonly headers: Readonly<Record<string, string>>;
  declare readonly path: string | undefined;
  declare readonly claims: string | undefined;
  declare readonly resumeToken: string | undefined;
  declare readonly attempts: number;
  declare readonly mayHaveReachedService: boolean;
  declare readonly retryAdvice: "never" | "later" | "after" | "until" | "after_read_back";
  declare readonly retryAfter: number | undefined;
  declare readonly retryAt: string | undefined;

  /** An error as the library makes it; `fields` say more. Of use in tests of one's own code. */
  constructor(message: string, fields: Partial<GraphErrorFields> & { kind?: ErrorKind; cause?: unknown } = {}) {
    const { cause, kind, ...rest } = fields;
    super(message, cause === undefined ? undefined : { cause });
    // Personal data is for the program, and not printed.
    const hidden = new Set(["serviceMessage", "body", "headers"]);
    const known: Record<string, unknown> = { ...ABSENT, summary: message, ...rest };
    if (kind !== undefined) known["kind"] = kind;
    for (const [name, value] of Object.entries(known)) {
      Object.defineProperty(this, name, {
        value,
        writable: false,
        configurable: true,
        enumerable: value !== undefined && !hidden.has(name) && name !== "summary",
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

const ABSENT: GraphErrorFields = {
  summary: "",
  status: undefined,
  code: undefined,
  codes: [],
  serviceMessage: undefined,
  requestId: undefined,
  clientRequestId: undefined,
  nextStep: "",
  operation: undefined,
  method: undefined,
  target: undefined,
  body: undefined,
  headers: {},
  path: undefined,
  claims: undefined,
  resumeToken: undefined,
  attempts: 0,
  mayHaveReachedService: false,
  retryAdvice: "never",
  retryAfter: undefined,
  retryAt: undefined,
};

/** An argument, a header, a path or the use of the client is wrong. Nothing was sent. */
export class InvalidInputError extends GraphError {}
/** The client's cloud does not offer the operation. Nothing was sent. */
export class UnsupportedByCloudError extends GraphError {}
/** There is no usable token, or the service did not accept it. */
export class AuthenticationError extends GraphError {}
/** The token is for another tenant than the client's. Nothing was sent. */
export class WrongTenantError extends GraphError {}
/** The token lacks a permission, or the user a role. */
export class PermissionDeniedError extends GraphError {}
/** There is no such thing, or the caller may not know of it. */
export class NotFoundError extends GraphError {}
/** The state of the thing does not allow it, or somebody else was faster. */
export class ConflictError extends GraphError {}
/** The service asked to wait for longer than the caller wants to. The request was not executed. */
export class ThrottledError extends GraphError {}
/** The service failed. */
export class ServiceError extends GraphError {}
/** The service refused the request for another reason. */
export class RejectedError extends GraphError {}
/** The deadline passed. */
export class DeadlineError extends GraphError {}
/** No connection, or it was lost. */
export class NoConnectionError extends GraphError {}
/** The service named an address that is not its own. Nothing was sent there. */
export class UntrustedLinkError extends GraphError {}
/** The service redirected. Redirects are not followed. */
export class RedirectedError extends GraphError {}
/** The answer is JSON, but not of the expected shape: see `path`. */
export class DecodeError extends GraphError {}
/** The answer is no JSON, too large, or cut off. */
export class UnexpectedBodyError extends GraphError {}
/** A long-running operation ended without success. */
export class OperationFailedError extends GraphError {}
/** The service accepted a long-running operation, but did not say how to follow it. */
export class AcceptedUntrackedError extends GraphError {}
/** A write may or may not have happened: see `nextStep` for what to read. */
export class UnknownOutcomeError extends GraphError {}
/** The caller stopped it: `cause` is the reason of the signal. */
export class CancelledError extends GraphError {}

/**
 * Bulk work could not be begun or had to stop. Nothing was sent after it arose; the journal has what was sent before.
 *
 * `kind` is one of `input` (the file), `plan`, `otherTenant`, `journal`, `otherPlan`, `busy` (another process works on the
 * journal), `disk`, `clock`, `service` (the error of the service is the `cause`), `option` and `stopped`.
 */
export class BulkError extends GraphError {
  /** @internal */
  constructor(message: string, fields: Partial<GraphErrorFields> & { kind?: ErrorKind; cause?: unknown } = {}) {
    const { cause, ...rest } = fields;
    // The native part tells the service's error as the text of one.
    if (typeof cause === "string") super(message, { ...rest, cause: readError(cause, BulkError) });
    else super(message, cause === null ? rest : fields);
  }
}

/** The class of each kind. */
export const BY_KIND: Readonly<Record<string, typeof GraphError>> = {
  invalid_input: InvalidInputError,
  unsupported_by_cloud: UnsupportedByCloudError,
  authentication: AuthenticationError,
  wrong_tenant: WrongTenantError,
  permission_denied: PermissionDeniedError,
  not_found: NotFoundError,
  conflict: ConflictError,
  throttled: ThrottledError,
  service: ServiceError,
  rejected: RejectedError,
  timeout: DeadlineError,
  connection: NoConnectionError,
  untrusted_link: UntrustedLinkError,
  redirected: RedirectedError,
  decode: DecodeError,
  unexpected_body: UnexpectedBodyError,
  operation_failed: OperationFailedError,
  accepted_untracked: AcceptedUntrackedError,
  unknown_outcome: UnknownOutcomeError,
  cancelled: CancelledError,
};

/** The class of errors that have kinds of their own. */
const APART: Readonly<Record<string, typeof GraphError>> = { bulk: BulkError };

/** The names of classes, as text: what makes programs smaller gives the classes themselves other names. */
const NAMED = {
  GraphError,
  InvalidInputError,
  UnsupportedByCloudError,
  AuthenticationError,
  WrongTenantError,
  PermissionDeniedError,
  NotFoundError,
  ConflictError,
  ThrottledError,
  ServiceError,
  RejectedError,
  DeadlineError,
  NoConnectionError,
  UntrustedLinkError,
  RedirectedError,
  DecodeError,
  UnexpectedBodyError,
  OperationFailedError,
  AcceptedUntrackedError,
  UnknownOutcomeError,
  CancelledError,
  BulkError,
};

function define(error: typeof GraphError, property: "kind" | "name", value: string): void {
  Object.defineProperty(error.prototype, property, { value, writable: true, configurable: true });
}

for (const [name, error] of Object.entries(NAMED)) define(error, "name", name);
for (const [kind, error] of Object.entries({ graph: GraphError, ...BY_KIND, ...APART })) define(error, "kind", kind);

/** The error of a kind. `inner`: the functions from there on are ours, and not in its stack. */
export function failure(
  kind: string,
  message: string,
  fields: Partial<GraphErrorFields> & { kind?: ErrorKind; cause?: unknown },
  inner: Function,
): GraphError {
  const known = BY_KIND[kind] ?? APART[kind];
  const error = known === undefined ? new GraphError(message, { ...fields, kind }) : new known(message, fields);
  Error.captureStackTrace(error, inner);
  return error;
}

/** The error that the native part tells of, as JSON. */
export function readError(text: string, inner: Function, cause?: unknown): GraphError {
  const { kind, text: message, fields } = JSON.parse(text) as Payload;
  return failure(kind, message, cause === undefined ? fields : { ...fields, cause }, inner);
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
  return failure("invalid_input", `an argument is of the wrong type: it must be ${wanted}`, fields, inner);
}
