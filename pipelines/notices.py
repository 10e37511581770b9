"""Tells a person, where a webhook is named, that a run which nobody watched did not publish."""

from __future__ import annotations

import os

import requests

WEBHOOK = "ENTENTE_WEBHOOK"
SECONDS = 10


def tell(run_id: str, lines: list[str]) -> str:
    """Post why a run did not publish to the address in `ENTENTE_WEBHOOK`, as `{"text": …}`; without it nobody is told.

    Returns:
        What became of it in words, for the log. A webhook that does not answer is no error of the run.
    """
    address = os.environ.get(WEBHOOK)
    if not address:
        return f"nobody told: {WEBHOOK} names no address"
    text = "\n".join([f"Entente: run {run_id[:8]} did not publish; the previous publication stays", *lines])
    try:
        answer = requests.post(address, json={"text": text}, timeout=SECONDS)
    except requests.RequestException as error:
        return f"the webhook could not be told: {type(error).__name__}; see {WEBHOOK}"
    if not answer.ok:
        return f"the webhook answered {answer.status_code}; see {WEBHOOK}"
    return "the webhook was told"
