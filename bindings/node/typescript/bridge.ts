import { type Ask, credentialAsked } from "./asked.js";
import { fail, failure, thrown, told } from "./errors.js";
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
}

/** What came beside a value, as JSON text. */
export type Beside = string | undefined;

/** A call that is under way. */
export interface Waiting {
  resolve(value: unknown, beside: Beside): void;
  /** Fails with what is made then: see `fail`. */
  fail(make: (inner: Function) => unknown): void;
  /** Is told how far it has come. */
  progress?: ((told: string) => void) | undefined;
  /** Lets go of its signal. */
  release?: (() => void) | undefined;
}

const waiting = new Map<number, Waiting>();
const credentials = new Map<number, Ask>();
const prompts = new Map<number, (told: string) => void>();
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
      shown(() => prompts.get(id)?.(value as string));
      continue;
    }
    const call = waiting.get(id);
    if (call === undefined) continue;
    if (event === Event.Progress) {
      shown(() => call.progress?.(value as string));
      continue;
    }
    ended(id, call);
    try {
      if (event === Event.Text) call.resolve(JSON.parse(value as string), beside);
      else if (event === Event.Table) call.resolve({ value: records(value as Told) }, beside);
      else if (event === Event.Failed) failed(call, value as string, cause(beside));
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

/** Calls what the program gave. What it throws is the program's, as of any callback: it must not stop the others. */
function shown(run: () => void): void {
  try {
    run();
  } catch (raised) {
    queueMicrotask(() => {
      throw raised;
    });
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
      causes.set(id, raised);
      if (causes.size > KEPT) for (const [oldest] of causes) {
        causes.delete(oldest);
        break;
      }
      bridge.noToken(id, raised instanceof Error ? raised.name : `a thrown ${typeof raised}`);
    },
  );
}

/** Forgets a credential's source when its client is gone. */
const forgotten = new FinalizationRegistry<number>((source) => {
  credentials.delete(source);
  prompts.delete(source);
});

/** Keeps who is asked for tokens, as long as its client lives; gives the number under which the native part knows it. */
export function keepCredential(owner: object, ask: Ask): number {
  const source = next();
  credentials.set(source, ask);
  forgotten.register(owner, source);
  return source;
}

/** Keeps who is shown what a user needs for signing in. */
export function keepPrompt(owner: object, show: (told: string) => void): number {
  const source = next();
  prompts.set(source, show);
  forgotten.register(owner, source);
  return source;
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
  /** Is told how far it has come. */
  progress?: ((told: string) => void) | undefined;
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
