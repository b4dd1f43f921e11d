import { INTENT_OPTIONS } from "./generated/intent-options.js";
import {
  APPLY_OPTIONS,
  CLIENT_OPTIONS,
  EMULATOR_OPTIONS,
  PLAN_OPTIONS,
  READ_OPTIONS,
  READ_ROWS_OPTIONS,
  RETRY_POLICY,
  VERIFY_OPTIONS,
} from "./generated/option-records.js";
import type {
  CallOptions,
  DoneOptions,
  QueryOptions,
  ReportOptions,
  RequestOptions,
  RunOptions,
  SendOptions,
} from "./options.js";

/** Every member of an interface: one that is missing here, or not there, does not compile. */
type Names<T> = Readonly<Record<keyof Required<T>, true>>;

const CALL: Names<CallOptions> = { signal: true, timeout: true, retry: true, headers: true };
const QUERY: Names<QueryOptions> = {
  select: true,
  filter: true,
  top: true,
  skip: true,
  expand: true,
  orderBy: true,
  count: true,
  search: true,
};
const REQUEST: Names<RequestOptions> = { ...CALL, query: true, body: true };
const DONE: Names<DoneOptions> = { timeout: true, signal: true };
const SEND: Names<SendOptions> = { ...DONE, retry: true };
const RUN: Names<RunOptions> = { onEvent: true };
const REPORT: Names<ReportOptions> = { html: true, csv: true, jsonl: true, masked: true };

/** The options that each call takes. */
const ACCEPTED = {
  Client: CLIENT_OPTIONS,
  "Client's retry": RETRY_POLICY,
  "client.graph": { ...CALL, ...QUERY },
  "client.request": REQUEST,
  "client.preview": { query: true, body: true },
  ...INTENT_OPTIONS,
  "operation.poll": READ_OPTIONS,
  "operation.done": DONE,
  "operation.stages": DONE,
  "batch.send": SEND,
  "bulk.read": READ_ROWS_OPTIONS,
  "bulk.plan": PLAN_OPTIONS,
  "bulk.apply": APPLY_OPTIONS,
  "bulk.resume": APPLY_OPTIONS,
  "bulk.verify": VERIFY_OPTIONS,
  "bulk.undo": READ_OPTIONS,
  "bulk.export": { ...READ_OPTIONS, phones: true, policies: true },
  "bulk.report": REPORT,
  "apply.run": RUN,
  "Emulator.start": EMULATOR_OPTIONS,
} as const satisfies Readonly<Record<string, Readonly<Record<string, true>>>>;

/** A call that takes options. */
export type OptionTaker = keyof typeof ACCEPTED;

/**
 * Refuses options that a call does not take: whoever gives one means something by it.
 *
 * @throws TypeError - with the options that the call takes.
 */
export function checkOptions(call: OptionTaker, options: unknown): void {
  if (options === undefined || options === null) return;
  const accepted: Readonly<Record<string, true>> = ACCEPTED[call];
  if (typeof options !== "object") throw new TypeError(`${call} takes an object of options, not ${typeof options}`);
  for (const name in options) {
    if (Object.hasOwn(accepted, name) || (options as Record<string, unknown>)[name] === undefined) continue;
    const names = Object.keys(accepted);
    const meant = names.find((known) => isNear(known, name));
    const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
    throw new TypeError(`${call} takes no option "${name}"; it takes ${names.join(", ")}.${hint}`);
  }
}

/** Whether a name is another but for its case, or one letter more, less, changed or swapped. */
function isNear(known: string, name: string): boolean {
  const [one, other] = [known.toLowerCase(), name.toLowerCase()];
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const left = [one.length - start - end, other.length - start - end] as const;
  if (Math.max(...left) <= 1) return true;
  const [a, b] = [one.slice(start, start + 2), other.slice(start, start + 2)];
  return left[0] === 2 && left[1] === 2 && a[0] === b[1] && a[1] === b[0];
}
