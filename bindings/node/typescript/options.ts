import type { BulkEvent } from "./generated/bulk-records.js";
import type { CallOptions, QueryOptions } from "./generated/option-records.js";
import { text } from "./json.js";

/** Where a file is. */
export type Path = string | URL;

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
