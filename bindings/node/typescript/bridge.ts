import { type Ask, requestFromCredential } from "./token-request.js";
import { errorOf, fail, failure, nameOf, readError } from "./errors.js";
import { type NativeEmulator, native } from "./native.js";
import { type Payload, records } from "./table.js";
import { type NativeRequest, OwnError, type TransportFunction, answerOf, faultOf } from "./transport.js";

/** The kinds of events; the numbers are the native part's. */
const enum Event {
  /** Nothing came back, or null. */
  Nothing = 0,
  /** JSON text. */
  Text = 1,
  /** An object of the native part. */
  Instance = 2,
  /** It failed: JSON text about it. */
  Failed = 3,
  /** A credential is asked for a token. */
  Token = 4,
  /** How far it has come, as JSON text. */
  Progress = 5,
  /** The instructions for a user who signs in, as JSON text. */
  Prompt = 7,
  /** The records of a page. */
  Table = 8,
  /** A function of the program's will not be called again. */
  Unused = 11,
  /** An event of a call, as JSON text. */
  Observed = 12,
  /** A transport is asked to answer a request. */
  Request = 13,
}

/** The metadata of a value, as JSON text. */
export type Metadata = string | undefined;

/** A call that is under way. */
export interface Waiting {
  resolve(value: unknown, metadata: Metadata): void;
  /** Fails with the error that is created then: see `fail`. */
  fail(make: (inner: Function) => unknown): void;
  /** Is called with how far it has come; what it throws stops the call. */
  progress?: ((text: string) => unknown) | undefined;
  /** The error that `progress` threw. */
  thrownValue?: { raised: unknown } | undefined;
  /** Lets go of its signal. */
  release?: (() => void) | undefined;
  /** The async context of the caller, in which events of the call are reported. */
  context?: Context | undefined;
}

/** An async context of the program's. */
export interface Context {
  runInAsyncScope(run: (text: string) => void, self: undefined, text: string): void;
}

const waiting = new Map<number, Waiting>();
const credentials = new Map<number, Ask>();
const observers = new Map<number, (text: string) => void>();
/** The contexts of calls that ended last: events of a run may come before its next call, those of a call that was stopped after it. */
const pastContexts = new Map<number, Context>();
const MOST_CONTEXTS = 64;
/** The async context of who calls it; nothing before the first observer. */
let contextOfCaller: () => Context | undefined = () => undefined;
const prompts = new Map<number, (text: string) => unknown>();
const transports = new Map<number, TransportFunction>();
/** Errors that credentials and transports threw, by the number under which the native part knows them: the last ones, for they may never be asked for. */
const causes = new Map<number, unknown>();
const MOST_CAUSES = 64;
let last = 0;

/** A number that nothing else has. */
function next(): number {
  last = (last + 1) >>> 0;
  return last;
}

/** Settles the calls that have ended. Four elements for each event: id, kind, value, metadata. */
function deliver(events: unknown[]): void {
  for (let index = 0; index < events.length; index += 4) {
    const id = events[index] as number;
    const event = events[index + 1] as Event;
    const value = events[index + 2];
    const metadata = events[index + 3] as Metadata;
    if (event === Event.Token) {
      requestToken(id, value as string);
      continue;
    }
    if (event === Event.Prompt) {
      const question = Number(metadata);
      called(question, () => prompts.get(id)?.(value as string), (raised) => keepCause(question, raised));
      continue;
    }
    if (event === Event.Request) {
      answerRequest(id, value as string);
      continue;
    }
    if (event === Event.Unused) {
      credentials.delete(id);
      prompts.delete(id);
      observers.delete(id);
      transports.delete(id);
      continue;
    }
    if (event === Event.Observed) {
      observed(id, metadata, value as string);
      continue;
    }
    const call = waiting.get(id);
    if (call === undefined) continue;
    if (event === Event.Progress) {
      called(Number(metadata), () => call.progress?.(value as string), (raised) => {
        call.thrownValue = { raised };
      });
      continue;
    }
    ended(id, call);
    try {
      if (event === Event.Text) call.resolve(JSON.parse(value as string), metadata);
      else if (event === Event.Table) call.resolve({ value: records(value as Payload) }, metadata);
      else if (event === Event.Failed) failed(call, value as string, call.thrownValue === undefined ? cause(metadata) : call.thrownValue.raised);
      else call.resolve(value, metadata);
    } catch (raised) {
      call.fail(() => raised);
    }
  }
}

/** Reports an event in the context of the call that it is about. */
function observed(id: number, call: Metadata, text: string): void {
  const observe = observers.get(id);
  if (observe === undefined) return;
  const context = waiting.get(Number(call))?.context ?? pastContexts.get(Number(call));
  if (context === undefined) observe(text);
  else context.runInAsyncScope(observe, undefined, text);
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
  if (call.context !== undefined) keepLast(pastContexts, MOST_CONTEXTS, id, call.context);
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
    const result = run() as { then?: unknown } | null | undefined;
    if (typeof result?.then === "function") Promise.resolve(result).then(() => bridge.goOn(question), failed);
    else bridge.goOn(question);
  } catch (raised) {
    failed(raised);
  }
}

function failed(call: Waiting, text: string, cause: unknown): void {
  if (cause instanceof OwnError) call.fail(() => cause.raised);
  else call.fail((inner) => readError(text, inner, cause));
}

function cause(metadata: Metadata): unknown {
  return metadata === undefined ? undefined : causes.get(Number(metadata));
}

function requestToken(id: number, value: string): void {
  const { credential, ...request } = JSON.parse(value) as { credential: number; scopes: string[] };
  requestFromCredential(credentials.get(credential), request).then(
    ({ token, expires }) => bridge.token(id, token, expires),
    (raised: unknown) => {
      keepCause(id, raised);
      bridge.failed(id, nameOf(raised));
    },
  );
}

function answerRequest(id: number, value: string): void {
  const { transport, ...request } = JSON.parse(value) as { transport: number } & NativeRequest;
  answerOf(transports.get(transport), request).then(
    ({ status, headers, body }) => bridge.respond(id, status, headers, body),
    (raised: unknown) => {
      const fault = faultOf(raised);
      keepCause(id, fault === undefined ? new OwnError(raised) : raised);
      if (fault === undefined) bridge.failed(id, nameOf(raised));
      else bridge.fault(id, nameOf(raised), fault);
    },
  );
}

function keepCause(question: number, raised: unknown): void {
  keepLast(causes, MOST_CAUSES, question, raised);
}

/** Keeps a value among the last ones. */
function keepLast<T>(values: Map<number, T>, most: number, key: number, value: T): void {
  values.set(key, value);
  if (values.size > most) for (const [oldest] of values) {
    values.delete(oldest);
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

/** Keeps who gets the events of a client, as `keepCredential`. `context` gives the async context of who calls it. */
export function keepObserver(observe: (text: string) => void, context: () => Context): number {
  const number = next();
  observers.set(number, observe);
  contextOfCaller = context;
  return number;
}

/** Keeps the function that answers the requests of a client, as `keepCredential`. */
export function keepTransport(transport: TransportFunction): number {
  const number = next();
  transports.set(number, transport);
  return number;
}

/** Forgets what was kept for a client that could not be built. */
export function forget(number: number | undefined): void {
  if (number === undefined) return;
  credentials.delete(number);
  prompts.delete(number);
  observers.delete(number);
  transports.delete(number);
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
  if (observers.size !== 0) call.context = contextOfCaller();
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
export interface CallBehaviour<T> {
  signal?: AbortSignal | undefined;
  /** Whether stopping it leaves open whether it happened. */
  writes?: boolean;
  /** Is called with how far it has come. */
  progress?: ((text: string) => unknown) | undefined;
  /** Makes of a value what it is given for; it is that already unless given. */
  convert?: ((value: unknown, metadata: Metadata) => T) | undefined;
}

/** Begins work of the native part's and waits for its end. `inner`: the functions from there on are ours. */
export function carryOut<T>(start: (id: number) => void, behaviour: CallBehaviour<T>, inner: Function): Promise<T> {
  const { signal, writes = false, progress, convert } = behaviour;
  return new Promise<T>((resolve, reject) => {
    try {
      begin(start, signal, writes, {
        resolve: (value, metadata) => resolve(convert === undefined ? (value as T) : convert(value, metadata)),
        fail: (make) => fail(resolve, make),
        progress,
      });
    } catch (raised) {
      reject(errorOf(raised, inner) as Error);
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
    throw errorOf(raised, inner);
  }
}
