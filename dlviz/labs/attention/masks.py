"""Masks: which tokens (keys) a token (query) may not look at."""

from __future__ import annotations

import torch
from torch import Tensor

from dlviz.labs.attention.spec import AttentionSpec


def hidden(kind: str, tokens: int, window: int = 0, drawn: str = "") -> Tensor:
    """(query, key) of `tokens` tokens, True where the key is hidden from the query.

    `none`; `causal`: what comes later; `window`: what is farther than `window` tokens away; `drawn`: as `read` says.
    """
    at = torch.arange(tokens)
    match kind:
        case "causal":
            return at[None, :] > at[:, None]
        case "window":
            return (at[None, :] - at[:, None]).abs() > window
        case "drawn":
            return read(drawn, tokens)
        case _:
            return torch.zeros(tokens, tokens, dtype=torch.bool)


def of_spec(spec: AttentionSpec, tokens: int) -> Tensor:
    """The mask of a spec for so many tokens."""
    return hidden(spec.masked, tokens, spec.window, spec.drawn)


def of_padding(lengths: Tensor, tokens: int) -> Tensor:
    """(sequence, 1, key): what lies behind a sequence's end is hidden from all its queries."""
    return torch.arange(tokens)[None, None, :] >= lengths[:, None, None]


def read(drawn: str, tokens: int) -> Tensor:
    """A mask drawn by hand, `4.000f` for 4 × 4 cells row by row, four to a hex digit, 1 for hidden.

    Tokens beyond its side are hidden from nobody.
    """
    side, _, digits = drawn.partition(".")
    n = int(side or 0)
    bits = [int(bit) for digit in digits for bit in f"{int(digit, 16):04b}"][: n * n]
    found = torch.zeros(tokens, tokens, dtype=torch.bool)
    size = min(n, tokens)
    found[:size, :size] = torch.tensor(bits, dtype=torch.bool).reshape(n, n)[:size, :size]
    return found


def write(mask: Tensor) -> str:
    """A square mask as text; `read` of it gives the mask again."""
    bits = "".join("1" if cell else "0" for cell in mask.flatten().tolist())
    bits += "0" * (-len(bits) % 4)
    return f"{len(mask)}." + "".join(f"{int(bits[at : at + 4], 2):x}" for at in range(0, len(bits), 4))
