"""The command `entente`: thin over the pipeline, one readable line for every error."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from pipelines.errors import EntenteError, with_remedy
from pipelines.project import ROOT, Project

# A whole table, as Markdown, that a person can paste.
WIDE: dict[str, Any] = {
    "tbl_rows": -1,
    "tbl_cols": -1,
    "tbl_width_chars": 400,
    "tbl_hide_column_data_types": True,
    "tbl_hide_dataframe_shape": True,
    "tbl_formatting": "ASCII_MARKDOWN",
    "fmt_str_lengths": 100,
}


class _Group(click.Group):
    """Shows an error as one line with its remedy; the traceback only with --debug."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """As Click's own, with what was typed wrongly on one line too."""
        try:
            answer = super().main(*args, **{"prog_name": "entente", **kwargs, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(0)
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "entente"
            said = error.format_message()
            click.echo(f"{command}: {with_remedy(said[0].lower() + said[1:], f'see {command} --help')}", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("entente: stopped", err=True)
            sys.exit(130)
        sys.exit(answer if isinstance(answer, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except EntenteError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"entente: {error}", err=True)
            sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="entente")
def main(debug: bool) -> None:
    """US–Mexico indicators from official figures and political documents."""


@main.command()
@click.option("--live", "is_live", is_flag=True, help="Also ask the publishers over the network.")
@click.option("--only", multiple=True, metavar="NAME", help="Look only at this dataset or feed; may be repeated.")
@click.option("--documents", type=click.Path(path_type=Path), help="Folder of document archives for this run.")
@click.option("--json", "as_json", is_flag=True, help="Say how it ended as one JSON object.")
def refresh(is_live: bool, only: tuple[str, ...], documents: Path | None, as_json: bool) -> None:
    """Look for what is new, judge it and publish."""
    if documents is not None:
        if not documents.is_dir():
            raise EntenteError(f"--documents {documents}: no such folder; name the one that holds the feeds' folders")
        os.environ["ENTENTE_DOCUMENTS"] = str(documents.resolve())
    from pipelines import runs

    project = Project.from_environment()
    outcome = runs.run(project, only, is_live=is_live)
    stale = _stale(project) if is_live and outcome.publication_id else []
    if as_json:
        exit_code = 2 if stale else outcome.exit_code
        click.echo(json.dumps({**vars(outcome), "stale": stale, "exit_code": exit_code}, ensure_ascii=False, indent=1))
        sys.exit(exit_code)
    for line in outcome.failed:
        click.echo(f"failed: {line}", err=True)
    for line in outcome.refused:
        click.echo(line, err=True)
    if outcome.refused:
        click.echo(f"refused: {len(outcome.refused)} file(s); the last good figures stay", err=True)
    if outcome.publication_id is None:
        stays = "; the previous publication stays" if project.published.exists() else ""
        click.echo(f"not published{stays}", err=True)
        sys.exit(outcome.exit_code)
    tables = f"{outcome.built} tables built, {outcome.kept} unchanged"
    if outcome.is_new:
        click.echo(f"publication made: {outcome.publication_id} ({tables}); {project.published}")
    else:
        news = "nothing new" if not outcome.built else "nothing differs from it"
        click.echo(f"publication stays current, {news}: {outcome.publication_id} ({tables}); {project.published}")
    for line in stale:
        click.echo(f"stale: {line}", err=True)
    sys.exit(2 if stale else outcome.exit_code)


def _stale(project: Project) -> list[str]:
    from pipelines import status as state

    return [f"{entry['name']}: {entry['why']}" for entry in state.read(project)["held"] if entry["is_stale"]]


def _lines(command: str) -> Iterator[bytes]:
    """What stands on stdin; whoever typed the command by itself learns what it waits for."""
    example = '{"id": 1, "sentence": "…"}'
    if sys.stdin.isatty():
        click.echo(f"{command}: reads JSON Lines such as {example}; end them with Ctrl-D", err=True)
    count = 0
    for count, line in enumerate(sys.stdin.buffer, start=1):  # noqa: B007
        yield line
    if not count:
        click.echo(f"{command}: nothing to read; pipe JSON Lines in, such as {example}", err=True)


@main.command()
def code() -> None:
    """Code sentences: JSON Lines in, JSON Lines out."""
    from pipelines import coding_lines

    coder = coding_lines.Coder(ROOT)
    malformed = 0
    for line, is_coded in coding_lines.answered(_lines("code"), coder):
        malformed += not is_coded
        sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
    if coder.unknown:
        names = ", ".join(sorted(coder.unknown)[:5])
        click.echo(f"code: {len(coder.unknown)} name(s) of no feed or of several, coded as of none: {names}", err=True)
    if malformed:
        click.echo(f"code: {malformed} malformed line(s), see `error` in the output; the others are coded", err=True)
        sys.exit(1)


@main.command()
def claims() -> None:
    """Find and check numeric claims: JSON Lines in, JSON Lines out."""
    from pipelines.claims import lines
    from pipelines.published import opened

    malformed = 0
    with opened(Project.from_environment()) as connection:
        claimant = lines.Claimant(ROOT, connection)
        for line, is_read in lines.answered(_lines("claims"), claimant):
            malformed += not is_read
            sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
    if malformed:
        click.echo(f"claims: {malformed} malformed line(s), see `error` in the output; the others are read", err=True)
        sys.exit(1)


@main.command()
@click.argument("statement_id")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def evidence(statement_id: str, as_json: bool) -> None:
    """Show a statement with its codes, in its context.

    The context is there where the text is at hand; else the answer says where the original is.
    """
    from pipelines import evidence as showing

    answer, missing = showing.shown(Project.from_environment(), statement_id, as_json=as_json)
    click.echo(answer)
    if missing:
        click.echo(missing, err=True)


@main.command()
@click.argument("query")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values, lists as JSON.")
@click.option("--json", "as_json", is_flag=True, help="JSON, one object a row.")
@click.option("--as-of", metavar="DATE", help="Answer with what was known that day, such as 2025-07-31.")
def sql(query: str, as_csv: bool, as_json: bool, as_of: str | None) -> None:
    """Ask the published database, read-only."""
    import polars as pl

    from pipelines import asking

    if as_csv and as_json:
        raise EntenteError("sql: --csv and --json are two answers; choose one")
    frame = asking.answer(Project.from_environment(), query, as_of, flat=as_csv)
    if as_csv:
        click.echo(frame.write_csv(), nl=False)
    elif as_json:
        click.echo(json.dumps(frame.to_dicts(), default=str, ensure_ascii=False, indent=1))
    else:
        with pl.Config(**WIDE):
            click.echo(frame)
        longest = [column.str.len_chars().max() or 0 for column in frame.select(pl.col(pl.String))]
        if max(longest, default=0) > WIDE["fmt_str_lengths"]:
            click.echo("sql: long values are cut here; --csv and --json give them whole", err=True)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="JSON, one object a dataset or feed.")
def status(as_json: bool) -> None:
    """Show what is held, how old it is, what was refused."""
    from pipelines import status as state

    project = Project.from_environment()
    found = state.read(project)
    click.echo(json.dumps(found, default=str, ensure_ascii=False, indent=1) if as_json else state.table(found))


@main.command()
@click.option("--against", type=click.Path(exists=True, path_type=Path), help="Another published database to compare.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, the SHA-256 by table.")
def digest(against: Path | None, as_json: bool) -> None:
    """Print the SHA-256 of each published table."""
    from pipelines import status as state

    project = Project.from_environment()
    mine = state.digests(project.published)
    theirs = state.digests(against) if against else mine
    if as_json:
        click.echo(json.dumps(mine, indent=1))
        sys.exit(mine != theirs)
    for name in sorted(mine | theirs):
        same = "" if not against else "  same" if mine.get(name) == theirs.get(name) else "  DIFFERS"
        click.echo(f"{mine.get(name, '-' * 64)}  {name}{same}")
    if mine != theirs:
        sys.exit(1)


@main.command()
def bundle() -> None:
    """Write the bundled history from the warehouse."""
    from pipelines import bundle as bundling

    project = Project.from_environment()
    for line in bundling.write(project):
        click.echo(line)


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print shell completion, to be evaluated by the shell."""
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    assert complete is not None
    click.echo(complete(main, {}, "entente", "_ENTENTE_COMPLETE").source())


@main.command()
@click.option("--port", default=3000, type=click.IntRange(1024, 65535), show_default=True, help="Port on 127.0.0.1.")
def ui(port: int) -> None:
    """Open Dagster's web UI on 127.0.0.1."""
    from pipelines.runs import dagster_home

    project = Project.from_environment()
    dagster_home(project)
    os.environ["ENTENTE_WAREHOUSE"] = str(project.warehouse)
    os.chdir(ROOT)
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise EntenteError(f"ui: port {port} is taken; say --port {port + 1}")
    program = str(Path(sys.executable).with_name("dagster"))
    os.execv(program, [program, "dev", "--host", "127.0.0.1", "--port", str(port)])
