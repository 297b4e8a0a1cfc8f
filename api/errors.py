"""The one table from domain errors to HTTP: problem details (RFC 9457) in two languages."""

from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.parameters import described_methods
from geo.errors import (
    AccessError,
    BienmapError,
    ConflictError,
    InputError,
    Language,
    NotFoundError,
    ResourceError,
    SignInError,
    ThrottledError,
)

STATUS: dict[type[BienmapError], int] = {
    InputError: 422,
    SignInError: 401,
    NotFoundError: 404,
    ConflictError: 409,
    AccessError: 403,
    ThrottledError: 429,
    ResourceError: 503,
}
TITLES: dict[int, tuple[str, str]] = {
    400: ("Yêu cầu không hợp lệ", "Bad request"),
    401: ("Chưa đăng nhập", "Not signed in"),
    403: ("Không được phép", "Not allowed"),
    404: ("Không tìm thấy", "Not found"),
    405: ("Không dùng được cách gọi này", "Method not allowed"),
    409: ("Xung đột dữ liệu", "Conflict"),
    413: ("Quá lớn", "Too large"),
    415: ("Không nhận dạng nội dung này", "Unsupported content"),
    422: ("Dữ liệu vào chưa đúng", "Invalid input"),
    429: ("Thử quá nhiều lần", "Too many attempts"),
    500: ("Lỗi hệ thống", "Internal error"),
    503: ("Hệ thống tạm thời chưa dùng được", "Temporarily unavailable"),
}
# What to do about it, where the title does not say it.
DETAILS: dict[int, tuple[str, str]] = {
    413: (
        "Nội dung gửi lên lớn hơn giới hạn. Hãy chia nhỏ tệp rồi gửi từng phần",
        "What was sent is larger than the limit. Split the file and send the parts",
    ),
    415: (
        "Nội dung gửi lên bị nén (Content-Encoding). Hãy gửi không nén",
        "What was sent is packed (Content-Encoding). Send it as it is",
    ),
    400: (
        "Không đọc được nội dung gửi lên. Hãy gửi JSON, mã hóa UTF-8",
        "What was sent cannot be read. Send JSON, encoded as UTF-8",
    ),
}
MEDIA_TYPE = "application/problem+json"


def language_of(request: Request) -> Language:
    """English where Accept-Language prefers it to Vietnamese, else Vietnamese."""
    weights = {"vi": 0.0, "en": 0.0}
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.partition(";")
        name = tag.strip().split("-")[0].lower()
        quality = weight.strip().removeprefix("q=")
        if name in weights:
            try:
                weights[name] = max(weights[name], float(quality or 1))
            except ValueError:
                continue
    return "en" if weights["en"] > weights["vi"] else "vi"


def problem(request: Request, status: int, code: str, detail: str, **more: Any) -> Response:
    """A problem-details answer; `more` are further members."""
    vi, en = TITLES.get(status, TITLES[400])
    language = language_of(request)
    body = {
        "type": f"urn:bienmap:problem:{code}",
        "title": vi if language == "vi" else en,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": request.url.path,
        **more,
    }
    return Response(
        orjson.dumps(body, default=str),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": language, "Cache-Control": "no-store"} | _hints(status, more),
    )


def _hints(status: int, more: dict[str, Any]) -> dict[str, str]:
    """What the standard wants beside the problem: how to sign in, and how long to wait."""
    if status == 401:
        return {"WWW-Authenticate": 'Bearer realm="bienmap"'}
    return {"Retry-After": str(more["retry_after"])} if "retry_after" in more else {}


def install(app: FastAPI) -> None:
    """Make every error of the application leave as a problem."""

    @app.exception_handler(BienmapError)
    def domain(request: Request, error: BienmapError) -> Response:
        status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
        return problem(
            request, status, error.code, error.message(language_of(request)), **error.context
        )

    @app.exception_handler(RequestValidationError)
    def validation(request: Request, error: RequestValidationError) -> Response:
        faults = [_fault(item, language_of(request)) for item in error.errors()]
        detail = "; ".join(f"{fault['field']}: {fault['detail']}" for fault in faults)
        return problem(request, 422, "request.invalid", detail, errors=faults)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        vi, en = DETAILS.get(error.status_code) or TITLES.get(error.status_code, TITLES[400])
        detail = vi if language_of(request) == "vi" else en
        answer = problem(request, error.status_code, f"http.{error.status_code}", f"{detail}.")
        answer.headers.update(error.headers or {})
        if error.status_code == 405 and (methods := described_methods(request)):
            # Each route knows one method of an address; the description knows all.
            known = {method.upper() for method in methods}
            known |= {"HEAD"} if "GET" in known else set()
            answer.headers["Allow"] = ", ".join(sorted(known))
        return answer

    @app.exception_handler(Exception)
    def unexpected(request: Request, _error: Exception) -> Response:
        detail = {
            "vi": "Có lỗi ngoài dự kiến; quản trị viên xem chi tiết trong nhật ký máy chủ.",
            "en": "Something unexpected failed; the server's log has the details.",
        }[language_of(request)]
        return problem(request, 500, "internal", detail)


# What pydantic says, in Vietnamese; kinds that are not here keep its English.
VIETNAMESE = {
    "missing": "thiếu giá trị bắt buộc",
    "int_parsing": "phải là số nguyên",
    "float_parsing": "phải là số",
    "bool_parsing": "phải là đúng hoặc sai",
    "uuid_parsing": "phải là mã UUID",
    "date_from_datetime_parsing": "phải là ngày dạng 2025-07-31",
    "date_parsing": "phải là ngày dạng 2025-07-31",
    "literal_error": "phải là một trong: {expected}",
    "enum": "phải là một trong: {expected}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "không được quá {le}",
    "string_too_long": "không được dài quá {max_length} ký tự",
    "string_too_short": "phải dài ít nhất {min_length} ký tự",
    "too_short": "phải có ít nhất {min_length} mục",
    "string_pattern_mismatch": "không đúng mẫu {pattern}",
    "property_unknown": "có trường không biết: {unknown}; các trường: {known}",
    "text_broken": "có chữ bị hỏng (nửa cặp surrogate, không phải chữ); hãy gõ lại",
    "string_unicode": "có chữ bị hỏng (nửa cặp surrogate, không phải chữ); hãy gõ lại",
    "property_value": "{name} phải là chữ, số hoặc danh sách chữ",
    "json_invalid": "không phải JSON đúng cú pháp",
    "extra_forbidden": "không có trường này; hãy bỏ đi",
    "string_type": "phải là chữ",
    "int_type": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "float_type": "phải là số",
    "bool_type": "phải là đúng hoặc sai",
    "finite_number": "phải là số hữu hạn",
    "date_type": "phải là ngày dạng 2025-07-31",
    "uuid_type": "phải là mã UUID",
    "list_type": "phải là danh sách",
    "dict_type": "phải là đối tượng JSON",
    "model_type": "phải là đối tượng JSON",
    "model_attributes_type": "phải là đối tượng JSON",
    "too_long": "không được có quá {max_length} mục",
    "greater_than": "phải lớn hơn {gt}",
    "less_than": "phải nhỏ hơn {lt}",
}


def _fault(item: dict[str, Any], language: Language) -> dict[str, str]:
    context = {key: str(value) for key, value in (item.get("ctx") or {}).items()}
    template = VIETNAMESE.get(item["type"]) if language == "vi" else None
    if template and "expected" in context:
        context["expected"] = context["expected"].replace(" or ", " hoặc ")
    detail = template.format_map(context) if template else str(item["msg"])
    return {"field": ".".join(str(part) for part in item["loc"]), "detail": detail}
