"""Which weights the workers use now."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from colorizer.engine.variants import (
    VARIANTS,
)
from colorizer.models.colorizations import WEIGHTS_NAME_LENGTH, Variant


class CurrentWeights(models.Model):
    """The weights that workers use for a variant: web servers may not have the files."""

    variant = models.CharField(max_length=8, choices=Variant.choices, primary_key=True)
    name = models.CharField(max_length=WEIGHTS_NAME_LENGTH)
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "current weights"
        constraints = [
            models.CheckConstraint(
                name="currentweights_known_variant", condition=Q(variant__in=list(VARIANTS))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_variant_display()}: {self.name}"
