"""Bearer tokens: what they open, when they end, and that they are never stored."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import services
from accounts.models import ApiToken
from tests import build

pytestmark = pytest.mark.django_db


def issue(*arguments):
    out = StringIO()
    call_command("issue_token", *arguments, stdout=out)
    return out.getvalue()


def test_a_token_is_printed_alone_on_a_line_and_kept_as_a_digest():
    user = build.make_user("Siti", phone="+6281200000001")

    line = issue("0812-0000-0001", "--scope", "bookings:read", "bookings:write", "--days", "7")

    token = line.removesuffix("\n")
    assert " " not in token and "\n" not in token
    kept = ApiToken.objects.get(user=user)
    assert (kept.scopes, kept.digest) == (["bookings:read", "bookings:write"], services.digest_of(token))
    assert token not in str(vars(kept))


@pytest.mark.parametrize("arguments", [["0812-9", "--scope", "bookings:read"], ["081299999999", "--scope", "bookings:read"],
                                       ["081299999999", "--scope", "everything"]])  # fmt: skip
def test_a_token_nobody_may_have_is_not_made(arguments):
    with pytest.raises(CommandError):
        issue(*arguments)
    assert not ApiToken.objects.exists()


def test_a_token_ends_when_its_days_are_over_or_it_is_revoked():
    user = build.make_user()
    raw = services.issue_token(user=user, scopes=["bookings:read"], days=1, now=build.EARLY)

    assert services.token_used(raw, now=build.EARLY).user == user
    assert services.token_used(raw, now=build.EARLY + timedelta(days=1)) is None
    services.revoke_token(token=ApiToken.objects.get(), now=build.EARLY)
    assert services.token_used(raw, now=build.EARLY) is None


def test_a_token_of_someone_who_may_no_longer_sign_in_opens_nothing():
    user = build.make_user()
    raw = services.issue_token(user=user, scopes=["bookings:read"], days=1, now=build.EARLY)
    type(user).objects.filter(pk=user.pk).update(is_active=False)

    assert services.token_used(raw, now=build.EARLY) is None
