"""The contracts as written: one YAML a table, read strictly, found by where it lies, with the select beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipelines.contracts import Contract, Folder
from pipelines.errors import ContractError


# The parser in C is six times as fast, and every start reads a hundred contracts.
class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=deep)
            if key in seen:
                raise ContractError(f"line {key_node.start_mark.line + 1}: key '{key}' is given twice; keep one")
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file; a key given twice or a file that is not a mapping raises ContractError."""
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 (a SafeLoader)
    except ContractError as error:
        raise ContractError(f"{path.name}: {error}") from None
    except yaml.YAMLError as error:
        raise ContractError(f"{path.name}: {' '.join(str(error).split())}") from None
    if not isinstance(loaded, dict):
        raise ContractError(f"{path.name}: holds no mapping; see another contract beside it")
    return loaded


def read_contract(path: Path, folder: Folder) -> Contract:
    """The contract in one YAML file; what is unknown, missing or contradictory raises ContractError."""
    loaded = read_yaml(path)
    try:
        return Contract(folder=folder, stem=path.stem, path=path, **loaded)
    except (ValidationError, TypeError) as error:
        if isinstance(error, TypeError):
            raise ContractError(f"{path.name}: {error}") from None
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ContractError(f"{path.name}: {where + ': ' if where else ''}{first['msg']}; edit {path.name}") from None


PLACES: tuple[tuple[str, Folder], ...] = (
    ("seeds", "seeds"),
    ("pipelines/vintages", "vintages"),
    ("pipelines/sources", "sources"),
    ("pipelines/documents", "documents"),
    ("sql/documents", "documents"),
    ("sql/measures", "measures"),
    ("pipelines/indicators", "indicators"),
    ("sql/indicators", "indicators"),
)


def load(root: Path) -> dict[str, Contract]:
    """All contracts below `root` by table name; a stem in both measures and indicators raises ContractError."""
    found: dict[str, Contract] = {}
    for place, folder in PLACES:
        for path in sorted((root / place).glob("*.yml")):
            contract = read_contract(path, folder)
            if contract.name in found:
                raise ContractError(f"{path.name}: {contract.name} has two contracts; rename one")
            found[contract.name] = contract
    together = [c for c in found.values() if c.folder != "seeds" and c.feed is None]
    for contract in together:
        if twins := [c.name for c in together if c.stem == contract.stem and c is not contract]:
            raise ContractError(f"{contract.name} and {twins[0]} have one stem; schema as_of holds both, so rename one")
    return found


def is_model(contract: Contract) -> bool:
    """Whether a table is made by the select beside its contract."""
    return contract.path.parent.parent.name == "sql"


def read_sql(contract: Contract) -> str:
    """The select beside a contract, without its closing semicolon."""
    path = contract.path.with_suffix(".sql")
    if not path.is_file():
        raise ContractError(f"{contract.path.name} has no {path.name} beside it; write it or delete the contract")
    return path.read_text(encoding="utf-8").rstrip().rstrip(";")
