"""The server as a process, and its clients: over TCP and over its Unix socket."""
import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.parse

SESSION = "__Host-pilotledger"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    def cookie(self):
        """The session's secret, as a browser would keep it."""
        return self.headers["set-cookie"].split(";")[0].split("=", 1)[1]


class Server:
    """`pilotledger serve` on any free port of loopback, and on a Unix socket."""

    def __init__(self, directory, *options, environment=None, listen="127.0.0.1:0"):
        self.socket = os.path.join(directory, "socket")
        self.errors = open(os.path.join(directory, "serve.err"), "a+", encoding="utf-8")
        self.process = subprocess.Popen(
            ["pilotledger", "serve", "ledger", "--listen", listen, "--unix", self.socket, *options],
            cwd=directory, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=environment)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            self.errors.seek(0)
            raise SystemExit("serve did not start: " + self.errors.read())
        self.host = urllib.parse.urlsplit(self.url).netloc

    def connection(self, unix=False):
        return UnixConnection(self.socket) if unix else http.client.HTTPConnection(self.host, timeout=30)

    def ask(self, method, target, body=None, headers=None, unix=False):
        connection = self.connection(unix)
        try:
            connection.request(method, target, body=body, headers=headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, target, headers=None, unix=False):
        return self.ask("GET", target, None, headers, unix)

    def post(self, target, body, media_type, headers=None, unix=False):
        return self.ask("POST", target, body, {"Content-Type": media_type, **(headers or {})}, unix)

    def submit(self, file, query=""):
        with open(file, "rb") as submission:
            return self.post("/v1/submissions" + query, submission.read(), "application/octet-stream")

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.errors.close()
        return status


class Stream:
    """Server-sent events, one at a time."""

    def __init__(self, server, target, headers=None):
        self.connection = server.connection()
        self.connection.request("GET", target, headers={"Accept": "text/event-stream", **(headers or {})})
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def next(self, seconds=5):
        """The fields of the next event; None when the stream ended; comments and retry are passed over."""
        self.connection.sock.settimeout(seconds)
        fields = {}
        while True:
            line = self.response.readline().decode()
            if not line:
                return None
            line = line.rstrip("\n")
            if not line and "event" in fields:
                return fields
            if line.startswith(":") or not line:
                continue
            name, value = line.split(": ", 1)
            fields[name] = value

    def close(self):
        self.connection.close()


def run(directory, *command, stdin=None):
    done = subprocess.run(command, cwd=directory, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def key_name(directory, key):
    """NAME+ID of a key file."""
    vkey = run(directory, "pilotledger", "key", "show", f"keys/{key}.pem").strip().splitlines()[-1]
    return "+".join(vkey.split("+")[:2])


def log_in(server, directory, key):
    """The answer to a log-in with that key file."""
    challenge = server.post("/v1/session/challenge", json.dumps({"key": key_name(directory, key)}), "application/json")
    if challenge.status != 200:
        return challenge
    note = run(directory, "pilotledger", "login-sign", "--key", f"keys/{key}.pem", "--quiet",
               stdin=challenge.json()["text"])
    return server.post("/v1/session", note.encode(), "text/plain")


def wait_until(condition, seconds=5):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False
