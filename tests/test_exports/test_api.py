import csv
import io
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from programs.models import Code, MeasureVersion, Partner
from reporting.publishing.models import PublishedFigure
from reporting.publishing.operations import publish_figures
from tests.factories import NOW, MeasureVersionFactory, PartnerFactory
from tests.test_exports.ask import FIGURES, PROGRAM, Ask
from tests.test_publishing.worlds import add_people


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


def as_printed(rows: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [
        (row["table"], row["code"], "" if row["people"] is None else str(row["people"]), row["shown"]) for row in rows
    ]


def test_json_csv_and_published_figures_are_the_same(ask: Ask) -> None:
    published = PublishedFigure.objects.values("table", "label", "people", "shown")
    expected = sorted(as_printed([row | {"code": row["label"]} for row in published]))
    assert len(expected) == 9
    assert sorted(as_printed(ask().json()["figures"])) == expected
    assert sorted(as_printed(csv_rows(ask(f"{FIGURES}?format=csv").content))) == expected


def test_no_exact_figure_is_in_what_a_token_gets(ask: Ask) -> None:
    for address in (PROGRAM, FIGURES, f"{FIGURES}?format=csv"):
        content = ask(address).content.decode()
        assert "14581" not in content
        assert "14,581" not in content
        assert "exact" not in content


def test_a_figure_has_table_code_name_people_and_what_to_print(ask: Ask) -> None:
    figures = ask().json()["figures"]
    assert figures[0] == {"table": "total", "code": "", "name": "Everyone", "people": 14580, "shown": "14,580"}
    south = {"table": "by-region", "code": "S", "name": "South", "people": None, "shown": "fewer than 5"}
    assert south in figures


def test_figures_say_what_they_are(ask: Ask) -> None:
    answer = ask().json()
    assert (answer["program"], answer["measure"]["code"], answer["measure"]["version"]) == ("rur", "people", 1)
    assert "at least assessed" in answer["measure"]["definition"]
    assert answer["rule"]["code"] == "round-5"
    assert answer["freshness"] == {
        "as_of": "2026-11-22T09:00:00Z",
        "counted_until": "2026-11-22T09:00:00Z",
        "changed_at": "2026-11-22T09:00:00Z",
    }


def test_pace_comes_from_the_published_total(ask: Ask) -> None:
    entry = ask().json()["targets"][0]
    target = entry["target"]
    assert (target["value"], target["kind"], target["source"]) == (20_000, "illustrative", "the tests")
    assert entry["pace"]["share_of_target"] == 14_580 / 20_000
    assert entry["pace"]["planned_people"] == 20_000 * 325 // 729
    assert entry["pace"]["is_on_track"] is True


def test_pace_is_the_same_when_only_some_tables_are_asked_for(ask: Ask) -> None:
    assert ask(f"{FIGURES}?table=by-region").json()["targets"] == ask().json()["targets"]


def test_a_target_without_a_due_date_has_no_pace(ask: Ask, version: MeasureVersion) -> None:
    version.targets.update(due_on=None)
    assert ask().json()["targets"][0]["pace"] is None


def test_a_hidden_total_gives_no_pace(ask: Ask, version: MeasureVersion) -> None:
    add_people(version, -14_578)
    publish_figures(version.program, at=NOW)
    answer = ask().json()
    assert answer["figures"][0]["shown"] == "fewer than 5"
    assert answer["targets"][0]["pace"] is None


def test_a_measure_that_was_never_published_has_no_figures_yet(ask: Ask, version: MeasureVersion) -> None:
    MeasureVersionFactory.create(program=version.program, measure__code="new")
    answer = ask(f"{PROGRAM}measures/new/figures/")
    assert answer.json()["figures"] == []
    assert ask(f"{PROGRAM}measures/new/figures/?format=csv").content.count(b"\r\n") == 1


def test_the_program_lists_measures_with_targets_and_addresses(ask: Ask) -> None:
    answer = ask(PROGRAM).json()
    assert (answer["code"], answer["country"], answer["rule"]["code"]) == ("rur", "XR", "round-5")
    measure = answer["measures"][0]
    assert measure["figures_url"] == FIGURES
    assert measure["targets"][0]["value"] == 20_000


def test_the_accept_header_chooses_csv_too(ask: Ask) -> None:
    response = ask(Accept="text/csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="rur-people-figures.csv"'
    assert response.content == ask(f"{FIGURES}?format=csv").content


def test_csv_is_rfc_4180_and_complete(ask: Ask) -> None:
    response = ask(f"{FIGURES}?format=csv")
    assert response.content.endswith(b"\r\n")
    assert response.content.count(b"\n") == response.content.count(b"\r\n") == 10
    assert int(response["Content-Length"]) == len(response.content)
    assert {row["as_of"] for row in csv_rows(response.content)} == {"2026-11-22T09:00:00Z"}


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_name_becomes_a_formula(ask: Ask, name: str) -> None:
    Code.objects.filter(code="N").update(names={"en": name})
    names = {row["name"] for row in csv_rows(ask(f"{FIGURES}?format=csv").content)}
    assert f"'{name}" in names
    assert name in {row["name"] for row in ask().json()["figures"]}


def test_names_with_quotes_and_lines_survive(ask: Ask) -> None:
    Partner.objects.update(name='Say "yes", or\r\nசரி')
    assert 'Say "yes", or\r\nசரி' in {row["name"] for row in csv_rows(ask(f"{FIGURES}?format=csv").content)}


@pytest.mark.parametrize(
    ("asked", "name"), [("cy-GB,en;q=0.5", "Gogledd"), ("CY", "Gogledd"), ("xx;q=9,\x00", "North"), ("", "North")]
)
def test_names_come_in_the_language_of_the_program_that_was_asked_for(ask: Ask, asked: str, name: str) -> None:
    Code.objects.filter(code="N").update(names={"en": "North", "cy": "Gogledd"})
    for address in (FIGURES, f"{FIGURES}?format=csv"):
        assert name in ask(address, **{"Accept-Language": asked}).content.decode()


def test_tables_can_be_chosen(ask: Ask) -> None:
    answer = ask(f"{FIGURES}?table=by-region&table=total").json()
    assert {row["table"] for row in answer["figures"]} == {"by-region", "total"}


@pytest.mark.parametrize(
    "query",
    [
        "table=", "table=secret", "table=%00", "table=total&table=x", "tabel=total", "format=xml", "format=%00",
        "limit=99999999999999999999", "table[]=total", "%00=1", "table=" + "x" * 3000, "after=%FF%FE",
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_400_and_named(ask: Ask, query: str) -> None:
    response = ask(f"{FIGURES}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["invalid_params"]


@pytest.mark.parametrize("address", [f"{PROGRAM}measures/none/figures/", "/api/v1/programs/RUR/"])
def test_what_is_not_there_is_a_404_problem(ask: Ask, address: str) -> None:
    response = ask(address)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_an_accept_header_that_cannot_be_met_is_a_problem(ask: Ask) -> None:
    response = ask(Accept="application/xml")
    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")


def test_what_the_client_has_already_is_not_sent_again(ask: Ask, version: MeasureVersion) -> None:
    etag = ask()["ETag"]
    assert ask(**{"If-None-Match": etag}).status_code == 304
    add_people(version, 50)
    publish_figures(version.program, at=NOW)
    assert ask(**{"If-None-Match": etag}).status_code == 200


def test_json_and_csv_have_different_etags(ask: Ask) -> None:
    assert ask()["ETag"] != ask(f"{FIGURES}?format=csv")["ETag"]


def test_answers_are_not_shared_by_caches(ask: Ask) -> None:
    response = ask()
    assert "private" in response["Cache-Control"]
    assert {"Accept", "Authorization"} <= {part.strip() for part in response["Vary"].split(",")}


def test_an_exact_token_sees_exact_figures_beside_the_published_ones(version: MeasureVersion) -> None:
    answer = Ask.with_token(version.program, sees_exact=True)().json()
    assert answer["exact_is"] == "not for publication"
    total = answer["figures"][0]
    assert (total["people"], total["shown"], total["exact"]) == (14_580, "14,580", 14_581)
    assert sum(row["exact"] for row in answer["figures"] if row["table"] == "by-month") == 14_581


def test_an_exact_token_sees_rows_that_are_not_published(version: MeasureVersion) -> None:
    PublishedFigure.objects.filter(table="by-month").delete()
    answer = Ask.with_token(version.program, sees_exact=True)().json()
    months = [row for row in answer["figures"] if row["table"] == "by-month"]
    march = {"table": "by-month", "code": "2026-03", "name": "March 2026"}
    assert months == [march | {"people": None, "shown": "not published", "exact": 14_581}]


def test_exact_csv_is_marked_in_every_row(version: MeasureVersion) -> None:
    rows = csv_rows(Ask.with_token(version.program, sees_exact=True)(f"{FIGURES}?format=csv").content)
    assert {row["exact_is"] for row in rows} == {"not for publication"}
    assert rows[0]["exact"] == "14581"


def test_figures_take_as_many_queries_for_many_rows(
    ask: Ask, version: MeasureVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask()
    with django_assert_num_queries(14):
        ask()
    PartnerFactory.create_batch(20, program=version.program)
    publish_figures(version.program, at=NOW)
    with django_assert_num_queries(14):
        assert len(ask().json()["figures"]) == 29


def test_measures_do_not_add_queries(
    ask: Ask, version: MeasureVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    MeasureVersionFactory.create_batch(20, program=version.program)
    ask(PROGRAM)
    with django_assert_num_queries(10):
        assert len(ask(PROGRAM).json()["measures"]) == 21
