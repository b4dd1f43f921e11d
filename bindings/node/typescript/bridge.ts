import { type Ask, credentialAsked } from "./asked.js";
import { type Origin, failure, origin, thrown, told } from "./errors.js";
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
  reject(error: unknown): void;
  /** Is told how far it has come. */
  progress?: ((told: string) => void) | undefined;
  /** Where it was made. */
  at: Origin;
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
    ended(id);
    try {
      if (event === Event.Text) call.resolve(JSON.parse(value as string), beside);
      else if (event === Event.Table) call.resolve({ value: records(value as Told) }, beside);
      else if (event === Event.Failed) call.reject(told(value as string, call.at, cause(beside)));
      else call.resolve(value, beside);
    } catch (raised) {
      call.reject(raised);
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

function ended(id: number): void {
  waiting.delete(id);
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

/** Begins work of the native part's. `writes`: stopping it leaves open whether it happened. */
export function begin(
  start: (id: number) => void,
  signal: AbortSignal | undefined,
  writes: boolean,
  call: Waiting,
): void {
  if (signal?.aborted === true) {
    call.reject(stopped(signal, false, call.at));
    return;
  }
  const id = next();
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
  if (!flushing) {
    flushing = true;
    queueMicrotask(flush);
  }
  try {
    start(id);
  } catch (raised) {
    ended(id);
    call.reject(thrown(raised, call.at));
  }
}

function stopped(signal: AbortSignal, mayHaveReachedService: boolean, at: Origin): Error {
  const fields = {
    cause: signal.reason as unknown,
    mayHaveReachedService,
    nextStep: mayHaveReachedService ? "Read back whether it happened before sending it again" : "",
  };
  return failure("cancelled", "the call was stopped by its signal", fields, at);
}

/** How work is begun whose value needs no making. */
export interface Manner {
  signal?: AbortSignal | undefined;
  /** Whether stopping it leaves open whether it happened. */
  writes?: boolean;
  /** Is told how far it has come. */
  progress?: ((told: string) => void) | undefined;
}

/** Begins work of the native part's and waits for its end. `inner`: the functions from there on are ours. */
export function carryOut<T>(start: (id: number) => void, manner: Manner, inner: Function): Promise<T> {
  const at = origin(inner);
  return new Promise<T>((resolve, reject) => {
    begin(start, manner.signal, manner.writes ?? false, {
      resolve: (value) => resolve(value as T),
      reject,
      progress: manner.progress,
      at,
    });
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
    throw thrown(raised, origin(inner));
  }
}
