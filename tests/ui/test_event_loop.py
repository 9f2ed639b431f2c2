"""One loop for Qt and asyncio: in order, without starving the window, and in menus, too."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QEventLoop as NestedLoop
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from livevision.ui.event_loop import EventLoop

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


def test_callbacks_come_in_their_order_and_not_at_once(on_qt: OnQt) -> None:
    async def scenario() -> list[int]:
        loop, called = asyncio.get_running_loop(), []
        assert isinstance(loop, EventLoop)
        for number in range(5):
            loop.call_soon(called.append, number)
        loop.call_soon(called.append, -1).cancel()
        assert called == []
        await asyncio.sleep(0)
        return called

    assert on_qt(scenario()) == [0, 1, 2, 3, 4]


def test_callbacks_that_go_on_for_ever_leave_the_window_its_turn(on_qt: OnQt) -> None:
    async def scenario() -> int:
        turns = 0
        ticked = asyncio.Event()
        QTimer.singleShot(20, ticked.set)
        while not ticked.is_set():
            turns += 1
            await asyncio.sleep(0)
        return turns

    assert on_qt(scenario()) > 10


def test_what_waits_goes_on_while_a_menu_is_open(on_qt: OnQt) -> None:
    async def scenario() -> list[str]:
        loop, said = asyncio.get_running_loop(), []
        menu = NestedLoop()

        def open_menu() -> None:
            said.append("opened")
            menu.exec()
            said.append("closed")

        loop.call_soon(open_menu)
        loop.call_soon(said.append, "beside it")
        loop.call_soon(menu.quit)
        while "closed" not in said:
            await asyncio.sleep(0)
        return said

    assert on_qt(scenario()) == ["opened", "beside it", "closed"]


def test_nothing_is_called_after_the_end(qapp: QApplication) -> None:
    loop, called = EventLoop(qapp), []
    loop.call_soon(called.append, 1)
    loop.close()
    qapp.processEvents()
    assert called == []
