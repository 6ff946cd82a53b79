"""One request to a real server: where it goes, and what it does not wait for."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from jobs.errors import JobFailedError
from tests.file_server import Proxy, running
from tests.webhooks.receiver import Receiver
from webhooks import client, targets
from webhooks.targets import Target


def send(url: str, seconds: float = client.TOTAL_SECONDS) -> int:
    return client.post(url, b"{}", {"X-Test": "yes"}, seconds)


def error_of(url: str, seconds: float = client.TOTAL_SECONDS) -> str:
    with pytest.raises(JobFailedError) as failed:
        send(url, seconds)
    return failed.value.code


def test_a_request_comes_with_its_headers_path_and_host(receiver: Receiver) -> None:
    assert send(receiver.address()) == 204
    [message] = receiver.messages
    assert (message.path, message.body) == ("/hook?key=1", b"{}")
    assert message.headers["X-Test"] == "yes"
    assert message.headers["Host"] == f"127.0.0.1:{receiver.server_port}"


@pytest.mark.parametrize("status", [200, 301, 302, 307, 404, 500])
def test_the_status_is_what_was_answered_and_no_redirect_is_followed(
    receiver: Receiver, status: int
) -> None:
    receiver.statuses = [status]
    assert send(receiver.address()) == status
    assert [message.path for message in receiver.messages] == ["/hook?key=1"]


def test_it_connects_to_the_address_that_was_checked(receiver: Receiver) -> None:
    """The name may lead elsewhere by now: nobody asks again."""
    checked = Target(
        "http", "nowhere.invalid", receiver.server_port, "/", [ip_address("127.0.0.1")]
    )
    with client._connect(checked) as line:
        assert client._ask(checked, line, b"", {}) == 204
    assert receiver.messages[0].headers["Host"] == f"nowhere.invalid:{receiver.server_port}"


def test_a_second_address_is_tried(receiver: Receiver) -> None:
    addresses = [ip_address("127.0.0.2"), ip_address("127.0.0.1")]
    checked = Target("http", "localhost", receiver.server_port, "/", addresses)
    with client._connect(checked) as line:
        assert line.getpeername()[0] == "127.0.0.1"


def test_no_proxy_is_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy()
    with running(proxy):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        assert send(receiver.address()) == 204
    assert proxy.asked_for == []


def test_whoever_answers_a_byte_at_a_time_is_cut_off(receiver: Receiver) -> None:
    receiver.pause = 0.2
    assert error_of(receiver.address(), seconds=0.5) == "unreachable"


def test_whoever_does_not_answer_is_cut_off(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for scheme in ("http", "https"):
            assert error_of(f"{scheme}://127.0.0.1:{port}/", seconds=0.3) == "unreachable"


def test_what_is_no_http_is_an_error(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer() -> None:
            line, _ = other.accept()
            line.sendall(b"220 mail.example.org ESMTP\r\n" * 1000)
            line.close()

        thread = threading.Thread(target=answer)
        thread.start()
        assert error_of(f"http://127.0.0.1:{other.getsockname()[1]}/") == "unreachable"
        thread.join()


def test_nobody_there_is_an_error(receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert error_of(f"http://127.0.0.1:{port}/") == "unreachable"
    assert error_of("https://nowhere.invalid/") == "unreachable"


def make_certificate(folder: Path, name: str) -> Path:
    """With its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    encoding = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(encoding)
    )
    return path


@pytest.fixture
def secure(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Receiver]:
    """Its certificate is for localhost, and trusted."""
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    certificate = make_certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = Receiver(context)
    with running(server):
        yield server


def test_an_encrypted_request_comes(secure: Receiver) -> None:
    assert send(secure.address(host="localhost")) == 204
    assert secure.messages[0].headers["Host"] == f"localhost:{secure.server_port}"


def test_the_certificate_has_to_be_that_of_the_name(secure: Receiver) -> None:
    assert error_of(secure.address(host="127.0.0.1")) == "not_trusted"
    assert secure.messages == []


def test_the_certificate_has_to_be_trusted(
    secure: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert error_of(secure.address(host="localhost")) == "not_trusted"
    assert secure.messages == []


def test_an_address_that_is_not_allowed_is_never_connected_to(
    receiver: Receiver, settings: Settings
) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    assert error_of(receiver.address()) == "address_refused"
    assert error_of(f"https://localhost:{receiver.server_port}/") == "address_refused"
    assert receiver.messages == []


def test_targets_have_the_query_in_their_path(receiver: Receiver) -> None:
    assert targets.resolve(receiver.address("?key=1")).path == "/?key=1"
