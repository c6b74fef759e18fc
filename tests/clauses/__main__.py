"""`python -m tests.clauses [--require SERVICE] [--json]`: which lines the scenarios show."""

import argparse
import json
import sys
from collections.abc import Sequence

from tests.clauses.lines import SERVICES, read_impossible, read_lines
from tests.clauses.marks import CannotCollect, collect
from tests.clauses.measure import finding_faults, mark_faults, measure, missing
from tests.clauses.report import as_json, as_text

_HELP = """Which lines of the offices' rules the scenarios show.

Ends with 1 when a mark is wrong (an id or a part that is not there, more than three ids in a test, a
test that is skipped), when a line is carried by tests below the scenarios alone, or when a required
service is not complete: of the lines it owns, and of those all services own, each is shown by a
scenario at its own office or named in tests/clauses/impossible.yaml. The parts it holds in lines of
others ("also") are printed and not required. Ends with 2 when pytest cannot collect."""


def main(arguments: Sequence[str]) -> int:
    """Print the report and answer the exit status."""
    wanted = _parser().parse_args(arguments)
    try:
        marked = collect()
    except CannotCollect as cannot:
        print(cannot, file=sys.stderr)
        return 2
    lines, impossible = read_lines(), read_impossible()
    faults = list(mark_faults(lines, marked, impossible))
    if wanted.marks:
        print("\n".join(faults) if faults else "Every clause mark names a line that is there.")
        return bool(faults)
    findings = measure(lines, marked, impossible)
    faults += finding_faults(findings)
    lacking = missing(findings, wanted.require)
    if wanted.json:
        print(json.dumps(as_json(findings, faults, lacking), ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_text(findings, faults, wanted.require)))
    return bool(faults or lacking)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.clauses",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--require", action="append", default=[], choices=SERVICES, help="a service that must be complete"
    )
    parser.add_argument("--json", action="store_true", help="for programs: lines, faults, missing")
    parser.add_argument("--marks", action="store_true", help="only whether the marks themselves are right")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
