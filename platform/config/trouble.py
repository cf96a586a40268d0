"""The one exception of the machine room."""


class CannotRunError(Exception):
    """Uplift cannot start or go on here. The message says why and what to do, in a sentence or two, for whoever typed
    the command; nobody needs a traceback.
    """
