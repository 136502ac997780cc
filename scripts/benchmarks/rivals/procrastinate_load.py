"""Run by Procrastinate's own interpreter: `procrastinate_load.py URL PENDING DUE`. Prints how late its jobs began, in milliseconds."""
# ruff: noqa: TID251  (nothing of ours can be imported here)

import asyncio
import json
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate  # type: ignore[import-not-found]

BEST_POLL = 0.05  # seconds; below it the polling itself takes the database
LEAD = 4.0


async def main(url: str, pending: int, due: int) -> None:
    app: Any = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, max_size=12))
    late, done = list[float](), asyncio.Event()

    @app.task(name="ring")  # type: ignore[untyped-decorator]
    async def ring(at: float) -> None:
        late.append((datetime.now(UTC).timestamp() - at) * 1e3)
        if len(late) == due:
            done.set()

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        far = ring.configure(schedule_at=datetime.now(UTC) + timedelta(days=1))
        for start in range(0, pending, 5_000):
            await far.batch_defer_async(*({"at": 0.0} for _ in range(start, min(pending, start + 5_000))))
        begin = datetime.now(UTC) + timedelta(seconds=LEAD)
        instants = [begin + timedelta(seconds=index / due) for index in range(due)]
        for at in instants:
            await ring.configure(schedule_at=at).defer_async(at=at.timestamp())
        worker = asyncio.create_task(
            app.run_worker_async(concurrency=10, fetch_job_polling_interval=BEST_POLL, install_signal_handlers=False)
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), 90)
        worker.cancel()
    print(json.dumps({"late_ms": late, "poll_s": BEST_POLL}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
