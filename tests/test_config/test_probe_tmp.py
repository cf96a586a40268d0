import pytest
from django.db import connection

@pytest.mark.django_db
def test_role():
    with connection.cursor() as c:
        c.execute("select current_user, usesuper, version() from pg_user where usename=current_user")
        assert c.fetchone()[:2] == ("uplift", False)
@pytest.mark.browser
def test_b(page):
    page.goto("data:text/html,<p>hi</p>")
    assert page.inner_text("p") == "hi"
