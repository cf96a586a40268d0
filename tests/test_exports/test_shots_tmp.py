import pytest
from playwright.sync_api import Page
from programs.models import *
from tests.factories import *
import datetime as dt
from tests.test_publishing.worlds import add_people, measure_of
from reporting.publishing.operations import publish_figures
from reporting.exports.operations import create_token
from django.test import Client

@pytest.mark.django_db(transaction=True)
def test_shots(live_server, page: Page, browser):
    program = ProgramFactory.create(code="rur", disclosure_rule="secret-rounding-10", number_locale="en_IN")
    v = measure_of(program)
    TargetFactory.create(measure_version=v, value=15_000_000, name="Crore and a half")
    for m in range(1,12):
        add_people(v, 137*m, day=dt.date(2026,m,3))
    add_people(v, 3, region="S", sector="B", partner=PartnerFactory.create(program=program, name="<b>Acme & Sons"))
    publish_figures(program, at=NOW)
    member = MembershipFactory.create(program=program)
    c = Client(); c.force_login(member.user)
    create_token(program, name="Statistics office", at=NOW, created_by=member.user)
    create_token(program, name="Inside", at=NOW, sees_exact=True, expires_at=NOW+dt.timedelta(days=1))
    for scheme in ("light","dark"):
        for w in (1280, 390):
            ctx = browser.new_context(viewport={"width": w, "height": 900}, color_scheme=scheme)
            ctx.add_cookies([{"name":"sessionid","value":c.cookies["sessionid"].value,"url":live_server.url}])
            p = ctx.new_page()
            for name, url in (("figures","/p/rur/figures/"),("tokens","/p/rur/tokens/"),("docs","/api/docs/")):
                p.goto(live_server.url+url)
                if name=="docs":
                    p.locator(".opblock").first.wait_for()
                    p.locator(".opblock-summary-control", has_text="figures/").click()
                    p.wait_for_timeout(800)
                p.screenshot(path=f"/tmp/exports/{name}-{w}-{scheme}.png", full_page=True)
                print(name, w, p.evaluate("document.documentElement.scrollWidth"))
                if name=="tokens":
                    p.fill("[name=name]", f"Ministry {w} {scheme}")
                    p.click("text=Make the token")
                    p.screenshot(path=f"/tmp/exports/made-{w}-{scheme}.png", full_page=True)
                    print("made", w, p.evaluate("document.documentElement.scrollWidth"))
            from axe_playwright_python.sync_playwright import Axe
            for url in ("/p/rur/figures/","/p/rur/tokens/"):
                p.goto(live_server.url+url)
                r = Axe().run(p)
                print(url, [(v["id"], v["impact"], [n["target"] for n in v["nodes"]]) for v in r.response["violations"]])
            ctx.close()
