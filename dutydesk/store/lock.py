"""One process serves an SQLite store: `desk.lock` beside the file, held by the kernel and gone with the process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from dutydesk.errors import Refused
from dutydesk.store.store import Store


@contextmanager
def served(store: Store) -> Iterator[None]:
    """Hold the lock of an SQLite store. Raises Refused with the holder's pid when another process has it. PostgreSQL needs none."""
    if store.path is None:
        yield
        return
    store.path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(store.path.with_name("desk.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 20).decode() or "?"
            raise Refused(
                f"这个数据库正由另一个进程(pid {holder})服务:{store.path}。先停掉它(systemctl stop dutydesk)再做"
            ) from None
        os.truncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
