import type { BulkEvent } from "./generated/bulk-records.js";
import type { RetryPolicy } from "./generated/option-records.js";
import { text } from "./json.js";

/** Options that every call takes. */
export interface CallOptions {
  /** Stops the call. A call that was stopped fails with `CancelledError`, whose `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Seconds that the call may take in all, waits and repetitions included. */
  timeout?: number | undefined;
  /** How this request is retried: a policy, or the maximum number of attempts. The client's policy unless set. */
  retry?: RetryPolicy | number | undefined;
  /** Further headers of this request. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Query options of a read, for those places that take them. */
export interface QueryOptions {
  /** The properties to answer; all that are the default unless given. */
  select?: readonly string[] | undefined;
  /** A condition in OData's words. */
  filter?: string | undefined;
  /** Items of a page, or at most. */
  top?: number | undefined;
  /** Items to leave out at the start. */
  skip?: number | undefined;
  /** Related things to answer along. */
  expand?: string | readonly string[] | undefined;
  /** Properties to order by, each with ` desc` for descending. */
  orderBy?: string | readonly string[] | undefined;
  /** Whether to say how many there are in all. */
  count?: boolean | undefined;
  /** Words to search for. */
  search?: string | undefined;
}

/** The parts of a request that no method offers. */
export interface RequestOptions extends CallOptions {
  /** Query options by name, not encoded. */
  query?: Readonly<Record<string, string>> | undefined;
  /** Any JSON. */
  body?: unknown;
}

/** Options of `Batch.send`: those of a call, for all its requests together. */
export type SendOptions = Omit<CallOptions, "headers">;

/** How long an operation is followed. */
export interface DoneOptions {
  /** Seconds to wait at most; 600 unless given. The operation goes on after that. */
  timeout?: number | undefined;
  /** Stops waiting. The operation goes on. */
  signal?: AbortSignal | undefined;
}

/** Where a file is. */
export type Path = string | URL;

/** Where a report of a journal is written. */
export interface ReportOptions {
  /** A page to look at. */
  html?: Path | undefined;
  /** A table for spreadsheets. */
  csv?: Path | undefined;
  /** The record, for programs. */
  jsonl?: Path | undefined;
  /** Whether numbers and names are masked: for tickets and mails. */
  masked?: boolean | undefined;
}

/** How a run is gone through. */
export interface RunOptions {
  /** Gets every event. An error that it throws ends the run, as leaving the loop does. */
  onEvent?: ((event: BulkEvent) => void) | undefined;
}

/** Names and values, one after the other: how pairs travel to the native part. */
export type Pairs = string[];

/** The query options as the service spells them; nothing when there are none. */
export function queryPairs(options: QueryOptions | undefined): Pairs | undefined {
  if (options === undefined) return undefined;
  const { select, filter, top, skip, expand, orderBy, count, search } = options;
  const pairs: Pairs = [];
  if (select !== undefined) pairs.push("$select", joined(select));
  if (filter !== undefined) pairs.push("$filter", filter);
  if (top !== undefined) pairs.push("$top", String(top));
  if (skip !== undefined) pairs.push("$skip", String(skip));
  if (expand !== undefined) pairs.push("$expand", joined(expand));
  if (orderBy !== undefined) pairs.push("$orderby", joined(orderBy));
  if (count === true) pairs.push("$count", "true");
  if (search !== undefined) pairs.push("$search", search);
  return pairs.length === 0 ? undefined : pairs;
}

/** Query, headers, timeout and retry policy of a call as JSON; undefined without any. */
export function callText(query: Pairs | undefined, options: CallOptions | undefined): string | undefined {
  const { headers, timeout, retry } = options ?? {};
  if (query === undefined && headers === undefined && timeout === undefined && retry === undefined) return undefined;
  return text({ query, headers: pairsOf(headers), timeout, retry }, "options");
}

/** A record of texts as pairs. */
export function pairsOf(record: Readonly<Record<string, string>> | undefined): Pairs | undefined {
  return record === undefined ? undefined : Object.entries(record).flat();
}

function joined(texts: string | readonly string[]): string {
  return typeof texts === "string" ? texts : texts.join(",");
}
