"""What a select reads, and the same select over other tables, by DuckDB's own parser and tokenizer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import duckdb

from pipelines.errors import ContractError

NAME = re.compile(r'"(?:[^"]|"")*"|\w+')


# Table functions that read no table; any other might reach figures past the names that are exchanged.
PLAIN_FUNCTIONS = {"generate_series", "range", "unnest"}


@cache
def references(sql: str, name: str) -> frozenset[str]:
    """The schema-qualified tables a select reads; its own CTEs are not among them.

    Raises:
        ContractError: Not one select, a table without its schema, or a function that reads tables or files.
    """
    quoted = sql.replace("'", "''")
    parsed = json.loads(_parser().execute(f"select json_serialize_sql('{quoted}')").fetchall()[0][0])
    if parsed["error"]:
        why = "" if "Only SELECT" in parsed["error_message"] else f"; {' '.join(parsed['error_message'].split())}"
        raise ContractError(f"{name}: write one select{why}")
    if len(parsed["statements"]) != 1:
        raise ContractError(f"{name}: holds {len(parsed['statements'])} statements; keep one select")
    found: set[str] = set()
    named: set[str] = set()
    _walk(parsed["statements"], found, named, name)
    for table in found:
        if "." not in table and table not in named:
            raise ContractError(f"{name}: {table} has no schema; write the schema before it")
    return frozenset(table for table in found if "." in table)


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _walk(node: Any, found: set[str], named: set[str], name: str) -> None:
    if isinstance(node, list):
        for item in node:
            _walk(item, found, named, name)
    elif isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            schema, table = node["schema_name"], node["table_name"]
            found.add(f"{schema}.{table}".lower() if schema else table)
        function = node["function"]["function_name"] if node.get("type") == "TABLE_FUNCTION" else "unnest"
        if function not in PLAIN_FUNCTIONS:
            raise ContractError(f"{name}: {function}() reads past the tables of the query; name the table itself")
        named.update(entry["key"] for entry in node.get("cte_map", {}).get("map", []))
        for value in node.values():
            _walk(value, found, named, name)


def rebind(sql: str, names: Mapping[str, str], name: str) -> str:
    """The same select with tables exchanged, `names` giving the new one for each; its text is otherwise untouched.

    Raises:
        ContractError: The select reads a table that `names` lacks.
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
    assert references(rebound, name) == {names[table] for table in reads}
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
