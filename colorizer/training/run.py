"""One training: what changes in it, and the steps that change it."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from colorizer.training.critics import Critic
from colorizer.training.data import Batch
from colorizer.training.generators.base import Generator, Prediction
from colorizer.training.losses import critic_cross_entropy, critic_hinge, generator_hinge
from colorizer.training.recipes import AdversarialPhase, CriticPhase, GeneratorPhase, Phase, Recipe

ALONE_BETAS = (0.9, 0.99)
ADVERSARIAL_BETAS = (0.0, 0.9)
CRITIC_WARMUP = 0.1


def learning_rate_share(step: int, steps: int, warmup: float) -> float:
    """Of the peak, 0..1: up a line over the share `warmup` of the steps, down a cosine to 0."""
    rising = warmup * steps
    if step < rising:
        return (step + 1) / (rising + 1)
    return (1 + math.cos(math.pi * (step - rising) / (steps - rising))) / 2


class Run:
    """Generator, its moving average and critic, their optimizers, and how far they are.

    `train_step` takes one batch through whichever network the phase trains. `state` and `load` carry
    everything over to another process, random numbers included.

    Args:
        precision: of the networks' products and convolutions: float32, or bfloat16, which needs no
            loss scaling. The weights are float32 throughout.
    """

    def __init__(
        self,
        recipe: Recipe,
        generator: Generator,
        device: torch.device,
        precision: torch.dtype = torch.float32,
    ) -> None:
        self.recipe = recipe
        self.generator = generator
        self.device = device
        self.precision = precision
        generator.network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.ema = AveragedModel(
            generator.network, multi_avg_fn=get_ema_multi_avg_fn(recipe.ema_decay), use_buffers=True
        )
        self.critic = Critic(recipe.critic_width).to(device)
        self.phase_index = 0
        self.step = 0
        self._begin_phase()

    @property
    def phase(self) -> Phase:
        return self.recipe.phases[self.phase_index]

    @property
    def is_done(self) -> bool:
        return self.phase_index == len(self.recipe.phases)

    def _begin_phase(self) -> None:
        """Fresh optimizers: the moments of another phase's loss would mislead."""
        alone = not isinstance(self.phase, AdversarialPhase)
        betas = ALONE_BETAS if alone else ADVERSARIAL_BETAS
        for module in self.generator.encoder.modules():
            if isinstance(module, nn.Conv2d):
                module.requires_grad_(alone)
        decay = self.recipe.weight_decay
        self.optimizer = torch.optim.AdamW(parameter_groups(self.generator, decay), betas=betas)
        self.critic_optimizer = torch.optim.AdamW(
            self.critic.parameters(), betas=betas, weight_decay=decay
        )
        self._critic_loss = math.inf
        self._critic_steps = 0

    def train_step(self, batch: Batch) -> dict[str, float]:
        """One step; the losses by name, not weighted."""
        losses = self._step(batch)
        self.step += 1
        if self.step == self.phase.steps:
            self.phase_index, self.step = self.phase_index + 1, 0
            if not self.is_done:
                self._begin_phase()
        return {name: loss.item() for name, loss in losses.items()}

    def _step(self, batch: Batch) -> dict[str, Tensor]:
        match self.phase:
            case GeneratorPhase() as phase:
                share = learning_rate_share(self.step, phase.steps, phase.warmup)
                return self._generator_step(batch, share * phase.learning_rate)
            case CriticPhase() as phase:
                share = learning_rate_share(self.step, phase.steps, CRITIC_WARMUP)
                return self._critic_step(batch, share * phase.learning_rate)
            case AdversarialPhase() as phase:
                behind = self._critic_loss >= phase.switch_below
                if behind and self._critic_steps < phase.critic_steps:
                    return self._critic_step(batch, phase.critic_learning_rate)
                return self._generator_step(batch, phase.learning_rate)

    def _generator_step(self, batch: Batch, learning_rate: float) -> dict[str, Tensor]:
        network = self.generator.network.train()
        with self._precision():
            prediction = self.generator.predict(batch)
            losses = dict(prediction.losses)
            weights = dict(self.recipe.loss_weights)
            if isinstance(self.phase, AdversarialPhase):
                self.critic.requires_grad_(False)
                losses["adversarial"] = generator_hinge(self.critic(signed(prediction.rgb)))
                self.critic.requires_grad_(True)
                weights["adversarial"] = self.phase.adversarial_weight
        loss = torch.stack([weight * losses[name] for name, weight in weights.items()]).sum()
        self._update(self.optimizer, loss, learning_rate)
        self.ema.update_parameters(network)
        self._critic_loss, self._critic_steps = math.inf, 0
        return losses

    def _critic_step(self, batch: Batch, learning_rate: float) -> dict[str, Tensor]:
        self.generator.network.eval()
        self.critic.train()
        with self._precision():
            with torch.no_grad():
                prediction = self.generator.predict(batch)
            loss = self._critic_loss_of(prediction)
        self._update(self.critic_optimizer, loss, learning_rate)
        self._critic_loss = loss.item()
        self._critic_steps += 1
        return {"critic": loss}

    def _critic_loss_of(self, prediction: Prediction) -> Tensor:
        """Predicted and real pictures go apart through the critic, so that each has its own dropout."""
        scores = self.critic(signed(prediction.rgb)), self.critic(signed(prediction.real))
        if isinstance(self.phase, CriticPhase):
            return critic_cross_entropy(*scores)
        return critic_hinge(*scores)

    def _update(self, optimizer: torch.optim.Optimizer, loss: Tensor, learning_rate: float) -> None:
        parameters = []
        for group in optimizer.param_groups:
            group["lr"] = learning_rate * group.get("share", 1.0)
            parameters += group["params"]
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, self.recipe.gradient_clip, error_if_nonfinite=True)
        optimizer.step()

    def _precision(self) -> torch.autocast:
        reduced = self.precision != torch.float32
        return torch.autocast(self.device.type, self.precision, enabled=reduced)

    def state(self) -> dict[str, Any]:
        cuda = self.device.type == "cuda"
        return {
            "recipe": repr(self.recipe),
            "phase_index": self.phase_index,
            "step": self.step,
            "critic_loss": self._critic_loss,
            "critic_steps": self._critic_steps,
            "random": torch.get_rng_state(),
            "cuda_random": torch.cuda.get_rng_state(self.device) if cuda else None,
        } | {name: part.state_dict() for name, part in self._parts().items()}

    def load(self, state: dict[str, Any]) -> None:
        """Raises: ValueError: the state is of another recipe."""
        if state["recipe"] != repr(self.recipe):
            raise ValueError("The folder holds a run of another recipe. Name another folder.")
        self.phase_index = state["phase_index"]
        if not self.is_done:
            self._begin_phase()
        self.step = state["step"]
        self._critic_loss, self._critic_steps = state["critic_loss"], state["critic_steps"]
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        torch.set_rng_state(state["random"])
        if state["cuda_random"] is not None:
            torch.cuda.set_rng_state(state["cuda_random"], self.device)

    def _parts(self) -> dict[str, Any]:
        return {
            "network": self.generator.network,
            "ema": self.ema,
            "critic": self.critic,
            "optimizer": self.optimizer,
            "critic_optimizer": self.critic_optimizer,
        }


def signed(rgb: Tensor) -> Tensor:
    """0..1 to -1..1, the critic's range."""
    return rgb * 2 - 1


def parameter_groups(generator: Generator, weight_decay: float) -> list[dict[str, Any]]:
    """For an optimizer; biases, norms and gammas are not decayed."""
    groups = []
    for share, parameters in generator.parameter_groups():
        for decay, members in (
            (weight_decay, [p for p in parameters if p.ndim > 1]),
            (0.0, [p for p in parameters if p.ndim <= 1]),
        ):
            groups.append({"params": members, "share": share, "weight_decay": decay})
    return groups
