/** A request for a token. */
export interface TokenRequest {
  /** The scopes the token must have. */
  readonly scopes: string[];
  /** Claims that the service challenged for: they go into the token. */
  readonly claims?: string;
  /** The tenant whose token it must be. */
  readonly tenant?: string;
  /** Whether a token from a cache will not do. */
  readonly fresh?: boolean;
}

/** A token, and the milliseconds since 1970 at which it ends. */
export interface AccessToken {
  token: string;
  expires: number | undefined;
}

/** Gives whatever it has for a token. */
export type Ask = (request: TokenRequest) => unknown;

/** Asks a credential, and checks what it gives. */
export async function requestFromCredential(ask: Ask | undefined, request: TokenRequest): Promise<AccessToken> {
  if (ask === undefined) throw new TypeError("there is no such credential");
  const answer: unknown = await ask(request);
  if (typeof answer === "string") return { token: answer, expires: undefined };
  const { token, expiresOnTimestamp } = (answer ?? {}) as { token?: unknown; expiresOnTimestamp?: unknown };
  if (typeof token !== "string") {
    throw new TypeError(`the credential gave ${answer === null ? "null" : typeof answer}, not a token`);
  }
  if (expiresOnTimestamp !== undefined && (typeof expiresOnTimestamp !== "number" || !Number.isFinite(expiresOnTimestamp))) {
    throw new TypeError("the credential's expiresOnTimestamp is no number of milliseconds");
  }
  return { token, expires: expiresOnTimestamp };
}
