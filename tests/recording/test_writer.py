"""The writer's promises: order, bounds, one error, one thread that ends."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from livevision.errors import RecordingError
from livevision.recording import writer as writer_module
from livevision.recording.writer import ThreadedWriter
from tests.fakes.cameras import until


class Shelf:
    """A sink that keeps its items, lets itself be held up, and fails where it is told to."""

    def __init__(self, fails_at: object = None, fails_to_close: bool = False) -> None:
        self.items: list[object] = []
        self.threads: list[str] = []
        self.closed = 0
        self.free = threading.Event()
        self.free.set()
        self.working_on: object = None
        self._fails_at = fails_at
        self._fails_to_close = fails_to_close

    def open(self) -> Shelf:
        self.threads.append(threading.current_thread().name)
        return self

    def write(self, item: object) -> None:
        self.threads.append(threading.current_thread().name)
        self.working_on = item
        assert self.free.wait(60)
        if item == self._fails_at:
            raise OSError(28, "No space left on device")
        self.items.append(item)

    def close(self) -> None:
        self.threads.append(threading.current_thread().name)
        self.closed += 1
        if self._fails_to_close:
            raise OSError(5, "Input/output error")


@pytest.fixture
def shelf():
    return Shelf()


async def held_up(shelf: Shelf, capacity: int = 2) -> ThreadedWriter[object]:
    """Return a writer whose sink is busy with item 0 and does not get on until ``shelf.free`` is set."""
    shelf.free.clear()
    writer = ThreadedWriter("shelf", shelf.open, capacity)
    assert writer.offer(0)
    await until(lambda: shelf.working_on == 0)
    return writer


async def test_items_are_written_in_order_by_one_named_thread_that_then_ends(shelf):
    writer = ThreadedWriter("front door", shelf.open, 100)
    assert all(writer.offer(number) for number in range(50))
    await writer.aclose(5)
    assert shelf.items == list(range(50))
    assert set(shelf.threads) == {"writer front door"}
    assert shelf.closed == 1
    assert "writer front door" not in [thread.name for thread in threading.enumerate()]
    assert repr(writer) == "<ThreadedWriter 'front door' finished, 50 written, 0 dropped>"


async def test_an_offer_to_a_full_queue_is_refused_and_counted_at_once(shelf):
    writer = await held_up(shelf, capacity=2)
    assert [writer.offer(number) for number in (1, 2, 3, 4)] == [True, True, False, False]
    assert (writer.dropped, writer.queued) == (2, 2)
    shelf.free.set()
    await writer.aclose(5)
    assert shelf.items == [0, 1, 2]


async def test_put_waits_for_room_without_losing_anything(shelf):
    writer = await held_up(shelf, capacity=1)
    assert await writer.put(1)
    waiting = asyncio.create_task(writer.put(2))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    shelf.free.set()
    assert await waiting
    for number in range(3, 40):
        assert await writer.put(number)
    await writer.aclose(5)
    assert shelf.items == list(range(40))
    assert writer.dropped == 0


async def test_several_that_wait_are_all_served(shelf):
    writer = await held_up(shelf, capacity=1)
    waiting = [asyncio.create_task(writer.put(number)) for number in range(1, 8)]
    await asyncio.sleep(0)
    shelf.free.set()
    assert all(await asyncio.gather(*waiting))
    await writer.aclose(5)
    assert sorted(shelf.items) == list(range(8))


async def test_a_cancelled_put_takes_its_item_back(shelf):
    writer = await held_up(shelf, capacity=1)
    writer.offer(1)
    waiting = asyncio.create_task(writer.put(2))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    shelf.free.set()
    assert await writer.put(3)
    await writer.aclose(5)
    assert shelf.items == [0, 1, 3]


async def test_the_first_error_reaches_the_owner_once_on_the_loop(shelf):
    shelf = Shelf(fails_at="bad", fails_to_close=True)
    told = []
    writer = ThreadedWriter("disk", shelf.open, 10, lambda error: told.append((error, threading.current_thread())))
    for item in ("good", "bad", "later"):
        writer.offer(item)
    await until(lambda: told)
    assert not writer.offer("much later")
    assert not await writer.put("later still")
    await writer.aclose(5)
    await writer.aclose(5)
    ((error, thread),) = told
    assert error is writer.error
    assert error.errno == 28
    assert thread is threading.main_thread()
    assert shelf.items == ["good"]
    assert shelf.closed == 1
    assert writer.dropped == 4
    assert repr(writer) == "<ThreadedWriter 'disk' failed, 1 written, 4 dropped>"


async def test_a_sink_that_cannot_be_opened_is_an_error_like_any_other():
    told = []

    def open_sink() -> Shelf:
        raise PermissionError("not yours")

    writer = ThreadedWriter("disk", open_sink, 10, told.append)
    await until(lambda: told)
    assert not writer.offer("item")
    await writer.aclose(5)
    assert [type(error) for error in told] == [PermissionError]


async def test_an_error_of_closing_is_known_when_aclose_returns():
    told = []
    writer = ThreadedWriter("disk", Shelf(fails_to_close=True).open, 10, told.append)
    writer.offer("item")
    await writer.aclose(5)
    assert [error.errno for error in told] == [5]
    assert writer.error is told[0]
    assert writer.written == 1


async def test_a_put_that_waits_is_refused_when_the_writer_fails(shelf):
    shelf = Shelf(fails_at=0)
    writer = await held_up(shelf, capacity=1)
    writer.offer(1)
    waiting = asyncio.create_task(writer.put(2))
    await asyncio.sleep(0)
    shelf.free.set()
    assert not await waiting
    await writer.aclose(5)
    assert writer.dropped == 3


async def test_a_put_that_waits_is_refused_when_the_writer_is_closed(shelf):
    writer = await held_up(shelf, capacity=1)
    writer.offer(1)
    waiting = asyncio.create_task(writer.put(2))
    await asyncio.sleep(0)
    closing = asyncio.create_task(writer.aclose(5))
    assert not await waiting
    shelf.free.set()
    await closing
    assert shelf.items == [0, 1]


async def test_after_the_deadline_the_rest_is_dropped_and_the_sink_closed(shelf):
    writer = await held_up(shelf, capacity=10)
    for number in (1, 2, 3):
        writer.offer(number)
    closing = asyncio.create_task(writer.aclose(0.03))
    await until(lambda: writer.dropped == 3)
    shelf.free.set()
    await closing
    assert shelf.items == [0]
    assert shelf.closed == 1
    assert writer.error is None


async def test_the_loop_stays_free_while_the_writer_closes(shelf):
    writer = await held_up(shelf)
    turns = 0
    closing = asyncio.create_task(writer.aclose(5))
    while turns < 20:
        await asyncio.sleep(0.001)
        turns += 1
    assert not closing.done()
    shelf.free.set()
    await closing


async def test_it_can_be_closed_twice_and_at_the_same_time(shelf):
    writer = await held_up(shelf)
    closings = asyncio.gather(writer.aclose(5), writer.aclose(5))
    await asyncio.sleep(0)
    shelf.free.set()
    await closings
    await writer.aclose(0)
    assert shelf.closed == 1
    assert not writer.offer("late")


async def test_a_cancelled_close_drops_the_rest_and_the_thread_ends_by_itself(shelf):
    writer = await held_up(shelf)
    writer.offer(1)
    closing = asyncio.create_task(writer.aclose(5))
    await asyncio.sleep(0.01)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert writer.dropped == 1
    shelf.free.set()
    await until(lambda: shelf.closed)
    await writer.aclose(5)
    assert shelf.items == [0]


async def test_a_disk_that_hangs_is_given_up_and_told_once(monkeypatch):
    shelf = Shelf(fails_at=0)
    monkeypatch.setattr(writer_module, "_CLOSING_PATIENCE", 0.03)
    told = []
    shelf.free.clear()
    writer = ThreadedWriter("nas", shelf.open, 10, told.append)
    writer.offer(0)
    await until(lambda: shelf.working_on == 0)
    await writer.aclose(0.01)
    (error,) = told
    assert isinstance(error, RecordingError)
    assert str(error).startswith("nas: the disk does not answer")
    await writer.aclose(0.01)
    shelf.free.set()
    # It fails after all, and nobody wants to know.
    await until(lambda: shelf.closed)
    await asyncio.sleep(0.02)
    assert told == [error]
    assert writer.error is error


def test_a_thread_that_outlives_its_loop_ends_quietly(shelf):
    threads = []

    async def gives_up_waiting() -> None:
        writer = await held_up(shelf)
        threads.append(writer._thread)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(writer.aclose(5), 0.01)

    asyncio.run(gives_up_waiting())
    shelf.free.set()
    threads[0].join(60)
    assert not threads[0].is_alive()
    assert shelf.closed == 1


async def test_packets_may_be_offered_by_several_threads_and_none_is_lost_or_doubled(shelf):
    writer = ThreadedWriter("packets", shelf.open, 10_000)
    start = threading.Barrier(4)

    def capture(name: int) -> None:
        start.wait()
        for number in range(500):
            assert writer.offer((name, number))

    threads = [threading.Thread(target=capture, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        await asyncio.to_thread(thread.join)
    await writer.aclose(5)
    assert writer.written == len(shelf.items) == 2000
    for name in range(4):
        assert [number for owner, number in shelf.items if owner == name] == list(range(500))


async def test_what_several_threads_offer_to_a_full_queue_is_counted_exactly(shelf):
    writer = await held_up(shelf, capacity=10)
    threads = [threading.Thread(target=lambda: [writer.offer(1) for _ in range(300)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (writer.queued, writer.dropped) == (10, 1190)
    shelf.free.set()
    await writer.aclose(5)
    assert writer.written == 11


async def test_an_offer_is_quick_while_the_sink_works(shelf):
    writer = await held_up(shelf, capacity=100_000)
    began = time.thread_time()
    for number in range(10_000):
        writer.offer(number)
    # 0.02 ms each is a hundredth of what the loop may be held up; it takes a tenth of that.
    assert (time.thread_time() - began) / 10_000 < 0.000_02
    writer._drop_queue()
    shelf.free.set()
    await writer.aclose(5)


async def test_closing_says_how_much_is_still_to_be_written(shelf, monkeypatch):
    monkeypatch.setattr(writer_module, "_TELL_EVERY", 0.005)
    writer = await held_up(shelf, capacity=10)
    for number in (1, 2, 3):
        writer.offer(number)
    told: list[str] = []
    closing = asyncio.create_task(writer.aclose(5, told.append))
    await until(lambda: told)
    await asyncio.sleep(0.02)
    assert told == ["shelf: 3 still to be written"]  # said once, as nothing has changed
    shelf.free.set()
    await closing
    assert shelf.items == [0, 1, 2, 3]
