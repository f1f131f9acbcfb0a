"""A real browser for tests: the site on a free port, and pages whose every complaint is noted."""

import shutil
import threading

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def server(django):
    """Serve the site on a free port."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            """Say nothing."""

    class Closing(ThreadedWSGIServer):
        def close_request(self, request):
            """Give the thread's connection back."""
            from django.db import connections

            super().close_request(request)
            connections.close_all()

    httpd = Closing(("127.0.0.1", 0), Quiet, ipv6=False)
    httpd.set_app(get_wsgi_application())
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def chromium(monkeypatch):
    """Start chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium is installed (on Debian, as root: apt-get install chromium)")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's own loop runs in the thread of the test
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Open pages in windows of their own; every message on the console, and every failed request, is noted."""
    windows = []

    def make(**options):
        window = chromium.new_context(**options)
        windows.append(window)
        page = window.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
        return page

    yield make
    for window in windows:
        window.close()


def log_in_as(page, server, client):
    """Put the session of a test's client into a window, without the form."""
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": server}])


def press(page, button):
    """Press a button by its words."""
    page.get_by_role("button", name=button).click()
