import { atOnce, startEmulator } from "./bridge.js";
import { Client } from "./client.js";
import { withPlaces } from "./file-place.js";
import type { ClientOptions, EmulatorOptions } from "./generated/option-records.js";
import { text } from "./json.js";
import type { NativeEmulator } from "./native.js";
import { checkOptions } from "./option-names.js";

/** The contents of a token. */
export interface TokenWishes {
  /** The user it is of: object id or principal name. Without one it is an application's. */
  user?: string | undefined;
  /** Permissions; all unless given. */
  permissions?: readonly string[] | undefined;
  /** Roles of the user in the directory. */
  directoryRoles?: readonly string[] | undefined;
  /** Whatever else the emulator knows to put into a token. */
  [wish: string]: unknown;
}

/** A request that the emulator saw. Tokens and secrets are not in it. */
export interface LoggedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path. */
  readonly path: string;
  /** The status of the answer. */
  readonly status: number;
  /** Whatever else is known of it. */
  readonly [other: string]: unknown;
}

/**
 * Microsoft Graph for phone numbers, in this process and in memory, on a port of this computer: for tests.
 *
 * ```ts
 * await using emulator = await Emulator.start();
 * const client = emulator.client();
 * await client.phones("ana@contoso.example").set("mobile", "+1 206-555-0100");
 * ```
 *
 * It does not keep the process alive.
 */
export class Emulator implements AsyncDisposable {
  readonly #native: NativeEmulator;

  private constructor(native: NativeEmulator) {
    this.#native = native;
  }

  /** Starts one. */
  static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    checkOptions("Emulator.start", options);
    return new Emulator(await startEmulator(text(withPlaces(options), "options")));
  }

  /**
   * A fixture for vitest and for Playwright, which gives each test an emulator of its own:
   *
   * ```ts
   * const test = base.extend<{ emulator: Emulator }>({ emulator: Emulator.fixture({ advancePerPoll: true }) });
   * ```
   */
  static fixture(
    options: EmulatorOptions = {},
  ): (context: object, use: (emulator: Emulator) => Promise<void>) => Promise<void> {
    // vitest reads the first parameter from the text of the function: it has to be a pattern.
    return async ({}, use) => {
      const emulator = await Emulator.start(options);
      try {
        await use(emulator);
      } finally {
        emulator.close();
      }
    };
  }

  /** Where it is: `endpoint` of a client. */
  get url(): string {
    return this.#native.url;
  }

  /** The certificate that clients have to trust, in PEM, when it serves HTTPS: `NODE_EXTRA_CA_CERTS` of other libraries. */
  get certificateFile(): string | null {
    return this.#call<string | null>("certificateFile", startEmulator);
  }

  /** A token with every permission, of an application; or as it is wished. */
  token(wishes?: TokenWishes): string {
    return this.#call<string>("token", this.token, wishes);
  }

  /** A client of it, with a token of its own unless another credential is given. */
  client(options: ClientOptions = {}): Client {
    return new Client({ credential: this.#call<string>("lastingToken", this.client), endpoint: this.#call<string>("plainUrl", this.client), proxy: false, ...options });
  }

  /** Moves its clock forward. */
  advance(seconds: number): void {
    this.#call("advance", this.advance, seconds);
  }

  /** The whole state, in the shape of a seed. */
  get state(): any {
    return this.#call("state", startEmulator);
  }

  /** Replaces the parts of the state that a seed names. */
  seed(seed: object): void {
    this.#call("seed", this.seed, seed);
  }

  /** Adds a user who is licensed for telephony, unless `licenseDetails` says otherwise; returns the user. */
  addUser(principalName: string, properties: object = {}): any {
    const entry = { userPrincipalName: principalName, ...properties };
    return this.#call<{ users: unknown[] }>("add", this.addUser, { users: [entry] }).users[0];
  }

  /** Adds a free number of a calling plan, or as the properties say; returns the number. */
  addNumber(number: string, properties: object = {}): any {
    const entry = { telephoneNumber: number, ...properties };
    return this.#call<{ numbers: unknown[] }>("add", this.addNumber, { numbers: [entry] }).numbers[0];
  }

  /** Switches a service plan of a user on or off. Without `MCOEV` nobody can be assigned a number. */
  setServicePlan(user: string, servicePlan = "MCOEV", enabled = true): void {
    this.#call("setServicePlan", this.setServicePlan, [user, servicePlan, enabled]);
  }

  /** Back to the state at the start. */
  reset(): void {
    this.#call("reset", this.reset);
  }

  /** Puts a fault in force, for instance `{ effect: { kind: "status", status: 503 }, times: 1 }`. */
  fault(fault: object): void {
    this.#call("fault", this.fault, fault);
  }

  /** Takes all faults out of force. */
  clearFaults(): void {
    this.#call("clearFaults", this.clearFaults);
  }

  /** The requests so far. */
  get requests(): LoggedRequest[] {
    return this.#call<LoggedRequest[]>("requests", startEmulator);
  }

  /** The mails that Teams has sent to people whose number changed, where the seed's `telephoneNumberConfiguration` wants them. */
  get mails(): any[] {
    return this.#call<any[]>("mails", startEmulator);
  }

  /** Forgets the requests so far. */
  clearRequests(): void {
    this.#call("clearRequests", this.clearRequests);
  }

  /** Stops it. */
  close(): void {
    this.#native.close();
  }

  /** As `close`: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #call<T>(method: string, inner: Function, argument: unknown = null): T {
    return JSON.parse(atOnce(() => this.#native.call(method, text(argument, method)), inner)) as T;
  }
}
