"""HTTP beyond AWS: what an HTTP Task sends, and the small services on this machine that it can send it to.

A Slack, a GitHub and a status page, as real HTTP servers on loopback. Each says what it doesn't model.
"""

from __future__ import annotations

from kit.emulator.http.github import GitHub
from kit.emulator.http.services import HttpServices
from kit.emulator.http.slack import Slack
from kit.emulator.http.status_page import StatusPage

__all__ = ["GitHub", "HttpServices", "Slack", "StatusPage"]
