"""A real RTSP server: GStreamer, in a process of its own.

Run by the system's interpreter (``/usr/bin/python3``), where Debian installs its bindings::

    /usr/bin/python3 tests/fakes/rtsp_server.py --size 1280x720 --fps 25 --clock

prints the address of the stream once it can be played.  It ends when its standard input is closed, so that it never
outlives whoever started it.
"""

import argparse
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PATH = "/live"
ENCODE = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max={gop} bitrate=4000 {more} ! rtph264pay {pay}",
    # Latency for B-frames: each waits for the picture that it looks ahead to.  Left to itself, x264enc takes baseline.
    "h264-bframes": "x264enc speed-preset=superfast bframes=2 b-adapt=false rc-lookahead=3 key-int-max={gop} "
    "bitrate=4000 ! video/x-h264,profile=main ! rtph264pay {pay}",
    "hevc": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max={gop} bitrate=4000 ! rtph265pay {pay}",
    "mjpeg": "jpegenc quality=60 ! rtpjpegpay {pay}",
}
SOUND = {
    "opus": "audioresample ! opusenc ! rtpopuspay name=pay1 pt=98",
    "pcma": "alawenc ! rtppcmapay name=pay1",
    "aac": "voaacenc ! aacparse ! rtpmp4gpay name=pay1 pt=97",
}
PAY = "name=pay0 pt=96 mtu={mtu}"
CELL = 16
BITS = 32
GREY, WHITE, BLACK = 96, 235, 16


class ClockPattern:
    """Pictures with the sender's wall clock drawn into them, pushed into an ``appsrc`` at a steady rate.

    The bar code is in the top left corner: 32 cells of 16x16 pixels, bit 0 of the milliseconds first, white for 1.
    Below it a bar moves, so that the encoder and the eye have something to do.
    """

    def __init__(self, width: int, height: int, fps: int) -> None:
        self.width, self.height, self.fps = width, height, fps
        chroma = ((width + 1) // 2) * ((height + 1) // 2)
        self.background = bytes([GREY]) * (width * height) + bytes([128]) * (2 * chroma)
        self.cells = (bytes([BLACK]) * CELL, bytes([WHITE]) * CELL)

    def picture(self, number: int) -> bytes:
        """Draw the picture of this moment, as I420."""
        image = bytearray(self.background)
        tall, bar = self.height // 4, max(8, self.width // 16)
        left = number * 4 % (self.width - bar)
        light = bytes([200]) * bar
        for row in range(self.height - tall, self.height):
            start = row * self.width + left
            image[start : start + bar] = light
        now = int(time.time() * 1000) & 0xFFFFFFFF
        code = b"".join(self.cells[now >> bit & 1] for bit in range(BITS))[: self.width]
        for row in range(CELL):
            image[row * self.width : row * self.width + len(code)] = code
        return bytes(image)

    def feed(self, source: Gst.Element, stopped: threading.Event) -> None:
        """Push pictures until the pipeline goes away."""
        due = time.monotonic()
        began: float | None = None
        number = 0
        while not stopped.wait(max(0.0, due - time.monotonic())):
            buffer = Gst.Buffer.new_wrapped(self.picture(number))
            if began is None and (runs := source.get_current_running_time()) != Gst.CLOCK_TIME_NONE:
                due = time.monotonic()
                began = due - runs / Gst.SECOND
            if began is not None:
                # When it was due: a camera's stamps are even, however busy it is.
                buffer.pts = int((due - began) * Gst.SECOND)
            if source.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                return
            number += 1
            due = max(due + 1 / self.fps, time.monotonic() - 1.0)


def factory(options: argparse.Namespace) -> GstRtspServer.RTSPMediaFactory:
    """Return what builds the pipeline, one for all who watch."""
    if options.file:
        return of_file(options.file)
    caps = f"video/x-raw,format=I420,width={options.width},height={options.height},framerate={options.fps}/1"
    made = GstRtspServer.RTSPMediaFactory()
    if options.clock:
        source = f"appsrc name=source is-live=true do-timestamp=true format=time max-buffers=2 leaky-type=2 caps={caps}"
        made.connect("media-configure", start_feeding, ClockPattern(options.width, options.height, options.fps))
    else:
        source = f"videotestsrc is-live=true pattern={options.pattern} ! {caps},pixel-aspect-ratio={options.pixels}"
    slices = f"threads=1 option-string=slices={options.slices}" if options.slices else ""
    encode = ENCODE[options.codec].format(gop=options.gop or options.fps, more=slices, pay=PAY.format(mtu=options.mtu))
    sound = ""
    if options.sound:
        tone = "audiotestsrc is-live=true freq=440 ! audio/x-raw,rate={rate},channels=1 ! audioconvert"
        sound = f"{tone.format(rate=8000 if options.sound == 'pcma' else 16000)} ! {SOUND[options.sound]}"
    made.set_launch(f"( {source} ! {encode} {sound} )")
    made.set_shared(True)
    made.set_latency(0)
    return made


def of_file(path: str) -> GstRtspServer.RTSPMediaFactory:
    """Return what sends an H.264 file in Matroska, once, at the pace at which it was made."""
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(f'( filesrc location="{path}" ! matroskademux ! h264parse ! rtph264pay name=pay0 pt=96 )')
    made.set_shared(True)
    made.set_latency(0)
    return made


def start_feeding(_factory: object, media: GstRtspServer.RTSPMedia, pattern: ClockPattern) -> None:
    """Feed this pipeline from a thread until nobody watches it any more."""
    source = media.get_element().get_by_name_recurse_up("source")
    stopped = threading.Event()
    media.connect("unprepared", lambda _media: stopped.set())
    threading.Thread(target=pattern.feed, args=(source, stopped), daemon=True).start()


def end_with_parent(loop: GLib.MainLoop) -> None:
    """Wait for the end of standard input, then stop."""
    while sys.stdin.read(1):
        pass
    loop.quit()


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="A real RTSP server for tests and measurements.")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--fps", type=int, default=25)
    parser.add_argument("--gop", type=int, default=0, help="pictures between keyframes; one second's if not given")
    parser.add_argument("--codec", choices=ENCODE, default="h264")
    parser.add_argument("--sound", choices=SOUND, help="a tone beside the pictures")
    parser.add_argument("--slices", type=int, default=0, help="a picture; one for each core if not given")
    parser.add_argument("--mtu", type=int, default=1400, help="bytes of an RTP packet")
    parser.add_argument("--port", type=int, default=0, help="any free one if not given")
    parser.add_argument("--pattern", default="smpte", help="videotestsrc's pattern, without --clock")
    parser.add_argument("--pixels", default="1/1", help="width of a pixel by its height, without --clock")
    parser.add_argument("--clock", action="store_true", help="draw the wall clock into each picture as a bar code")
    parser.add_argument("--file", help="send this H.264 file in Matroska instead")
    parser.add_argument("--sessions", type=int, default=0, help="how many may watch at a time; any number if not given")
    parser.add_argument("--user", help="user:password that is asked for")
    options = parser.parse_args()
    options.width, options.height = map(int, options.size.split("x"))
    return options


def demand_password(server: GstRtspServer.RTSPServer, made: GstRtspServer.RTSPMediaFactory, account: str) -> None:
    """Let in only who knows the account's name and password."""
    user, _, password = account.partition(":")
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "watcher")
    auth = GstRtspServer.RTSPAuth()
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    made.add_role_from_structure(
        Gst.Structure.new_from_string("watcher, media.factory.access=true, media.factory.construct=true")
    )


def main() -> None:
    """Serve until standard input ends."""
    options = arguments()
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(options.port))
    made = factory(options)
    server.get_mount_points().add_factory(PATH, made)
    if options.sessions:
        server.get_session_pool().set_max_sessions(options.sessions)
    if options.user:
        demand_password(server, made, options.user)
    loop = GLib.MainLoop()
    if not server.attach(None):
        sys.exit(f"port {options.port} is taken")
    print(f"rtsp://127.0.0.1:{server.get_bound_port()}{PATH}", flush=True)
    threading.Thread(target=end_with_parent, args=(loop,), daemon=True).start()
    loop.run()


if __name__ == "__main__":
    main()
