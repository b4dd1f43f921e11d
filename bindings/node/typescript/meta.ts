/** The metadata of an answer. */
export interface Meta {
  /** The HTTP status. */
  readonly status: number;
  /** The headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The id under which Microsoft's support finds the request. */
  readonly requestId: string | undefined;
  /** The id that this library gave the request. */
  readonly clientRequestId: string;
  /** How often it was sent. */
  readonly attempts: number;
}

/** A value and its metadata. */
export interface WithMeta<T> {
  /** The value. */
  readonly value: T;
  /** Status, headers and ids of the answer. */
  readonly meta: Meta;
}

/** Meta from what the native part tells, which is JSON. */
export function metaOf(text: string): Meta {
  return JSON.parse(text) as Meta;
}
