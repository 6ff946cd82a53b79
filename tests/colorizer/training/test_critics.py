"""The critic: DeOldify's layout, what it judges, what it refuses; the losses of its phases."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from colorizer.engine.architectures.deoldify.network import SelfAttention
from colorizer.training.critics import Critic
from colorizer.training.losses import critic_cross_entropy, critic_hinge, generator_hinge
from tests.colorizer.engine.deoldify.kit import checkpoint_keys

pytestmark = pytest.mark.slow

SMALL = 8


def pictures(height: int = 64, width: int = 64) -> Tensor:
    return torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(1))


def small_critic() -> Critic:
    """Of which the attention counts."""
    torch.manual_seed(1)
    critic = Critic(SMALL)
    for module in critic.modules():
        if isinstance(module, SelfAttention):
            module.gamma.data.fill_(0.5)
    return critic


def test_keys_shapes_types_and_their_order_are_those_of_deoldifys_checkpoints() -> None:
    with torch.device("meta"):
        critic = Critic()
    state = [
        (key, (tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")))
        for key, tensor in critic.state_dict().items()
    ]
    assert state == list(checkpoint_keys("critic").items())


def test_there_is_no_batch_norm() -> None:
    assert not [m for m in small_critic().modules() if isinstance(m, nn.BatchNorm2d)]


@pytest.mark.parametrize(("height", "width", "patches"), [(192, 192, 81), (64, 64, 1), (79, 96, 3)])
def test_there_is_one_logit_per_patch(height: int, width: int, patches: int) -> None:
    assert small_critic()(pictures(height, width)).shape == (2, patches)


@pytest.mark.parametrize(("height", "width"), [(63, 64), (64, 32)])
def test_pictures_too_small_are_refused(height: int, width: int) -> None:
    with pytest.raises(ValueError, match=f"at least 64 x 64 pixels, not {width} x {height}"):
        small_critic()(pictures(height, width))


def test_spectral_norm_bounds_every_layer() -> None:
    critic = small_critic().train()
    for _ in range(60):
        critic(pictures())
    layers = [m for m in critic.modules() if isinstance(m, nn.Conv1d | nn.Conv2d)]
    largest = [torch.linalg.matrix_norm(layer.weight.flatten(1), 2) for layer in layers]
    assert len(layers) == 12
    torch.testing.assert_close(torch.stack(largest), torch.ones(12), rtol=0.05, atol=0)


def test_every_parameter_gets_a_gradient() -> None:
    critic = small_critic().train()
    critic_cross_entropy(critic(pictures()), critic(pictures().flip(0, 3))).backward()
    without = [
        key
        for key, parameter in critic.named_parameters()
        if parameter.grad is None or not parameter.grad.isfinite().all() or not parameter.grad.any()
    ]
    assert without == []


def test_the_picture_gets_a_gradient_everywhere() -> None:
    picture = pictures().requires_grad_()
    generator_hinge(small_critic()(picture)).backward()
    assert picture.grad is not None
    assert (picture.grad != 0).float().mean() > 0.95


def test_a_critic_learns_to_tell_gray_from_color() -> None:
    critic = small_critic().train()
    optimizer = torch.optim.Adam(critic.parameters(), lr=2e-3)
    real = pictures()
    gray = real.mean(dim=1, keepdim=True).expand_as(real)
    losses = []
    for _ in range(30):
        loss = critic_cross_entropy(critic(gray), critic(real))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0]


def test_dropout_takes_whole_channels_in_training_only() -> None:
    critic = small_critic()
    assert all(m.p in {0.075, 0.15} for m in critic.modules() if isinstance(m, nn.Dropout2d))
    critic.eval()
    assert torch.equal(critic(pictures()), critic(pictures()))
    critic.train()
    assert not torch.equal(critic(pictures()), critic(pictures()))


PREDICTED = torch.tensor([[-3.0, 0.5]])
REAL = torch.tensor([[2.0, 0.0]])


def test_cross_entropy_by_hand() -> None:
    predicted = (math.log1p(math.exp(-3)) + math.log1p(math.exp(0.5))) / 2
    real = (math.log1p(math.exp(-2)) + math.log(2)) / 2
    expected = (predicted + real) / 2
    assert critic_cross_entropy(PREDICTED, REAL).item() == pytest.approx(expected)


def test_a_critic_that_does_not_know_has_the_cross_entropy_of_a_coin() -> None:
    assert critic_cross_entropy(torch.zeros(2, 3), torch.zeros(2, 3)).item() == pytest.approx(
        math.log(2)
    )


def test_hinge_losses_by_hand() -> None:
    assert critic_hinge(PREDICTED, REAL).item() == pytest.approx(1.5 / 2 + 1 / 2)
    assert generator_hinge(PREDICTED).item() == pytest.approx(1.25)


def test_the_critics_hinge_lets_go_of_what_is_told_apart_by_more_than_one() -> None:
    assert critic_hinge(torch.tensor([[-1.0, -9.0]]), torch.tensor([[1.0, 9.0]])).item() == 0
