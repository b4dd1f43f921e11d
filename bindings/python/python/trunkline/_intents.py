"""What an administrator means, and how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from . import _native

if TYPE_CHECKING:
    from ._client import AsyncClient, Client
    from .generated.graph import PhoneAuthenticationMethod
    from .generated.teams_administration import NumberAssignment

Progress: TypeAlias = Callable[[str, dict[str, Any]], None]
"""Is told how far a change has come: `found` (number), `accepted` (id, token), `stage` (status), `answer_lost`,
`settling`."""


@dataclass(frozen=True)
class NumberOutcome:
    """The end of a change to a number that went well. `str()` says it in a line."""

    change: str
    """`done`, or `already` when it was so and nothing was sent."""
    number: str
    """The number, E.164."""
    before: NumberAssignment
    """The number as it was."""
    after: NumberAssignment
    """The number as it was read back."""
    orders: list[dict[str, Any]]
    """The orders that were carried out: `id`, `stages`, `verdicts`, `requestId`."""
    warnings: list[str]
    """What an administrator should know although it went well."""
    text: str
    """The same in a line."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class PhoneOutcome:
    """The end of a change to a phone method that went well. `str()` says it in a line."""

    change: str
    """`created`, `updated`, `removed`, or `already` when it was so and nothing was sent."""
    user: str
    """Object id of the user."""
    role: str
    """`mobile`, `alternateMobile` or `office`."""
    before: PhoneAuthenticationMethod | None
    """The method as it was."""
    after: PhoneAuthenticationMethod | None
    """The method as it was read back."""
    warnings: list[str]
    """What an administrator should know although it went well."""
    text: str
    """The same in a line."""

    def __str__(self) -> str:
        return self.text


class NumberQuery:
    """Numbers of the inventory, gone through as they arrive; each time begins anew."""

    __slots__ = ("_native",)

    def __init__(self, native: _native.Query) -> None:
        self._native = native

    def __iter__(self) -> Iterator[NumberAssignment]:
        items = self._native.items()
        while (chunk := items.next(None)) is not None:
            yield from chunk[0]
            if chunk[1] is not None:
                raise chunk[1]

    def all(self) -> list[NumberAssignment]:
        """All of them."""
        return list(self)

    def first(self) -> NumberAssignment | None:
        """The one that comes first in order of its digits."""
        found: NumberAssignment | None = self._native.first(None)
        return found


class AsyncNumberQuery:
    """Numbers of the inventory, gone through as they arrive; each time begins anew."""

    __slots__ = ("_client", "_native")

    def __init__(self, client: AsyncClient, native: _native.Query) -> None:
        self._client = client
        self._native = native

    async def __aiter__(self) -> AsyncIterator[NumberAssignment]:
        items = self._native.items()
        while (chunk := await items.next(self._client._connected())) is not None:
            for number in chunk[0]:
                yield number
            if chunk[1] is not None:
                raise chunk[1]

    async def all(self) -> list[NumberAssignment]:
        """All of them."""
        return [number async for number in self]

    async def first(self) -> NumberAssignment | None:
        """The one that comes first in order of its digits."""
        found: NumberAssignment | None = await self._native.first(self._client._connected())
        return found


class Numbers:
    """Teams telephone numbers, by what an administrator means.

    Every change looks the number up first, refuses what cannot work before anything is sent, waits for the order and
    reads the number back. Doing the same thing twice is a no-op that says so.
    """

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def find(self, number: str) -> NumberAssignment | None:
        """The number, when the tenant has it."""
        found: NumberAssignment | None = self._client._intents.find(None, number)
        return found

    def query(
        self,
        *,
        number: str | None = None,
        unassigned: bool = False,
        held_by: str | None = None,
        number_type: str | None = None,
        capability: str | None = None,
        country: str | None = None,
        city: str | None = None,
        prefix: str | None = None,
        filter: str | None = None,
    ) -> NumberQuery:
        """Numbers that meet all of these conditions.

        Args:
            number: This number only.
            unassigned: Free numbers only.
            held_by: Held by this account (object id).
            number_type: `callingPlan`, `directRouting` or `operatorConnect`.
            capability: For instance `userAssignment`.
            country: Two letters, ISO 3166-1.
            city: In any case.
            prefix: Numbers that begin so, for instance `+1206`.
            filter: A further condition in OData's own words.
        """
        native = self._client._intents.query(
            number=number,
            unassigned=unassigned,
            held_by=held_by,
            number_type=number_type,
            capability=capability,
            country=country,
            city=city,
            prefix=prefix,
            filter=filter,
        )
        return NumberQuery(native)

    def next_free(
        self, *, country: str | None = None, city: str | None = None, prefix: str | None = None
    ) -> NumberAssignment | None:
        """The first free number that can be assigned to a person."""
        query = self.query(
            unassigned=True, capability="userAssignment", country=country, city=city, prefix=prefix
        )
        return query.first()

    def assign(
        self,
        number: str,
        to: str,
        *,
        category: str | None = None,
        location: str | None = None,
        number_type: str | None = None,
        timeout: float | None = None,
        on_progress: Progress | None = None,
    ) -> NumberOutcome:
        """Assigns a free number to a user (principal name or object id) or another account.

        Args:
            number: As people write numbers, with plus and country code.
            to: Principal name or object id.
            category: `primary` unless set, `private` or `alternate`.
            location: Id of the emergency location.
            number_type: The provider's type, when the inventory does not say.
            timeout: Seconds that the order and its read-back may take; 600 unless set.
            on_progress: Is told how far it has come.

        Raises:
            ConflictError: Somebody else holds the number.
            NotFoundError: There is no such number or user.
            DeadlineError: The order goes on; `resume_token` takes it up again.
        """
        return NumberOutcome(
            *self._client._intents.assign(
                None,
                number,
                to,
                moves=False,
                category=category,
                location=location,
                number_type=number_type,
                timeout=timeout,
                on_progress=on_progress,
            )
        )

    def move(
        self,
        number: str,
        to: str,
        *,
        category: str | None = None,
        location: str | None = None,
        number_type: str | None = None,
        timeout: float | None = None,
        on_progress: Progress | None = None,
    ) -> NumberOutcome:
        """As `assign`, and takes the number from its present holder first."""
        return NumberOutcome(
            *self._client._intents.assign(
                None,
                number,
                to,
                moves=True,
                category=category,
                location=location,
                number_type=number_type,
                timeout=timeout,
                on_progress=on_progress,
            )
        )

    def unassign(
        self, number: str, *, timeout: float | None = None, on_progress: Progress | None = None
    ) -> NumberOutcome:
        """Takes the number from its holder."""
        return NumberOutcome(
            *self._client._intents.unassign(
                None, number, timeout=timeout, on_progress=on_progress
            )
        )

    def set_location(self, number: str, location: str | None) -> NumberOutcome:
        """Sets the emergency location, by its id; `None` clears it."""
        return NumberOutcome(*self._client._intents.set_location(None, number, location))


class Phones:
    """The phone methods of one user, by what an administrator means. Doing the same thing twice is a no-op.

    Roles are `mobile`, `alternateMobile` (or `alternate_mobile`) and `office`.
    """

    __slots__ = ("_client", "_user")

    def __init__(self, client: Client, user: str) -> None:
        self._client = client
        self._user = user

    def list(self) -> list[PhoneAuthenticationMethod]:
        """The methods the user has, at most one per role."""
        found: list[PhoneAuthenticationMethod] = self._client._intents.phones_list(
            None, self._user
        )
        return found

    def find(self, role: str) -> PhoneAuthenticationMethod | None:
        """The method of a role, when the user has it."""
        found: PhoneAuthenticationMethod | None = self._client._intents.phones_find(
            None, self._user, role
        )
        return found

    def set(self, role: str, number: str) -> PhoneOutcome:
        """Makes the number of a role this one: adds the method or changes it.

        Raises:
            InvalidInputError: The text is no number, or the user lacks the mobile number that an alternate one needs.
            NotFoundError: There is no such user.
        """
        return PhoneOutcome(*self._client._intents.phones_set(None, self._user, role, number))

    def remove(self, role: str) -> PhoneOutcome:
        """Removes the method of a role."""
        return PhoneOutcome(*self._client._intents.phones_remove(None, self._user, role))

    def enable_sms_sign_in(self) -> PhoneOutcome:
        """Lets the user sign in with the mobile number and a text message."""
        return PhoneOutcome(*self._client._intents.phones_sms(None, self._user, True))

    def disable_sms_sign_in(self) -> PhoneOutcome:
        """No longer lets the user sign in with a text message."""
        return PhoneOutcome(*self._client._intents.phones_sms(None, self._user, False))


class AsyncNumbers:
    """Teams telephone numbers, by what an administrator means.

    Every change looks the number up first, refuses what cannot work before anything is sent, waits for the order and
    reads the number back. Doing the same thing twice is a no-op that says so.
    """

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def find(self, number: str) -> NumberAssignment | None:
        """The number, when the tenant has it."""
        found: NumberAssignment | None = await self._client._intents.find(self._client._connected(), number)
        return found

    def query(
        self,
        *,
        number: str | None = None,
        unassigned: bool = False,
        held_by: str | None = None,
        number_type: str | None = None,
        capability: str | None = None,
        country: str | None = None,
        city: str | None = None,
        prefix: str | None = None,
        filter: str | None = None,
    ) -> AsyncNumberQuery:
        """Numbers that meet all of these conditions.

        Args:
            number: This number only.
            unassigned: Free numbers only.
            held_by: Held by this account (object id).
            number_type: `callingPlan`, `directRouting` or `operatorConnect`.
            capability: For instance `userAssignment`.
            country: Two letters, ISO 3166-1.
            city: In any case.
            prefix: Numbers that begin so, for instance `+1206`.
            filter: A further condition in OData's own words.
        """
        native = self._client._intents.query(
            number=number,
            unassigned=unassigned,
            held_by=held_by,
            number_type=number_type,
            capability=capability,
            country=country,
            city=city,
            prefix=prefix,
            filter=filter,
        )
        return AsyncNumberQuery(self._client, native)

    async def next_free(
        self, *, country: str | None = None, city: str | None = None, prefix: str | None = None
    ) -> NumberAssignment | None:
        """The first free number that can be assigned to a person."""
        query = self.query(
            unassigned=True, capability="userAssignment", country=country, city=city, prefix=prefix
        )
        return await query.first()

    async def assign(
        self,
        number: str,
        to: str,
        *,
        category: str | None = None,
        location: str | None = None,
        number_type: str | None = None,
        timeout: float | None = None,
        on_progress: Progress | None = None,
    ) -> NumberOutcome:
        """Assigns a free number to a user (principal name or object id) or another account.

        Args:
            number: As people write numbers, with plus and country code.
            to: Principal name or object id.
            category: `primary` unless set, `private` or `alternate`.
            location: Id of the emergency location.
            number_type: The provider's type, when the inventory does not say.
            timeout: Seconds that the order and its read-back may take; 600 unless set.
            on_progress: Is told how far it has come.

        Raises:
            ConflictError: Somebody else holds the number.
            NotFoundError: There is no such number or user.
            DeadlineError: The order goes on; `resume_token` takes it up again.
        """
        return NumberOutcome(
            *await self._client._intents.assign(
                self._client._connected(),
                number,
                to,
                moves=False,
                category=category,
                location=location,
                number_type=number_type,
                timeout=timeout,
                on_progress=_on_loop(on_progress),
            )
        )

    async def move(
        self,
        number: str,
        to: str,
        *,
        category: str | None = None,
        location: str | None = None,
        number_type: str | None = None,
        timeout: float | None = None,
        on_progress: Progress | None = None,
    ) -> NumberOutcome:
        """As `assign`, and takes the number from its present holder first."""
        return NumberOutcome(
            *await self._client._intents.assign(
                self._client._connected(),
                number,
                to,
                moves=True,
                category=category,
                location=location,
                number_type=number_type,
                timeout=timeout,
                on_progress=_on_loop(on_progress),
            )
        )

    async def unassign(
        self, number: str, *, timeout: float | None = None, on_progress: Progress | None = None
    ) -> NumberOutcome:
        """Takes the number from its holder."""
        return NumberOutcome(
            *await self._client._intents.unassign(
                self._client._connected(), number, timeout=timeout, on_progress=_on_loop(on_progress)
            )
        )

    async def set_location(self, number: str, location: str | None) -> NumberOutcome:
        """Sets the emergency location, by its id; `None` clears it."""
        return NumberOutcome(*await self._client._intents.set_location(self._client._connected(), number, location))


class AsyncPhones:
    """The phone methods of one user, by what an administrator means. Doing the same thing twice is a no-op.

    Roles are `mobile`, `alternateMobile` (or `alternate_mobile`) and `office`.
    """

    __slots__ = ("_client", "_user")

    def __init__(self, client: AsyncClient, user: str) -> None:
        self._client = client
        self._user = user

    async def list(self) -> list[PhoneAuthenticationMethod]:
        """The methods the user has, at most one per role."""
        found: list[PhoneAuthenticationMethod] = await self._client._intents.phones_list(
            self._client._connected(), self._user
        )
        return found

    async def find(self, role: str) -> PhoneAuthenticationMethod | None:
        """The method of a role, when the user has it."""
        found: PhoneAuthenticationMethod | None = await self._client._intents.phones_find(
            self._client._connected(), self._user, role
        )
        return found

    async def set(self, role: str, number: str) -> PhoneOutcome:
        """Makes the number of a role this one: adds the method or changes it.

        Raises:
            InvalidInputError: The text is no number, or the user lacks the mobile number that an alternate one needs.
            NotFoundError: There is no such user.
        """
        return PhoneOutcome(*await self._client._intents.phones_set(self._client._connected(), self._user, role, number))

    async def remove(self, role: str) -> PhoneOutcome:
        """Removes the method of a role."""
        return PhoneOutcome(*await self._client._intents.phones_remove(self._client._connected(), self._user, role))

    async def enable_sms_sign_in(self) -> PhoneOutcome:
        """Lets the user sign in with the mobile number and a text message."""
        return PhoneOutcome(*await self._client._intents.phones_sms(self._client._connected(), self._user, True))

    async def disable_sms_sign_in(self) -> PhoneOutcome:
        """No longer lets the user sign in with a text message."""
        return PhoneOutcome(*await self._client._intents.phones_sms(self._client._connected(), self._user, False))


def _on_loop(function: Progress | None) -> Progress | None:
    """The same function, called on the loop that is running now."""
    if function is None:
        return None
    told, event_loop = function, asyncio.get_running_loop()

    def tell(kind: str, details: dict[str, Any]) -> None:
        event_loop.call_soon_threadsafe(told, kind, details)

    return tell
