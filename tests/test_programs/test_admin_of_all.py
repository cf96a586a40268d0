"""Operators can look at every table in the admin, in a number of queries that does not grow with its rows."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client

from programs.readonly import ReadOnlyAdmin
from tests.factories import UserFactory
from tests.test_house.test_tables import our_models

# Tables of our own that the admin does not show, each with the reason.
NOT_SHOWN = {
    "returns.Piece": "a file names people, and is kept only until it is dealt with",
    "matching.Comparable": "derived from what partners say, and names people",
    "accounts.User_groups": "Django's own, unused",
    "accounts.User_user_permissions": "Django's own, unused",
}
OF_ISSUE_4 = ("returns", "matching", "statements", "people", "programs")
MODELS = [model for label in OF_ISSUE_4 for model in apps.get_app_config(label).get_models()]
SHOWN = [model for model in MODELS if model._meta.label not in NOT_SHOWN]
CHANGED_HERE = {"programs.Program", "programs.Membership"}


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def missing(found: list[type[models.Model]]) -> set[str]:
    return {model._meta.label for model in found if model not in admin.site._registry}


def test_every_table_of_returns_and_people_is_shown_or_says_why_not() -> None:
    assert missing(MODELS) <= set(NOT_SHOWN)
    assert set(NOT_SHOWN) <= {model._meta.label for model in our_models()}
    assert missing([apps.get_model("returns", "Piece")])


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_its_list_opens_and_nothing_can_be_added(operator: Client, model: type[models.Model]) -> None:
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    assert operator.get(address).status_code == 200
    if model._meta.label not in CHANGED_HERE:
        assert isinstance(admin.site._registry[model], ReadOnlyAdmin)
        assert operator.get(f"{address}add/").status_code == 403


def read_one_by_one(model: type[models.Model]) -> set[str]:
    """Columns of the list that lead to another table and are not fetched together with the rows."""
    shown = admin.site._registry[model]
    joined = shown.list_select_related if isinstance(shown.list_select_related, list | tuple) else []
    foreign = {field.name for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)}
    return foreign.intersection(map(str, shown.list_display)) - {str(name).split("__")[0] for name in joined}


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_its_list_asks_nothing_row_by_row(model: type[models.Model]) -> None:
    assert read_one_by_one(model) == set()
