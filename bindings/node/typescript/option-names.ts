import { INTENT_OPTIONS } from "./generated/intent-options.js";
import {
  APPLY_OPTIONS,
  CALL_OPTIONS,
  CLIENT_OPTIONS,
  DONE_OPTIONS,
  EMULATOR_OPTIONS,
  EXPORT_OPTIONS,
  PLAN_OPTIONS,
  QUERY_OPTIONS,
  READ_OPTIONS,
  READ_ROWS_OPTIONS,
  REPORT_OPTIONS,
  REQUEST_OPTIONS,
  RETRY_POLICY,
  SEND_OPTIONS,
  VERIFY_OPTIONS,
} from "./generated/option-records.js";

/** The options that each call takes. */
const ACCEPTED = {
  Client: CLIENT_OPTIONS,
  "Client's retry": RETRY_POLICY,
  "client.graph": { ...CALL_OPTIONS, ...QUERY_OPTIONS },
  "client.request": REQUEST_OPTIONS,
  "client.preview": { query: true, body: true },
  ...INTENT_OPTIONS,
  "operation.poll": READ_OPTIONS,
  "operation.done": DONE_OPTIONS,
  "operation.stages": DONE_OPTIONS,
  "batch.send": SEND_OPTIONS,
  "bulk.read": READ_ROWS_OPTIONS,
  "bulk.plan": PLAN_OPTIONS,
  "bulk.apply": APPLY_OPTIONS,
  "bulk.resume": APPLY_OPTIONS,
  "bulk.verify": VERIFY_OPTIONS,
  "bulk.undo": READ_OPTIONS,
  "bulk.export": EXPORT_OPTIONS,
  "bulk.report": REPORT_OPTIONS,
  "apply.run": { onEvent: true },
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
