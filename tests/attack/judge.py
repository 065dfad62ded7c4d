"""What must hold after a command was cut short, and which answers over a damaged ledger are right."""
import contextlib
import itertools
import sqlite3

from commands import QUESTIONS, TRS_EIT
from world import Wrong, fingerprint

INPUT, DAMAGE, BUSY = 3, 5, 6


def words(said):
    """A refusal says what is wrong, and never sends the owner of a damaged ledger to `init`."""
    text = said.err + said.out
    if not text.strip():
        raise Wrong(f"exit {said.code} without a word")
    if "make one with 'pilotledger init" in text:
        raise Wrong(f"told to make a new ledger: {said.first()}")


def not_half(case, command, said):
    """Every acknowledged event is there; what else is there is whole submissions, in order; the ledger verifies."""
    case.must(["verify"])
    ids = case.ids()
    base = case.world.ids if command.ledger else ids[:2]
    if ids[:len(base)] != base:
        raise Wrong(f"of {len(base)} entries before it, {sum(a == b for a, b in zip(ids, base))} are as they were")
    lost = set(said.receipts()) - set(ids)
    if lost:
        raise Wrong(f"{len(lost)} acknowledged events are gone")
    fresh = ids[len(base):]
    if command.records:
        planned = case.world.ids_in(command.records)
        if fresh != planned[:len(fresh)] or len(fresh) % command.batch:
            raise Wrong(f"{len(fresh)} of {len(planned)} events are there, submissions are of {command.batch}")
    elif command.batch and command.ledger and fresh:
        raise Wrong(f"{len(fresh)} entries that nobody asked for")


def can_go_on(case, command):
    """The same command again completes it, nothing is doubled, more can be recorded, nothing is left behind."""
    case.must(command.argv, command.again)
    if command.check:
        case.must(command.check)
    if command.records:
        ids = case.ids()
        if ids != case.world.ids + case.world.ids_in(command.records):
            raise Wrong(f"recorded again: {len(ids) - len(case.world.ids)} events are there, or not in their order")
    if command.ledger:
        case.must(["record", "one.jsonl", *TRS_EIT])
    case.must(["verify"])


def whole_or_absent(case, command):
    """A database that is there after the interruption has what one has that was made undisturbed."""
    if command.whole and (case.directory / command.whole).exists():
        case.must(["export", "sqlite", "undisturbed.sqlite"])
        found, right = (rows_in(case.directory / name) for name in (command.whole, "undisturbed.sqlite"))
        if found != right:
            raise Wrong(f"{command.whole} is there with {found} rows of {right}")


def rows_in(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return sum(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name, in tables)


def left_behind(case):
    """No part of a file, no temporary directory."""
    parts = {name for name in case.names() if ".new-" in name or name.endswith((".tmp", ".part"))}
    parts |= {f"TMPDIR/{file.name}" for file in case.temporary.iterdir()}
    if parts:
        raise Wrong(f"left behind: {' '.join(sorted(parts))}")


def cut_short(case, command, said, tidy=True):
    """The whole judgement after a kill or an I/O error."""
    if not case.ledger.exists():
        case.must(command.argv)
    elif not command.ledger:
        case.must(command.argv, command.again)
    not_half(case, command, said)
    whole_or_absent(case, command)
    can_go_on(case, command)
    if tidy:
        left_behind(case)
    return "survived" if said.code == 0 else "named"


def ask(case, question):
    """An answer in files counts as printed."""
    said = case.run(question.argv)
    if question.makes and said.code == 0:
        said.out += str(fingerprint(case.directory / question.makes))
    return said


def difference(right, said):
    """Of a wrong answer the first line that differs."""
    if said.code != right.code:
        return f"expected {right.first()}; found {said.first()}"
    for expected, found in itertools.zip_longest(right.out.splitlines(), said.out.splitlines(), fillvalue="(nothing)"):
        if expected != found:
            return f"exit {said.code}: expected {expected[:120]}; found {found[:120]}"
    return "its lines are divided otherwise"


class Answers:
    """What sound ledgers answer: the newest one, and the same some commits before."""

    def __init__(self, world):
        self.right = {ledger: {} for ledger in ("ledger", "older")}
        for ledger, answers in self.right.items():
            for question in QUESTIONS:
                with world.copy(ledger) as case:
                    answers[question.name] = ask(case, question)

    def judge(self, question, said, also_older=False, must_refuse=False, secret=False):
        """Right, or refused with the damage named; nothing else. A key or vault may also be refused as input."""
        ledgers = ["ledger"] + (["older"] if also_older else [])
        for ledger in ledgers:
            right = self.right[ledger][question.name]
            if (said.code, said.out) == (right.code, right.out):
                if must_refuse:
                    raise Wrong(f"answered over damage: {said.first()}")
                return "survived"
        # The signature of the newest commit is lost, not the commit: whoever writes next signs it again.
        unsigned = said.code == BUSY and "not signed yet" in said.err
        if unsigned or said.code == DAMAGE or (question.argv == ["verify"] and said.code == 1) or (secret and said.code == INPUT):
            words(said)
            return "named"
        raise Wrong(difference(self.right["ledger"][question.name], said))
