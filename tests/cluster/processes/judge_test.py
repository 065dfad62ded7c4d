#!/usr/bin/env python3
"""The judge itself: an honest history has no fault, and each planted one is named. Needs no process."""
import base64
import copy
import struct
import sys
import time

from ed25519 import Signer
from judge import Final, Judge
from logbytes import Key, Leaf, Tree, digest


class Maker:
    """A key that signs checkpoints."""

    def __init__(self, name, kind):
        self.signer, self.kind = Signer(digest(name.encode())), kind
        typed = bytes([kind]) + self.signer.public
        self.key = Key(f"{name}+{digest(name.encode(), bytes([10]), typed)[:4].hex()}+{base64.b64encode(typed).decode()}")

    def line(self, text):
        seconds, signed = b"", text
        if self.kind == 4:
            seconds, signed = struct.pack(">Q", 7), f"cosignature/v1\ntime 7\n{text}"
        body = bytes.fromhex(self.key.id) + seconds + self.signer.sign(signed.encode())
        return f"\u2014 {self.key.name} {base64.b64encode(body).decode()}\n"


LOG = Maker("log.example", 1)
NODES = {name: Maker(f"log.example/node/{name}", 4) for name in "abc"}
EVENTS = [b"event %d" % number for number in range(8)]
IDS = [f"id-{number}" for number in range(8)]


def leaf(index, event, recorded_at):
    return Leaf(struct.pack(">BBQq", 1, 0, index, recorded_at) + digest(event) + bytes(36))


def note(leaves, size, signers=("a", "b")):
    tree = Tree()
    for one in leaves[:size]:
        tree.add(one.bytes)
    text = f"log.example\n{size}\n{base64.b64encode(tree.root()).decode()}\n"
    return text + "\n" + LOG.line(text) + "".join(NODES[name].line(text) for name in signers)


class Told:
    """What a client was told."""

    def __init__(self, **fields):
        self.__dict__.update(fields)


def call(leaves, number, invoked):
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(leaves[number].recorded_at / 1000))
    return Told(
        client=0, number=number, repeated=False, invoked=invoked, answered=invoked + 0.5, node="a", index=number,
        recorded_at=f"{at}.{leaves[number].recorded_at % 1000:03}Z", note=note(leaves, number + 1), refusal=None, attempts=1,
        event_id=IDS[number])


class History:
    def __init__(self):
        self.began = time.time()
        start = int(self.began * 1000)
        self.leaves = [leaf(at, event, start + at) for at, event in enumerate(EVENTS)]
        self.logs = {name: list(self.leaves) for name in NODES}
        self.calls = [call(self.leaves, number, float(number)) for number in range(len(EVENTS))]
        self.read = [("c", note(self.leaves, 5, "ac"))]

    def faults(self):
        members = [(-1, name, one.key) for name, one in NODES.items()]
        final = Final(self.logs, members, LOG.key)
        return Judge(final, EVENTS, IDS, self.began, time.time()).judge(self.calls, self.read)


def planted():
    """(what is changed, a word of the fault that names it)"""
    start = int(time.time() * 1000)
    yield (lambda h: h.logs["b"].pop(), "holds 7 entries")
    yield (lambda h: h.logs["b"].__setitem__(3, leaf(3, b"other", start)), "entry 3 of node")
    yield (lambda h: [log.append(leaf(8, EVENTS[2], start + 9)) for log in h.logs.values()], "is entry 2 and entry 8")
    yield (lambda h: setattr(h.calls[4], "index", 5), "answered as entry 5")
    yield (lambda h: setattr(h.calls[4], "answered", None), "never answered")
    yield (lambda h: setattr(h.calls[4], "refusal", "400"), "was refused")
    yield (lambda h: setattr(h.calls[4], "event_id", "id-5"), "a receipt of")
    yield (lambda h: setattr(h.calls[4], "recorded_at", "2026-01-01T00:00:00.000Z"), "was not")
    yield (lambda h: h.calls[6].__dict__.update(invoked=0.1, answered=0.2), "before it was sent")
    yield (lambda h: setattr(h.calls[4], "note", note(h.leaves, 5, "a")), "signed by")
    yield (lambda h: setattr(h.calls[4], "note", note(h.leaves, 4)), "over 4 entries only")
    yield (lambda h: setattr(h.calls[4], "note", note(list(reversed(h.leaves)), 5)), "another root")
    yield (lambda h: setattr(h.calls[4], "note", note(h.leaves, 5).replace(
        note(h.leaves, 5).splitlines()[-1], NODES["b"].line("another text\n").strip())), "signed by")
    yield (lambda h: h.read.append(("c", note(h.leaves, 3, ""))), "public checkpoint of c over 3")
    yield (lambda h: [log.__setitem__(5, leaf(5, EVENTS[5], start - 4000)) for log in h.logs.values()], "before the one before")
    yield (lambda h: [log.__setitem__(7, leaf(7, EVENTS[7], start + 3600000)) for log in h.logs.values()], "after the run began")


def main():
    honest = History().faults()
    if honest:
        print("an honest history was refused:", *honest, sep="\n")
        return 1
    missed = 0
    for number, (plant, word) in enumerate(planted()):
        history = History()
        plant(history)
        faults = history.faults()
        if not any(word in fault for fault in faults):
            missed += 1
            print(f"planted {number}: none of these says '{word}':", *faults, sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
