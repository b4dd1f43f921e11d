import { atOnce, carryOut } from "./bridge.js";
import type { teamsAdministration } from "./generated/index.js";
import { text } from "./json.js";
import type { NativeClient } from "./native.js";
import { type OptionTaker, checkOptions } from "./option-names.js";
import { withText } from "./outcome.js";
import { type ChangeOptions, type Dialled, watcher } from "./progress.js";
import type { Verdict } from "./running.js";

type NumberAssignment = teamsAdministration.NumberAssignment;

/** An order that was carried out. */
export interface Order {
  /** Id of the operation; null when the answer that held it was lost and reading the number back settled it. */
  readonly id: string | null;
  /** The stages that were seen, in order. */
  readonly stages: readonly string[];
  /** The service's verdict on each number. */
  readonly verdicts: readonly Verdict[];
  /** The id under which Microsoft's support finds the request. */
  readonly requestId: string | null;
}

/** The end of a change to a number that went well. As text it is a line for people. */
export interface NumberOutcome {
  /** `done`, or `already` when it was so and nothing was sent. */
  readonly change: "done" | "already";
  /**
   * Whether reading back showed the change. When not, the service accepted the location all the same: `after` is what was read
   * last, and the warnings say how long it was read.
   */
  readonly seen: boolean;
  /** The number, E.164. */
  readonly number: string;
  /** The number as it was. */
  readonly before: NumberAssignment;
  /** The number as it was read back. */
  readonly after: NumberAssignment;
  /** The orders that did it, in order of time: a move has two, a change of location none. */
  readonly orders: readonly Order[];
  /** Warnings for an administrator about a change that succeeded. */
  readonly warnings: readonly string[];
  /** The same in a line. */
  readonly text: string;
}

/** The end of an order that was followed and went well. As text it is a line for people. */
export interface OrderOutcome {
  /** The order. */
  readonly order: Order;
  /** The number as it was read back; null when the order does not say which one it is. */
  readonly after: NumberAssignment | null;
  /** Warnings for an administrator about an order that succeeded. */
  readonly warnings: readonly string[];
  /** The same in a line. */
  readonly text: string;
}

/** How a number is assigned. */
export interface AssignOptions extends ChangeOptions, Dialled {
  /** `primary` unless given. */
  category?: "primary" | "private" | "alternate" | (string & {}) | undefined;
  /** Id of the emergency location. */
  location?: string | undefined;
  /** The provider's type, where the inventory does not say. */
  numberType?: teamsAdministration.NumberType | undefined;
}

/** How a number is taken from its holder. */
export interface BaseOptions {
  /**
   * Whether a main number may be taken although the inventory has others with an extension of it, such as
   * `+12065550113x42`.
   */
  base?: boolean | undefined;
}

/** How a number is moved. */
export interface MoveOptions extends AssignOptions, BaseOptions {}

/** How a number is unassigned. */
export interface UnassignOptions extends ChangeOptions, Dialled, BaseOptions {}

/** How the emergency location is changed. */
export interface LocationOptions extends ChangeOptions, Dialled {}

/** Where a number has to be. */
export interface Whereabouts {
  /** Two letters, ISO 3166-1. */
  country?: string | undefined;
  /** In any case. */
  city?: string | undefined;
  /** Numbers that begin so, for instance `+1206`. */
  prefix?: string | undefined;
}

/** Conditions for numbers: all of these. */
export interface NumberConditions extends Whereabouts {
  /** This number only; without a plus it is read in `country`, or else in the client's. */
  number?: string | undefined;
  /** Free numbers only. */
  unassigned?: boolean | undefined;
  /** Held by this account (object id). */
  heldBy?: string | undefined;
  /** The provider's type. */
  numberType?: teamsAdministration.NumberType | undefined;
  /** For instance `userAssignment`. */
  capability?: teamsAdministration.NumberCapability | undefined;
  /** A further condition in OData's own words. */
  filter?: string | undefined;
}

/** How a read is made. */
export interface ReadOptions {
  /** Stops it. */
  signal?: AbortSignal | undefined;
}

/** Numbers of the inventory, gone through as they arrive; each time begins anew. */
export class NumberQuery implements AsyncIterable<NumberAssignment> {
  readonly #native: NativeClient;
  readonly #conditions: string;
  readonly #signal: AbortSignal | undefined;

  /** @internal */
  constructor(native: NativeClient, conditions: string, signal: AbortSignal | undefined) {
    this.#native = native;
    this.#conditions = conditions;
    this.#signal = signal;
  }

  /** All of them. */
  async *[Symbol.asyncIterator](): AsyncGenerator<NumberAssignment, void, undefined> {
    for await (const chunk of this.#chunks(this.all)) yield* chunk;
  }

  /** All of them, in an array. */
  async all(): Promise<NumberAssignment[]> {
    const found: NumberAssignment[] = [];
    for await (const chunk of this.#chunks(this.all)) for (const number of chunk) found.push(number);
    return found;
  }

  /** The one that comes first in order of its digits. */
  first(): Promise<NumberAssignment | undefined> {
    const first = (id: number): void => this.#native.query(this.#conditions).first(id);
    return carryOut(first, { signal: this.#signal }, this.first);
  }

  async *#chunks(inner: Function): AsyncGenerator<NumberAssignment[], void, undefined> {
    const items = atOnce(() => this.#native.query(this.#conditions).items(), inner);
    for (;;) {
      const next = (id: number): void => items.next(id);
      const chunk = await carryOut<NumberAssignment[] | undefined>(next, { signal: this.#signal }, inner);
      if (chunk === undefined) return;
      yield chunk;
    }
  }
}

/**
 * Teams telephone numbers, by what an administrator means.
 *
 * Every change looks the number up first, refuses what cannot work before anything is sent, waits for the order and reads the
 * number back. Doing the same thing twice is a no-op that says so.
 */
export class Numbers {
  readonly #native: NativeClient;

  /** @internal */
  constructor(native: NativeClient) {
    this.#native = native;
  }

  /**
   * The number, when the tenant has it. Written as people write numbers, with plus and country code, or as it is dialled
   * within the country.
   */
  find(number: string, options?: ReadOptions & Dialled): Promise<NumberAssignment | undefined> {
    return this.#read("numbers.find", { intent: "find", number, country: options?.country }, options, this.find);
  }

  /**
   * Numbers that meet all of these conditions.
   *
   * ```ts
   * for await (const number of client.numbers.query({ unassigned: true, city: "Seattle" })) console.log(number.telephoneNumber);
   * ```
   */
  query(conditions: NumberConditions = {}, options?: ReadOptions): NumberQuery {
    checkOptions("numbers.query's conditions", conditions);
    checkOptions("numbers.query", options);
    return new NumberQuery(this.#native, text(conditions, "conditions"), options?.signal);
  }

  /** The first free number that can be assigned to a person. */
  async nextFree(where: Whereabouts = {}, options?: ReadOptions): Promise<NumberAssignment | undefined> {
    checkOptions("numbers.nextFree's conditions", where);
    checkOptions("numbers.nextFree", options);
    const { country, city, prefix } = where;
    const free = { unassigned: true, capability: "userAssignment", country, city, prefix } as const;
    return this.query(free, options).first();
  }

  /**
   * Assigns a free number to a user (principal name or object id) or another account.
   *
   * @throws ConflictError - Somebody else holds the number.
   * @throws NotFoundError - There is no such number or user.
   * @throws DeadlineError - The order goes on; `resumeToken` takes it up again.
   */
  assign(number: string, to: string, options?: AssignOptions): Promise<NumberOutcome> {
    return this.#assign("numbers.assign", number, to, false, options, this.assign);
  }

  /**
   * As `assign`, and takes the number from its present holder first.
   *
   * @throws ConflictError - It is a main number of which there are others with an extension, and `base` is not given.
   */
  move(number: string, to: string, options?: MoveOptions): Promise<NumberOutcome> {
    return this.#assign("numbers.move", number, to, true, options, this.move);
  }

  /**
   * Takes the number from its holder.
   *
   * @throws ConflictError - It is a main number of which there are others with an extension, and `base` is not given.
   */
  unassign(number: string, options?: UnassignOptions): Promise<NumberOutcome> {
    const { country, base, timeout } = options ?? {};
    const intent = { intent: "unassign", number, country, base, timeout };
    return this.#change<NumberOutcome>("numbers.unassign", intent, options, this.unassign);
  }

  /** Sets the emergency location, by its id; null clears it. */
  setLocation(number: string, location: string | null, options?: LocationOptions): Promise<NumberOutcome> {
    const { country, timeout } = options ?? {};
    const intent = { intent: "setLocation", number, location, country, timeout };
    return this.#change<NumberOutcome>("numbers.setLocation", intent, options, this.setLocation);
  }

  /** Takes an order up again from its token, waits for it and reads the number back. */
  follow(token: string, options?: ChangeOptions): Promise<OrderOutcome> {
    const intent = { intent: "follow", token, timeout: options?.timeout };
    return this.#change<OrderOutcome>("numbers.follow", intent, options, this.follow);
  }

  #assign(
    call: OptionTaker,
    number: string,
    to: string,
    moves: boolean,
    options: MoveOptions | undefined,
    inner: Function,
  ): Promise<NumberOutcome> {
    const { category, location, numberType, country, base, timeout } = options ?? {};
    const intent = { intent: "assign", number, to, moves, category, location, numberType, country, base, timeout };
    return this.#change<NumberOutcome>(call, intent, options, inner);
  }

  async #read<T>(
    call: OptionTaker,
    intent: object,
    options: ReadOptions | undefined,
    inner: Function,
  ): Promise<T> {
    checkOptions(call, options);
    const start = (id: number): void => this.#native.intent(id, text(intent, "arguments"), false);
    return carryOut(start, { signal: options?.signal }, inner);
  }

  async #change<T extends { text: string }>(
    call: OptionTaker,
    intent: object,
    options: ChangeOptions | undefined,
    inner: Function,
  ): Promise<T> {
    checkOptions(call, options);
    const progress = watcher(options);
    const start = (id: number): void => this.#native.intent(id, text(intent, "arguments"), progress !== undefined);
    return withText(await carryOut<T>(start, { signal: options?.signal, writes: true, progress }, inner));
  }
}
