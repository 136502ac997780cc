"""Run by APScheduler's own interpreter: `apscheduler_burst.py URL MANY GRACE` (GRACE: "default" or "none").

Jobs of one instant, kept in the SQL store; prints how many ran and how long after the instant the last one did.
"""
# ruff: noqa: TID251  (nothing of ours can be imported here)

import json
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

PATIENCE = 60.0
TRIED = 100  # jobs set beforehand, to see how long that takes here
ran: list[float] = []
heard = threading.Event()


def ring() -> None:
    ran.append(datetime.now(UTC).timestamp())
    heard.set()


def main(url: str, many: int, grace: str) -> None:
    defaults = {"max_instances": many} | ({"misfire_grace_time": None} if grace == "none" else {})
    stores = {"default": SQLAlchemyJobStore(url=url)}
    scheduler = BackgroundScheduler(jobstores=stores, job_defaults=defaults, timezone=UTC)
    scheduler.start(paused=True)
    far, since = datetime.now(UTC) + timedelta(days=1), time.monotonic()
    for index in range(TRIED):
        scheduler.add_job("__main__:ring", "date", run_date=far, id=f"far{index}")
    each = (time.monotonic() - since) / TRIED
    at = datetime.now(UTC) + timedelta(seconds=10 + 2 * each * many)  # what setting them will take, twice
    for index in range(many):
        scheduler.add_job("__main__:ring", "date", run_date=at, id=str(index))
    if datetime.now(UTC) > at:
        print(json.dumps({"ran": 0, "seconds": 0.0, "note": "the jobs could not be set in time"}))
        return
    scheduler.resume()
    until = time.monotonic() + (at - datetime.now(UTC)).total_seconds() + PATIENCE
    while len(ran) < many and time.monotonic() < until:
        heard.clear()
        heard.wait(0.2)
    seconds = max(ran) - at.timestamp() if ran else 0.0
    print(json.dumps({"ran": len(ran), "seconds": seconds}), flush=True)
    scheduler.shutdown(wait=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
