"""The hand-off from a thread to a task: the newest wins, the rest is counted."""

import asyncio
import threading

import pytest

from livevision.sources.latest import LatestSlot


async def test_the_newest_wins_and_the_rest_is_counted():
    slot = LatestSlot()
    for item in range(1, 5):
        slot.put(item)
    assert await slot.get() == 4
    assert slot.dropped == 3
    assert repr(slot) == "<LatestSlot empty, 3 dropped>"


async def test_nothing_is_given_twice():
    slot = LatestSlot()
    slot.put("only")
    assert await slot.get() == "only"
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(slot.get(), 0.02)


async def test_a_waiting_task_is_woken_from_a_thread():
    slot = LatestSlot()
    waiting = asyncio.create_task(slot.get())
    await asyncio.sleep(0)
    thread = threading.Thread(target=slot.put, args=("picture",))
    thread.start()
    assert await waiting == "picture"
    thread.join()


async def test_a_cancelled_get_loses_nothing():
    slot = LatestSlot()
    waiting = asyncio.create_task(slot.get())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    slot.put("kept")
    assert await slot.get() == "kept"


async def test_from_a_thread_every_item_is_got_or_counted_and_in_order():
    slot = LatestSlot()
    last = 2000

    def produce():
        for item in range(1, last + 1):
            slot.put(item)

    thread = threading.Thread(target=produce)
    thread.start()
    got = []
    while not got or got[-1] != last:
        got.append(await slot.get())
    thread.join()
    assert got == sorted(set(got))
    assert len(got) + slot.dropped == last


def test_a_late_thread_does_not_reach_a_loop_that_is_gone():
    async def open_and_close():
        slot = LatestSlot()
        slot.put("old")
        slot.close()
        return slot

    slot = asyncio.run(open_and_close())
    slot.put("late")  # would raise: the event loop is closed
    assert repr(slot) == "<LatestSlot closed, 0 dropped>"
