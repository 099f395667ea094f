"""nginx and Caddy in front of a server with users, set up as the guide says: nothing is lost and nobody believed."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import textwrap
import time
from pathlib import Path

import pytest

import assay
from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.proxies import TrustedProxies
from assay.testing.environments import MLFLOW_CLIENT, made_environment
from assay.testing.processes import free_port
from assay.testing.server import running_server

from .certificates import Authority
from .conftest import ADMIN, SECRET, Person, add_user, basic

pytestmark = pytest.mark.xdist_group("reverse-proxies")

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "guide" / "proxy.md"
SHARED = "what only the proxy knows"
USER = "ada"
EMPTIED = re.compile(r' +proxy_set_header X-Forwarded-User "";\n +proxy_set_header X-Assay-Proxy-Secret "";\n')
NGINX = """
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
{servers}
}}
"""


def recipe(language, number=0):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)[number]


class Through(Person):
    """Requests through a proxy, over TLS."""

    def __init__(self, server, port, authority, credentials=None):
        super().__init__(server, credentials)
        self.port = port
        self.url = f"https://localhost:{port}"
        self.authority = authority

    def connect(self):
        context = ssl.create_default_context(cafile=self.authority.path)
        return http.client.HTTPSConnection(
            "localhost", self.port, timeout=30, context=context, source_address=(self.address, 0)
        )


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("proxies")


@pytest.fixture(scope="module")
def authority(directory):
    return Authority(directory)


@pytest.fixture(scope="module")
def behind(directory):
    """The server behind the proxies, which believes this machine."""
    config = ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        access_log=False,
        auth=Auth(
            admin_username=ADMIN,
            admin_password=SECRET,
            proxies=TrustedProxies.configured(["127.0.0.1"], user_header="X-Forwarded-User", secret=SHARED),
        ),
    )
    with running_server(directory, config) as running:
        add_user(running, USER)
        yield running


@pytest.fixture(scope="module")
def certificate(authority):
    return authority.sign("localhost")


def filled(text, behind, certificate):
    """A recipe with this machine's names in it."""
    for shown, here in (
        ("127.0.0.1:8080", f"127.0.0.1:{behind.port}"),
        ("/etc/ssl/tracking.example.pem", certificate[0]),
        ("/etc/ssl/tracking.example.key", certificate[1]),
        ("tracking.example", "localhost"),
    ):
        assert shown in text
        text = text.replace(shown, str(here))
    return text


def wait_for(port, process, log):
    deadline = time.monotonic() + 20
    while True:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="module")
def nginx(directory, behind, certificate, authority):
    """Where nginx listens, by what it asks of its clients: nothing, a password, or a certificate."""
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    home = directory / "nginx"
    home.mkdir()
    (home / "users").write_text(f"{USER}:{{PLAIN}}in nginx\n")
    plain = filled(recipe("nginx"), behind, certificate)
    named = recipe("nginx", 1).replace('"..."', f'"{SHARED}"').replace("/etc/nginx/assay.users", str(home / "users"))
    asks = f"ssl_verify_client on;\n    ssl_client_certificate {authority.path};\n    server_name"
    kinds = {
        "open": plain,
        "password": EMPTIED.sub(lambda _: named, plain),
        "certificate": plain.replace("server_name", asks),
    }
    assert len(set(kinds.values())) == 3
    ports = {kind: free_port() for kind in kinds}
    servers = [text.replace("listen 443", f"listen 127.0.0.1:{ports[kind]}") for kind, text in kinds.items()]
    config = NGINX.format(user="user root;" if os.geteuid() == 0 else "", servers="\n".join(servers))
    (home / "nginx.conf").write_text(config)
    log = home / "error.log"
    log.touch()
    command = ["nginx", "-p", str(home), "-c", str(home / "nginx.conf"), "-e", str(log)]
    process = subprocess.Popen(command, env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"})
    try:
        wait_for(ports["certificate"], process, log)
        yield ports
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def caddy(directory, behind, certificate):
    """Where Caddy listens."""
    if shutil.which("caddy") is None:
        pytest.skip("Caddy is not installed: apt-get install caddy")
    home = directory / "caddy"
    home.mkdir()
    port = free_port()
    site = filled(recipe("caddy"), behind, certificate).replace("localhost {", f"https://localhost:{port} {{", 1)
    (home / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + site)
    log = home / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["caddy", "run", "--config", str(home / "Caddyfile"), "--adapter", "caddyfile"],
            env={"PATH": os.environ["PATH"], "HOME": str(home)},
            stdout=out,
            stderr=out,
        )
    try:
        wait_for(port, process, log)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(params=["nginx", "caddy"])
def proxy(request, behind, authority):
    """Somebody without credentials, in front of each proxy."""
    found = request.getfixturevalue(request.param)
    return Through(behind, found if request.param == "caddy" else found["open"], authority)


def as_admin(proxy):
    return Through(proxy.server, proxy.port, proxy.authority, basic(ADMIN, SECRET))


def test_who_logs_in_through_it_gets_a_cookie_that_only_this_host_sets(proxy):
    answer = proxy.send("POST", "/ajax-api/assay/1/session", {"username": ADMIN, "password": SECRET})
    assert answer.status == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-assay=")
    assert "Secure" in cookie
    assert answer.headers["strict-transport-security"]
    known = proxy.send("GET", "/api/2.0/mlflow/users/current", Cookie=cookie.partition(";")[0])
    assert known.json["user"]["username"] == ADMIN


def test_the_log_knows_who_stood_before_it_whatever_they_said(proxy):
    name = f"told-{proxy.port}"
    admin = as_admin(proxy)
    made = admin.send(
        "POST",
        "/api/2.0/mlflow/users/create",
        {"username": name, "password": "a dozen words or so"},
        X_Forwarded_For="10.9.9.9",
        Forwarded="for=10.9.9.9",
    )
    assert made.status == 200
    found = admin.send("GET", "/api/assay/1/audit/search?max_results=5").json["entries"]
    assert [one["address"] for one in found if one["action"] == "createUser"][:1] == [admin.address]


def test_no_client_of_it_is_believed_to_be_a_proxy(proxy):
    said = proxy.send("GET", "/api/2.0/mlflow/users/current", X_Forwarded_User=ADMIN, X_Assay_Proxy_Secret=SHARED)
    assert said.status == 401
    twice = "x-forwarded-user: admin\r\nX_Forwarded_User: admin\r\nX-Assay-Proxy-Secret: " + SHARED
    assert b" 401 " in raw(proxy, f"GET /api/2.0/mlflow/users/current HTTP/1.1\r\nHost: localhost\r\n{twice}\r\n\r\n")


def raw(proxy, request):
    context = ssl.create_default_context(cafile=proxy.authority.path)
    with (
        socket.create_connection(("localhost", proxy.port), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        secure.sendall(request.encode())
        return secure.recv(4096).partition(b"\r\n")[0]


def test_names_come_through_as_they_are(proxy):
    admin = as_admin(proxy)
    for path in ("m/a%20b%26c.txt", "m/%C3%BC+%27.txt", "m/%E2%82%AC.txt"):
        address = f"/api/2.0/mlflow-artifacts/artifacts/{proxy.port}/{path}"
        assert admin.send("PUT", address, path.encode()).status == 200
        assert admin.send("GET", address).body == path.encode()
    refused = admin.send("GET", "/api/2.0/mlflow-artifacts/artifacts/m/..%2F..%2Fassay.db")
    assert refused.status == 400
    model = admin.done("logged-models", experiment_id="0", name="m")["model"]["info"]["model_id"]
    tags = {"tags": [{"key": "a/b", "value": "x"}]}
    assert admin.send("PATCH", f"/api/2.0/mlflow/logged-models/{model}/tags", tags).status == 200
    assert admin.send("DELETE", f"/api/2.0/mlflow/logged-models/{model}/tags/a%2Fb").status == 200
    assert not admin.get(f"logged-models/{model}").json["model"]["info"].get("tags")


def test_pages_of_other_sites_and_other_host_names_are_turned_away(proxy):
    message = {"name": f"from-{proxy.port}"}
    path = "/api/2.0/mlflow/experiments/create"
    admin = as_admin(proxy)
    assert admin.send("POST", path, message, Origin="https://evil.example").status == 403
    stranger = admin.send("GET", "/api/2.0/mlflow/users/current", Host="evil.example")
    assert stranger.status == 403 or not stranger.body, "Caddy answers nothing for names that it does not serve"
    assert admin.send("POST", path, message, Origin=proxy.url).status == 200


def test_a_large_file_and_an_open_answer_are_streamed(proxy, tmp_path):
    admin = as_admin(proxy)
    content = os.urandom(1 << 20) * 24
    address = f"/api/2.0/mlflow-artifacts/artifacts/large/{proxy.port}.bin"
    assert admin.send("PUT", address, content).status == 200
    assert hashlib.sha256(admin.send("GET", address).body).digest() == hashlib.sha256(content).digest()
    connection = admin.connect()
    connection.request("GET", "/ajax-api/assay/1/events", headers=admin.headers)
    answer = connection.getresponse()
    assert answer.status == 200
    answer.fp.readline()
    admin.done("runs/create", experiment_id="0", start_time=1)
    assert any(b"data:" in answer.fp.readline() for _ in range(20))
    answer.close()
    connection.close()


def test_our_client_logs_a_run_through_it(proxy, monkeypatch, fresh_library):
    token = as_admin(proxy).send("POST", "/api/assay/1/tokens/create", {"name": f"for {proxy.port}"})
    assert token.status == 200, token
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token.json["token"])
    monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", str(proxy.authority.path))
    assert logged(proxy.url) == {"loss": 1.0}


def logged(url):
    assay.set_tracking_uri(url)
    with assay.start_run() as run:
        assay.log_metric("loss", 1.0)
        assay.log_text("through it", "note.txt")
    assert assay.artifacts.load_text(f"runs:/{run.info.run_id}/note.txt") == "through it"
    return assay.get_run(run.info.run_id).data.metrics


def test_a_proxy_that_asks_for_passwords_names_the_user(nginx, behind, authority):
    def told(*credentials):
        person = Through(behind, nginx["password"], authority, basic(*credentials) if credentials else None)
        answer = person.send("GET", "/api/2.0/mlflow/users/current", X_Forwarded_User=ADMIN)
        return answer.json["user"]["username"] if answer.status == 200 else answer.status

    assert told(USER, "in nginx") == USER
    assert told(USER, "wrong") == 401
    assert told() == 401


LOG_A_RUN = """
import os, sys
import mlflow
url, authority, machine = sys.argv[1:]
def variables(**given):
    for name in ("INSECURE_TLS", "SERVER_CERT_PATH", "CLIENT_CERT_PATH"):
        os.environ.pop(f"MLFLOW_TRACKING_{name}", None)
        if name in given:
            os.environ[f"MLFLOW_TRACKING_{name}"] = given[name]
def log():
    client = mlflow.MlflowClient(url)
    run = client.create_run("0").info.run_id
    client.log_metric(run, "loss", 1.0)
    assert client.get_run(run).data.metrics == {"loss": 1.0}
variables(SERVER_CERT_PATH=authority, CLIENT_CERT_PATH=machine)
log()
variables(INSECURE_TLS="true", CLIENT_CERT_PATH=machine)
log()
variables(INSECURE_TLS="true")
try:
    log()
except mlflow.exceptions.MlflowException as error:
    assert "400" in str(error) or "SSL" in str(error), error
else:
    raise AssertionError("it was let in without a certificate")
"""


@pytest.fixture
def machine(authority):
    return str(authority.pair("machine"))


@pytest.fixture
def credentials():
    return {"MLFLOW_TRACKING_USERNAME": ADMIN, "MLFLOW_TRACKING_PASSWORD": SECRET}


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (("SERVER_CERT_PATH", "CLIENT_CERT_PATH"), None),
        (("INSECURE_TLS", "CLIENT_CERT_PATH"), None),
        (("SERVER_CERT_PATH",), "answered with status 400"),
        (("CLIENT_CERT_PATH",), "is not trusted"),
    ],
)
@pytest.mark.usefixtures("fresh_library")
def test_only_our_clients_with_a_certificate_get_through(
    nginx, authority, machine, credentials, monkeypatch, given, refusal
):
    values = {"SERVER_CERT_PATH": str(authority.path), "INSECURE_TLS": "true", "CLIENT_CERT_PATH": machine}
    tls = {f"MLFLOW_TRACKING_{name}": values[name] for name in given}
    for name, value in (credentials | tls).items():
        monkeypatch.setenv(name, value)
    url = f"https://localhost:{nginx['certificate']}"
    if refusal is None:
        assert logged(url) == {"loss": 1.0}
    else:
        with pytest.raises(assay.AssayError, match=refusal):
            assay.Client(url).get_experiment("0")


@pytest.mark.timeout(600)
def test_only_clients_of_mlflow_with_a_certificate_get_through(nginx, authority, machine, credentials):
    python = made_environment(MLFLOW_CLIENT, under=REPOSITORY / ".cache")
    url = f"https://localhost:{nginx['certificate']}"
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", textwrap.dedent(LOG_A_RUN), url, str(authority.path), machine],
        env={"PATH": os.environ["PATH"], **credentials},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
