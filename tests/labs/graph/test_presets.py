"""Every preset is trained for as long as its line says, and what the line promises is looked for."""

from __future__ import annotations

from functools import cache

import networkx as nx
import numpy as np
import pytest
import torch

from dlviz.core.lab import find
from dlviz.core.spec import from_values
from dlviz.labs.graph.claims.made import embeddings, spread
from dlviz.labs.graph.presets import PRESETS
from dlviz.labs.graph.pretraining import SCORES
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.cards import measured
from dlviz.training.checkpoints import opening
from dlviz.training.ranking import rank_correlation

BY_SLUG = {preset.slug: preset for preset in PRESETS}


@cache
def trained(slug: str, steps: int, seed: int = 1) -> GraphRun:
    changes = BY_SLUG[slug].changes if slug else {}
    run = GraphRun(from_values(GraphSpec, {**changes, "seed": seed}))
    run.advance(steps)
    return run


def numbers(slug: str, steps: int, seed: int = 1) -> dict[str, float]:
    found: dict[str, float] = trained(slug, steps, seed).measured_now().numbers
    return found


def test_the_failing_ones_fail() -> None:
    assert {preset.slug for preset in PRESETS if preset.fails} == {"constant", "uncounted", "families-mean"}


def test_attention_is_about_as_good_as_even_weights() -> None:
    assert abs(numbers("gat", 200)["held_accuracy"] - numbers("", 200)["held_accuracy"]) <= 2 / 32 + 1e-6
    run = trained("gat", 200)
    piece, network = run.learned.pieces[0], run.network.eval()
    edges = network.edges(piece.index, piece.weight, 34)
    records: list[dict[str, torch.Tensor]] = []
    with torch.no_grad():
        network.embed(piece.x, edges, records)
    of_33 = records[0]["attention"][edges.targets == 33]
    assert (of_33.max(0).values > 2 * of_33.min(0).values).all()  # uneven


def test_without_self_loops_sizes_follow_degrees() -> None:
    run = GraphRun(from_values(GraphSpec, BY_SLUG["naive"].changes))
    piece, network = run.learned.pieces[0], run.network.eval()
    edges = network.edges(piece.index, piece.weight, 34)
    records: list[dict[str, torch.Tensor]] = []
    with torch.no_grad():
        network.embed(piece.x, edges, records)
        without = piece.x.clone()
        without[0] = 0
        moved = network.layers[0](without, edges)[0]
    assert torch.equal(moved, records[0]["output"][0])  # it does not hear itself
    assert rank_correlation(edges.degrees().numpy(), records[0]["output"].norm(dim=1).numpy()) > 0.5


def test_without_features_there_is_nothing_to_go_by() -> None:
    assert numbers("constant", 300)["held_accuracy"] <= 0.65


def test_most_of_the_novel_follows() -> None:
    assert all(numbers("lesmis", 200, seed)["held_accuracy"] > 0.6 for seed in (1, 2, 3))


def test_two_steps_lead_back_to_ones_own_side() -> None:
    assert numbers("bipartite", 200)["held_accuracy"] == 1
    gcn = GraphRun(from_values(GraphSpec, {**BY_SLUG["bipartite"].changes, "layer": "gcn"}))
    gcn.advance(200)
    assert gcn.measured_now().numbers["held_accuracy"] < 1
    assert nx.is_bipartite(nx.davis_southern_women_graph())


def test_three_told_nodes_are_enough_for_three_blocks() -> None:
    assert numbers("blocks", 200)["held_accuracy"] > 0.95


def test_the_sum_counts_and_the_mean_does_not() -> None:
    assert numbers("counting", 300)["held_accuracy"] == 1
    run = trained("uncounted", 300)
    assert len(torch.unique(run.measured().answers.argmax(1))) == 1
    found = embeddings(run)
    torch.testing.assert_close(found, found[:1].expand_as(found))


def test_depth_depends_on_the_seed() -> None:
    right = [round(100 * numbers("deep", 200, seed)["held_accuracy"]) for seed in (1, 2, 3)]
    assert f"{right[0]}, {right[1]} and {right[2]} % right for seeds 1, 2 and 3" in BY_SLUG["deep"].text
    before = [spread(embeddings(GraphRun(GraphSpec(hidden=(8,) * depth)))) for depth in (2, 12)]
    assert before[1] < before[0] / 2


@pytest.mark.parametrize("slug", ["residual", "pairnorm"])
def test_a_mend_keeps_them_apart(slug: str) -> None:
    plain, mended = (
        spread(embeddings(GraphRun(from_values(GraphSpec, BY_SLUG[name].changes)))) for name in ("deep", slug)
    )
    assert mended > plain


def test_missing_edges_are_found_better_than_by_chance() -> None:
    assert numbers("links", 100)["held_auc"] > 0.65
    assert np.mean([numbers("chapters", 100, seed)["held_auc"] for seed in (1, 2, 3)]) == pytest.approx(0.85, abs=0.05)


def test_molecules_come_trained() -> None:
    spec = from_values(GraphSpec, BY_SLUG["molecules"].changes)
    found = opening(find("graph"), spec)
    assert found is not None
    rows = dict(measured("graph", spec, SCORES))
    assert rows[1000][3] > 0.8 > rows[0][3]
    larger = max(np.bincount(GraphRun(spec).learned.y[GraphRun(spec).learned.held].numpy())) / 38
    assert rows[1000][3] > larger


def test_a_number_for_each_graph() -> None:
    assert numbers("rings", 300)["held_r2"] > 0.8
    assert numbers("triangles", 400)["held_r2"] > 0.9
    assert numbers("molecules-mean", 60)["held_accuracy"] >= 0.6


def test_families_by_sums_and_by_means() -> None:
    assert numbers("families", 300)["held_accuracy"] > 0.95
    assert len(torch.unique(trained("families-mean", 100).measured_now().answers.argmax(1))) == 1
