"""A whole file of telephone numbers and phone methods: read, planned, applied, verified, undone."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable  # asynchronous only
# synchronous: from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Literal, cast  # asynchronous only
# synchronous: from typing import TYPE_CHECKING, Literal

from trunkline import _native
from trunkline._bridge import current  # asynchronous only
from trunkline._bulk import AnyPath, Plan, Pool, Rows, Source, held
from trunkline._bulk_runs import Journal, Watcher, events
# synchronous: from trunkline._outcomes import refuse_awaitable
from trunkline.generated.bulk_records import Ended, Event, Exported, Summary, VerifiedRow
from trunkline.generated.errors import BulkError

if TYPE_CHECKING:
    from trunkline._asynchronous.client import AsyncClient


class AsyncBulk:
    """Bulk work of a client. Nothing is changed but by `apply` and `resume`.

    The client's `pace` says how fast requests are sent; `pace="documented"` keeps what the service publishes.
    """

    __slots__ = ("_client", "_native")

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        self._native = _native.Bulk(client._native)

    async def read(
        self,
        source: Source,
        *,
        format: Literal["csv", "xlsx", "jsonl"] | None = None,
        country: str | None = None,
        sheet: str | None = None,
        hidden: Literal["include", "skip"] | None = None,
        delimiter: str | None = None,
        action: str | None = None,
        pick: bool = False,
    ) -> Rows:
        """Reads a file of rows and checks it. Nothing is sent.

        Args:
            source: A path, bytes, or something with `read()`: CSV, XLSX or JSONL.
            format: What the file is; found out from its first bytes unless set.
            country: Two letters: the country of numbers that are written without a plus; as of the client unless set.
                Without one they are refused.
            sheet: The sheet of a workbook; the first one unless set.
            hidden: Whether rows and columns that a workbook hides, by hand or by a filter, are read or left out. A workbook
                that hides some is refused unless this is set.
            delimiter: What stands between the values of CSV; found out from the header unless set.
            action: The action of rows that name none.
            pick: Whether a row may leave its number open, to be picked from a pool by `plan`.

        Raises:
            BulkError: `input`: the file cannot be read at all. What is wrong with single rows is in `problems`.
        """
        options = {
            "format": format,
            "country": self._client.country if country is None else country,
            "sheet": sheet,
            "hidden": hidden,
            "delimiter": delimiter,
            "action": action,
            "pick": pick,
        }
        return Rows(await _native.bulk_read(current(), held(source), options))

    async def plan(
        self,
        rows: Rows | Source,
        *,
        replace: bool = False,
        skip_unreadable: bool = False,
        base: bool = False,
        pool: Pool | None = None,
    ) -> Plan:
        """Reads the live state that the rows are about, in batches, and decides what follows. Nothing is changed.

        Args:
            rows: What `read` gave, or a file that is read with its defaults; with a `pool`, rows may leave their number
                open.
            replace: Whether a person's present number is released when a row gives them another of the same category.
            skip_unreadable: Whether rows that can be read are planned although others cannot.
            base: Whether a main number may be taken from its holder although the inventory has others with an extension
                of it, such as `+12065550113x42`.
            pool: Where numbers come from for rows that leave theirs open.

        Raises:
            BulkError: `input`: rows cannot be read, and `skip_unreadable` is not set. `service`: the state cannot be
                read; its cause says why.
        """
        if not isinstance(rows, Rows):
            rows = await self.read(rows, pick=pool is not None)
        options = {
            "replace": replace,
            "skip_unreadable": skip_unreadable,
            "base": base,
            "pool": None if pool is None else pool._data(),
        }
        return Plan(await self._native.plan(self._client._connected(), rows._native, options))

    def apply(
        self,
        plan: Plan | AnyPath,
        journal: AnyPath,
        *,
        in_flight: int | None = None,
        proof: float | None = None,
        order_deadline: float | None = None,
        patience: float | None = None,
        deadline: float | None = None,
        repeat_after_read_back: bool = True,
        reservation: float | None = None,
        quarantine: float | None = None,
        release_brake: bool = False,
        on_event: Watcher | None = None,
    ) -> AsyncApply:
        """Applies a plan, or goes on applying it when the journal is there already. Nothing happens until the run is
        gone through.

        Args:
            plan: A plan, or the path of a plan file.
            journal: Where the journal is, or shall be.
            in_flight: Steps that are carried out at once; 64 unless set.
            proof: Seconds for which a thing whose change is in doubt has to be seen untouched before the change is sent
                once more; 120 unless set.
            order_deadline: Seconds that an order may take before its row ends as pending; 600 unless set.
            patience: Seconds for which a row is tried again while the service is throttling, failing or out of reach;
                600 unless set.
            deadline: Seconds that the run may take. Then nothing more is begun.
            repeat_after_read_back: Whether a change whose answer was lost is sent once more when it is proven not to
                have happened. It is the same change: should the first order show up late, it changes nothing.
            reservation: Seconds for which a number that planning picked stays reserved; a day unless set.
            quarantine: Seconds for which a number that was released is not picked again; not at all unless set.
            release_brake: Whether numbers are taken from their holders although one that was taken could not be given.
                Unless set, no further number is taken after the first, and the run ends with a `BulkError` of kind
                `stopped`.
            on_event: Is called with every event, too; with `AsyncClient` it may be `async`. What it raises ends the run as
                leaving it does.

        Raises:
            BulkError: The run raises it: see `AsyncApply`.
        """
        read = plan if isinstance(plan, Plan) else Plan.read(plan)
        options = {
            "in_flight": in_flight,
            "proof": proof,
            "order_deadline": order_deadline,
            "patience": patience,
            "deadline": deadline,
            "repeat_after_read_back": repeat_after_read_back,
            "reservation": reservation,
            "quarantine": quarantine,
            "release_brake": release_brake,
        }
        return AsyncApply(self._client, self._native.apply(read._native, journal, options), on_event)

    def resume(
        self,
        journal: AnyPath,
        *,
        in_flight: int | None = None,
        proof: float | None = None,
        order_deadline: float | None = None,
        patience: float | None = None,
        deadline: float | None = None,
        repeat_after_read_back: bool = True,
        reservation: float | None = None,
        quarantine: float | None = None,
        release_brake: bool = False,
        on_event: Watcher | None = None,
    ) -> AsyncApply:
        """Goes on with what a journal holds: what was on its way is read back first, and nothing is sent twice.

        Args:
            journal: Where the journal is. The other arguments are those of `apply`.

        Raises:
            BulkError: The run raises it: see `AsyncApply`.
        """
        options = {
            "in_flight": in_flight,
            "proof": proof,
            "order_deadline": order_deadline,
            "patience": patience,
            "deadline": deadline,
            "repeat_after_read_back": repeat_after_read_back,
            "reservation": reservation,
            "quarantine": quarantine,
            "release_brake": release_brake,
        }
        return AsyncApply(self._client, self._native.apply(None, journal, options), on_event)

    async def verify(self, journal: AnyPath, *, wait: float = 30) -> list[VerifiedRow]:
        """Reads the live state of every row of a journal again, and says which rows hold. Nothing is changed.

        Args:
            journal: Where the journal is.
            wait: Seconds for which rows that were changed in the last ten minutes are read until they hold.

        Raises:
            BulkError: `journal`: it cannot be read. `otherTenant`: it is of another one. `service`: the state cannot be
                read; its cause says why.
        """
        data = await self._native.verify(self._client._connected(), journal, wait)
        return [VerifiedRow._of(one) for one in json.loads(data)]

    async def undo(self, journal: AnyPath) -> Plan:
        """Plans how to bring back what the rows of a journal changed. Apply it with a journal of its own.

        Args:
            journal: Where the journal is.

        Raises:
            BulkError: As of `verify`.
        """
        return Plan(await self._native.undo(self._client._connected(), journal))

    async def export(self, path: AnyPath, *, phones: bool = False, policies: bool = False) -> Exported:
        """Writes the present state as a file of rows; planning it again finds nothing to do.

        Args:
            path: Where to: JSONL when its name ends so, CSV otherwise. Readable by its owner only.
            phones: Whether the phone methods of every user are written, too.
            policies: Whether the Teams policies that are assigned to users directly are written, too.

        Raises:
            BulkError: `service`: the state cannot be read; its cause says why. `disk`: it cannot be written.
        """
        data = await self._native.export(self._client._connected(), path, phones, policies)
        return Exported._of(json.loads(data))

    async def report(
        self,
        journal: AnyPath,
        *,
        html: AnyPath | None = None,
        csv: AnyPath | None = None,
        jsonl: AnyPath | None = None,
        masked: bool = False,
    ) -> None:
        """Writes what a journal holds, for others. Nothing is sent.

        Args:
            journal: Where the journal is.
            html: Where to write a page to look at.
            csv: Where to write a table for spreadsheets.
            jsonl: Where to write the record, for programs.
            masked: Whether numbers and names are masked: for tickets and mails.

        Raises:
            BulkError: `journal`: it cannot be read. `disk`: a file cannot be written.
        """
        await _native.bulk_report(current(), journal, html=html, csv=csv, jsonl=jsonl, masked=masked)

    def journal(self, path: AnyPath) -> Journal:
        """Opens a journal for reading. It can be read while a run writes it.

        Args:
            path: Where it is.

        Raises:
            BulkError: `journal`: there is none, it is damaged, or it is of a newer version.
        """
        return Journal(path)


class AsyncApply:
    """A run: what happens, in order, until everything is done that could be. It continues while your code does other work.

    Everything is in the journal before it is sent, so that a run can be killed at any moment and `resume` goes on.
    Leaving a `with` block early stops it gently: nothing more is begun, and requests in progress are waited for. So does
    stopping the program by Ctrl-C while it waits for the run. Without `with`, throwing the run away is like a kill.

    Raises:
        BulkError: While it is gone through. Before anything is sent: `otherTenant` when plan or journal are of another
            one, `otherPlan` when the journal is of another plan, `busy` when another process works on it, `journal` when
            it is damaged or newer, `disk` when it cannot be written. Later: `disk`, `service` or `stopped`; the journal
            has what was done.
    """

    __slots__ = ("_client", "_native", "_on_event", "_data", "_summary")

    def __init__(self, client: AsyncClient, native: _native.Run, on_event: Watcher | None) -> None:
        self._client = client
        self._native = native
        self._on_event = on_event
        self._data: deque[Event] = deque()
        self._summary: Summary | None = None

    @property
    def summary(self) -> Summary | None:
        """How many rows ended how, once the run has ended."""
        return self._summary

    async def __aiter__(self) -> AsyncIterator[Event]:
        while self._data or await self._hear():
            event = self._data.popleft()
            if self._on_event is not None:
                answer = self._on_event(event)
                if isinstance(answer, Awaitable):  # asynchronous only
                    await cast("Awaitable[object]", answer)  # asynchronous only
                # synchronous: refuse_awaitable(answer, "on_event")
            yield event

    async def run(self) -> Summary:
        """Runs to the end, or on to it; `on_event` gets every event.

        Returns:
            How many rows ended how.

        Raises:
            BulkError: As of the class.
        """
        try:
            async for _ in self:
                pass
        except BaseException:
            await self._wind_down()
            raise
        if self._summary is None:
            message, next_step = "the run has already ended", "Start another run"
            raise BulkError(f"{message}. {next_step}", kind="stopped", message=message, next_step=next_step)
        return self._summary

    def stop(self) -> None:
        """Asks the run to stop: nothing more is begun, requests in progress are waited for, what only waits is left to the
        next run. It then tells the ends of the rows that were on their way, and ends with a `BulkError` of kind
        `stopped`. May be called from any thread, and from a signal handler.
        """
        self._native.stop()

    async def close(self) -> None:
        """Stops it gently and waits for its end. Twice does no harm.

        Raises:
            BulkError: `disk`: what was on its way could not be journalled.
        """
        await self._wind_down()

    async def __aenter__(self) -> AsyncApply:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._wind_down()

    async def _hear(self) -> bool:
        """Waits for events; none come after the end."""
        # synchronous: try:
        # synchronous:     text = self._native.next(None)
        # synchronous: except (KeyboardInterrupt, SystemExit):
        # synchronous:     self._wind_down()
        # synchronous:     raise
        text = await self._native.next(self._client._connected())  # asynchronous only
        if text is None:
            return False
        for event in events(text):
            if isinstance(event, Ended):
                self._summary = event.summary
            self._data.append(event)
        return True

    async def _wind_down(self) -> None:
        if not self._native.has_begun:
            return
        self._native.stop()
        try:
            # Events in the meantime are in the journal.
            while await self._native.next(self._client._connected()) is not None:
                pass
        except BulkError as error:
            if error.kind != "stopped":
                raise
        finally:
            await self._native.abandon(self._client._connected())
