"""Nothing that is written has a password in it."""

from __future__ import annotations

import pytest

from livevision.credentials import Credentials
from livevision.url_secrets import concealed, hidden, lacks_secret, revealed
from livevision.workspace.camera_settings import CameraSettings
from livevision.workspace.codec import dumps, plain
from livevision.workspace.preferences import Preferences
from livevision.workspace.workspace import Workspace


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("rtsp://me:hunter2@camera:554/1", "rtsp://camera:554/1"),
        ("rtsp://me:hunter@2@camera/1", "rtsp://camera/1"),
        ("rtsp://hunter2@camera/1", "rtsp://camera/1"),
        ("rtsp://me:hun/ter2@camera/1", "rtsp://camera/1"),
        ("rtsp://camera/1?user=me&password=hunter2&channel=1", "rtsp://camera/1?user=me&password=•••&channel=1"),
        ("rtsp://camera/user=me_password=hunter2_stream=0.sdp", "rtsp://camera/user=me_password=•••"),
        ("roboflow+http://gpu:9001/m/3?api_key=hunter2", "roboflow+http://gpu:9001/m/3?api_key=•••"),
        ("https://me:hunter2@camera/live?token=hunter2#x", "https://camera/live?token=•••#x"),
    ],
)
def test_no_password_is_written(address: str, written: str) -> None:
    camera = CameraSettings(id="a", source=address, model=address)
    workspace, preferences = Workspace(cameras=(camera,)), Preferences(recent_models=(address,))
    for document in (workspace, preferences):
        assert "hunter2" not in dumps(plain(document)).decode()
        assert "hunter2" not in document.model_dump_json()
        assert "hunter2" not in repr(document)
    assert camera.source == address, "in memory it is needed"
    assert plain(workspace)["cameras"] == [{"id": "a", "source": written, "model": written}]


@pytest.mark.parametrize(
    "source", ["0", "/videos/password=1.mp4", "C:\\a@b.mp4", "synthetic:street?seed=1", "file:///a?password=b"]
)
def test_what_is_no_network_address_stays_as_it_is(source: str) -> None:
    assert concealed(source) == source
    assert hidden(source) is None
    assert not lacks_secret(source)


def test_the_secrets_of_a_query_go_to_the_keyring_and_come_back() -> None:
    address = "http://camera/live?token=a%26b&user=x&pwd=c+d"
    kept, bare = hidden(address), concealed(address)
    assert kept is not None
    assert lacks_secret(bare)
    assert revealed(bare, kept) == address
    assert not lacks_secret(revealed(bare, kept))
    assert hidden(bare) is None, "what is not known is not kept over what is"


def test_without_the_keyring_a_secret_is_missed_and_not_made_up() -> None:
    assert revealed("http://camera/?token=•••", None) == "http://camera/?token=•••"
    assert (
        revealed("http://camera/?token=•••&pwd=•••", Credentials("query", "one")) == "http://camera/?token=one&pwd=•••"
    )
