import { types } from "node:util";

/** A request as it would be sent. */
export interface HttpRequest {
  /** The method, such as `GET`. */
  readonly method: string;
  /** The whole address. */
  readonly url: string;
  /** The headers, by their names in small letters. The value of a token is hidden. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; empty without one. */
  readonly body: Uint8Array;
  /** The body, read as JSON; `undefined` without one. */
  json(): any;
}

/** A response for an `HttpRequest`. */
export interface HttpResponse {
  /** The status; 200 unless given. */
  readonly status?: number | undefined;
  /** The headers. With a body of JSON, `Content-Type` says so unless it is here. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Text, bytes, or an object or array that is written as JSON. */
  readonly body?: string | Uint8Array | object | null | undefined;
}

/** The part of a `Response` of `fetch` that is read. */
export interface FetchResponse {
  /** The status. */
  readonly status: number;
  /** The headers. */
  readonly headers: Iterable<[string, string]>;
  /** The body. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Values of `transport`: a function that answers a request. */
export type TransportFunction = (
  request: HttpRequest,
) => HttpResponse | FetchResponse | Promise<HttpResponse | FetchResponse>;

/** @internal A request of the native part. */
export interface NativeRequest {
  method: string;
  url: string;
  headers: [string, string][];
  /** In base64. */
  body: string;
}

/** @internal A response for the native part; the headers are names and values, one after the other. */
export interface NativeResponse {
  status: number;
  headers: string[];
  body: Uint8Array;
}

/** Calls the function, and checks its answer. */
export async function answerOf(transport: TransportFunction | undefined, request: NativeRequest): Promise<NativeResponse> {
  if (transport === undefined) throw new TypeError("there is no such transport");
  const { method, url, headers } = request;
  const body = Buffer.from(request.body, "base64");
  const json = (): unknown => (body.length === 0 ? undefined : (JSON.parse(body.toString()) as unknown));
  const answer: unknown = await transport({ method, url, headers: Object.fromEntries(headers), body, json });
  if (typeof answer !== "object" || answer === null) {
    throw new TypeError(`the transport returned ${answer === null ? "null" : typeof answer}, not a response`);
  }
  const { status = 200 } = answer as HttpResponse;
  if (!Number.isInteger(status)) throw new TypeError("the transport returned a response whose status is not a whole number");
  if ("arrayBuffer" in answer) {
    const fetched = answer as FetchResponse;
    return { status, headers: [...fetched.headers].flat(), body: new Uint8Array(await fetched.arrayBuffer()) };
  }
  const response = answer as HttpResponse;
  const pairs = Object.entries(response.headers ?? {}).map(([name, value]) => [name, String(value)]);
  return { status, ...withBody(pairs, response.body) };
}

function withBody(pairs: string[][], body: HttpResponse["body"]): { headers: string[]; body: Uint8Array } {
  if (body === undefined || body === null) return { headers: pairs.flat(), body: new Uint8Array() };
  if (typeof body === "string") return { headers: pairs.flat(), body: Buffer.from(body) };
  if (types.isUint8Array(body)) return { headers: pairs.flat(), body };
  if (!pairs.some(([name]) => name?.toLowerCase() === "content-type")) pairs.push(["content-type", "application/json"]);
  return { headers: pairs.flat(), body: Buffer.from(JSON.stringify(body)) };
}

/** The faults of the network, by the codes of the errors that stand for them. */
const FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused",
  ENOTFOUND: "refused",
  ECONNRESET: "lost",
  EPIPE: "lost",
  ETIMEDOUT: "timedOut",
};

/** The fault of the network that a thrown error stands for; `undefined` when it stands for itself. */
export function faultOf(raised: unknown): string | undefined {
  const { code, name, cause } = (raised ?? {}) as { code?: unknown; name?: unknown; cause?: { code?: unknown } };
  if (name === "TimeoutError") return "timedOut";
  const known = code ?? cause?.code;
  return typeof known === "string" && Object.hasOwn(FAULTS, known) ? FAULTS[known] : undefined;
}

/** @internal An error of a transport, with which its call ends. */
export class OwnError {
  constructor(readonly raised: unknown) {}
}
