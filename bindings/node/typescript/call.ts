import { fail } from "./errors.js";
import { type Meta, type WithMeta, metaOf } from "./meta.js";

/** @internal A call, and how it is settled. */
export interface Pending<T> {
  call: Call<T>;
  settle(value: T, meta: string | undefined): void;
  refuse(error: unknown): void;
  /** Fails with what is made then: see `fail`. */
  fail(make: (inner: Function) => unknown): void;
}

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
  }

  /** @internal A call that whoever makes it settles. */
  static pending<T>(): Pending<T> {
    let resolve!: (value: T | Promise<never>) => void;
    let refuse!: (error: unknown) => void;
    const call = new Call<T>((settle, reject) => {
      resolve = settle;
      refuse = reject;
    });
    const settle = (value: T, meta: string | undefined): void => {
      call.#meta = meta;
      resolve(value);
    };
    return { call, settle, refuse, fail: (make) => fail(resolve, make) };
  }

  /** The value together with status, headers and request id. */
  withMeta(): Promise<WithMeta<T>> {
    return this.then((value) => {
      if (typeof this.#meta === "string") this.#meta = metaOf(this.#meta);
      return { value, meta: this.#meta as Meta };
    });
  }
}
