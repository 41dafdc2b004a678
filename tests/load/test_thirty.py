"""A class of thirty on one server. What it takes is printed (`pytest -s`); only that it works is asserted."""

import pytest

from tests.load.thirty import measure


@pytest.mark.load
def test_thirty_sessions_all_move_without_an_error(app_address):
    load = measure(app_address)
    print("", *load.lines(), sep="\n")
    assert [session.trouble for session in load.sessions if session.trouble] == []
    assert [note for session in load.sessions for note in session.notes] == []
    assert len(load.sessions) == 30
    for session in load.sessions:
        assert session.frames >= 2
        assert session.last_step > session.first_step
        assert session.clicks
