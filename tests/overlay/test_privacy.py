"""Who is hidden cannot be seen: not through missed detections, not when the model is silent, not with any tool."""

from functools import cache

import cv2
import numpy as np
import pytest
import supervision as sv

from livevision.overlay import EVERYTHING, Concealment, Privacy, PrivacyFilter, Reach, WhenUnknown
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
def people() -> PrivacyFilter:
    return PrivacyFilter(PEOPLE)


def show(ours: PrivacyFilter, pts: float, found: sv.Detections | None, **more) -> np.ndarray:
    return ours.hide(textured(), FRAME, (0, pts), found, **more)


@pytest.mark.parametrize("size", [FRAME, (640, 360), (320, 180)])
@pytest.mark.parametrize("how", Concealment)
def test_nothing_of_a_hidden_object_is_left(how, size):
    original = textured(size)
    image = PrivacyFilter(Privacy(frozenset(("person",)), how)).hide(original.copy(), FRAME, (0, 0.0), person())

    scale = size[0] / FRAME[0]
    x1, y1, x2, y2 = (round(side * scale) for side in BOX)
    inside, before = image[y1:y2, x1:x2], original[y1:y2, x1:x2]
    assert cv2.Laplacian(cv2.blur(inside, (3, 3)), cv2.CV_64F).var() < 0.12 * cv2.Laplacian(before, cv2.CV_64F).var()
    if how is not Concealment.BLUR:  # which has all shades between its few ones
        assert len(np.unique(inside.reshape(-1, 3), axis=0)) <= 8 * 16
    assert not (inside == before).all(axis=2).mean() > 0.01
    patches = (before[y : y + 8, x : x + 8] for y in range(0, y2 - y1 - 8, 16) for x in range(0, x2 - x1 - 8, 16))
    assert all(least_difference(inside, patch) > 0 for patch in patches)


@pytest.mark.parametrize("size", [FRAME, (640, 360), (320, 180)])
def test_it_is_as_coarse_at_every_size(size):
    def blocks(image):
        scale = image.shape[1] / FRAME[0]
        row = image[round(320 * scale), round(BOX[0] * scale) : round(BOX[2] * scale)].astype(int)
        return np.count_nonzero(np.abs(np.diff(row, axis=0)).any(axis=1)) + 1

    image = PrivacyFilter(PEOPLE).hide(textured(size), FRAME, (0, 0.0), person())
    assert blocks(image) <= 6


def test_the_same_means_give_the_same_pixels_whatever_the_detail():
    """What differs only within the blocks cannot be told from the result: nobody can turn it back."""
    one = np.full((720, 1280, 3), 100, np.uint8)
    other = one.copy()
    other[:, ::2], other[:, 1::2] = 60, 140

    images = [PrivacyFilter(PEOPLE).hide(image, FRAME, (0, 0.0), person()) for image in (one, other)]

    x1, y1, x2, y2 = BOX
    difference = images[0][y1:y2, x1:x2].astype(int) - images[1][y1:y2, x1:x2]
    assert np.abs(difference).max() <= 3


def test_hides_a_margin_around_the_box_and_not_the_rest(people):
    image = show(people, 0.0, person())

    assert hidden(image, (390, 190, 530, 450)) > 0.85
    assert hidden(image, (0, 0, 300, 720)) == 0
    assert hidden(image, (700, 0, 1280, 720)) == 0


def test_only_the_chosen_classes_in_any_case(people):
    assert untouched(show(people, 0.0, person(name="car")))
    assert hidden(show(people, 0.04, person(name="Person")), BOX) > 0.85


def test_everything_means_whatever_is_found():
    ours = PrivacyFilter(Privacy(frozenset((EVERYTHING,))))

    assert hidden(show(ours, 0.0, person(name="moving")), BOX) > 0.85


@pytest.mark.parametrize("tracker", [1, -1, None])
def test_stays_hidden_through_missed_detections_for_two_seconds(people, tracker):
    show(people, 0.0, person(tracker=tracker))

    for step in range(1, 50):
        assert hidden(show(people, step / 25, NOBODY), BOX) > 0.85
    assert untouched(show(people, 2.1, NOBODY))


def test_a_class_that_flickers_stays_hidden(people):
    show(people, 0.0, person())

    assert hidden(show(people, 0.2, person(name="dog")), BOX) > 0.85


def test_the_time_is_settable():
    ours = PrivacyFilter(Privacy(frozenset(("person",)), hold=0.5))
    show(ours, 0.0, person())

    assert hidden(show(ours, 0.45, NOBODY), BOX) > 0.85
    assert untouched(show(ours, 0.55, NOBODY))


@pytest.mark.parametrize("tracker", [1, None])
@pytest.mark.parametrize("speed", [60, 250, -150])
def test_a_missed_object_is_hidden_where_it_should_be_by_now(people, tracker, speed):
    def at(pts):
        return tuple(np.array((500, 200, 620, 440)) + np.array((speed, 0, speed, 0)) * pts)

    for step in range(11):
        show(people, step / 10, person(*at(step / 10), tracker=tracker))

    for missed in (0.1, 0.4, 0.8, 1.2):
        image = show(people, 1 + missed, NOBODY)
        assert hidden(image, at(1 + missed)) > 0.8, f"{missed} s after it was seen"
        assert hidden(image, at(1.0)) > 0.8, "it may have stopped"


def test_an_object_that_turns_is_hidden_around_the_predicted_place(people):
    for step in range(11):
        show(people, step / 10, person(500 + 100 * step / 10, 200, 620 + 100 * step / 10, 440))

    image = show(people, 1.5, NOBODY)
    assert hidden(image, (600, 240, 720, 480)) > 0.8, "50 px down instead of on"


def test_two_that_cross_are_both_hidden_with_and_without_identities():
    for trackers in (np.array([1, 2]), None):
        ours = PrivacyFilter(PEOPLE)
        more = {} if trackers is None else {"tracker_id": trackers}
        for step in range(21):
            shift = step * 15
            boxes = ((300 + shift, 200, 400 + shift, 440), (600 - shift, 210, 700 - shift, 450))
            show(ours, step / 10, detections(*boxes, **more))
        image = show(ours, 2.1, NOBODY)
        assert min(hidden(image, box) for box in boxes) > 0.8


def test_one_of_two_that_is_missed_stays_hidden(people):
    both = detections(BOX, (800, 200, 900, 400), tracker_id=np.array([1, 2]))
    show(people, 0.0, both)

    image = show(people, 0.5, person(800, 200, 900, 400, tracker=2))
    assert hidden(image, BOX) > 0.85


def test_all_is_hidden_until_the_first_result_and_after_a_reconnect(people):
    assert all_of(show(people, 0.0, None))
    assert all_of(show(people, 5.0, None))
    assert untouched(show(people, 5.1, NOBODY))
    assert untouched(show(people, 6.0, None)), "the last result is fresh enough"
    assert all_of(people.hide(textured(), FRAME, (1, 6.1), None))
    assert untouched(people.hide(textured(), FRAME, (1, 6.2), NOBODY))


def test_all_is_hidden_when_results_stop_and_shown_when_they_come_again(people):
    show(people, 0.0, person())

    assert hidden(show(people, 1.9, None), BOX) > 0.85
    assert all_of(show(people, 2.1, None))
    assert all_of(show(people, 60.0, None))
    assert untouched(show(people, 60.1, NOBODY))


def test_an_old_result_that_is_given_again_and_again_is_no_news(people):
    for step in range(60):
        image = show(people, step / 25, person(), seen=0.0)

    assert all_of(image)


def test_the_region_grows_with_the_age_of_the_result():
    def area(pts):
        image = show(PrivacyFilter(PEOPLE), pts, person(), seen=0.0)
        return int((image != textured()).any(axis=2).sum())

    assert area(0.0) < area(0.5) < area(1.5)


def test_the_whole_picture_may_be_shown_meanwhile_if_that_is_chosen():
    ours = PrivacyFilter(Privacy(frozenset(("person",)), unknown=WhenUnknown.SHOW_PICTURE))

    assert untouched(show(ours, 0.0, None))
    assert hidden(show(ours, 0.1, person()), BOX) > 0.85


def test_a_jump_in_the_stream_hides_all_and_a_picture_out_of_order_does_not(people):
    show(people, 10.0, NOBODY)

    assert untouched(show(people, 9.9, None))
    assert all_of(show(people, 3.0, None))


def test_more_than_can_be_told_apart_hides_all(people):
    random = np.random.default_rng(3)
    for step in range(7):
        corners = random.integers((0, 0), (1270, 710), (100, 2))
        found = detections(*[(x, y, x + 4, y + 4) for x, y in corners])
        image = show(people, step / 25, found)

    assert all_of(image)


def test_boxes_outside_or_without_area_are_no_trouble(people):
    assert untouched(show(people, 0.0, person(-900, -900, -800, -800)))
    show(people, 0.1, person(5, 5, 5, 5))


def test_nothing_to_hide_takes_even_a_read_only_picture():
    image = textured()
    image.flags.writeable = False
    ours = PrivacyFilter(Privacy())

    assert not ours.active
    assert ours.hide(image, FRAME, (0, 0.0), None) is image


def test_recordings_are_hidden_unless_chosen_otherwise():
    assert PEOPLE.for_files == PEOPLE
    assert not Privacy(frozenset(("person",)), reach=Reach.SCREEN).for_files


def test_people_stay_hidden_with_a_slow_detector_that_misses_many():
    """It answers 320 ms late, misses two of five, its boxes tremble, and it knows no identities."""
    street = Street(FRAME, 25, 1)
    ours, random = PrivacyFilter(PEOPLE), np.random.default_rng(2)
    answers = {}
    for index in range(120):
        truth = street.truth(index)
        found = truth[random.random(len(truth)) > 0.4]
        answers[index] = set(found.tracker_id.tolist())
        answers[index, "boxes"] = sv.Detections(
            found.xyxy + random.normal(0, 3, found.xyxy.shape), data={"class_name": found.data["class_name"]}
        )
    shares = []
    for index in range(8, 120):
        late = index - 8
        image = show(ours, index / 25, answers[late, "boxes"], seen=late / 25)
        met = set().union(*(answers[number] for number in range(max(0, late - 20), late)))
        truth = street.truth(index)
        people = truth[(truth.data["class_name"] == "person") & np.isin(truth.tracker_id, list(met))]
        shares += [hidden(image, box) for box in np.clip(people.xyxy, 0, FRAME * 2) if min(box[2:] - box[:2]) > 20]

    assert len(shares) > 200
    assert np.mean(np.array(shares) > 0.8) > 0.97


def test_a_result_without_its_picture_is_learned_from_however_late_it_is(people):
    show(people, 0.0, person(100, 100, 200, 300))
    show(people, 1.9, None)
    people.note((0, 0.5), person(600, 100, 700, 300, tracker=2))
    image = show(people, 2.0, None)
    assert hidden(image, (600, 100, 700, 300)) > 0.85
    assert hidden(image, (100, 100, 200, 300)) > 0.85
    assert hidden(image, (1100, 600, 1280, 720)) == 0, "and it is known where they are"
