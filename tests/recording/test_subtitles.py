"""Boxes as subtitle events: what they say, and that a stranger's label cannot say more."""

import numpy as np
import pytest
import supervision as sv
from hypothesis import given
from hypothesis import strategies as st

from livevision.recording.subtitles import events, header, plain_text

SIZE = (640, 360)


def found(*boxes, names=None, **more):
    data = {} if names is None else {"class_name": np.array(names)}
    return sv.Detections(xyxy=np.array(boxes, dtype=np.float32).reshape(-1, 4), data=data, **more)


def test_the_header_puts_events_on_the_videos_pixels():
    lines = header(SIZE).splitlines()
    assert "PlayResX: 640" in lines
    assert "PlayResY: 360" in lines
    assert lines[-2:] == [
        "[Events]",
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ]


def test_boxes_of_a_colour_share_an_event_and_labels_have_their_own():
    three = found((10, 20, 30, 40), (50, 60, 70, 80), (90, 100, 110, 120), names=["car", "dog", "car"])
    written = events(three, SIZE)
    assert [event.split(",")[1] for event in written] == ["Box", "Box", "Label", "Label", "Label"]
    cars = next(event for event in written if event.count("m ") == 4)
    assert r"\1c&HE9B456&" in cars  # sky blue, the blue part first
    assert [event.rpartition("}")[2] for event in written[2:]] == ["car", "dog", "car"]


def test_a_box_is_a_frame_around_its_place():
    (event,) = events(found((100, 50, 200, 150)), SIZE)
    assert "m 100 50 l 201 50 201 151 100 151 m 101 51 l 101 150 200 150 200 51" in event


def test_labels_say_what_the_overlay_says():
    seen = found((0, 0, 9, 9), names=["person"], confidence=np.array([0.874]), tracker_id=np.array([12]))
    assert events(seen, SIZE)[-1].endswith("}person #12 87 %")


@pytest.mark.parametrize("box", [(-50, 10, -20, 30), (700, 10, 720, 30), (10, 400, 20, 420)])
def test_what_is_not_in_the_picture_is_left_out(box):
    assert events(found(box, names=["car"]), SIZE) == ()
    assert len(events(found(box, (1, 2, 30, 40), names=["car", "car"]), SIZE)) == 2


def test_nothing_found_is_nothing():
    assert events(sv.Detections.empty(), SIZE) == ()


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        (r"{\pos(0,0)\fs200}big", "(/pos(0,0)/fs200)big"),
        ("two\nlines\r\tand\x00more", "two lines and more"),
        (r"soft\nbreak\Nhard\h", "soft/nbreak/Nhard/h"),
        ("a, b", "a, b"),
        ("\ud800person", "person"),
        ("x" * 500, "x" * 120),
    ],
)
def test_labels_are_words_and_nothing_else(label, plain):
    assert plain_text(label) == plain


@given(st.text())
def test_no_label_has_anything_special_in_it(label):
    plain = plain_text(label)
    assert not set(plain) & set("{}\\\n\r\t")
    plain.encode()


@given(st.lists(st.tuples(*[st.floats(-1e6, 1e6, width=32)] * 4), min_size=1, max_size=5))
def test_any_box_can_be_written(boxes):
    for event in events(found(*boxes), SIZE):
        event.encode()
        assert "\n" not in event
