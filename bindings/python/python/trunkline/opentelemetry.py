"""Spans and metrics of OpenTelemetry. It needs the package `opentelemetry-api`; who exports them is the program's.

```
from trunkline.opentelemetry import OpenTelemetry

client = trunkline.Client(credential, on_event=OpenTelemetry())
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, StatusCode

from . import _native

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from .generated.events import CallEvent, ResponseEvent

_Attributes: TypeAlias = dict[str, str | int | float | bool]

_SCHEMA = "https://opentelemetry.io/schemas/1.37.0"
_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
_MINUTES = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600]


class OpenTelemetry:
    """Makes spans and metrics of the events of clients: `on_event=` of each.

    A span stands for one attempt of a request. Its parent is the span that is current where the program makes the call. Neither spans
    nor metrics hold a path, a token, a number or a name.
    """

    def __init__(
        self, *, tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None
    ) -> None:
        """Uses the global providers unless others are named."""
        version = _native.version()
        self._tracer = trace.get_tracer("trunkline", version, tracer_provider, _SCHEMA)
        meter = metrics.get_meter("trunkline", version, meter_provider, _SCHEMA)
        self._duration = meter.create_histogram(
            "http.client.request.duration",
            "s",
            "Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self._retries = meter.create_counter("trunkline.retries", "{retry}", "Requests that were sent again.")
        self._throttled = meter.create_counter("trunkline.throttled", "{response}", "Responses with status 429.")
        self._waits = meter.create_histogram(
            "trunkline.throttle.wait",
            "s",
            "Waits that other requests or the pace caused.",
            explicit_bucket_boundaries_advisory=_MINUTES,
        )
        self._pace = meter.create_gauge("trunkline.pace", "{request}/s", "Requests per second that the pace allows.")
        self._age = meter.create_histogram(
            "trunkline.order.age",
            "s",
            "Age of orders when their state was read.",
            explicit_bucket_boundaries_advisory=_MINUTES,
        )
        self._rows = meter.create_counter("trunkline.rows", "{row}", "Rows of bulk runs that ended.")

    def __call__(self, event: CallEvent) -> None:
        if event.kind == "response":
            self._response(event)
        elif event.kind == "retry":
            self._retries.add(1, {**_operation(event.operation), "trunkline.reason": event.reason})
        elif event.kind == "throttle":
            self._waits.record(event.wait, {**_group(event.group), "trunkline.reason": event.reason})
        elif event.kind == "order":
            self._age.record(event.age, {**_operation(event.operation), "trunkline.progress": event.progress})
        elif event.kind == "row":
            self._rows.add(1, {"trunkline.ending": event.ending})

    def _response(self, event: ResponseEvent) -> None:
        attributes: _Attributes = {
            "http.request.method": event.method,
            "server.address": event.host,
            "server.port": event.port,
        }
        if event.template is not None:
            attributes["url.template"] = event.template
        if event.status is not None:
            attributes["http.response.status_code"] = event.status
        failure = event.fault
        if failure is None and event.status is not None and event.status >= 400:
            failure = str(event.status)
        if failure is not None:
            attributes["error.type"] = failure
        # A request of a batch takes no time of its own.
        if not event.in_batch:
            self._duration.record(event.duration, attributes)
        if event.status == 429:
            self._throttled.add(1, _group(event.group))
        if event.pace is not None:
            self._pace.set(event.pace, _group(event.group))
        self._span(event, attributes, failure)

    def _span(self, event: ResponseEvent, attributes: _Attributes, failure: str | None) -> None:
        attributes = {**attributes, **_operation(event.operation), **_group(event.group)}
        attributes["trunkline.attempt"] = event.attempt
        if event.attempt > 1:
            attributes["http.request.resend_count"] = event.attempt - 1
        if event.waited > 0:
            attributes["trunkline.wait"] = event.waited
        if event.request_id is not None:
            attributes["trunkline.request_id"] = event.request_id
        if event.client_request_id is not None:
            attributes["trunkline.client_request_id"] = event.client_request_id
        method = "HTTP" if event.method == "_OTHER" else event.method
        end = round(event.time * 1e9)
        span = self._tracer.start_span(
            method if event.template is None else f"{method} {event.template}",
            kind=SpanKind.INTERNAL if event.in_batch else SpanKind.CLIENT,
            attributes=attributes,
            start_time=end - round(event.duration * 1e9),
        )
        if failure is not None:
            span.set_status(StatusCode.ERROR)
        span.end(end)


def _operation(operation: str | None) -> _Attributes:
    return {} if operation is None else {"trunkline.operation": operation}


def _group(group: str | None) -> _Attributes:
    return {} if group is None else {"trunkline.group": group}
