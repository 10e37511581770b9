"""How often the tests of `pipelines/inference` err, beside what is asked of them: `make calibrate`.

Exits 1 where a target is missed. `python -m tests.calibration size` (or scan, monitoring, power, coverage, planted,
placebo, silence) prints one part of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from tests.calibration import experiments
from tests.calibration.experiments import Rate

SEED = 20261122
EXPERIMENTS: dict[str, tuple[Callable[[int, int], Iterator[Rate]], int]] = {
    "size": (experiments.size, 4000),
    "scan": (experiments.scan, 2000),
    "monitoring": (experiments.monitoring, 400),
    "power": (experiments.power, 1000),
    "coverage": (experiments.coverage, 2000),
    "planted": (experiments.planted, 20),
    "placebo": (experiments.placebo, 2000),
    "silence": (experiments.silence, 2000),
}


def main() -> int:
    """Print every rate with its target; 1 where one is missed."""
    asked = sys.argv[1:] or list(EXPERIMENTS)
    if unknown := [name for name in asked if name not in EXPERIMENTS]:
        print(f"no experiment {unknown[0]}; there are {', '.join(EXPERIMENTS)}", file=sys.stderr)
        return 1
    missed = 0
    print(f"{'':80} {'found':>8} {'asked':>14} {'draws':>7}")
    for name in asked:
        experiment, draws = EXPERIMENTS[name]
        for rate in experiment(draws, SEED):
            target = "" if rate.low is None or rate.high is None else f"{rate.low:.1%}–{rate.high:.1%}"
            mark = "" if rate.is_met() else "  MISSED"
            missed += bool(mark)
            print(f"{rate.what:80} {rate.rate:8.2%} {target:>14} {rate.draws:7,}{mark}", flush=True)
    print(f"{missed} targets missed" if missed else "every target met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
