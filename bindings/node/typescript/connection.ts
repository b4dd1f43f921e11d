import type { Call } from "./call.js";
import type { CallOptions } from "./generated/option-records.js";
import type { Meta } from "./meta.js";
import type { Pairs } from "./options.js";

/**
 * The body of a request: a record of the type that is expected, `namesType` when it has to name its type; or the
 * parameters of an action, by their wire names.
 */
export type Body =
  | { expected: string; value: unknown; namesType: boolean }
  | { action: number; parameters: Readonly<Record<string, unknown>> };

/** A body of a place, or any JSON. */
export type AnyBody = Body | { value: unknown };

/** One page of a list. */
export interface Page<T> {
  /** Its items. */
  readonly items: T[];
  /** How many items there are in all, when `count` was asked for and the service said. */
  readonly count: number | undefined;
  /** A text from which `client.resumeList` goes on after this page; `undefined` after the last. */
  readonly continuation: string | undefined;
  /** How many items of this page were left out, because this page or an earlier one has them. */
  readonly repeated: number;
  /** On the last page: why the list may lack items; `undefined` when nothing speaks against it. */
  readonly doubt: string | undefined;
  /** Status, headers and request id. */
  readonly meta: Meta;
}

/** @internal The path and the options of a list. */
export interface Listing {
  path: string;
  item: string;
  query?: Pairs | undefined;
  options?: CallOptions | undefined;
}

/** How places make their calls: sent at once, or gathered for a batch. */
export interface Connection {
  /** Makes a call. `answer`: the index of the expected answer in the description; any JSON unless given. */
  request<T>(
    method: string,
    path: string,
    answer: number | undefined,
    query: Pairs | undefined,
    options: CallOptions | undefined,
    body: AnyBody | undefined,
  ): Call<T>;
  /** Begins a list. */
  pages<T>(listing: Listing): () => Promise<Page<T> | undefined>;
}
