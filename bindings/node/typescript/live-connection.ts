import { type Metadata, atOnce, begin, bridge, carryOut } from "./bridge.js";
import { type Call, Pending } from "./call.js";
import type { AnyBody, Connection, Listing, Page } from "./connection.js";
import { errorOf } from "./errors.js";
import type { CallOptions } from "./generated/option-records.js";
import { text } from "./json.js";
import { metaOf } from "./meta.js";
import { type NativeClient, type NativePages, native } from "./native.js";
import { type Pairs, callText } from "./options.js";
import { withIdentifiers } from "./record.js";
import { LongRunning } from "./running.js";

/** A body as it travels: its JSON, and what it is. */
export interface Written {
  json: string | undefined;
  kind: number | string | undefined;
  namesType: boolean;
}

/** A body as it travels. */
export function written(body: AnyBody | undefined): Written {
  if (body === undefined) return { json: undefined, kind: undefined, namesType: false };
  if ("parameters" in body) return { json: text(withIdentifiers(body.parameters)), kind: body.action, namesType: false };
  if ("expected" in body) return { json: text(body.value), kind: body.expected, namesType: body.namesType };
  return { json: text(body.value), kind: undefined, namesType: false };
}

/** A call whose value may be an operation that goes on. */
class PendingAnswer<T> extends Pending<T> {
  override resolve(value: unknown, metadata: Metadata): void {
    super.resolve(value instanceof native.LongRunning ? new LongRunning(value) : value, metadata);
  }
}

/** A client of the native part, whose calls are sent at once. */
export class LiveConnection implements Connection {
  readonly native: NativeClient;

  constructor(options: object) {
    this.native = atOnce(() => new native.Client(bridge, text(options, "options")), LiveConnection);
  }

  request<T>(
    method: string,
    path: string,
    answer: number | undefined,
    query: Pairs | undefined,
    options: CallOptions | undefined,
    body: AnyBody | undefined,
  ): Call<T> {
    const pending = new PendingAnswer<T>();
    try {
      const { json, kind, namesType } = written(body);
      const optionsText = callText(query, options);
      const start = (id: number): void =>
        this.native.request(id, method, path, answer, json, kind, namesType, optionsText);
      begin(start, options?.signal, method !== "GET", pending);
    } catch (raised) {
      pending.refuse(errorOf(raised, this.request));
    }
    return pending.call;
  }

  pages<T>({ path, item, query, options }: Listing): () => Promise<Page<T> | undefined> {
    const pages: NativePages = atOnce(
      () =>
        path.startsWith("/")
          ? this.native.pages(path, item, callText(query, options))
          : this.native.resumeList(path, item),
      this.pages,
    );
    const convert = (value: unknown, metadata: Metadata): Page<T> | undefined =>
      metadata === undefined ? undefined : pageOf<T>(value, metadata);
    const next = (): Promise<Page<T> | undefined> => carryOut((id) => pages.next(id), { signal: options?.signal, convert }, next);
    return next;
  }
}

/** A page from what the native part tells of it. It was checked: `value` is a list, or one item where the list was forgotten. */
export function pageOf<T>(value: unknown, metadata: string): Page<T> {
  const { count, continuation, repeated, doubt, meta } = JSON.parse(metadata) as {
    count?: number;
    continuation?: string;
    repeated?: number;
    doubt?: string;
    meta: string;
  };
  if (doubt !== undefined) process.emitWarning(`this list may be incomplete: ${doubt}`, "TrunklineWarning");
  const items = (value as { value: T[] | T | null }).value;
  return {
    items: Array.isArray(items) ? items : items === null ? [] : [items],
    count,
    continuation,
    repeated: repeated ?? 0,
    doubt,
    meta: metaOf(meta),
  };
}
