"""The proxy's site: limits, and nothing a client sent in a log; with nginx itself where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection

import pytest

from tests.architecture.sources import ROOT
from tests.postgres import free_port

SITE = ROOT / "deploy/nginx/afterglow.conf"
NAME = "afterglow.clinic.example"
CANARY = "canary-of-a-client"
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}


@pytest.fixture(scope="module")
def site():
    text = SITE.read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("#"))


@pytest.mark.parametrize(
    "directive",
    [
        "client_max_body_size 64k",
        "client_body_buffer_size 64k",
        "client_header_timeout 10s",
        "client_body_timeout 10s",
        "proxy_request_buffering on",
        "proxy_max_temp_file_size 0",
        "proxy_next_upstream off",
        "ssl_protocols TLSv1.2 TLSv1.3",
        "server_tokens off",
        "proxy_set_header X-Forwarded-For $remote_addr",
        "proxy_set_header X-Forwarded-Proto $scheme",
        "proxy_set_header Connection close",
    ],
)
def test_the_site_has_its_limits(directive, site):
    assert f"{directive};" in site


def test_the_socket_is_the_one_of_the_unit(site):
    unit = (ROOT / "deploy/systemd/afterglow.socket").read_text(encoding="utf-8")
    (path,) = re.findall(r"^ListenStream=(.*)$", unit, re.MULTILINE)
    assert f"server unix:{path};" in site


def test_no_log_has_a_path_a_query_or_a_header(site):
    (form,) = re.findall(r"log_format afterglow (.*?);", site, re.DOTALL)
    variables = set(re.findall(r"\$(\w+)", form))
    assert variables == {
        *("time_iso8601", "remote_addr", "request_method", "status", "request_length"),
        *("bytes_sent", "request_time", "upstream_status", "request_id"),
    }
    logs = re.findall(r"(?:access|error)_log (.*?);", site)
    assert sorted(set(logs)) == [
        "/var/log/nginx/afterglow-error.log emerg",
        "/var/log/nginx/afterglow.log afterglow",
    ]
    assert len(logs) == 2 * site.count("server_name ")


@pytest.fixture
def proxy(tmp_path):
    """The site on ports of its own, with a certificate of its own."""
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject, *files],
        check=True,
        capture_output=True,
    )
    plain, secure = free_port(), free_port()
    text = SITE.read_text(encoding="utf-8")
    for before, after in (
        ("listen [::]:80 default_server;\n", "\n"),
        ("listen [::]:443 ssl http2 default_server;\n", "\n"),
        ("listen 80 ", f"listen 127.0.0.1:{plain} "),
        ("listen 443 ", f"listen 127.0.0.1:{secure} "),
        (f"/etc/letsencrypt/live/{NAME}", str(tmp_path)),
        ("/run/afterglow", str(tmp_path)),
        ("/var/log/nginx", str(tmp_path)),
    ):
        assert before in text
        text = text.replace(before, after)
    (tmp_path / "site.conf").write_text(text, encoding="utf-8")
    places = "".join(
        f"{kind}_temp_path {tmp_path}/{kind}; "
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Its workers have to reach the folder of the test, which is its owner's only.
    as_owner = "user root;" if os.geteuid() == 0 else ""
    (tmp_path / "nginx.conf").write_text(
        f"{as_owner} daemon off; pid {tmp_path}/pid; "
        f"error_log {tmp_path}/main-error.log notice; events {{}}\n"
        f"http {{ access_log off; {places} include {tmp_path}/site.conf; }}\n",
        encoding="utf-8",
    )
    # Its workers run as another user than root, who runs the tests in a container.
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    command = ["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", secure)) == 0:
                break
        time.sleep(0.05)
    yield Proxy(tmp_path, plain, secure)
    process.terminate()
    process.wait(timeout=10)


class Proxy:
    """A running nginx with the site."""

    def __init__(self, folder, plain, secure):
        self.folder, self.plain, self.secure = folder, plain, secure
        self._trust = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
        self._trust.check_hostname = False

    def ask(self, method, path, body=None, **headers):
        """Send a request over TLS; return status, headers and body."""
        with closing(
            HTTPSConnection("127.0.0.1", self.secure, timeout=30, context=self._trust)
        ) as connection:
            connection.request(method, path, body, {"Host": NAME} | headers)
            return self._read(connection.getresponse())

    def ask_plainly(self, path):
        """Send a request without TLS."""
        with closing(HTTPConnection("127.0.0.1", self.plain, timeout=30)) as connection:
            connection.request("GET", path, headers={"Host": NAME})
            return self._read(connection.getresponse())

    def logs(self):
        """Return the text of all logs."""
        return "".join(path.read_text(encoding="utf-8") for path in self.folder.glob("*.log"))

    @staticmethod
    def _read(response: HTTPResponse):
        return response.status, response.headers, response.read()


class Upstream:
    """A server at the unix socket: it records what it is sent, and answers with its own policy."""

    def __init__(self, folder):
        self.received = b""
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(str(folder / "afterglow.sock"))
        (folder / "afterglow.sock").chmod(0o666)
        self.listening.listen()
        self.listening.settimeout(20)
        self.thread = threading.Thread(target=self._answer, daemon=True)
        self.thread.start()

    def _answer(self):
        connection, _ = self.listening.accept()
        connection.settimeout(20)
        self.received = connection.recv(65536)
        body = b"[]"
        head = b"HTTP/1.1 200 OK\r\nContent-Security-Policy: default-src 'self'\r\n"
        head += b"X-Content-Type-Options: nosniff\r\n"
        connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        connection.close()
        self.listening.close()


def assert_protected(headers, policy=HEADERS["Content-Security-Policy"]):
    for name, value in HEADERS.items():
        wanted = policy if name == "Content-Security-Policy" else value
        assert headers.get_all(name) == [wanted], name


def test_without_a_server_the_answer_is_a_problem_and_no_log_quotes_the_request(proxy):
    status, headers, body = proxy.ask("GET", f"/v1/{CANARY}?note={CANARY}", Referer=f"https://{CANARY}/")
    assert status == 503
    assert headers["Content-Type"] == "application/problem+json"
    assert headers.get_all("Retry-After") == ["2"]
    assert b'"code": "busy"' in body
    assert_protected(headers)
    # The line is written after the response was sent.
    until = time.monotonic() + 20
    while " GET 503 " not in proxy.logs() and time.monotonic() < until:
        time.sleep(0.05)
    assert " GET 503 " in proxy.logs()
    assert CANARY not in proxy.logs()


def test_a_body_that_is_too_large_does_not_reach_the_server(proxy):
    status, headers, body = proxy.ask("POST", "/v1/sync/push", b"x" * 66_000)
    assert status == 413
    assert b'"code": "body_too_large"' in body
    assert_protected(headers)


def test_what_is_no_http_is_answered_with_the_headers_too(proxy):
    status, headers, body = proxy.ask("GET", f"/{CANARY}{'x' * 9000}")
    assert status == 400
    assert b'"code": "bad_request"' in body
    assert_protected(headers)
    assert CANARY not in proxy.logs()


def test_the_server_learns_the_true_address_and_its_headers_are_not_doubled(proxy):
    upstream = Upstream(proxy.folder)
    status, headers, _ = proxy.ask(
        "GET", "/v1/me", **{"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "ftp", "X-Request-Id": CANARY}
    )
    upstream.thread.join()
    assert status == 200
    assert_protected(headers, policy="default-src 'self'")
    sent = upstream.received.decode()
    assert "X-Forwarded-For: 127.0.0.1\r\n" in sent
    assert "X-Forwarded-Proto: https\r\n" in sent
    assert f"Host: {NAME}\r\n" in sent
    assert "6.6.6.6" not in sent
    assert CANARY not in sent


def test_plain_http_leads_to_https_and_serves_nothing(proxy):
    status, headers, _ = proxy.ask_plainly(f"/v1/me?note={CANARY}")
    assert status == 301
    assert headers["Location"] == f"https://{NAME}/docs"
    assert CANARY not in proxy.logs()


def test_half_sent_bodies_do_not_reach_the_server(proxy):
    upstream = Upstream(proxy.folder)
    half = []
    for _ in range(60):
        raw = socket.create_connection(("127.0.0.1", proxy.secure), timeout=30)
        secured = proxy._trust.wrap_socket(raw)
        secured.sendall(
            f"POST /v1/sync/push HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 100\r\n\r\n{{".encode()
        )
        half.append(secured)
    status, _, _ = proxy.ask("GET", "/health/live")
    upstream.thread.join()
    assert status == 200
    assert upstream.received.startswith(b"GET /health/live ")
    for secured in half:
        secured.close()
