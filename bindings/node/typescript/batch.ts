import { carryOut } from "./bridge.js";
import { type Call, Pending } from "./call.js";
import type { AnyBody, Connection, Listing, Page } from "./connection.js";
import { InvalidInputError, readError } from "./errors.js";
import { Graph } from "./generated/handles.js";
import type { CallOptions, SendOptions } from "./generated/option-records.js";
import { text } from "./json.js";
import { pageOf, written } from "./live-connection.js";
import type { NativeClient } from "./native.js";
import { checkOptions } from "./option-names.js";
import { type Pairs, callText } from "./options.js";
import { LongRunning } from "./running.js";

/** A request as it travels in a batch. */
interface Gathered {
  method: string;
  path: string;
  item?: string;
  answer?: number | undefined;
  body?: string | undefined;
  action?: number | undefined;
  expected?: string | undefined;
  namesType?: boolean;
  options?: string | undefined;
  after: number[];
}

/** The outcome of a request as it travels. */
interface Outcome {
  value?: unknown;
  metadata?: { meta?: string; token?: string; page?: object };
  failure?: string;
}

/**
 * Where a request was added, for the stack of its error. The batch may be sent and over before anybody awaits the request, so
 * that nothing else could tell.
 */
interface Origin {
  stack?: string;
}

/** Notes where a request is added. `inner`: the functions from there on are ours. */
function origin(inner: Function): Origin {
  const place: Origin = {};
  Error.captureStackTrace(place, inner);
  return place;
}

/** An error as if it had been created at its origin. */
function createdAt<T extends Error>(result: T, { stack = "" }: Origin): T {
  const frames = stack.indexOf("\n");
  const value = `${result.name}: ${result.message}${frames < 0 ? "" : stack.slice(frames)}`;
  return Object.defineProperty(result, "stack", { value, writable: true, configurable: true, enumerable: false });
}

/** A request to send, and its waiting promise. */
interface Entry {
  gathered: Gathered;
  settle(outcome: Outcome, native: NativeClient): void;
  refuse(error: unknown): void;
  at: Origin;
}

/** Gathers what places ask for, instead of sending it. */
class Gathering implements Connection {
  readonly entries: Entry[] = [];
  readonly calls = new Map<Promise<unknown>, number>();
  sent = false;

  request<T>(
    method: string,
    path: string,
    answer: number | undefined,
    query: Pairs | undefined,
    options: CallOptions | undefined,
    body: AnyBody | undefined,
  ): Call<T> {
    this.#open(options);
    const { json, kind, namesType } = written(body);
    const pending = new Pending<T>();
    const gathered: Gathered = {
      method,
      path,
      answer,
      body: json,
      action: typeof kind === "number" ? kind : undefined,
      expected: typeof kind === "string" ? kind : undefined,
      namesType,
      options: callText(query, options),
      after: [],
    };
    this.#add(gathered, pending, origin(this.request), ({ value, metadata }, native) => {
      const result = metadata?.token === undefined ? value : new LongRunning(native.follow(metadata.token));
      pending.resolve(result ?? undefined, metadata?.meta);
    });
    return pending.call;
  }

  pages<T>(listing: Listing): () => Promise<Page<T> | undefined> {
    const { path, item, query, options } = listing;
    this.#open(options);
    if (!path.startsWith("/")) throw new InvalidInputError("a list that goes on cannot be part of a batch");
    let taken = false;
    return () => {
      if (taken) {
        return Promise.reject(
          new InvalidInputError("a list in a batch has its first page alone", {
            nextStep: "Use firstPage(), and client.resumeList(continuation, typeName) for the rest",
          }),
        );
      }
      taken = true;
      const pending = new Pending<Page<T>>();
      const gathered: Gathered = { method: "GET", path, item, options: callText(query, options), after: [] };
      this.#add(gathered, pending, origin(this.pages), ({ value, metadata }) =>
        pending.resolve(pageOf<T>(value, JSON.stringify(metadata?.page)), undefined),
      );
      return pending.call;
    };
  }

  #open(options: { signal?: unknown; timeout?: unknown; retry?: unknown } | undefined): void {
    if (this.sent) throw new InvalidInputError("the batch has been sent", { nextStep: "Make another one" });
    if (options?.signal !== undefined || options?.timeout !== undefined || options?.retry !== undefined) {
      throw new InvalidInputError("a request of a batch has the batch's signal, timeout and retry");
    }
  }

  #add<T>(gathered: Gathered, pending: Pending<T>, at: Origin, settle: Entry["settle"]): void {
    this.calls.set(pending.call, this.entries.length);
    this.entries.push({ gathered, settle, refuse: (error) => pending.refuse(error), at });
    // Who sends the batch hears how many failed; a call that nobody looks at must not end the process.
    pending.call.catch(() => undefined);
  }
}

/** How a batch ended. */
export interface BatchSummary {
  /** How many of its requests succeeded. */
  readonly succeeded: number;
  /** How many failed; each call says why. */
  readonly failed: number;
}

/**
 * Requests that are sent together, twenty at a time. Each has its own outcome: one that fails does not fail the others, unless
 * they come after it. Items that the service throttles are sent again by the same rules as single requests.
 *
 * ```ts
 * const batch = client.batch();
 * const ana = batch.graph.users.byId("ana@contoso.example").get();
 * const phones = batch.graph.users.byId("ana@contoso.example").authentication.phoneMethods.list().firstPage();
 * await batch.send();
 * console.log((await ana).displayName, (await phones).items.length);
 * ```
 */
export class Batch {
  readonly #native: NativeClient;
  readonly #gathering = new Gathering();
  /** Every operation. What is asked for below it is part of the batch, and is not sent before `send`. */
  readonly graph = new Graph(this.#gathering, "");

  /** @internal */
  constructor(native: NativeClient) {
    this.#native = native;
  }

  /** How many requests it holds. */
  get length(): number {
    return this.#gathering.entries.length;
  }

  /** Sends `call` only after `first` succeeded. Both must be of this batch, `first` added before. */
  after(call: Promise<unknown>, first: Promise<unknown>): void {
    const index = this.#gathering.calls.get(call);
    const before = this.#gathering.calls.get(first);
    if (index === undefined || before === undefined || before >= index) {
      throw new InvalidInputError("a request of a batch can only come after one that was added to it before");
    }
    this.#gathering.entries[index]?.gathered.after.push(before);
  }

  /** Sends it. Does not fail because a request does: each call has its own outcome. */
  async send(options: SendOptions = {}): Promise<BatchSummary> {
    checkOptions("batch.send", options);
    const gathering = this.#gathering;
    if (gathering.sent) throw new InvalidInputError("the batch has been sent");
    gathering.sent = true;
    const { entries } = gathering;
    try {
      const calls = text(entries.map(({ gathered }) => gathered));
      const optionsText = callText(undefined, options);
      const writes = entries.some(({ gathered }) => gathered.method !== "GET");
      const start = (id: number): void => this.#native.batch(id, calls, optionsText);
      return this.#ended(await carryOut<Outcome[]>(start, { signal: options.signal, writes }, this.send));
    } catch (raised) {
      for (const entry of entries) entry.refuse(raised);
      throw raised;
    }
  }

  #ended(outcomes: Outcome[]): BatchSummary {
    const { entries } = this.#gathering;
    let failed = 0;
    outcomes.forEach((outcome, index) => {
      const entry = entries[index];
      if (outcome.failure === undefined) entry?.settle(outcome, this.#native);
      else {
        failed += 1;
        entry?.refuse(createdAt(readError(outcome.failure, readError), entry.at));
      }
    });
    return { succeeded: entries.length - failed, failed };
  }
}
