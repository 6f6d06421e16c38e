"""The identity provider in the settings: whole and safe, or refused in plain words."""

import pytest

from opps.access.provider import Provider
from opps.config import SettingsRefused, settings

GOOD = {"OPPS_OIDC_ISSUER": "https://login.example/", "OPPS_OIDC_AUDIENCE": "opps"}


def test_without_a_provider_there_is_none() -> None:
    assert settings({}).provider is None


def test_a_provider_is_read_letter_by_letter() -> None:
    more = {"OPPS_OIDC_ALGORITHMS": "ES256", "OPPS_OIDC_TENANT_CLAIM": "org"}

    assert settings({**GOOD, **more}).provider == Provider(
        issuer="https://login.example/",
        audience="opps",
        algorithms=("ES256",),
        tenant_claim="org",
    )


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"OPPS_OIDC_ISSUER": ""}, "go together"),
        ({"OPPS_OIDC_AUDIENCE": ""}, "go together"),
        ({"OPPS_OIDC_ISSUER": "http://login.example"}, "https"),
        ({"OPPS_OIDC_JWKS_URL": "file:///etc/passwd"}, "https"),
        ({"OPPS_OIDC_ALGORITHMS": "RS256,none"}, "RS256, ES256, EdDSA"),
        ({"OPPS_OIDC_ALGORITHMS": "HS256"}, "RS256, ES256, EdDSA"),
        ({"OPPS_OIDC_ALGORITHMS": ","}, "RS256, ES256, EdDSA"),
    ],
)
def test_half_a_provider_or_an_unsafe_one_is_refused(changed: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        settings({**GOOD, **changed})

    assert told in str(refused.value)
