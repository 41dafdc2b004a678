"""The networks of the Attention lab: tokens become vectors, attention moves things between them, a layer answers."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dlviz.data.sequences import Task
from dlviz.data.translations import BEGIN_ID
from dlviz.labs.attention import masks, position
from dlviz.labs.attention.layers import Block, Tap
from dlviz.labs.attention.spec import MOST_TOKENS, AttentionSpec


class Stack(nn.Module):
    """Embedding, positions and blocks: tokens (sequence, token) → vectors (sequence, token, width)."""

    def __init__(self, spec: AttentionSpec, vocabulary: int, crosses: bool = False) -> None:
        super().__init__()
        self.kind, self.width = spec.position, spec.width
        self.embedding = nn.Embedding(vocabulary, spec.width)
        self.positions = nn.Embedding(MOST_TOKENS, spec.width) if spec.position == "learned" else None
        self.embedded = Tap()
        self.blocks = nn.ModuleList(Block(spec, crosses) for _ in range(spec.layers))
        self.norm = nn.LayerNorm(spec.width) if spec.norm == "pre" else nn.Identity()

    def forward(
        self, tokens: Tensor, hidden: Tensor, memory: Tensor | None = None, padding: Tensor | None = None
    ) -> Tensor:
        """`hidden` (…, query, key); a decoder also gets the encoder's `memory` and what is hidden of it, `padding`."""
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x, hidden, memory, padding)
        x = self.norm(x)
        return x

    def embed(self, tokens: Tensor) -> Tensor:
        """(sequence, token, width): what stands for each token, with its place where that is added."""
        x = self.embedding(tokens)
        if self.positions is not None:
            x = x + self.positions(torch.arange(tokens.shape[1]))
        elif self.kind == "sinusoidal":
            x = x + position.sinusoidal(tokens.shape[1], self.width)
        embedded: Tensor = self.embedded(x)
        return embedded


class Reader(nn.Module):
    """Reads a sequence and answers at each token: tokens (sequence, token) → answers (sequence, token, class)."""

    def __init__(self, spec: AttentionSpec, task: Task) -> None:
        super().__init__()
        self.spec = spec
        self.core = Stack(spec, task.input_size)
        self.head = nn.Linear(spec.width, task.output_size)

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        hidden = masks.of_spec(self.spec, tokens.shape[1]) | masks.of_padding(lengths, tokens.shape[1])
        answers: Tensor = self.head(self.core(tokens, hidden))
        return answers


class Translator(nn.Module):
    """An encoder reads the whole sequence; a decoder writes another one, attending to its own and to what was read."""

    def __init__(self, spec: AttentionSpec, task: Task) -> None:
        super().__init__()
        self.spec = spec
        self.encoder = Stack(spec, task.input_size)
        self.decoder = Stack(spec, task.output_size, crosses=True)
        self.head = nn.Linear(spec.width, task.output_size)

    def forward(self, tokens: Tensor, lengths: Tensor, read: Tensor) -> Tensor:
        """Logits (sequence, step, class) of a decoder that reads `read` (sequence, step): while it is taught."""
        return self.decode(*self.encode(tokens, lengths), read)

    def encode(self, tokens: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """What the encoder makes of the tokens, and what is hidden of it (sequence, 1, key)."""
        padding = masks.of_padding(lengths, tokens.shape[1])
        return self.encoder(tokens, masks.of_spec(self.spec, tokens.shape[1]) | padding), padding

    def decode(self, memory: Tensor, padding: Tensor, read: Tensor) -> Tensor:
        """Logits (sequence, step, class). A step never looks ahead."""
        ahead = masks.hidden("causal", read.shape[1])
        answers: Tensor = self.head(self.decoder(read, ahead, memory, padding))
        return answers

    @torch.no_grad()
    def write(self, tokens: Tensor, lengths: Tensor, steps: int) -> Tensor:
        """What it writes by itself, the likeliest token each time, (sequence, step) ids."""
        encoded = self.encode(tokens, lengths)
        read = torch.full((len(tokens), 1), BEGIN_ID)
        for _ in range(steps):
            likeliest = self.decode(*encoded, read)[:, -1:].argmax(2)
            read = torch.cat([read, likeliest], 1)
        return read[:, 1:]


def build(spec: AttentionSpec, task: Task) -> Reader | Translator:
    """The network of a spec, weights from its seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(spec.seed)
        network = Translator(spec, task) if task.pattern == "decoder" else Reader(spec, task)
        for module in network.modules():
            if isinstance(module, nn.Embedding):
                nn.init.normal_(module.weight, std=EMBEDDING_SPREAD)
    return network


EMBEDDING_SPREAD = 0.5  # with torch's 1.0 tokens and places begin so large that a block changes little


def parameters(network: Reader | Translator) -> list[dict[str, int | str]]:
    """Rows {part, parameters} in the order of the flow."""
    rows: list[dict[str, int | str]] = []
    for name in ("core", "encoder", "decoder"):
        stack = getattr(network, name, None)
        if stack is None:
            continue
        rows.append({"part": f"{name} embedding", "parameters": stack.embedding.weight.numel()})
        if stack.positions is not None:
            rows.append({"part": f"{name} positions", "parameters": stack.positions.weight.numel()})
        for at, block in enumerate(stack.blocks):
            rows += [
                {"part": f"{name} {at} {part}", "parameters": _count(added)} for part, added in block.named_children()
            ]
        if _count(stack.norm):
            rows.append({"part": f"{name} norm", "parameters": _count(stack.norm)})
    return [*rows, {"part": "answers", "parameters": _count(network.head)}]


def _count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())
