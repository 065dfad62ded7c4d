"""The ledger under attack, copies of it, and what the program says when it is run over one."""
import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

CLOCK = "2026-03-02T09:00:00+08:00"
PATIENCE_S = 120


class Wrong(Exception):
    """The outcome of an attack that must not be."""


@dataclasses.dataclass
class Said:
    code: int  # negative: ended by that signal
    out: str
    err: str

    def first(self):
        """One line for a report."""
        text = (self.err or self.out).strip()
        return f"exit {self.code}: {text.splitlines()[0][:160] if text else '(no word)'}"

    def receipts(self):
        """The ids that standard output acknowledged; the last line may be cut."""
        return [line["id"] for line in json_lines(self.out) if "id" in line and "index" in line]


def json_lines(text):
    for line in text.splitlines():
        with contextlib.suppress(ValueError):
            found = json.loads(line)
            if isinstance(found, dict):
                yield found


def entry_ids(log):
    """The ids of the events that `log --format jsonl` shows, in order."""
    return [line["event"]["id"] for line in json_lines(log)]


def fingerprint(directory):
    """Name and content of every file below a directory."""
    return {str(file.relative_to(directory)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(directory.rglob("*")) if file.is_file()}


class World:
    """Made once by world.sh; every attack works on a copy. Memory where there is any: nothing here waits for a disk."""

    def __init__(self, programs, source):
        memory = pathlib.Path("/dev/shm")
        base = os.environ.get("TMPDIR") or (memory if os.access(memory, os.W_OK) else None)
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="attack.", dir=base))
        self.program = str(pathlib.Path(programs, "pilotledger").resolve())
        self.env = {"PATH": f"{pathlib.Path(self.program).parent}:{os.environ['PATH']}",
                    "SOURCE": str(pathlib.Path(source).resolve()), "LC_ALL": "C.UTF-8", "HOME": str(self.home),
                    "TMPDIR": str(self.home), "PILOTLEDGER_CLOCK": CLOCK}
        self.served = 0
        script = str(pathlib.Path(__file__).with_name("world.sh"))
        made = subprocess.run([script], cwd=self.home, env=self.env, text=True, capture_output=True)
        with contextlib.suppress(OSError, ValueError):
            self.served = int((self.home / "served.pid").read_text())
        if made.returncode != 0:
            self.__exit__()
            raise SystemExit(f"world.sh: exit {made.returncode}\n{made.stdout}{made.stderr}")
        self.ids = entry_ids((self.home / "entries").read_text())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.served:
            os.kill(self.served, signal.SIGTERM)
        shutil.rmtree(self.home, ignore_errors=True)

    def ids_in(self, name):
        return [event["id"] for event in json_lines((self.home / name).read_text())]

    @contextlib.contextmanager
    def copy(self, ledger="ledger", place=None):
        """A directory of its own with a copy of the ledger and links to what the commands read."""
        directory = pathlib.Path(tempfile.mkdtemp(prefix="case.", dir=place or self.home))
        try:
            yield Case(self, directory, ledger)
        finally:
            shutil.rmtree(directory, ignore_errors=True)


class Case:
    def __init__(self, world, directory, ledger):
        self.world, self.directory, self.ledger = world, directory, directory / "ledger"
        self.temporary = directory / "tmp"
        self.temporary.mkdir()
        for name in os.listdir(world.home):
            if name not in ("ledger", "older") and not name.startswith("case."):
                (directory / name).symlink_to(world.home / name)
        if ledger:
            shutil.copytree(world.home / ledger, self.ledger)
        self.env = {**world.env, "PILOTLEDGER_DIR": "ledger", "TMPDIR": str(self.temporary)}

    def start(self, argv, out, err, under=()):
        """@FILE stands for what a file of the case says."""
        argv = [(self.directory / word[1:]).read_text().strip() if word.startswith("@") else word for word in argv]
        return subprocess.Popen([*under, self.world.program, *argv], cwd=self.directory, env=self.env,
                                stdin=subprocess.DEVNULL, stdout=out, stderr=err)

    def run(self, argv, under=(), kill_after=None):
        """Runs the program to its end, or to its death after some seconds. Its output goes to files."""
        out, err = self.directory / "said.out", self.directory / "said.err"
        with open(out, "wb") as o, open(err, "wb") as e, self.start(argv, o, e, under) as process:
            try:
                code = process.wait(kill_after if kill_after is not None else PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
                if kill_after is None:
                    raise Wrong(f"{' '.join(argv)} did not end within {PATIENCE_S} s") from None
        return Said(code, out.read_text(errors="replace"), err.read_text(errors="replace"))

    def must(self, argv, codes=(0,)):
        said = self.run(argv)
        if said.code not in codes:
            raise Wrong(f"{' '.join(argv)}: {said.first()}")
        return said

    def ids(self):
        """The ids of all entries, in order, that one `log` shows."""
        return entry_ids(self.must(["log", "--format", "jsonl"]).out)

    def names(self):
        return {file.name for file in self.ledger.iterdir()} if self.ledger.exists() else set()
