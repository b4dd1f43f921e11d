// Records of bulk work: input, plans, outcomes and events. The names are those of plan files, journals and reports.

/** An error or a warning about a file. */
export interface Problem {
  /** The row, counted from one, header included. */
  readonly line: number;
  /** The column, as the file heads it. */
  readonly column?: string;
  /** The value of the cell, masked and shortened. */
  readonly value?: string;
  /** The kind of the problem, for instance `scientificNumber`. */
  readonly kind: string;
  /** `error`: the row is not understood and not among the rows. */
  readonly severity: "note" | "warning" | "error";
  /** The message. */
  readonly what: string;
  /** The next step. */
  readonly nextStep: string;
}

/** Somebody, as the file names them and as the directory does. */
export interface Person {
  /** Object id; absent when nobody was found. */
  readonly id?: string;
  /** A principal name or an object id. */
  readonly name: string;
  /** The principal name that the directory has, where the file names an object id. */
  readonly principalName?: string;
}

/** One change: what a row asks for, and what a step sends. */
export type Change =
  | {
      readonly action: "assign";
      readonly number: string;
      readonly to: Person;
      readonly category?: string;
      readonly location?: string;
      readonly numberType?: string;
      /** Whether the number is taken from who holds it: a move. */
      readonly takes: boolean;
      /** Whether planning chose the number. */
      readonly picked: boolean;
    }
  | { readonly action: "unassign"; readonly number: string; readonly holder?: Person }
  | { readonly action: "setLocation"; readonly number: string; readonly location: string | null }
  | { readonly action: "setPhone"; readonly user: Person; readonly role: string; readonly number: string }
  | { readonly action: "removePhone"; readonly user: Person; readonly role: string }
  | { readonly action: "smsSignIn"; readonly user: Person; readonly enabled: boolean };

/** The wanted state of a row. */
export type Wanted =
  | Change
  /** Nobody knows, as the row cannot be read; its findings say why. */
  | { readonly action: "unreadable"; readonly number?: string; readonly user?: Person };

/** The file of rows that a plan was made of. */
export interface SourceFile {
  /** Its name without the folder; absent when the rows did not come from a file. */
  readonly name?: string;
  /** How many bytes it has. */
  readonly bytes: number;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly digest: string;
  /** How many rows it has, without the header and blank ones. */
  readonly rows: number;
  /** How many of them cannot be read. */
  readonly unreadable: number;
  /** How many of them say the same as an earlier one, and are not in the plan. */
  readonly repeated: number;
}

/** How a number or a phone method was when it was read. Texts are the service's. */
export type State =
  | {
      readonly of: "number";
      readonly number: string;
      readonly numberType: string | null;
      readonly numberSource: string | null;
      readonly status: string | null;
      readonly activation: string | null;
      /** Object id of the holder; what the service calls a holder that is no account. */
      readonly holder: string | null;
      /** The holder's principal name, where it was read. */
      readonly holderName?: string;
      /** Whether the directory was asked for the holder and has no such account. */
      readonly isHolderGone?: boolean;
      readonly category: string | null;
      readonly location: string | null;
    }
  | {
      readonly of: "phone";
      /** Object id. */
      readonly user: string;
      readonly role: string;
      /** The number; null when the user has no such method. */
      readonly number: string | null;
      readonly smsSignIn: string | null;
    };

/** Which step: the row's line, and the position among its steps from 0. */
export type StepId = readonly [line: number, position: number];

/** One change that is sent. */
export type Step = Change & {
  /** Steps that must have ended well before. */
  readonly needs?: readonly StepId[];
  /** How the thing must be when the step begins; otherwise somebody changed it since, and nothing is sent. */
  readonly expects: State;
};

/** Something to know of a row, found while planning. */
export interface Finding {
  /** Whether it stops the row. */
  readonly severity: "warning" | "error";
  /** A word for programs, for instance `noPhoneLicence` or `heldByOther`. */
  readonly code: string;
  /** In a sentence. */
  readonly what: string;
  /** The next step. */
  readonly nextStep: string;
}

/** A number that somebody loses by a row. */
export interface Loss {
  /** The number. */
  readonly number: string;
  /** Object id of whoever loses it. */
  readonly loser: string;
  /** Their principal name, where it was read. */
  readonly loserName?: string;
  /** Which of their lines it was. */
  readonly category?: string;
  /** Who has it afterwards; absent when it is free then. */
  readonly to?: Person;
  /** Whether it is released to make room for another number of the same person (the option `replace`). */
  readonly isReplaced?: boolean;
  /** How the release ended; absent in a plan. */
  readonly ending?: Ending;
}

/** A row of the file, planned. */
export interface PlannedRow {
  /** The line in the file, the header being 1. */
  readonly line: number;
  /** The change that the row asks for. */
  readonly wanted: Wanted;
  /** Whether it would be changed, is already correct, or cannot be: see `findings`. */
  readonly verdict: "change" | "already" | "refused";
  /** How the thing was; absent when it was not found. */
  readonly before?: State;
  /** The steps, in order. */
  readonly steps?: readonly Step[];
  /** Findings for an administrator. */
  readonly findings?: readonly Finding[];
  /** Numbers that somebody loses by it. */
  readonly losses?: readonly Loss[];
}

/** How many rows of a plan would end how. */
export interface PlanSummary {
  /** All rows. */
  readonly rows: number;
  /** Would be changed. */
  readonly change: number;
  /** Are already correct. */
  readonly already: number;
  /** Cannot be. */
  readonly refused: number;
  /** Changes that would be sent. */
  readonly steps: number;
  /** Numbers that somebody loses. */
  readonly losses: number;
  /** Of these, numbers that no row names: they make room for another number of the same person. */
  readonly replaced: number;
  /** Of these, numbers that are assigned again by the same plan. */
  readonly reassigned: number;
  /** Mails that a tenant may send to people: one for each assignment and each release. */
  readonly mails: number;
}

/** How a row ended: changed and read back; accepted and not seen yet; already correct; refused; not sent; still under way; unknown. */
export type Ending = "done" | "notSeen" | "already" | "failed" | "skipped" | "pending" | "unknown";

/** How many rows ended how. */
export type Summary = Readonly<Record<Ending, number>> & {
  /** All rows that ended. */
  readonly rows: number;
  /** Rows that have not ended; resuming goes on with them. */
  readonly open: number;
};

/** Why a row failed. */
export interface Failure {
  /** The kind of error, as of `GraphError`, or a code of planning such as `noPhoneLicence`, or `stale`. */
  readonly kind: string;
  /** The HTTP status, if there was an answer. */
  readonly status?: number;
  /** The service's code. */
  readonly code?: string;
  /** The service's own words. May hold personal data. */
  readonly serviceMessage?: string;
  /** The diagnosis, in a sentence. */
  readonly what: string;
  /** The next step. */
  readonly nextStep: string;
}

/** The end of a row in full. */
export interface RowOutcome {
  /** The line in the file. */
  readonly line: number;
  /** How it ended. */
  readonly ending: Ending;
  /** How it was when the plan was made. */
  readonly before?: State;
  /** How it was read back last. */
  readonly after?: State;
  /** The service's ids of the requests that were sent for it, in order. */
  readonly requestIds?: readonly string[];
  /** The service's operations that carried it out. */
  readonly operations?: readonly string[];
  /** Why it failed. */
  readonly failure?: Failure;
  /** Warnings for an administrator about a row that succeeded. */
  readonly warnings?: readonly string[];
}

/** A row of a journal, compared with the live state. */
export interface VerifiedRow {
  /** The line in the file. */
  readonly line: number;
  /** The change that the row asks for. */
  readonly wanted: Wanted;
  /** How the row had ended; absent while it is open. */
  readonly ending?: Ending;
  /** Whether the live state is as the row asks for. */
  readonly holds: boolean;
  /** Whether it had ended well and does not hold any more: somebody changed it since. */
  readonly hasDrifted: boolean;
  /** How it is now; absent when it was not found. */
  readonly now?: State;
  /** Why it does not hold, as far as planning it again would say. */
  readonly what?: string;
}

/** How far a run is. */
export interface RunProgress {
  /** How many rows ended how, those of earlier runs included. */
  readonly summary: Summary;
  /** All rows of the plan. */
  readonly rows: number;
  /** Steps that are being carried out. */
  readonly inFlight: number;
  /** Requests sent in this run. */
  readonly requests: number;
  /** Of them answered 429. */
  readonly throttled: number;
  /** Rows ended per second, over the last seconds. */
  readonly rowsPerSecond: number;
  /** Requests per second that the service lets us send now; null when nothing limits them. */
  readonly allowedRate: number | null;
  /** Seconds for which the service asked to send nothing. */
  readonly pausedFor: number | null;
  /** Seconds to the end at the present rate. */
  readonly secondsLeft: number | null;
}

/** An event of a run; `event` says which. */
export type BulkEvent =
  /** The run begins, or goes on: how many rows there are, and how many had ended in an earlier run. */
  | { readonly event: "started"; readonly rows: number; readonly ended: number; readonly resumed: boolean }
  /** A request that changes something is about to be sent; the journal has it. */
  | { readonly event: "sending"; readonly step: StepId; readonly operation: string }
  /** The service accepted an order. */
  | { readonly event: "accepted"; readonly step: StepId; readonly operationId: string }
  /** A row ended. */
  | ({ readonly event: "row" } & RowOutcome)
  /** A row was left open although nothing stopped the run: resuming takes it up. */
  | { readonly event: "left"; readonly line: number; readonly failure: Failure }
  /**
   * A number was taken from its holder and could not be given (the line), so no further number is taken for another row; so many
   * rows stay open because of it. The run ends with a `BulkError` of kind `stopped`; with `releaseBrake: true` it would go on.
   */
  | { readonly event: "braked"; readonly line: number; readonly rows: number }
  /** Something an administrator should know of the run: the computer's clock jumped, for instance. */
  | { readonly event: "warned"; readonly what: string }
  /** Progress of the run; sent at most a few times a second. */
  | ({ readonly event: "progress" } & RunProgress)
  /** The run ended: everything is done that could be. */
  | ({ readonly event: "ended" } & Summary);

/** A row of a journal: what was planned, and how it ended. */
export interface JournalRow {
  /** As it was planned. */
  readonly planned: PlannedRow;
  /** Null while the row is open. */
  readonly outcome: RowOutcome | null;
  /** When it ended, ISO 8601. */
  readonly endedAt: string | null;
  /** Numbers that somebody lost by it, or may have lost. */
  readonly losses: readonly Loss[];
}

/** Numbers and phones of the tenant that no row of an export has. */
export interface LeftOut {
  /** The number or the user. */
  readonly what: string;
  /** Why no row says it, as the rest of a sentence: `is held by a policy`. */
  readonly why: string;
}

/** A number of the inventory that is not written as telephone numbers are. */
export interface UnreadableNumber {
  /** As the inventory has it; null when it has none. */
  readonly number: string | null;
  /** Object id of whoever holds it. */
  readonly holder: string | null;
  /** Which of the holder's lines it is. */
  readonly category: string | null;
  /** Id of the emergency location. */
  readonly location: string | null;
}

/** A number that is kept for a row, or kept from being given out again. */
export interface HeldNumber {
  /** E.164. */
  readonly number: string;
  /** The row it is reserved for; null for a number in quarantine. */
  readonly line: number | null;
  /** Until when, ISO 8601. */
  readonly until: string;
}

/** The state of a journal at a moment. */
export interface JournalState {
  /** Id of the tenant. */
  readonly tenant: string;
  /** The name of the cloud. */
  readonly cloud: string;
  /** SHA-256 of the plan it belongs to: `Plan.digest`. */
  readonly planDigest: string;
  /** The file of rows that the plan was made of; null for the way back of a journal. */
  readonly source: SourceFile | null;
  /** When it was made, ISO 8601. */
  readonly created: string;
  /** How many rows have ended how. */
  readonly summary: Summary;
  /** All rows. */
  readonly rows: number;
  /** Rows that have not ended. */
  readonly open: number;
  /** When processes worked on it; `endedAt` is null when one was killed or is under way. */
  readonly runs: readonly { readonly id: number; readonly startedAt: string; readonly endedAt: string | null; readonly version: string }[];
  /** Numbers that planning picked and that no row has taken yet. */
  readonly reservations: readonly HeldNumber[];
  /** Numbers that were released and are not to be given out yet. */
  readonly quarantine: readonly HeldNumber[];
}

/** Free numbers of the live inventory, from which rows that leave theirs open are given one. A number is of the pool when it
 * meets every condition that is given. */
export interface Pool {
  /** Two letters, ISO 3166-1. */
  country?: string | undefined;
  /** In any case. */
  city?: string | undefined;
  /** The first digits, for instance `+1206`. */
  prefix?: string | undefined;
  /** The first number of a range, E.164. */
  from?: string | undefined;
  /** The last number of a range, E.164. */
  to?: string | undefined;
  /** `callingPlan`, `directRouting` or `operatorConnect`. */
  numberType?: string | undefined;
  /** `userAssignment` unless given. */
  capability?: string | undefined;
  /** Journals of other work whose reserved and quarantined numbers are left alone. */
  respects?: readonly string[] | undefined;
}
