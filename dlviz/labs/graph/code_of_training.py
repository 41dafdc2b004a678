"""The training of a script: batches, losses, what is printed."""

from __future__ import annotations

from dlviz.data.sources import source
from dlviz.labs.graph import objective
from dlviz.labs.graph.model import pair_scores
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.parameters import MOMENTUM

OPTIMIZERS = {"adam": ("Adam", ""), "sgd": ("SGD", ""), "momentum": ("SGD", f", momentum={MOMENTUM}")}

SINGLE = """
torch.manual_seed(SEED)  # fixes the first weights
network = Network(x.shape[1], {outputs})
optimizer = {optimizer}
order_generator = Generator().manual_seed(SEED + 1)
whole = Edges(index, weight, COUNT)
{dropping}

def measure() -> tuple[float, float]:
    network.eval()
    with torch.no_grad():
        answers = network(x, whole)
{measured}
    network.train()
    return losses


def report(step: int) -> None:
    print(step, *measure())


report(0)
for step in range(1, STEPS + 1):
{step}
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    report(step)
"""
DROPPING = '''

def thinned() -> Edges:
    """The edges of a step, without those that are dropped, both directions together."""
    kept = torch.rand(int(pair.max()) + 1, generator=order_generator) >= {share!r}
    return Edges(index[:, kept[pair]], weight[kept[pair]], COUNT)

'''
NODE_MEASURED = """
        losses = tuple(
            nn.functional.cross_entropy(answers[part], y[part]).item() if len(part) else float("nan")
            for part in (told, held)
        )
"""
LINK_MEASURED = """
        found = torch.sigmoid(pair_scores(answers, positive)).clamp(min=1e-12).log().neg().mean().item()
        losses = found, link_loss(answers, held_positive, held_negative).item()
"""
LINK_STEP = """
    answers = network(x, {edges})
    first = torch.randint(COUNT, (len(positive),), generator=order_generator)
    far = torch.randint(1, COUNT, (len(positive),), generator=order_generator)
    loss = link_loss(answers, positive, torch.stack([first, (first + far) % COUNT], 1))
"""
NODE_STEP = """
    answers = network(x, {edges})
    loss = nn.functional.cross_entropy(answers[told], y[told])
"""

SET = '''
def together(some: list[int]) -> tuple[Tensor, Tensor, Tensor]:
    """Several graphs as one large one without edges between them: features, edges, the graph of each node."""
    start, indexes, batch = 0, [], []
    for place, k in enumerate(some):
        features, index = pieces[k]
        indexes.append(index + start)
        batch.append(torch.full((len(features),), place))
        start += len(features)
    return torch.cat([pieces[k][0] for k in some]), torch.cat(indexes, 1), torch.cat(batch)


def answer(some: list[int], share: float = 0.0) -> Tensor:
    x, index, batch = together(some)
{dropping}    return network(x, Edges(index, torch.ones(index.shape[1]), len(x)), batch, len(some))


def loss_of(answers: Tensor, y: Tensor) -> Tensor:
    return {loss}


torch.manual_seed(SEED)  # fixes the first weights
network = Network(pieces[0][0].shape[1], {outputs})
optimizer = {optimizer}
order_generator = Generator().manual_seed(SEED + 1)


def report(step: int) -> None:
    network.eval()
    with torch.no_grad():
        answers = answer(list(range(len(pieces))))
        print(step, *(loss_of(answers[part], y[part]).item() for part in (told, held)))
    network.train()


report(0)
position = 0
for step in range(1, STEPS + 1):
    if position == 0:
        order = told[torch.randperm(len(told), generator=order_generator)]
    batch = order[position : position + {batch}]
    position += {batch}
    loss = loss_of(answer(batch.tolist(), {share!r}), y[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if position >= len(order):
        position = 0
        report(step)
'''
SET_DROPPING = """    if share:
        # Both directions of an edge are dropped together.
        starts = [0]
        for k in some:
            starts.append(starts[-1] + pieces[k][1].shape[1] // 2)
        halves = [torch.arange(a, b) for a, b in zip(starts, starts[1:])]
        pair = torch.cat([part for half in halves for part in (half, half)])
        kept = torch.rand(starts[-1], generator=order_generator) >= share
        index = index[:, kept[pair]]
"""


def training(spec: GraphSpec) -> str:
    """Everything after the network."""
    name, extra = OPTIMIZERS[spec.optimizer]
    decay = f", weight_decay={spec.weight_decay!r}"
    optimizer = f"torch.optim.{name}(network.parameters(), lr={spec.learning_rate!r}{extra}{decay})"
    if spec.is_set:
        is_class = spec.task == "graph"
        loss = "nn.functional.cross_entropy(answers, y)" if is_class else "nn.functional.mse_loss(answers[:, 0], y)"
        outputs = "int(labels.max()) + 1" if is_class else "1"
        dropping = SET_DROPPING if spec.drop_edge else ""
        body = SET.format(loss=loss, outputs=outputs, optimizer=optimizer, batch=spec.batch_size, share=spec.drop_edge,
                          dropping=dropping)  # fmt: skip
        if not spec.drop_edge:
            body = body.replace(", share: float = 0.0", "").replace(", 0.0), y[batch]", "), y[batch]")
        return f"# --- training ---\n\n\n{body.strip()}"
    edges = "thinned()" if spec.drop_edge else "whole"
    is_link = spec.task == "link"
    step, measured = (LINK_STEP, LINK_MEASURED) if is_link else (NODE_STEP, NODE_MEASURED)
    body = SINGLE.format(
        outputs="1" if is_link else "len(CLASSES)",
        optimizer=optimizer,
        dropping=DROPPING.format(share=spec.drop_edge) if spec.drop_edge else "",
        measured=measured.strip("\n"),
        step=step.format(edges=edges).strip("\n"),
    )
    shared = f"{source(pair_scores)}\n\n\n{source(objective.link_loss)}\n\n\n" if is_link else ""
    return f"# --- training ---\n\n\n{shared}{body.strip()}"
