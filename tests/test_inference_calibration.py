"""The simulations of `make calibrate` with few draws: targets are widened by three standard deviations of a share.

With so few draws only a procedure that is badly wrong fails here; the full simulation has the targets themselves.
"""

from __future__ import annotations

import pytest

from tests.calibration.__main__ import EXPERIMENTS, SEED

DRAWS = {
    "size": 600,
    "scan": 250,
    "monitoring": 16,
    "power": 80,
    "coverage": 150,
    "planted": 2,
    "placebo": 200,
    "silence": 60,
}


@pytest.mark.parametrize("name", sorted(EXPERIMENTS))
def test_procedure_keeps_its_target_in_a_short_simulation(name: str) -> None:
    experiment, _ = EXPERIMENTS[name]
    rates = list(experiment(DRAWS[name], SEED))
    assert any(rate.low is not None for rate in rates)
    assert [f"{rate.what}: {rate.rate:.1%}" for rate in rates if not rate.is_met(deviations=3)] == []
