"""Rules that find what is hardly true before it counts: each flags rows of a return, which then wait for a decision."""

from .flagging import flag_rows
from .parameters import DEFAULTS, MEANINGS, ParametersRefusedError, Rules, checked, rules_of

__all__ = ["DEFAULTS", "MEANINGS", "ParametersRefusedError", "Rules", "checked", "flag_rows", "rules_of"]
