"""Which method coded a statement."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from pipelines import seeds
from pipelines.contract_files import read_yaml

SEEDS = ("lexicon", "acts", "act_patterns", "word_classes", "coefficients", "actors", "voices", "speech_cues", "dyad")
_IMPORTED = re.compile(r"^from pipelines\.documents(?:\.(\w+) import|.* import (\w+)$)", re.MULTILINE)


def method_version(root: Path) -> str:
    """Hash of the coding method: its code and the seeds it reads."""
    reference = [path for seed in SEEDS for path in seeds.files(root / "seeds", seed)]
    return _hash(root, [*sorted((root / "pipelines/rhetoric").glob("*.py")), *reference])[:8]


def feed_version(root: Path, feed: str) -> str:
    """The method's version, a point, and a hash of how the feed's files are read."""
    folder = root / "pipelines/documents"
    reader = folder / f"{feed}.py"
    shared = [folder / f"{a or b}.py" for a, b in _IMPORTED.findall(reader.read_text(encoding="utf-8"))]
    traits = json.dumps(read_yaml(folder / f"{feed}.yml")["feed"], sort_keys=True)
    read_by = _hash(root, [reader, *shared, root / "pipelines/texts.py"])
    return f"{method_version(root)}.{hashlib.sha256(f'{traits}{read_by}'.encode()).hexdigest()[:4]}"


def _hash(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()
