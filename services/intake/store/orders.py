"""In which order the office's cases are listed."""

from typing import Final

from pymongo import ASCENDING, DESCENDING

#: Numbers tell cases of one moment apart, so that pages neither repeat nor leave out.
NEWEST_FIRST: Final = (("accepted_at", DESCENDING), ("number", DESCENDING))
#: The duty book's order: as things came in.
BY_RECEIPT: Final = (("received_at", ASCENDING), ("number", ASCENDING))
FILED_LAST_FIRST: Final = (("filed_at", DESCENDING), ("number", DESCENDING))
OLDEST_FIRST: Final = (("accepted_at", ASCENDING), ("number", ASCENDING))
WEIGHTIEST_FIRST: Final = (("rank", ASCENDING), *OLDEST_FIRST)
