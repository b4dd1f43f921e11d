import { type Ask, credentialAsked } from "./asked.js";
import { Call } from "./call.js";
import { type Origin, failure, origin, thrown, told } from "./errors.js";
import { text } from "./json.js";
import type { Listing, Page } from "./list.js";
import { metaOf } from "./meta.js";
import { type NativeClient, type NativeEmulator, type NativeLongRunning, type NativePages, native } from "./native.js";
import { type CallOptions, type Pairs, pairsOf } from "./options.js";
import type { Body } from "./place.js";
import { LongRunning, type Stage } from "./running.js";

/** What an event is; the numbers are the native part's. */
const enum Event {
  /** Nothing came back, or null. */
  Nothing = 0,
  /** JSON text. */
  Text = 1,
  /** An operation that goes on. */
  LongRunning = 2,
  /** It failed: JSON text about it. */
  Failed = 3,
  /** A credential is asked for a token. */
  Token = 4,
  /** How far it has come, as JSON text. */
  Progress = 5,
  /** A value of the native part's. */
  Value = 6,
}

/** What came beside a value, as JSON text, or what else belongs to it. */
type Beside = string | undefined;

/** A call that is under way. */
interface Waiting {
  resolve(value: unknown, beside: Beside): void;
  reject(error: unknown): void;
  progress: ((told: string) => void) | undefined;
  at: Origin;
}

const waiting = new Map<number, Waiting>();
const credentials = new Map<number, Ask>();
/** What credentials threw, by the number under which it was told to the native part. */
const causes = new Map<number, unknown>();
let last = 0;

/** Hands over what has ended. Four places an event: id, what it is, value, what came beside it. */
function deliver(events: unknown[]): void {
  for (let index = 0; index < events.length; index += 4) {
    const id = events[index] as number;
    const event = events[index + 1] as Event;
    const value = events[index + 2];
    const beside = events[index + 3] as Beside;
    if (event === Event.Token) {
      asked(id, value as string);
      continue;
    }
    const call = waiting.get(id);
    if (call === undefined) continue;
    if (event === Event.Progress) {
      call.progress?.(value as string);
      continue;
    }
    ended(id);
    try {
      if (event === Event.Text) call.resolve(JSON.parse(value as string), beside);
      else if (event === Event.Failed) call.reject(told(value as string, call.at, cause(beside)));
      else call.resolve(value, beside);
    } catch (raised) {
      call.reject(raised);
    }
  }
}

const bridge = new native.Bridge(deliver);

function ended(id: number): void {
  waiting.delete(id);
  // An idle client does not keep the process alive.
  if (waiting.size === 0) bridge.hold(false);
}

function cause(beside: Beside): unknown {
  if (beside === undefined) return undefined;
  const kept = causes.get(Number(beside));
  causes.delete(Number(beside));
  return kept;
}

function asked(id: number, value: string): void {
  const { credential, ...request } = JSON.parse(value) as { credential: number; scopes: string[] };
  credentialAsked(credentials.get(credential), request).then(
    ({ token, expires }) => bridge.token(id, token, expires),
    (raised: unknown) => {
      causes.set(id, raised);
      bridge.noToken(id, raised instanceof Error ? raised.name : typeof raised);
    },
  );
}

/** Keeps who is asked for tokens, and gives the number under which the native part knows it. */
export function keepCredential(ask: Ask): number {
  last += 1;
  credentials.set(last, ask);
  return last;
}

/** Begins work of the native part's and waits for its end. */
function begin(
  start: (id: number, stoppable: boolean) => void,
  signal: AbortSignal | undefined,
  writes: boolean,
  call: Waiting,
): void {
  if (signal?.aborted === true) {
    call.reject(stopped(signal, false, call.at));
    return;
  }
  const id = ++last;
  if (signal !== undefined) {
    const { resolve, reject } = call;
    const stop = (): void => {
      bridge.stop(id);
      ended(id);
      reject(stopped(signal, writes, call.at));
    };
    signal.addEventListener("abort", stop, { once: true });
    call.resolve = (value, beside) => {
      signal.removeEventListener("abort", stop);
      resolve(value, beside);
    };
    call.reject = (error) => {
      signal.removeEventListener("abort", stop);
      reject(error);
    };
  }
  if (waiting.size === 0) bridge.hold(true);
  waiting.set(id, call);
  try {
    start(id, signal !== undefined);
  } catch (raised) {
    ended(id);
    call.reject(thrown(raised, call.at));
  }
}

function stopped(signal: AbortSignal, mayHaveReachedService: boolean, at: Origin): Error {
  return failure(
    "cancelled",
    mayHaveReachedService ? "the call was stopped while it was under way" : "the call was stopped",
    {
      cause: signal.reason,
      mayHaveReachedService,
      nextStep: mayHaveReachedService ? "Read back whether it happened before sending it again" : "",
    },
    at,
  );
}

/** Begins work whose value needs no making. */
export function carryOut<T>(
  start: (id: number, stoppable: boolean) => void,
  options: { signal?: AbortSignal | undefined; writes?: boolean; progress?: (told: string) => void } = {},
  inner: Function = carryOut,
): Promise<T> {
  const at = origin(inner);
  return new Promise<T>((resolve, reject) => {
    begin(start, options.signal, options.writes ?? false, {
      resolve: (value) => resolve(value as T),
      reject,
      progress: options.progress,
      at,
    });
  });
}

/** Starts an emulator. */
export function startEmulator(options: string): Promise<NativeEmulator> {
  return carryOut((id) => native.startEmulator(bridge, id, options));
}

/** Runs what answers at once, with errors of ours. */
export function atOnce<T>(run: () => T, inner: Function): T {
  try {
    return run();
  } catch (raised) {
    throw thrown(raised, origin(inner));
  }
}

/** What the native part tells of a stage beside its value. */
interface ToldStage {
  status: string;
  progress: Stage<unknown>["progress"];
  verdicts: Stage<unknown>["verdicts"];
  meta: string;
  succeeded?: boolean;
  failure?: string;
}

/** A client of the native part, and how its calls are made. Of use inside the package alone. */
export class Connection {
  readonly native: NativeClient;

  constructor(options: object) {
    this.native = atOnce(() => new native.Client(bridge, text(options, "options")), Connection);
  }

  keyed(path: string, key: string): string {
    return atOnce(() => native.keyed(path, key), this.keyed);
  }

  called(path: string, callable: number, args: Readonly<Record<string, unknown>>): string {
    return atOnce(() => native.called(path, callable, text(args, "arguments")), this.called);
  }

  request<T>(
    method: string,
    path: string,
    result: string,
    query: Pairs | undefined,
    options: CallOptions | undefined,
    body: Body | { value: unknown } | undefined,
  ): Call<T> {
    const at = origin(this.request);
    let settle!: (value: T) => void;
    let reject!: (error: unknown) => void;
    const call = new Call<T>((resolve, refuse) => {
      settle = resolve as (value: T) => void;
      reject = refuse;
    });
    const resolve = (value: unknown, beside: Beside): void => {
      call.note(beside);
      if (result.startsWith("!")) value = new LongRunning(this, value as NativeLongRunning);
      settle(value as T);
    };
    try {
      const json = body === undefined ? undefined : "parameters" in body ? text(body.parameters) : text(body.value);
      const expected = body === undefined || !("parameters" in body || "expected" in body) ? undefined : "parameters" in body ? body.action : body.expected;
      const namesType = body !== undefined && "namesType" in body && body.namesType;
      const headers = pairsOf(options?.headers);
      begin(
        (id, stoppable) =>
          this.native.request(id, method, path, result, json, expected, namesType, query, headers, options?.timeout, stoppable),
        options?.signal,
        method !== "GET",
        { resolve, reject, progress: undefined, at },
      );
    } catch (raised) {
      reject(thrown(raised, at));
    }
    return call;
  }

  pages(listing: Listing): NativePages {
    const { path, item, query, headers, timeout } = listing;
    return atOnce(
      () =>
        path.startsWith("/")
          ? this.native.pages(path, item, query, headers, timeout)
          : this.native.resumePages(path, item),
      this.pages,
    );
  }

  nextPage<T>(pages: NativePages, signal: AbortSignal | undefined): Promise<Page<T> | undefined> {
    const at = origin(this.nextPage);
    return new Promise((resolve, reject) => {
      begin((id, stoppable) => pages.next(id, stoppable), signal, false, {
        resolve: (value, beside) => resolve(pageOf<T>(value, beside)),
        reject,
        progress: undefined,
        at,
      });
    });
  }

  stage<T>(start: (id: number, stoppable: boolean) => void, signal: AbortSignal | undefined): Promise<Stage<T>> {
    const at = origin(this.stage);
    return new Promise((resolve, reject) => {
      begin(start, signal, false, {
        resolve: (value, beside) => resolve(stageOf<T>(value, beside, at)),
        reject,
        progress: undefined,
        at,
      });
    });
  }
}

function pageOf<T>(value: unknown, beside: Beside): Page<T> | undefined {
  if (beside === undefined) return undefined;
  const { count, continuation, meta } = JSON.parse(beside) as { count?: number; continuation?: string; meta: string };
  // The page was checked: `value` is a list, or one item where the service forgot the list.
  const items = (value as { value: T[] | T | null }).value;
  return {
    items: Array.isArray(items) ? items : items === null ? [] : [items],
    count,
    continuation,
    meta: metaOf(meta),
  };
}

function stageOf<T>(value: unknown, beside: Beside, at: Origin): Stage<T> {
  if (beside === undefined) return undefined as unknown as Stage<T>;
  const { status, progress, verdicts, meta, succeeded, failure } = JSON.parse(beside) as ToldStage;
  return {
    status,
    progress,
    value: value as T,
    verdicts,
    meta: metaOf(meta),
    succeeded,
    failure: failure === undefined ? undefined : told(failure, at),
  };
}
