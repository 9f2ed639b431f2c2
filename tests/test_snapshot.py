"""Snapshots: what is in the pictures, what the files know, what is never overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import supervision as sv
from PIL import Image
from PIL.ExifTags import IFD, Base

from livevision.errors import RecordingError, UsageError
from livevision.frame import Result
from livevision.overlay import OverlayStyle, Privacy
from livevision.snapshot import LatestSeen, annotated_path, save_snapshot
from tests.fakes.clips import plain
from tests.recording.material import frame, result

FRAME = frame(1.25, plain((60, 120, 200), (160, 120)))
BOX = sv.Detections(np.array([[20.0, 20, 100, 90]]), confidence=np.array([0.9]), data={"class_name": np.array(["a"])})


def snapshot(taken, found, path, camera="door", style=None) -> Path:
    seen = LatestSeen()
    seen.style = style or OverlayStyle()
    seen.on_frame(taken)
    if found is not None:
        seen.on_result(found)
    return save_snapshot(seen.latest(), path, camera)


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_clean_and_annotated_are_both_saved(tmp_path):
    saved = snapshot(FRAME, result(FRAME, BOX), tmp_path / "a.png")
    assert saved == tmp_path / "a.png"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.annotated.png", "a.png"]
    clean = pixels(saved)
    assert (clean == (200, 120, 60)).all()
    changed = (pixels(annotated_path(saved)) != clean).any(axis=2)
    assert changed[50, 20]  # the box's left edge
    assert not changed[50, 60]  # its inside


@pytest.mark.parametrize("nothing_found", [None, result(FRAME, sv.Detections.empty())])
def test_without_boxes_there_is_one_file(tmp_path, nothing_found):
    snapshot(FRAME, nothing_found, tmp_path / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_the_files_know_when_and_where(tmp_path, suffix):
    saved = snapshot(FRAME, result(FRAME, BOX), tmp_path / f"a{suffix}", "Eingang Süd")
    for path in (saved, annotated_path(saved)):
        with Image.open(path) as image:
            exif = image.getexif()
            details = exif.get_ifd(IFD.Exif)
            text = getattr(image, "text", None)
        description = exif[Base.ImageDescription]
        assert description.encode("latin-1").decode() == "Eingang Süd"
        assert exif[Base.Software] == "livevision"
        taken = datetime.strptime(
            f"{details[Base.DateTimeOriginal]}.{details[Base.SubsecTimeOriginal]} {details[Base.OffsetTimeOriginal]}",
            "%Y:%m:%d %H:%M:%S.%f %z",
        )
        assert taken.timestamp() == pytest.approx(FRAME.wall, abs=0.0011)
        if text is not None:
            assert (text["Title"], text["Software"]) == ("Eingang Süd", "livevision")
            assert datetime.fromisoformat(text["Creation Time"]).timestamp() == pytest.approx(FRAME.wall, abs=0.0011)


def test_jpeg_keeps_the_colours(tmp_path):
    saved = snapshot(FRAME, None, tmp_path / "a.jpg")
    with Image.open(saved) as image:
        assert image.format == "JPEG"
    assert np.abs(pixels(saved).astype(int) - (200, 120, 60)).max() <= 3


def test_what_exists_stays_and_the_new_one_gets_a_number(tmp_path):
    (tmp_path / "a.png").write_text("a wedding")
    assert snapshot(FRAME, result(FRAME, BOX), tmp_path / "a.png") == tmp_path / "a-2.png"
    assert (tmp_path / "a.png").read_text() == "a wedding"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-2.annotated.png", "a-2.png", "a.png"]


def test_the_folder_is_made(tmp_path):
    assert snapshot(FRAME, None, tmp_path / "new" / "a.png").exists()


def test_a_folder_that_cannot_be_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(RecordingError) as caught:
        snapshot(FRAME, None, tmp_path / "file" / "a.png")
    assert str(caught.value).startswith(f"Cannot write {tmp_path / 'file' / 'a.png'}: ")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_disk_that_becomes_full_leaves_nothing_half(tmp_path, monkeypatch):
    def half(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(RecordingError, match=r"a\.png: the disk is full; make room"):
        snapshot(FRAME, None, tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_other_kinds_of_files_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"a\.gif: snapshots are PNG or JPEG files; name it a\.png"):
        snapshot(FRAME, None, tmp_path / "a.gif")


def hiding(taken) -> Result:
    return replace(result(taken, BOX), unseen=BOX, looked_for=frozenset({"a"}))


def test_who_must_not_be_seen_is_hidden_in_both(tmp_path):
    rng = np.random.default_rng(1)
    noisy = frame(1.25, rng.integers(0, 255, (120, 160, 3), np.uint8))
    style = OverlayStyle(privacy=Privacy(frozenset({"a"})))
    saved = snapshot(noisy, hiding(noisy), tmp_path / "a.png", style=style)
    for path in (saved, annotated_path(saved)):
        inside, outside = pixels(path)[30:80, 30:90], pixels(path)[:10, 120:]
        original = noisy.bgr()[:, :, ::-1]
        assert np.abs(inside.astype(int) - original[30:80, 30:90]).mean() > 30
        assert (outside == original[:10, 120:]).all()


def test_before_anything_is_known_all_of_it_is_hidden(tmp_path):
    rng = np.random.default_rng(1)
    noisy = frame(1.25, rng.integers(0, 255, (120, 160, 3), np.uint8))
    saved = snapshot(noisy, None, tmp_path / "a.png", style=OverlayStyle(privacy=Privacy(frozenset({"a"}))))
    assert np.abs(pixels(saved).astype(int) - noisy.bgr()[:, :, ::-1]).mean() > 30


def test_where_somebody_is_hidden_it_is_the_picture_that_the_model_has_looked_at(tmp_path):
    """The newest one may show somebody whom nobody has looked for yet."""
    rng = np.random.default_rng(1)
    looked_at, newest = (frame(pts, rng.integers(0, 255, (120, 160, 3), np.uint8)) for pts in (1.0, 1.4))
    seen = LatestSeen()
    seen.style = OverlayStyle(privacy=Privacy(frozenset({"a"})))
    seen.on_frame(looked_at)
    seen.on_result(hiding(looked_at))
    seen.on_frame(newest)
    saved = save_snapshot(seen.latest(), tmp_path / "a.png", "door")
    assert (pixels(saved)[:10, 120:] == looked_at.bgr()[:10, 120:, ::-1]).all()
    assert np.abs(pixels(saved)[30:80, 30:90].astype(int) - looked_at.bgr()[30:80, 30:90, ::-1]).mean() > 30
    seen.style = OverlayStyle()
    assert seen.latest().frame is newest
