"""Which answers come out of a window of requests, when the next may start, and that nothing stays behind."""

import asyncio

import pytest

from livevision.errors import DetectorUnavailable
from livevision.inference.window import LiveWindow, OrderedWindow
from tests.fakes.cameras import until
from tests.fakes.leaping import leaping


class Requests:
    """Requests that are answered, or fail, when the test says."""

    def __init__(self) -> None:
        self.futures: list[asyncio.Future[str]] = []
        self.cancelled = 0

    async def ask(self) -> str:
        future = asyncio.get_running_loop().create_future()
        self.futures.append(future)
        try:
            return await future
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def answer(self, number: int, with_: str | Exception) -> None:
        await until(lambda: len(self.futures) > number)
        if isinstance(with_, Exception):
            self.futures[number].set_exception(with_)
        else:
            self.futures[number].set_result(with_)
        for _ in range(4):
            await asyncio.sleep(0)


async def has_room(window: LiveWindow, within: float = 0.02) -> bool:
    try:
        async with asyncio.timeout(within):
            await window.room()
    except TimeoutError:
        return False
    return True


@leaping
async def test_answers_are_published_and_older_ones_dropped_and_counted():
    published: list[str] = []
    requests = Requests()
    async with LiveWindow(published.append, most=4) as window:
        for _ in range(4):
            window.start(requests.ask())
        assert repr(window) == "<LiveWindow 4 of 4 in flight, 0 late>"
        await requests.answer(0, "a")
        await requests.answer(2, "c")
        await requests.answer(1, "b")
        await requests.answer(3, "d")
        assert published == ["a", "c", "d"]
        assert window.late == 1
        assert window.in_flight == 0


@leaping
async def test_no_more_than_most_are_in_flight():
    requests = Requests()
    async with LiveWindow(lambda answer: None, most=2) as window:
        window.start(requests.ask())
        assert await has_room(window)
        window.start(requests.ask())
        waiting = asyncio.create_task(window.room())
        await asyncio.sleep(0.01)
        assert not waiting.done()
        await requests.answer(1, "later")
        await requests.answer(0, "sooner")
        await waiting


@leaping
async def test_requests_are_spaced_by_the_typical_latency():
    requests = Requests()
    async with LiveWindow(lambda answer: None, most=4) as window:
        window.start(requests.ask())
        await asyncio.sleep(0.2)
        await requests.answer(0, "after 200 ms")
        await window.room()
        window.start(requests.ask())
        assert not await has_room(window, 0.049)
        assert await has_room(window, 0.002)


@leaping
async def test_one_at_a_time_is_not_spaced():
    requests = Requests()
    async with LiveWindow(lambda answer: None) as window:
        window.start(requests.ask())
        await asyncio.sleep(0.1)
        await requests.answer(0, "slow")
        window.start(requests.ask())
        await requests.answer(1, "quick")
        assert await has_room(window, 0.01)


@leaping
async def test_a_failure_is_told_and_pauses_as_long_as_it_says():
    failures: list[Exception] = []
    requests = Requests()
    async with LiveWindow(lambda answer: None, failures.append, most=2) as window:
        window.start(requests.ask())
        await requests.answer(0, DetectorUnavailable("the server does not answer", retry_in=0.05))
        assert [str(failure) for failure in failures] == ["the server does not answer"]
        assert not await has_room(window, 0.049)
        assert await has_room(window, 0.002)
        window.start(requests.ask())
        await requests.answer(1, DetectorUnavailable("busy", retry_in=0))
        assert await has_room(window)
        window.start(requests.ask())
        await requests.answer(2, ValueError("a bug"))
        assert not await has_room(window)


@leaping
async def test_an_answer_ends_the_pause_and_an_old_failure_is_late():
    failures: list[Exception] = []
    published: list[str] = []
    requests = Requests()
    async with LiveWindow(published.append, failures.append, most=3) as window:
        for _ in range(3):
            window.start(requests.ask())
        await requests.answer(0, ValueError("hiccup"))
        await requests.answer(2, "fine")
        assert await has_room(window)
        await requests.answer(1, ValueError("long ago"))
        assert [str(failure) for failure in failures] == ["hiccup"]
        assert (published, window.late) == (["fine"], 1)
        assert await has_room(window)


@leaping
async def test_leaving_cancels_what_is_in_flight():
    requests = Requests()
    published: list[str] = []
    async with LiveWindow(published.append, most=3) as window:
        window.start(requests.ask())
        window.start(requests.ask())
        await until(lambda: len(requests.futures) == 2)
    assert (requests.cancelled, published, window.in_flight) == (2, [], 0)


@leaping
async def test_being_cancelled_cancels_what_is_in_flight():
    requests = Requests()

    async def work() -> None:
        async with LiveWindow(lambda answer: None, most=2) as window:
            while True:
                await window.room()
                window.start(requests.ask())

    task = asyncio.create_task(work())
    await until(lambda: len(requests.futures) == 2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert requests.cancelled == 2


@leaping
async def test_a_mistake_in_publish_is_not_hidden():
    def publish(answer: str) -> None:
        raise ZeroDivisionError

    requests = Requests()

    async def work() -> None:
        async with LiveWindow(publish) as window:
            window.start(requests.ask())
            await requests.answer(0, "x")
            await asyncio.sleep(10)

    with pytest.raises(ExceptionGroup) as caught:
        await work()
    assert isinstance(caught.value.exceptions[0], ZeroDivisionError)


@leaping
async def test_ordered_answers_come_in_order_whenever_they_are_there():
    requests = Requests()
    window: OrderedWindow[int, str] = OrderedWindow(3)
    async with window:
        for item in range(3):
            window.start(item, requests.ask())
        assert window.is_full
        assert repr(window) == "<OrderedWindow 3 of 3 in flight>"
        with pytest.raises(RuntimeError, match="no room"):
            window.start(3, requests.ask())
        await requests.answer(2, "c")
        await requests.answer(0, "a")
        assert await window.oldest() == (0, "a")
        assert not window.is_full
        oldest = asyncio.create_task(window.oldest())
        await asyncio.sleep(0.005)
        assert not oldest.done()
        await requests.answer(1, "b")
        assert await oldest == (1, "b")
        assert await window.oldest() == (2, "c")
        assert len(window) == 0
        with pytest.raises(IndexError):
            await window.oldest()


@leaping
async def test_an_ordered_failure_comes_in_its_turn_and_the_rest_is_cancelled():
    requests = Requests()
    window: OrderedWindow[int, str] = OrderedWindow(3)

    async def work() -> None:
        async with window:
            for item in range(3):
                window.start(item, requests.ask())
            await requests.answer(1, ValueError("second"))
            await requests.answer(0, "first")
            assert await window.oldest() == (0, "first")
            await window.oldest()

    with pytest.raises(ValueError, match="second"):
        await work()
    assert requests.cancelled == 1
    assert len(window) == 0
