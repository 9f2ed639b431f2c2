"""Encoders: those that work are used, the others are told of, and quality means something."""

from __future__ import annotations

from dataclasses import replace

import av
import numpy as np
import pytest

from livevision.errors import RecordingError
from livevision.recording import encoders
from livevision.recording.container import Mp4Sink, TimedImage
from livevision.recording.encoders import HARDWARE, SOFTWARE, EncoderChoice, Encoding, choose_encoder, why_not
from livevision.recording.quality import Quality
from tests.recording.material import WALL, read_back

SIZE = (320, 180)
BROKEN = replace(SOFTWARE, name="Broken", codec="h264_broken")
WORKING = replace(SOFTWARE, name="Working hardware", options={**SOFTWARE.options, "preset": "ultrafast"})


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_trials", {})


def hardware(monkeypatch: pytest.MonkeyPatch, **found: encoders.Encoder) -> None:
    monkeypatch.setattr(encoders, "HARDWARE", {EncoderChoice[name]: encoder for name, encoder in found.items()})


def test_libx264_is_the_default_and_needs_no_trial():
    chosen = choose_encoder(Encoding().choice, SIZE)
    assert (chosen.encoder, chosen.note) == (SOFTWARE, "")
    assert encoders._trials == {}


def test_automatic_takes_the_first_that_works(monkeypatch):
    hardware(monkeypatch, NVENC=BROKEN, QSV=WORKING, VAAPI=SOFTWARE)
    assert choose_encoder(EncoderChoice.AUTOMATIC, SIZE) == encoders.Chosen(WORKING)


def test_automatic_is_libx264_without_a_word_where_nothing_works(monkeypatch):
    hardware(monkeypatch, NVENC=BROKEN)
    assert choose_encoder(EncoderChoice.AUTOMATIC, SIZE) == encoders.Chosen(SOFTWARE)


def test_what_was_asked_for_and_does_not_work_is_said(monkeypatch):
    hardware(monkeypatch, NVENC=BROKEN)
    chosen = choose_encoder(EncoderChoice.NVENC, SIZE)
    assert chosen.encoder is SOFTWARE
    assert chosen.note == (
        "Broken cannot be used here (this build of PyAV has no such encoder); recording with libx264 instead"
    )


@pytest.mark.parametrize("choice", HARDWARE)
def test_every_hardware_encoder_works_or_says_in_one_line_why_not(choice):
    # Where this machine has one, its pictures come back as they were.
    why = why_not(HARDWARE[choice], SIZE)
    assert "\n" not in why
    chosen = choose_encoder(choice, SIZE)
    assert (chosen.encoder is HARDWARE[choice]) == (not why) == (not chosen.note)


def test_an_encoder_whose_pictures_are_wrong_does_not_work(monkeypatch):
    # One that drops pictures, as a driver may.
    monkeypatch.setattr(encoders, "_there_and_back", lambda encoder, size: [128.0])
    assert why_not(WORKING, SIZE) == "its pictures come out wrong"
    monkeypatch.setattr(encoders, "_there_and_back", lambda encoder, size: [128.0, 16.0])
    assert why_not(WORKING, (640, 360)) == "its pictures come out wrong"


def test_it_is_tried_once_a_size(monkeypatch):
    tried = []
    monkeypatch.setattr(encoders, "_try", lambda encoder, size: tried.append(size) or "")
    for size in (SIZE, SIZE, (640, 360)):
        why_not(WORKING, size)
    assert tried == [SIZE, (640, 360)]


def test_without_any_encoder_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(av, "codecs_available", {"mpeg4"})
    with pytest.raises(RecordingError, match="no libx264; install av from PyPI"):
        choose_encoder(EncoderChoice.AUTOMATIC, SIZE)


@pytest.mark.parametrize("encoder", [SOFTWARE, *HARDWARE.values()], ids=lambda encoder: encoder.name)
def test_every_encoder_knows_every_quality_and_the_better_is_the_greater_effort(encoder):
    assert set(encoder.qualities) == set(Quality)
    (numbers,) = {tuple(options) for options in encoder.qualities.values()}
    small, good, best = (int(encoder.qualities[quality][numbers[0]]) for quality in Quality)
    # The quantiser's scale goes down as quality goes up; Apple's is the other way round.
    assert small > good > best or (encoder.codec == "h264_videotoolbox" and small < good < best)


def test_better_is_bigger_and_closer(tmp_path):
    # Smooth waves with some noise: what a camera sees at dusk.
    y, x = np.mgrid[:180, :320]
    noise = np.random.default_rng(1).normal(0, 6, (180, 320, 3))
    image = np.clip((np.sin(x / 9) * np.cos(y / 7) * 60 + 120)[..., None] + noise, 0, 255).astype(np.uint8)
    sizes, errors = [], []
    for quality in Quality:
        path = tmp_path / f"{quality.value}.mp4"
        sink = Mp4Sink(path, encoding=Encoding(quality=quality))
        for number in range(10):
            sink.write(TimedImage(np.roll(image, number, 1), number / 25, WALL))
        sink.close()
        sizes.append(path.stat().st_size)
        errors.append(np.abs(read_back(path).images[0].astype(int) - image).mean())
    assert sizes == sorted(sizes)
    assert errors == sorted(errors, reverse=True)
    assert sizes[2] > 2 * sizes[0]


def test_a_recording_says_which_encoder_it_could_not_use(tmp_path, monkeypatch):
    hardware(monkeypatch, NVENC=BROKEN)
    sink = Mp4Sink(tmp_path / "a.mp4", encoding=Encoding(EncoderChoice.NVENC))
    sink.write(TimedImage(np.zeros((180, 320, 3), np.uint8), 0.0, WALL))
    sink.close()
    assert sink.note.startswith("Broken cannot be used here")
    assert len(read_back(tmp_path / "a.mp4").times) == 1


def test_a_driver_that_is_busy_when_it_is_needed_is_replaced(tmp_path, monkeypatch):
    # The trial went well; now all of its sessions are in use.
    busy = replace(WORKING, name="NVENC", options={**WORKING.options, "preset": "no such preset"})
    hardware(monkeypatch, NVENC=busy)
    monkeypatch.setattr(encoders, "_try", lambda encoder, size: "")
    sink = Mp4Sink(tmp_path / "a.mp4", encoding=Encoding(EncoderChoice.NVENC))
    for number in range(5):
        sink.write(TimedImage(np.full((180, 320, 3), 90, np.uint8), number / 25, WALL))
    sink.close()
    assert sink.note.startswith("NVENC is busy (")
    assert len(read_back(tmp_path / "a.mp4").times) == 5
