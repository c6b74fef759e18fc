"""What of an echo somebody sees: of a case that is partly walled off, the open matters."""

from collections.abc import Sequence
from dataclasses import replace

from services.feedback.domain.echo import Echo


def narrow(echo: Echo, matters: Sequence[str]) -> Echo:
    """The echo as if the case had these matters alone."""
    return replace(
        echo,
        matters=tuple(matter for matter in echo.matters if matter.id in matters),
        replies=tuple(reply for reply in echo.replies if reply.partition("-")[0] in matters),
        evaluations=tuple(given for given in echo.evaluations if given.matter in matters),
    )
