"""Spans and metrics as a collector receives them over OTLP."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

import trunkline
from trunkline.opentelemetry import OpenTelemetry

ANA = "ana@contoso.example"
NUMBER = "+12065550147"


class Collector:
    """Receives spans and metrics over OTLP, and keeps every byte."""

    def __init__(self) -> None:
        received: list[tuple[str, bytes]] = []
        self.received = received

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                received.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(f"{url}/v1/traces")))
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{url}/v1/metrics"), 3_600_000)
        self.meters = MeterProvider([reader])

    def observer(self) -> OpenTelemetry:
        return OpenTelemetry(tracer_provider=self.tracers, meter_provider=self.meters)

    @property
    def spans(self) -> list[Any]:
        """Every span, in the order in which they ended."""
        bodies = [ExportTraceServiceRequest.FromString(body) for path, body in self.received if path == "/v1/traces"]
        resources = [resource for body in bodies for resource in body.resource_spans]
        return [span for resource in resources for scope in resource.scope_spans for span in scope.spans]

    def metrics(self) -> dict[str, list[Any]]:
        """The points of each metric."""
        self.meters.force_flush()
        body = [body for path, body in self.received if path == "/v1/metrics"][-1]
        resources = ExportMetricsServiceRequest.FromString(body).resource_metrics
        metrics = [metric for resource in resources for scope in resource.scope_metrics for metric in scope.metrics]
        points = {metric.name: getattr(metric, metric.WhichOneof("data")).data_points for metric in metrics}
        return {name: list(found) for name, found in points.items()}

    def close(self) -> None:
        self.meters.shutdown()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.close()


def attributes(found: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in found.attributes}


def test_each_attempt_is_a_span_below_the_current_one(emulator: trunkline.Emulator, collector: Collector) -> None:
    emulator.fault({"effect": {"kind": "status", "status": 429, "retryAfter": "1"}, "times": 1})
    with emulator.client(_test_time=True, on_event=collector.observer()) as client:
        with collector.tracers.get_tracer("program").start_as_current_span("onboarding"):
            client.graph.users.by_id(ANA).get(select=["id"])
    refused, answered, parent = collector.spans
    assert [span.name for span in (refused, answered)] == ["GET /users/{user-id}"] * 2
    for span in (refused, answered):
        assert span.parent_span_id == parent.span_id and span.trace_id == parent.trace_id
        assert span.kind == span.SPAN_KIND_CLIENT and span.start_time_unix_nano <= span.end_time_unix_nano
    first, second = attributes(refused), attributes(answered)
    assert first.items() >= {
        "http.request.method": "GET",
        "http.response.status_code": 429,
        "error.type": "429",
        "server.address": "127.0.0.1",
        "url.template": "/users/{user-id}",
        "trunkline.operation": "users.get",
        "trunkline.attempt": 1,
    }.items()
    assert (refused.status.code, answered.status.code) == (refused.status.STATUS_CODE_ERROR, 0)
    assert second["http.request.resend_count"] == 1 and second["trunkline.wait"] >= 1
    assert second["trunkline.request_id"] and "error.type" not in second


def test_spans_of_asyncio_are_below_those_of_their_tasks(emulator: trunkline.Emulator, collector: Collector) -> None:
    tracer = collector.tracers.get_tracer("program")

    async def one(client: trunkline.AsyncClient, number: int) -> None:
        with tracer.start_as_current_span(f"task {number}"):
            await client.graph.users.by_id(ANA).get(select=["id"])

    async def main() -> None:
        async with emulator.async_client(on_event=collector.observer()) as client:
            await asyncio.gather(*(one(client, number) for number in range(4)))

    asyncio.run(main())
    parents = {span.span_id: span for span in collector.spans if span.name.startswith("task")}
    requests = [span for span in collector.spans if span.name == "GET /users/{user-id}"]
    assert sorted(parents[span.parent_span_id].name for span in requests) == [f"task {number}" for number in range(4)]
    assert all(span.trace_id == parents[span.parent_span_id].trace_id for span in requests)


def test_a_collector_receives_spans_and_metrics_without_a_token_a_number_or_a_name(
    emulator: trunkline.Emulator, collector: Collector, tmp_path: Path
) -> None:
    token = emulator.token()
    emulator.add_number(NUMBER)
    emulator.fault({"effect": {"kind": "status", "status": 429, "retryAfter": "1"}, "times": 2})
    with emulator.client(credential=token, _test_time=True, pace=50, on_event=collector.observer()) as client:
        rows = client.bulk.read(f"action,user,number\nassign,{ANA},{NUMBER}\n".encode())
        with collector.tracers.get_tracer("program").start_as_current_span("bulk"):
            for _ in client.bulk.apply(client.bulk.plan(rows), str(tmp_path / "rows.journal")):
                pass
        client.phones(ANA).set("mobile", "+1 206 555 0148")
        with pytest.raises(trunkline.GraphError):
            client.request("GET", f"/canary/{NUMBER}")
    metrics = collector.metrics()
    assert metrics.keys() >= {
        "http.client.request.duration",
        "trunkline.retries",
        "trunkline.throttled",
        "trunkline.pace",
        "trunkline.order.age",
        "trunkline.rows",
    }
    assert [(point.as_int, attributes(point)) for point in metrics["trunkline.rows"]] == [(1, {"trunkline.ending": "done"})]
    assert sum(point.as_int for point in metrics["trunkline.throttled"]) == 2
    assert all(0 < point.as_double <= 50 for point in metrics["trunkline.pace"])
    by_name = {span.name: span for span in collector.spans}
    parent, order = by_name["bulk"], by_name["POST /admin/teams/telephoneNumberManagement/numberAssignments/assignNumber"]
    assert order.parent_span_id == parent.span_id
    received = b"".join(body for _, body in collector.received)
    assert len(received) > 5000
    for canary in (token, "2065550147", "5550148", "ana@", "ana%40", "canary"):
        assert canary.encode() not in received, canary


def test_the_global_providers_are_used_unless_others_are_named(emulator: trunkline.Emulator) -> None:
    assert isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)
    # Without an SDK nothing is recorded, and nothing fails.
    with emulator.client(on_event=OpenTelemetry()) as client:
        assert client.graph.users.by_id(ANA).get(select=["id"]).id


def test_the_module_is_not_imported_with_the_package() -> None:
    program = "import sys, trunkline; trunkline.Client('t'); print('opentelemetry' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
