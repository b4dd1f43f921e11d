"""How the changes of administrators ended, and how far they have come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from ._stages import Verdict

if TYPE_CHECKING:
    from . import _native
    from ._native import Meta
    from .generated.graph import PhoneAuthenticationMethod
    from .generated.teams_administration import NumberAssignment


@dataclass(frozen=True)
class Progress:
    """How far a change has come. What does not belong to its kind is `None`."""

    kind: Literal[
        "found",
        "sending",
        "answered",
        "accepted",
        "stage",
        "answer_lost",
        "in_doubt",
        "settling",
        "other",
    ]
    """`found`: the present state was read. `sending`: a request that changes something is about to be sent.
    `answered`: the service took it. `accepted`: it took it as an order. `stage`: the order was looked at.
    `answer_lost`, `in_doubt`: an answer was lost, and it is read what came of it. `settling`: the number, or the phone methods,
    are read until they show the change. `other`: something newer than this package."""
    number: NumberAssignment | None = None
    """The number, of `found`."""
    methods: list[PhoneAuthenticationMethod] | None = None
    """The user's phone methods, of `found`."""
    request: dict[str, Any] | None = None
    """The request, of `sending`: `method`, `path`, `body` and so on. Holds personal data."""
    meta: Meta | None = None
    """Status, headers and request id, of `answered`."""
    id: str | None = None
    """The id of the order, of `accepted`."""
    token: str | None = None
    """The token with which `numbers.follow` resumes the order, of `accepted`. Keep it until the change has ended."""
    status: str | None = None
    """The service's word, of `stage`."""


Watcher: TypeAlias = Callable[[Progress], object]
"""Gets the progress of a change.

It is called by the thread or the task that waits for the change, between two steps of it; with `AsyncClient` it may be
`async`. What it raises stops the change, which then ends with a `CancelledError` whose cause it is; raised at `sending`, that
request is not sent. `KeyboardInterrupt`, `SystemExit` and their like stop it, too, and pass as they are.
"""


@dataclass(frozen=True)
class Order:
    """An order that the service carried out."""

    id: str | None
    """The id of the operation; `None` when the answer was lost and reading the number back settled it."""
    stages: list[str]
    """The stages that were seen, in order, without repetitions."""
    verdicts: list[Verdict]
    """The service's verdict on each number."""
    request_id: str | None
    """The id under which Microsoft's support finds the request."""


@dataclass(frozen=True)
class NumberOutcome:
    """The end of a change to a number that went well. `str()` says it in a line."""

    change: Literal["done", "already"]
    """`already`: it was so, and nothing was sent."""
    seen: bool
    """Whether reading back showed the change. When not, the service accepted the location all the same: `after` is what was
    read last, and the warnings say how long it was read."""
    number: str
    """The number, E.164."""
    before: NumberAssignment
    """The number as it was."""
    after: NumberAssignment
    """The number as it was read back."""
    orders: list[Order]
    """The orders that did it, in order of time: a move has two, a change of location none."""
    warnings: list[str]
    """Warnings for an administrator about a change that succeeded."""
    text: str
    """The same in a line."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class OrderOutcome:
    """The end of an order that was followed and went well. `str()` says it in a line."""

    order: Order
    """The order."""
    after: NumberAssignment | None
    """The number as it was read back; `None` when the order does not say which one it is."""
    warnings: list[str]
    """Warnings for an administrator about an order that succeeded."""
    text: str
    """The same in a line."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class PhoneOutcome:
    """The end of a change to a phone method that went well. `str()` says it in a line."""

    change: Literal["created", "updated", "removed", "already"]
    """`already`: it was so, and nothing was sent."""
    seen: bool
    """Whether reading back showed the change. When not, the service accepted it all the same: `after` is what was read last,
    and the warnings say how long it was read."""
    user: str
    """Object id of the user."""
    role: str
    """`mobile`, `alternateMobile` or `office`."""
    before: PhoneAuthenticationMethod | None
    """The method as it was."""
    after: PhoneAuthenticationMethod | None
    """The method as it was read back."""
    warnings: list[str]
    """Warnings for an administrator about a change that succeeded."""
    text: str
    """The same in a line."""

    def __str__(self) -> str:
        return self.text


def number_outcome(data: _native.NumberOutcomeParts) -> NumberOutcome:
    """An outcome, from what the native part tells of it."""
    change, seen, number, before, after, orders, warnings, text = data
    return NumberOutcome(change, seen, number, before, after, [_order(order) for order in orders], warnings, text)


def order_outcome(data: _native.OrderOutcomeParts) -> OrderOutcome:
    """An outcome, from what the native part tells of it."""
    order, after, warnings, text = data
    return OrderOutcome(_order(order), after, warnings, text)


def phone_outcome(data: _native.PhoneOutcomeParts) -> PhoneOutcome:
    """An outcome, from what the native part tells of it."""
    return PhoneOutcome(*data)


def _order(data: dict[str, Any]) -> Order:
    verdicts = [
        Verdict(verdict.get("resourceLocation"), verdict.get("status"), verdict.get("detail"), verdict["succeeded"])
        for verdict in data["verdicts"]
    ]
    return Order(data.get("id"), data["stages"], verdicts, data.get("requestId"))


def refuse_awaitable(answer: object, name: str) -> None:
    """Refuses what a function gave that callers who block cannot wait for."""
    if isinstance(answer, Coroutine):
        cast("Coroutine[object, object, object]", answer).close()
    if isinstance(answer, Awaitable):
        raise TypeError(f"{name} must not be async here; AsyncClient awaits it")
