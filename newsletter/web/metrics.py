"""Counts for monitoring, as OpenMetrics; served on a port of its own, to this machine alone.

Behind a proxy on the same machine everybody seems to come from here, so that the readers' port
cannot tell who may see them.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from newsletter.errors import NewsletterError

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"

_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0, 10.0)


class Metrics:
    """Counts; may be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: Counter[float] = Counter()
        self._sum = 0.0
        self._events: Counter[tuple[str, str]] = Counter()

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request that was answered; see ``Log.request``."""
        with self._lock:
            self._requests[method, route, status] += 1
            self._sum += seconds
            self._seconds[next((b for b in _BUCKETS if seconds <= b), float("inf"))] += 1

    def count(self, what: str, fate: str, number: int = 1) -> None:
        """Something else: ``form``, ``mail``, ``unsubscribe`` and what became of it."""
        with self._lock:
            self._events[what, fate] += number

    def text(self, waiting: int | None) -> str:
        """All of it, as OpenMetrics 1.0.

        Args:
            waiting: Requests that are written down and not done; None if nobody knows.
        """
        with self._lock:
            lines = ["# TYPE newsletter_http_requests counter"]
            lines += [
                f'newsletter_http_requests_total{{method="{method}",route="{route}",'
                f'status="{status}"}} {number}'
                for (method, route, status), number in sorted(self._requests.items())
            ]
            lines.append("# TYPE newsletter_http_request_seconds histogram")
            so_far = 0
            for bound in (*_BUCKETS, float("inf")):
                so_far += self._seconds[bound]
                name = "+Inf" if bound == float("inf") else str(bound)
                lines.append(f'newsletter_http_request_seconds_bucket{{le="{name}"}} {so_far}')
            lines.append(f"newsletter_http_request_seconds_count {so_far}")
            lines.append(f"newsletter_http_request_seconds_sum {self._sum:.6f}")
            lines.append("# TYPE newsletter_events counter")
            lines += [
                f'newsletter_events_total{{what="{what}",fate="{fate}"}} {number}'
                for (what, fate), number in sorted(self._events.items())
            ]
        lines.append("# TYPE newsletter_database_up gauge")
        lines.append(f"newsletter_database_up {int(waiting is not None)}")
        if waiting is not None:
            lines.append("# TYPE newsletter_requests_waiting gauge")
            lines.append(f"newsletter_requests_waiting {waiting}")
        return "\n".join([*lines, "# EOF", ""])


def serve_metrics(port: int, text: Callable[[], str]) -> ThreadingHTTPServer:
    """Answer ``/metrics`` on 127.0.0.1, in a thread, until ``shutdown`` is called.

    Raises:
        NewsletterError: The port is taken.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path != "/metrics":
                self.send_error(404)
                return
            body = text().encode()
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: who watches the watcher is nobody's news."""

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise NewsletterError(
            f"cannot serve counts on port {port}: {error.strerror}",
            "Choose another one with --metrics-port.",
        ) from error
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
