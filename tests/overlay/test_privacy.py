"""Who is hidden cannot be seen: not through missed detections, not when the model is silent, not with any tool."""

from functools import cache

import cv2
import numpy as np
import pytest
import supervision as sv

from livevision.frame import Result
from livevision.overlay import EVERYTHING, Concealment, Privacy, PrivacyMask, Reach, WhenUnknown
from livevision.overlay.concealment import conceal
from livevision.sources.street.scene import Street
from tests.fakes.objects import detections, least_difference

FRAME = (1280, 720)
BOX = (400, 200, 520, 440)
PEOPLE = Privacy(frozenset(("person",)))
NOBODY = sv.Detections.empty()


def textured(size=(320, 180)) -> np.ndarray:
    """Return a picture of which no two places look alike, with coarse and fine detail."""
    return _textured(size).copy()


@cache
def _textured(size: tuple[int, int]) -> np.ndarray:
    random = np.random.default_rng(5)
    coarse = random.integers(60, 200, (size[1] // 8 + 1, size[0] // 8 + 1, 3), np.uint8)
    large = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC).astype(int)
    return np.clip(large + random.integers(-40, 40, large.shape), 1, 255).astype(np.uint8)


def person(*box: float, tracker: int | None = 1, name: str = "person") -> sv.Detections:
    more = {} if tracker is None else {"tracker_id": np.array([tracker])}
    return detections(box or BOX, name=name, **more)


def hidden(image: np.ndarray, box, *, original: np.ndarray | None = None) -> float:
    """Return the share of a box's pixels, in pixels of the frame, that differ from the original clearly."""
    original = textured(image.shape[1::-1]) if original is None else original
    scale = image.shape[1] / FRAME[0]
    x1, y1, x2, y2 = (round(side * scale) for side in box)
    changed = np.abs(image[y1:y2, x1:x2].astype(int) - original[y1:y2, x1:x2]).max(axis=2) > 4
    return float(changed.mean())


def all_of(image: np.ndarray) -> bool:
    return hidden(image, (0, 0, *FRAME)) > 0.85


def untouched(image: np.ndarray) -> bool:
    return bool((image == textured(image.shape[1::-1])).all())


@pytest.fixture
def people() -> PrivacyMask:
    return PrivacyMask(PEOPLE)


GUESSING = Privacy(frozenset(("person",)), unknown=WhenUnknown.SHOW_PICTURE)
"""Shows pictures before their answer has come, with people hidden where they should be by now."""


def tell(mask: PrivacyMask, pts: float, found: sv.Detections, generation: int = 0) -> None:
    mask.learn((generation, pts), FRAME, found)


def show(mask: PrivacyMask, pts: float, generation: int = 0, size: tuple[int, int] = (320, 180)) -> np.ndarray:
    return mask.hide(textured(size), FRAME, (generation, pts))


def own(mask: PrivacyMask, pts: float, found: sv.Detections, **more) -> np.ndarray:
    """Return a picture that the model has answered for."""
    tell(mask, pts, found)
    return show(mask, pts, **more)


@pytest.mark.parametrize("size", [FRAME, (640, 360), (320, 180)])
@pytest.mark.parametrize("how", Concealment)
def test_nothing_of_a_hidden_object_is_left(how, size):
    original = textured(size)
    image = own(PrivacyMask(Privacy(frozenset(("person",)), how)), 0.0, person(), size=size)

    scale = size[0] / FRAME[0]
    x1, y1, x2, y2 = (round(side * scale) for side in BOX)
    inside, before = image[y1:y2, x1:x2], original[y1:y2, x1:x2]
    assert cv2.Laplacian(cv2.blur(inside, (3, 3)), cv2.CV_64F).var() < 0.12 * cv2.Laplacian(before, cv2.CV_64F).var()
    if how is not Concealment.BLUR:  # which has all shades between its few ones
        assert len(np.unique(inside.reshape(-1, 3), axis=0)) <= 8 * 16
    assert not (inside == before).all(axis=2).mean() > 0.01
    patches = (before[y : y + 8, x : x + 8] for y in range(0, y2 - y1 - 8, 16) for x in range(0, x2 - x1 - 8, 16))
    assert all(least_difference(inside, patch) > 0 for patch in patches)


def colours_along(image: np.ndarray, row: int, columns: slice) -> int:
    line = image[row, columns].astype(int)
    return np.count_nonzero(np.abs(np.diff(line, axis=0)).any(axis=1)) + 1


@pytest.mark.parametrize("size", [FRAME, (640, 360), (320, 180)])
def test_it_is_as_coarse_at_every_size(size):
    image = own(PrivacyMask(PEOPLE), 0.0, person(), size=size)
    scale = size[0] / FRAME[0]
    across = slice(round(BOX[0] * scale), round(BOX[2] * scale))
    assert colours_along(image, round(320 * scale), across) <= 6


@pytest.mark.parametrize("how", [Concealment.PIXELATE, Concealment.BLUR])
@pytest.mark.parametrize("box", [(-280.0, 20.0, 20.0, 320.0), (300.0, 340.0, 600.0, 640.0)])
def test_what_the_border_cuts_is_as_coarse_as_what_it_does_not(how, box):
    original = textured((640, 360))
    image = original.copy()
    conceal(image, np.array([box]), how)
    x1, y1, x2, y2 = np.clip(box, 0, (640, 360) * 2).astype(int)
    part, before = image[y1:y2, x1:x2].astype(float), original[y1:y2, x1:x2].astype(float)
    # Within a block of 50 pixels, the mean of what was there is all that is left.
    assert part.std(axis=(0, 1)).max() < 0.4 * before.std(axis=(0, 1)).min()
    assert cv2.Laplacian(part, cv2.CV_64F).var() < 0.1 * cv2.Laplacian(before, cv2.CV_64F).var()


@pytest.mark.parametrize("side", [1.0, 2.0, 4.0, 9.0])
def test_even_the_smallest_is_not_left_as_it_is(side):
    original = textured((320, 180))
    image = original.copy()
    conceal(image, np.array([(100.0, 100.0, 100 + side, 100 + side)]), Concealment.PIXELATE)
    last = 100 + int(side)
    same = (image[100:last, 100:last] == original[100:last, 100:last]).all(axis=2)
    assert same.mean() < 0.2


def test_the_same_means_give_the_same_pixels_whatever_the_detail():
    """What differs only within the blocks cannot be told from the result: nobody can turn it back."""
    one = np.full((720, 1280, 3), 100, np.uint8)
    other = one.copy()
    other[:, ::2], other[:, 1::2] = 60, 140
    mask = PrivacyMask(PEOPLE)
    tell(mask, 0.0, person())

    images = [mask.hide(image, FRAME, (0, 0.0)) for image in (one, other)]

    x1, y1, x2, y2 = BOX
    difference = images[0][y1:y2, x1:x2].astype(int) - images[1][y1:y2, x1:x2]
    assert np.abs(difference).max() <= 3


def test_hides_a_margin_around_the_box_and_not_the_rest(people):
    image = own(people, 0.0, person())

    assert hidden(image, (390, 190, 530, 450)) > 0.85
    assert hidden(image, (0, 0, 300, 720)) == 0
    assert hidden(image, (700, 0, 1280, 720)) == 0


def test_only_the_chosen_classes_in_any_case(people):
    assert untouched(own(people, 0.0, person(name="car")))
    assert hidden(own(people, 0.04, person(name="Person")), BOX) > 0.85


def test_everything_means_whatever_is_found():
    ours = PrivacyMask(Privacy(frozenset((EVERYTHING,))))

    assert hidden(own(ours, 0.0, person(name="moving")), BOX) > 0.85


def test_stays_hidden_through_missed_detections_for_two_seconds(people):
    own(people, 0.0, person())

    for step in range(1, 50):
        assert hidden(own(people, step / 25, NOBODY), BOX) > 0.85
    assert untouched(own(people, 2.1, NOBODY))


def test_a_class_that_flickers_stays_hidden(people):
    own(people, 0.0, person())

    assert hidden(own(people, 0.2, person(name="dog")), BOX) > 0.85


def test_the_time_is_settable():
    ours = PrivacyMask(Privacy(frozenset(("person",)), hold=0.5))
    own(ours, 0.0, person())

    assert hidden(own(ours, 0.45, NOBODY), BOX) > 0.85
    assert untouched(own(ours, 0.55, NOBODY))


@pytest.mark.parametrize("speed", [60, 250, -150])
def test_a_missed_object_is_hidden_where_it_should_be_by_now(people, speed):
    def at(pts):
        return tuple(np.array((500, 200, 620, 440)) + np.array((speed, 0, speed, 0)) * pts)

    for step in range(11):
        own(people, step / 10, person(*at(step / 10)))

    for missed in (0.1, 0.4, 0.8, 1.2):
        image = own(people, 1 + missed, NOBODY)
        assert hidden(image, at(1 + missed)) > 0.8, f"{missed} s after it was seen"
        assert hidden(image, at(1.0)) > 0.8, "it may have stopped"


def test_an_object_that_turns_is_hidden_around_the_predicted_place(people):
    for step in range(11):
        own(people, step / 10, person(500 + 100 * step / 10, 200, 620 + 100 * step / 10, 440))

    image = own(people, 1.5, NOBODY)
    assert hidden(image, (600, 240, 720, 480)) > 0.8, "50 px down instead of on"


def test_two_that_cross_are_both_hidden(people):
    for step in range(21):
        shift = step * 15
        boxes = ((300 + shift, 200, 400 + shift, 440), (600 - shift, 210, 700 - shift, 450))
        own(people, step / 10, detections(*boxes))
    image = own(people, 2.1, NOBODY)
    assert min(hidden(image, box) for box in boxes) > 0.8


def test_one_of_two_that_is_missed_stays_hidden(people):
    own(people, 0.0, detections(BOX, (800, 200, 900, 400)))

    image = own(people, 0.5, person(800, 200, 900, 400))
    assert hidden(image, BOX) > 0.85


# Pictures whose answer comes later, as in a recording.


def test_a_picture_between_two_answers_hides_who_was_found_in_either(people):
    tell(people, 0.0, person(100, 200, 200, 400))
    tell(people, 0.4, detections((160, 200, 260, 400), (900, 200, 1000, 400)))
    tell(people, 0.8, detections((220, 200, 320, 400), (850, 200, 950, 400)))

    image = show(people, 0.2)
    assert hidden(image, (130, 200, 230, 400)) > 0.85, "between its two places"
    assert hidden(image, (925, 200, 1025, 400)) > 0.85, "a newcomer, from where it will come"
    assert hidden(image, (450, 0, 700, 720)) == 0


@pytest.mark.parametrize("ahead", [0.2, 1.0, 5.0])
def test_what_is_known_by_now_of_later_pictures_hides_nobody_in_the_wrong_place(people, ahead):
    """A recording draws a picture when later answers have long been there."""
    for step in range(round(25 * (1 + ahead))):
        pts = step / 25
        tell(people, pts, person(100 + 150 * pts, 200, 200 + 150 * pts, 440))

    image = show(people, 1.0)
    assert hidden(image, (250, 200, 350, 440)) > 0.85
    if ahead > 0.2:
        assert hidden(image, (100 + 150 * (1 + ahead), 200, 1280, 440)) == 0


def test_answers_reach_so_far_back_as_recordings_do(people):
    for step in range(35 * 25):
        tell(people, step / 25, person(10 + step, 200, 110 + step, 440))
    image = show(people, 1.0)
    assert hidden(image, (35, 200, 135, 440)) > 0.85
    assert hidden(image, (600, 0, 1280, 720)) == 0


def test_pictures_of_before_a_reconnect_are_still_known(people):
    tell(people, 100.0, person())
    tell(people, 101.0, person())
    tell(people, 0.0, NOBODY, generation=1)

    assert hidden(show(people, 100.5), BOX) > 0.85
    assert hidden(show(people, 100.5), (700, 0, 1280, 720)) == 0
    assert untouched(show(people, 0.0, generation=1))


# What is not known is not shown.


def test_all_is_hidden_until_the_first_answer_and_after_a_reconnect(people):
    assert all_of(show(people, 0.0))
    tell(people, 5.1, NOBODY)
    assert all_of(show(people, 5.0)), "of before the first answer"
    assert untouched(show(people, 5.1))
    assert all_of(show(people, 5.14)), "not answered for yet"
    assert people.reason == "hidden, as the model's answers are missing or late"
    tell(people, 6.0, NOBODY)
    assert untouched(show(people, 5.14)), "answered for by now"
    assert all_of(show(people, 6.1, generation=1))
    assert people.reason == "hidden until the model has answered"
    tell(people, 6.2, NOBODY, generation=1)
    assert untouched(show(people, 6.2, generation=1))
    assert people.reason == ""


def test_all_is_hidden_when_answers_stop_and_shown_when_they_come_again(people):
    own(people, 0.0, person())

    assert all_of(show(people, 0.04))
    assert all_of(show(people, 60.0))
    assert untouched(own(people, 60.1, NOBODY))


def test_answers_that_are_too_far_apart_tell_nothing_of_what_lies_between(people):
    tell(people, 0.0, NOBODY)
    tell(people, 5.0, NOBODY)
    assert all_of(show(people, 2.5))
    assert all_of(show(people, 2.1))


def test_an_answer_that_did_not_look_for_them_tells_nothing(people):
    from tests.fakes.cameras import make_frame

    frame = make_frame(textured(FRAME), pts=1.0)
    for looked_for in (frozenset(), frozenset({"face"})):
        people.observe(Result(frame, NOBODY, 0.0, 0.1, NOBODY, looked_for))
        assert all_of(show(people, 1.0))
        assert people.reason == "hidden, as the model has not shown that it knows person"
    people.observe(Result(frame, NOBODY, 0.0, 0.1, None, None))
    assert all_of(show(people, 1.0)), "nor did one that kept nothing of them"
    people.observe(Result(frame, NOBODY, 0.0, 0.1, person(), frozenset({"person", "face"})))
    assert hidden(show(people, 1.0), BOX) > 0.85
    assert hidden(show(people, 1.0), (700, 0, 1280, 720)) == 0


def test_pictures_of_another_size_than_those_that_the_model_saw_are_hidden(people):
    tell(people, 0.0, person())
    image = people.hide(textured((180, 320)), (720, 1280), (0, 0.0))
    assert (image != textured((180, 320))).any(axis=2).mean() > 0.85
    assert people.reason == "hidden, as the model saw pictures of 1280x720, and these are 720x1280"


def test_a_camera_that_changes_its_size_is_hidden_until_the_first_answer_of_the_new_one(people):
    tell(people, 0.0, NOBODY)
    assert (people.hide(textured(), (640, 480), (0, 0.04)) != textured()).any(axis=2).mean() > 0.85
    people.learn((0, 0.04), (640, 480), NOBODY)
    assert untouched(people.hide(textured(), (640, 480), (0, 0.04)))


def test_a_jump_in_the_stream_hides_all(people):
    own(people, 10.0, NOBODY)

    assert all_of(show(people, 3.0))


def test_more_than_can_be_told_apart_hides_all(people):
    random = np.random.default_rng(3)
    for step in range(7):
        corners = random.integers((0, 0), (1270, 710), (100, 2))
        image = own(people, step / 25, detections(*[(x, y, x + 4, y + 4) for x, y in corners]))

    assert all_of(image)


def test_another_class_makes_everything_unknown_and_another_way_to_hide_does_not(people):
    tell(people, 0.0, person())
    people.privacy = Privacy(frozenset(("person",)), Concealment.FILL)
    assert hidden(show(people, 0.0), BOX) > 0.85
    assert not all_of(show(people, 0.0))
    people.privacy = Privacy(frozenset(("person", "face")))
    assert all_of(show(people, 0.0))


# Where the operator wants to see the picture before the answer.


def test_the_region_grows_with_the_age_of_the_answer():
    def area(pts):
        ours = PrivacyMask(GUESSING)
        tell(ours, 0.0, person())
        return int((show(ours, pts) != textured()).any(axis=2).sum())

    assert area(0.0) < area(0.5) < area(1.5)


def test_the_whole_picture_may_be_shown_meanwhile_if_that_is_chosen():
    ours = PrivacyMask(GUESSING)

    assert untouched(show(ours, 0.0))
    assert hidden(own(ours, 0.1, person()), BOX) > 0.85
    assert hidden(show(ours, 0.3), BOX) > 0.85
    assert untouched(show(ours, 2.3))
    assert not ours.waits


def test_boxes_outside_or_without_area_are_no_trouble(people):
    assert untouched(own(people, 0.0, person(-900, -900, -800, -800)))
    own(people, 0.1, person(5, 5, 5, 5))


def test_nothing_to_hide_takes_even_a_read_only_picture():
    image = textured()
    image.flags.writeable = False
    ours = PrivacyMask(Privacy())

    assert not ours.active
    assert ours.hide(image, FRAME, (0, 0.0)) is image


def test_recordings_are_hidden_unless_chosen_otherwise():
    assert PEOPLE.for_files == PEOPLE
    assert not Privacy(frozenset(("person",)), reach=Reach.SCREEN).for_files


def test_hiding_more_never_hides_less():
    both = GUESSING.also(Privacy(frozenset(("face",)), Concealment.BLUR, hold=1.0))
    assert both == Privacy(frozenset(("person", "face")), Concealment.BLUR, hold=2.0)
    assert PEOPLE.also(Privacy()) == PEOPLE


@pytest.mark.parametrize("privacy", [PEOPLE, GUESSING], ids=["answers are waited for", "and are not"])
def test_people_stay_hidden_with_a_slow_detector_that_misses_many(privacy):
    """It looks at every fourth picture, misses two of five people, its boxes tremble, and it answers 320 ms late."""
    street = Street(FRAME, 25, 1)
    ours, random = PrivacyMask(privacy), np.random.default_rng(2)
    late = 0 if ours.waits else 8
    met: dict[int, int] = {}
    for index in range(0, 124, 4):
        truth = street.truth(index)
        found = truth[random.random(len(truth)) > 0.4]
        met.update((tracker, index) for tracker in found.tracker_id.tolist() if tracker not in met)
        trembling = found.xyxy + random.normal(0, 3, found.xyxy.shape)
        if ours.waits:
            tell(ours, index / 25, sv.Detections(trembling, data={"class_name": found.data["class_name"]}))
        else:
            met[index, "boxes"] = sv.Detections(trembling, data={"class_name": found.data["class_name"]})
    shares = []
    for index in range(8, 120):
        if late and index % 4 == 0:
            tell(ours, (index - late) / 25, met[index - late, "boxes"])
        image = show(ours, index / 25)
        truth = street.truth(index)
        first = np.array([met.get(tracker, 1000) for tracker in truth.tracker_id.tolist()])
        people = truth[(truth.data["class_name"] == "person") & (first + late <= index)]
        shares += [hidden(image, box) for box in np.clip(people.xyxy, 0, FRAME * 2) if min(box[2:] - box[:2]) > 20]

    assert len(shares) > 200
    assert np.mean(np.array(shares) > 0.8) > 0.97
