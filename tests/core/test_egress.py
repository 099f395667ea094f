"""The guarded door: what it refuses to speak to, to whom it connects, and how little it waits and reads."""

from __future__ import annotations

import http.server
import shutil
import socket
import ssl
import subprocess
import threading
import time
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core import egress
from assay.core.egress import Egress, is_public
from assay.core.errors import ConfigurationError, InvalidParameterValue, ServerUnreachable

LOOPBACK = (ip_network("127.0.0.0/8"),)
SPECIAL = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "168.63.129.16", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::808:808",
    "64:ff9b:1::1", "fe80::1", "fe80::1%1", "fec0::1", "fd00:ec2::254", "ff02::1", "2001::1", "2002:7f00:1::",
    "2001:db8::1", "100::1", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", SPECIAL)
def test_what_is_no_host_of_the_internet_is_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111"])
def test_hosts_of_the_internet_are_public(address):
    assert is_public(ip_address(address))


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_no_ipv4_address_is_public_that_python_says_is_not(address):
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved


@given(st.integers(0, 2**128 - 1).map(IPv6Address) | st.integers(0x2 << 124, (0x4 << 124) - 1).map(IPv6Address))
def test_no_ipv6_address_is_public_that_python_says_is_not(address):
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved
        assert not address.is_site_local


@given(st.integers(0, 2**32 - 1), st.sampled_from(["::ffff:0:0", "64:ff9b::", "::"]))
def test_no_ipv4_address_in_disguise_is_public(number, prefix):
    assert not is_public(IPv6Address(int(IPv6Address(prefix)) + number))
    assert not is_public(IPv6Address((0x2002 << 112) + (number << 80)))


REFUSED = [
    "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0/",
    "https://2130706433/", "https://0x7f.1/", "https://169.254.169.254/", "https://10.0.0.1/", "https://127.1/",
    "http://8.8.8.8/", "ftp://8.8.8.8/", "file:///etc/passwd", "gopher://8.8.8.8/", "https://user@8.8.8.8/",
    "https://user:word@8.8.8.8/", "https://@8.8.8.8/", "https://8.8.8.8:22/", "https://8.8.8.8:0/",
    "https://8.8.8.8:99999/", "https://8.8.8.8:x/", "https:///x", "https://", "", "x", "https://8.8.8.8/a b",
    "https://8.8.8.8/\r\nX: y", "https://8.8.8.8\\@127.0.0.1/", "https://[::1/", "//8.8.8.8/",
    "HTTPS://127.0.0.1/", "https://0177.0.0.1/", "https://0x7f000001/", "https://017700000001/", "https:127.0.0.1/",
    "https:/127.0.0.1/", "https://127。0。0。1/", "https://127.0.0.1:443@8.8.8.8/", "https://8.8.8.8:443:80/",
    "https://8.8.8.8:+443/", "https://8.8.8.8:4_43/", "https://[::]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
    "https://[::ffff:0:127.0.0.1]/", "https://[0:0:0:0:0:ffff:169.254.169.254]/", "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/", "https://[fe80::1%lo]/", "https://[fd00:ec2::254]/",
    "https://100.100.100.200/", "https://168.63.129.16/",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_not_allowed_is_refused_before_anything_is_sent(url, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a packet left"))
    with pytest.raises(InvalidParameterValue):
        Egress().post(url, b"", {})


def test_public_addresses_are_allowed():
    target = Egress().target("https://8.8.8.8/a%20b?c=d#e")
    assert (target.secure, target.host, target.port, target.path) == (True, "8.8.8.8", 443, "/a%20b?c=d")
    assert Egress().target("https://[2606:4700:4700::1111]/").authority == "[2606:4700:4700::1111]"


def test_a_network_that_is_listed_is_allowed_as_it_is_written():
    door = Egress(networks=LOOPBACK)
    assert door.target("https://127.0.0.1/").addresses[0][1] == ("127.0.0.1", 443)
    with pytest.raises(InvalidParameterValue, match="ASSAY_WEBHOOK_ALLOWED_NETWORKS"):
        door.target("https://[::ffff:127.0.0.1]/")


def test_a_host_with_one_address_that_is_not_public_is_refused(monkeypatch):
    monkeypatch.setattr(egress.socket, "getaddrinfo", lambda *_, **__: [_found("8.8.8.8"), _found("10.0.0.1")])
    with pytest.raises(InvalidParameterValue, match="not on the public internet"):
        Egress().target("https://mixed.example/")


def _found(address):
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))


@pytest.mark.parametrize(
    "options", [{"schemes": ["ftp"]}, {"ports": ["x"]}, {"networks": ["10.0.0.1/8"]}, {"networks": ["x"]}]
)
def test_an_operator_learns_of_a_mistake_at_the_start(options):
    with pytest.raises(ConfigurationError, match="ebhooks"):
        Egress.configured(**{"schemes": ["https"], "ports": ["443"], "networks": [], **options})


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.seen.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(int(self.path[1:]))
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/200")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def door_to(port, **options):
    return Egress(schemes=("http", "https"), ports=(port,), networks=LOOPBACK, **options)


def test_a_body_arrives_with_its_headers_and_no_others(receiver, monkeypatch):
    port = receiver.server_port
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "secret")
    assert door_to(port).post(f"http://localhost:{port}/200", b"body", {"X-Mine": "yes"}) == 200
    [(path, headers, body)] = receiver.seen
    assert (path, body) == ("/200", b"body")
    assert headers.pop("User-Agent").startswith("assay/")
    assert headers == {
        "Host": f"localhost:{port}", "X-Mine": "yes", "Content-Length": "4", "Accept-Encoding": "identity",
        "Connection": "close",
    }  # fmt: skip


@pytest.mark.parametrize("status", [302, 307, 404, 500])
def test_a_status_is_told_and_a_redirect_not_followed(receiver, status):
    port = receiver.server_port
    assert door_to(port).post(f"http://127.0.0.1:{port}/{status}", b"", {}) == status
    assert len(receiver.seen) == 1


def test_a_name_is_looked_up_once_and_connected_to_as_it_was_found(receiver, monkeypatch):
    port = receiver.server_port
    answers = [[(*_found("127.0.0.1")[:4], ("127.0.0.1", port))]]
    monkeypatch.setattr(egress.socket, "getaddrinfo", lambda *_, **__: answers.pop())
    assert door_to(port).post(f"http://changing.example:{port}/200", b"", {}) == 200
    assert receiver.seen[0][1]["Host"] == f"changing.example:{port}"


def test_a_name_that_leads_elsewhere_later_is_refused_before_anything_is_sent(receiver, monkeypatch):
    port = receiver.server_port
    answers = [[_found("127.0.0.1")], [_found("8.8.8.8")]]
    monkeypatch.setattr(egress.socket, "getaddrinfo", lambda *_, **__: answers.pop())
    door = Egress(schemes=("http",), ports=(port,))
    assert door.target(f"http://changing.example:{port}/").host == "changing.example"
    with pytest.raises(InvalidParameterValue, match="not on the public internet"):
        door.post(f"http://changing.example:{port}/200", b"", {})
    assert not receiver.seen


def test_a_name_that_is_not_found_in_time_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(egress.socket, "getaddrinfo", lambda *_, **__: time.sleep(2) or [])
    begun = time.monotonic()
    with pytest.raises(ServerUnreachable, match="cannot be found"):
        Egress(seconds=0.1).post("https://slow.example/", b"", {})
    assert time.monotonic() - begun < 1


def answering(pieces, pause=0.0):
    """A server that says these bytes to whoever comes first; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listener, listener.accept()[0] as connection:
            try:
                connection.recv(65536)
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(pause)
            except OSError:  # nobody reads on
                return

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


@pytest.mark.parametrize(
    ("pieces", "pause", "says"),
    [
        ((b"x" for _ in range(100)), 0.05, "takes too long"),
        ((b"HTTP/1.1 200 OK\r\n", *[b"a: b\r\n"] * 100), 0.05, "takes too long"),
        ([b"HTTP/1.1 100 Continue\r\n\r\n"] * 10_000, 0, "takes too long|not HTTP|breaks"),
        ([b"SSH-2.0-OpenSSH secret banner\r\n"], 0, "not HTTP"),
        ([], 0, "connection breaks|not HTTP"),
        ([b"HTTP/1.1 200 OK\r\n", *[b"a: " + b"b" * 9000 + b"\r\n"] * 1000], 0, "not HTTP|breaks"),
    ],
)
def test_who_trickles_floods_or_babbles_is_cut_off(pieces, pause, says):
    port = answering(pieces, pause)
    begun = time.monotonic()
    with pytest.raises(ServerUnreachable, match=says) as caught:
        door_to(port, seconds=0.5).post(f"http://127.0.0.1:{port}/", b"", {})
    assert time.monotonic() - begun < 2
    assert "secret" not in str(caught.value)


def test_an_answer_without_end_is_not_read():
    port = answering([b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 65536] * 1000])
    assert door_to(port).post(f"http://127.0.0.1:{port}/", b"", {}) == 200


@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.1 404 No\r\nContent-Length: 300000\r\n\r\n"])
def test_a_whole_answer_is_read_where_it_is_wanted(head):
    port = answering([head, *[b"x" * 30_000] * 10], 0.01)
    status = int(head.split()[1])
    answer = door_to(port, answer_bytes=400_000).ask(f"http://127.0.0.1:{port}/", headers={})
    assert answer == (status, b"x" * 300_000)


@pytest.mark.parametrize(
    ("pieces", "says"),
    [
        ([b"HTTP/1.0 200 OK\r\n\r\n", *[b"x" * 30_000] * 10], "breaks"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"], "breaks|not HTTP"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", *[b"x"] * 99], "takes too long"),
    ],
)
def test_an_answer_that_is_too_large_or_slow_or_not_whole_is_none(pieces, says):
    port = answering(pieces, 0.05)
    with pytest.raises(ServerUnreachable, match=says):
        door_to(port, seconds=0.5).ask(f"http://127.0.0.1:{port}/", body=b"", headers={})


def test_nobody_there_is_said():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ServerUnreachable, match="refuses connections"):
        door_to(port).post(f"http://127.0.0.1:{port}/", b"", {})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(path), "-out", "-"]
    made = subprocess.run(
        [*command, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True
    )
    path.write_bytes(path.read_bytes() + made.stdout)
    return path


def test_a_certificate_is_checked_against_the_name(receiver, certificate, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    port = receiver.server_port
    with pytest.raises(ServerUnreachable, match="certificate is not valid"):
        door_to(port).post(f"https://localhost:{port}/200", b"", {})
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # now it is one that the system trusts
    assert door_to(port).post(f"https://localhost:{port}/200", b"", {}) == 200
    assert door_to(port).ask(f"https://localhost:{port}/200", body=b"", headers={}) == (200, b"")
    with pytest.raises(ServerUnreachable, match="certificate is not valid"):
        door_to(port).post(f"https://127.0.0.1:{port}/200", b"", {})
