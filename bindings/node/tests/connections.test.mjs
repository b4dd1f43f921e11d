// How many requests are under way at once, by which way they go, and whose token it is.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { test } from "node:test";
import { promisify } from "node:util";

import { AuthenticationError, Client, PermissionDeniedError, WrongTenantError } from "trunkline";

import { ANA, emulated, mobileOf } from "./support.mjs";

test("no more requests are under way than may be", async (context) => {
  let underWay = 0;
  let most = 0;
  const server = createServer((_request, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    // Answered when everything that has come by now has been seen.
    setImmediate(() => setImmediate(() => {
      underWay -= 1;
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const connections = new Set();
  server.on("connection", (socket) => connections.add(socket));
  const client = new Client({ credential: "a token", endpoint, proxy: false, maximumConnections: 3 });
  await Promise.all(Array.from({ length: 60 }, () => client.graph.users.byId(ANA).get()));
  assert.ok(most <= 3, `${most} at once`);
  assert.ok(connections.size <= 3, `${connections.size} connections`);
});

test("five thousand calls at once need no more descriptors than a process has", { skip: process.platform === "win32" }, async (context) => {
  const { emulator } = await emulated(context);
  const text = `
    import { Client } from "trunkline";
    const client = new Client({ credential: ${JSON.stringify(emulator.token())}, endpoint: ${JSON.stringify(emulator.url)}, proxy: false });
    const user = client.graph.users.byId(${JSON.stringify(ANA)});
    const ends = await Promise.allSettled(Array.from({ length: 5000 }, () => user.get({ select: ["id"] })));
    const failed = ends.filter(({ status }) => status === "rejected");
    console.log(ends.length, failed.length, failed[0]?.reason.message ?? "");
  `;
  const limited = ["-c", 'ulimit -n 256 && exec "$0" "$@"', process.execPath, "--input-type=module", "--eval", text];
  const { stdout } = await promisify(execFile)("sh", limited, { cwd: new URL(".", import.meta.url).pathname, timeout: 300_000 });
  assert.equal(stdout.trim(), "5000 0");
});

test("the address of a proxy is used", async () => {
  assert.throws(() => new Client({ credential: "t", proxy: "ftp://proxy.example" }), /proxy/);
  const client = new Client({ credential: "t", proxy: "http://127.0.0.1:1", retry: { attempts: 1 } });
  await assert.rejects(client.graph.users.byId(ANA).get(), /\(proxy is set\)/);
});

test("the token of another domain's tenant writes nothing", async (context) => {
  const { emulator, client: own } = await emulated(context, {}, { tenant: "contoso.onmicrosoft.com" });
  const other = emulator.client({ testTime: true, tenant: "fabrikam.onmicrosoft.com" });
  await assert.rejects(other.phones(ANA).set("mobile", "+1 2065550143"), (error) => {
    assert.ok(error instanceof WrongTenantError, String(error));
    assert.match(error.message, /fabrikam\.onmicrosoft\.com/);
    return true;
  });
  assert.ok(emulator.requests.every(({ method }) => method === "GET"));
  await own.phones(ANA).set("mobile", "+1 2065550143");
});

test("a sign-in that is too old says which claims to ask for", async (context) => {
  const { emulator } = await emulated(context);
  const token = emulator.token({ user: "gina@contoso.example" });
  const requests = [];
  const credential = (_scopes, { claims }) => {
    requests.push(claims);
    return token;
  };
  const client = emulator.client({ testTime: true, credential });
  for (const [challenge, kind, count] of [[false, PermissionDeniedError, 1], [true, AuthenticationError, 2]]) {
    emulator.clearFaults();
    emulator.fault({ method: "PATCH", path: "*/phoneMethods/*", effect: { kind: "staleSignIn", challenge } });
    await assert.rejects(mobileOf(client).update({ phoneNumber: "+1 2065550144", phoneType: "mobile" }), (error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, /ten minutes/);
      assert.match(error.claims ?? "", /ngcmfa/);
      return true;
    });
    assert.equal(requests.length, count, "a function is asked again only where the service asks");
  }
  assert.match(requests[1] ?? "", /ngcmfa/);
});
