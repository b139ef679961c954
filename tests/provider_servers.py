"""Stand-ins for providers: local HTTP servers that insist on each API as it is documented.

A stand-in complains about every request that is not as its provider's reference says, and a test
that uses it fails for each complaint. Otherwise it answers as the provider does: success, or what
the test put into ``script``.
"""

from __future__ import annotations

import base64
import contextlib
import enum
import json
import re
import ssl
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import trustme

KEY = "k3y-of-the-account-0123456789"
DATE = "Fri, 20 Nov 2026 12:00:00 GMT"


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What goes out."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Fault(enum.Enum):
    """What may happen instead of an answer."""

    DROP = "the connection ends after the request was read"
    HANG = "no answer"
    CUT = "half of the answer to a request that was carried out"


class Provider:
    """One provider's API.

    Attributes:
        taken: Address of each message that was taken, as it came.
        raw: Those messages, where the API takes them as they are.
        complaints: What was not as documented.
        refused: Address → what is answered for it in a batch.
    """

    key: ClassVar[str] = KEY
    most: ClassVar[int] = 1

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.raw: list[bytes] = []
        self.complaints: list[str] = []
        self.refused: dict[str, Any] = {}

    def expect(self, condition: object, complaint: str) -> None:
        if not condition:
            self.complaints.append(complaint)

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def asked(self, request: Request) -> Reply:
        """What is answered to a GET, which nobody uses to send."""
        self.expect(False, f"GET {request.path}")
        return Reply(200)

    def expect_json(self, request: Request, path: str) -> Any:
        self.expect(request.method == "POST", f"method {request.method}")
        self.expect(request.path == path, f"path {request.path}")
        self.expect(request.headers["content-type"] == "application/json", "content type")
        self.expect("application/json" in request.headers["accept"], "accept")
        return request.json()

    def expect_list_headers(self, headers: Mapping[str, str]) -> None:
        known = {name.lower(): value for name, value in headers.items()}
        self.expect(
            known.get("list-unsubscribe") == "<https://letter.example.org/unsubscribe/token1>, "
            "<mailto:letter@example.org?subject=unsubscribe%20token1>",
            f"List-Unsubscribe {known.get('list-unsubscribe')!r}",
        )
        self.expect(
            known.get("list-unsubscribe-post") == "List-Unsubscribe=One-Click",
            "List-Unsubscribe-Post",
        )
        self.expect("<letter.example.org>" in known.get("list-id", ""), "List-Id")
        self.expect(known.get("feedback-id") == "issue:letter:newsletter:abc", "Feedback-ID")
        for name in ("from", "to", "subject", "reply-to", "date", "content-type", "mime-version"):
            self.expect(name not in known, f"{name} among the other headers")
        for name, value in headers.items():
            self.expect("\n" not in value and "\r" not in value, f"{name} is folded")


class Ses(Provider):
    def answer(self, request: Request) -> Reply:
        body = self.expect_json(request, "/v2/email/outbound-emails")
        authorization = request.headers.get("authorization", "")
        self.expect(
            authorization.startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
            and "/eu-west-1/ses/aws4_request" in authorization,
            "no signature for SES",
        )
        self.expect(
            body["ConfigurationOverrides"]["Tracking"]
            == {"OpenTrackingEnabled": "DISABLED", "ClickTrackingEnabled": "DISABLED"},
            "tracking is not off",
        )
        self.expect("ConfigurationSetName" not in body, "a configuration set nobody asked for")
        self.expect(body["FromEmailAddress"] == "bounces@example.org", "envelope sender")
        [to] = body["Destination"]["ToAddresses"]
        raw = base64.b64decode(body["Content"]["Raw"]["Data"], validate=True)
        self.raw.append(raw)
        [tag] = body["EmailTags"]
        self.expect(
            tag["Name"] == "message" and re.fullmatch("[A-Za-z0-9_-]+", tag["Value"]), f"tag {tag}"
        )
        self.taken.append(to)
        return Reply(200, {"MessageId": f"ses-{len(self.taken)}"})


class Mailgun(Provider):
    def answer(self, request: Request) -> Reply:
        login = base64.b64encode(f"api:{KEY}".encode()).decode()
        self.expect(request.headers.get("authorization") == f"Basic {login}", "login")
        self.expect(request.method == "POST", request.method)
        self.expect(request.path == "/v3/example.org/messages.mime", request.path)
        kind = request.headers["content-type"]
        self.expect(kind.startswith("multipart/form-data; boundary="), kind)
        form = message_from_bytes(
            f"Content-Type: {kind}\r\n\r\n".encode() + request.body, policy=policy.HTTP
        )
        fields: dict[str, bytes] = {}
        for part in form.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            data = part.get_payload(decode=True)
            self.expect(name not in fields, f"{name} twice")
            assert isinstance(data, bytes)
            fields[name] = data if name == "message" else data.rstrip(b"\r\n")
        for name in ("o:tracking", "o:tracking-clicks", "o:tracking-opens"):
            self.expect(fields.get(name) == b"no", f"{name} is not off")
        self.raw.append(fields["message"])
        self.taken.append(fields["to"].decode())
        number = len(self.taken)
        return Reply(200, {"id": f"<{number}@example.org>", "message": "Queued. Thank you."})


class Sendgrid(Provider):
    def answer(self, request: Request) -> Reply:
        body = self.expect_json(request, "/v3/mail/send")
        self.expect(request.headers.get("authorization") == f"Bearer {KEY}", "login")
        for name, setting in body["tracking_settings"].items():
            self.expect(setting["enable"] is False, f"{name} is not off")
        self.expect(
            set(body["tracking_settings"])
            == {"click_tracking", "open_tracking", "subscription_tracking", "ganalytics"},
            "a kind of tracking is left to the account",
        )
        self.expect(body["tracking_settings"]["click_tracking"]["enable_text"] is False, "text")
        self.expect([part["type"] for part in body["content"]] == ["text/plain", "text/html"], "")
        self.expect(body["from"] == {"email": "letter@example.org", "name": "Письмо"}, "from")
        self.expect_list_headers(body["headers"])
        self.expect(body["headers"].get("Message-ID", "").startswith("<id"), "Message-ID")
        [person] = body["personalizations"]
        [to] = person["to"]
        self.taken.append(to["email"])
        return Reply(202, headers={"X-Message-Id": f"sendgrid-{len(self.taken)}"})


class Brevo(Provider):
    def answer(self, request: Request) -> Reply:
        body = self.expect_json(request, "/v3/smtp/email")
        self.expect(request.headers.get("api-key") == KEY, "login")
        self.expect(body["sender"] == {"email": "letter@example.org", "name": "Письмо"}, "sender")
        self.expect(body["textContent"] and body["htmlContent"] and body["subject"], "content")
        headers = dict(body["headers"])
        self.expect(len(headers.pop("idempotencyKey")) == 36, "idempotencyKey")
        self.expect_list_headers(headers)
        self.expect(all(value.isascii() for value in headers.values()), "raw 8-bit header")
        self.expect(not any("=?" in value for value in headers.values()), "encoded-words")
        [to] = body["to"]
        self.expect(to["contactPixelTrackingConsent"] is False, "tracking")
        self.taken.append(to["email"])
        return Reply(201, {"messageId": f"<{len(self.taken)}@smtp-relay.example.org>"})


class Postmark(Provider):
    most = 500

    def answer(self, request: Request) -> Reply:
        items = self.expect_json(request, "/email/batch")
        self.expect(request.headers.get("x-postmark-server-token") == KEY, "login")
        self.expect(1 <= len(items) <= self.most, "number of messages")
        self.expect(len(request.body) <= 50_000_000, "size of the request")
        return Reply(200, [self._item(item) for item in items])

    def _item(self, item: Any) -> Any:
        self.expect(item["TrackOpens"] is False and item["TrackLinks"] == "None", "tracking")
        self.expect(item["From"] == '"Письмо" <letter@example.org>', item["From"])
        self.expect(item["MessageStream"] == "broadcast", "stream")
        self.expect(item["TextBody"] and item["HtmlBody"] and item["Subject"], "content")
        headers = {header["Name"]: header["Value"] for header in item["Headers"]}
        self.expect_list_headers(headers)
        self.expect(headers.get("X-PM-KeepID") == "true", "our Message-ID is not kept")
        self.expect(headers.get("Message-ID", "").startswith("<id"), "Message-ID")
        to = item["To"].rpartition("<")[2].rstrip(">")
        if to in self.refused:
            return self.refused[to]
        self.taken.append(to)
        return {
            "To": item["To"],
            "SubmittedAt": "2026-11-20T12:00:00Z",
            "MessageID": f"postmark-{len(self.taken)}",
            "ErrorCode": 0,
            "Message": "OK",
        }


class Resend(Provider):
    """Remembers keys: the same request again gets the same answer and sends nothing."""

    most = 100

    def __init__(self) -> None:
        super().__init__()
        self.answered: dict[str, tuple[bytes, Reply]] = {}

    def answer(self, request: Request) -> Reply:
        self.expect(request.headers.get("authorization") == f"Bearer {KEY}", "login")
        key = request.headers.get("idempotency-key", "")
        self.expect(1 <= len(key) <= 256, "idempotency key")
        if key in self.answered:
            body, reply = self.answered[key]
            if body == request.body:
                return reply
            return Reply(409, {"name": "invalid_idempotent_request", "message": "Another one."})
        reply = self._single(request) if request.path == "/emails" else self._batch(request)
        self.answered[key] = (request.body, reply)
        return reply

    def _single(self, request: Request) -> Reply:
        item = self.expect_json(request, "/emails")
        return Reply(200, {"id": self._item(item)})

    def _batch(self, request: Request) -> Reply:
        items = self.expect_json(request, "/emails/batch")
        self.expect(2 <= len(items) <= self.most, "number of messages")
        self.expect(request.headers.get("x-batch-validation") == "permissive", "validation")
        data, errors = [], []
        for index, item in enumerate(items):
            self.expect("attachments" not in item, "attachments in a batch")
            if refused := self.refused.get(item["to"][0].rpartition("<")[2].rstrip(">")):
                errors.append({"index": index, "message": refused})
            else:
                data.append({"id": self._item(item)})
        return Reply(200, {"data": data, "errors": errors})

    def _item(self, item: Any) -> str:
        self.expect(item["from"] == "Письмо <letter@example.org>", item["from"])
        self.expect(item["text"] and item["html"] and item["subject"], "content")
        self.expect_list_headers(item["headers"])
        [to] = item["to"]
        self.taken.append(to.rpartition("<")[2].rstrip(">"))
        return f"resend-{len(self.taken)}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that do not trust our certificate go away."""


class ProviderServer:
    """A provider on a port of this machine.

    Attributes:
        provider: What it answers when nothing else is planned.
        requests: What came in.
        script: What happens to the next requests instead.
    """

    def __init__(self, provider: Provider, certificate: trustme.LeafCert | None = None) -> None:
        self.provider = provider
        self.requests: list[Request] = []
        self.script: deque[Reply | Fault] = deque()
        self.ended = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"

    @property
    def url(self) -> str:
        return f"{self._scheme}://localhost:{self._server.server_port}"

    def serve(self) -> None:
        self._server.serve_forever(0.01)

    def stop(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def provider_server(
    provider: Provider, certificate: trustme.LeafCert | None = None
) -> Iterator[ProviderServer]:
    """A running stand-in; at its end nothing may be left to complain about."""
    server = ProviderServer(provider, certificate)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
    assert provider.complaints == []


def _handler(server: ProviderServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, self.rfile.read(length))
            server.requests.append(request)
            planned = server.script.popleft() if server.script else None
            if isinstance(planned, Reply):
                self.reply(planned)
                return
            try:
                answer = server.provider.answer(request)
            except (KeyError, ValueError, TypeError) as error:
                server.provider.complaints.append(f"{type(error).__name__}: {error}")
                answer = Reply(400, {"message": "not as documented"})
            if planned is Fault.HANG:
                server.ended.wait(10)
            if planned in {Fault.DROP, Fault.HANG}:
                self.close_connection = True
                return
            self.reply(answer, cut=planned is Fault.CUT)

        def reply(self, reply: Reply, *, cut: bool = False) -> None:
            body = reply.body if isinstance(reply.body, bytes) else b""
            if reply.body is not None and not isinstance(reply.body, bytes):
                body = json.dumps(reply.body).encode()
            self.send_response_only(reply.status)
            for name, value in {"Date": DATE, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # nobody has to read to the end
                self.wfile.write(body[: len(body) // 2] if cut else body)
            self.close_connection = self.close_connection or cut

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, b"")
            server.requests.append(request)
            self.reply(server.provider.asked(request))

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
