"""A mailbox: messages in order, of frames only the newest, and one call for many."""

import itertools

from dlviz.training.mailbox import MOST_WAITING, Mailbox


def test_messages_keep_their_order_and_come_before_the_newest_frame():
    box = Mailbox(lambda: None)
    for i, frame in enumerate([b"f0", b"f1", b"f2"]):
        box.put_frame(frame)
        box.put(b"m%d" % i)
    taken = list(itertools.takewhile(bool, (box.take(True) for _ in range(9))))
    assert taken == [b"m0", b"m1", b"m2", b"f2"]


def test_a_frame_waits_until_it_may_be_taken():
    box = Mailbox(lambda: None)
    box.put_frame(b"f")
    assert box.take(False) is None
    assert box.take(True) == b"f"
    assert box.take(True) is None


def test_a_new_scene_takes_the_frame_of_the_old_one_away():
    box = Mailbox(lambda: None)
    box.put_frame(b"f")
    box.put_scene(b"s")
    assert [box.take(True), box.take(True)] == [b"s", None]


def test_the_viewer_is_woken_once_until_it_has_taken_all():
    calls = []
    box = Mailbox(lambda: calls.append(1))
    box.take(True)
    for _ in range(5):
        box.put(b"m")
    assert len(calls) == 1
    while box.take(True):
        pass
    box.put_frame(b"f")
    assert len(calls) == 2
    box.take(True)
    box.take(True)
    box.end()
    assert (len(calls), box.ended) == (3, True)


def test_a_viewer_that_does_not_read_is_noticed():
    box = Mailbox(lambda: None)
    for _ in range(MOST_WAITING):
        box.put(b"m")
    assert not box.overflown
    box.put(b"m")
    assert box.overflown
