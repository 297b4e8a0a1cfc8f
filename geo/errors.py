"""Domain errors, bilingual, without any knowledge of how they reach the user."""

from typing import Literal

Language = Literal["vi", "en"]


class BienmapError(Exception):
    """An error that a user can read and mend.

    `code` is a stable identifier for programs; `vi` and `en` say what is wrong, where, and how to
    mend it; `context` carries values for programs (row, column, path …).
    """

    def __init__(self, code: str, vi: str, en: str, **context: object) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.vi = vi
        self.en = en
        self.context = context

    def message(self, language: Language = "vi") -> str:
        """The text in the user's language."""
        return self.vi if language == "vi" else self.en


class InputError(BienmapError):
    """What came in cannot be used as it is; nothing was stored of it."""


class NotFoundError(BienmapError):
    """What was asked for does not exist, or may not be seen."""


class ConflictError(BienmapError):
    """What came in contradicts what is stored, such as an edit of an older version."""


class SignInError(BienmapError):
    """Who asks is not known: not signed in, or no longer."""


class AccessError(BienmapError):
    """Who asks is known, and may not do this."""


class ThrottledError(BienmapError):
    """Too many attempts; the context says in `retry_after` how many seconds to wait."""


class ResourceError(BienmapError):
    """The machine lacks something: a package, disk space, the database."""
