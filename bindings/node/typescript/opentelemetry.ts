/**
 * Spans and metrics of OpenTelemetry. It needs the package `@opentelemetry/api`; who exports them is the program's.
 *
 * @packageDocumentation
 */

import {
  type Attributes,
  type MeterProvider,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  metrics,
  trace,
} from "@opentelemetry/api";

import type { CallEvent, ResponseEvent } from "./generated/events.js";

const SCHEMA = { schemaUrl: "https://opentelemetry.io/schemas/1.37.0" };
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const MINUTES = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** Providers to use in place of the global ones. */
export interface OpenTelemetryOptions {
  /** Who makes spans. */
  tracerProvider?: TracerProvider | undefined;
  /** Who makes metrics. */
  meterProvider?: MeterProvider | undefined;
}

/**
 * Makes spans and metrics of the events of clients: `onEvent` of each.
 *
 * A span stands for one attempt of a request. Its parent is the span that is current where the program makes the call. Neither
 * spans nor metrics hold a path, a token, a number or a name.
 *
 * ```ts
 * import { openTelemetry } from "trunkline/opentelemetry";
 *
 * const client = new Client({ credential, onEvent: openTelemetry() });
 * ```
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): (event: CallEvent) => void {
  const tracer = (options.tracerProvider ?? trace).getTracer("trunkline", undefined, SCHEMA);
  const meter = (options.meterProvider ?? metrics).getMeter("trunkline", undefined, SCHEMA);
  const duration = meter.createHistogram("http.client.request.duration", {
    unit: "s",
    description: "Duration of HTTP client requests.",
    advice: { explicitBucketBoundaries: SECONDS },
  });
  const retries = meter.createCounter("trunkline.retries", { unit: "{retry}", description: "Requests that were sent again." });
  const throttled = meter.createCounter("trunkline.throttled", {
    unit: "{response}",
    description: "Responses with status 429.",
  });
  const waits = meter.createHistogram("trunkline.throttle.wait", {
    unit: "s",
    description: "Waits that other requests or the pace caused.",
    advice: { explicitBucketBoundaries: MINUTES },
  });
  const pace = meter.createGauge("trunkline.pace", {
    unit: "{request}/s",
    description: "Requests per second that the pace allows.",
  });
  const age = meter.createHistogram("trunkline.order.age", {
    unit: "s",
    description: "Age of orders when their state was read.",
    advice: { explicitBucketBoundaries: MINUTES },
  });
  const rows = meter.createCounter("trunkline.rows", { unit: "{row}", description: "Rows of bulk runs that ended." });

  const respond = (event: ResponseEvent): void => {
    const { method, host, port, template, status, fault, group, attempt } = event;
    const failure = fault ?? (status !== null && status >= 400 ? String(status) : null);
    const attributes = known({
      "http.request.method": method,
      "server.address": host,
      "server.port": port,
      "url.template": template,
      "http.response.status_code": status,
      "error.type": failure,
    });
    // A request of a batch takes no time of its own.
    if (!event.inBatch) duration.record(event.duration, attributes);
    if (status === 429) throttled.add(1, known({ "trunkline.group": group }));
    if (event.pace !== null) pace.record(event.pace, known({ "trunkline.group": group }));
    const name = method === "_OTHER" ? "HTTP" : method;
    const end = event.time * 1000;
    const span = tracer.startSpan(template === null ? name : `${name} ${template}`, {
      kind: event.inBatch ? SpanKind.INTERNAL : SpanKind.CLIENT,
      startTime: end - event.duration * 1000,
      attributes: {
        ...attributes,
        ...known({
          "http.request.resend_count": attempt > 1 ? attempt - 1 : null,
          "trunkline.operation": event.operation,
          "trunkline.group": group,
          "trunkline.attempt": attempt,
          "trunkline.wait": event.waited > 0 ? event.waited : null,
          "trunkline.request_id": event.requestId,
          "trunkline.client_request_id": event.clientRequestId,
        }),
      },
    });
    if (failure !== null) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(end);
  };

  return (event) => {
    switch (event.kind) {
      case "response":
        return respond(event);
      case "retry":
        return retries.add(1, known({ "trunkline.operation": event.operation, "trunkline.reason": event.reason }));
      case "throttle":
        return waits.record(event.wait, known({ "trunkline.group": event.group, "trunkline.reason": event.reason }));
      case "order":
        return age.record(event.age, known({ "trunkline.operation": event.operation, "trunkline.progress": event.progress }));
      case "row":
        return rows.add(1, { "trunkline.ending": event.ending });
      case "request":
    }
  };
}

/** The attributes that have a value. */
function known(attributes: Record<string, string | number | null>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null)) as Attributes;
}
