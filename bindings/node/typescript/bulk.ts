import { types } from "node:util";

import { atOnce, bridge, carryOut } from "./bridge.js";
import type {
  BulkEvent,
  Exported,
  JournalRow,
  JournalState,
  PlanFacts,
  PlannedRow,
  RowsFacts,
  Summary,
  VerifiedRow,
} from "./generated/bulk-records.js";
import type {
  ApplyOptions,
  ExportOptions,
  PlanOptions,
  ReadOptions,
  ReadRowsOptions,
  ReportOptions,
  VerifyOptions,
} from "./generated/option-records.js";
import { BulkError, failure } from "./errors.js";
import { text } from "./json.js";
import { type NativeBulk, type NativeClient, type NativePlan, type NativeRows, type NativeRun, native } from "./native.js";
import { checkOptions } from "./option-names.js";
import { placeOf, withPlaces } from "./file-place.js";
import type { Path, RunOptions } from "./options.js";

/** A file that was read has these properties. */
export interface Rows extends RowsFacts {}

/** A file that was read: rows that are understood, and what is wrong with the others. */
export class Rows {
  /** @internal */
  readonly native!: NativeRows;
  /** How many rows are understood. */
  readonly length!: number;

  /** @internal */
  constructor(rows: NativeRows) {
    Object.defineProperty(this, "native", { value: rows });
    const { rows: length, leftOut, ...facts } = JSON.parse(rows.describe()) as RowsFacts & { rows: number; leftOut: unknown };
    Object.assign(this, { length, ...facts });
  }
}

const TOGETHER = 500;

/** A plan has these properties. */
export interface Plan extends PlanFacts {}

/** A plan: the changes of a file, row by row. A plan belongs to one tenant and cloud. */
export class Plan implements Iterable<PlannedRow> {
  /** @internal */
  readonly native!: NativePlan;

  /** @internal */
  constructor(plan: NativePlan) {
    Object.defineProperty(this, "native", { value: plan });
    Object.assign(this, JSON.parse(plan.describe()) as PlanFacts);
  }

  /**
   * Reads a plan file.
   *
   * @throws BulkError - `plan`: it cannot be read, is damaged, or is of a newer version.
   */
  static async read(path: Path): Promise<Plan> {
    const place = placeOf(path);
    const start = (id: number): void => native.readPlan(bridge, id, place);
    return new Plan(await carryOut<NativePlan>(start, {}, Plan.read));
  }

  /**
   * Writes the plan file: all of it or nothing, readable by its owner only.
   *
   * @throws BulkError - `disk`: the folder cannot be written, or the disk is full.
   */
  write(path: Path): Promise<void> {
    const place = placeOf(path);
    return carryOut((id) => native.writePlan(bridge, id, this.native, place), {}, this.write);
  }

  /** All rows, in order of their lines. Each time they are made anew; going through the plan makes a few at a time. */
  get rows(): PlannedRow[] {
    return [...this];
  }

  /** SHA-256 of the plan: a journal belongs to one plan. */
  get digest(): string {
    return this.native.digest();
  }

  /** Every row. */
  *[Symbol.iterator](): Generator<PlannedRow, void, undefined> {
    for (let start = 0; start < this.summary.rows; start += TOGETHER) {
      yield* JSON.parse(this.native.rows(start, start + TOGETHER)) as PlannedRow[];
    }
  }
}

/** A journal, open for reading only. It can be read while another process writes it. It is an SQLite file. */
export class Journal implements Iterable<JournalRow> {
  readonly #native: InstanceType<typeof native.Journal>;

  /**
   * Opens it.
   *
   * @throws BulkError - `journal`: there is none, it is damaged, or it is of a newer version.
   */
  constructor(path: Path) {
    const place = placeOf(path);
    this.#native = atOnce(() => new native.Journal(place), Journal);
  }

  /** Its state at this moment. */
  get state(): JournalState {
    return JSON.parse(atOnce(() => this.#native.describe(), placeOf)) as JournalState;
  }

  /** Every row in order; a few hundred are read at a time. */
  *[Symbol.iterator](): Generator<JournalRow, void, undefined> {
    let last: number | undefined;
    for (;;) {
      const rows = JSON.parse(atOnce(() => this.#native.rows(last, TOGETHER), placeOf)) as JournalRow[];
      if (rows.length === 0) return;
      yield* rows;
      last = rows.at(-1)?.planned.row;
    }
  }
}

/**
 * A run: what happens, in order, until everything is done that could be. It continues while your code does other work.
 *
 * Everything is in the journal before it is sent, so that a process can be killed at any moment and `resume` goes on. Leaving
 * a `for await` early stops the run gently: nothing more is begun, and requests in progress are waited for.
 *
 * Its errors are `BulkError`s. Before anything is sent: `otherTenant` when plan or journal are of another one, `otherPlan`
 * when the journal is of another plan, `busy` when another process works on it, `journal` when it is damaged or newer, `disk`
 * when it cannot be written. Later: `disk`, `service` or `stopped`; the journal has what was done.
 */
export class Apply implements AsyncIterable<BulkEvent>, AsyncDisposable {
  readonly #native: NativeRun;
  readonly #signal: AbortSignal | undefined;
  readonly #description: BulkEvent[] = [];
  #summary: Summary | undefined;

  /** @internal */
  constructor(run: NativeRun, signal: AbortSignal | undefined) {
    this.#native = run;
    this.#signal = signal;
    if (signal?.aborted === true) run.stop();
    // Weak: a signal may outlive many runs.
    const held = new WeakRef(run);
    signal?.addEventListener("abort", () => held.deref()?.stop(), { once: true });
  }

  /** How many rows ended how, once the run has ended. */
  get summary(): Summary | undefined {
    return this.#summary;
  }

  /** Every event. A second time goes on where the first was left. */
  async *[Symbol.asyncIterator](): AsyncGenerator<BulkEvent, void, undefined> {
    let ended = false;
    try {
      for (;;) {
        const event = this.#description.shift();
        if (event !== undefined) yield event;
        else if (!(await this.#hear())) break;
      }
      ended = true;
    } finally {
      if (!ended) await this.close();
    }
  }

  /** Runs to the end, and gives how many rows ended how. */
  async run(options?: RunOptions): Promise<Summary> {
    checkOptions("apply.run", options);
    for await (const event of this) options?.onEvent?.(event);
    if (this.#summary === undefined) {
      const fields = { kind: "stopped", nextStep: "Start another run" };
      throw failure("bulk", "the run has already ended", fields, this.run);
    }
    return this.#summary;
  }

  /**
   * Asks the run to stop: nothing more is begun, requests in progress are waited for, what only waits is left to the next run. It
   * then tells the ends of the rows that were on their way, and ends with a `BulkError` of kind `stopped`.
   */
  stop(): void {
    this.#native.stop();
  }

  /** Stops it gently and waits for its end. Twice does no harm. */
  async close(): Promise<void> {
    if (!this.#native.hasBegun) return;
    this.#native.stop();
    try {
      // Events in the meantime are in the journal.
      while ((await this.#next()) !== undefined);
    } catch (raised) {
      if (!(raised instanceof BulkError && raised.kind === "stopped")) throw raised;
    } finally {
      await carryOut((id) => this.#native.abandon(id), {}, this.close);
    }
  }

  /** As `close`: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #next(): Promise<BulkEvent[] | undefined> {
    return carryOut((id) => this.#native.next(id), {}, this[Symbol.asyncIterator]);
  }

  async #hear(): Promise<boolean> {
    let events: BulkEvent[] | undefined;
    try {
      events = await this.#next();
    } catch (raised) {
      if (this.#signal?.aborted === true && raised instanceof BulkError && raised.kind === "stopped") {
        raised.cause = this.#signal.reason;
      }
      throw raised;
    }
    if (events === undefined) return false;
    for (const event of events) {
      if (event.kind === "ended") {
        const { kind: _, ...summary } = event;
        this.#summary = summary;
      }
      this.#description.push(event);
    }
    return true;
  }
}

/**
 * A whole file of telephone numbers and phone methods: plan it, apply it, verify, undo. Nothing is changed but by `apply` and
 * `resume`. The client's `pace` says how fast requests are sent.
 *
 * ```ts
 * const plan = await client.bulk.plan("numbers.csv");
 * const summary = await client.bulk.apply(plan, "numbers.journal").run({ onEvent: (event) => console.log(event) });
 * ```
 */
export class Bulk {
  readonly #client: NativeClient;

  /** @internal */
  constructor(client: NativeClient) {
    this.#client = client;
  }

  /**
   * Reads a file of rows and checks it: CSV, XLSX or JSONL, by its path or its bytes. Nothing is sent.
   *
   * @throws BulkError - `input`: the file cannot be read at all. What is wrong with single rows is in `problems`.
   */
  async read(source: Path | Uint8Array, options: ReadRowsOptions = {}): Promise<Rows> {
    checkOptions("bulk.read", options);
    const country = options.country ?? this.#client.country ?? undefined;
    const optionsText = text(withPlaces({ ...options, country }), "options");
    const content = types.isUint8Array(source) ? Buffer.from(source) : placeOf(source);
    const start = (id: number): void => native.readRows(bridge, id, content, optionsText);
    return new Rows(await carryOut<NativeRows>(start, {}, this.read));
  }

  /**
   * Reads the live state that the rows are about, in batches, and decides what follows. Nothing is changed. `rows` are what
   * `read` gave, or a file that is read with its defaults.
   *
   * @throws BulkError - `input`: rows cannot be read, and `skipUnreadable` is not given. `service`: the state cannot be read;
   * its cause says why.
   */
  async plan(rows: Rows | Path | Uint8Array, options: PlanOptions = {}): Promise<Plan> {
    checkOptions("bulk.plan", options);
    const { signal, ...rest } = options;
    const read = rows instanceof Rows ? rows : await this.read(rows, { pick: rest.pool !== undefined });
    const optionsText = text(rest, "options");
    return new Plan(await this.#carryOut<NativePlan>((bulk, id) => bulk.plan(id, read.native, optionsText), signal, this.plan));
  }

  /**
   * Applies a plan, or goes on applying it when the journal is there already. Nothing happens until the run is gone through.
   * A plan file is read with `Plan.read`.
   */
  apply(plan: Plan, journal: Path, options: ApplyOptions = {}): Apply {
    checkOptions("bulk.apply", options);
    return this.#run(plan.native, journal, options, this.apply);
  }

  /** Goes on with what a journal holds: what was on its way is read back first, and nothing is sent twice. */
  resume(journal: Path, options: ApplyOptions = {}): Apply {
    checkOptions("bulk.resume", options);
    return this.#run(undefined, journal, options, this.resume);
  }

  /**
   * Reads the live state of every row of a journal again, and says which rows hold. Nothing is changed.
   *
   * @throws BulkError - `journal`: it cannot be read. `otherTenant`: it is of another one. `service`: the state cannot be read.
   */
  async verify(journal: Path, options?: VerifyOptions): Promise<VerifiedRow[]> {
    checkOptions("bulk.verify", options);
    const place = placeOf(journal);
    const wait = options?.wait ?? 30;
    return this.#carryOut<VerifiedRow[]>((bulk, id) => bulk.verify(id, place, wait), options?.signal, this.verify);
  }

  /** Plans how to bring back what the rows of a journal changed. Apply it with a journal of its own. Throws as `verify`. */
  async undo(journal: Path, options?: ReadOptions): Promise<Plan> {
    checkOptions("bulk.undo", options);
    const place = placeOf(journal);
    return new Plan(await this.#carryOut<NativePlan>((bulk, id) => bulk.undo(id, place), options?.signal, this.undo));
  }

  /**
   * Writes the present state as a file of rows, a workbook or JSONL when its name ends so and CSV otherwise; planning it
   * again finds nothing to do.
   *
   * @throws BulkError - `service`: the state cannot be read. `disk`: it cannot be written.
   */
  async export(path: Path, options?: ExportOptions): Promise<Exported> {
    checkOptions("bulk.export", options);
    const place = placeOf(path);
    const [phones, policies] = [options?.phones === true, options?.policies === true];
    const begin = (bulk: NativeBulk, id: number): void => bulk.export(id, place, phones, policies);
    return this.#carryOut<Exported>(begin, options?.signal, this.export);
  }

  /**
   * Writes what a journal holds, for others. Nothing is sent.
   *
   * @throws BulkError - `journal`: it cannot be read. `disk`: a file cannot be written.
   */
  async report(journal: Path, options: ReportOptions): Promise<void> {
    checkOptions("bulk.report", options);
    const place = placeOf(journal);
    const { html, csv, xlsx, jsonl, masked } = options;
    const or = (path: Path | undefined): string | undefined => (path === undefined ? undefined : placeOf(path));
    const optionsText = text({ html: or(html), csv: or(csv), xlsx: or(xlsx), jsonl: or(jsonl), masked }, "options");
    return carryOut((id) => native.writeReport(bridge, id, place, optionsText), {}, this.report);
  }

  /** Opens a journal for reading. */
  journal(path: Path): Journal {
    return new Journal(path);
  }

  #run(plan: NativePlan | undefined, journal: Path, options: ApplyOptions, inner: Function): Apply {
    const { signal, ...rest } = options;
    const optionsText = text(rest, "options");
    const place = placeOf(journal);
    return new Apply(atOnce(() => new native.Bulk(this.#client).apply(plan, place, optionsText), inner), signal);
  }

  #carryOut<T>(
    start: (bulk: NativeBulk, id: number) => void,
    signal: AbortSignal | undefined,
    inner: Function,
  ): Promise<T> {
    return carryOut<T>((id) => start(new native.Bulk(this.#client), id), { signal }, inner);
  }
}
