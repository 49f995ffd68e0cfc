"""Where a person may be sent after a form: only to pages of this site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, *, otherwise: str = settings.LOGIN_REDIRECT_URL) -> str:
    """Return the asked `next` if it is a path of this site, else `otherwise`.

    `//x`, `/\\x` and `javascript:` all leave the site in some browser.
    """
    asked = request.POST.get("next") or request.GET.get("next") or ""
    stays = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if stays else otherwise
