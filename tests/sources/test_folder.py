"""Folders of pictures, read as a camera that takes one now and then."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from livevision.errors import SourceUnusable, UsageError
from livevision.sources.file import AtEnd, Pace
from livevision.sources.folder import FolderReader, parse_folder, pictures_in
from livevision.sources.natural import natural_key
from tests.fakes.clips import number_in, numbered


def write(folder, names):
    for name in names:
        number = int("".join(filter(str.isdigit, name)))
        cv2.imwrite(str(folder / name), numbered(number))


def reader_of(folder, query="", pace=Pace.EVERY_FRAME, at_end=AtEnd.STOP):
    return FolderReader(parse_folder(folder, query, pace, at_end), 3)


def read_all(reader, at_most=100):
    info = reader.open()
    frames = []
    while len(frames) < at_most and (frame := reader.read()) is not None:
        frames.append(frame)
    reader.close()
    return info, frames


def test_pictures_come_in_the_order_in_which_people_count(tmp_path):
    write(tmp_path, ["shot10.png", "shot2.jpg", "shot1.PNG", "shot33.bmp"])
    (tmp_path / "notes.txt").write_text("not a picture")
    info, frames = read_all(reader_of(tmp_path, "fps=4"))
    assert [number_in(frame.bgr()) for frame in frames] == [1, 2, 10, 33]
    assert [frame.pts for frame in frames] == [0, 0.25, 0.5, 0.75]
    assert [(frame.index, frame.generation) for frame in frames] == [(n, 3) for n in range(4)]
    assert (info.width, info.height, info.fps, info.duration, info.frames) == (320, 240, 4, 1.0, 4)


def test_natural_order_never_fails():
    names = ["1.jpg", "01.jpg", "a.jpg", "10.jpg", "2.jpg", "é9", "9é", "", "²"]
    assert sorted(names, key=natural_key)[1:6] == ["01.jpg", "1.jpg", "2.jpg", "9é", "10.jpg"]


def test_real_time_waits_for_each(tmp_path):
    write(tmp_path, ["0.png", "1.png", "2.png"])
    _, frames = read_all(reader_of(tmp_path, "fps=20", Pace.REAL_TIME))
    # An upper bound would measure the machine.
    assert min(later.captured - earlier.captured for earlier, later in pairwise(frames)) > 0.03


def test_a_loop_shows_what_was_added(tmp_path):
    write(tmp_path, ["0.png", "1.png"])
    reader = reader_of(tmp_path, at_end=AtEnd.LOOP)
    reader.open()
    shown = [reader.read() for _ in range(2)]
    write(tmp_path, ["2.png"])
    shown += [reader.read() for _ in range(4)]
    reader.close()
    assert [number_in(frame.bgr()) for frame in shown] == [0, 1, 0, 1, 2, 0]
    assert all(later.pts > earlier.pts for earlier, later in pairwise(shown))


def test_damage_is_left_out_and_the_time_stays(tmp_path):
    write(tmp_path, ["0.png", "1.png", "2.png", "3.png"])
    (tmp_path / "1.png").write_bytes(b"")
    (tmp_path / "2.png").write_bytes((tmp_path / "2.png").read_bytes()[:60])
    _, frames = read_all(reader_of(tmp_path, "fps=1"))
    assert [(number_in(frame.bgr()), frame.pts) for frame in frames] == [(0, 0), (3, 3)]


def test_sizes_may_change(tmp_path):
    write(tmp_path, ["0.png"])
    cv2.imwrite(str(tmp_path / "1.png"), numbered(1, (640, 360)))
    _, frames = read_all(reader_of(tmp_path))
    assert [frame.size for frame in frames] == [(320, 240), (640, 360)]


def test_nothing_but_damage(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    with pytest.raises(SourceUnusable, match="none of its pictures could be decoded"):
        read_all(reader_of(tmp_path))
    with pytest.raises(SourceUnusable, match="none of its pictures could be decoded"):
        read_all(reader_of(tmp_path, at_end=AtEnd.LOOP))


def test_links_do_not_lead_out(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    write(outside, ["7.png"])
    write(folder, ["1.png"])
    (folder / "2.png").symlink_to(outside / "7.png")
    (folder / "3.png").symlink_to(folder / "1.png")
    (folder / "4.png").symlink_to(folder / "gone.png")
    (folder / "5.png").symlink_to(outside)
    assert [path.name for path in pictures_in(folder)] == ["1.png", "3.png"]
    # The folder itself may be a link: it is what was asked for.
    (tmp_path / "link").symlink_to(folder)
    assert len(pictures_in(tmp_path / "link")) == 2


def test_a_folder_that_vanished(tmp_path):
    write(tmp_path, ["1.png"])
    reader = reader_of(tmp_path)
    (tmp_path / "1.png").unlink()
    tmp_path.rmdir()
    with pytest.raises(SourceUnusable, match="could not be read: No such file"):
        reader.open()


def test_interrupt_is_the_end(tmp_path):
    write(tmp_path, ["0.png", "1.png"])
    reader = reader_of(tmp_path, "fps=0.01", Pace.REAL_TIME)
    reader.open()
    assert reader.read() is not None
    reader.interrupt()
    assert reader.read() is None
    reader.close()


@pytest.mark.parametrize(("query", "said"), [("fsp=3", "did you mean 'fps'"), ("fps=0", "out of bounds")])
def test_wrong_options(tmp_path, query, said):
    write(tmp_path, ["1.png"])
    with pytest.raises(UsageError, match=said):
        parse_folder(tmp_path, query)


def test_pictures_of_a_thermal_camera_are_seen(tmp_path):
    ramp = np.broadcast_to(30_000 + 4 * np.arange(256), (64, 256)).astype(np.uint16)
    assert cv2.imwrite(str(tmp_path / "a.png"), ramp)
    assert cv2.imwrite(str(tmp_path / "b.png"), (np.arange(256, dtype=np.uint16) * 200)[None].repeat(64, 0))
    reader = FolderReader(parse_folder(tmp_path, "", Pace.EVERY_FRAME), 0)
    reader.open()
    narrow, wide = reader.read().bgr()[32, :, 1].astype(int), reader.read().bgr()[32, :, 1].astype(int)
    assert narrow[10] < 30
    assert narrow[245] > 225
    assert np.abs(wide - np.arange(256) * 200 // 256).max() <= 1
