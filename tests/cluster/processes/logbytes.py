"""The bytes of ledger/tlog/README.md, as much as clients and the judge need: submissions, notes, leaves, trees."""
import base64
import hashlib
import os
import struct
import subprocess

from ed25519 import Signer, Verifier


def digest(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Tree:
    """RFC 6962, grown leaf by leaf: the roots of the whole subtrees to the left, largest first."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, leaf):
        node, number = digest(b"\0", leaf), self.size
        while number & 1:
            node, number = digest(b"\1", self.peaks.pop(), node), number >> 1
        self.peaks.append(node)
        self.size += 1

    def root(self):
        if not self.peaks:
            return digest(b"")
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = digest(b"\1", peak, node)
        return node


class Key:
    """NAME+ID+KEY: of the log (type 01) or of a node (type 04)."""

    def __init__(self, vkey):
        self.vkey = vkey
        self.name, self.id, typed = vkey.strip().split("+", 2)
        typed = base64.b64decode(typed)
        self.cosigns = typed[0] == 4
        self.verifier = Verifier(typed[1:])

    def signed(self, text, signature):
        if not self.cosigns:
            return self.verifier.verifies(text.encode(), signature)
        seconds = struct.unpack(">Q", signature[:8])[0]
        return self.verifier.verifies(f"cosignature/v1\ntime {seconds}\n{text}".encode(), signature[8:])


class Checkpoint:
    """A signed note over size and root."""

    def __init__(self, note):
        self.text, lines = note.split("\n\n", 1)
        self.text += "\n"
        self.origin, size, root = self.text.splitlines()
        self.size, self.root = int(size), base64.b64decode(root)
        self.lines = []  # (name, id in hex, signature)
        for line in lines.splitlines():
            dash, name, rest = line.split(" ")
            if dash != "\u2014":
                raise ValueError(f"no signature line: {line}")
            rest = base64.b64decode(rest)
            self.lines.append((name, rest[:4].hex(), rest[4:]))

    def line_of(self, key):
        return next((line[2] for line in self.lines if line[:2] == (key.name, key.id)), None)


class Leaf:
    def __init__(self, bytes_):
        version, self.flags, self.index, self.recorded_at = struct.unpack(">BBQq", bytes_[:18])
        if version != 1:
            raise ValueError("another version of an entry")
        self.event = bytes_[18:50]
        self.bytes = bytes_


def leaves_of(directory):
    """Of an export of tiles, in order."""
    found = []
    entries = os.path.join(directory, "tile", "entries")
    paths = sorted(os.path.join(root, file) for root, _, files in os.walk(entries) for file in files)
    for path in paths:  # "x001/000" after all of "000" to "999", and ".p/N" after its neighbours
        with open(path, "rb") as bundle:
            rest = bundle.read()
        while rest:
            length = struct.unpack(">H", rest[:2])[0]
            found.append(Leaf(rest[2:2 + length]))
            rest = rest[2 + length:]
    found.sort(key=lambda leaf: leaf.index)
    if [leaf.index for leaf in found] != list(range(len(found))):
        raise ValueError(f"{directory}: entries are missing or twice there")
    return found


class Author:
    """Signs submissions as `pilotledger sign` does, without a process for each."""

    def __init__(self, pem, vkey, origin, founding):
        with open(pem, encoding="ascii") as file:
            der = base64.b64decode(file.read().split("-----")[2])
        self.signer = Signer(der[der.index(bytes.fromhex("04220420")) + 4:][:32])
        self.key = Key(vkey)
        if self.signer.public != self.key.verifier.public:
            raise ValueError(f"{pem} is not the key {vkey}")
        self.head = f"pilotledger/submission/v2\n{origin}\n{founding}\n"

    def submission(self, events):
        tree = Tree()
        for event in events:
            tree.add(event)
        text = f"{self.head}{len(events)}\n{base64.b64encode(tree.root()).decode()}\n"
        line = base64.b64encode(bytes.fromhex(self.key.id) + self.signer.sign(text.encode())).decode()
        note = f"{text}\n\u2014 {self.key.name} {line}\n".encode()
        events = "".join(base64.b64encode(event).decode() + "\n" for event in events)
        return f"pilotledger/submission-file/v1\n{len(note)}\n".encode() + note + events.encode()


def events_of(submission):
    """The event bytes of a submission file."""
    head, length, rest = submission.split(b"\n", 2)
    if head != b"pilotledger/submission-file/v1":
        raise ValueError("not a submission file")
    return [base64.b64decode(line) for line in rest[int(length):].splitlines()]


def run(*command, check=True, seconds=60, environment=None):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds, env=environment)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done
