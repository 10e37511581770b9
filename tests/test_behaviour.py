"""The coding behaves as the codebook says, on sentences made up for it, in both languages."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from pipelines.coding_lines import Coder
from pipelines.project import ROOT
from tests.behaviours import BEHAVIOURS, KEPT, NOTHING, tried

CASES = 200
PASS = 0.95


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(ROOT)


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_there_are_cases_enough_of_each_language_and_none_twice(name: str) -> None:
    cases = list(BEHAVIOURS[name]())
    languages = Counter(row["lang"] for case in cases for row in case.rows)
    assert len({tuple(tuple(sorted(row.items())) for row in case.rows) for case in cases}) >= CASES
    assert set(languages) == {"en", "es"}
    assert min(languages.values()) >= CASES / 2


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_the_coding_behaves(name: str, coder: Coder) -> None:
    found = tried(name, coder)
    for language in {case.language for case, _, _ in found}:
        held = [is_held for case, _, is_held in found if case.language == language]
        failed = [[row["sentence"] for row in case.rows] for case, _, is_held in found if not is_held]
        assert sum(held) / len(held) >= PASS, f"{name}, {language}: {sum(held)} of {len(held)} hold; not {failed[:3]}"


class _Same:
    """A method that says the same of every sentence."""

    def __init__(self, **codes: Any) -> None:
        self._codes = dict(zip(KEPT, (1, "US", "executive", "US>MX", 3, 0, ["trade"], "none"), strict=True)) | codes

    def __call__(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [dict(self._codes) for _ in rows]


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("role swap reverses the direction", _Same()),
        ("negation removes the threat", _Same()),
        ("negation removes the threat", _Same(**NOTHING)),
        ("quotation moves the speaker", _Same(**NOTHING)),
        ("quotation moves the speaker", _Same(side="MX")),
        ("name, party and day change nothing", _Same(**NOTHING)),
        ("translation keeps the codes", _Same(**NOTHING)),
        ("placebo topics score nothing", _Same()),
        ("a question takes no direction", _Same()),
    ],
)
def test_a_method_that_says_the_same_of_everything_does_not_pass(name: str, method: Any) -> None:
    assert not any(is_held for _, _, is_held in tried(name, method))
