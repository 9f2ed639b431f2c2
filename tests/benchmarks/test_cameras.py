"""The arithmetic of the walls of cameras, and that each of them shows something."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import pytest

from tests.benchmarks import cameras, wall
from tests.fakes.clips import plain, write_clip
from tests.fakes.xvfb import Xvfb


def figures(fps: list[float], cpu: float) -> wall.Figures:
    return wall.Figures(fps, 0, 10, 20, 1, 5, 9, cpu, 10, 200)


def test_cpu_is_counted_for_each_picture_that_was_shown() -> None:
    # Half a core for 100 pictures a second.
    assert figures([25.0] * 4, cpu=50).per_frame == pytest.approx(5.0)
    assert figures([0.0], cpu=50).per_frame == 0


def test_percentiles_are_those_of_what_was_measured() -> None:
    assert [wall.at([3.0, 1.0, 2.0], share) for share in (0.0, 0.5, 0.99)] == [1, 2, 3]
    assert wall.at([], 0.5) == 0


def test_comparison_says_what_is_left_without_decoding() -> None:
    said = cameras.compared(figures([25.0], 10), figures([25.0], 20), figures([25.0], 5))
    assert said.split()[0] == "MISSED"
    assert "0.50 of plain's" in said
    assert said.endswith("of what is not decoding 0.33")
    assert cameras.compared(figures([25.0], 5), figures([25.0], 20), None).split()[0] == "reached"
    assert "nothing to compare" in cameras.compared(figures([25.0], 5), figures([0.0], 20), None)


def test_figures_survive_the_way_from_one_process_to_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    sent = figures([24.9, 25.0], 50)
    wall.hand_over(sent)
    assert wall.taken_over("a line that Qt wrote\n" + capsys.readouterr().out) == sent


def test_plain_wall_shows_every_picture_with_its_boxes(xvfb: Xvfb, tmp_path: Path) -> None:
    pictures = [plain((0, 0, 200), (320, 180)) for _ in range(150)]
    for number, picture in enumerate(pictures):
        picture[60:120, 2 * number : 2 * number + 30] = 255
    clip = write_clip(tmp_path / "clip.mp4", pictures)
    arguments = ["--model", "motion", "--seconds", "1"]
    done = run(
        [sys.executable, "-m", "tests.benchmarks.plain_wall", str(clip), *arguments],
        env=xvfb.environment(),
        capture_output=True,
        text=True,
        timeout=40,
        check=True,
    )
    measured = wall.taken_over(done.stdout)
    assert measured.fps[0] > 10
    assert measured.inferred > 10
