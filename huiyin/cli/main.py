"""huiyin: what operators and developers do from a terminal.

Every command answers with one JSON value when it is given --json. Exit codes:

- 0: done
- 1: refused, or found to be wrong
- 2: wrong use, or input lines or rows in error
- 3: the platform is not here, or does not answer

Without a platform of `make run` at hand, HUIYIN_SERVICES names a JSON file {service: address}
and HUIYIN_TOKEN holds your token.
"""

from typing import Final

import typer

from huiyin.cli.lazy import Place, lazy_group

#: name → where its Typer app lies, and its line in `huiyin --help`.
COMMANDS: Final = {
    "token": Place(
        "huiyin.cli.token:app", "Print a bearer token of the local platform, for the header Authorization."
    ),
    "session": Place("huiyin.cli.session:app", "Signed-in sessions: revoke them before their end."),
    "register": Place(
        "huiyin.cli.register:app", "Take a complaint down; prints its number and its query code."
    ),
    "case": Place("huiyin.cli.case:app", "One case, as all services have it."),
    "cases": Place("huiyin.cli.cases:app", "The office's cases, newest first."),
    "deadline": Place(
        "huiyin.cli.deadline:app", "Read one ISO time a line, and print its deadline on a line each."
    ),
    "import": Place(
        "huiyin.cli.importing:app",
        "Register the complaints of a file, each once however often it is repeated.",
    ),
    "replay": Place(
        "huiyin.cli.replay:app",
        "Replay real history: messages and replies at their real times, all else by a seeded script.",
    ),
    "check": Place(
        "huiyin.cli.check:app", "Prove the books: compare what the five services say of every case."
    ),
    "audit": Place(
        "huiyin.cli.audit:app", "Who read, was refused or exported what; prove that no line was altered."
    ),
    "waiting": Place("huiyin.cli.messages:waiting", "Messages that are tried again by themselves."),
    "parked": Place("huiyin.cli.messages:parked", "Messages that wait for a person."),
    "clock": Place("huiyin.cli.clock:app", "Show, set and advance the simulated office clock."),
    "history": Place("huiyin.cli.history:app", "What the services said: have it said again."),
    "calendar": Place("huiyin.cli.calendar:app", "The published working years; import a new one."),
    "backup": Place("huiyin.cli.backup:backup", "Back up all five stores as of one moment, while they run."),
    "restore": Place("huiyin.cli.backup:restore", "Put all five stores back; the services must be stopped."),
    "vault": Place(
        "huiyin.cli.custody:vault",
        "Data keys by month, the master key over them, and retention.",
    ),
    "department": Place("huiyin.cli.departments:app", "The feeds of departments that subscribe."),
    "knowledge": Place("huiyin.cli.knowledge:app", "The knowledge base: write entries from a file."),
    "rulebook": Place("huiyin.cli.rulebook:app", "Check, show and compare the offices' rulebooks."),
}

app = typer.Typer(
    cls=lazy_group(COMMANDS),
    help=__doc__,
    no_args_is_help=True,
    rich_markup_mode="markdown",  # which fills paragraphs to the terminal's width
    pretty_exceptions_enable=False,
)


@app.callback()
def _huiyin() -> None: ...


if __name__ == "__main__":
    app()
