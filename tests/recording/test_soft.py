"""Soft recordings: the video untouched, and boxes that a player draws in the right place at the right time."""

import subprocess

import av
import numpy as np
import pytest
import supervision as sv

from livevision.overlay import class_colour
from livevision.recording.soft import SoftSink, TimedBoxes
from tests.fakes.clips import Encoding, plain, write_clip
from tests.recording.packet_material import complaints, packets_of, probe, timed

SIZE = (640, 360)
COUNT = 20
GREY = 90


def box_at(time):
    """Where the box is: it moves 100 pixels a second."""
    left = 40 + round(100 * time)
    return left, 60, left + 120, 200


def found(*boxes, name=""):
    xyxy = np.array(boxes, dtype=np.float32).reshape(-1, 4)
    return sv.Detections(xyxy=xyxy, data={"class_name": np.array([name] * len(xyxy))})


def camera(folder, encoding=None):
    picture = plain((GREY, GREY, GREY), SIZE)
    return packets_of(write_clip(folder / "camera.ts", [picture] * COUNT, encoding))


def record(path, items, boxes):
    """Write each packet with the boxes of its picture in front of it, as they come out of the waiting room."""
    sink = SoftSink(path, "door")
    for item in items:
        if item.packet in boxes:
            sink.write(TimedBoxes(boxes[item.packet], item.time))
        sink.write(item)
    sink.close()
    return path


def with_boxes(log, detections_at):
    start = log.video[0].pts
    return {packet: detections_at(packet.pts - start) for packet in log.video}


def rendered(path, size=SIZE):
    """Play it with the subtitles on."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", path.name, "-vf", f"format=bgr24,subtitles={path.name}"]
    command += ["-f", "rawvideo", "-pix_fmt", "bgr24", "-"]
    played = subprocess.run(command, cwd=path.parent, capture_output=True, check=True)
    assert b"rror" not in played.stderr
    return np.frombuffer(played.stdout, np.uint8).reshape(-1, size[1], size[0], 3)


def coloured(picture, name=""):
    """Return the rectangle around what has the class's colour; None where there is nothing."""
    wanted = np.array(class_colour(name).as_bgr())
    rows, columns = np.nonzero(np.abs(picture.astype(int) - wanted).max(axis=2) < 40)
    return (columns.min(), rows.min(), columns.max(), rows.max()) if len(rows) else None


def pictures_of(path):
    """Return the checksum of each picture, decoded."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:v", "-f", "framehash", "-"]
    played = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.rpartition(",")[2] for line in played if not line.startswith("#")]


def events_of(path):
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        return [
            (round(float(packet.pts * packet.time_base), 3), round(float(packet.duration * packet.time_base), 3))
            for packet in container.demux(stream)
            if packet.size
        ]


@pytest.mark.parametrize("b_frames", [0, 3])
def test_players_draw_the_boxes_in_their_place_on_their_picture(tmp_path, b_frames):
    log = camera(tmp_path, Encoding(b_frames=b_frames))
    path = record(tmp_path / "soft.mkv", timed(log), with_boxes(log, lambda time: found(box_at(time))))
    assert complaints(path) == ""
    pictures = rendered(path)
    assert len(pictures) == COUNT
    for number, picture in enumerate(pictures):
        assert coloured(picture) == pytest.approx(box_at(number / 25), abs=2), number
        left, top, right, bottom = box_at(number / 25)
        # It is a frame: what is inside it is seen.
        assert np.abs(picture[top + 5 : bottom - 5, left + 5 : right - 5].astype(int) - GREY).max() < 6


def test_many_boxes_of_several_classes(tmp_path):
    log = camera(tmp_path)
    places = {"car": (20, 40, 90, 120), "dog": (200, 100, 300, 220), "person": (400, 150, 600, 350)}
    several = sv.Detections(
        xyxy=np.array(list(places.values()), dtype=np.float32), data={"class_name": np.array(list(places))}
    )
    path = record(tmp_path / "soft.mkv", timed(log), with_boxes(log, lambda _time: several))
    picture = rendered(path)[5]
    for name, (left, top, right, bottom) in places.items():
        label = picture[top - 14 : top, left : left + 20]
        assert coloured(label, name) is not None, f"the label of {name}"
        below = picture.copy()
        below[:top] = GREY
        assert coloured(below, name) == pytest.approx((left, top, right, bottom), abs=2)


def test_a_hostile_label_moves_nothing(tmp_path):
    log = camera(tmp_path)
    place = (100, 100, 200, 200)
    hostile = found(place, name=r"{\pos(400,300)\fs90\c&H0000FF&\p1}m 0 0 l 640 0 640 360 0 360\N\N")
    path = record(tmp_path / "soft.mkv", timed(log), with_boxes(log, lambda _time: hostile))
    picture = rendered(path)[5].astype(int)
    outside = np.ones(picture.shape[:2], bool)
    outside[70:210, 90:] = False  # the box, and a long label on it
    assert np.abs(picture[outside] - GREY).max() < 6


def test_the_video_is_untouched_and_the_track_is_one_that_players_find(tmp_path):
    log = camera(tmp_path, Encoding(sound="aac"))
    path = record(tmp_path / "soft.mkv", timed(log), with_boxes(log, lambda time: found(box_at(time))))
    video, audio, subtitles = probe(path)["streams"]
    assert (video["codec_name"], video["nb_read_frames"]) == ("h264", str(COUNT))
    assert audio["codec_name"] == "aac"
    assert (subtitles["codec_name"], subtitles["tags"]["title"]) == ("ass", "Detections")
    assert subtitles["disposition"]["default"] == 1
    assert pictures_of(path) == pictures_of(tmp_path / "camera.ts")


def test_boxes_last_until_the_next_picture(tmp_path):
    log = camera(tmp_path)
    path = record(tmp_path / "soft.mkv", timed(log), with_boxes(log, lambda time: found(box_at(time))))
    assert events_of(path) == [(pytest.approx(n / 25, abs=0.001), pytest.approx(0.04, abs=0.001)) for n in range(COUNT)]


def test_boxes_that_stand_still_are_written_now_and_then_and_none_are_none(tmp_path):
    log = camera(tmp_path)

    def detections_at(time):
        return found((10, 10, 50, 50)) if time < 0.6 else found()

    path = record(tmp_path / "soft.mkv", timed(log), with_boxes(log, detections_at))
    events = events_of(path)
    assert len(events) == 2
    assert events[0][0] == 0
    assert events[1][0] == pytest.approx(sum(events[0]), abs=0.001)
    assert sum(events[1]) == pytest.approx(0.6, abs=0.001)
    pictures = rendered(path)
    assert [coloured(picture) is not None for picture in pictures] == [True] * 15 + [False] * 5


def test_boxes_vanish_when_the_camera_is_gone(tmp_path):
    log = camera(tmp_path)
    items = timed(log)
    later = [item if n < 10 else type(item)(item.media, item.packet, item.time + 10) for n, item in enumerate(items)]
    boxes = {item.packet: found((10, 10, 50, 50)) for item in later[:10]}
    path = record(tmp_path / "soft.mkv", later, boxes)
    (event,) = events_of(path)
    assert sum(event) == pytest.approx(9 / 25 + 2, abs=0.001)


def test_boxes_from_before_the_first_picture_are_left_out(tmp_path):
    log = camera(tmp_path)
    sink = SoftSink(tmp_path / "soft.mkv")
    for time in (-1.0, -0.5):
        sink.write(TimedBoxes(found((10, 10, 50, 50)), time))
    for item in timed(log):
        sink.write(TimedBoxes(found(), item.time))
        sink.write(item)
    sink.close()
    assert events_of(tmp_path / "soft.mkv") == []
