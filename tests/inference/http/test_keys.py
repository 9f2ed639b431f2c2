from __future__ import annotations

import logging

import pytest

from livevision.errors import DetectorUnavailable, UsageError
from livevision.inference.http.address import parse_server_address
from livevision.inference.http.keys import Keys
from tests.fakes.cameras import grey
from tests.fakes.inference_server import InferenceServer
from tests.fakes.inference_wire import models

VARIABLES = {"roboflow": "ROBOFLOW_API_KEY", "huggingface": "HF_TOKEN"}
ADDRESS = "roboflow+http://gpu1:9001/yard/3"


async def found(
    typed: str, environment: dict[str, str] | None = None, keyring: dict[str, str] | None = None
) -> tuple[str | None, list[str]]:
    learned: list[str] = []

    async def find(host: str) -> str | None:
        return (keyring or {}).get(host)

    keys = Keys(VARIABLES, find, learned.append, environment or {})
    return await keys.key_for(parse_server_address(typed, ("roboflow", "huggingface", "json"))), learned


async def test_the_nearest_key_is_used_and_learned() -> None:
    keyring = {"gpu1:9001": "from-keyring"}
    general = {"LIVEVISION_API_KEY": "general"}
    own = general | {"ROBOFLOW_API_KEY": " own\n"}
    assert await found(f"{ADDRESS}?api_key=typed", own, keyring) == ("typed", ["typed"])
    assert await found(ADDRESS, own, keyring) == ("own", ["own"])
    assert await found(ADDRESS, general, keyring) == ("general", ["general"])
    assert await found(ADDRESS, {"ROBOFLOW_API_KEY": ""}, keyring) == ("from-keyring", ["from-keyring"])
    assert await found(ADDRESS) == (None, [])
    assert await found("json+http://h/", {"LIVEVISION_API_KEY": "general", "HF_TOKEN": "no"}) == (
        "general",
        ["general"],
    )


async def test_the_token_of_a_whole_account_goes_to_nobody_else() -> None:
    environment = {"HF_TOKEN": "hf_secret"}
    for host in ("huggingface.co", "x.endpoints.huggingface.cloud", "me-yolo.hf.space"):
        assert (await found(f"huggingface+https://{host}/m", environment))[0] == "hf_secret"
    for host in ("gpu1:8080", "nothuggingface.co", "huggingface.co.evil.example"):
        assert await found(f"huggingface+https://{host}/m", environment) == (None, [])


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "a\x00b"])
async def test_what_cannot_be_a_key_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(
        UsageError, match="the API key in ROBOFLOW_API_KEY has a blank or a special character"
    ) as caught:
        await found(ADDRESS, {"ROBOFLOW_API_KEY": key})
    assert key not in str(caught.value)


async def test_a_key_is_used_and_seen_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with InferenceServer() as server:
        server.behave(status=403, body=b"k3y-of-anna is not allowed")
        async with models() as made:
            detector = await made.load(f"tiny+http://anna:pa55word@{server.place}/?api_key=k3y-of-anna&a=1")
            assert set(made.secrets) == {"k3y-of-anna", "pa55word"}
            with pytest.raises(DetectorUnavailable) as caught:
                await detector.detect(grey((64, 48)))
            said = f"{caught.value} {caught.value!r} {detector!r} {detector.name} {made.http!r} {caplog.text}"
        assert server.requests == [("POST", "/?a=1")]
        assert server.headers[0]["Authorization"] == "Bearer k3y-of-anna"
    assert "k3y-of-anna" not in said
    assert "pa55word" not in said
    assert "is not allowed; set TINY_KEY" in said
