"""Qt and asyncio on one loop, as in the app."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from livevision.ui.event_loop import EventLoop
from livevision.ui.garbage import no_automatic_collection
from livevision.ui.theme import apply_theme


@pytest.fixture
def on_qt(qapp: QApplication) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine on the Qt loop."""
    apply_theme(qapp)
    qapp.setQuitOnLastWindowClosed(False)

    def run(scenario: Coroutine[Any, Any, Any]) -> Any:
        with no_automatic_collection(), asyncio.Runner(loop_factory=lambda: EventLoop(qapp)) as runner:
            return runner.run(scenario)

    return run
