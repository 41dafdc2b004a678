"""The page's Session: connecting, pacing, looking back, branching, losing and finding the server again."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.browser.harness import Harness

JOIN = "async (data) => { window.live = (await import('/app/static/lib/live.js')).joinSession(data); live.enter(); }"


class Session:
    """The Session of a page without components, driven by expressions over `live`."""

    def __init__(self, page: Any, harness: Harness) -> None:
        self.page, self.harness = page, harness

    def join(self, run: str = "fake", session: str = "test") -> Session:
        self.page.evaluate(JOIN, {"run": run, "session": session})
        return self

    def get(self, expression: str) -> Any:
        return self.page.evaluate(f"async () => {expression}")

    def until(self, expression: str) -> None:
        self.page.wait_for_function(f"() => {expression}", timeout=8000)

    def ready(self) -> Session:
        self.until("live.frame")
        return self


@pytest.fixture
def session(page: Any, serve_static: tuple[str, Harness]) -> Session:
    page.goto(f"{serve_static[0]}/mount.html")
    page.wait_for_selector("html[data-ready=yes]")
    return Session(page, serve_static[1])


def test_one_session_a_page_and_values_come_at_once(session: Session) -> None:
    session.join().ready()
    same = "(await import('/app/static/lib/live.js')).joinSession({session: 'test', run: 'fake'}) === live"
    assert session.get(same)
    code = """(() => { const heard = []; for (const kind of ["scene", "frame", "status", "runs", "state"]) {
      live.on(kind, () => heard.push(kind)); } return heard; })()"""
    assert session.get(code) == ["scene", "frame", "status", "runs", "state"]
    assert session.get("live.status") == "open"
    assert session.get("live.scene.numbers.classes") == 2
    assert session.get("live.frame.arrays['weight.0'].shape") == [4, 2]
    assert len(session.harness.sockets["fake"]) == 1


def test_an_aborted_listener_hears_nothing_more(session: Session) -> None:
    session.join().ready()
    session.get("""(() => { window.heard = 0; const leaving = new AbortController();
      live.on("frame", () => { heard += 1; }, leaving.signal); leaving.abort(); live.advance(1); })()""")
    session.until("live.frame.step === 1")
    assert session.get("heard") == 1


def test_a_broken_listener_does_not_stop_the_others(session: Session) -> None:
    session.join().ready()
    session.get("""(() => { window.heard = 0; live.on("note", () => { throw new Error("a broken picture"); });
      live.on("note", () => { heard += 1; }); live.send({do: "nonsense"}); })()""")
    session.until("heard === 1")
    assert "a broken picture" in session.page.problems[0]
    session.page.problems.clear()


def test_frames_are_acknowledged_one_for_one_and_told_once_a_picture(session: Session) -> None:
    session.join().ready()
    code = """(async () => { window.told = 0; window.drawn = 0; live.on("frame", () => { told += 1; });
      const tick = () => { drawn += 1; requestAnimationFrame(tick); }; tick();
      await live.play(true); await new Promise((r) => setTimeout(r, 700)); await live.play(false);
      return [told, drawn]; })()"""
    told, drawn = session.get(code)
    assert 5 < told <= drawn + 1
    session.page.wait_for_timeout(100)
    run = session.harness.run("fake")
    sent_at_least = told - 1
    assert len(session.harness.commands("fake", "next")) >= sent_at_least
    assert run.playing is False


def test_commands_show_at_once_and_the_server_has_the_last_word(session: Session) -> None:
    session.join().ready()
    assert session.get("(() => { live.play(true); return live.state.playing; })()") is True
    session.until("live.newest.numbers.playing")
    answer = session.get("live.set({learning_rate: 99})")
    assert answer["kind"] == "note"
    assert "must be in" in answer["numbers"]["text"]
    session.get("live.play(false)")
    session.until("live.newest.numbers.playing === false && live.state.playing === false")


def test_no_step_is_lost_however_fast_they_come(session: Session) -> None:
    session.join().ready()
    run = session.harness.run("fake")
    session.get("(() => { for (let i = 0; i < 5; i += 1) live.advance(1); })()")
    session.until("live.frame.step === 5")
    assert [command["steps"] for command in run.heard if command["do"] == "advance"] == [1, 4]


def test_scrubbing_shows_kept_moments_at_once_and_asks_for_nearer_ones(session: Session) -> None:
    session.join().ready()
    session.get("(async () => { for (let i = 0; i < 5; i += 1) await live.advance(100); })()")
    session.until("live.frame.step === 500")
    assert session.get("(() => { live.scrub(310); return [live.frame.step, live.looking]; })()") == [300, 310]
    session.page.wait_for_timeout(250)
    assert session.harness.commands("fake", "seek") == []  # 300 is the nearest the server has
    session.get("live.scrub(240)")
    session.until("live.frame.step === 250")
    assert [c["step"] for c in session.harness.commands("fake", "seek")] == [240]
    assert session.get(
        "[live.newest.step, live.frame.numbers.live_step, live.frame.arrays.curve.data.length > 900]"
    ) == [500, 500, True]
    session.get("live.scrub(null)")
    session.until("live.frame.step === 500 && live.looking === null")
    session.page.wait_for_timeout(100)
    assert session.harness.commands("fake", "seek")[-1]["step"] is None


def test_scrubbing_pauses_and_playing_returns_to_now(session: Session) -> None:
    session.join().ready()
    session.get("live.play(true)")
    session.until("live.frame.step > 200")
    session.get("live.scrub(0)")
    session.until("live.state.playing === false && live.frame.step === 0")
    session.page.wait_for_timeout(150)
    assert session.harness.run("fake").playing is False
    assert session.get("live.frame.step") == 0
    session.get("live.play(true)")
    session.until("live.looking === null && live.frame.step > 250")


def test_a_frame_of_the_past_tells_that_training_has_paused(session: Session) -> None:
    session.join().ready()
    session.get("live.play(true)")
    session.until("live.frame.step > 200")
    run = session.harness.run("fake")
    obey = run.do_play
    run.do_play = lambda command: obey(command)[:-1]  # the last frame of now is overtaken by that of the past
    session.get("(() => { live.scrub(130); live.channel.seek(130); })()")
    session.until("live.newest.numbers.playing === false")
    assert session.get("live.newest.step") > 200


def test_a_reset_forgets_what_never_happened(session: Session) -> None:
    session.join().ready()
    session.get("(async () => { await live.advance(100); await live.advance(100); })()")
    session.until("live.frame.step === 200")
    session.get("live.reset()")
    session.until("live.frame.step === 0")
    assert session.get("live.channel.kept.steps") == [0]
    assert session.get("live.scene.version === live.frame.version")


def test_a_new_scene_waits_for_its_frame(session: Session) -> None:
    session.join().ready()
    code = """(() => { window.gaps = 0; live.on("scene", () => { gaps += live.frame === null; });
      live.on("frame", (frame) => { gaps += frame.version !== live.scene.version; }); })()"""
    session.get(code)
    for seed in range(2, 8):
        session.get(f"live.set({{seed: {seed}}})")
    session.until("live.scene.numbers.spec.seed === 7")
    assert session.get("gaps") == 0
    run = session.harness.run("fake")
    run.frame = lambda: run.note("info", "no frame this time")
    session.get("live.set({seed: 9})")
    session.until("live.scene.numbers.spec.seed === 9 && live.frame === null")


def test_a_moment_of_another_scene_comes_with_its_scene(session: Session) -> None:
    session.join().ready()
    session.get(
        "(async () => { await live.advance(100); await live.set({learning_rate: 0.1}); await live.advance(100); })()"
    )
    session.until("live.frame.step === 200")
    assert session.get("live.scene.numbers.spec.learning_rate") == pytest.approx(0.1)
    session.get("live.scrub(0)")
    assert session.get("[live.frame.step, live.scene.numbers.spec.learning_rate]") == [0, pytest.approx(0.03)]
    session.get("live.scrub(null)")
    assert session.get("live.scene.numbers.spec.learning_rate") == pytest.approx(0.1)


def test_a_page_opened_while_the_run_looks_back_looks_back(session: Session) -> None:
    run = session.harness.run("fake")
    run.step, run.looking = 400.0, 150
    session.join().ready()
    assert session.get("[live.looking, live.frame.step, live.state.live_step]") == [150, 150, 400]


def test_branching_shows_the_new_run_and_comparing_follows_the_moment(session: Session) -> None:
    session.join().ready()
    session.get("(async () => { for (let i = 0; i < 4; i += 1) await live.advance(100); })()")
    session.until("live.frame.step === 400")
    session.get("live.branch(200)")
    session.until("live.runs.length === 2 && live.frame && live.frame.step === 200")
    assert session.get("live.runs.map(({label, parent, step}) => [label, parent, step])") == [
        ["Run 1", None, 0], ["Run 2", "fake", 200],
    ]  # fmt: skip
    session.get("live.compare('fake')")
    session.until("live.compared && live.compared.frame.step === 400")
    session.get("live.scrub(100)")
    session.until("live.compared.frame.step === 100")
    session.get("live.show('fake')")
    session.until("live.frame.step === 100 && live.beside === live.runs[1].id")  # they change places
    session.get("live.compare(null)")
    session.until("live.compared === null")
    assert session.get("live.channels.get(live.runs[1].id).wanted") is None


def test_a_lost_connection_comes_back_by_itself(session: Session) -> None:
    session.join().ready()
    session.get("live.advance(7)")
    session.until("live.frame.step === 7")
    session.harness.cut("fake")
    session.until("live.status === 'lost'")
    answer = session.page.evaluate("() => Promise.race([live.advance(1), new Promise((r) => setTimeout(r, 4000))])")
    session.until("live.status === 'open' && live.frame.step === 8")  # the command waited for the connection
    assert answer["kind"] == "reply"


def test_an_answer_that_cannot_come_is_a_note(session: Session) -> None:
    session.join().ready()
    session.harness.run("fake").do_probe = lambda command: []
    session.get("(() => { window.answer = live.ask({do: 'probe', panel: 'x'}); })()")
    session.page.wait_for_timeout(100)
    session.harness.cut("fake")
    answer = session.get("answer")
    assert answer["kind"] == "note"
    assert "lost" in answer["numbers"]["text"]


def test_a_run_that_is_gone_is_not_tried_again(session: Session) -> None:
    session.join("gone-1")
    session.until("live.status === 'lost' && live.gone")
    session.page.wait_for_timeout(600)
    assert session.get("(await live.advance(1)).kind") == "note"
    session.page.evaluate(
        "(async () => (await import('/app/static/lib/live.js')).joinSession({session: 'test', run: 'fresh'}))()"
    )
    session.until("live.status === 'open' && live.frame && live.shown === 'fresh'")
    # A component that still holds the old data does not pull the page back.
    session.page.evaluate(
        "(async () => (await import('/app/static/lib/live.js')).joinSession({session: 'test', run: 'gone-1'}))()"
    )
    assert session.get("live.shown") == "fresh"


def test_the_relay_takes_over_where_no_socket_opens(session: Session) -> None:
    page = session.page
    data = {"run": "blocked-1", "session": "test", "messages": []}
    page.evaluate("(data) => harness.mount('relay', data)", data)
    session.join("blocked-1")
    session.get("(() => { window.answer = live.play(true); })()")
    page.wait_for_function("() => harness.triggers.some(({name}) => name === 'needed')", timeout=5000)
    assert session.get("live.status") == "relay"
    page.evaluate("() => { live.advance(3); }")
    page.wait_for_function("() => harness.triggers.some(({name}) => name === 'command')")
    orders = page.evaluate("() => harness.triggers.filter(({name}) => name === 'command').flatMap(({value}) => value)")
    assert [order["do"] for order in orders][-1] == "advance"
    assert len({order["token"] for order in orders}) == len(orders)
    run = session.harness.run("blocked-1")
    messages = [*run.opening(), *run.answer(orders[-1])]
    data["messages"] = [base64.b64encode(message).decode() for message in messages]
    page.evaluate("(data) => harness.update('relay', data)", data)
    session.until("live.frame && live.frame.step === 3")
    page.problems.clear()  # the browser reports the socket that never opened


def test_the_last_component_to_leave_closes_the_connection(session: Session) -> None:
    session.join().ready()
    session.get("live.leave()")
    session.page.wait_for_timeout(1900)
    assert session.harness.sockets["fake"] == []
