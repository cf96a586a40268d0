"""What the elements and attributes of QTI are called here: as in version 2, whichever version is read."""

import re


def plain_name(name: str) -> str:
    """`qti-choice-interaction` of version 3 as `choiceInteraction`, `response-identifier` as `responseIdentifier`."""
    if "-" not in name or name.startswith(("data-", "aria-")):
        return name
    return re.sub(r"-([a-z0-9])", lambda found: found[1].upper(), name.removeprefix("qti-"))
