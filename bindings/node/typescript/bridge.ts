import { type Ask, credentialAsked } from "./asked.js";
import { fail, failure, nameOf, thrown, told } from "./errors.js";
import { type NativeEmulator, native } from "./native.js";
import { type Told, records } from "./table.js";

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
  /** An emulator. */
  Emulator = 6,
  /** What a user is to be shown who signs in, as JSON text. */
  Prompt = 7,
  /** The records of a page. */
  Table = 8,
  /** A function of the program's will not be called again. */
  Unused = 11,
}

/** What came beside a value, as JSON text. */
export type Beside = string | undefined;

/** A call that is under way. */
export interface Waiting {
  resolve(value: unknown, beside: Beside): void;
  /** Fails with what is made then: see `fail`. */
  fail(make: (inner: Function) => unknown): void;
  /** Is called with how far it has come; what it throws stops the call. */
  progress?: ((text: string) => unknown) | undefined;
  /** What `progress` threw. */
  thrown?: { raised: unknown } | undefined;
  /** Lets go of its signal. */
  release?: (() => void) | undefined;
}

const waiting = new Map<number, Waiting>();
const credentials = new Map<number, Ask>();
const prompts = new Map<number, (text: string) => unknown>();
/** What credentials threw, by the number under which the native part knows it: the last ones, for they may never be asked for. */
const causes = new Map<number, unknown>();
const KEPT = 64;
let last = 0;

/** A number that nothing else has. */
function next(): number {
  last = (last + 1) >>> 0;
  return last;
}

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
    if (event === Event.Prompt) {
      const question = Number(beside);
      called(question, () => prompts.get(id)?.(value as string), (raised) => keepCause(question, raised));
      continue;
    }
    if (event === Event.Unused) {
      credentials.delete(id);
      prompts.delete(id);
      continue;
    }
    const call = waiting.get(id);
    if (call === undefined) continue;
    if (event === Event.Progress) {
      called(Number(beside), () => call.progress?.(value as string), (raised) => {
        call.thrown = { raised };
      });
      continue;
    }
    ended(id, call);
    try {
      if (event === Event.Text) call.resolve(JSON.parse(value as string), beside);
      else if (event === Event.Table) call.resolve({ value: records(value as Told) }, beside);
      else if (event === Event.Failed) failed(call, value as string, call.thrown === undefined ? cause(beside) : call.thrown.raised);
      else call.resolve(value, beside);
    } catch (raised) {
      call.fail(() => raised);
    }
  }
}

/** The bridge of this thread. */
export const bridge = new native.Bridge(deliver);

let flushing = false;

/** The turn ends: what was begun in it is handed over at once, which wakes the worker thread once. */
function flush(): void {
  flushing = false;
  bridge.flush();
}

function ended(id: number, call: Waiting): void {
  waiting.delete(id);
  call.release?.();
  // An idle client does not keep the process alive.
  if (waiting.size === 0) bridge.hold(false);
}

/**
 * Calls a function of the program's, and answers the native part, which waits for its end. What it throws, or its promise is
 * rejected with, stops what it was called for: `keep` keeps it as the cause.
 */
function called(question: number, run: () => unknown, keep: (raised: unknown) => void): void {
  const failed = (raised: unknown): void => {
    keep(raised);
    bridge.failed(question, nameOf(raised));
  };
  try {
    const given = run() as { then?: unknown } | null | undefined;
    if (typeof given?.then === "function") Promise.resolve(given).then(() => bridge.goOn(question), failed);
    else bridge.goOn(question);
  } catch (raised) {
    failed(raised);
  }
}

function failed(call: Waiting, text: string, cause: unknown): void {
  call.fail((inner) => told(text, inner, cause));
}

function cause(beside: Beside): unknown {
  return beside === undefined ? undefined : causes.get(Number(beside));
}

function asked(id: number, value: string): void {
  const { credential, ...request } = JSON.parse(value) as { credential: number; scopes: string[] };
  credentialAsked(credentials.get(credential), request).then(
    ({ token, expires }) => bridge.token(id, token, expires),
    (raised: unknown) => {
      keepCause(id, raised);
      bridge.failed(id, nameOf(raised));
    },
  );
}

function keepCause(question: number, raised: unknown): void {
  causes.set(question, raised);
  if (causes.size > KEPT) for (const [oldest] of causes) {
    causes.delete(oldest);
    break;
  }
}

/**
 * Keeps who is asked for tokens; gives the number under which the native part knows it. It is kept until the native part says
 * that nothing will ask any more: not only the client can, but whatever is under way.
 */
export function keepCredential(ask: Ask): number {
  const number = next();
  credentials.set(number, ask);
  return number;
}

/** Keeps who is shown what a user needs for signing in, as `keepCredential`. */
export function keepPrompt(show: (text: string) => unknown): number {
  const number = next();
  prompts.set(number, show);
  return number;
}

/** Forgets what was kept for a client that could not be made. */
export function forget(number: number | undefined): void {
  if (number === undefined) return;
  credentials.delete(number);
  prompts.delete(number);
}

/** Begins work of the native part's; throws when it cannot. `writes`: stopping it leaves open whether it happened. */
export function begin(
  start: (id: number) => void,
  signal: AbortSignal | undefined,
  writes: boolean,
  call: Waiting,
): void {
  if (signal?.aborted === true) throw stopped(signal, false, begin);
  const id = next();
  if (signal !== undefined) {
    const stop = (): void => {
      bridge.stop(id);
      ended(id, call);
      call.fail((inner) => stopped(signal, writes, inner));
    };
    signal.addEventListener("abort", stop, { once: true });
    call.release = () => signal.removeEventListener("abort", stop);
  }
  if (waiting.size === 0) bridge.hold(true);
  waiting.set(id, call);
  if (!flushing) {
    flushing = true;
    queueMicrotask(flush);
  }
  try {
    start(id);
  } catch (raised) {
    ended(id, call);
    throw raised;
  }
}

function stopped(signal: AbortSignal, mayHaveReachedService: boolean, inner: Function): Error {
  const fields = {
    cause: signal.reason as unknown,
    mayHaveReachedService,
    nextStep: mayHaveReachedService ? "Read back whether it happened before sending it again" : "",
  };
  return failure("cancelled", "the call was stopped by its signal", fields, inner);
}

/** How work is begun. */
export interface Manner<T> {
  signal?: AbortSignal | undefined;
  /** Whether stopping it leaves open whether it happened. */
  writes?: boolean;
  /** Is called with how far it has come. */
  progress?: ((text: string) => unknown) | undefined;
  /** Makes of a value what it is given for; it is that already unless given. */
  made?: ((value: unknown, beside: Beside) => T) | undefined;
}

/** Begins work of the native part's and waits for its end. `inner`: the functions from there on are ours. */
export function carryOut<T>(start: (id: number) => void, manner: Manner<T>, inner: Function): Promise<T> {
  const { signal, writes = false, progress, made } = manner;
  return new Promise<T>((resolve, reject) => {
    try {
      begin(start, signal, writes, {
        resolve: (value, beside) => resolve(made === undefined ? (value as T) : made(value, beside)),
        fail: (make) => fail(resolve, make),
        progress,
      });
    } catch (raised) {
      reject(thrown(raised, inner) as Error);
    }
  });
}

/** Starts an emulator. */
export function startEmulator(options: string): Promise<NativeEmulator> {
  return carryOut((id) => native.startEmulator(bridge, id, options), {}, startEmulator);
}

/** Runs what answers at once, with errors of ours. */
export function atOnce<T>(run: () => T, inner: Function): T {
  try {
    return run();
  } catch (raised) {
    throw thrown(raised, inner);
  }
}
