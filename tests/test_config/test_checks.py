import pytest
from django.core.checks import run_checks
from pytest_django import Settings

SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}}
PUBLIC: dict[str, object] = {"SITE_URL": "https://uplift.example.org", "ALLOWED_HOSTS": ["uplift.example.org"]}
WRONG: dict[str, dict[str, object]] = {
    "config.E001": {"DATABASES": SQLITE, "BROKER_URL": "redis://queue"},
    "config.E002": {"BROKER_URL": "filesystem://"},
    "config.E003": {"DATABASES": SQLITE, "BROKER_URL": "pgmq://localhost"},
    "config.E004": {"SITE_URL": "uplift.example.org"},
    "config.E005": {"SITE_URL": "https://uplift.example.org"},
    "config.E006": {**PUBLIC, "DEBUG": True},
    "config.E007": {"DEBUG": True, "ALLOWED_HOSTS": ["*"]},
    "config.E008": {"ACCOUNT_EMAIL_VERIFICATION": "mandatory"},
    "config.W001": {"SITE_URL": "http://uplift.example.org", "ALLOWED_HOSTS": ["uplift.example.org"]},
}
RIGHT: list[dict[str, object]] = [
    {},
    {"DEBUG": True},
    PUBLIC,
    {"SITE_URL": "http://[::1]:8000"},
    {"SITE_URL": "https://uplift.example.org", "ALLOWED_HOSTS": [".example.org"]},
    {"ACCOUNT_EMAIL_VERIFICATION": "mandatory", "EMAIL_URL": "smtp://mail"},
    {"BROKER_URL": "redis://queue"},
    {"BROKER_URL": "amqp://guest@queue"},
    {"BROKER_URL": "pgmq://localhost"},
]


def found(settings: Settings, changes: dict[str, object]) -> set[str]:
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    for name, value in changes.items():
        setattr(settings, name, value)
    return {str(message.id) for message in run_checks() if str(message.id).startswith("config.")}


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize("identity", WRONG)
def test_a_wrong_combination_is_found(settings: Settings, identity: str) -> None:
    assert identity in found(settings, WRONG[identity])


@pytest.mark.parametrize("changes", RIGHT)
def test_a_right_combination_passes(settings: Settings, changes: dict[str, object]) -> None:
    assert found(settings, changes) == set()


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize("identity", WRONG)
def test_every_message_says_what_to_do(settings: Settings, identity: str) -> None:
    found(settings, WRONG[identity])
    message = next(message for message in run_checks() if message.id == identity)
    assert message.hint
    assert message.msg.endswith(".")
