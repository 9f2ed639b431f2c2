"""The command line: one function per command, no logic."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from platformdirs import user_videos_path
from typer.exceptions import TyperException

import livevision
from livevision.cli_options import (
    MODELS,
    Colour,
    Draw,
    Duration,
    Hide,
    HideUnknown,
    Kiosk,
    Look,
    Loop,
    ModelChoice,
    Output,
    Recording,
    RecordingChoice,
    Sources,
    Stats,
    WorkspaceFile,
    hidden,
    style_of,
    takes_look,
    takes_model,
    takes_recording,
)
from livevision.ending import clean_ending
from livevision.errors import LivevisionError, UsageError
from livevision.inference.options import Device
from livevision.recording.kind import Kind
from livevision.redaction import Redactor, redacted_logging

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Live cameras with live detections. Without a command: opens the viewer.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

models_app = typer.Typer(invoke_without_command=True, help="What can find objects, and a look into a model file.")
app.add_typer(models_app, name="models")


@app.callback(invoke_without_command=True)
def viewer(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit")] = False,
    workspace: WorkspaceFile = None,
) -> None:
    """Open the viewer."""
    if version:
        typer.echo(f"livevision {livevision.__version__}")
    elif context.invoked_subcommand is None:
        from livevision.ui.run import ViewOptions, run

        _report(run(ViewOptions((), _folder(None), workspace=workspace)))


@app.command()
@takes_model
@takes_look
@takes_recording
def view(  # noqa: PLR0913, PLR0917  an option is an argument to Typer
    sources: Sources,
    choice: ModelChoice,
    look: Look,
    recording: RecordingChoice,
    record: Recording = None,
    output: Output = None,
    kiosk: Kiosk = False,
    loop: Loop = False,
    duration: Duration = None,
    stats: Stats = None,
) -> None:
    """Show cameras, streams and files."""
    from livevision.cameras import CameraRequest, check_hiding
    from livevision.recordings import refuse_to_reveal
    from livevision.sources.registry import AtEnd
    from livevision.ui.run import ViewOptions, run

    at_end = AtEnd.LOOP if loop else AtEnd.STOP
    check_hiding(look.style, choice.model)
    asked = CameraRequest("", choice.model, choice.keep, choice.options, at_end, look.tracker, look.timing, look.style)
    requests = tuple(replace(asked, source=source) for source in sources)
    folder = _folder(output)
    plan = recording.plan(folder, record or Kind.ANNOTATED)
    if record is not None:
        refuse_to_reveal(record, look.style.hidden.for_files)
    _report(run(ViewOptions(requests, folder, record is not None, kiosk, duration, stats, plan)))


@app.command()
@takes_model
@takes_look
@takes_recording
def record(  # noqa: PLR0913, PLR0917  an option is an argument to Typer
    sources: Sources,
    choice: ModelChoice,
    look: Look,
    recording: RecordingChoice,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder  [default: your videos]")] = None,
    kind: Annotated[Kind, typer.Option(help="What to keep")] = Kind.CLEAN,
    duration: Annotated[float | None, typer.Option(help="End after so many seconds", min=0.1)] = None,
    stats: Stats = None,
) -> None:
    """Record cameras without a window, until they end or a signal comes."""
    from livevision import headless
    from livevision.cameras import CameraRequest, check_hiding
    from livevision.recordings import refuse_to_reveal

    check_hiding(look.style, choice.model)
    refuse_to_reveal(kind, look.style.hidden.for_files)
    asked = CameraRequest("", choice.model, choice.keep, choice.options, tracker=look.tracker, style=look.style)
    requests = tuple(replace(asked, source=source) for source in sources)
    plan = recording.plan(_folder(output), kind, duration)
    _report(headless.record(headless.RecordOptions(requests, plan, stats), typer.echo))


@app.command()
def annotate(  # noqa: PLR0913, PLR0917  an option is an argument to Typer
    recording: Annotated[Path, typer.Argument(help="A clean recording, with its detections beside it")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The annotated video to write")],
    detections: Annotated[Path | None, typer.Option(help="Where they are, if not beside it")] = None,
    conf: Annotated[str, typer.Option(help="Show detections from this confidence on: .4, or person=.5,car=.3")] = "0",
    classes: Annotated[str | None, typer.Option(help="Show only these classes, separated by commas")] = None,
    draw: Draw = "default",
    colour: Colour = "class",
    hide: Hide = "",
) -> None:
    """Draw a recording's detections into a copy of it, with a progress bar."""
    from livevision.inference.filter import DetectionFilter
    from livevision.progress import annotate_with_bar

    keep, style = DetectionFilter.parse(conf, classes), style_of(draw, colour, hidden(hide, False))
    typer.echo(asyncio.run(annotate_with_bar(recording, output, keep, style, detections)))


@app.command()
def demo(
    model: Annotated[str, typer.Option(help=MODELS)] = "motion",
    record: Recording = None,
    output: Output = None,
    kiosk: Kiosk = False,
    duration: Duration = None,
    stats: Stats = None,
) -> None:
    """Show a generated street with a real detector, and say how well it did."""
    from livevision.cameras import CameraRequest
    from livevision.demo import DEMO_SOURCE, Scorer
    from livevision.recording.plan import RecordingPlan
    from livevision.ui.run import ViewOptions, run

    scorer = Scorer(DEMO_SOURCE)
    folder = _folder(output)
    plan = RecordingPlan(folder, record or Kind.ANNOTATED)
    options = ViewOptions(
        (CameraRequest(DEMO_SOURCE, model),), folder, record is not None, kiosk, duration, stats, plan
    )
    failures = run(options, lambda _camera: scorer)
    typer.echo(scorer.score().words())
    _report(failures)


@app.command()
@takes_model
def process(  # noqa: PLR0913, PLR0917  an option is an argument to Typer
    source: Annotated[Path, typer.Argument(help="A recorded video")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The annotated video to write")],
    choice: ModelChoice,
    draw: Draw = "default",
    colour: Colour = "class",
    hide: Hide = "",
    hide_unknown: HideUnknown = False,
) -> None:
    """Run a detector over every frame of a file, with a progress bar."""
    from livevision.progress import FileChoice, process_with_bar

    if choice.model is None:
        raise UsageError(f"no model to run over {source.name}: say which, as in --model motion")
    look = FileChoice(choice.model, choice.for_files(), choice.keep, style_of(draw, colour, hidden(hide, hide_unknown)))
    typer.echo(asyncio.run(process_with_bar(source, output, look)))


@app.command()
def probe(
    source: Annotated[str, typer.Argument(help="Anything that view takes")],
    seconds: Annotated[float, typer.Option(help="Watch for so long")] = 3.0,
    as_json: Annotated[bool, typer.Option("--json", help="Say it as one JSON object")] = False,
) -> None:
    """Say what a source sends, how fast it opens, and how evenly its pictures come."""
    from livevision import probe as probing

    report = probing.probe(source, seconds)
    typer.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else "\n".join(report.lines()))


@app.command()
def cameras() -> None:
    """List the cameras of this machine."""
    from livevision.sources import devices

    found = devices.local_cameras()
    for camera in found:
        typer.echo(camera.line())
    if not found:
        typer.echo(f"No camera found. {devices.advice_without_cameras()}")


@models_app.callback()
def models(context: typer.Context) -> None:
    """List the models that need no file, and what can run one that does."""
    if context.invoked_subcommand is not None:
        return
    from livevision.inference.onnx.providers import on_offer
    from livevision.inference.onnx.runtime import onnx_runtime
    from livevision.inference.registry import DetectorRegistry

    typer.echo("By name: " + ", ".join(DetectorRegistry().names()))
    typer.echo("ONNX files run on: " + ", ".join(provider.label for provider in on_offer(onnx_runtime())))
    typer.echo("To look into a file: livevision models inspect FILE.onnx --image PICTURE")


@models_app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="An ONNX file")],
    image: Annotated[Path | None, typer.Option(help="A picture to try it on")] = None,
    device: Annotated[Device, typer.Option(help="What runs it")] = Device.AUTO,
    layout: Annotated[str | None, typer.Option(help="What its outputs mean, if it is not recognised")] = None,
    output: Annotated[Path, typer.Option(help="Folder for the picture with boxes")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Say it as one JSON object")] = False,
) -> None:
    """Say what a model takes and gives, how it is understood, what runs it, and how fast."""
    from livevision import inspection
    from livevision.inference.options import ModelOptions

    report = inspection.inspect(file, image, ModelOptions(device=device, layout=layout), output)
    typer.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else "\n".join(report.lines()))
    if report.layout is None:
        raise typer.Exit(1)


@app.command()
def doctor(output: Output = None) -> None:
    """Check what may keep livevision from working here, and say what to do."""
    from livevision.doctor import examination

    checks = []
    for check in examination.examine(_folder(output)):
        typer.echo(check.line())
        checks.append(check)
    typer.echo(examination.summary(checks))
    if examination.has_failed(checks):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; a user's mistake is one line and exit code 1 or 2."""
    logging.basicConfig(level=logging.WARNING, format="livevision: %(message)s")
    for handler in logging.getLogger().handlers:  # the window's log shows more than a terminal should
        handler.setLevel(logging.WARNING)
    redactor = Redactor()
    for argument in sys.argv[1:]:
        redactor.learn(argument)
    with clean_ending(), redacted_logging(redactor):
        _run(redactor)


def _run(redactor: Redactor) -> None:
    try:
        code = app(standalone_mode=False)
    except UsageError as error:
        _fail(redactor.redact(str(error)), 2)
    except LivevisionError as error:
        _fail(redactor.redact(str(error)), 1)
    except TyperException as error:
        words = f"{redactor.redact(error.format_message())}{_comma_hint(sys.argv)} See livevision --help."
        _fail(words, error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped", 130)
    except Exception as error:
        # A bug: its traceback is what a report needs, without what it must not hold.
        _fail(redactor.traceback(error).rstrip(), 1)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _comma_hint(arguments: list[str]) -> str:
    typed = next((found for each in arguments if (found := re.fullmatch(r"(?:--[\w-]+=)?(\d*),(\d+)", each))), None)
    return f" Write numbers with a point: {typed[1] or 0}.{typed[2]}" if typed else ""


def _report(failures: list[str]) -> None:
    for line in failures:
        typer.echo(f"livevision: {line}", err=True)
    if failures:
        raise typer.Exit(1)


def _fail(message: str, code: int) -> None:
    typer.echo(f"livevision: {message}", err=True)
    sys.exit(code)


def _folder(output: Path | None) -> Path:
    return output or user_videos_path() / "livevision"
