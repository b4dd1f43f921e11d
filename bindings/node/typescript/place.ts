import { atOnce } from "./bridge.js";
import { type Call, refused } from "./call.js";
import type { Body, Connection } from "./connection.js";
import type { CallOptions, QueryOptions } from "./generated/option-records.js";
import { text } from "./json.js";
import { List } from "./list.js";
import { native } from "./native.js";
import { checkOptions } from "./option-names.js";
import { queryPairs } from "./options.js";
import { identified, withIdentifiers } from "./record.js";

export type { Call } from "./call.js";
export type { List } from "./list.js";
export type { CallOptions, QueryOptions } from "./generated/option-records.js";
export type { LongRunning } from "./running.js";

/** Keys that are a segment as they are. The native part encodes all others. */
const PLAIN = /^[\w~@-][\w.~@-]*$/;

/** Somewhere in the graph. Making one sends nothing. */
export abstract class Place {
  readonly #connection: Connection;
  /** The path below the version, encoded. */
  readonly path: string;

  /** @internal */
  constructor(connection: Connection, path: string) {
    this.#connection = connection;
    this.path = path;
  }

  /** Sends its requests. */
  protected get connection(): Connection {
    return this.#connection;
  }

  /** The path with a key behind it. `property`: what is the key of a record. */
  protected withKey(given: unknown, property?: string): string {
    const key = property === undefined ? given : identified("key", given, [property]);
    if (typeof key === "string" && PLAIN.test(key)) return `${this.path}/${key}`;
    return atOnce(() => native.withKey(this.path, key as string), this.withKey);
  }

  /** The path with the call of a function behind it. */
  protected called(callable: number, args: Readonly<Record<string, unknown>>): string {
    return atOnce(() => native.called(this.path, callable, text(withIdentifiers(args), "arguments")), this.called);
  }

  /** Sends one request. `answer`: the index of the expected answer in the description. */
  protected request<T>(
    method: string,
    path: string,
    answer: number,
    options?: CallOptions & QueryOptions,
    body?: Body,
  ): Call<T> {
    try {
      checkOptions("client.graph", options);
    } catch (raised) {
      return refused<T>(raised, this.request);
    }
    return this.#connection.request<T>(method, path, answer, queryPairs(options), options, body);
  }

  /** A list of records of a type. Not called `list`: that is what places offer. */
  protected listing<T>(path: string, item: string, options?: CallOptions & QueryOptions): List<T> {
    checkOptions("client.graph", options);
    return new List<T>(this.#connection, { path, item, query: queryPairs(options), options });
  }
}
