import { AsyncResource } from "node:async_hooks";
import { type Channel, channel } from "node:diagnostics_channel";

import { keepObserver } from "./bridge.js";
import type { CallEvent } from "./generated/events.js";
import type { ClientOptions } from "./generated/option-records.js";
import { InvalidInputError } from "./errors.js";

/** The options that are functions which get events. */
type Hooks = Pick<ClientOptions, "onRequest" | "onResponse" | "onRetry" | "onThrottle" | "onEvent">;

/** A function that gets events, and what it is called in messages. */
interface Hook {
  name: keyof Hooks;
  call: (event: never) => unknown;
}

/** The kinds of events, with the hook that gets each. */
const HOOKS = {
  request: "onRequest",
  response: "onResponse",
  retry: "onRetry",
  throttle: "onThrottle",
  order: undefined,
  row: undefined,
} as const satisfies Readonly<Record<CallEvent["kind"], keyof Hooks | undefined>>;

const KINDS = Object.keys(HOOKS) as CallEvent["kind"][];

/** The channels that publish events. They are held here, for Node forgets those that nobody holds. */
const CHANNELS = new Map<string, Channel>(KINDS.map((kind) => [kind, channel(`trunkline:${kind}`)]));

/** An observer as the native part knows it. */
export interface DescribedObserver {
  number: number;
  kinds: string[];
}

/** Has the hooks of a client called, and publishes its events, if anybody wants them now. */
export function describeObserver(hooks: Hooks): DescribedObserver | undefined {
  for (const [name, hook] of Object.entries(hooks)) {
    if (hook !== undefined && hook !== null && typeof hook !== "function") {
      throw new InvalidInputError(`${name} must be a function, not ${typeof hook}`);
    }
  }
  const wanted = new Map<string, { hooks: Hook[]; channel: Channel | undefined }>();
  for (const kind of KINDS) {
    const names = [HOOKS[kind], "onEvent"] as const;
    const found = names.flatMap((name) => {
      const call = name === undefined ? undefined : hooks[name];
      return name === undefined || typeof call !== "function" ? [] : [{ name, call }];
    });
    const published = CHANNELS.get(kind)?.hasSubscribers === true ? CHANNELS.get(kind) : undefined;
    if (found.length > 0 || published !== undefined) wanted.set(kind, { hooks: found, channel: published });
  }
  if (wanted.size === 0) return undefined;
  const observe = (text: string): void => {
    const event = Object.freeze(JSON.parse(text)) as CallEvent;
    const { hooks, channel } = wanted.get(event.kind) ?? { hooks: [], channel: undefined };
    for (const hook of hooks) call(hook, event);
    if (channel?.hasSubscribers === true) channel.publish(event);
  };
  const number = keepObserver(observe, () => new AsyncResource("trunkline"));
  return { number, kinds: [...wanted.keys()] };
}

/** Calls a hook. What it throws changes nothing, but the program is warned. */
function call({ name, call }: Hook, event: CallEvent): void {
  const warn = (raised: unknown): void => {
    const warning = new Error(`${name} threw ${String(raised)}`, { cause: raised });
    warning.name = "TrunklineWarning";
    process.emitWarning(warning);
  };
  try {
    const result = call(event as never) as { then?: unknown } | null | undefined;
    if (typeof result?.then === "function") Promise.resolve(result).catch(warn);
  } catch (raised) {
    warn(raised);
  }
}
