"""Clients who send each submission until it is answered, to whichever node, and write down what they were told."""
import collections
import json
import random
import threading
import time

PACE = 0.03  # seconds between two submissions of a client


class Call:
    """One submission from its first attempt to its answer."""

    def __init__(self, client, number, repeated=False):
        self.client, self.number, self.repeated = client, number, repeated
        self.invoked = time.monotonic()
        self.answered = self.node = self.index = self.recorded_at = self.note = None
        self.refusal = None  # an answer that no retry can heal
        self.attempts = 0

    def line(self, event_id):
        return {"client": self.client, "id": event_id, "invoked": self.invoked, "answered": self.answered,
                "node": self.node, "index": self.index, "recordedAt": self.recorded_at, "attempts": self.attempts,
                "repeated": self.repeated, "refusal": self.refusal, "checkpoint": self.note}


class Clients:
    def __init__(self, world, count, seed):
        self.world, self.random = world, random.Random(seed)
        self.calls, self.read, self.outcomes = [], [], collections.Counter()
        self.lock = threading.Lock()
        self.next = 0
        self.ending = threading.Event()
        self.began = time.time()
        self.most = len(world.template.events)
        self.threads = [threading.Thread(target=self._write, args=(number, random.Random(seed * 100 + number)), daemon=True)
                        for number in range(count)]
        self.threads.append(threading.Thread(target=self._read, args=(random.Random(seed * 100 + 99),), daemon=True))

    def start(self):
        for thread in self.threads:
            thread.start()

    def end(self, seconds):
        """They end when what they have sent is answered, or it is given up."""
        self.ending.set()
        self.give_up = time.monotonic() + seconds
        for thread in self.threads:
            thread.join(max(0.1, self.give_up + 10 - time.monotonic()))

    give_up = float("inf")

    def take(self):
        with self.lock:
            if self.next == self.most:
                raise RuntimeError(f"all of {self.most} events are sent: make more of them")
            self.next += 1
            return self.next - 1

    def _nodes(self):
        return list(self.world.nodes.values())

    def _write(self, client, chance):
        while not self.ending.is_set():
            call = Call(client, self.take())
            body = self.world.template.author.submission([self.world.template.events[call.number]])
            self._send(call, body, chance)
            if call.answered and chance.random() < 0.05:  # what has its receipt gets it again, anywhere
                again = Call(client, call.number, repeated=True)
                self._send(again, body, chance)
            self.ending.wait(PACE)

    def _send(self, call, body, chance):
        with self.lock:
            self.calls.append(call)
        while call.answered is None and call.refusal is None and time.monotonic() < self.give_up:
            node = chance.choice(self._nodes())
            call.attempts += 1
            try:
                status, answer = node.ask("POST", "/v1/submissions", body, chance.choice((1.5, 3.0, 6.0)))
                outcome = str(status)
                if status == 200:
                    self._received(call, node, json.loads(answer))
                elif status < 500:
                    call.refusal = f"{status} {answer.decode(errors='replace')[:500]}"
            except (OSError, ValueError) as wrong:
                outcome = type(wrong).__name__
            with self.lock:
                self.outcomes[outcome] += 1
            if call.answered is None:
                time.sleep(chance.uniform(0.05, 0.2))

    @staticmethod
    def _received(call, node, answer):
        receipt, = answer["receipts"]
        call.node, call.index, call.recorded_at = node.name, receipt["index"], receipt["recordedAt"]
        call.event_id, call.note = receipt["id"], answer["checkpoint"]
        call.answered = time.monotonic()

    def _read(self, chance):
        """Public checkpoints, as a witness sees them."""
        while not self.ending.is_set():
            node = chance.choice(self._nodes())
            try:
                status, note = node.ask("GET", "/checkpoint", seconds=3.0)
                if status == 200:
                    self.read.append((node.name, note.decode()))
            except OSError:
                pass
            self.ending.wait(0.2)

    def answered(self):
        return [call for call in self.calls if call.answered is not None]

    def longest_gap(self, since, until):
        """Of the time in which no submission was answered."""
        times = [since, *sorted(call.answered for call in self.answered() if since <= call.answered <= until), until]
        return max(after - before for before, after in zip(times, times[1:]))
