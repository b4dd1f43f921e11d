// Shared by tests: a server whose answers are written down, and the emulator.

import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { promisify } from "node:util";

import { Client, Emulator } from "trunkline";

/** A client of a server that answers with `answer(request, body)`: a status, headers and a body. Closed after the test. */
export async function scripted(context, answer, options = {}) {
  const seen = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", async () => {
      const body = Buffer.concat(parts).toString();
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      const received = await answer(request, body, seen.length);
      if (received === undefined) return; // Never answered.
      const { status = 200, headers = {}, body: text = "" } = received;
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof text === "string" || text instanceof Uint8Array ? text : JSON.stringify(text));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const client = new Client({ credential: "a token", endpoint, proxy: false, testTime: true, ...options });
  return { client, seen, endpoint };
}

/** An emulator that is closed after the test, and a client of it. */
export async function emulated(context, options = {}, clientOptions = {}) {
  const emulator = await Emulator.start({ advancePerPoll: true, ...options });
  context.after(() => emulator.close());
  return { emulator, client: emulator.client({ testTime: true, ...clientOptions }) };
}

/** The phone method of Ana's mobile. */
export const MOBILE = "3179e48a-750b-4051-897c-87b9720928f7";
export const ANA = "ana@contoso.example";

/** Ana's mobile, as a place. */
export function mobileOf(client) {
  return client.graph.users.byId(ANA).authentication.phoneMethods.byId(MOBILE);
}

/** Runs a program in a process of its own, with what it needs imported, and gives what it prints. `variables`: besides those of the tests. */
export async function program(text, flags = [], variables = {}) {
  const head = 'import { Client, Credential, Emulator } from "trunkline";\n';
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, "--input-type=module", "--eval", head + text], {
    cwd: new URL(".", import.meta.url).pathname,
    env: { ...process.env, ...variables },
    timeout: 30_000,
  });
  return stdout.trim();
}
