"""The errors a caller may see. Raise for the request; for a bad document record a `Problem` instead.

    WebappError                 500
      InputError                422  the input cannot be used as it stands
        BudgetExceeded          422  a limit is named, with what was measured and what to do
        TooLarge                413  more bytes than are taken
        Unsupported             415  a form that is not read
      NotFound                  404
      Refused                   403
      Unavailable               503  later, see `retry_after_seconds`
      TooMany                   429  later, see `retry_after_seconds`

One place in `web` maps `status` to HTTP, one in `cli` to exit statuses.
"""

from __future__ import annotations


class WebappError(Exception):
    """An error with a sentence for people (`message`), a stable `code` and an HTTP `status`."""

    status: int = 500
    code: str = "internal"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InputError(WebappError):
    """The input cannot be used as it stands."""

    status = 422
    code = "bad_input"


class BudgetExceeded(InputError):  # noqa: N818 - a word of the contract
    """A limit was passed. `measured` is what was counted when reading stopped, so the true value may be higher."""

    code = "budget_exceeded"

    def __init__(self, limit_name: str, limit: int, measured: int, advice: str, *, what: str = "") -> None:
        self.limit_name = limit_name
        self.limit = limit
        self.measured = measured
        self.advice = advice
        self.what = what or limit_name.replace("_", " ")
        super().__init__(
            f"Too much input: {self.what}: {measured:,} where {limit:,} is the limit. Reading stopped there. {advice}"
        )


class TooLarge(InputError):  # noqa: N818 - a word of the contract
    """More bytes than are taken."""

    status = 413
    code = "too_large"


class Unsupported(InputError):  # noqa: N818 - a word of the contract
    """A form of input that is not read."""

    status = 415
    code = "unsupported"


class NotFound(WebappError):  # noqa: N818 - a word of the contract
    """There is no such thing, or the caller may not know of it."""

    status = 404
    code = "not_found"


class Refused(WebappError):  # noqa: N818 - a word of the contract
    """The caller may not do this."""

    status = 403
    code = "refused"


class Unavailable(WebappError):  # noqa: N818 - a word of the contract
    """Not now. Try again after `retry_after_seconds`."""

    status = 503
    code = "unavailable"

    def __init__(self, message: str, *, retry_after_seconds: int = 1, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_seconds = retry_after_seconds


class TooMany(Unavailable):
    """Too many requests by one client. Try again after `retry_after_seconds`."""

    status = 429
    code = "too_many_requests"
