import type { Connection, Listing, Page } from "./connection.js";
import { InvalidInputError } from "./errors.js";

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
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return new Items<T>(this.#connection.pages<T>(this.#listing));
  }

  /** The pages, each with its count, continuation and meta. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    const next = this.#connection.pages<T>(this.#listing);
    for (let page = await next(); page !== undefined; page = await next()) yield page;
  }

  /** The first page alone. */
  async firstPage(): Promise<Page<T>> {
    const page = await this.#connection.pages<T>(this.#listing)();
    // Even an empty list has a page: a list that is gone on with after its last page has not.
    if (page === undefined) throw new InvalidInputError("the list has ended: it has no further page");
    return page;
  }

  /** Every item of every page, in an array. */
  async all(): Promise<T[]> {
    const items: T[] = [];
    for await (const page of this.pages()) for (const item of page.items) items.push(item);
    return items;
  }
}

/**
 * The items of pages. By hand, because an async generator takes several turns for each item, and there may be thousands: here
 * an item that is at hand is a promise that is kept already.
 */
class Items<T> implements AsyncIterableIterator<T> {
  readonly #next: () => Promise<Page<T> | undefined>;
  #items: readonly T[] = [];
  #index = 0;
  #ended = false;
  /** Answers come in the order of their requests. */
  #turn: Promise<void> | undefined;

  constructor(next: () => Promise<Page<T> | undefined>) {
    this.#next = next;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#turn === undefined && this.#index < this.#items.length) {
      return Promise.resolve({ value: this.#items[this.#index++] as T, done: false });
    }
    return this.#advance(this.#turn);
  }

  return(): Promise<IteratorResult<T>> {
    this.#ended = true;
    this.#items = [];
    this.#index = 0;
    return Promise.resolve({ value: undefined, done: true });
  }

  async #advance(before: Promise<void> | undefined): Promise<IteratorResult<T>> {
    let pass!: () => void;
    const turn = new Promise<void>((resolve) => {
      pass = resolve;
    });
    this.#turn = turn;
    try {
      if (before !== undefined) await before;
      while (!this.#ended) {
        if (this.#index < this.#items.length) return { value: this.#items[this.#index++] as T, done: false };
        const page = await this.#next();
        if (page === undefined) break;
        this.#items = page.items;
        this.#index = 0;
      }
      this.#ended = true;
      return { value: undefined, done: true };
    } finally {
      // Nobody else may wait for the answer itself: it would no longer be plain who it is for, and the stack of an error
      // ended here.
      pass();
      if (this.#turn === turn) this.#turn = undefined;
    }
  }
}
