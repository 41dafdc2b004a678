"""What each task makes smaller, and how good a network is at it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlviz.labs.graph.data import Learned, together
from dlviz.labs.graph.model import Gnn, pair_scores
from dlviz.training.evaluating import evaluating

CURVES = ("train_loss", "held_loss", "train_accuracy", "held_accuracy", "held_auc", "held_error", "held_r2")


@dataclass(frozen=True)
class Measured:
    """Numbers by name (see `CURVES`; those that mean nothing here are missing), and `answers`: (node, class) or
    (graph, class) logits, (graph, 1) standardised targets; of missing edges the embeddings (node, feature)."""

    numbers: dict[str, float]
    answers: Tensor


def loss_of(task: str, answers: Tensor, y: Tensor) -> Tensor:
    """The mean over what is answered: cross-entropy in nats, or of targets the mean squared error."""
    if task == "regression":
        return nn.functional.mse_loss(answers[:, 0], y)
    return nn.functional.cross_entropy(answers, y)


def link_loss(embedding: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
    """The mean cross-entropy in nats of pairs that are joined and of pairs that are not."""
    logits = torch.cat([pair_scores(embedding, positive), pair_scores(embedding, negative)])
    wanted = torch.cat([torch.ones(len(positive)), torch.zeros(len(negative))])
    return nn.functional.binary_cross_entropy_with_logits(logits, wanted)


def measure(network: Gnn, learned: Learned) -> Measured:
    """How good the network is now, in evaluation mode."""
    task = network.spec.task
    with evaluating(network):
        answers = answer_all(network, learned)
        if task == "link":
            return Measured(_links(answers, learned), answers)
        numbers: dict[str, float] = {}
        for part, places in (("train", learned.told), ("held", learned.held)):
            if not len(places):
                continue
            said, y = answers[places], learned.y[places]
            numbers[f"{part}_loss"] = loss_of(task, said, y).item()
            if task != "regression":
                numbers[f"{part}_accuracy"] = (said.argmax(1) == y).float().mean().item()
            elif part == "held":
                wrong = said[:, 0] - y
                numbers["held_error"] = wrong.abs().mean().item() * learned.spread
                numbers["held_r2"] = 1 - (wrong.square().sum() / (y - y.mean()).square().sum().clamp(min=1e-12)).item()
        return Measured(numbers, answers)


def answer_all(network: Gnn, learned: Learned) -> Tensor:
    """The answers to everything, told or not."""
    piece = learned.pieces[0] if len(learned.pieces) == 1 else together(list(learned.pieces))
    edges = network.edges(piece.index, piece.weight, len(piece.x))
    answers: Tensor = network(piece.x, edges, piece.batch, piece.graphs)
    return answers


def _links(embedding: Tensor, learned: Learned) -> dict[str, float]:
    joined = pair_scores(embedding, learned.held_positive)
    apart = pair_scores(embedding, learned.held_negative)
    right = torch.cat([joined > 0, apart <= 0]).float().mean().item()
    # The share of pairs of pairs in the right order, ties half: the area under the ROC curve.
    order = (joined[:, None] > apart).float() + 0.5 * (joined[:, None] == apart).float()
    loss = link_loss(embedding, learned.held_positive, learned.held_negative).item()
    trained = torch.sigmoid(pair_scores(embedding, learned.positive)).clamp(min=1e-12).log().neg().mean().item()
    return {"train_loss": trained, "held_loss": loss, "held_accuracy": right, "held_auc": order.mean().item()}
