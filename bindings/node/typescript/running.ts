import { type Metadata, atOnce, carryOut } from "./bridge.js";
import { readError } from "./errors.js";
import type { DoneOptions, ReadOptions } from "./generated/option-records.js";
import type { Stage } from "./generated/outcomes.js";
import { type Meta, metaOf } from "./meta.js";
import type { NativeLongRunning } from "./native.js";
import { checkOptions } from "./option-names.js";

const TEN_MINUTES = 600;

/**
 * An operation that the service has accepted and carries out later. Its end is not yet the success of what was asked for:
 * read that back.
 *
 * ```ts
 * const operation = await numberAssignments.assignNumber({ ... });
 * await save(operation.token);             // client.follow(token) goes on from here, also elsewhere
 * const end = await operation.done({ timeout: 120 });
 * for await (const stage of operation) console.log(stage.status);
 * ```
 */
export class LongRunning<T> implements AsyncIterable<Stage<T>> {
  readonly #native: NativeLongRunning;

  /** @internal */
  constructor(native: NativeLongRunning) {
    this.#native = native;
  }

  /** The id of the operation, as the service wrote it. */
  get id(): string {
    return this.#native.id;
  }

  /** The operation that started it, for instance `numberAssignments.assignNumber`. */
  get startedBy(): string | undefined {
    return this.#native.startedBy ?? undefined;
  }

  /** A text from which `client.follow` takes it up again, in another process or language. Holds no secret. */
  get token(): string {
    return this.#native.token;
  }

  /** Status, headers and request id of the answer that started it; `undefined` when it was taken up. */
  get meta(): Meta | undefined {
    const meta = this.#native.meta;
    return meta === null ? undefined : metaOf(meta);
  }

  /**
   * The body of the answer that started it, when it had one: some of it is said once only, such as a password that
   * the service made up. `undefined` when it was taken up.
   */
  get accepted(): unknown {
    const accepted = this.#native.accepted;
    // An answer without a body carried nothing.
    return accepted === null ? undefined : (JSON.parse(accepted) ?? undefined);
  }

  /** Looks at it once. */
  async poll(options?: ReadOptions): Promise<Stage<T>> {
    checkOptions("operation.poll", options);
    return (await stage<T>((id) => this.#native.poll(id), options?.signal, this.poll)) as Stage<T>;
  }

  /**
   * Waits for the end, and gives it when the operation and every item of it succeeded.
   *
   * @throws OperationFailedError - The operation, or one of its items, did not succeed.
   * @throws DeadlineError - The end did not come in time. The operation goes on; `resumeToken` takes it up again.
   */
  async done(options?: DoneOptions): Promise<Stage<T>> {
    checkOptions("operation.done", options);
    const timeout = options?.timeout ?? TEN_MINUTES;
    const wait = (id: number): void => this.#native.wait(id, timeout);
    const end = (await stage<T>(wait, options?.signal, this.done)) as Stage<T>;
    if (end.failure !== undefined) throw end.failure;
    return end;
  }

  /** Every look at it until the end, which is the last. Nothing is thrown when it did not succeed: see `failure`. */
  async *stages(options?: DoneOptions): AsyncGenerator<Stage<T>, void, undefined> {
    checkOptions("operation.stages", options);
    const stages = atOnce(() => this.#native.stages(options?.timeout ?? TEN_MINUTES), this.stages);
    for (;;) {
      const seen = await stage<T>((id) => stages.next(id), options?.signal, this.stages);
      if (seen === undefined) return;
      yield seen;
    }
  }

  /** As `stages`. */
  [Symbol.asyncIterator](): AsyncGenerator<Stage<T>, void, undefined> {
    return this.stages();
  }

  /** Its id may hold a telephone number and is not shown. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `LongRunning { startedBy: ${JSON.stringify(this.startedBy)} }`;
  }
}

/** The parts of a stage besides its value. */
interface StageParts {
  status: string;
  progress: Stage<unknown>["progress"];
  verdicts: Stage<unknown>["verdicts"];
  meta: string;
  succeeded?: boolean;
  failure?: string;
}

/** Looks at an operation; nothing after its last stage. */
async function stage<T>(
  start: (id: number) => void,
  signal: AbortSignal | undefined,
  inner: Function,
): Promise<Stage<T> | undefined> {
  const convert = (value: unknown, metadata: Metadata): { value: unknown; metadata: Metadata } => ({ value, metadata });
  const { value, metadata } = await carryOut(start, { signal, convert }, inner);
  if (metadata === undefined) return undefined;
  const { status, progress, verdicts, meta, succeeded, failure } = JSON.parse(metadata) as StageParts;
  return {
    status,
    progress,
    value: value as T,
    verdicts,
    meta: metaOf(meta),
    succeeded,
    failure: failure === undefined ? undefined : readError(failure, stage),
  };
}
