"""Chromium without a window, for tests of what people see: Debian's package, since Playwright's own download is not to be had everywhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here: apt-get install chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that reaches this machine alone: what a page would fetch from elsewhere is an error there."""
    # As root Chromium has no sandbox to offer, and says so by not starting.
    options = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*options, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
        )
        try:
            yield browser
        finally:
            browser.close()
