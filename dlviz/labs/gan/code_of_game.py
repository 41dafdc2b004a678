"""The losses and the game of a GAN as source text, written out for one spec (see `code`)."""

from __future__ import annotations

from dlviz.data.sources import source
from dlviz.labs.gan import objective, shown
from dlviz.labs.gan.run import STEPS_BETWEEN
from dlviz.labs.gan.spec import GanSpec

# --- the losses ----------------------------------------------------------------------------------

CALLED = """
called_real = -{label!r} * logsigmoid(real) - {smoothing!r} * logsigmoid(-real)
return called_real.mean() + softplus(fake).mean()"""
D_LOSS = {
    "leastsquares": "return ((real - {label!r}) ** 2).mean() / 2 + (fake**2).mean() / 2",
    "wgan": "return fake.mean() - real.mean()",
    "wgangp": "return fake.mean() - real.mean()",
    "hinge": "return (1 - real).clamp(min=0).mean() + (1 + fake).clamp(min=0).mean()",
}
G_LOSS = {"minimax": "-softplus(fake)", "nonsaturating": "softplus(-fake)", "leastsquares": "(fake - 1) ** 2 / 2"}


def losses(spec: GanSpec) -> str:
    """Both losses as functions."""
    smoothing = spec.label_smoothing
    d_loss = D_LOSS.get(spec.loss, CALLED).strip("\n").format(label=1 - smoothing, smoothing=smoothing)
    lines = "\n".join(f"    {line}" for line in d_loss.splitlines())
    return f"""
# --- the losses ---


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
{lines}


def generator_loss(fake: Tensor) -> Tensor:
    return ({G_LOSS.get(spec.loss, "-fake")}).mean()
"""


# --- the game ------------------------------------------------------------------------------------

GAME = """
# --- the game ---

order_generator = Generator().manual_seed(SEED + 1)
noise_generator = Generator().manual_seed(SEED + 2)
position = epoch = 0
order = torch.empty(0, dtype=torch.long)


def noise(count: int, chance: Generator) -> Tensor:
    return {noise}


def next_real() -> tuple[Tensor, Tensor]:
    global order, position, epoch
    if position == 0:
        order = torch.randperm(len(y), generator=order_generator)
    batch = order[position : position + BATCH_SIZE]
    position += BATCH_SIZE
    if position >= len(y) - 1:
        epoch, position = epoch + 1, 0
    return x[batch], y[batch]

{penalty}
def turn() -> None:
{turn}


chance = Generator().manual_seed(SEED + {apart})
noise({shown}, chance)  # what the page shows; the numbers come from other noise
measured_z = noise({measured}, chance)
measured_labels = torch.arange({measured}) % {classes}


@torch.no_grad()
def report(step: int) -> None:
    for network in (generator, discriminator):
        network.eval()
    fake = discriminator(generator(measured_z, measured_labels), measured_labels)
    real = discriminator(held_x[:{measured}], held_y[:{measured}])
    print(step, discriminator_loss(real, fake).item(), generator_loss(fake).item(), flush=True)
    for network in (generator, discriminator):
        network.train()


every = math.ceil({between} / math.ceil(len(y) / (BATCH_SIZE * {d_steps})))
report(0)
for step in range(1, STEPS + 1):
    before = epoch // every
    turn()
    if epoch // every > before:
        report(step)
"""


def _blurred(spec: GanSpec, name: str) -> str:
    noise = f" + {spec.instance_noise!r} * torch.randn({name}.shape, generator=noise_generator)"
    return f"{name}{noise}" if spec.instance_noise else name


def game(spec: GanSpec) -> str:
    """Batches, noise, moves, what is reported, and the loop."""
    penalty = ""
    if spec.loss == "wgangp":
        parts = map(source, (objective.slopes_between, objective.gradient_penalty))
        penalty = "\n" + "\n\n\n".join(parts).replace("Callable[[Tensor], Tensor]", "nn.Module") + "\n\n"
    draw = "torch.rand(count, NOISE, generator=chance) * 2 - 1"
    if spec.noise == "normal":
        draw = "torch.randn(count, NOISE, generator=chance)"
    count, measured = (
        (shown.POINTS, shown.MEASURED_POINTS) if spec.is_planar else (shown.PICTURES, shown.MEASURED_PICTURES)
    )
    return GAME.format(noise=draw, penalty=penalty, turn=_turn(spec), apart=shown.APART, shown=count, measured=measured,
                       classes=max(1, spec.told), between=STEPS_BETWEEN, d_steps=spec.discriminator_steps)  # fmt: skip


def _turn(spec: GanSpec) -> str:
    lines: list[str] = []
    if spec.moves != "generator":
        lines += [
            f"for _ in range({spec.discriminator_steps}):",
            "    real, labels = next_real()",
            "    z = noise(len(real), noise_generator)",
            "    with torch.no_grad():",
            "        fake = generator(z, labels)",
            f"    real, fake = {_blurred(spec, 'real')}, {_blurred(spec, 'fake')}",
            "    loss = discriminator_loss(discriminator(real, labels), discriminator(fake, labels))",
        ]
        if spec.loss == "wgangp":
            lines += [
                "    share = torch.rand(len(real), generator=noise_generator)",
                "    penalty = gradient_penalty(lambda x, labels=labels: discriminator(x, labels), real, fake, share)",
                f"    loss = loss + {spec.penalty!r} * penalty",
            ]
        lines += [
            "    discriminator_optimizer.zero_grad()",
            "    loss.backward()",
            "    discriminator_optimizer.step()",
        ]
        if spec.loss == "wgan":
            lines += [
                "    with torch.no_grad():",
                "        for parameter in discriminator.parameters():",
                f"            parameter.clamp_(-{spec.clip!r}, {spec.clip!r})",
            ]
    if spec.moves != "discriminator":
        if spec.moves == "generator":
            lines.append("_, labels = next_real()")
        lines += [
            "z = noise(len(labels), noise_generator)",
            "fake = generator(z, labels)",
            f"loss = generator_loss(discriminator({_blurred(spec, 'fake')}, labels))",
            "generator_optimizer.zero_grad()",
            "discriminator_optimizer.zero_grad()",
            "loss.backward()",
            "generator_optimizer.step()",
        ]
        if spec.update_both:
            lines.append("discriminator_optimizer.step()  # the classic bug")
    return "\n".join(f"    {line}" for line in lines)
