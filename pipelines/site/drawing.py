"""What draws: Vega as one script for the reader's browser, and each chart drawn once for readers without scripts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import vl_convert
from markupsafe import Markup

from pipelines.digests import of_text
from pipelines.errors import EntenteError

WIDTH = 760
BUNDLE = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"


class Drawer:
    """Draws charts; what took seconds is kept in a folder between publications.

    Attributes:
        cache: The folder.
    """

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self._used: set[Path] = set()
        cache.mkdir(parents=True, exist_ok=True)
        # It takes as long as all drawings together and holds Python's lock, so a second process makes it meanwhile.
        self._bundling = None if self._bundle.is_file() else _bundling()

    @property
    def _bundle(self) -> Path:
        return self.cache / f"vega-{vl_convert.get_vega_version()}-{vl_convert.get_vega_embed_version()}.js"

    def script(self) -> str:
        """Vega, Vega-Lite and Vega-Embed as one JavaScript module."""
        return self._kept(self._bundle.name, self._bundled)

    def _bundled(self) -> str:
        made = self._bundling or _bundling()  # the cache may have been emptied since
        code, _ = made.communicate()
        if made.returncode:
            raise EntenteError("page: vl-convert could not bundle Vega; set the environment up again from the lock")
        return code.decode()

    def svg(self, spec: dict[str, Any]) -> Markup:
        """A chart drawn without any script, on white; it stands until the reader's browser draws it anew."""
        width = {"width": WIDTH} if spec.get("width") == "container" else {}
        # The words for those who do not see it stand beside the chart, so that each mark needs none.
        whole = {**spec, **width, "background": "#ffffff", "config": {"aria": False}}
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


def _bundling() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", BUNDLE], stdout=subprocess.PIPE)
