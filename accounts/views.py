"""Signing in and out, and one's own account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from . import queries, services
from .forms import WRONG_PAIR, PasswordForm, ProfileForm, SignInForm
from .redirects import safe_next
from .signed_in import signed_in

SHARED_DEVICE_SECONDS = 20 * 60


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session. A wrong password and an unknown phone get the same words."""
    target = safe_next(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        user = authenticate(request, username=form.cleaned_data["phone"], password=form.cleaned_data["password"])
        if user is not None:
            return _welcome(request, user, target, shared=form.cleaned_data["shared"])
        form.add_error(None, WRONG_PAIR)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/sign_in.html", {"form": form, "next": target}, status=status)


def _welcome(request: HttpRequest, user: Any, target: str, *, shared: bool) -> HttpResponse:
    login(request, user)
    if shared:
        request.session.set_expiry(SHARED_DEVICE_SECONDS)
    return _speaking(redirect(target), user.language)


def _speaking(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


def locked_out(request: HttpRequest, *_args: Any, **_options: Any) -> HttpResponse:
    """Answer after too many wrong passwords for one phone from one address."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    response = render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session. A link alone does not: it asks first, so that no other site can do it."""
    if request.method != "POST":
        return render(request, "accounts/sign_out.html")
    logout(request)
    response = redirect("/")
    response["Clear-Site-Data"] = '"cache", "storage"'  # receipts kept for reading offline go too
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show and change what this person says of themselves."""
    user = signed_in(request)
    form = ProfileForm(
        request.POST or None, initial={"name": user.name, "email": user.email, "language": user.language}
    )
    if form.is_valid():
        services.change_profile(user=user, **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Data Anda tersimpan."))
        return _speaking(redirect("account"), user.language)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/account.html", _account_page(request, profile=form), status=status)


def _account_page(request: HttpRequest, **forms: Any) -> dict[str, Any]:
    user = signed_in(request)
    return {
        "profile": ProfileForm(initial={"name": user.name, "email": user.email, "language": user.language}),
        "password": PasswordForm(user=user),
        "tokens": queries.own_tokens(user),
        "consents": user.consents.order_by("-given_at"),
        "trail": queries.own_trail(user),
        **forms,
    }


@sensitive_post_parameters()
@login_required
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Set a new password and stay signed in here; other devices are signed out."""
    user = signed_in(request)
    form = PasswordForm(request.POST, user=user)
    if not form.is_valid():
        return render(request, "accounts/account.html", _account_page(request, password=form), status=422)
    services.change_password(user=user, password=form.cleaned_data["password"], now=timezone.now())
    update_session_auth_hash(request, user)
    messages.success(request, _("Kata sandi Anda sudah diganti."))
    return redirect("account")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out of every other device."""
    user = signed_in(request)
    services.end_other_sessions(user=user, keep=request.session.session_key, now=timezone.now())
    messages.success(request, _("Anda sudah keluar dari perangkat lain."))
    return redirect("account")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of every page, and remember it for people who are signed in."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        user = signed_in(request)
        services.change_profile(user=user, name=user.name, email=user.email, language=language)
    return _speaking(redirect(safe_next(request)), language)
