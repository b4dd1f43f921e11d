import { readFileSync } from "node:fs";

import type { TokenRequest } from "./token-request.js";
import { keepCredential, keepPrompt } from "./bridge.js";
import { InvalidInputError } from "./errors.js";

/** A token and when it ends, as @azure/identity gives it. */
export interface AccessToken {
  /** The token. */
  readonly token: string;
  /** The milliseconds since 1970 at which it ends. */
  readonly expiresOnTimestamp?: number;
}

/** Anything of @azure/identity, or like it. */
export interface TokenCredential {
  /** Gives a token for scopes. `options` may hold `claims` that must go into it, and the `tenantId` it must be of. */
  getToken(scopes: string | string[], options?: any): Promise<AccessToken | null> | AccessToken | null;
}

/** A function that gives a token for scopes: its text, or the text and when it ends. */
export type TokenFunction = (
  scopes: string[],
  request: TokenRequest,
) => string | AccessToken | Promise<string | AccessToken>;

/** Values of `credential`: a `Credential`, a token, an object with `getToken`, or a function that gives tokens. */
export type AnyCredential = Credential | string | TokenCredential | TokenFunction;

/** The instructions for a user who signs in by a code. */
export interface DeviceCodePrompt {
  /** The code that the user enters. */
  readonly userCode: string;
  /** Where the user types it in. */
  readonly verificationAddress: string;
  /** Both in one sentence, in English. */
  readonly message: string;
  /** Until when, ISO 8601. */
  readonly expiresOn: string;
}

/** @internal The description for the native part. */
type Description = { kind: string; source?: number; prompt?: number } & Record<string, unknown>;

const described = new WeakMap<Credential, () => Description>();

/**
 * A built-in credential. It shows nothing of itself but its kind.
 *
 * ```ts
 * const client = new Client({ credential: Credential.clientSecret(tenant, application, secret) });
 * ```
 */
export class Credential {
  /** Which one it is. */
  readonly kind: string;

  private constructor(description: Description, describe: () => Description = () => description) {
    this.kind = description.kind;
    described.set(this, describe);
  }

  /** A token that is at hand. It is never renewed. */
  static token(token: string): Credential {
    return new Credential({ kind: "token", token: texts({ token })[0] });
  }

  /** An application with a secret. `tenant` is an id or a domain, `client` the application's id. */
  static clientSecret(tenant: string, client: string, secret: string): Credential {
    texts({ tenant, client, secret });
    return new Credential({ kind: "secret", tenant, client, secret });
  }

  /** An application with a certificate and its unencrypted RSA key, as PEM text or the file that holds it. */
  static clientCertificate(tenant: string, client: string, certificate: { pem: string } | { path: string }): Credential {
    texts({ tenant, client });
    const pem = "pem" in certificate ? certificate.pem : readFileSync(certificate.path, "ascii");
    texts({ pem });
    return new Credential({ kind: "certificate", tenant, client, pem });
  }

  /** An Azure resource: its own identity, or the user-assigned one with this client id. */
  static managedIdentity(client?: string): Credential {
    if (client !== undefined) texts({ client });
    return new Credential({ kind: "managedIdentity", client });
  }

  /** A Kubernetes service account with the workload identity webhook. */
  static workloadIdentity(): Credential {
    return new Credential({ kind: "workloadIdentity" });
  }

  /** Whoever signed in with `az login` or `azd auth login`. */
  static developerTools(): Credential {
    return new Credential({ kind: "developerTools" });
  }

  /** The application that the variables `AZURE_*` describe. */
  static fromEnvironment(): Credential {
    return new Credential({ kind: "environment" });
  }

  /** A user who signs in on another device, with a code that `prompt` shows. What `prompt` throws ends the sign-in. */
  static deviceCode(
    tenant: string,
    client: string,
    prompt: (shown: DeviceCodePrompt) => void | Promise<void>,
  ): Credential {
    texts({ tenant, client });
    if (typeof prompt !== "function") throw new InvalidInputError(`prompt must be a function, not ${typeof prompt}`);
    const show = (text: string): unknown => prompt(JSON.parse(text) as DeviceCodePrompt);
    const kind = "deviceCode";
    return new Credential({ kind }, () => ({ kind, tenant, client, prompt: keepPrompt(show) }));
  }
}

/** A credential as the native part knows it. */
export function describe(credential: AnyCredential | null | undefined): Description | undefined {
  if (credential === undefined || credential === null) return undefined;
  if (typeof credential === "string") return { kind: "token", token: credential };
  const builtIn = described.get(credential as Credential);
  if (builtIn !== undefined) return builtIn();
  const source = credential as Partial<TokenCredential> | TokenFunction;
  if (typeof source === "function") {
    return { kind: "source", source: keepCredential((request) => source(request.scopes, request)) };
  }
  if (typeof source.getToken !== "function") {
    throw new InvalidInputError(
      "credential must be a Credential, a token, an object with getToken(scopes), or a function that gives tokens",
      { nextStep: "Give for instance a credential of @azure/identity, or Credential.clientSecret(…)" },
    );
  }
  const holder = source as TokenCredential;
  const ask = ({ scopes, claims, tenant }: TokenRequest): unknown => {
    const options: { claims?: string; tenantId?: string } = {};
    if (claims !== undefined) options.claims = claims;
    if (tenant !== undefined) options.tenantId = tenant;
    return holder.getToken(scopes, options);
  };
  return { kind: "source", source: keepCredential(ask) };
}

function texts(named: Record<string, unknown>): string[] {
  return Object.entries(named).map(([name, value]) => {
    if (typeof value !== "string") throw new InvalidInputError(`${name} must be a string, not ${typeof value}`);
    return value;
  });
}
