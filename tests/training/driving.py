"""What the tests of the driver share."""

from dlviz.training.driver import Driver
from dlviz.training.frames import decode
from tests.training.fake import LAB, FakeRun, FakeSpec


def driver(**changes) -> Driver:
    made = Driver("run-1", LAB, FakeSpec(**changes))
    made.scene()
    return made


def do(made, do, **fields):
    return [decode(message) for message in made.command({"do": do, **fields})]


def finish(made):
    """Train until the driver rests; the messages on the way."""
    messages = []
    while made.wait() is not None:
        messages += [decode(message) for message in made.slice(0.005)]
    return messages


def seen(made):
    return decode(made.frame())


def trained(steps, **changes):
    run = FakeRun(FakeSpec(**changes))
    run.advance(steps)
    return run.w.numpy()
