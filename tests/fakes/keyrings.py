"""The keyring of a desktop, in memory."""

from __future__ import annotations

from keyring.backend import KeyringBackend


class Safe(KeyringBackend):
    """Keeps what it is given in ``entries``."""

    # So that nobody takes it for the desktop's own, whoever asks first.
    priority = -1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]
