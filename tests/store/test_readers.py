"""The threads that ask the store: each question has its answer, a slow one holds up no other, and stopping leaves none unanswered."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from dutydesk.store.readers import MOST, Readers


@pytest.fixture
async def readers() -> AsyncIterator[Readers]:
    made = Readers()
    yield made
    await asyncio.to_thread(made.stop)


async def test_every_question_has_its_own_answer(readers: Readers) -> None:
    assert await asyncio.gather(*(readers.ask(divmod, n, 7) for n in range(100))) == [divmod(n, 7) for n in range(100)]


async def test_what_a_question_raises_reaches_whoever_asked_and_the_thread_lives_on(readers: Readers) -> None:
    for _ in range(2 * MOST):
        with pytest.raises(ZeroDivisionError):
            await readers.ask(divmod, 1, 0)
    assert await readers.ask(divmod, 9, 7) == (1, 2)


async def test_slow_questions_hold_up_no_other(readers: Readers) -> None:
    go_on = threading.Event()
    slow = [asyncio.create_task(readers.ask(go_on.wait, 30)) for _ in range(MOST - 1)]
    async with asyncio.timeout(10):
        assert await readers.ask(divmod, 9, 7) == (1, 2)
    go_on.set()
    assert await asyncio.gather(*slow) == [True] * (MOST - 1)


async def test_a_question_that_nobody_waits_for_any_more_disturbs_nobody(readers: Readers) -> None:
    go_on = threading.Event()
    given_up = asyncio.create_task(readers.ask(go_on.wait, 30))
    await asyncio.sleep(0)
    given_up.cancel()
    go_on.set()
    assert await readers.ask(divmod, 9, 7) == (1, 2)
    assert given_up.cancelled()


async def test_stopping_answers_what_was_asked(readers: Readers) -> None:
    go_on = threading.Event()
    asked = [asyncio.create_task(readers.ask(go_on.wait, 30)) for _ in range(2 * MOST)]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.to_thread(readers.stop)
    assert await asyncio.gather(*asked) == [True] * (2 * MOST)
