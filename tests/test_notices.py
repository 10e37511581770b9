"""A run that nobody watched and that did not publish is told to the webhook, where one is named."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from pipelines import notices

LINES = ["measures.months: rule_every_month: 1 rows break the rule"]


def test_a_failed_run_is_told_with_its_reasons(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    httpserver.expect_request("/hook", method="POST").respond_with_handler(
        lambda request: told.append(request.get_json()) or Response("ok")
    )
    monkeypatch.setenv(notices.WEBHOOK, httpserver.url_for("/hook"))
    assert notices.tell("0123456789abcdef", LINES) == "the webhook was told"
    assert told == [
        {"text": f"Entente: run 01234567 did not publish; the previous publication stays\n{LINES[0]}"},
    ]


def test_without_an_address_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(notices.WEBHOOK, raising=False)
    assert notices.tell("0123456789abcdef", LINES) == "nobody told: ENTENTE_WEBHOOK names no address"


def test_a_webhook_that_refuses_or_is_gone_is_said_and_is_no_error(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/hook").respond_with_data("no", status=503)
    monkeypatch.setenv(notices.WEBHOOK, httpserver.url_for("/hook"))
    assert notices.tell("0123456789abcdef", LINES) == "the webhook answered 503; see ENTENTE_WEBHOOK"
    monkeypatch.setenv(notices.WEBHOOK, "http://127.0.0.1:9/hook")
    assert notices.tell("0123456789abcdef", LINES).startswith("the webhook could not be told: ConnectionError")
