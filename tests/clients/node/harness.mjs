// Shared by all Node scripts: scenarios, their results as lines of JSON, and the emulator's control endpoints.
import { createPrivateKey, createPublicKey, sign, verify as isSigned, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const EMULATOR = process.env.EMULATOR;
export const FIXTURES = process.env.FIXTURES;
export const TENANT = "11111111-1111-1111-1111-111111111111";
export const ALL = "22222222-2222-2222-2222-222222222222";
export const READER = "33333333-3333-3333-3333-333333333333";
export const SECRET = "emulator-secret";
export const ANA = "a0000000-0000-4000-8000-000000000001";
export const NOBODY = "a0000000-0000-4000-8000-000000000099";
export const NUMBERS = "/admin/teams/telephoneNumberManagement/numberAssignments";
export const FREE = "+12065550110";
// Seconds that a throttled client is asked to wait.
export const PAUSE = 1;

/** The client has no such thing. */
export class NotApplicable extends Error {}

/** The client does it wrong by itself; the text says how. */
export class ClientFault extends Error {}

/** Asks a control endpoint of the emulator. */
export async function control(method, path, body) {
  const answer = await fetch(`${EMULATOR}/__emulator/${path}`, { method, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** Lets the emulator refuse one request because of too many. */
export async function throttle(path) {
  const effect = { kind: "status", status: 429, retryAfter: String(PAUSE) };
  await control("POST", "faults", { method: "GET", path, times: 1, effect });
}

export function fixture(name) {
  return readFileSync(join(FIXTURES, name), "utf8");
}

export function check(holds, what) {
  if (!holds) throw new Error(typeof what === "string" ? what : JSON.stringify(what));
}

const decode = (part) => JSON.parse(Buffer.from(part, "base64url").toString());
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Examines a token as a service would: the key that the authority publishes, issuer, audience and time. */
export async function verify(token) {
  const [head, body, signature] = token.split(".");
  const described = await (await fetch(`${EMULATOR}/contoso.example/v2.0/.well-known/openid-configuration`)).json();
  const { keys } = await (await fetch(described.jwks_uri)).json();
  const key = keys.find((key) => key.kid === decode(head).kid);
  check(key, "the authority publishes no key with the id of the token's");
  const publicKey = createPublicKey({ key, format: "jwk" });
  const good = isSigned("RSA-SHA256", Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, "base64url"));
  check(good, "the signature of the token is wrong");
  const claims = decode(body);
  const now = Date.now() / 1000;
  check(claims.iss === described.issuer && claims.aud === EMULATOR && claims.tid === TENANT, claims);
  check(claims.exp > now && claims.nbf <= now + 5, claims);
  return claims;
}

/** A token of another authority that the application trusts. */
export function federatedAssertion() {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: "https://issuer.contoso.example",
    sub: "repo:contoso/phones:ref:refs/heads/main",
    aud: "api://AzureADTokenExchange",
    iat: now,
    nbf: now,
    exp: now + 600,
  };
  const signed = `${encode({ typ: "JWT", alg: "RS256" })}.${encode(claims)}`;
  const key = createPrivateKey(fixture("other-authority.pem"));
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
}

/** The thumbprint of the certificate, in hexadecimal digits. */
export function thumbprint() {
  return new X509Certificate(fixture("certificate.pem")).fingerprint256.replaceAll(":", "");
}

/** Runs scenarios, each on a fresh emulator, and prints a line for each. */
export async function run(client, scenarios) {
  const only = process.argv.slice(2);
  for (const [scenario, action] of Object.entries(scenarios)) {
    if (only.length > 0 && !only.includes(scenario)) continue;
    await control("POST", "reset");
    await control("DELETE", "faults");
    const started = performance.now();
    let result = "passed";
    let detail;
    try {
      detail = await action();
    } catch (error) {
      if (error instanceof NotApplicable) result = "notApplicable";
      else if (error instanceof ClientFault) result = "clientFault";
      else {
        result = "failed";
        console.error(error);
      }
      detail = error.message;
    }
    const seconds = Math.round((performance.now() - started) / 10) / 100;
    console.log(JSON.stringify({ client, scenario, result, detail: String(detail ?? ""), seconds }));
  }
}
