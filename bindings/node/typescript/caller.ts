import { atOnce, carryOut } from "./bridge.js";
import { readError } from "./errors.js";
import type { teamsAdministration } from "./generated/index.js";
import type { INTENT_OPTIONS } from "./generated/intent-options.js";
import type { NumberConditions, ReadOptions } from "./generated/option-records.js";
import { text } from "./json.js";
import type { NativeClient } from "./native.js";
import { checkOptions } from "./option-names.js";
import { withIdentifiers } from "./record.js";

type NumberAssignment = teamsAdministration.NumberAssignment;

/** An intent that takes options. */
type Call = keyof typeof INTENT_OPTIONS;

/** The options of changes that are not for the native part. */
interface Watched extends ReadOptions {
  onProgress?: ((progress: never) => unknown) | undefined;
}

/** Carries out the intents of a client: what the generated classes come down to. */
export class Caller {
  readonly #native: NativeClient;

  constructor(native: NativeClient) {
    this.#native = native;
  }

  /** Changes something; the outcome says itself in a line: `${outcome}`. */
  async change<T extends { text: string }>(call: Call, args: object, options: Watched | undefined, inner: Function): Promise<T> {
    checkOptions(call, options);
    const { signal, onProgress, ...rest } = options ?? {};
    const progress = onProgress == null ? undefined : (text: string) => onProgress(JSON.parse(text) as never);
    const start = (id: number): void =>
      this.#native.intent(id, call, text(withIdentifiers({ ...args, ...rest }, 1), "arguments"), progress !== undefined);
    const outcome = await carryOut<T>(start, { signal, writes: true, progress }, inner);
    Object.defineProperty(outcome, "toString", { value: () => outcome.text });
    return outcome;
  }

  /** Reads something. */
  async read<T>(call: Call, args: object, options: ReadOptions | undefined, inner: Function): Promise<T> {
    checkOptions(call, options);
    const { signal, ...rest } = options ?? {};
    const start = (id: number): void =>
      this.#native.intent(id, call, text(withIdentifiers({ ...args, ...rest }, 1), "arguments"), false);
    return withErrors(await carryOut<T>(start, { signal }, inner), inner);
  }

  /** Reads what meets conditions. */
  async readWith<T>(call: Call, conditions: object, options: ReadOptions | undefined, inner: Function): Promise<T> {
    checkOptions(`${call}'s conditions` as Call, conditions);
    return this.read(call, conditions, options, inner);
  }

  /** Answers without the service. */
  now<T>(call: string, args: object, inner: Function): T {
    return JSON.parse(atOnce(() => this.#native.answer(call, text(withIdentifiers(args, 1), "arguments")), inner)) as T;
  }

  /** Numbers that meet conditions. */
  list(call: Call, conditions: NumberConditions, options: ReadOptions | undefined): NumberList {
    checkOptions(`${call}'s conditions` as Call, conditions);
    checkOptions(call, options);
    return new NumberList(this.#native, text(withIdentifiers(conditions), "conditions"), options?.signal);
  }
}

/** The answer, in which an error is one: the native part writes it as text. */
function withErrors<T>(answer: T, inner: Function): T {
  const { refusal } = (answer ?? {}) as { refusal?: string | null };
  return typeof refusal === "string" ? { ...answer, refusal: readError(refusal, inner) } : answer;
}

/** Numbers of the inventory, gone through as they arrive; each time begins anew. */
export class NumberList implements AsyncIterable<NumberAssignment> {
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
    const first = (id: number): void => this.#native.list(this.#conditions).first(id);
    return carryOut(first, { signal: this.#signal }, this.first);
  }

  async *#chunks(inner: Function): AsyncGenerator<NumberAssignment[], void, undefined> {
    const items = atOnce(() => this.#native.list(this.#conditions).items(), inner);
    for (;;) {
      const next = (id: number): void => items.next(id);
      const chunk = await carryOut<NumberAssignment[] | undefined>(next, { signal: this.#signal }, inner);
      if (chunk === undefined) return;
      yield chunk;
    }
  }
}
