"""Readers beside a writer that is busy, whose sync fails, whose disk is full; several that update the read model."""
import collections
import concurrent.futures
import json
import subprocess
import threading
import time

from commands import COMMANDS, PLEDGED, record
from judge import words
from kills import can_trace, injecting, places
from world import Said, Wrong, entry_ids, json_lines

P = "91330100MA2PLT015B"


def write_awards(path, series, count):
    with open(path, "w") as file:
        for i in range(count):
            body = {"award": f"B{series}-{i}", "payee": P, "instrument": "equipment", "amountFen": 100}
            event = {"id": f"{series:08x}-0000-7000-8000-{i:012x}", "kind": "SubsidyAwarded", "legalDate": "2026-03-01",
                     "jurisdiction": "330000", "body": body}
            file.write(json.dumps(event) + "\n")


class Busy:
    """A writer that records as fast as it can, and what it had acknowledged at a moment."""

    EVENTS = 20000

    def __init__(self, case):
        self.case, self.base = case, len(case.world.ids)
        write_awards(case.directory / "busy.jsonl", 64, self.EVENTS)
        self.receipts = open(case.directory / "receipts", "wb")
        self.process = case.start(record("busy.jsonl", 5), self.receipts, subprocess.STDOUT)
        while self.acknowledged() == self.base and self.running():
            time.sleep(0.01)

    def running(self):
        return self.process.poll() is None

    def acknowledged(self):
        return self.base + (self.case.directory / "receipts").read_bytes().count(b'"index"')

    def end(self):
        code = self.process.wait()
        self.receipts.close()
        if code or self.acknowledged() != self.base + self.EVENTS:
            raise Wrong(f"the writer: exit {code}, {self.acknowledged() - self.base} of {self.EVENTS} receipts")


class Reader:
    """One who asks; what it has seen never becomes less."""

    def __init__(self, case, busy, number):
        self.case, self.busy, self.proof, self.seen = case, busy, f"proof{number}", 0

    def start(self, argv):
        """Pipes, not the files of the case: readers run beside each other."""
        return subprocess.Popen([self.case.world.program, *argv], cwd=self.case.directory, env=self.case.env,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, argv):
        with self.start(argv) as process:
            out, err = process.communicate(timeout=120)
        done = Said(process.returncode, out, err)
        if done.code == 6:
            raise Refused(done.first())
        if done.code == 1:
            raise Wrong(f"{' '.join(argv)}: {done.first()}")
        if done.code:
            raise Failed(f"{' '.join(argv)}: {done.first()}")
        return done.out

    def covers(self, size):
        """So many entries hold what was acknowledged before they were asked for, and what was seen before."""
        if size < max(self.floor, self.seen):
            raise Wrong(f"{size} entries, {self.floor} were acknowledged, {self.seen} seen before")
        self.seen = size

    def pledge(self):
        if not self.run(["pledge", PLEDGED]).startswith("ACTIVE"):
            raise Wrong("a pledge in force is not shown")

    def verify(self):
        out = self.run(["verify"])
        if not out.startswith("VERIFIED"):
            raise Wrong(out.splitlines()[0])
        self.covers(int(next(line.split()[-1] for line in out.splitlines() if line.startswith("entries:"))))

    def prove(self):
        self.run(["prove", "entity", "ip:CN2023110000011", "-o", self.proof])
        self.run(["verify", self.proof, "--key", (self.case.world.home / "vkey").read_text().strip()])

    def view(self):
        rows = self.run(["view", "subsidy_totals", "--format", "csv"]).splitlines()
        if len(rows) < 2:
            raise Wrong("a view without rows")

    def log(self):
        ids = entry_ids(self.run(["log", "--format", "jsonl"]))
        if ids[:self.busy.base] != self.case.world.ids or len(set(ids)) != len(ids):
            raise Wrong("entries of before are not there, or twice")
        self.covers(len(ids))

    def checkpoint(self):
        self.covers(int(self.run(["checkpoint"]).splitlines()[1]))

    def follow(self):
        with self.start(["log", "--follow", "--format", "jsonl"]) as process:
            stop = threading.Timer(1.5, process.terminate)
            stop.start()
            out, err = process.communicate()
            ended_itself = stop.is_alive()
            stop.cancel()
        if ended_itself:
            raise Failed(f"log --follow ended: {Said(process.returncode, '', err).first()}")
        shown = [line["index"] for line in json_lines(out)]
        if shown != list(range(len(shown))):
            raise Wrong("log --follow left entries out")

    def ask(self, what):
        self.floor = self.busy.acknowledged()
        getattr(self, what)()


class Refused(Exception):
    pass


class Failed(Exception):
    pass


MIX = ["pledge", "checkpoint", "prove", "view", "log", "pledge", "checkpoint", "verify", "prove", "pledge"]


def beside_busy(world, tally):
    """Questions put while a writer records, in rounds of one writer each."""
    goal, counts, whys = (1000 if tally.options.long else 60), collections.Counter(), collections.Counter()
    while sum(counts.values()) < goal:
        with world.copy() as case:
            busy = Busy(case)
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                left = goal - sum(counts.values())
                for told in pool.map(lambda number: questions_of(Reader(case, busy, number), number, left), range(2)):
                    counts.update(outcome for outcome, _ in told)
                    whys.update(why for _, why in told if why)
            if sum(counts.values()) < goal:
                busy.end()
            else:
                busy.process.kill()
                busy.process.wait()
    print("busy: " + ", ".join(f"{counts[outcome]} {outcome}" for outcome in ("right", "refused", "wrong", "failed")))
    told = [(f"busy/{kind_of(why)}", lambda why=why: fail_with(f"{count}x {why}")) for why, count in whys.items()]
    tally.attack("busy", told or [("busy/all", lambda: "survived")])


def kind_of(why):
    """wrong/verify, failed/pledge: what the list of known ones can name."""
    outcome, what = why.split(": ")[:2]
    return f"{outcome}/{what.split()[0]}"


def fail_with(why):
    raise Wrong(why)


def questions_of(reader, number, goal):
    told = []
    while reader.busy.running() and len(told) < goal // 2 + 1:
        what = "follow" if len(told) % 25 == 7 else MIX[(len(told) + 5 * number) % len(MIX)]
        try:
            reader.ask(what)
            told.append(("right", ""))
        except Refused as why:
            told.append(("refused", f"refused: {what}: {why}"))
        except Wrong as why:
            told.append(("wrong", f"wrong: {what}: {why}"))
        except Failed as why:
            told.append(("failed", f"failed: {why}"))
    return told


def views_at_once(world, count=6):
    """Several readers find new entries that the read model does not hold yet: all answer, and alike."""
    with world.copy() as case:
        case.must(record("more.jsonl", 3))
        readers = [Reader(case, None, number) for number in range(count)]
        started = [reader.start(["view", "subsidy_totals", "--format", "csv"]) for reader in readers]
        said = [(*process.communicate(), process.returncode) for process in started]
        for _, err, code in said:
            if code:
                raise Wrong(f"exit {code}: {err.strip()[:160]}")
        if len({out for out, _, _ in said}) != 1:
            raise Wrong("they answer differently")
        return "survived"


def two_writers(world):
    """The second is told who writes; the ledger of the first is whole."""
    with world.copy() as case:
        busy = Busy(case)
        said = case.run(record("one.jsonl", 1))
        if busy.running() and said.code != 6:
            raise Wrong(f"expected exit 6; found {said.first()}")
        words(said)
        busy.process.kill()
        busy.process.wait()
        case.must(["verify"])
        return "named"


def syncs_of_the_log(world, command):
    found = places(world, command)
    return sorted({count for call, count, file in found if call == "fdatasync" and file == "ledger/log/N.log"})


def size_of(case):
    return int(case.must(["checkpoint"]).out.splitlines()[1])


def unsynced(world, count):
    """A sync of the write-ahead log fails: no reader sees the commit; the ledger that then loses it does not fork."""
    with world.copy() as case:
        said = case.run(record("more.jsonl", 21), under=injecting(f"fdatasync:error=EIO:when={count}"))
        if said.code == 0:
            return "survived" if size_of(case) == len(world.ids) + 21 else fail_with("receipts, but no entries")
        words(said)
        case.must(["checkpoint", "-o", "seen"])
        if size_of(case) != len(world.ids):
            raise Wrong(f"a reader is shown {size_of(case)} entries, {len(world.ids)} were acknowledged")
        power_lost(case)
        case.must(record("one.jsonl", 1))
        case.must(["checkpoint", "-o", "after"])
        case.must(["fork-evidence", "seen", "after", "-o", "fork"], codes=(4,))
        return "named"


def power_lost(case):
    """What was never synced is gone: the files of the log as they were before, the rest as it is."""
    for file in (case.ledger / "log").iterdir():
        file.unlink()
    for file in (case.world.home / "ledger" / "log").iterdir():
        (case.ledger / "log" / file.name).write_bytes(file.read_bytes())


def while_it_syncs(world, count):
    """A reader that asks while the writer waits for its sync is shown what was acknowledged before."""
    with world.copy() as case:
        with open(case.directory / "receipts", "wb") as out:
            under = injecting(f"fdatasync:delay_enter=1500000:when={count}")
            process = case.start(record("more.jsonl", 21), out, subprocess.STDOUT, under)
            while process.poll() is None:
                size = size_of(case)
                if size > len(world.ids) and not (case.directory / "receipts").read_bytes() and process.poll() is None:
                    time.sleep(0.2)  # between the sync and the receipt there is a moment
                    if process.poll() is None and not (case.directory / "receipts").read_bytes():
                        process.kill()
                        process.wait()
                        raise Wrong(f"{size} entries are shown before their sync")
                time.sleep(0.05)
        return "survived"


def full_disk(world, kilobytes):
    """A file system that is really full, at some point of a recording: refused with words, whole once there is room."""
    small = world.home / f"full.{kilobytes}"
    small.mkdir()
    ledger = sum(file.stat().st_size for file in (world.home / "ledger").rglob("*") if file.is_file())
    size = (ledger >> 10) + kilobytes + 300
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", small], check=True)
    try:
        with world.copy() as case:
            write_awards(case.directory / "many.jsonl", 96, 1500)
            (case.directory / "small").symlink_to(small)
            case.ledger.rename(case.directory / "moved")
            subprocess.run(["cp", "-r", case.directory / "moved", small / "ledger"], check=True)
            case.ledger.symlink_to(small / "ledger")
            return on_full_disk(case, small, size)
    finally:
        subprocess.run(["umount", small], check=False)


def on_full_disk(case, small, size):
    said = case.run(record("many.jsonl", 7))
    if said.code not in (0, 5, 6):
        raise Wrong(f"record: expected exit 0, 5 or 6; found {said.first()}")
    viewed = case.run(["view", "subsidy_totals"])
    if viewed.code not in (0, 5, 6):
        raise Wrong(f"view: expected exit 0, 5 or 6; found {viewed.first()}")
    for one in (said, viewed):
        if one.code:
            words(one)
    parts = [name for name in case.names() if ".new-" in name]
    if parts:
        raise Wrong(f"left behind: {parts}")
    subprocess.run(["mount", "-o", f"remount,size={size + 20000}k", small], check=True)
    case.must(["verify"])
    if set(said.receipts()) - set(case.ids()):
        raise Wrong("acknowledged events are gone")
    case.must(record("many.jsonl", 7))
    case.must(["view", "subsidy_totals"])
    return "survived" if said.code == 0 else "named"


def beside(world, tally):
    cases = [("beside/views at once", lambda: views_at_once(world)), ("beside/two writers", lambda: two_writers(world))]
    if can_trace(world):
        for count in syncs_of_the_log(world, next(command for command in COMMANDS if command.name == "submit")):
            cases.append((f"beside/sync {count} of the log fails", lambda count=count: unsynced(world, count)))
            cases.append((f"beside/sync {count} of the log lasts", lambda count=count: while_it_syncs(world, count)))
    sizes = range(0, 4000, 200) if tally.options.long else (200, 1400)
    if can_mount(world):
        cases += [(f"beside/disk full after {size} KB", lambda size=size: full_disk(world, size)) for size in sizes]
    tally.attack("beside", tally.selected(cases))


def can_mount(world):
    place = world.home / "mounted"
    place.mkdir()
    can = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], capture_output=True).returncode == 0
    if can:
        subprocess.run(["umount", place], check=True)
    else:
        print("beside: no disk was filled: mounting is not allowed here")
    place.rmdir()
    return can
