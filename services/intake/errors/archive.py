"""What intake refuses of filing and the archive."""

from huiyin.chassis.errors import Conflict


class NotConcluded(Conflict):
    """The case is not over yet."""

    code = "not-concluded"


class FiledByRule(Conflict):
    """The office archives every case; nobody decides it case by case."""

    code = "filed-by-rule"


class AlreadyFiled(Conflict):
    """The case is archived already, and stays so."""

    code = "already-filed"


class NotArchived(Conflict):
    """Only a case whose volume is sealed is opened again."""

    code = "not-archived"
