"""Every gate by hand against torch's own layers: outputs, last states and gradients, of padded sequences too."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from dlviz.labs.recurrent.gates import NAMES, kind_of, unroll

CELLS = (nn.RNN, nn.LSTM, nn.GRU)
CLOSE = {torch.float64: 1e-12, torch.float32: 1e-6}


def torchs(core: nn.RNNBase, x: Tensor, lengths: Tensor) -> tuple[Tensor, list[Tensor]]:
    """Output and last states of torch's own pass over packed sequences."""
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    output, state = core(packed)
    output, _ = pad_packed_sequence(output, batch_first=True, total_length=x.shape[1])
    return output, list(state) if isinstance(state, tuple) else [state]


def off(one: Tensor, other: Tensor) -> float:
    return float((one - other).detach().abs().max())


@settings(max_examples=80)
@given(
    cell=st.sampled_from(CELLS), layers=st.integers(1, 3), both=st.booleans(),
    sizes=st.tuples(*[st.integers(1, 6)] * 2), lengths=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    dtype=st.sampled_from(list(CLOSE)), seed=st.integers(0, 99),
)  # fmt: skip
def test_values_and_gradients_equal_torchs(
    cell: type[nn.RNNBase], layers: int, both: bool, sizes: tuple[int, int], lengths: list[int], dtype: torch.dtype,
    seed: int,
) -> None:  # fmt: skip
    torch.manual_seed(seed)
    core = cell(*sizes, layers, batch_first=True, bidirectional=both).to(dtype)
    ends = torch.tensor(lengths)
    x = torch.randn(len(lengths), max(lengths), sizes[0], dtype=dtype, requires_grad=True)
    theirs, states = torchs(core, x, ends)
    ours = unroll(core, x, ends)
    assert off(ours.output, theirs) < CLOSE[dtype]
    assert off(ours.hidden, states[0]) < CLOSE[dtype]
    if kind_of(core) == "lstm":
        assert ours.cell is not None
        assert off(ours.cell, states[1]) < CLOSE[dtype]
    assert set(ours.gates) == set(NAMES[kind_of(core)])
    shape = (layers, 1 + both, len(lengths), max(lengths), sizes[1])
    assert all(values.shape == shape for values in ours.gates.values())
    wanted = [x, *core.parameters()]
    weights = torch.randn_like(theirs)
    gradients = [torch.autograd.grad((output * weights).sum(), wanted) for output in (ours.output, theirs)]
    scale = max(1.0, *(float(g.abs().max()) for g in gradients[1]))
    assert all(off(a, b) < CLOSE[dtype] * 10 * scale for a, b in zip(*gradients, strict=True))


def test_gates_lie_where_they_must_and_make_the_state() -> None:
    torch.manual_seed(1)
    core = nn.LSTM(3, 5, 2, batch_first=True)
    gates = unroll(core, torch.randn(2, 7, 3)).gates
    for name in ("input_gate", "forget_gate", "output_gate"):
        assert ((gates[name] > 0) & (gates[name] < 1)).all()
    assert (gates["candidate"].abs() < 1).all()
    before = torch.cat([torch.zeros_like(gates["cell"][..., :1, :]), gates["cell"][..., :-1, :]], -2)
    kept = gates["forget_gate"] * before + gates["input_gate"] * gates["candidate"]
    assert torch.allclose(kept, gates["cell"], atol=1e-6)
    assert torch.allclose(gates["output_gate"] * gates["cell"].tanh(), gates["hidden"], atol=1e-6)


def test_a_state_can_be_given_and_goes_on() -> None:
    torch.manual_seed(2)
    for cell in CELLS:
        core = cell(3, 4, 2, batch_first=True)
        x = torch.randn(2, 9, 3)
        whole, first = unroll(core, x), unroll(core, x[:, :4])
        state = first.hidden if first.cell is None else (first.hidden, first.cell)
        assert off(unroll(core, x[:, 4:], state=state).output, whole.output[:, 4:]) < 1e-6


@pytest.mark.parametrize("cell", CELLS)
def test_a_gate_is_not_the_neighbours(cell: type[nn.RNNBase]) -> None:
    """Shutting one gate by its bias shuts that gate alone."""
    core = cell(3, 4, batch_first=True)
    names = [name for name in NAMES[kind_of(core)] if name.endswith("_gate")]
    for name in names:
        again = cell(3, 4, batch_first=True)
        again.load_state_dict(core.state_dict())
        order = {"input_gate": 0, "forget_gate": 1, "output_gate": 3, "reset_gate": 0, "update_gate": 1}[name]
        with torch.no_grad():
            again.bias_ih_l0[order * 4 : order * 4 + 4] = -50
        gates = unroll(again, torch.randn(1, 1, 3)).gates
        assert gates[name].max() < 1e-6
        assert all(gates[other].min() > 1e-3 for other in names if other != name)
