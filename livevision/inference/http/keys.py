"""Where the key of an inference server comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from livevision.errors import UsageError
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from livevision.inference.http.address import ServerAddress

ANY_SERVER = "LIVEVISION_API_KEY"
"""The variable that is used for every server that has no other key."""

_ONLY_TO = {"HF_TOKEN": ("huggingface.co", "huggingface.cloud", "hf.space")}
"""Keys that open a whole account somewhere.  They are in many people's environments for other reasons, and must not
travel to whatever server happens to speak the same format."""


class Keys:
    """Finds keys: in the address, the environment, the keyring, in this order.

    ``variables`` says which variable has the key for which format; ``find`` asks the keyring for a host's key;
    ``learn_secret`` is told each one before it is used, so that nobody can say it.
    """

    def __init__(
        self,
        variables: Mapping[str, str],
        find: Callable[[str], Awaitable[str | None]],
        learn_secret: Callable[[str], None],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._variables = variables
        self._find = find
        self._learn_secret = learn_secret
        self._environment = environment

    def __repr__(self) -> str:
        return f"<Keys {', '.join(self._variables.values())}>"

    async def key_for(self, address: ServerAddress) -> str | None:
        """Return the key, or None where there is none.  Raises UsageError for one that can be no key."""
        source, key = await self._look(address)
        if not key:
            return None
        self._learn_secret(key)
        if not (key.isascii() and key.isprintable() and " " not in key):
            # It would end a header, and begin another.
            raise UsageError(
                say("the API key in {source} has a blank or a special character in it: copy it anew", source=source)
            )
        return key

    def variable_for(self, address: ServerAddress) -> str:
        """Return the name of the variable that a key for this server belongs into."""
        variable = self._variables.get(address.format)
        return variable if variable and _may_go(variable, address.url.host or "") else ANY_SERVER

    async def _look(self, address: ServerAddress) -> tuple[str, str]:
        if address.key:
            return say("the address"), address.key
        for variable in (self.variable_for(address), ANY_SERVER):
            if key := self._environment.get(variable, "").strip():
                return variable, key
        return say("the keyring"), (await self._find(address.place) or "").strip()


def _may_go(variable: str, host: str) -> bool:
    domains = _ONLY_TO.get(variable)
    return domains is None or any(host == domain or host.endswith(f".{domain}") for domain in domains)
