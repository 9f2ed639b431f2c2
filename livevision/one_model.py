"""One model that a user named, with whatever key its server needs, where there is no app around it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from livevision.accounts import Accounts
from livevision.inference.registry import DetectorRegistry
from livevision.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from livevision.inference.detector import Detector
    from livevision.inference.options import ModelOptions


@asynccontextmanager
async def one_model(model: str, options: ModelOptions | None) -> AsyncIterator[Detector]:
    """Load a model and close it in the end.  Raises UsageError or ModelError."""
    redactor = Redactor()
    redactor.learn(model)
    accounts = Accounts(redactor)
    models = DetectorRegistry(accounts.find_key, redactor.learn_secret, complete=accounts.complete)
    models.trust(model)
    try:
        detector = await models.load(model, options)
        try:
            yield detector
        finally:
            await detector.aclose()
    finally:
        await models.aclose()
        await accounts.aclose()
