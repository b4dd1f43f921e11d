"""Teams telephone numbers, by what an administrator means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from trunkline import _native
from trunkline._asynchronous.changes import carried_out
from trunkline._decisions import Decision, Verified, Wanted, decision, verified, wanted_argument
from trunkline._outcomes import NumberOutcome, OrderOutcome, Watcher, number_outcome, order_outcome

if TYPE_CHECKING:
    from trunkline._asynchronous.client import AsyncClient
    from trunkline.generated.teams_administration import NumberAssignment


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
        """All of them.

        Raises:
            GraphError: The inventory cannot be read.
        """
        return [number async for number in self]

    async def first(self) -> NumberAssignment | None:
        """The one that comes first in order of its digits.

        Raises:
            GraphError: The inventory cannot be read.
        """
        return await self._native.first(self._client._connected())


class AsyncNumbers:
    """Teams telephone numbers, by what an administrator means.

    Every change looks the number up first, refuses what cannot work before anything is sent, waits for the order and
    reads the number back. Doing the same thing twice is a no-op that says so.

    Reading needs TeamsTelephoneNumber.Read.All, changing TeamsTelephoneNumber.ReadWrite.All, and both User.Read.All
    where a user is given by principal name.
    Source: https://learn.microsoft.com/graph/api/resources/teamsadministration-numberassignment
    """

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def find(self, number: str, *, country: str | None = None) -> NumberAssignment | None:
        """The number, when the tenant has it.

        Args:
            number: As people write numbers, with plus and country code, or as it is dialled within the country.
            country: Two letters: the country of a number without a plus; as of the client unless set.

        Raises:
            InvalidInputError: The text is no number, or it has no plus and no country was given.
        """
        return await self._client._intents.find(self._client._connected(), number, country=country)

    def query(
        self,
        *,
        number: str | None = None,
        unassigned: bool = False,
        for_users: bool = False,
        held_by: str | None = None,
        number_type: str | None = None,
        capability: str | None = None,
        country: str | None = None,
        city: str | None = None,
        prefix: str | None = None,
        filter: str | None = None,
    ) -> AsyncNumberQuery:
        """Numbers that meet all of these conditions; without any, every number. Nothing is sent yet.

        Args:
            number: This number only; without a plus it is read in the `country`, or else in the client's.
            unassigned: Free numbers only.
            for_users: Numbers only that can be assigned to a person.
            held_by: Held by this account (object id).
            number_type: `callingPlan`, `directRouting` or `operatorConnect`.
            capability: For instance `userAssignment`.
            country: Two letters, ISO 3166-1.
            city: In any case.
            prefix: Numbers that begin so, for instance `+1206`.
            filter: A further condition in OData's own words.

        Raises:
            InvalidInputError: `number` is no number.
        """
        native = self._client._intents.query(
            number=number,
            unassigned=unassigned,
            for_users=for_users,
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
        self,
        *,
        country: str | None = None,
        city: str | None = None,
        prefix: str | None = None,
        number_type: str | None = None,
    ) -> NumberAssignment | None:
        """The first free number, in order of its digits, that can be assigned to a person. Nothing is reserved.

        Args:
            country: Two letters, ISO 3166-1.
            city: In any case.
            prefix: Numbers that begin so, for instance `+1206`.
            number_type: `callingPlan`, `directRouting` or `operatorConnect`.
        """
        query = self.query(
            unassigned=True, for_users=True, country=country, city=city, prefix=prefix, number_type=number_type
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
        country: str | None = None,
        repeat_after_read_back: bool = False,
        known: NumberAssignment | None = None,
        timeout: float | None = None,
        on_progress: Watcher | None = None,
    ) -> NumberOutcome:
        """Assigns a free number to a user or another account.

        Args:
            number: As people write numbers, with plus and country code, or as it is dialled within the country.
            to: Principal name of a user, or object id of a user or a resource account.
            category: `primary` unless set, `private` or `alternate`.
            location: Id of the emergency location.
            number_type: The provider's type, when the inventory does not say.
            country: Two letters: the country of a number without a plus; as of the client unless set.
            repeat_after_read_back: When the answer to the order is lost and the number, read back, does not show it:
                send the order once more. The first may then still be carried out as well.
            known: The number as it was read shortly before; it is not read again before the order.
            timeout: Seconds that the whole change may take, from looking up to reading back; 600 unless set.
            on_progress: Gets the progress of the change.

        Raises:
            InvalidInputError: The text is no number. Nothing was sent.
            NotFoundError: The tenant has no such number, or there is no such user. Nothing was sent.
            ConflictError: Somebody else holds the number, or it is administered on premises. Nothing was sent.
            OperationFailedError: The service accepted the order and failed it.
            DeadlineError: The order goes on; `resume_token` takes it up again, with `follow`.
            UnknownOutcomeError: An answer was lost, and reading the number back did not settle it.
        """
        change = self._client._intents.assign(
            number,
            to,
            moves=False,
            category=category,
            location=location,
            number_type=number_type,
            country=country,
            repeat=repeat_after_read_back,
            known=known,
            timeout=timeout,
            watched=on_progress is not None,
        )
        data = await carried_out(change, on_progress)
        return number_outcome(data)

    async def move(
        self,
        number: str,
        to: str,
        *,
        category: str | None = None,
        location: str | None = None,
        number_type: str | None = None,
        country: str | None = None,
        base: bool = False,
        repeat_after_read_back: bool = False,
        known: NumberAssignment | None = None,
        timeout: float | None = None,
        on_progress: Watcher | None = None,
    ) -> NumberOutcome:
        """Assigns a number, taking it from whoever holds it. Arguments and errors are those of `assign`.

        With `base`, also a main number of which the inventory has others with an extension, such as `+12065550113x42`;
        otherwise that is a `ConflictError`.

        When taking it succeeded and giving it failed, the error says that the number is free now.
        """
        change = self._client._intents.assign(
            number,
            to,
            moves=True,
            category=category,
            location=location,
            number_type=number_type,
            country=country,
            base=base,
            repeat=repeat_after_read_back,
            known=known,
            timeout=timeout,
            watched=on_progress is not None,
        )
        data = await carried_out(change, on_progress)
        return number_outcome(data)

    async def unassign(
        self,
        number: str,
        *,
        country: str | None = None,
        base: bool = False,
        known: NumberAssignment | None = None,
        timeout: float | None = None,
        on_progress: Watcher | None = None,
    ) -> NumberOutcome:
        """Takes a number from whoever holds it.

        Args:
            number: As people write numbers, with plus and country code, or as it is dialled within the country.
            country: Two letters: the country of a number without a plus; as of the client unless set.
            base: Whether a main number may be taken although the inventory has others with an extension of it, such as
                `+12065550113x42`.
            known: The number as it was read shortly before; it is not read again before the order.
            timeout: Seconds that the whole change may take, from looking up to reading back; 600 unless set.
            on_progress: Gets the progress of the change.

        Raises:
            ConflictError: It is a main number of which there are others with an extension, and `base` is not set.
            GraphError: Otherwise as of `assign`.
        """
        change = self._client._intents.unassign(
            number,
            country=country,
            base=base,
            known=known,
            timeout=timeout,
            watched=on_progress is not None,
        )
        data = await carried_out(change, on_progress)
        return number_outcome(data)

    async def set_location(
        self,
        number: str,
        location: str | None,
        *,
        country: str | None = None,
        known: NumberAssignment | None = None,
        timeout: float | None = None,
        on_progress: Watcher | None = None,
    ) -> NumberOutcome:
        """Sets the emergency location of a number, or clears it.

        Args:
            number: As people write numbers, with plus and country code, or as it is dialled within the country.
            location: The id of the location; `None` clears it.
            country: Two letters: the country of a number without a plus; as of the client unless set.
            known: The number as it was read shortly before; it is not read again before the change.
            timeout: Seconds that the whole change may take, until the number shows it; 600 unless set.
            on_progress: Gets the progress of the change.

        Raises:
            ConflictError: The number's provider does not let the tenant do it.
            GraphError: Otherwise as of `assign`.
        """
        change = self._client._intents.set_location(
            number,
            location,
            country=country,
            known=known,
            timeout=timeout,
            watched=on_progress is not None,
        )
        data = await carried_out(change, on_progress)
        return number_outcome(data)

    def decide(self, found: NumberAssignment, wanted: Wanted) -> Decision:
        """Decides the steps from a state of a number to the wanted one. Nothing is read or sent. The changes decide by this, too.

        Args:
            found: The number as it was read.
            wanted: The wanted state.

        Raises:
            GraphError: It cannot be done, or must not be now: the error that the change would end with.
        """
        return decision(self._client._intents.decide(found, wanted_argument(wanted)))

    async def verify(self, number: str, wanted: Wanted, *, country: str | None = None) -> Verified:
        """Reads a number and compares it with what is wanted. Nothing is changed; that it is otherwise is no error.

        Args:
            number: As people write numbers, with plus and country code, or as it is dialled within the country.
            wanted: The wanted state.
            country: Two letters: the country of a number without a plus; as of the client unless set.

        Raises:
            InvalidInputError: The text is no number.
            NotFoundError: The tenant has no such number.
        """
        found = await self._client._intents.verify(self._client._connected(), number, wanted_argument(wanted), country=country)
        return verified(found)

    async def follow_operation(
        self, id: str, *, timeout: float | None = None, on_progress: Watcher | None = None
    ) -> OrderOutcome:
        """Takes an order up again of which only the id is known. A token knows more: see `follow`.

        Args:
            id: The `id` of `Progress`, or of an operation that the service lists.
            timeout: Seconds that the order and its read-back may take from now on; 600 unless set.
            on_progress: Gets the progress of the change.

        Raises:
            NotFoundError: The service does not know the id, or no longer.
            GraphError: Otherwise as of `follow`.
        """
        change = self._client._intents.follow(
            id, is_id=True, timeout=timeout, watched=on_progress is not None
        )
        data = await carried_out(change, on_progress)
        return order_outcome(data)

    async def follow(
        self, token: str, *, timeout: float | None = None, on_progress: Watcher | None = None
    ) -> OrderOutcome:
        """Takes an order up again: waits for its end and reads the number back.

        Args:
            token: The `token` of `Progress`, or the `resume_token` of an error; also of another process or language.
            timeout: Seconds that the order and its read-back may take from now on; 600 unless set.
            on_progress: Gets the progress of the change.

        Raises:
            InvalidInputError: The text is no such token.
            UntrustedLinkError: The token is of another service.
            GraphError: Otherwise as of `assign`.
        """
        change = self._client._intents.follow(
            token, timeout=timeout, watched=on_progress is not None
        )
        data = await carried_out(change, on_progress)
        return order_outcome(data)
