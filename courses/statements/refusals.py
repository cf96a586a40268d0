"""What a client did wrong, as an answer to it."""


class RefusedError(Exception):
    """The request is refused with an HTTP status; the message says what is wrong and, if need be, what to do."""

    def __init__(self, detail: str, *, status: int = 400) -> None:
        super().__init__(detail)
        self.status = status
        self.headers: dict[str, str] = {}
