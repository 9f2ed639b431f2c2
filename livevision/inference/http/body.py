"""What is sent: form fields as one body, and a body of any size in portions (RFC 7578)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from aiohttp import Payload

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter

    from livevision.inference.http.wire import FormPart

_PORTION = 1 << 16
"""Bytes handed to the connection at once: no more are copied on the loop before others get their turn."""


class Body(Payload):
    """Bytes that are sent in portions: aiohttp's own kind for bytes sends megabytes in one go, and warns of it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content, content_type="application/octet-stream")
        self._content = content

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self._content)

    @property
    def autoclose(self) -> bool:
        """Whether there is nothing to be closed."""
        return True

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return it as text; nobody asks."""
        return self._content.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Send it."""
        view = memoryview(self._content)
        for start in range(0, len(view), _PORTION):
            await writer.write(view[start : start + _PORTION])


def encode_form(parts: tuple[FormPart, ...]) -> tuple[str, bytes]:
    """Return the content type, with its boundary, and the body of a multipart form."""
    boundary = secrets.token_hex(16)
    lines: list[bytes] = []
    for part in parts:
        filename = "" if part.filename is None else f'; filename="{_quoted(part.filename)}"'
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(part.name)}"{filename}\r\n'
        lines += [f"{head}Content-Type: {part.content_type}\r\n\r\n".encode(), part.content, b"\r\n"]
    lines.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"".join(lines)


def _quoted(text: str) -> str:
    # As browsers do it, and RFC 7578 (section 5.1) recommends.
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
