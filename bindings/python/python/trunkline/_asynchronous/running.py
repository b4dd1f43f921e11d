"""Operations that the service accepts now and carries out later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from trunkline._bridge import current  # asynchronous only
from trunkline._stages import TEN_MINUTES, BaseLongRunning, stage
from trunkline.generated.outcomes import Stage

T_co = TypeVar("T_co", covariant=True)


class AsyncLongRunning(BaseLongRunning, Generic[T_co]):
    """An operation that the service has accepted. Its end is not yet the success of what was asked for."""

    __slots__ = ()

    async def poll(self) -> Stage[T_co]:
        """Looks at it once.

        Raises:
            GraphError: It cannot be looked at.
        """
        return stage(await self._native.poll(current()))

    async def wait(self, timeout: float = TEN_MINUTES) -> Stage[T_co]:
        """Waits for the end.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            DeadlineError: The end did not come. The operation goes on; `resume_token` takes it up again.
        """
        return stage(await self._native.wait(current(), timeout))

    async def stages(self, timeout: float = TEN_MINUTES) -> AsyncIterator[Stage[T_co]]:
        """Every look at it until the end, which is the last.

        Args:
            timeout: Seconds to wait at most, in all.

        Raises:
            DeadlineError: The end did not come. The operation goes on; `resume_token` takes it up again.
        """
        stages = self._native.stages(timeout)
        while (data := await stages.next(current())) is not None:
            yield stage(data)

    def __aiter__(self) -> AsyncIterator[Stage[T_co]]:
        return self.stages()
