"""A server gets as many pictures at once as it can answer in time."""

from __future__ import annotations

import asyncio

from livevision.inference.http.concurrency import Concurrency, Sent
from livevision.inference.http.limits import Limits
from livevision.inference.patient import PatientDetector
from tests.fakes.cameras import grey
from tests.fakes.inference_server import Behaviour, InferenceServer
from tests.fakes.inference_wire import models


def sent(load: Concurrency, count: int) -> list[Sent]:
    return [load.begin() for _ in range(count)]


def test_half_as_many_are_allowed_as_were_answered_meanwhile_once_for_all_that_were_sent_together() -> None:
    load = Concurrency(16, 10.0)
    together = sent(load, 16)
    for _ in range(8):
        load.answered(5.0)
        load.end()
    for each in together[8:]:
        load.too_slow(each)
        load.end()
    assert load.allowed == 4


def test_where_nothing_was_answered_meanwhile_there_is_one_at_a_time() -> None:
    load = Concurrency(16, 10.0)
    load.too_slow(sent(load, 16)[0])
    assert load.allowed == 1


def test_one_that_was_alone_says_nothing_of_how_many_there_may_be() -> None:
    load = Concurrency(4, 10.0)
    load.too_slow(load.begin())
    assert load.allowed == 4


def test_more_are_allowed_again_where_answers_come_in_good_time_and_never_more_than_was_said() -> None:
    load = Concurrency(4, 10.0)
    load.too_slow(sent(load, 4)[0])
    for _ in range(1000):
        load.answered(6.0)
    assert load.allowed == 1
    for _ in range(1000):
        load.answered(1.0)
    assert load.allowed == 4


async def test_a_server_that_answers_one_after_the_other_gets_no_more_than_it_can_in_time() -> None:
    behaviour = Behaviour(latency=0.3, one_at_a_time=True)
    with InferenceServer(behaviour) as server:
        async with models(limits=Limits(read=1.5, total=3.0)) as made:
            # Sixteen at once take 4.8 s, three times as long as is waited for.
            detector = PatientDetector(await made.load(f"tiny+http://{server.place}/", in_flight=16))
            found = await asyncio.gather(*(detector.detect(grey((320, 240))) for _ in range(24)))

    assert [len(each) for each in found] == [1] * 24
    assert detector.max_in_flight < 16
