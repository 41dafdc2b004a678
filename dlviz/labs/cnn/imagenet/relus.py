"""ReLU6 in the words of ReLU, the only activation that Captum's rules know. The network answers the same."""

from __future__ import annotations

from torch import Tensor, nn

CAP = 6.0


class CappedReLU(nn.Module):
    """min(ReLU(x), 6): the bend at zero is a ReLU, at which Guided Backprop changes the gradient."""

    def __init__(self) -> None:
        super().__init__()
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        capped: Tensor = self.relu(x).clamp(max=CAP)
        return capped


class TwoReLUs(nn.Module):
    """ReLU(x) − ReLU(x − 6): DeepLift's rule at both bends, so that its differences add up."""

    def __init__(self) -> None:
        super().__init__()
        self.low, self.high = nn.ReLU(), nn.ReLU()  # two, since Captum knows a module by where it stands

    def forward(self, x: Tensor) -> Tensor:
        # A tensor for each: Captum hangs its rule on the input, and would take the gradient of both for that of one.
        difference: Tensor = self.low(x.clone()) - self.high(x - CAP)
        return difference


FORMS: dict[str, type[nn.Module]] = {"guided_backprop": CappedReLU, "deep_lift": TwoReLUs}
NOTES = {
    "guided_backprop": "Captum's Guided Backprop changes the gradient at ReLU only, and this network has ReLU6. It is "
    "written as min(ReLU(x), 6) here, which is the same function: its bend at 0 follows the rule, its bend at 6 the "
    "plain gradient.",
    "deep_lift": "Captum's DeepLift knows ReLU, and this network has ReLU6. It is written as ReLU(x) − ReLU(x − 6) "
    "here, which is the same function, so that the differences add up.",
}


def put_in(network: nn.Module, method: str) -> None:
    """Replace every ReLU6 of a network by the form that a method knows, in place; most methods need none."""
    form = FORMS.get(method)
    if form is None:
        return
    for module in list(network.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.ReLU6):
                setattr(module, name, form())
