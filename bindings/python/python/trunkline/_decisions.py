"""The wanted state of a number, and the decision from its present state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from . import _native
    from ._errors import GraphError
    from .generated.teams_administration import NumberAssignment


@dataclass(frozen=True)
class Wanted:
    """The wanted state of a number. Returned by `assigned`, `unassigned` and `located`."""

    kind: Literal["assigned", "unassigned", "located"]
    """Whether somebody holds it, nobody does, or it has a certain emergency location."""
    to: str | None = None
    """Object id of the holder, of `assigned`."""
    takes: bool = False
    """Whether it is taken from whoever holds it, of `assigned`."""
    category: str | None = None
    """Which of the holder's lines it is, of `assigned`."""
    location: str | None = None
    """Id of the emergency location, of `assigned` and `located`."""
    number_type: str | None = None
    """The expected type of the number, of `assigned`."""

    @classmethod
    def assigned(
        cls,
        to: str,
        *,
        takes: bool = False,
        category: str | None = None,
        location: str | None = None,
        number_type: str | None = None,
    ) -> Wanted:
        """Somebody holds it.

        Args:
            to: Object id of a user or another account.
            takes: Takes it from whoever holds it; else it is left with its holder.
            category: `primary`, `private` or `alternate`.
            location: Id of the emergency location.
            number_type: `callingPlan`, `directRouting` or `operatorConnect`; another is refused.
        """
        return cls("assigned", to, takes, category, location, number_type)

    @classmethod
    def unassigned(cls) -> Wanted:
        """Nobody holds it."""
        return cls("unassigned")

    @classmethod
    def located(cls, location: str | None) -> Wanted:
        """Its emergency location is this one; with `None`, it has none."""
        return cls("located", location=location)

    def __repr__(self) -> str:
        return f"Wanted(kind={self.kind!r})"


@dataclass(frozen=True)
class Step:
    """One change to a number: one request."""

    operation: str
    """The operation's id, such as `numberAssignments.assignNumber`."""
    request: dict[str, Any]
    """The request: `method`, `path`, `body` and so on. Holds personal data."""

    def __repr__(self) -> str:
        return f"Step(operation={self.operation!r})"


@dataclass(frozen=True)
class Decision:
    """The change to a number that a decision asks for."""

    action: Literal["already", "wait", "send", "other"]
    """`already`: nothing, it is so. `wait`: it is being made so. `send`: the steps. `other`: newer than this package."""
    steps: list[Step]
    """The changes to be sent, in order, each when the one before is at its end."""
    warnings: list[str]
    """Warnings for an administrator about a change that is possible."""


@dataclass(frozen=True)
class Verified:
    """A number as it was read, compared with the wanted state."""

    found: NumberAssignment
    """The number as it was read."""
    decision: Decision | None
    """The change that is missing; `None` when it is impossible."""
    refusal: GraphError | None
    """Why it cannot be done."""
    holds: bool
    """Whether the number is as wanted, with nothing under way and no warning."""


def wanted_argument(wanted: Wanted) -> _native.WantedArgument:
    """The argument of the native part."""
    if not isinstance(wanted, Wanted):  # pyright: ignore[reportUnnecessaryIsInstance] for callers without types
        raise TypeError(f"wanted must be a Wanted, not {type(wanted).__name__}")
    return (wanted.kind, wanted.to, wanted.takes, wanted.category, wanted.location, wanted.number_type)


def decision(data: _native.DecisionParts) -> Decision:
    """A decision, from what the native part tells of it."""
    action, steps, warnings = data
    return Decision(action, [Step(operation, request) for operation, request in steps], warnings)


def verified(data: _native.VerifiedParts) -> Verified:
    """A comparison, from what the native part tells of it."""
    found, decided, refusal, holds = data
    return Verified(found, None if decided is None else decision(decided), refusal, holds)
