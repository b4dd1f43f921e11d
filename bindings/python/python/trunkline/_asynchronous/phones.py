"""The phone methods of a user, by what an administrator means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trunkline._asynchronous.changes import carried_out
from trunkline._outcomes import PhoneOutcome, Watcher, phone_outcome

if TYPE_CHECKING:
    from trunkline._asynchronous.client import AsyncClient
    from trunkline.generated.graph import PhoneAuthenticationMethod


class AsyncPhones:
    """The phone methods of one user, by what an administrator means. Doing the same thing twice is a no-op.

    Roles are `mobile`, `alternateMobile` (or `alternate_mobile`) and `office`. Reading needs
    UserAuthenticationMethod.Read.All, changing UserAuthenticationMethod.ReadWrite.All, and both User.Read.All where the
    user is given by principal name.
    Source: https://learn.microsoft.com/graph/api/resources/phoneauthenticationmethod
    """

    __slots__ = ("_client", "_user")

    def __init__(self, client: AsyncClient, user: str) -> None:
        self._client = client
        self._user = user

    async def list(self) -> list[PhoneAuthenticationMethod]:
        """The methods the user has, at most one per role.

        Raises:
            NotFoundError: There is no such user.
        """
        return await self._client._intents.phones_list(self._client._connected(), self._user)

    async def find(self, role: str) -> PhoneAuthenticationMethod | None:
        """The method of a role, when the user has it.

        Args:
            role: `mobile`, `alternateMobile` or `office`.

        Raises:
            InvalidInputError: There is no such role.
            NotFoundError: There is no such user.
        """
        return await self._client._intents.phones_find(self._client._connected(), self._user, role)

    async def set(
        self,
        role: str,
        number: str,
        *,
        country: str | None = None,
        known: Sequence[PhoneAuthenticationMethod] | None = None,
        timeout: float | None = None,
        on_progress: Watcher | None = None,
    ) -> PhoneOutcome:
        """Makes the number of a role this one: adds the method or changes it.

        Args:
            role: `mobile`, `alternateMobile` or `office`.
            number: As people write numbers, with plus and country code, or as it is dialled within the country; an office
                number may have an extension.
            country: Two letters: the country of a number without a plus; as of the client unless set.
            known: All of the user's phone methods as they were read shortly before; they are not read again before it.
            timeout: Seconds that the whole change may take, reading back included; 600 unless set, of which at most 60 for
                reading back. A change that does not show in time is done all the same, and its outcome not `seen`.
            on_progress: Gets the progress of the change.

        Raises:
            InvalidInputError: The text is no number, or the user lacks the mobile number that an alternate one needs.
            NotFoundError: There is no such user.
        """
        change = self._client._intents.phones_set(
            self._user,
            role,
            number,
            country=country,
            known=known,
            timeout=timeout,
            watched=on_progress is not None,
        )
        data = await carried_out(change, on_progress)
        return phone_outcome(data)

    async def remove(
        self,
        role: str,
        *,
        known: Sequence[PhoneAuthenticationMethod] | None = None,
        timeout: float | None = None,
        on_progress: Watcher | None = None,
    ) -> PhoneOutcome:
        """Removes the method of a role.

        Args:
            role: `mobile`, `alternateMobile` or `office`.
            known: All of the user's phone methods as they were read shortly before; they are not read again before it.
            timeout: Seconds that the whole change may take, reading back included; 600 unless set, of which at most 60 for
                reading back. A change that does not show in time is done all the same, and its outcome not `seen`.
            on_progress: Gets the progress of the change.

        Raises:
            InvalidInputError: There is no such role.
            NotFoundError: There is no such user.
            ConflictError: It is the mobile number of a user who also has an alternate one.
            RejectedError: It is the user's default method.
        """
        change = self._client._intents.phones_remove(
            self._user, role, known=known, timeout=timeout, watched=on_progress is not None
        )
        data = await carried_out(change, on_progress)
        return phone_outcome(data)

    async def enable_sms_sign_in(
        self,
        *,
        known: Sequence[PhoneAuthenticationMethod] | None = None,
        timeout: float | None = None,
        on_progress: Watcher | None = None,
    ) -> PhoneOutcome:
        """Lets the user sign in with the mobile number and a text message.

        Args:
            known: All of the user's phone methods as they were read shortly before; they are not read again before it.
            timeout: Seconds that the whole change may take, reading back included; 600 unless set, of which at most 60 for
                reading back. A change that does not show in time is done all the same, and its outcome not `seen`.
            on_progress: Gets the progress of the change.

        Raises:
            NotFoundError: There is no such user, or the user has no mobile number.
            OperationFailedError: The state that was read back is another, because of a policy or because another user
                signs in with the number; the error says which.
        """
        change = self._client._intents.phones_sms(
            self._user, True, known=known, timeout=timeout, watched=on_progress is not None
        )
        data = await carried_out(change, on_progress)
        return phone_outcome(data)

    async def disable_sms_sign_in(
        self,
        *,
        known: Sequence[PhoneAuthenticationMethod] | None = None,
        timeout: float | None = None,
        on_progress: Watcher | None = None,
    ) -> PhoneOutcome:
        """No longer lets the user sign in with a text message.

        Args:
            known: All of the user's phone methods as they were read shortly before; they are not read again before it.
            timeout: Seconds that the whole change may take, reading back included; 600 unless set, of which at most 60 for
                reading back. A change that does not show in time is done all the same, and its outcome not `seen`.
            on_progress: Gets the progress of the change.

        Raises:
            GraphError: As of `enable_sms_sign_in`.
        """
        change = self._client._intents.phones_sms(
            self._user, False, known=known, timeout=timeout, watched=on_progress is not None
        )
        data = await carried_out(change, on_progress)
        return phone_outcome(data)
