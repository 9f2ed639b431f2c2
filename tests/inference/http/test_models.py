from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from livevision.errors import DetectorUnavailable, UsageError
from livevision.inference.http.models import HttpModels
from livevision.inference.options import ModelOptions
from tests.fakes.cameras import grey
from tests.fakes.inference_server import InferenceServer
from tests.fakes.inference_wire import models

if TYPE_CHECKING:
    from pathlib import Path


async def nobody(_host: str) -> str | None:
    return None


async def test_all_formats_are_there_under_all_their_names() -> None:
    http = HttpModels(nobody, lambda secret: None, environment={})
    assert {"roboflow+http", "kserve+https", "triton+http", "codeproject+http", "hf+https", "json+http"} <= set(
        http.schemes()
    )
    for scheme in http.schemes():
        detector = await http.load(f"{scheme}://127.0.0.1:9/project/3?boxes=b", ModelOptions(in_flight=3))
        assert detector.max_in_flight == 3
        assert detector.runs_on == "127.0.0.1:9"
        await detector.aclose()
    await http.aclose()
    await http.aclose()


async def test_nonsense_is_refused_at_once_and_leaves_nothing_open() -> None:
    async with models() as made:
        with pytest.raises(UsageError, match="did you mean 'tiny'"):
            await made.load("tinny+http://gpu1/")
        with pytest.raises(UsageError, match="has a blank"):
            await made.load("tiny+http://gpu1/?api_key=a%20b")
        assert repr(made.http) == "<HttpModels none yet>"


async def test_models_loaded_together_share_their_server() -> None:
    with InferenceServer() as server:
        async with models() as made:
            await asyncio.gather(*(made.load(f"tiny+http://{server.place}/{number}") for number in range(3)))
            assert repr(made.http) == f"<HttpModels <Endpoints {server.place} (3)>>"


async def test_what_is_closed_as_a_whole_needs_not_be_closed_singly() -> None:
    with InferenceServer() as server:
        async with models() as made:
            detector = await made.load(f"tiny+http://{server.place}/")
            await detector.detect(grey((64, 48)))
            await made.http.aclose()
            await detector.aclose()
            again = await made.load(f"tiny+http://{server.place}/")
            assert len(await again.detect(grey((64, 48)))) == 1


def test_importing_it_brings_no_web_client() -> None:
    code = "import livevision.inference.http.models, sys; sys.exit('aiohttp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=50).returncode == 0


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that only those trust who were told to."""
    pytest.importorskip("cryptography", reason="comes with keyring on Linux")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


async def test_a_certificate_is_checked_and_a_trusted_one_leaves_nothing_open(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(certificate)
    with InferenceServer(tls=server_side) as server:
        async with models() as made:
            detector = await made.load(f"tiny+https://{server.place}/")
            with pytest.raises(DetectorUnavailable, match="cannot be trusted \\(self-signed certificate\\)"):
                await detector.detect(grey((64, 48)))
        # As SSL_CERT_FILE does when the program starts.
        trusting = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", trusting)
        async with models() as made:
            detector = await made.load(f"tiny+https://{server.place}/")
            for _ in range(3):
                assert len(await detector.detect(grey((64, 48)))) == 1
            await detector.aclose()
