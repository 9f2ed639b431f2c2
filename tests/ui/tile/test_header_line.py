from livevision.ui.tile.header_line import Claim, Part, share


def test_what_is_important_comes_first_and_the_rest_has_what_is_left() -> None:
    claims = [Claim(Part.NAME, 60, 1), Claim(Part.STATE, 30, 30), Claim(Part.MODEL, 200, 40)]
    assert share(300, claims, 10) == {Part.NAME: 60, Part.STATE: 30, Part.MODEL: 190}
    assert share(135, claims, 10) == {Part.NAME: 60, Part.STATE: 30}
    assert share(80, claims, 10) == {Part.NAME: 60}
    assert share(20, claims, 10) == {Part.NAME: 20}
    assert share(0, claims, 10) == {}


def test_a_part_grows_only_when_those_that_matter_more_have_their_due() -> None:
    claims = [Claim(Part.NAME, 60, 1), Claim(Part.RECORDING, 50, 50), Claim(Part.NAME, 300, 1)]
    assert share(150, claims, 10) == {Part.NAME: 90, Part.RECORDING: 50}
    assert share(1000, claims, 10) == {Part.NAME: 300, Part.RECORDING: 50}
