import type { Metadata, Waiting } from "./bridge.js";
import { fail } from "./errors.js";
import { type Meta, type WithMeta, metaOf } from "./meta.js";

/** Records the metadata of a call. */
let note: (call: Call<unknown>, meta: Metadata) => void;

/**
 * A call that is under way: a promise of the plain value, with status, headers and request id for those who ask.
 *
 * ```ts
 * const method = client.graph.users.byId("ana@contoso.example").authentication.phoneMethods.byId(id);
 * const { phoneNumber } = await method.get();
 * const { value, meta } = await method.get().withMeta();
 * ```
 */
export class Call<T> extends Promise<T> {
  #meta: string | Meta | undefined;

  static {
    // Its constructor is thus `Promise`: `await` takes it as it is, instead of making another promise that waits for it, and
    // what `then` and the like give is a plain promise.
    delete (this.prototype as { constructor?: unknown }).constructor;
    note = (call, meta) => {
      call.#meta = meta;
    };
  }

  /** The value together with status, headers and request id. */
  withMeta(): Promise<WithMeta<T>> {
    return this.then((value) => {
      if (typeof this.#meta === "string") this.#meta = metaOf(this.#meta);
      return { value, meta: this.#meta as Meta };
    });
  }
}

/** @internal A call, and how it is settled. */
export class Pending<T> implements Waiting {
  readonly call: Call<T>;
  /** Lets go of its signal. */
  release: (() => void) | undefined = undefined;
  /** The async context of the caller. */
  declare context?: Waiting["context"];
  #settle!: (value: T | Promise<never>) => void;
  #refuse!: (error: unknown) => void;

  constructor() {
    this.call = new Call<T>((settle, refuse) => {
      this.#settle = settle;
      this.#refuse = refuse;
    });
  }

  resolve(value: unknown, metadata: Metadata): void {
    note(this.call, metadata);
    this.#settle(value as T);
  }

  refuse(error: unknown): void {
    this.#refuse(error);
  }

  /** Fails with what is made then: see `fail`. */
  fail(make: (inner: Function) => unknown): void {
    fail(this.#settle, make);
  }
}

/** @internal A call that was refused before anything was sent. */
export function refused<T>(error: unknown, inner: Function): Call<T> {
  if (error instanceof Error) Error.captureStackTrace(error, inner);
  const pending = new Pending<T>();
  pending.refuse(error);
  return pending.call;
}
