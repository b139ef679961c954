"""Our signatures against Amazon's own, made by botocore."""

from __future__ import annotations

import datetime
import importlib

import pytest

from newsletter.delivery.transports.aws_signature import Credentials, signed_headers

NOON = datetime.datetime(2026, 11, 20, 12, 0, 5, tzinfo=datetime.UTC)
ADA = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
GUEST = Credentials("ASIAEXAMPLE", "secret/of+a/guest", "token//of==the/session")


@pytest.mark.parametrize("credentials", [ADA, GUEST], ids=["lasting", "temporary"])
@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1"])
@pytest.mark.parametrize(
    ("method", "url", "content"),
    [
        ("POST", "https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails", b'{"a":1}'),
        ("POST", "http://127.0.0.1:5000/v2/email/outbound-emails", "Паром".encode()),
        ("GET", "https://iam.amazonaws.com/?Version=2010-05-08&Action=ListUsers", b""),
        ("GET", "https://iam.amazonaws.com?b=2&a=%20x&a=", b""),
    ],
)
def test_a_request_is_signed_as_amazon_signs_it(
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    url: str,
    content: bytes,
    region: str,
    credentials: Credentials,
) -> None:
    headers = {"Content-Type": "application/json", "X-Amz-Meta": "  two   words "}
    ours = signed_headers(
        method,
        url,
        headers,
        content,
        credentials=credentials,
        region=region,
        service="ses",
        now=NOON.astimezone(datetime.timezone(datetime.timedelta(hours=-7))),
    )
    theirs = _by_botocore(monkeypatch, method, url, headers, content, region, credentials)
    assert ours["Authorization"] == theirs["Authorization"]
    assert ours["X-Amz-Date"] == theirs["X-Amz-Date"] == "20261120T120005Z"
    assert ours.get("X-Amz-Security-Token") == theirs.get("X-Amz-Security-Token")


def test_the_example_of_amazons_own_guide() -> None:
    # "Create a signed AWS API request", 2015-08-30: the published signature.
    signed = signed_headers(
        "GET",
        "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
        {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
        b"",
        credentials=Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        region="us-east-1",
        service="iam",
        now=datetime.datetime(2015, 8, 30, 12, 36, tzinfo=datetime.UTC),
    )
    assert signed["Authorization"].endswith(
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    )


def test_secrets_do_not_show() -> None:
    assert "secret/of" not in repr(GUEST)
    assert "token//" not in repr(GUEST)


def _by_botocore(
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    url: str,
    headers: dict[str, str],
    content: bytes,
    region: str,
    credentials: Credentials,
) -> dict[str, str]:
    auth, credentials_module, awsrequest = (
        importlib.import_module(f"botocore.{name}")
        for name in ("auth", "credentials", "awsrequest")
    )
    monkeypatch.setattr(auth, "get_current_datetime", lambda *_, **__: NOON)
    request = awsrequest.AWSRequest(method, url, headers=dict(headers), data=content)
    auth.SigV4Auth(
        credentials_module.Credentials(
            credentials.key_id, credentials.secret, credentials.session_token or None
        ),
        "ses",
        region,
    ).add_auth(request)
    return dict(request.headers.items())
