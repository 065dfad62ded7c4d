"""A follower beside a server: killed twenty times, cut off, led over a change of the log key; its copy is the ledger."""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import Server  # noqa: E402  pylint: disable=wrong-import-position

WORLD = r"""
set -euo pipefail
. "$SOURCE/tests/scenario/setup.sh"
town
party 91330100MA99A00146 审计事务所 INSTITUTION 330100 | signed operator
bind aud 91330100MA99A00146 '"AUD"' | signed operator
mkdir subs
for n in $(seq 60); do
  for k in $(seq $((n % 7 + 1))); do party "list:$n-$k" 名录 UNKNOWN 330100; done > subs/events
  pilotledger sign subs/events --key keys/operator.pem -o "subs/$n"
done
"""


def run(directory, *command, status=0):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == status, f"{command}: {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


class Follower:
    def __init__(self, directory, url):
        self.lines = open(os.path.join(directory, "lag"), "w", encoding="utf-8")
        self.process = subprocess.Popen(
            ["pilotledger", "follow", url, "copy", "--key", "keys/aud.pem", "--interval", "0.05", "--format", "jsonl",
             "--quiet"], cwd=directory, stdout=self.lines, stderr=subprocess.PIPE, text=True)

    def kill(self):
        early = self.process.poll()
        self.process.send_signal(signal.SIGKILL)
        errors = self.process.communicate()[1]
        self.lines.close()
        assert early is None, f"the follower ended by itself: {early}: {errors}"


def record(server, directory, stopped):
    """Sends what was signed, again and again until it is recorded: the server goes away meanwhile."""
    for number in range(1, 61):
        while not stopped.is_set():
            try:
                if server[0].submit(os.path.join(directory, "subs", str(number))).status == 200:
                    break
            except OSError:
                pass
            time.sleep(0.2)
        time.sleep(0.15)


def lag(directory):
    with open(os.path.join(directory, "lag"), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if line.endswith("\n")]
    return lines[-1] if lines else {}


def rotate(server, directory):
    """The log key changes while the server is away; it comes back at the same address."""
    address = server[0].host
    assert server[0].stop() == 0
    run(directory, "pilotledger", "key", "rotate-log", "--quiet")
    server[0] = Server(directory, "--config", "serve.toml", listen=address)


def play(directory):
    run(directory, "bash", "-c", WORLD)
    with open(os.path.join(directory, "serve.toml"), "w", encoding="utf-8") as settings:
        settings.write("challenges_per_minute = 200\n")
    server, stopped = [Server(directory, "--config", "serve.toml")], threading.Event()
    url = server[0].url
    recorder = threading.Thread(target=record, args=(server, directory, stopped))
    recorder.start()
    try:
        run(directory, "pilotledger", "follow", url, "none", "--key", "keys/bnk.pem", "--once", status=3)
        assert not os.path.exists(os.path.join(directory, "none")), "nothing is left of what may not be copied"
        chance = random.Random(7)
        alive = 0  # kills of a copy that was there
        for kill in range(20):
            follower = Follower(directory, url)
            time.sleep(chance.choice((0.05, 0.2, 0.5, 1.0, 2.0)))
            if kill == 10:
                rotate(server, directory)
                time.sleep(2.5)
            follower.kill()
            there = os.path.exists(os.path.join(directory, "copy/log"))
            alive += there
            if there and kill % 4 == 3:
                run(directory, "pilotledger", "--ledger", "copy", "verify", "--quiet")
        assert alive > 10, alive
        recorder.join(timeout=120)
        follower = Follower(directory, url)
        entries = server[0].get("/v1/ledger").json()["entries"]
        patience = time.monotonic() + 60
        while lag(directory).get("entries") != entries:
            assert time.monotonic() < patience, (lag(directory), entries)
            time.sleep(0.1)
        assert lag(directory)["state"] == "current" and lag(directory)["lag_entries"] == 0, lag(directory)
        run(directory, "pilotledger", "follow", url, "copy", "--once", status=6)  # one at a time
        follower.kill()
        for question in (["checkpoint"], ["log", "--format", "jsonl"], ["view", "parties", "--format", "csv"],
                         ["entity", "party:list:60-1"]):
            there = run(directory, "pilotledger", "--ledger", "ledger", *question)
            here = run(directory, "pilotledger", "--ledger", "copy", *question)
            assert there == here, question
        with open(os.path.join(directory, "ledger/head"), "rb") as one, open(
                os.path.join(directory, "copy/head"), "rb") as other:
            assert one.read() == other.read()
        run(directory, "pilotledger", "--ledger", "copy", "verify", "--quiet")
        print(f"{entries} entries after 20 kills and a change of the log key")
    finally:
        stopped.set()
        recorder.join()
        server[0].stop()


def main():
    os.environ["PATH"] = os.path.abspath(sys.argv[1]) + ":" + os.environ["PATH"]
    os.environ["SOURCE"] = os.path.abspath(sys.argv[2])
    os.environ["LC_ALL"] = "C.UTF-8"
    with tempfile.TemporaryDirectory(prefix="follow-test-") as directory:
        os.environ["PILOTLEDGER_DIR"] = os.path.join(directory, "ledger")
        os.environ["XDG_STATE_HOME"] = os.path.join(directory, "state")
        play(directory)


if __name__ == "__main__":
    main()
