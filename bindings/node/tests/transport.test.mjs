// How requests travel: a function in the network's place, proxies, and who is trusted and shown a certificate.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";

import {
  Client,
  DeadlineError,
  InvalidInputError,
  NoConnectionError,
  NotFoundError,
  UnexpectedBodyError,
  UnknownOutcomeError,
} from "trunkline";

import { ANA, emulated, program } from "./support.mjs";

const CERTIFICATES = new URL("../../../crates/trunkline-core/tests/runtime/certificates/", import.meta.url);
const USER = { id: "1", userPrincipalName: ANA };

const certificate = (name) => new URL(name, CERTIFICATES);

function clientOf(transport, options = {}) {
  return new Client({ credential: "canary-token", transport, ...options });
}

test("a function answers in the network's place", async () => {
  const requests = [];
  const client = clientOf((request) => {
    requests.push(request);
    return { body: USER, headers: { "request-id": "r-1" } };
  });
  const call = client.graph.users.byId(ANA).get({ select: ["id"] });
  assert.equal((await call).id, "1");
  await client.request("POST", "/groups", { body: { displayName: "Desk ☎" } });
  const [get, post] = requests;
  assert.equal(get.method, "GET");
  assert.equal(get.body.length, 0);
  assert.equal(get.json(), undefined);
  assert.match(get.url, /^https:\/\/graph\.microsoft\.com\/v1\.0\/users\/ana/);
  assert.equal(get.headers.authorization, "Bearer (hidden)");
  assert.deepEqual(post.json(), { displayName: "Desk ☎" });
  assert.doesNotMatch(inspect(requests), /canary/);
});

test("every form of a body is read, a response of fetch included", async () => {
  const json = '{"id":"1"}';
  for (const answer of [
    { body: json },
    { body: Buffer.from(json) },
    { body: { id: "1" } },
    new Response(json, { status: 201, headers: { "request-id": "r" } }),
    Response.json({ id: "1" }),
  ]) {
    assert.deepEqual(await clientOf(() => answer).request("GET", "/me"), { id: "1" });
  }
  for (const answer of [{ status: 204 }, { status: 204, body: null }]) {
    assert.equal(await clientOf(() => Promise.resolve(answer)).request("GET", "/me"), undefined);
  }
});

test("retries and limits are those of real answers", async (context) => {
  const answers = [{ status: 429, headers: { "Retry-After": "1" } }, { status: 503 }, { body: USER }];
  const seen = [];
  const transport = async (request) => {
    seen.push(request.headers["retry-attempt"] ?? "0");
    return answers.shift();
  };
  const { emulator, client } = await emulated(context, {}, { transport });
  assert.equal((await client.graph.users.byId(ANA).get()).id, "1");
  assert.deepEqual(seen, ["0", "1", "2"]);
  assert.equal(emulator.requests.length, 0);
  const large = clientOf(() => ({ body: { a: "x".repeat(100) } }), { maximumBody: 50 });
  await assert.rejects(large.request("GET", "/me"), UnexpectedBodyError);
  const error = { error: { code: "Request_ResourceNotFound", message: "There is none." } };
  await assert.rejects(clientOf(() => ({ status: 404, body: error })).request("GET", "/me"), NotFoundError);
});

test("what the function throws ends the call as itself", async () => {
  class Mine extends Error {}
  for (const fail of [
    () => { throw new Mine("about the test"); },
    async () => { throw new Mine("about the test"); },
  ]) {
    let count = 0;
    const client = clientOf((request) => {
      count += 1;
      return fail(request);
    });
    await assert.rejects(client.request("GET", "/me"), Mine);
    await assert.rejects(client.request("POST", "/me", { body: {} }), Mine);
    await assert.rejects(client.phones(ANA).set("mobile", "+12065550100"), Mine);
    const read = async () => {
      for await (const user of client.graph.users.list()) assert.fail(user.id);
    };
    await assert.rejects(read, Mine);
    assert.equal(count, 4, "nothing is sent again");
  }
  await assert.rejects(clientOf(() => undefined).request("GET", "/me"), /the transport returned undefined, not a response/);
  await assert.rejects(clientOf(() => ({ status: 42 })).request("GET", "/me"), InvalidInputError);
  assert.throws(() => clientOf("https://x"), /transport must be a function, not string/);
});

test("errors of connections are faults of the network", async () => {
  for (const [code, write, read] of [
    ["ECONNREFUSED", NoConnectionError, NoConnectionError],
    ["ECONNRESET", UnknownOutcomeError, NoConnectionError],
    ["ETIMEDOUT", UnknownOutcomeError, DeadlineError],
  ]) {
    const raised = Object.assign(new Error("x"), { code });
    const client = clientOf(() => { throw raised; }, { retry: 1 });
    await assert.rejects(client.request("POST", "/groups", { body: {} }), (error) => {
      assert.ok(error instanceof write, String(error));
      assert.equal(error.cause, raised);
      return true;
    });
    await assert.rejects(client.request("GET", "/groups"), read);
  }
});

test("a function that never answers ends with the attempt, or the signal", async () => {
  const client = clientOf(() => new Promise(() => {}), { attemptTimeout: 0.05, retry: 1 });
  await assert.rejects(client.request("GET", "/me"), DeadlineError);
  const patient = clientOf(() => new Promise(() => {}));
  const controller = new AbortController();
  const call = patient.request("GET", "/me", { signal: controller.signal });
  setImmediate(() => controller.abort());
  await assert.rejects(call, { kind: "cancelled" });
});

test("a function may call the client again, many at once", async () => {
  const client = clientOf(async (request) => {
    if (request.url.endsWith("/inner")) return { body: { inner: true } };
    return { body: await client.request("GET", "/inner") };
  }, { maximumConnections: 200 });
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.request("GET", "/me")));
  assert.ok(answers.every(({ inner }) => inner === true));
});

test("a client with a transport keeps no process alive", async () => {
  const text = `
    const client = new Client({ credential: "t", transport: () => ({ body: { id: "1" } }) });
    console.log((await client.request("GET", "/me")).id);
  `;
  assert.equal(await program(text), "1");
});

/** A proxy that makes tunnels to one port of this computer, for whoever knows the password. */
async function tunnels(context, port) {
  const heads = [];
  const expected = `Basic ${Buffer.from("us er:canary:p@ss").toString("base64")}`;
  const server = createServer();
  server.on("connect", (request, socket) => {
    heads.push(`${request.url} ${JSON.stringify(request.headers)}`);
    socket.on("error", () => {});
    if (request.headers["proxy-authorization"] !== expected) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    const other = connect(port, "127.0.0.1");
    other.on("error", () => socket.destroy());
    socket.pipe(other).pipe(socket);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { heads, address: `127.0.0.1:${server.address().port}` };
}

/** A service over TLS, and for each connection whether it got the certificate that it `asks` for. */
async function service(context, asks = false) {
  const read = (name) => readFileSync(certificate(name));
  const options = { cert: read("server.pem"), key: read("server.key"), ca: read("client_authority.pem"), requestCert: asks };
  const shown = [];
  const sockets = new Set();
  const server = createTlsServer(options, (socket) => {
    sockets.add(socket);
    shown.push(socket.authorized);
    socket.on("error", () => {});
    socket.once("data", () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{"id":"1"}'));
  });
  server.on("tlsClientError", () => {});
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address();
  return { port, shown, endpoint: `https://localhost:${port}` };
}

test("a proxy gets its password, and nothing shows it", async (context) => {
  const { port, endpoint } = await service(context);
  const { heads, address } = await tunnels(context, port);
  const options = { credential: "canary-token", endpoint, certificateAuthorities: certificate("authority.pem"), retry: 1 };
  const client = new Client({ ...options, proxy: `http://us%20er:canary%3Ap%40ss@${address}` });
  assert.deepEqual(await client.request("GET", "/me"), { id: "1" });
  assert.doesNotMatch(inspect(client) + JSON.stringify(client), /canary/);
  assert.match(heads[0], new RegExp(`^localhost:${port} `));
  assert.doesNotMatch(heads[0], /canary-token/);
  for (const credentials of ["user:canary@", ""]) {
    const refused = new Client({ ...options, proxy: `http://${credentials}${address}` });
    await assert.rejects(refused.request("POST", "/me", { body: {} }), (error) => {
      assert.ok(error instanceof NoConnectionError, String(error));
      assert.match(error.message, /requires a user name and a password/);
      assert.match(error.nextStep, /user:password@/);
      assert.doesNotMatch(inspect(error), /canary/);
      return true;
    });
  }
  for (const proxy of ["ftp://user:canary@host", "http://user:canary@host:port"]) {
    assert.throws(() => new Client({ proxy }), (error) => {
      assert.ok(error instanceof InvalidInputError);
      assert.match(error.message, /^proxy /);
      assert.doesNotMatch(inspect(error), /canary/);
      return true;
    });
  }
});

test("a service is shown the certificate that it asks for", async (context) => {
  const { endpoint, shown } = await service(context, true);
  const forms = [
    certificate,
    (name) => fileURLToPath(certificate(name)),
    (name) => readFileSync(certificate(name)),
    (name) => readFileSync(certificate(name), "utf8"),
  ];
  for (const form of forms) {
    const options = { credential: "t", endpoint, proxy: false, certificateAuthorities: form("authority.pem") };
    const client = new Client({ ...options, clientCertificate: form("client.pem") });
    assert.deepEqual(await client.request("GET", "/me"), { id: "1" });
  }
  assert.deepEqual(shown, forms.map(() => true));
  const without = new Client({ credential: "t", endpoint, proxy: false, retry: 1, certificateAuthorities: certificate("authority.pem") });
  await assert.rejects(without.request("GET", "/me"), NoConnectionError);
});

test("what is wrong with a certificate is said", () => {
  for (const [options, words] of [
    [{ clientCertificate: certificate("encrypted.pem") }, /encrypted\.pem, which holds a key with a password/],
    [{ clientCertificate: certificate("authority.pem") }, /authority\.pem, which holds no key/],
    [{ clientCertificate: Buffer.from("canary") }, /clientCertificate is not PEM/],
    [{ certificateAuthorities: "nowhere.pem" }, /certificateAuthorities names nowhere\.pem, which cannot be read/],
    [{ certificateAuthorities: certificate("server.key") }, /server\.key, which holds no certificate/],
    [{ clientCertificate: 3 }, /clientCertificate must be PEM text or the path of a file, not a number/],
  ]) {
    assert.throws(() => new Client(options), (error) => {
      assert.match(error.message, words);
      assert.doesNotMatch(inspect(error), /canary/);
      return true;
    });
  }
});

test("NODE_EXTRA_CA_CERTS and SSL_CERT_FILE name authorities", async (context) => {
  const { endpoint } = await service(context);
  const text = `
    const client = new Client({ credential: "t", endpoint: ${JSON.stringify(endpoint)}, retry: 1 });
    console.log(await client.request("GET", "/me").then(({ id }) => id, (error) => error.message));
  `;
  const authority = fileURLToPath(certificate("authority.pem"));
  for (const [variables, expected] of [
    [{}, /not trusted/],
    [{ NODE_EXTRA_CA_CERTS: authority }, /^1$/],
    [{ SSL_CERT_FILE: authority }, /^1$/],
    [{ NODE_EXTRA_CA_CERTS: "/nowhere/ca.pem" }, /NODE_EXTRA_CA_CERTS names \/nowhere\/ca\.pem/],
  ]) {
    assert.match(await program(text, [], { NODE_EXTRA_CA_CERTS: "", ...variables }), expected, JSON.stringify(variables));
  }
});

test("the code of the page about the network works", async (context) => {
  const page = readFileSync(new URL("../../../docs/network.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code);
  assert.ok(blocks.length >= 4);
  const folder = mkdtempSync(join(tmpdir(), "network-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const pem = readFileSync(certificate("client.pem"), "utf8");
  const start = pem.indexOf("-----BEGIN PRIVATE KEY");
  writeFileSync(join(folder, "company-ca.pem"), readFileSync(certificate("authority.pem")));
  writeFileSync(join(folder, "gateway.pem"), pem.slice(0, start));
  writeFileSync(join(folder, "gateway.key"), pem.slice(start));
  // The program has imported the client already.
  const code = blocks.join("\n").replace('import { Client } from "trunkline";\n', "");
  const text = `process.chdir(${JSON.stringify(folder)});\nconst credential = "a token";\n${code}\nconsole.log("end");`;
  assert.equal(await program(text), "end");
});
