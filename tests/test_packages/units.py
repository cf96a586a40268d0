"""A unit of cmi5 as it behaves in a browser: launched, with its token fetched."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from courses.packages.models import Launch
from courses.packages.rules import INITIALIZED
from courses.packages.units import CATEGORY, MOVE_ON_CATEGORY
from tests.test_packages.making import PAGE, cmi5
from tests.test_packages.world import Player, Visitor, player


class Unit:
    """A unit in a browser: launched, with its token fetched."""

    def __init__(self, who: Player, *, fetches: bool = True) -> None:
        launch, token = who.open()
        Launch.objects.filter(pk=launch.pk).update(expires_at="2999-01-01T00:00:00Z")
        self.who, self.visitor = who, Visitor(token)
        self.launch = json.loads(self.visitor.get().content.decode().split('type="application/json">')[1].split("<")[0])
        given = parse_qs(urlsplit(self.launch["content"]).query)
        self.given = {name: values[0] for name, values in given.items()}
        self.headers = {"x-experience-api-version": "1.0.3"}
        if fetches:
            self.headers["authorization"] = f"Basic {self.visitor.post('fetch/', '').json()['auth-token']}"

    @property
    def actor(self) -> dict[str, Any]:
        actor: dict[str, Any] = json.loads(self.given["actor"])
        return actor

    def place(self, resource: str, **params: str) -> str:
        return f"xapi/{resource}?{urlencode(params)}"

    def state(self, name: str, **more: str) -> str:
        said = {"activityId": self.given["activityId"], "agent": self.given["actor"], **more}
        said["registration"] = more.get("registration", self.given["registration"])
        return self.place("activities/state", **(said | ({"stateId": name} if name else {})))

    def get(self, path: str, **headers: str) -> Any:
        return self.visitor.get(path, **(self.headers | headers))

    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get(self.state("LMS.LaunchData")).json()
        return found

    def statement(self, verb: str, result: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """A statement as the rules of cmi5 want it, with `changes` of its parts."""
        context = self.data()["contextTemplate"]
        context["registration"] = self.given["registration"]
        is_result = bool({"success", "completion"} & (result or {}).keys())
        context["contextActivities"]["category"] = [
            {"id": CATEGORY},
            *([{"id": MOVE_ON_CATEGORY}] if is_result else []),
        ]
        made: dict[str, Any] = {
            "id": str(uuid4()), "actor": self.actor, "verb": {"id": verb}, "context": context,
            "object": {"id": self.given["activityId"]}, "timestamp": "2026-11-23T10:00:00Z",
        }  # fmt: skip
        return made | ({"result": result} if result else {}) | changes

    def send(self, *statements: dict[str, Any], **headers: str) -> Any:
        return self.visitor.post("xapi/statements", list(statements), **(self.headers | headers))

    def say(self, verb: str, result: dict[str, Any] | None = None, **changes: Any) -> int:
        return int(self.send(self.statement(verb, result, **changes)).status_code)


DONE = {"completion": True, "duration": "PT1M"}
WON = {"success": True, "duration": "PT1M", "score": {"scaled": 0.9}}
LOST = {"success": False, "duration": "PT1M", "score": {"scaled": 0.1}}
OVER = {"duration": "PT90S"}


def unit(**attributes: str) -> Unit:
    return Unit(player(cmi5(("index.html?own=1", PAGE), **{"moveOn": "Passed", "masteryScore": "0.8", **attributes})))


def begun(**attributes: str) -> Unit:
    made = unit(**attributes)
    assert made.say(INITIALIZED) == 200
    return made
