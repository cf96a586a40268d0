"""The state of the counting as metrics for Prometheus: what waits, how long, and whether the books are right."""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever sends UPLIFT_METRICS_TOKEN as bearer token; without such a token there is no such page."""
    sent, wanted = request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not hmac.compare_digest(sent.encode(), wanted.encode()):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Counting())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Counting(Collector):
    """Gauges by program; read when they are asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        from programs.models import Program
        from reporting.counting.clock import database_now
        from reporting.counting.freshness import freshness
        from reporting.counting.models import Ledger, Recount

        now = database_now()
        waiting = gauge("uplift_people_waiting", "People with facts that are not settled yet")
        behind = gauge("uplift_seconds_behind", "Since when the oldest unsettled fact has been waiting")
        ahead = gauge("uplift_ledger_ahead_seconds", "How far the ledger is ahead of the clock")
        differences = gauge(
            "uplift_recount_differences", "Differences that the last recount found; more than 0 is an incident"
        )
        age = gauge("uplift_recount_age_seconds", "Since when the last recount was made")
        for program in Program.objects.all():
            state, last = freshness(program, at=now), Recount.objects.latest_of(program)
            waiting.add_metric([program.code], state.waiting)
            behind.add_metric([program.code], state.behind.total_seconds())
            if ledger := Ledger.objects.filter(program=program).first():
                ahead.add_metric([program.code], max((ledger.closed_until - now).total_seconds(), 0))
            if last:
                differences.add_metric([program.code], 0 if last.repaired_by_id else last.differences)
                age.add_metric([program.code], (now - last.counted_at).total_seconds())
        yield from (waiting, behind, ahead, differences, age)


def gauge(name: str, what: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, labels=["program"])
