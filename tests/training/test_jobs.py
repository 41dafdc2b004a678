"""Jobs: what takes long goes on in turns with the training, reports, can be cancelled, and puts away what it held."""

from __future__ import annotations

import time

import numpy as np
import pytest

from dlviz.core.lab import Progress
from dlviz.training import jobs
from dlviz.training.frames import decode
from dlviz.training.jobs import to_the_end
from tests.training import fake
from tests.training.driving import do, driver


def turns(made, until=None):
    """Messages until no job is left, or until `until` of them came."""
    heard = []
    while made.jobs and (until is None or len(heard) < until):
        heard += [decode(message) for message in made.slice(0.002)]
    return heard


def test_a_long_probe_shows_what_it_has_while_training_goes_on():
    made = driver()
    do(made, "play", on=True)
    first = made.run.w.numpy().copy()
    assert do(made, "probe", panel="slowly", token="p") == []
    replies = turns(made)
    assert [reply.numbers.get("progress", {}).get("done") for reply in replies] == [0, 1, 2, None]
    assert all(reply.numbers["panel"] == "slowly" and reply.numbers["token"] == "p" for reply in replies)
    assert "w" not in replies[0].arrays
    np.testing.assert_array_equal(replies[1].arrays["w"], first * 2)
    np.testing.assert_array_equal(replies[3].arrays["w"], first * 3)
    np.testing.assert_array_equal(replies[3].arrays["state/w"], first)
    assert replies[3].numbers["dims"] == {"w": ["unit"]}
    assert made.run.step > 3


def test_a_job_that_rests_is_left_alone_meanwhile():
    made = driver()
    do(made, "probe", panel="slowly", token="p")
    turns(made, until=1)
    wait = made.wait()
    assert wait is not None
    assert 0 < wait <= 0.005
    assert made.slice(0.001) == []
    time.sleep(wait + 0.001)
    assert len(made.slice(0.001)) == 1


def test_a_cancelled_job_closes_and_tells_who_asked():
    made = driver()
    ends = len(fake.CLOSED)
    do(made, "probe", panel="slowly", token="p")
    turns(made, until=1)
    note, reply = do(made, "cancel", of="p", token="c")
    assert (note.kind, note.numbers["token"], note.numbers["level"]) == ("note", "p", "info")
    assert reply.numbers["cancelled"] is True
    assert made.jobs == []
    assert len(fake.CLOSED) == ends + 1
    (again,) = do(made, "cancel", of="p", token="d")
    assert again.numbers["cancelled"] is False


def test_a_long_probe_that_fails_says_so():
    made = driver()
    do(made, "probe", panel="slowly", options={"fails": True}, token="p")
    note = turns(made)[-1]
    assert (note.kind, note.numbers["token"]) == ("note", "p")
    assert note.numbers["text"] == "The panel slowly failed. ArithmeticError: on purpose"


def test_a_download_reports_and_answers_and_a_wrong_name_is_said():
    made = driver()
    do(made, "fetch", name="pictures", token="f")
    progress, answer = turns(made)
    assert progress.numbers["progress"] == {"done": 1, "total": 2, "text": "half"}
    assert (answer.numbers["name"], answer.numbers["bytes"]) == ("pictures", 2)
    do(made, "fetch", name="songs", token="g")
    assert "Got 'songs'" in turns(made)[-1].numbers["text"]


def test_too_many_of_one_kind_are_refused_and_the_others_go_on():
    made = driver()
    for token in "abcd":
        do(made, "probe", panel="slowly", token=token)
    (note,) = do(made, "probe", panel="slowly", token="e")
    assert "at most 4" in note.numbers["text"]
    do(made, "fetch", name="pictures", token="f")  # another kind
    assert len(made.jobs) == 5
    answered = [reply.numbers["token"] for reply in turns(made) if "progress" not in reply.numbers]
    assert sorted(answered) == list("abcdf")


def test_to_the_end_gives_what_a_probe_found_either_way():
    heard: list[Progress] = []
    run = driver().run
    np.testing.assert_array_equal(to_the_end(fake.weights(run))["w"], run.w.numpy())
    np.testing.assert_array_equal(to_the_end(fake.slowly(run), heard.append)["w"], run.w.numpy() * 3)
    assert [progress.done for progress in heard] == [0, 1, 2]


@pytest.mark.parametrize("of", [None, 3, ["p"]])
def test_cancelling_nonsense_changes_nothing(of):
    made = driver()
    do(made, "probe", panel="slowly", token="p")
    (reply,) = do(made, "cancel", of=of, token="c")
    assert reply.numbers["cancelled"] is False
    assert jobs.wait(made.jobs) is not None
