import { type Call, refused } from "./call.js";
import type { Client } from "./client.js";
import { List } from "./list.js";
import { checkOptions } from "./option-names.js";
import { type CallOptions, type QueryOptions, pairsOf, queryPairs } from "./options.js";

export type { Call } from "./call.js";
export type { Client } from "./client.js";
export type { List, Page } from "./list.js";
export type { CallOptions, QueryOptions } from "./options.js";
export type { LongRunning } from "./running.js";

/**
 * The body of a request: a record of the type that is expected, `namesType` when it has to name its type; or the
 * parameters of an action, by their wire names.
 */
export type Body =
  | { expected: string; value: unknown; namesType: boolean }
  | { action: number; parameters: Readonly<Record<string, unknown>> };

/** Somewhere in the graph. Making one sends nothing. */
export abstract class Place {
  readonly #client: Client;
  /** The path below the version, encoded. */
  readonly path: string;

  /** @internal */
  constructor(client: Client, path: string) {
    this.#client = client;
    this.path = path;
  }

  /** The client whose place it is. */
  protected get client(): Client {
    return this.#client;
  }

  /** The path with a key behind it. */
  protected withKey(key: string): string {
    return this.#client.connection.withKey(this.path, key);
  }

  /** The path with the call of a function behind it. */
  protected called(callable: number, args: Readonly<Record<string, unknown>>): string {
    return this.#client.connection.called(this.path, callable, args);
  }

  /**
   * Sends one request. `result` names the expected answer: `` nothing, `=` JSON, `a.b` a record, `?a.b` a record or nothing, `!a.b` an
   * operation that goes on, `=a.b` and `=[a.b]` another value.
   */
  protected request<T>(
    method: string,
    path: string,
    result: string,
    options?: CallOptions & QueryOptions,
    body?: Body,
  ): Call<T> {
    try {
      checkOptions("client.graph", options);
    } catch (raised) {
      return refused<T>(raised, this.request);
    }
    return this.#client.connection.request<T>(method, path, result, queryPairs(options), options, body);
  }

  /** A list of records of a type. Not called `list`: that is what places offer. */
  protected listing<T>(path: string, item: string, options?: CallOptions & QueryOptions): List<T> {
    checkOptions("client.graph", options);
    return new List<T>(this.#client.connection, {
      path,
      item,
      query: queryPairs(options),
      headers: pairsOf(options?.headers),
      timeout: options?.timeout,
      retry: options?.retry,
      signal: options?.signal,
    });
  }
}
