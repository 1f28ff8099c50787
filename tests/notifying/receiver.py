"""The far end of a channel on the loopback address: it counts what arrives, by channel and key."""

import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class _Post(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.arrived[self.path.strip("/"), self.headers["Idempotency-Key"]] += 1
        time.sleep(self.server.seconds)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args):
        pass


@contextmanager
def receiving():
    """A server with `arrived`: (channel, key) → how often; `seconds` is how long it thinks before it answers."""
    with HTTPServer(("127.0.0.1", 0), _Post) as server:
        server.arrived, server.seconds = Counter(), 0.0
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
