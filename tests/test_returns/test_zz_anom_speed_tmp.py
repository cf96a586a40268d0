import time
import pytest
from django.db import connection
from courses.returns import anomalies
from courses.returns.anomalies import flagging
from courses.returns.operations import loading
from tests.factories import PartnerFactory
from tests.test_returns.anomaly_world import *
from tests.test_returns.school import counts

@pytest.mark.django_db
@pytest.mark.parametrize("people", [20_000, 1_000_000])
def test_speed(people, monkeypatch):
    a = academy_of(PartnerFactory())
    firms = dormant_firms(a)
    lines = [*Population(people).lines(), *sharing_lines(SHARED_VALUES, SHARING_PEOPLE), *invented_lines(firms, INVENTED)]
    content = file_of_lines(shuffled(lines))
    kept = a.keep(content)
    orig = flagging._flag
    def timed(kind, *args):
        t = time.perf_counter(); orig(kind, *args); print(f"   {kind} {time.perf_counter()-t:.2f}", flush=True)
    monkeypatch.setattr(flagging, "_flag", timed)
    of = loading.flag_rows
    def tf(*args):
        t = time.perf_counter(); n = of(*args); print(f"  flag_rows {n} {time.perf_counter()-t:.2f}", flush=True); return n
    monkeypatch.setattr(loading, "flag_rows", tf)
    ost = loading._stage
    def ts(*args):
        t = time.perf_counter(); n = ost(*args); print(f"  stage {time.perf_counter()-t:.2f}", flush=True); return n
    monkeypatch.setattr(loading, "_stage", ts)
    from courses.returns.checking.placeholders import Placeholders
    om = Placeholders.marks; total=[0.0]
    def tm(self, x):
        t = time.perf_counter(); r = om(self, x); total[0]+=time.perf_counter()-t; return r
    monkeypatch.setattr(Placeholders, "marks", tm)
    t = time.perf_counter()
    loading.load_return_now(kept.pk, at=__import__("tests.factories").factories.NOW)
    print(f"load {people}: {time.perf_counter()-t:.2f} marks {total[0]:.2f}", flush=True)
    kept.refresh_from_db()
    print(counts(kept), flush=True)
    found = set(kept.held_rows.filter(state="waiting").values_list("number", flat=True))
    assert found == numbers_of(shuffled(lines))
