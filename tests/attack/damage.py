"""Files of a ledger lost, cut, flipped, exchanged or put back older; the log's tail torn; the read model edited."""
import functools
import re
import sqlite3

from commands import CERTIFY, QUESTIONS
from judge import ask
from world import Wrong, fingerprint

FAMILIES = ["default", "entry", "event", "submission", "id", "entity", "touch", "tile", "checkpoint", "countersign",
            "meta"]
SECRETS = ["register.key", "vault.sqlite", "log.pem"]
BLOCK, HEADER = 32 << 10, 7  # of the write-ahead log: crc 4, length 2, type 1


def kind(path):
    """What a file is, without the numbers that differ from run to run."""
    if path.suffix == ".sst":
        at = path.read_bytes().find(b"column.family.id")
        return f"table:{FAMILIES[path.read_bytes()[at + 16]]}"
    return re.sub(r"[-.]?\d+$", "", re.sub(r"^\d+\.log$", "wal", path.name))


def siblings(path, ledger):
    """Another file of the same kind, and one of another kind."""
    files = [file for file in sorted(ledger.rglob("*")) if file.is_file() and file.suffix == path.suffix]
    same = [file for file in files if file != path and kind(file) == kind(path)]
    other = [file for file in files if kind(file) != kind(path)]
    return (same[:1] or [None])[0], (other[:1] or [None])[0]


def flipped(data, at, mask=0x40):
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1:]


def file_faults(path, ledger, older, random):
    """(name, new content or None for a lost file) of each way to damage one file."""
    data = path.read_bytes()
    yield "lost", None
    if data:
        yield "emptied", b""
        yield "cut in half", data[:len(data) // 2]
        yield "without its last byte", data[:-1]
        yield "its first bytes zero", bytes(min(64, len(data))) + data[64:]
        yield "its last bytes zero", data[:-64] + bytes(min(64, len(data)))
        for i in range(3):
            yield f"flipped {i}", flipped(data, random.randrange(len(data)))
    for name, file in zip(("exchanged with its sibling", "exchanged with another kind"), siblings(path, ledger)):
        if file and file.read_bytes() != data:
            yield name, file.read_bytes()
    before = older / path.relative_to(ledger)
    if before.is_file() and before.read_bytes() != data:
        yield "older", before.read_bytes()


def damage(case, name, content):
    path = case.ledger / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)


def put_back(case, name):
    """A refused command changed nothing for the worse: with the file back, every entry is there and verifies."""
    (case.ledger / name).write_bytes((case.world.home / "ledger" / name).read_bytes())
    said = case.run(["verify"])
    if said.code:
        raise Wrong(f"refused, but with the file put back: {said.first()}")
    ids = case.ids()
    if ids[:len(case.world.ids)] != case.world.ids:
        raise Wrong(f"with the file put back {len(ids)} entries are there of {len(case.world.ids)}")


def answer(world, answers, question, name, content, **rules):
    with world.copy() as case:
        damage(case, name, content)
        before = fingerprint(case.ledger / "log")
        said = ask(case, question)
        outcome = answers.judge(question, said, **rules)
        if not question.writes and fingerprint(case.ledger / "log") != before:
            raise Wrong("a reader changed log/")
        if question.writes:
            if outcome == "named":
                put_back(case, name)
            elif content is None or not name.endswith(".sst"):
                case.must(["verify"])
        return outcome


def must_refuse(kind_, fault, question):
    """Damage that an answer may never come from, however right it happens to be."""
    if kind_ == "head" and fault in ("lost", "emptied", "cut in half", "without its last byte"):
        return True
    if kind_.startswith("table:"):
        gone = fault in ("lost", "emptied") or fault.startswith(("cut", "exchanged"))
        return question.name == "verify" or (question.writes and gone)
    if kind_ in SECRETS[:2]:
        return question.name == "record sealed" and fault in ("lost", "emptied")
    return kind_ in ("CURRENT", "MANIFEST") and question.name == "verify" and fault == "lost"


def each_file(world, tally, answers):
    ledger, older = world.home / "ledger", world.home / "older"
    random, cases, seen = tally.random("files"), [], {}
    files = (file for file in ledger.rglob("*") if file.is_file())
    for path in sorted(files, key=lambda file: (kind(file), file.name)):
        name, what = str(path.relative_to(ledger)), kind(path)
        seen[what] = seen.get(what, 0) + 1
        for fault, content in file_faults(path, ledger, older, random):
            for question in QUESTIONS:
                action = functools.partial(answer, world, answers, question, name, content,
                                           also_older=what == "head" and fault == "older",
                                           must_refuse=must_refuse(what, fault, question), secret=what in SECRETS)
                cases.append((f"files/{what} {seen[what]}/{fault}/{question.name}", action))
    print(f"files: {len(cases)} attacks")
    tally.attack("files", tally.sample(cases, 150))


def records_of(data):
    """(begin, end) of each record of a write-ahead log; it is padded with zeros at the end of a block."""
    at = 0
    while at + HEADER <= len(data):
        length, type_ = int.from_bytes(data[at + 4:at + 6], "little"), data[at + 6]
        left = BLOCK - at % BLOCK
        if left < HEADER or type_ == 0:
            if not any(data[at:]):
                return
            at += left
            continue
        header = HEADER if type_ <= 4 else HEADER + 4  # recycled files name their number
        yield at, at + header + length
        at += header + length


def tail_faults(data):
    """(name, new content): the end of the log cut in every class of byte, zeroed, lost, overwritten."""
    records = list(records_of(data))
    for which, (begin, end) in (("last", records[-1]), ("first", records[0]), ("middle", records[len(records) // 2])):
        for part, at in (("begin", begin), ("crc", begin + 2), ("length", begin + 5), ("type", begin + 6),
                         ("payload", begin + HEADER), ("half", (begin + end) // 2), ("last byte", end - 1)):
            yield f"cut at {part} of {which} record", data[:at]
            yield f"zero from {part} of {which} record", data[:at] + bytes(len(data) - at)
            yield f"flipped {part} of {which} record", flipped(data, min(at, end - 1))
    for size in (512, 4096, 32768):
        if size < len(data):
            yield f"last {size} bytes lost", data[:-size]
            yield f"last {size} bytes zero", data[:-size] + bytes(size)
            yield f"block of {size} zero", data[:(len(data) - size) // 2] + bytes(size) + data[(len(data) + size) // 2:]
    yield "garbage after its end", data + b"\x5a" * 4096
    yield "zeros after its end", data + bytes(4096)
    yield "its last record twice", data + data[records[-1][0]:records[-1][1]]


def tails(world, tally, answers):
    """The newest write-ahead log: all in it was acknowledged, so nothing may be missing without a word."""
    path = max((world.home / "ledger" / "log").glob("*.log"), key=lambda file: file.name)
    name = f"log/{path.name}"
    cases = [(f"tails/{fault}/{question.name}", functools.partial(answer, world, answers, question, name, content))
             for fault, content in tail_faults(path.read_bytes()) for question in QUESTIONS]
    tally.attack("tails", tally.sample(cases, 60))


def edited_views(world, tally):
    """Numbers of the read model changed: what is signed or confirmed does not follow them."""
    with sqlite3.connect(world.home / "ledger" / "views.sqlite") as database:
        rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        tables = [name for name, in rows if database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]]
    asked = (("certify", certify_edited), ("verify", verify_edited))
    cases = [(f"views/{table} edited/report {name}", functools.partial(action, world, table))
             for table in tables for name, action in asked]
    tally.attack("views", tally.sample(cases, 30))


def edit(case, table):
    with sqlite3.connect(case.ledger / "views.sqlite") as database:
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        for column in columns:
            try:
                database.execute(f'UPDATE "{table}" SET "{column}" = "{column}" + 7 WHERE "{column}" >= 100 '
                                 f"AND typeof(\"{column}\") = 'integer'")
            except sqlite3.DatabaseError:
                pass  # a column of the key: the others suffice


def certify_edited(world, table):
    with world.copy() as case:
        edit(case, table)
        said = case.run(CERTIFY)
        if said.code in (5, 6):
            return "named"
        if said.code != 0:
            raise Wrong(said.first())
        for views in case.ledger.glob("views.sqlite*"):
            views.unlink()
        case.must(["report", "verify", "report"])
        return "survived"


def verify_edited(world, table):
    with world.copy() as case:
        case.must(CERTIFY)
        edit(case, table)
        said = case.run(["report", "verify", "report"])
        if said.code not in (0, 5):
            raise Wrong(f"an honest report is denied: {said.first()}")
        return "survived" if said.code == 0 else "named"
