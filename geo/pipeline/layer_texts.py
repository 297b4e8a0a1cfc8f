"""Names and texts that administrators give to what they put on the map."""

import re

from geo.errors import InputError

NAME = re.compile("[a-z][a-z0-9-]{0,39}")
LONGEST_TITLE = 120
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def check_name(subject: str, name: str, example: str) -> None:
    """Refuse what cannot stand in an address; `subject` begins the code of the error.

    Raises:
        InputError: the name cannot be used.
    """
    if not NAME.fullmatch(name):
        raise InputError(
            f"{subject}.name",
            f"Tên “{name[:60]}” không dùng được: hãy dùng 1-40 chữ thường không dấu, số và dấu"
            f" gạch nối, bắt đầu bằng chữ, ví dụ {example}.",
            f"The name “{name[:60]}” cannot be used: take 1-40 lower-case letters a-z, digits"
            f" and hyphens, a letter first, such as {example}.",
        )


def check_text(
    subject: str, field: str, value: str, longest: int, *, may_be_empty: bool = False
) -> None:
    """Refuse a text that is too long, or that readers would not see as it is.

    Raises:
        InputError: it cannot be shown.
    """
    is_missing = not may_be_empty and not value.strip()
    if is_missing or len(value) > longest or _UNSEEN.search(value):
        least = 0 if may_be_empty else 1
        raise InputError(
            f"{subject}.text",
            f"{field} phải có từ {least} đến {longest} ký tự nhìn thấy được, không có ký tự điều"
            " khiển. Hãy gõ lại.",
            f"{field} must be {least} to {longest} characters that can be seen, without control"
            " characters. Type it again.",
            field=field,
        )
