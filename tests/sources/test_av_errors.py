"""What a refused login is called, where nobody can know why it was refused."""

import av.error
import pytest

from livevision.errors import SourceRefused
from livevision.sources.av_errors import opening_failed


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("rtsp://anna:secret@door.local/live", "the camera refused the user name or the password. Check them."),
        ("rtsps://anna:secret@door.local/live", "if they are right, set its RTSP authentication to digest/MD5"),
        ("rtsps://door.local/live", "its address has none. Add them: rtsps://user:password@"),
    ],
)
def test_a_refused_login_is_called_no_more_than_is_known(url: str, words: str) -> None:
    error = opening_failed(av.error.HTTPUnauthorizedError(401, "Unauthorized"), url, "door")
    assert isinstance(error, SourceRefused)
    assert words in str(error)
    assert "secret" not in str(error)
