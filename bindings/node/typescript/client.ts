import { types } from "node:util";

import { Batch } from "./batch.js";
import { atOnce, forget, keepTransport } from "./bridge.js";
import { Bulk } from "./bulk.js";
import { type Call, refused } from "./call.js";
import { Caller } from "./caller.js";
import { describe } from "./credential.js";
import { InvalidInputError } from "./errors.js";
import { placeOf } from "./file-place.js";
import { Graph } from "./generated/handles.js";
import { Numbers, Phones, Policies } from "./generated/intents.js";
import type { ClientOptions, RequestOptions } from "./generated/option-records.js";
import type { GroupThrottle } from "./generated/outcomes.js";
import type { UserReference } from "./generated/references.js";
import { text } from "./json.js";
import { List } from "./list.js";
import { LiveConnection } from "./live-connection.js";
import { describeObserver } from "./observe.js";
import { checkOptions } from "./option-names.js";
import { callText, pairsOf } from "./options.js";
import { LongRunning } from "./running.js";

/** A request that would be sent. */
export interface Preview {
  /** The HTTP method. */
  readonly method: string;
  /** The whole address. */
  readonly url: string;
  /** Whatever else is known of it. */
  readonly [other: string]: unknown;
}

/**
 * Microsoft Graph for phone numbers, for one tenant.
 *
 * Making one opens no connection. It needs no closing: an idle client keeps no process alive.
 *
 * ```ts
 * import { Client } from "trunkline";
 * import { DefaultAzureCredential } from "@azure/identity";
 *
 * const client = new Client({ credential: new DefaultAzureCredential() });
 * console.log(`${await client.numbers.assign("+1 206-555-0100", "ana@contoso.example")}`);
 * ```
 */
export class Client implements AsyncDisposable {
  readonly #connection: LiveConnection;

  /**
   * Opens no connection, and reads no file that no option names.
   *
   * @throws InvalidInputError - An option cannot be used.
   */
  constructor(options: ClientOptions = {}) {
    if (typeof options !== "object" || options === null) throw new InvalidInputError("the options must be an object");
    checkOptions("Client", options);
    if (typeof options.retry === "object") checkOptions("Client's retry", options.retry);
    const { credential, transport, certificateAuthorities, clientCertificate, ...others } = options;
    const { onRequest, onResponse, onRetry, onThrottle, onEvent, ...rest } = others;
    if (transport !== undefined && typeof transport !== "function") {
      throw new TypeError(`transport must be a function, not ${typeof transport}`);
    }
    const pem = {
      certificateAuthorities: describePem(certificateAuthorities),
      clientCertificate: describePem(clientCertificate),
    };
    const observer = describeObserver({ onRequest, onResponse, onRetry, onThrottle, onEvent });
    const transportNumber = transport === undefined ? undefined : keepTransport(transport);
    let described: ReturnType<typeof describe> = undefined;
    try {
      described = describe(credential);
      this.#connection = new LiveConnection({ ...rest, ...pem, credential: described, observer, transport: transportNumber });
    } catch (raised) {
      forget(described?.source ?? described?.prompt);
      forget(observer?.number);
      forget(transportNumber);
      throw raised;
    }
  }

  /** Every operation, at the path where Graph documents it. */
  get graph(): Graph {
    return new Graph(this.#connection, "");
  }

  /** The tenant's telephone numbers, by what an administrator means: find, assign, unassign, move. */
  get numbers(): Numbers {
    return new Numbers(new Caller(this.#connection.native));
  }

  /** The phone methods of a user, given by principal name, object id or record. */
  phones(user: UserReference): Phones {
    return new Phones(new Caller(this.#connection.native), user);
  }

  /** The Teams policies of a user, given by principal name, object id or record. */
  policies(user: UserReference): Policies {
    return new Policies(new Caller(this.#connection.native), user);
  }

  /** A whole file of numbers and phone methods: plan it, apply it, verify, undo. */
  get bulk(): Bulk {
    return new Bulk(this.#connection.native);
  }

  /** How fast it may send at present: for each group of operations that was sent at a pace or is paused. */
  get throttle(): GroupThrottle[] {
    return JSON.parse(this.#connection.native.throttle()) as GroupThrottle[];
  }

  /** Several requests that are sent as one. */
  batch(): Batch {
    return new Batch(this.#connection.native);
  }

  /** The name of the cloud. */
  get cloud(): string {
    return this.#connection.native.cloud;
  }

  /** The country of numbers that are written without a plus, by its two letters; null when none was given. */
  get country(): string | null {
    return this.#connection.native.country;
  }

  /** The address below which every path lies. */
  get base(): string {
    return this.#connection.native.base;
  }

  /** Whether it has been closed. */
  get closed(): boolean {
    return this.#connection.native.closed;
  }

  /**
   * Sends what no method offers. `path` is below the version and encoded; the value is JSON, or `undefined` when there is none.
   *
   * ```ts
   * const { value } = await client.request<{ value: { id: string }[] }>("GET", "/groups", { query: { $top: "5" } });
   * ```
   */
  request<T = unknown>(method: string, path: string, options: RequestOptions = {}): Call<T> {
    try {
      checkOptions("client.request", options);
    } catch (raised) {
      return refused<T>(raised, this.request);
    }
    const body = options.body === undefined ? undefined : { value: options.body };
    return this.#connection.request<T>(method, path, undefined, pairsOf(options.query), options, body);
  }

  /** The request that `request` would send. Nothing is sent; a token is not in it. */
  preview(method: string, path: string, options: Pick<RequestOptions, "query" | "body"> = {}): Preview {
    checkOptions("client.preview", options);
    const body = options.body === undefined ? undefined : text(options.body);
    const preview = (): string => this.#connection.native.preview(method, path, body, callText(pairsOf(options.query), undefined));
    return JSON.parse(atOnce(preview, this.preview)) as Preview;
  }

  /**
   * Takes up a long-running operation from its `token`, of this process or another, of any language.
   *
   * @throws InvalidInputError - The text is no such token.
   * @throws UntrustedLinkError - It is of another service.
   */
  follow<T = unknown>(token: string): LongRunning<T> {
    return new LongRunning<T>(atOnce(() => this.#connection.native.follow(token), this.follow));
  }

  /** Goes on with a list from a page's `continuation`. `typeName`: the type of its records, for instance `microsoft.graph.user`. */
  resumeList<T = unknown>(continuation: string, typeName: string): List<T> {
    if (continuation.startsWith("/")) throw new InvalidInputError("this is no continuation of a list");
    return new List<T>(this.#connection, { path: continuation, item: typeName });
  }

  /** No call works after this. What is under way comes to its end; connections close, those in use when it has. */
  close(): void {
    this.#connection.native.close();
  }

  /** As `close`: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  /** Shows nothing but which service it is for. */
  toJSON(): { base: string; cloud: string } {
    return { base: this.base, cloud: this.cloud };
  }

  /** As `toJSON`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `Client { base: ${JSON.stringify(this.base)}, cloud: ${JSON.stringify(this.cloud)} }`;
  }
}

/** PEM as the native part knows it: a string is its text or a path. */
function describePem(pem: string | Uint8Array | URL | null | undefined): string | object | null | undefined {
  if (types.isUint8Array(pem)) return { text: Buffer.from(pem).toString("latin1") };
  return typeof pem === "object" && pem !== null ? { path: placeOf(pem) } : pem;
}
