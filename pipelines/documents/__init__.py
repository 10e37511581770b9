"""Document feeds, one pair each: what the feed is (YAML) and how its files become documents (Python)."""

from __future__ import annotations

import importlib
from types import ModuleType


def reader(feed: str) -> ModuleType:
    """The module that reads the files of a feed: it has `read`, and `find` or `companions` where it needs them."""
    return importlib.import_module(f"pipelines.documents.{feed}")
