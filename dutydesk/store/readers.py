"""Threads that ask the store, so that no question holds up the loop. A wake of theirs costs half of what the executor takes."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

MOST = 8  # threads: with so many slow questions under way the next one waits
T = TypeVar("T")


class _Question(NamedTuple):
    ask: Callable[..., Any]
    given: tuple[Any, ...]
    future: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop


class Readers:
    """Threads are begun as questions want them and end with `stop`."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[_Question | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._open = 0  # questions not yet answered

    async def ask(self, ask: Callable[..., T], *given: Any) -> T:
        """Call it in a thread. Raises what it raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._open += 1
        if self._open > len(self._threads) < MOST:
            self._begin()
        self._asked.put(_Question(ask, given, future, loop))
        try:
            return await future
        finally:
            self._open -= 1

    def _begin(self) -> None:
        thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """Answer what was asked, then end. Blocks; called outside the loop."""
        threads, self._threads = self._threads, []
        for _ in threads:
            self._asked.put(None)
        for thread in threads:
            thread.join()

    # -- in the threads

    def _run(self) -> None:
        while question := self._asked.get():
            if not question.future.cancelled():
                _answer(question)
            del question  # a thread that waits must not hold the last answer


def _answer(question: _Question) -> None:
    answer: Any = None
    failed: BaseException | None = None
    try:
        answer = question.ask(*question.given)
    except BaseException as error:  # whoever asked is told, whatever it was
        failed = error
    with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
        question.loop.call_soon_threadsafe(_tell, question.future, answer, failed)


def _tell(future: "asyncio.Future[Any]", result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
