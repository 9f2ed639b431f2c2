"""How many pictures at once are best, and what is too large to be tried."""

import pytest

from livevision.errors import DetectorError, ModelError
from livevision.inference.layouts.interpretation import Hints
from livevision.inference.onnx import loading
from livevision.inference.onnx.loading import best_batch, run_blank, understand
from livevision.inference.onnx.providers import CPU
from livevision.inference.onnx.session import OnnxSession
from tests.fakes.seeing_models import ultralytics_rtdetr


def ready(path, **kwargs):
    session = OnnxSession(ultralytics_rtdetr(path / "m.onnx", [0.9, 0.1, 0.0, 0.0], **kwargs), CPU)
    return session, understand(session, Hints())


def taking(seconds):
    """Stand in for the clock: ``seconds`` by the number of pictures."""

    def measure(_session, _interpretation, count):
        if count not in seconds:
            raise DetectorError("not so many")
        return seconds[count]

    return measure


@pytest.mark.parametrize(
    ("seconds", "best"),
    [
        ({1: 0.020, 2: 0.030, 4: 0.040}, 4),
        ({1: 0.020, 2: 0.030, 4: 0.060}, 2),
        ({1: 0.020, 2: 0.040, 4: 0.080}, 1),
        ({1: 0.020, 2: 0.038, 4: 0.076}, 1),  # too little to wait for each other
        ({1: 0.020, 2: 0.030}, 2),
        ({1: 0.020}, 1),
        ({1: 0.500, 2: 0.500, 4: 0.500}, 1),  # measuring would take seconds
    ],
)
def test_more_at_once_only_where_that_is_clearly_faster(tmp_path, seconds, best):
    session, understood = ready(tmp_path, batch=None)
    assert best_batch(session, understood, taking(seconds)) == best


def test_a_fixed_batch_axis_is_not_measured(tmp_path):
    session, understood = ready(tmp_path, batch=1)
    assert best_batch(session, understood, taking({})) == 1


def test_a_real_batch_is_run(tmp_path):
    session, understood = ready(tmp_path, batch=None)
    assert run_blank(session, understood, 4) > 0
    assert best_batch(session, understood) in (1, 2, 4)


def test_a_free_axis_that_is_no_batch(tmp_path):
    session, understood = ready(tmp_path, batch=None)
    run = session.run
    session.run = lambda feeds: [output[:1] for output in run(feeds)]
    assert run_blank(session, understood, 1) > 0
    with pytest.raises(DetectorError, match="picture by picture"):
        run_blank(session, understood, 2)
    assert best_batch(session, understood) == 1


def test_a_picture_of_absurd_size_is_not_even_made(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "LARGEST_INPUT", 1000)
    with pytest.raises(ModelError, match="64x64, which is absurdly big"):
        ready(tmp_path)
