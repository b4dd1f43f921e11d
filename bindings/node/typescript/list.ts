import type { Connection } from "./connection.js";
import type { Meta } from "./meta.js";
import type { Pairs } from "./options.js";

/** One page of a list. */
export interface Page<T> {
  /** Its items. */
  readonly items: T[];
  /** How many items there are in all, when `count` was asked for and the service said. */
  readonly count: number | undefined;
  /** A text from which `client.resumeList` goes on after this page; `undefined` after the last. */
  readonly continuation: string | undefined;
  /** Status, headers and request id. */
  readonly meta: Meta;
}

/** @internal What is listed. */
export interface Listing {
  path: string;
  item: string;
  query?: Pairs | undefined;
  headers?: Pairs | undefined;
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * A list. Nothing is sent until it is gone through; each time begins anew.
 *
 * ```ts
 * for await (const number of client.graph.admin.teams.telephoneNumberManagement.numberAssignments.list()) {
 *   console.log(number.telephoneNumber);
 * }
 * ```
 */
export class List<T> implements AsyncIterable<T> {
  readonly #connection: Connection;
  readonly #listing: Listing;

  /** @internal */
  constructor(connection: Connection, listing: Listing) {
    this.#connection = connection;
    this.#listing = listing;
  }

  /** Every item of every page. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }

  /** The pages, each with its count, continuation and meta. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    const pages = this.#connection.pages(this.#listing);
    for (;;) {
      const page = await this.#connection.nextPage<T>(pages, this.#listing.signal);
      if (page === undefined) return;
      yield page;
    }
  }

  /** The first page alone. */
  async firstPage(): Promise<Page<T>> {
    const pages = this.#connection.pages(this.#listing);
    const page = await this.#connection.nextPage<T>(pages, this.#listing.signal);
    if (page === undefined) throw new TypeError("a list has at least one page");
    return page;
  }

  /** Every item of every page, in an array. */
  async all(): Promise<T[]> {
    const items: T[] = [];
    for await (const page of this.pages()) for (const item of page.items) items.push(item);
    return items;
  }
}
