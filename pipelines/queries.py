"""What a select reads, and the same select over other tables, by DuckDB's own parser and tokenizer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from pipelines.errors import ContractError

NAME = re.compile(r'"(?:[^"]|"")*"|\w+')


def references(sql: str, name: str) -> set[str]:
    """The schema-qualified tables a select reads; its own CTEs are not among them.

    Raises:
        ContractError: Not one select, or a table without its schema.
    """
    with duckdb.connect() as connection:
        quoted = sql.replace("'", "''")
        parsed = json.loads(connection.execute(f"select json_serialize_sql('{quoted}')").fetchall()[0][0])
    if parsed["error"]:
        raise ContractError(f"{name}: write one select; {' '.join(parsed['error_message'].split())}")
    if len(parsed["statements"]) != 1:
        raise ContractError(f"{name}: holds {len(parsed['statements'])} statements; keep one select")
    found: set[str] = set()
    named: set[str] = set()
    _walk(parsed["statements"], found, named)
    for table in found:
        if "." not in table and table not in named:
            raise ContractError(f"{name}: {table} has no schema; write the schema before it")
    return {table for table in found if "." in table}


def _walk(node: Any, found: set[str], named: set[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _walk(item, found, named)
    elif isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            schema, table = node["schema_name"], node["table_name"]
            found.add(f"{schema}.{table}".lower() if schema else table)
        named.update(entry["key"] for entry in node.get("cte_map", {}).get("map", []))
        for value in node.values():
            _walk(value, found, named)


def rebind(sql: str, names: Mapping[str, str], name: str) -> str:
    """The same select with tables exchanged, `names` giving the new one for each; its text is otherwise untouched.

    Raises:
        ContractError: The select reads a table that `names` lacks, or one that cannot be exchanged by its name.
    """
    reads = references(sql, name)
    if lacking := sorted(reads - set(names)):
        raise ContractError(f"{name}: {lacking[0]} is not among the tables that can be exchanged")
    text, made, copied = sql.encode(), [], 0
    for start, end, table in _qualified(sql):
        if table in reads:
            made += [text[copied:start], names[table].encode()]
            copied = end
    rebound = b"".join([*made, text[copied:]]).decode()
    if references(rebound, name) != {names[table] for table in reads}:
        raise ContractError(f"{name}: write every table as schema.table, without a database before it")
    return rebound


def _qualified(sql: str) -> Iterator[tuple[int, int, str]]:
    """Where `schema.table` stands in the text, in bytes, and its name; texts in quotes and comments are no names."""
    text = sql.encode()
    tokens = duckdb.tokenize(sql)
    words = [_name(text, start) for start, _ in tokens]
    for (first, _), (dot, _), (second, _), schema, stem in zip(
        tokens, tokens[1:], tokens[2:], words, words[2:], strict=False
    ):
        if schema and stem and text[dot : dot + 1] == b".":
            yield first, second + len(stem[0].encode()), f"{schema[1]}.{stem[1]}"


def _name(text: bytes, start: int) -> tuple[str, str] | None:
    """The name that begins there as written and as DuckDB knows it, or None."""
    match = NAME.match(text[start : start + 300].decode(errors="ignore"))
    return (match[0], match[0].strip('"').replace('""', '"').lower()) if match else None
