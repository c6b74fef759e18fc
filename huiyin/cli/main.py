"""huiyin: what operators and developers do from a terminal.

Exit codes: 0 done; 1 refused or wrong (the message says what to do); 2 wrong use of the command;
3 no local platform here, or it does not run.
"""

import typer

from huiyin.cli import check, clock, importing, messages, replay, rulebook, token

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("token")(token.show)
app.command("check")(check.check)
app.command("import")(importing.take_in)
app.command("replay")(replay.play)
app.add_typer(rulebook.app, name="rulebook")
app.add_typer(clock.app, name="clock")
app.add_typer(messages.waiting, name="waiting")
app.add_typer(messages.parked, name="parked")

if __name__ == "__main__":
    app()
