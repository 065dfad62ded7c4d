"""Commands killed at random points, and with a call to the system failing at each place where they touch a file."""
import collections
import functools
import errno
import os
import pathlib
import re
import time

from commands import COMMANDS
from judge import cut_short, words
from world import Wrong

BY_NAME = ["rename", "openat", "mkdir", "link", "unlink"]
CALLS = ["write", "pwrite64", "fdatasync", "fsync", "ftruncate", "fallocate", *BY_NAME]
STRACE = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "signal=none"]
BROKEN = ("fdatasync", "fsync", "openat", "unlink")  # fail with EIO, the others for want of room


def injecting(fault):
    """What stands before a command so that a call fails: "fsync:error=EIO:when=2"."""
    return [*STRACE, "-o", "/dev/null", "-e", f"trace={fault.split(':')[0]}", "-e", f"inject={fault}"]


def kill(world, command, delay):
    with world.copy(command.ledger) as case:
        return cut_short(case, command, case.run(command.argv, kill_after=delay))


def kills(world, tally):
    """Each command at points spread over the time that it takes."""
    random = tally.random("kill")
    lasts = {command.name: max(duration(world, command) for _ in range(2)) for command in COMMANDS}
    count = 204 if tally.options.long else 20
    order = random.sample(COMMANDS, len(COMMANDS))
    chosen = [order[i % len(order)] for i in range(count)]
    cases = []
    for i, command in enumerate(chosen):
        delay = random.uniform(0, lasts[command.name])
        cases.append((f"kill/{command.name} #{i}", functools.partial(kill, world, command, delay)))
    tally.attack("kill", tally.selected(cases))


def duration(world, command):
    with world.copy(command.ledger) as case:
        begun = time.monotonic()
        case.must(command.argv)
        return time.monotonic() - begun


def can_trace(world):
    with world.copy(None) as case:
        try:
            return case.run(["--version"], under=[*STRACE, "-o", "trace", "-e", "trace=openat"]).code == 0
        except FileNotFoundError:
            return False


def places(world, command):
    """(call, how many of its thread it was, file) for every call that touches a file of the case; strace counts so."""
    with world.copy(command.ledger) as case:
        tracer = [*STRACE, "-y", "-o", "trace", "-e", f"trace={','.join(CALLS)}"]
        said = case.run(command.argv, under=tracer)
        if said.code != 0:
            raise Wrong(f"{command.name} under strace: {said.first()}")
        counts, found, read = collections.Counter(), {}, set()
        for line in (case.directory / "trace").read_text(errors="replace").splitlines():
            began = re.match(r"(\d+) +(\w+)\(", line)
            if not began:
                continue
            counts[began.groups()] += 1
            file = file_of(began[2], line, case)
            if file and not ("O_RDONLY" in line and file in read):
                read.add(file if "O_RDONLY" in line else "")  # of many like files that are read, the first
                found.setdefault((began[2], counts[began.groups()]), file)
    return thinned([(call, count, file) for (call, count), file in sorted(found.items())])


def thinned(found, most=40):
    """Of many like calls (the pages of a new database) some, evenly spread."""
    like = collections.defaultdict(list)
    for place in found:
        like[place[0], place[2]].append(place)
    return [place for places in like.values() for place in places[::-(-len(places) // most)]]


def file_of(call, line, case):
    """The file that a traced call touches, relative to the case; numbers read N. Not what the case links to."""
    place = re.search(r"<(/[^>]*)>", line)
    name = re.search(r'"([^"]*)"', line)[1] if call in BY_NAME else ""
    path = os.path.normpath(os.path.join(place[1] if place else case.directory, name))
    inside = os.path.relpath(path, case.directory)
    if inside.startswith("..") or inside == "said.err" or os.path.islink(case.directory / inside.split("/")[0]):
        return ""
    return re.sub(r"(?<=tmp/)[^/]*|\d{3,}", "N", inside)


FAULTS = {  # of the call that was counted
    "fails once": "error={}:when={}",
    "fails from then on": "error={}:when={}+",
    "is its death": "signal=SIGKILL:when={1}",
}


def fail(world, command, call, count, file, fault):
    with world.copy(command.ledger) as case:
        how = FAULTS[fault].format("EIO" if call in BROKEN else "ENOSPC", count)
        said = case.run(command.argv, under=injecting(f"{call}:{how}"))
        if fault != "is its death":
            if said.code not in (0, 5, 6):
                raise Wrong(f"expected exit 0, 5 or 6; found {said.first()}")
            if said.code and not fault_of_words(call, fault):
                words(said)
        blind = call in ("openat", "unlink") and (fault == "fails from then on" or file.startswith("tmp/"))  # cannot tidy
        return cut_short(case, command, said, tidy=not blind)


def fault_of_words(call, fault):
    """Whether the words cannot be written either."""
    return call == "write" and fault == "fails from then on"


def failing_calls(world, tally):
    if not can_trace(world):
        print("errors: skipped: strace is missing or may not trace here")
        return
    cases = []
    for command in COMMANDS:
        for call, count, file in places(world, command):
            for fault in FAULTS:
                cases.append((f"errors/{command.name}/{call} {count} {file} {fault}",
                              functools.partial(fail, world, command, call, count, file, fault)))
    print(f"errors: {len(cases)} places")
    tally.attack("errors", tally.sample(cases, 40))


# Of the file system that fails (failing_fs.cpp), by its name for the call.
FAILS_WITH = {"read": errno.EIO, "open": errno.EIO, "sync": errno.EIO, "unlink": errno.EIO, "map": errno.ENOMEM}


def fails_beneath(world, command, library, call, number, times):
    with world.copy(command.ledger) as case:
        error = FAILS_WITH.get(call, errno.ENOSPC)
        case.env |= {"LD_PRELOAD": str(library), "FAILING_FS_UNDER": str(case.directory),
                     "FAILING_FS": f"{call}:{number}:{error}:{times}"}
        said = case.run(command.argv)
        case.env = {name: value for name, value in case.env.items() if name not in ("LD_PRELOAD", "FAILING_FS")}
        if said.code not in (0, 5, 6):
            raise Wrong(f"expected exit 0, 5 or 6; found {said.first()}")
        if said.code:
            words(said)
        return cut_short(case, command, said, tidy=call not in ("open", "unlink"))


def calls_beneath(world, command, library):
    """How often each call touches a file of the case."""
    with world.copy(command.ledger) as case:
        counted = case.directory / "counted"
        case.env |= {"LD_PRELOAD": str(library), "FAILING_FS_UNDER": str(case.directory), "FAILING_FS_COUNT": str(counted)}
        said = case.run(command.argv)
        if said.code != 0:
            raise Wrong(f"{command.name} over the failing file system, at rest: {said.first()}")
        return {call: int(count) for call, count in (line.split() for line in counted.read_text().splitlines())}


def failing_file_system(world, tally):
    library = pathlib.Path(world.program).with_name("failing_fs.so")
    if not library.exists():
        print("filesystem: skipped: this build has no failing_fs.so")
        return
    cases = []
    for command in COMMANDS:
        for call, count in calls_beneath(world, command, library).items():
            for number in range(1, count + 1, -(-count // 40) or 1):
                for times in ("once", "on"):
                    cases.append((f"filesystem/{command.name}/{call} {number} {times}",
                                  functools.partial(fails_beneath, world, command, library, call, number, times)))
    print(f"filesystem: {len(cases)} places")
    tally.attack("filesystem", tally.sample(cases, 20))
