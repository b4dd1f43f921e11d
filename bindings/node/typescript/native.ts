import { load } from "./loading.js";

/** A client of the core. Everything below is given to `Bridge`'s function when it ends, under the id of the call. */
export interface NativeClient {
  readonly cloud: string;
  readonly country: string | null;
  readonly base: string;
  readonly closed: boolean;
  close(): void;
  throttle(): string;
  request(
    id: number,
    method: string,
    path: string,
    answer: number | undefined,
    body: string | undefined,
    expected: string | number | undefined,
    namesType: boolean,
    options: string | undefined,
  ): void;
  preview(method: string, path: string, body: string | undefined, options: string | undefined): string;
  pages(path: string, item: string, options: string | undefined): NativePages;
  resumeList(continuation: string, item: string): NativePages;
  follow(token: string): NativeLongRunning;
  batch(id: number, calls: string, options: string | undefined): void;
  intent(id: number, call: string, args: string, progress: boolean): void;
  answer(call: string, args: string): string;
  list(conditions: string): NativeNumberList;
}

/** Pages of a list, or other values one after another. */
export interface NativePages {
  next(id: number): void;
}

/** Numbers that meet conditions, as many at a time as have arrived. */
export interface NativeNumberList {
  first(id: number): void;
  items(): NativePages;
}

/** An operation that goes on. */
export interface NativeLongRunning {
  readonly id: string;
  readonly startedBy: string | null;
  readonly token: string;
  readonly meta: string | null;
  readonly accepted: string | null;
  poll(id: number): void;
  wait(id: number, timeout: number): void;
  stages(timeout: number): NativePages;
}

/** The bridge between the program and the worker thread. */
export interface NativeBridge {
  /** Carries out what was begun since. */
  flush(): void;
  /** Stops the work of a call. It reports nothing any more. */
  stop(id: number): void;
  /** Gives a token that was asked for, with the milliseconds since 1970 at which it ends. */
  token(asked: number, token: string, expires: number | undefined): void;
  /** Says that a function of the program failed, which was asked for a token or called with progress. */
  failed(asked: number, reason: string): void;
  /** Says that a function of the program that was called, with progress for instance, has ended well. */
  goOn(asked: number): void;
  /** Gives the response of a transport. The headers are names and values, one after the other. */
  respond(asked: number, status: number, headers: string[], body: Uint8Array): void;
  /** Says that a transport failed as the network does. */
  fault(asked: number, reason: string, fault: string): void;
  /** Whether the process is kept alive by it. */
  hold(held: boolean): void;
}

/** The emulator, in this process. */
export interface NativeEmulator {
  readonly url: string;
  call(method: string, argument: string): string;
  close(): void;
}

/** A file that was read. */
export interface NativeRows {
  describe(): string;
}

/** A plan. */
export interface NativePlan {
  describe(): string;
  digest(): string;
  rows(start: number, end: number): string;
}

/** A run. */
export interface NativeRun {
  readonly hasBegun: boolean;
  next(id: number): void;
  stop(): void;
  abandon(id: number): void;
}

/** Bulk work of a client. */
export interface NativeBulk {
  plan(id: number, rows: NativeRows, options: string): void;
  apply(plan: NativePlan | undefined, journal: string, options: string): NativeRun;
  verify(id: number, journal: string, wait: number): void;
  undo(id: number, journal: string): void;
  export(id: number, path: string, phones: boolean, policies: boolean): void;
}

/** A journal that is read. */
export interface NativeJournal {
  describe(): string;
  rows(after: number | undefined, count: number): string;
}

/** The native part. */
export interface Native {
  Bulk: new (client: NativeClient) => NativeBulk;
  Journal: new (path: string) => NativeJournal;
  readRows(bridge: NativeBridge, id: number, source: string | Buffer, options: string): void;
  readPlan(bridge: NativeBridge, id: number, path: string): void;
  writePlan(bridge: NativeBridge, id: number, plan: NativePlan, path: string): void;
  writeReport(bridge: NativeBridge, id: number, journal: string, options: string): void;
  Bridge: new (deliver: (events: unknown[]) => void) => NativeBridge;
  Client: new (bridge: NativeBridge, options: string) => NativeClient;
  LongRunning: abstract new () => NativeLongRunning;
  startEmulator(bridge: NativeBridge, id: number, options: string): void;
  withKey(path: string, key: string): string;
  called(path: string, callable: number, args: string): string;
  errorKinds(): string[];
  /** Runs the command line and returns the exit code; the first argument is the name of the program. */
  runCommand(args: string[]): number;
  operations(): string;
}

/** The native part, from a file next to this one or from the package of the platform. */
export const native: Native = load() as Native;
