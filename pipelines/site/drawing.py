"""What draws: Vega as one script for the reader's browser, and each chart drawn once for readers without scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import vl_convert
from markupsafe import Markup

from pipelines.digests import of_text

WIDTH = 760


class Drawer:
    """Draws charts; what took seconds is kept in a folder between publications.

    Attributes:
        cache: The folder.
    """

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self._used: set[Path] = set()
        cache.mkdir(parents=True, exist_ok=True)

    def script(self) -> str:
        """Vega, Vega-Lite and Vega-Embed as one JavaScript module."""
        name = f"vega-{vl_convert.get_vega_version()}-{vl_convert.get_vega_embed_version()}.js"
        return self._kept(name, vl_convert.javascript_bundle)

    def svg(self, spec: dict[str, Any]) -> Markup:
        """A chart drawn without any script, on white; it stands until the reader's browser draws it anew."""
        width = {"width": WIDTH} if spec.get("width") == "container" else {}
        whole = {**spec, **width, "background": "#ffffff"}
        name = f"{of_text(json.dumps(whole, sort_keys=True, default=str), vl_convert.get_vega_version())[:32]}.svg"
        return Markup(self._kept(name, lambda: vl_convert.vegalite_to_svg(whole)))  # noqa: S704 (it escapes texts)

    def forget_unused(self) -> None:
        """Delete what the charts of now no longer need."""
        for path in set(self.cache.iterdir()) - self._used:
            path.unlink()

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        path = self.cache / name
        if not path.is_file():
            draft = path.with_suffix(".draft")
            draft.write_text(make(), encoding="utf-8")
            draft.replace(path)
        self._used.add(path)
        return path.read_text(encoding="utf-8")
