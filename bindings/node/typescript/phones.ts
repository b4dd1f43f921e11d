import { carryOut } from "./bridge.js";
import type { graph } from "./generated/index.js";
import { text } from "./json.js";
import type { NativeClient } from "./native.js";
import type { ReadOptions } from "./numbers.js";
import { type OptionTaker, checkOptions } from "./option-names.js";
import { withText } from "./outcome.js";
import type { Dialled } from "./progress.js";

type PhoneAuthenticationMethod = graph.PhoneAuthenticationMethod;

/** The type of a user's phone. */
export type PhoneRole = "mobile" | "alternateMobile" | "office";

/** The end of a change to a phone method that went well. As text it is a line for people. */
export interface PhoneOutcome {
  /** The change that was made; `already` when the state was correct and nothing was sent. */
  readonly change: "created" | "updated" | "removed" | "already";
  /**
   * Whether reading back showed the change. When not, the service accepted it all the same: `after` is what was read last, and the
   * warnings say how long it was read.
   */
  readonly seen: boolean;
  /** Object id of the user. */
  readonly user: string;
  /** The role. */
  readonly role: PhoneRole;
  /** The method as it was; null when there was none. */
  readonly before: PhoneAuthenticationMethod | null;
  /** The method as it was read back; null when there is none. */
  readonly after: PhoneAuthenticationMethod | null;
  /** Warnings for an administrator about a change that succeeded. */
  readonly warnings: readonly string[];
  /** The same in a line. */
  readonly text: string;
}

/** How a change of a phone method is made. */
export interface PhoneChangeOptions {
  /**
   * Seconds that the whole change may take, reading back included; 600 unless given, of which at most 60 for reading back. A change
   * that does not show in time is done all the same, and its outcome not `seen`.
   */
  timeout?: number | undefined;
  /** Stops waiting. What was sent is not taken back. */
  signal?: AbortSignal | undefined;
}

/**
 * The phone methods of one user, by what an administrator means. Doing the same thing twice is a no-op.
 *
 * ```ts
 * const phones = client.phones("ana@contoso.example");
 * console.log(`${await phones.set("mobile", "+1 206-555-0100")}`);
 * ```
 */
export class Phones {
  readonly #native: NativeClient;
  readonly #user: string;

  /** @internal */
  constructor(native: NativeClient, user: string) {
    this.#native = native;
    this.#user = user;
  }

  /** The methods the user has, at most one per role. */
  list(options?: ReadOptions): Promise<PhoneAuthenticationMethod[]> {
    return this.#carryOut("phones.list", { intent: "phonesList", user: this.#user }, options, false, this.list);
  }

  /** The method of a role, when the user has it. */
  find(role: PhoneRole, options?: ReadOptions): Promise<PhoneAuthenticationMethod | undefined> {
    return this.#carryOut("phones.find", { intent: "phonesFind", user: this.#user, role }, options, false, this.find);
  }

  /**
   * Makes the number of a role this one: adds the method or changes it.
   *
   * @throws InvalidInputError - The text is no number, or the user lacks the mobile number that an alternate one needs.
   * @throws NotFoundError - There is no such user.
   */
  set(role: PhoneRole, number: string, options?: PhoneChangeOptions & Dialled): Promise<PhoneOutcome> {
    const intent = { intent: "phonesSet", user: this.#user, role, number, country: options?.country };
    return this.#change("phones.set", intent, options, this.set);
  }

  /** Removes the method of a role. */
  remove(role: PhoneRole, options?: PhoneChangeOptions): Promise<PhoneOutcome> {
    return this.#change("phones.remove", { intent: "phonesRemove", user: this.#user, role }, options, this.remove);
  }

  /** Lets the user sign in with the mobile number and a text message. */
  enableSmsSignIn(options?: PhoneChangeOptions): Promise<PhoneOutcome> {
    return this.#change("phones.enableSmsSignIn", { intent: "phonesSms", user: this.#user, enable: true }, options, this.enableSmsSignIn);
  }

  /** No longer lets the user sign in with a text message. */
  disableSmsSignIn(options?: PhoneChangeOptions): Promise<PhoneOutcome> {
    return this.#change("phones.disableSmsSignIn", { intent: "phonesSms", user: this.#user, enable: false }, options, this.disableSmsSignIn);
  }

  async #change(
    call: OptionTaker,
    intent: object,
    options: PhoneChangeOptions | undefined,
    inner: Function,
  ): Promise<PhoneOutcome> {
    const timed = { ...intent, timeout: options?.timeout };
    return withText(await this.#carryOut<PhoneOutcome>(call, timed, options, true, inner));
  }

  async #carryOut<T>(
    call: OptionTaker,
    intent: object,
    options: PhoneChangeOptions | undefined,
    writes: boolean,
    inner: Function,
  ): Promise<T> {
    checkOptions(call, options);
    const start = (id: number): void => this.#native.intent(id, text(intent, "arguments"), false);
    return carryOut(start, { signal: options?.signal, writes }, inner);
  }
}
