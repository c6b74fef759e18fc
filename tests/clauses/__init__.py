"""The measure: which lines of the offices' rules the scenarios show, and which they do not.

`python -m tests.clauses` collects the `clause` marks as pytest itself does, without running a test,
and holds them against `lines.csv`; docs/clauses.md tells how to read what it prints.
"""
