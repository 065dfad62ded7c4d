#!/usr/bin/env python3
"""Sources of a copy that lie: what is signed counts, and what is not signed is believed by nobody.
sources_test.py PROGRAMS SOURCE"""
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import Server  # noqa: E402  pylint: disable=wrong-import-position

WORLD = r"""
set -euo pipefail
. "$SOURCE/tests/scenario/setup.sh"
town
party 91330100MA99A00146 审计事务所 INSTITUTION 330100 | signed operator
bind aud 91330100MA99A00146 '"AUD"' | signed operator
cp -r ledger early
cp -r ledger other
award A1 1 | signed trs eit
award A2 2 | signed trs eit
PILOTLEDGER_DIR=$PWD/other
award B1 1 | signed trs eit
award B2 2 | signed trs eit
award B3 3 | signed trs eit
mkdir stranger; cd stranger
export PILOTLEDGER_DIR=$PWD/ledger KEYS=$PWD/keys
mkdir keys
town
"""


def run(directory, *command, status=0):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == status, f"{command}: {done.returncode}: {done.stdout}{done.stderr}"
    return done


class Between(http.server.ThreadingHTTPServer):
    """Passes on what the true server says, but commits, which it takes from another one or makes up."""

    def __init__(self, true):
        super().__init__(("127.0.0.1", 0), Passing)
        self.true = true
        self.commits = lambda path: true.get(path, unix=True).body
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Passing(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
        kept = {name: value for name, value in self.headers.items() if name.lower() in ("content-type", "cookie")}
        if self.path.startswith("/v1/commits"):
            status, headers, body = 200, {}, self.server.commits(self.path)
        else:
            answer = self.server.true.ask(self.command, self.path, body, kept)
            status, headers, body = answer.status, answer.headers, answer.body
        self.send_response(status)
        for name in ("content-type", "set-cookie"):
            if name in headers:
                self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Play:
    def __init__(self, directory):
        self.directory = directory
        run(directory, "bash", "-c", WORLD)
        self.servers = []
        self.true = self.serve("ledger")
        self.size = self.true.get("/v1/ledger").json()["entries"]
        run(directory, "pilotledger", "follow", "early", "base", "--once", "--quiet")
        self.between = Between(self.true)

    def serve(self, ledger):
        home = os.path.join(self.directory, "home-" + ledger)
        os.mkdir(home)
        os.symlink(os.path.join(self.directory, ledger), os.path.join(home, "ledger"))
        with open(os.path.join(home, "serve.toml"), "w", encoding="utf-8") as settings:
            settings.write("challenges_per_minute = 200\n")
        self.servers.append(Server(home, "--config", "serve.toml"))
        return self.servers[-1]

    def copy(self, name):
        shutil.copytree(os.path.join(self.directory, "base"), os.path.join(self.directory, name))
        return name

    def follow(self, copy, status, source=None):
        done = run(self.directory, "pilotledger", "follow", source or self.between.url, copy, "--once", "--key",
                   "keys/aud.pem", "--format", "json", "--quiet", status=status)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return lines[-1] if lines else {}, done.stderr

    def held(self, copy):
        """The copy is sound, whatever its source did."""
        run(self.directory, "pilotledger", "--ledger", copy, "verify", "--quiet")

    def test_a_source_that_gives_older_commits(self):
        early = self.serve("early")
        self.between.commits = lambda path: early.get(path, unix=True).body
        said, why = self.follow(self.copy("older"), 1)
        assert said.get("state") != "current", said
        assert "holds something back" in why and str(self.size) in why, why
        self.held("older")
        self.between.commits = lambda path: self.true.get(path, unix=True).body
        said, _ = self.follow("older", 0)
        assert (said["state"], said["entries"], said["lag_entries"]) == ("current", self.size, 0), said

    def test_it_goes_on_asking_while_something_is_held_back(self):
        page = self.true.get("/v1/commits?from=0", unix=True).body
        self.between.commits = lambda path: page[:17]
        process = subprocess.Popen(
            ["pilotledger", "follow", self.between.url, self.copy("patient"), "--key", "keys/aud.pem", "--format",
             "jsonl", "--interval", "0.05"], cwd=self.directory, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True)
        try:
            said = json.loads(process.stdout.readline())
            assert said["state"] == "withheld" and said["lag_entries"] == 2, said
            self.between.commits = lambda path: self.true.get(path, unix=True).body
            while said["state"] != "current":
                said = json.loads(process.stdout.readline())
            assert (said["entries"], said["lag_entries"]) == (self.size, 0), said
        finally:
            process.kill()
            process.communicate()

    def test_a_size_that_nobody_signed(self):
        def claims(path):
            body = self.true.get(path, unix=True).body
            return body[:1] + (1 << 60).to_bytes(8, "big") + body[9:]

        self.between.commits = claims
        said, _ = self.follow(self.copy("claimed"), 0)
        assert (said["state"], said["entries"], said["lag_entries"]) == ("current", self.size, 0), said

    def test_commits_of_a_fork_beside_the_true_checkpoint(self):
        other = self.serve("other")
        self.between.commits = lambda path: other.get(path, unix=True).body
        said, why = self.follow(self.copy("forked"), 5)
        assert said.get("state") != "current", said
        assert "another history" in why, why
        vkey = open(os.path.join(self.directory, "vkey"), encoding="utf-8").read().strip()
        assert run(self.directory, "pilotledger", "verify", "forked/fork-evidence", "--key", vkey).stdout.startswith(
            "FORK")

    def test_a_refused_source_is_not_what_the_copy_follows(self):
        with open(os.path.join(self.directory, self.copy("marked"), "copy-of"), encoding="utf-8") as mark:
            before = mark.read()
        _, why = self.follow("marked", 3, "stranger/ledger")
        assert "is another" in why, why
        with open(os.path.join(self.directory, "marked/copy-of"), encoding="utf-8") as mark:
            assert mark.read() == before

    def test_taking_over_asks_the_source(self):
        self.between.commits = lambda path: self.true.get(path, unix=True).body
        self.follow(self.copy("next"), 0, self.true.url)
        with open(os.path.join(self.directory, "base/copy-of"), "w", encoding="utf-8") as mark:
            mark.write(self.true.url + "\n")
        self.copy("stale")
        take = ["pilotledger", "takeover", "stale", "--log-key", "ledger/log.pem", "--checkpoint", "early.note"]
        note = run(self.directory, "pilotledger", "--ledger", "early", "checkpoint").stdout
        with open(os.path.join(self.directory, "early.note"), "w", encoding="utf-8") as file:
            file.write(note)
        why = run(self.directory, *take, status=3).stderr
        assert f"has {self.size} entries and this copy {self.size - 2}" in why, why
        assert os.path.exists(os.path.join(self.directory, "stale/copy-of")), "nothing is taken over"
        why = run(self.directory, *take, "--alone").stderr
        assert "has recorded more" in why, why
        why = run(self.directory, "pilotledger", "takeover", "next", "--log-key", "ledger/log.pem", "--alone").stderr
        assert f"was asked: it has {self.size} entries, none that this copy lacks" in why, why

    def end(self):
        self.between.shutdown()
        for server in self.servers:
            server.stop()


def main():
    os.environ["PATH"] = os.path.abspath(sys.argv[1]) + ":" + os.environ["PATH"]
    os.environ["SOURCE"] = os.path.abspath(sys.argv[2])
    os.environ["LC_ALL"] = "C.UTF-8"
    with tempfile.TemporaryDirectory(prefix="sources-test-") as directory:
        os.environ["XDG_STATE_HOME"] = os.path.join(directory, "state")
        play = Play(directory)
        try:
            for name in [name for name in dir(play) if name.startswith("test_")]:
                shutil.rmtree(os.environ["XDG_STATE_HOME"], ignore_errors=True)
                getattr(play, name)()
                print("ok", name)
        finally:
            play.end()


if __name__ == "__main__":
    main()
