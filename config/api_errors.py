"""From exceptions to problem documents: the one place that maps errors of the API to statuses.

A refusal is 409 with all its reasons, bad input is 422 with the field named, a stale
write is 412, a wrong role is 403, what is not yours to see is 404. Sentences follow
Accept-Language.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from config.errors import problem, too_large
from facilities.api_problems import refusal_document
from facilities.errors import BadInput, NotAllowed, Refusal, Stale

MOST_ERRORS, LONGEST_NAME = 20, 60

SENTENCES = {
    "missing": ("Isian ini wajib.", "This field is required."),
    "extra_forbidden": ("Isian ini tidak dikenal.", "This field is unknown."),
    "unknown_parameter": ("Parameter ini tidak dikenal.", "This parameter is unknown."),
    "repeated_parameter": ("Parameter ini hanya boleh sekali.", "This parameter may be given once."),
    "string_too_long": ("Teks ini terlalu panjang.", "This text is too long."),
    "string_too_short": ("Teks ini terlalu pendek.", "This text is too short."),
    "string_type": ("Harus berupa teks.", "This must be text."),
    "string_pattern_mismatch": ("Ada huruf atau tanda yang tidak bisa dipakai.", "This holds characters that cannot be used."),
    "int_type": ("Harus berupa bilangan bulat.", "This must be a whole number."),
    "int_parsing": ("Harus berupa bilangan bulat.", "This must be a whole number."),
    "int_from_float": ("Harus berupa bilangan bulat.", "This must be a whole number."),
    "not_a_number": ("Harus berupa bilangan bulat.", "This must be a whole number."),
    "int_parsing_size": ("Bilangan ini terlalu besar.", "This number is too large."),
    "greater_than_equal": ("Bilangan ini terlalu kecil.", "This number is too small."),
    "less_than_equal": ("Bilangan ini terlalu besar.", "This number is too large."),
    "bool_type": ("Harus true atau false.", "This must be true or false."),
    "literal_error": ("Pilihan ini tidak ada.", "There is no such choice."),
    "union_tag_invalid": ("Pilihan ini tidak ada.", "There is no such choice."),
    "union_tag_not_found": ("Isian ini wajib.", "This field is required."),
    "list_type": ("Harus berupa daftar.", "This must be a list."),
    "too_long": ("Daftar ini terlalu panjang.", "This list is too long."),
    "model_type": ("Harus berupa objek JSON.", "This must be a JSON object."),
    "model_attributes_type": ("Harus berupa objek JSON.", "This must be a JSON object."),
    "offset_missing": ("Sebutkan zona waktunya, misalnya +07:00.", "Say the offset, for example +07:00."),
    "not_an_instant": (
        "Tulis waktu sebagai ISO 8601 dengan zona: 2026-11-24T08:00:00+07:00.",
        "Write an instant as ISO 8601 with offset: 2026-11-24T08:00:00+07:00.",
    ),
    "not_a_whole_minute": ("Waktu dihitung per menit penuh.", "Times are booked in whole minutes."),
    "not_a_date": ("Tulis tanggal sebagai 2026-11-24.", "Write a date as 2026-11-24."),
    "unknown_dimension": (
        "Kelompokkan menurut month, machine, type, facility, district, atau producer.",
        "Group by month, machine, type, facility, district, or producer.",
    ),
    "year_out_of_range": ("Tahun antara 2020 dan 2099.", "The year lies between 2020 and 2099."),
}
ANYTHING_ELSE = ("Isian ini tidak bisa dipakai.", "This cannot be used.")
CORRECTED = {"good", "rejected", "started_at", "stopped_at", "lot_code", "note"}
OUR_NAME = "asked"
"""What operations call their parameters, which no sender knows."""
BRANCHES = {"int", "str", "bool", "constrained-int", "constrained-str"}


class Unreadable(Exception):
    """A text in the body holds characters that no database keeps."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


def say(sentences: tuple[str, str]) -> str:
    """Return the Indonesian or the English of a pair, as the request asked."""
    return sentences[1] if (get_language() or "id").startswith("en") else sentences[0]


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    document = refusal_document(refusal, get_language() or "id")
    return JsonResponse(document, status=409, content_type="application/problem+json")


def bad_input(request: HttpRequest, wrong: BadInput) -> HttpResponse:
    sentence = wrong.sentence(get_language() or "id")
    return problem(422, wrong.code, sentence, errors=[{"field": wrong.field, "code": wrong.code, "message": sentence}])


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name each field that cannot be used, once per reason; of very many, the first."""
    told = [
        {
            "field": field_of(one["loc"]),
            "code": one["type"],
            "message": say(SENTENCES.get(one["type"], ANYTHING_ELSE)),
        }
        for one in error.errors[:MOST_ERRORS]
    ]
    names = ", ".join(dict.fromkeys(one["field"] for one in told))
    return problem(422, "invalid", say((f"Periksa isian: {names}.", f"Look again at: {names}.")), errors=told)


def field_of(location: Any) -> str:
    """Return a field's name as the sender knows it: without its source, our parameter's name, and union branches."""
    parts = [str(part) for part in location]
    source, parts = parts[0], parts[1:]
    if source == "body" or parts[:1] == [OUR_NAME]:
        parts = parts[1:]
    parts = [part for part in parts if "[" not in part and part not in BRANCHES]
    if len(parts) > 1 and parts[0] in CORRECTED:
        parts = parts[1:]
    readable = (part.encode("ascii", "replace").decode()[:LONGEST_NAME] for part in parts)
    return ".".join(readable) or source


def stale(request: HttpRequest, error: Stale) -> HttpResponse:
    words = ("Data ini sudah berubah. Muat ulang dulu.", "This has changed since you read it. Read it again.")
    return problem(412, "stale", say(words))


def not_allowed(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(403, "forbidden", say(("Anda tidak boleh melakukan ini.", "You may not do this.")))


def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    words = ("Tidak ditemukan, atau bukan untuk Anda.", "There is no such thing, or it is not yours to see.")
    named = isinstance(error, Http404) and error.args and str(error.args[0])
    errors = [{"field": named, "code": "not_found", "message": say(words)}] if named else []
    return problem(404, "not_found", say(words), errors=errors)


def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problem(401, "not_signed_in", say(("Masuk dulu, atau kirim token.", "Sign in, or send a valid token.")))
    response["WWW-Authenticate"] = 'Bearer realm="rumah"'
    return response


def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    return problem(429, "too_many", say(("Terlalu sering. Tunggu semenit.", "Too often. Wait a minute.")))


CODES = {400: "bad_request", 403: "forbidden", 415: "unsupported_media_type"}


def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, RequestDataTooBig):
        return too_large(request)
    if isinstance(cause, Unreadable):
        words = say(("Teks ini tidak terbaca.", "This is not readable text."))
        return problem(
            422, "unreadable", words, errors=[{"field": cause.field, "code": "unreadable", "message": words}]
        )
    return problem(error.status_code, CODES.get(error.status_code, "refused"), str(error))


HANDLERS = {
    Refusal: refused,
    BadInput: bad_input,
    ValidationError: invalid,
    Stale: stale,
    NotAllowed: not_allowed,
    PermissionDenied: not_allowed,
    Http404: not_found,
    ObjectDoesNotExist: not_found,
    AuthenticationError: unknown,
    Throttled: too_many,
    HttpError: http_error,
}


def install(api: NinjaAPI) -> None:
    """Make an API answer its errors as written above."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)
