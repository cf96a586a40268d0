"""Finding statements again in three formats: as they were sent, with identifiers only, and in one language."""

import pytest

from tests.test_statements.lms import ANNA, BEN, COURSE, LearningSystem, full, small


def test_statements_with_identifiers_only(either: LearningSystem) -> None:
    number = either.store(full())[0]
    for found in (
        either.get(statementId=number, format="ids").json(),
        either.get(format="ids").json()["statements"][0],
    ):
        assert found["actor"] == {name: ANNA[name] for name in ("objectType", "account")}
        assert found["verb"] == {"id": "http://adlnet.gov/expapi/verbs/completed"}
        assert found["object"] == {"id": COURSE}
        assert found["context"]["team"] == {
            "objectType": "Group",
            "member": [{k: BEN[k] for k in ("objectType", "mbox")}],
        }
        assert found["context"]["contextActivities"]["parent"] == [{"id": "https://academy.example/programmes/1"}]
        assert found["result"]["duration"] == "PT1H2M3.5S"


@pytest.mark.parametrize(
    ("asked", "tag"), [("de-AT,en;q=0.5", "de"), ("en", "en-GB"), ("en-US", "en-GB"), ("fr", "en-GB"), ("", "en-GB")]
)
def test_canonical_statements_speak_one_language(either: LearningSystem, asked: str, tag: str) -> None:
    either.store(small(object=full(objectType="SubStatement")), full())
    for found in either.get(format="canonical", headers={"Accept-Language": asked}).json()["statements"]:
        part = found["object"] if found["object"].get("objectType") == "SubStatement" else found
        definition = part["object"]["definition"]
        assert [list(texts) for texts in (part["verb"]["display"], definition["name"], definition["description"])] == [
            [tag]
        ] * 3
        assert list(definition["choices"][0]["description"]) == [tag]
        assert definition["type"] == "http://adlnet.gov/expapi/activities/course"


def test_exact_statements_speak_all_languages(lms: LearningSystem) -> None:
    lms.store(full())
    found = lms.get(headers={"Accept-Language": "de"}).json()["statements"][0]
    assert found["verb"]["display"] == {"en-GB": "completed", "de": "abgeschlossen"}
