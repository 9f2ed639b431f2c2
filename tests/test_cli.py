import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest
from pytestqt.qtbot import QtBot

from livevision import cli
from livevision.doctor import examination, machine
from livevision.sources import devices

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def livevision(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], qtbot: QtBot) -> Iterator[Run]:
    """Run the command line in this process; returns exit code, output and error output."""
    handlers = logging.getLogger().handlers[:]

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["livevision", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    yield run
    logging.getLogger().handlers[:] = handlers


def one_line(error: str) -> str:
    """Return the one line that a user's mistake may cost."""
    assert error.startswith("livevision: ")
    assert error.count("\n") == 1
    assert "Traceback" not in error
    return error


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["view", "missing.mp4"], "missing.mp4", 1),
        (["view", "{tmp}"], "folder", 1),
        (["view", "gopher://x/y"], "gopher", 2),
        (["view", "synthetic:moon"], "moon", 2),
        (["view", "synthetic:street?size=9"], "size", 2),
        (["view", "synthetic:street", "--model", "motoin"], "motion", 2),
        (["view", "synthetic:street", "--model", "motion", "--conf", "7"], "0 to 1", 2),
        (["view", "synthetic:street", "--conf", "much"], "no confidence", 2),
        (["view", "synthetic:street", "--model", "motion", "--conf", "persn=.4"], "moving", 2),
        (["view", "synthetic:street", "--imgsz", "big"], "--imgsz big", 2),
        (["view", "synthetic:street", "--slice", "wide"], "wide", 2),
        (["view", "synthetic:street", "--model", "gone.onnx"], "gone.onnx", 2),
        (["view", "synthetic:street", "--stats", "{tmp}/no/s.jsonl"], "--stats", 2),
        (["view", "synthetic:street", "--record", "everything"], "everything", 2),
        (["view", "synthetic:street", "--hide", "person"], "without a model", 2),
        (["view", "synthetic:street", "--model", "people", "--hide", "persn"], "did you mean 'person'?", 2),
        (
            ["view", "synthetic:street", "--model", "people", "--hide", "person", "--record", "soft"],
            "soft recording would",
            2,
        ),
        (["record", "synthetic:street", "--model", "people", "--hide", "person", "-o", "{tmp}"], "Record annotated", 2),
        (
            ["record", "synthetic:street", "--kind", "annotated", "--model", "motion", "--hide", "face", "-o", "{tmp}"],
            "it knows moving",
            2,
        ),
        (["view", "synthetic:street", "--segment", "soon"], "10m or 500MB", 2),
        (["view", "synthetic:street", "--name", "{{camera}}"], "{time}", 2),
        (["view", "synthetic:street", "--encoder", "x265"], "x265", 2),
        (["view", "synthetic:street", "--duration", "-3"], "duration", 2),
        (["view", "synthetic:street", "--duration", "0,5"], "Write numbers with a point: 0.5", 2),
        (["view", "synthetic:street", "--model", "motion", "--iou=,4"], "Write numbers with a point: 0.4", 2),
        (["view", "synthetic:street", "--model", "motion", "--conf", "0,4"], "write 0.4 with a point", 2),
        (["view", "synthetic:street", "--model", "motion", "--conf", "moving=0,1"], "write 0.4 with a point", 2),
        (["record"], "sources", 2),
        (["record", "missing.mp4", "-o", "{tmp}"], "missing.mp4", 1),
        (["record", "synthetic:moon", "-o", "{tmp}"], "moon", 2),
        (["record", "synthetic:street", "-o", "{tmp}", "--kind", "pretty"], "pretty", 2),
        (["annotate", "missing.mp4", "-o", "{tmp}/out.mp4"], "missing.mp4", 2),
        (["annotate", "{text}", "-o", "{tmp}/out.mp4"], "notes.detections.jsonl is missing", 2),
        (["view"], "sources", 2),
        (["veiw"], "view", 2),
        (["probe"], "source", 2),
        (["probe", "missing.mp4"], "missing.mp4", 1),
        (["probe", "gopher://x/y"], "gopher", 2),
        (["probe", "0?sise=640x480"], "size", 2),
        (["probe", "rtsp://cam/x?transport=upd"], "udp", 2),
        (["probe", "rtsp://anna:12/34@cam/x"], "%2F", 2),
        (["probe", "synthetic:street", "--seconds", "0"], "--seconds", 2),
        (["probe", "{text}"], "notes.txt", 1),
        (["probe", "77"], "No camera 77", 1),
        (["doctor", "--outptu", "x"], "outptu", 2),
        (["process", "missing.mp4", "-o", "out.mp4"], "missing.mp4", 1),
        (["process", "{text}", "-o", "{tmp}/out.mp4"], "notes.txt", 1),
        (["process", "{text}", "-o", "{text}"], "notes.txt", 2),
    ],
)
def test_a_mistake_costs_one_line(livevision: Run, tmp_path: Path, arguments: list[str], said: str, code: int) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("Dear diary, today no camera worked.\n" * 50)
    written = [argument.format(tmp=tmp_path, text=text) for argument in arguments]
    if written[0] == "process":
        written += ["--model", "motion"]
    ended, out, err = livevision(*written)
    assert said in one_line(err)
    assert ended == code
    assert out == ""


def test_a_text_file_as_video_ends_with_words_and_not_with_fine(livevision: Run, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("Dear diary, today no camera worked.\n" * 50)
    ended, _out, err = livevision("view", text, "--duration", "1")
    assert "notes.txt" in one_line(err)
    assert ended == 1


def test_an_unknown_host_ends_with_words_and_not_with_fine(livevision: Run) -> None:
    ended, _out, err = livevision("view", "rtsp://anna:secret@no-such-host.invalid/x", "--duration", "2")
    assert "no-such-host.invalid" in one_line(err)
    assert "secret" not in err
    assert ended == 1


def test_a_model_that_never_answered_ends_with_words_and_not_with_fine(livevision: Run, clip: Path) -> None:
    # A file, whose pictures are there at once: building a street takes its time on a busy machine.
    ended, _out, err = livevision("view", clip, "--loop", "--model", "kserve+http://127.0.0.1:9/m", "--duration", "4")
    assert "127.0.0.1:9 does not answer" in one_line(err)
    assert ended == 1


def test_probe_says_what_is_there(livevision: Run, clip: Path) -> None:
    ended, out, err = livevision("probe", clip, "--seconds", "0.4")
    assert (ended, err) == (0, "")
    assert out.splitlines()[0] == "numbered.mp4"
    assert "320x240, h264" in out
    ended, out, err = livevision("probe", clip, "--seconds", "0.4", "--json")
    assert (ended, err) == (0, "")
    assert json.loads(out)["codec"] == "h264"


def test_probe_of_nobody_says_no_password(livevision: Run) -> None:
    ended, _out, err = livevision("probe", "rtsp://anna:s3cret@no-such-host.invalid/x")
    assert ended == 1
    assert "no-such-host.invalid" in one_line(err)
    assert "s3cret" not in err


def test_cameras_are_listed_or_advice_is_given(livevision: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "local_cameras", lambda: ())
    ended, out, err = livevision("cameras")
    assert (ended, err) == (0, "")
    assert out.startswith("No camera found. Is it plugged in")
    brio = devices.LocalCamera(2, "Logitech BRIO", "/dev/video2", "V4L2")
    monkeypatch.setattr(devices, "local_cameras", lambda: (brio,))
    assert livevision("cameras") == (0, "2  Logitech BRIO  (V4L2, /dev/video2)\n", "")


@pytest.mark.parametrize(("clock", "code"), [(1.8e9, 0), (0.0, 1)])
def test_doctor_fails_when_a_check_does(
    livevision: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: float, code: int
) -> None:
    checks = [machine.check_power(1, 4 << 30), machine.check_clock(clock)]
    monkeypatch.setattr(examination, "examine", lambda _output: iter(checks))
    ended, out, err = livevision("doctor", "--output", tmp_path)
    assert (ended, err) == (code, "")
    lines = out.splitlines()
    assert [line[:4] for line in lines[:2]] == ["WARN", "FAIL" if code else "OK  "]
    assert lines[2].endswith("failed: Clock." if code else "1 with a warning.")


def test_the_demo_says_how_well_the_detector_did(
    livevision: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livevision.demo._LEARNING", 0.5)
    ended, out, err = livevision("demo", "--duration", "5", "--output", tmp_path)
    assert ended == 0, err
    assert "The detector found" in out
    assert err == ""


def test_view_leaves_stats_and_a_recording(livevision: Run, tmp_path: Path) -> None:
    stats = tmp_path / "s.jsonl"
    source = "synthetic:street?size=320x180"
    ended, _out, err = livevision(
        "view", source, "--duration", "2.5", "--record", "annotated", "--output", tmp_path, "--stats", stats
    )
    assert (ended, err) == (0, "")
    last = json.loads(stats.read_text().splitlines()[-1])
    (recorded,) = tmp_path.glob("*.mp4")
    with av.open(recorded) as container:
        times = [picture.time for picture in container.decode(video=0)]
        duration = container.duration / av.time_base
    # What the operator saw is in the file, and lasts as long.
    assert abs(len(times) - last["shown"] - last["dropped"]["display"]) <= 2
    assert duration == pytest.approx(times[-1] + 0.04, rel=0.02)


def test_process_writes_every_frame(livevision: Run, tmp_path: Path, clip: Path) -> None:
    target = tmp_path / "out.mp4"
    ended, out, err = livevision("process", clip, "-o", target, "--model", "motion")
    assert ended == 0, err
    assert "20 frames" in out
    with av.open(target) as container:
        assert sum(1 for _ in container.decode(video=0)) == 20


def test_process_never_overwrites(livevision: Run, tmp_path: Path, clip: Path) -> None:
    target = tmp_path / "out.mp4"
    target.write_bytes(b"precious")
    ended, _out, err = livevision("process", clip, "-o", target, "--model", "motion")
    assert "exists already" in one_line(err)
    assert ended == 2
    assert target.read_bytes() == b"precious"


def test_version_and_help(livevision: Run) -> None:
    assert livevision("--version")[1].startswith("livevision 0.")
    ended, out, _err = livevision("--help")
    assert ended == 0
    for command in ("view", "demo", "process"):
        assert command in out


def test_what_record_leaves_can_be_annotated_later(livevision: Run, tmp_path: Path) -> None:
    source = "synthetic:street?size=320x180&fps=25&seed=1"
    folder, target = tmp_path / "recordings", tmp_path / "drawn.mp4"
    code, out, _ = livevision(
        "record", source, "-o", folder, "--duration", "0.8", "--model", "motion", "--csv", "--name", "{date}/{time}"
    )
    assert code == 0
    (recorded,) = folder.glob("*/*.mp4")
    assert out == f"Street (demo): Recorded 00:00 to {recorded}\n"
    assert len(list(recorded.parent.iterdir())) == 3
    code, out, _ = livevision("annotate", recorded, "-o", target, "--classes", "moving")
    assert code == 0
    assert out.endswith(f"Written to {target}\n")
    with av.open(recorded) as clean, av.open(target) as drawn:
        assert [one.time for one in drawn.decode(video=0)] == [one.time for one in clean.decode(video=0)]
