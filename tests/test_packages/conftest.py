import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def packages_host(settings: Settings) -> None:
    """The host on which packages are played, whatever the machine is called."""
    settings.SITE_URL = "http://localhost:8000"
    settings.PACKAGES_URL = "http://127.0.0.1:8000"
