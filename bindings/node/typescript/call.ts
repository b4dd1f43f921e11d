import { type Meta, type WithMeta, metaOf } from "./meta.js";

/**
 * A call that is under way: a promise of the plain value, with status, headers and request id for those who ask.
 *
 * ```ts
 * const method = await client.graph.users.byId("ana@contoso.example").authentication.phoneMethods.byId(id).get();
 * const { value, meta } = await client.graph.me.authentication.phoneMethods.byId(id).get().withMeta();
 * ```
 */
export class Call<T> extends Promise<T> {
  #meta: string | Meta | undefined;

  /** What `then` and the like give is a plain promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** @internal */
  constructor(execute: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason: unknown) => void) => void) {
    super(execute);
  }

  /** @internal The bridge notes here what came beside the value, before the promise is settled. */
  note(meta: string | undefined): void {
    this.#meta = meta;
  }

  /** The value together with status, headers and request id. */
  withMeta(): Promise<WithMeta<T>> {
    return this.then((value) => {
      if (typeof this.#meta === "string") this.#meta = metaOf(this.#meta);
      return { value, meta: this.#meta as Meta };
    });
  }
}
