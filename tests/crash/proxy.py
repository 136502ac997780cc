"""A TCP proxy between a hub and its database: passes bytes on late or in one direction only, cuts, and refuses until healed."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 65536
DIRECTIONS = ("there", "back")


class Proxy:
    """Listens on `port` of an address of ours. `delay` seconds are added to each piece that is passed on."""

    def __init__(self, target: tuple[str, int], near: str = "127.0.0.1") -> None:
        self._target, self.delay, self.away = target, 0.0, False
        self._listener = socket.create_server((near, 0))
        self.port: int = self._listener.getsockname()[1]
        self._ended = threading.Event()
        self._open_way = {direction: threading.Event() for direction in DIRECTIONS}
        self._is_holding = threading.Event()
        self._open: set[socket.socket] = set()
        self.heal()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection in the middle and take no new one until `heal`."""
        self.away = True
        for one in list(self._open):
            _break(one)

    def hold(self, direction: str) -> None:
        """Let nothing through in one direction, until `heal`; as TCP would, what is held arrives then unless it was cut before."""
        self._is_holding.clear()
        self._open_way[direction].clear()

    def holding(self) -> bool:
        """Wait until something is held; False when nothing came for long."""
        return self._is_holding.wait(30)

    def heal(self) -> None:
        self.away = False
        for way in self._open_way.values():
            way.set()

    def close(self) -> None:
        self._ended.set()
        self.cut()
        self.heal()
        self.away = True
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            if self.away:
                near.close()
                continue
            self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._target, timeout=5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        self._open |= {near, far}
        for one, other, direction in ((near, far, "there"), (far, near, "back")):
            threading.Thread(target=self._pass_on, args=(one, other, direction), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, direction: str) -> None:
        try:
            while data := one.recv(PIECE):
                if self.delay:
                    self._ended.wait(self.delay)
                if not self._open_way[direction].is_set():
                    self._is_holding.set()
                    self._open_way[direction].wait()
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            _break(end)
            self._open.discard(end)


def _break(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def between(host: str, port: int, near: str = "127.0.0.1") -> Iterator[Proxy]:
    """A proxy before this address until the block ends, to be reached at `near`."""
    proxy = Proxy((host, port), near)
    try:
        yield proxy
    finally:
        proxy.close()
