"""The answers that can be tried are tried."""

from __future__ import annotations

import math

import torch

from dlviz.labs.playground.questions import QUESTIONS
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec

ANSWERS = {question.slug: question.options[question.answer] for question in QUESTIONS}


def test_there_are_eight_to_twelve() -> None:
    assert 8 <= len(QUESTIONS) <= 12


def test_equal_units_stay_equal() -> None:
    assert "stay equal" in ANSWERS["same-weights"]
    run = PlaygroundRun(PlaygroundSpec(hidden_layers=(4,)))
    for k in (0, 1):
        run.edit("weight.0", (1, k), float(run.parameters()["weight.0"][0, k]))
        run.edit("weight.1", (k, 1), float(run.parameters()["weight.1"][k, 0]))
    run.edit("bias.0", (1,), float(run.parameters()["bias.0"][0]))
    run.advance(500)
    after = run.parameters()
    assert (after["weight.0"][0] == after["weight.0"][1]).all()
    assert (after["weight.1"][:, 0] == after["weight.1"][:, 1]).all()
    assert (after["weight.0"][0] != after["weight.0"][2]).all()


def test_six_linear_layers_draw_one_line() -> None:
    assert ANSWERS["linear-deep"] == "One straight line."
    run = PlaygroundRun(PlaygroundSpec(hidden_layers=(8,) * 6, activations=("linear",)))
    run.advance(200)
    x = torch.randn(50, 2, generator=torch.Generator().manual_seed(0)) * 3
    outputs = run.predict(torch.cat([x, x + 1, x + 2])).split(50)
    torch.testing.assert_close(outputs[2] - outputs[1], outputs[1] - outputs[0], rtol=1e-4, atol=1e-5)


def test_a_guess_among_eight_costs_the_logarithm_of_eight() -> None:
    assert ANSWERS["chance-loss"] == f"ln 8 ≈ {math.log(8):.2f}"
    loss = torch.nn.functional.cross_entropy(torch.zeros(5, 8), torch.arange(5))
    assert loss.item() == torch.tensor(8.0).log().item()


def test_small_batches_jitter_and_make_more_steps() -> None:
    assert "jitters more" in ANSWERS["batch-size"]
    jitter, steps = {}, {}
    for size in (1, 100):
        run = PlaygroundRun(PlaygroundSpec(batch_size=size, noise=30.0, learning_rate=0.03))
        run.advance(200)
        losses = []
        for _step in range(60):
            run.advance(1)
            losses.append(run.frame().numbers["train_loss"])
        jitter[size] = torch.tensor(losses).diff().abs().mean().item()
        steps[size] = run.steps_per_epoch
    assert jitter[1] > 3 * jitter[100]
    assert steps == {1: 250, 100: 3}


def test_the_batch_loss_with_dropout_is_above_the_loss_without() -> None:
    run = PlaygroundRun(PlaygroundSpec(hidden_layers=(8, 8), dropout=0.2, learning_rate=0.1))
    run.advance(500)
    x, y = run.train_inputs, run.points.train_y
    with torch.no_grad():
        crippled = torch.stack([run.criterion(run.network(x), y) for _ in range(50)])
    whole = run.criterion(run.predict(run.test_inputs), run.points.test_y)
    assert (crippled > whole).float().mean() > 0.9


def test_more_data_does_not_bring_a_sigmoid_networks_gradient_back() -> None:
    norms = []
    for samples in (250, 1000):
        run = PlaygroundRun(PlaygroundSpec(hidden_layers=(6,) * 6, activations=("sigmoid",), samples=samples))
        run.advance(1)
        norms.append(run.frame().arrays["grad_norm"])
    for norm in norms:
        assert norm[0] < 1e-3 * norm[-1]
