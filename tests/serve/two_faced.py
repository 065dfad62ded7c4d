#!/usr/bin/env python3
"""A server with two faces: shows one ledger's signed checkpoint and tiles, and answers questions from another, an older
copy of it. two_faced.py SIGNED-URL ANSWERING-URL; prints its own URL."""
import http.server
import sys
import urllib.error
import urllib.request

SIGNED, ANSWERING = sys.argv[1:3]


class Face(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        shown = self.path == "/checkpoint" or self.path.startswith("/tile/")
        try:
            answer = urllib.request.urlopen((SIGNED if shown else ANSWERING) + self.path, timeout=20)
        except urllib.error.HTTPError as refused:
            answer = refused
        body = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Face)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
