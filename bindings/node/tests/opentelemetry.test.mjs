// Spans and metrics as a collector receives them over OTLP.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { context as contexts } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { openTelemetry } from "trunkline/opentelemetry";

import { ANA, emulated, program } from "./support.mjs";

const NUMBER = "+12065550147";
const THROTTLED = { kind: "status", status: 429, retryAfter: "1" };

contexts.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

/** A collector of the test's own: it keeps every byte. */
async function collecting(context) {
  const received = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      received.push({ path: request.url, text: Buffer.concat(parts).toString() });
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const spanProcessors = [new SimpleSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }))];
  const tracerProvider = new BasicTracerProvider({ spanProcessors });
  const exporter = new OTLPMetricExporter({ url: `${url}/v1/metrics` });
  const readers = [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })];
  const meterProvider = new MeterProvider({ readers });
  context.after(async () => {
    await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
    server.closeAllConnections();
    server.close();
  });
  const of = (path) => received.filter((one) => one.path === path).map(({ text }) => JSON.parse(text));
  return {
    received,
    tracer: tracerProvider.getTracer("program"),
    onEvent: openTelemetry({ tracerProvider, meterProvider }),
    async spans() {
      await tracerProvider.forceFlush();
      const scopes = of("/v1/traces").flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans));
      return scopes.flatMap(({ spans }) => spans);
    },
    async metrics() {
      await meterProvider.forceFlush();
      const { resourceMetrics } = of("/v1/metrics").at(-1);
      const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
      return new Map(metrics.map(({ name, sum, gauge, histogram }) => [name, (sum ?? gauge ?? histogram).dataPoints]));
    },
  };
}

const attributes = (found) =>
  Object.fromEntries(found.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

test("each attempt is a span below the one that is current where the call is made", async (context) => {
  const { tracer, onEvent, spans } = await collecting(context);
  const { client, emulator } = await emulated(context, {}, { onEvent });
  emulator.fault({ effect: THROTTLED, times: 1 });
  const one = (name) => tracer.startActiveSpan(name, async (span) => {
    await client.graph.users.byId(ANA).get({ select: ["id"] });
    span.end();
  });
  await one("first");
  await Promise.all([one("second"), one("third")]);
  const found = await spans();
  const parents = new Map(found.filter(({ name }) => !name.includes("/")).map((span) => [span.spanId, span]));
  const requests = found.filter(({ name }) => name === "GET /users/{user-id}");
  assert.deepEqual(
    requests.map(({ parentSpanId }) => parents.get(parentSpanId)?.name).sort(),
    ["first", "first", "second", "third"],
  );
  for (const { kind, traceId, parentSpanId } of requests) {
    assert.ok(kind === 3 && traceId === parents.get(parentSpanId).traceId);
  }
  const [refused, answered] = requests.filter(({ parentSpanId }) => parents.get(parentSpanId).name === "first").map(attributes);
  assert.deepEqual(
    ["http.request.method", "http.response.status_code", "error.type", "server.address", "url.template", "trunkline.operation"].map(
      (name) => refused[name],
    ),
    ["GET", 429, "429", "127.0.0.1", "/users/{user-id}", "users.get"],
  );
  assert.ok(answered["http.request.resend_count"] === 1 && answered["trunkline.wait"] >= 1 && answered["trunkline.request_id"]);
  assert.ok(!("error.type" in answered));
});

test("a collector receives spans and metrics without a token, a number or a name", async (context) => {
  const { tracer, onEvent, spans, metrics, received } = await collecting(context);
  const { emulator } = await emulated(context);
  const credential = emulator.token();
  const client = emulator.client({ credential, testTime: true, pace: 50, onEvent });
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  context.after(() => rm(folder, { recursive: true }));
  emulator.addNumber(NUMBER);
  emulator.fault({ effect: THROTTLED, times: 2 });
  await tracer.startActiveSpan("bulk", async (span) => {
    const plan = await client.bulk.plan(Buffer.from(`action,user,number\nassign,${ANA},${NUMBER}\n`));
    for await (const event of client.bulk.apply(plan, join(folder, "rows.journal"))) void event;
    span.end();
  });
  await client.phones(ANA).set("mobile", "+1 206 555 0148");
  await assert.rejects(client.request("GET", `/canary/${NUMBER}`));
  const found = await metrics();
  for (const name of ["http.client.request.duration", "trunkline.retries", "trunkline.pace", "trunkline.order.age"]) {
    assert.ok(found.has(name), `${name}: ${[...found.keys()]}`);
  }
  const value = ({ asInt, asDouble }) => Number(asInt ?? asDouble);
  assert.deepEqual(found.get("trunkline.rows").map((point) => [value(point), attributes(point)]), [[1, { "trunkline.ending": "done" }]]);
  assert.equal(found.get("trunkline.throttled").map(value).reduce((sum, count) => sum + count), 2);
  const all = await spans();
  const parent = all.find(({ name }) => name === "bulk");
  const order = all.find(({ name }) => name === "POST /admin/teams/telephoneNumberManagement/numberAssignments/assignNumber");
  assert.equal(order.parentSpanId, parent.spanId);
  const text = received.map((one) => one.text).join("");
  assert.ok(text.length > 5000);
  for (const canary of [credential, "2065550147", "5550148", "ana@", "ana%40", "canary"]) assert.ok(!text.includes(canary), canary);
});

test("the module works without an SDK, and is not loaded with the package", async () => {
  const printed = await program(`
    import { createRequire } from "node:module";
    const { openTelemetry } = await import("trunkline/opentelemetry");
    const emulator = await Emulator.start();
    const client = emulator.client({ onEvent: openTelemetry() });
    const { id } = await client.graph.users.byId("${ANA}").get();
    emulator.close();
    console.log(typeof id);
  `);
  assert.equal(printed, "string");
  const loaded = await program(`
    import { createRequire } from "node:module";
    const names = Object.keys(createRequire(import.meta.url).cache);
    console.log(names.some((name) => name.includes("opentelemetry")));
  `);
  assert.equal(loaded, "false");
});
