"""Answers to what a server asks before it lets in: Basic and Digest with MD5, SHA-256 and SHA-512-256 (pure).

RFC 7616 and 7617.  FFmpeg answers MD5 only, and takes the last of several challenges for the only one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from urllib.request import parse_http_list

_HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
_SESSION = "-SESS"
_BEST_FIRST = ("SHA-512-256", "SHA-256", "MD5")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One ``WWW-Authenticate`` line."""

    scheme: str
    """In lower case: basic or digest."""
    parameters: dict[str, str] = field(default_factory=dict)
    """By their names in lower case."""

    @property
    def algorithm(self) -> str:
        """What is to be hashed with, in capitals, without ``-SESS``; empty for Basic."""
        if self.scheme != "digest":
            return ""
        return self.parameters.get("algorithm", "MD5").upper().removesuffix(_SESSION)

    @property
    def can_be_answered(self) -> bool:
        """Whether it is of a kind that is known here."""
        if self.scheme == "basic":
            return True
        return _HASHES.get(self.algorithm, "") in hashlib.algorithms_available and "nonce" in self.parameters


def parse_challenge(line: str) -> Challenge:
    """Return what stands behind ``WWW-Authenticate:``."""
    scheme, _, rest = line.strip().partition(" ")
    pairs = (part.partition("=") for part in parse_http_list(rest))
    return Challenge(scheme.lower(), {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs})


def strongest(challenges: list[Challenge]) -> Challenge | None:
    """Return the challenge to answer; None where none can be."""
    known = [challenge for challenge in challenges if challenge.can_be_answered]
    digests = [challenge for challenge in known if challenge.scheme == "digest"]
    return min(digests, key=lambda each: _BEST_FIRST.index(each.algorithm), default=next(iter(known), None))


@dataclass(frozen=True, slots=True)
class Account:
    """A user name and a password."""

    user: str
    password: str = field(repr=False)

    def answer(self, challenge: Challenge, method: str, uri: str, count: int, client_nonce: str) -> str:
        """Return what belongs behind ``Authorization:``; ``count`` is how often the server's nonce was used, from 1."""
        if challenge.scheme == "basic":
            return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        asked = challenge.parameters
        realm, nonce = asked.get("realm", ""), asked["nonce"]

        def digest(*parts: str) -> str:
            return hashlib.new(_HASHES[challenge.algorithm], ":".join(parts).encode()).hexdigest()

        secret = digest(self.user, realm, self.password)
        if asked.get("algorithm", "").upper().endswith(_SESSION):
            secret = digest(secret, nonce, client_nonce)
        said = {"username": self.user, "realm": realm, "nonce": nonce, "uri": uri}
        bare = {}
        if "auth" in re.split(r"\s*,\s*", asked.get("qop", "")):
            bare = {"qop": "auth", "nc": f"{count:08x}"}
            said["cnonce"] = client_nonce
            said["response"] = digest(secret, nonce, bare["nc"], client_nonce, "auth", digest(method, uri))
        else:
            said["response"] = digest(secret, nonce, digest(method, uri))
        said |= {"opaque": asked["opaque"]} if "opaque" in asked else {}
        bare |= {"algorithm": asked["algorithm"]} if "algorithm" in asked else {}
        quoted = [f'{name}="{_escaped(value)}"' for name, value in said.items()]
        return "Digest " + ", ".join(quoted + [f"{name}={value}" for name, value in bare.items()])


def _escaped(value: str) -> str:
    return re.sub(r"[\r\n]", "", value).replace("\\", "\\\\").replace('"', '\\"')
