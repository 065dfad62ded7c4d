"""Counts attacks and holds those that get through against the list `known`."""
import collections
import concurrent.futures
import fnmatch
import pathlib
import random
import time
import traceback

from world import Wrong


class Known:
    """Attacks that still get through, a line each: PATTERN, or PATTERN: PATTERN of what is said of it.

    One that no longer does fails the run: they get fewer. After `sometimes` a line names attacks that depend on chance."""

    def __init__(self):
        lines = pathlib.Path(__file__).with_name("known").read_text().splitlines()
        lines = [line.split("#")[0].strip() for line in lines]
        self.tried, self.through = collections.Counter(), collections.Counter()
        self.lines = [line for line in lines if line]

    def takes(self, name, why):
        """Whether the list speaks of this attack, and of what came of it; `why` is empty when it failed."""
        taken = False
        for line in self.lines:
            named, _, said = line.removeprefix("sometimes ").partition(": ")
            if fnmatch.fnmatchcase(name, named):
                through = bool(why) and fnmatch.fnmatchcase(why, said or "*")
                self.tried[line] += 1
                self.through[line] += through
                taken = taken or through
        return taken

    def mended(self, every):
        """Of a line that names many attacks only a run of every attack can tell."""
        return [line for line in self.lines if self.tried[line] and not self.through[line] and
                not line.startswith("sometimes ") and (every or "*" not in line.partition(": ")[0])]


class Tally:
    def __init__(self, options):
        self.options = options
        self.known = Known()
        self.failed = 0

    def random(self, what):
        return random.Random(f"{self.options.seed}/{what}")

    def selected(self, cases):
        """Those that --only names; each case is (name, action)."""
        return [case for case in cases if fnmatch.fnmatchcase(case[0], self.options.only)]

    def sample(self, cases, count):
        """All in the long run, else some of those that are wanted, the same each time for one seed."""
        cases = self.selected(cases)
        if self.options.long or len(cases) <= count:
            return cases
        # by name: that one attack more or less is possible does not change the others
        return sorted(cases, key=lambda case: self.random(case[0]).random())[:count]

    def attack(self, group, cases, jobs=None):
        """Runs cases beside each other; an action returns "survived" or "named", or raises Wrong."""
        counts = {"survived": 0, "named": 0, "known": 0, "FAILED": 0}
        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(jobs or self.options.jobs) as pool:
            for (name, _), (outcome, why) in zip(cases, pool.map(self.outcome, [action for _, action in cases])):
                known = self.known.takes(name, why)
                if outcome == "FAILED":
                    outcome = "known" if known else "FAILED"
                    print(f"{outcome}: {name}: {why}", flush=True)
                counts[outcome] += 1
        self.failed += counts["FAILED"]
        said = ", ".join(f"{outcome} {count}" for outcome, count in counts.items())
        print(f"{group}: tried {len(cases)}, {said} ({time.monotonic() - begun:.0f} s)", flush=True)

    @staticmethod
    def outcome(action):
        try:
            return action(), ""
        except Wrong as wrong:
            return "FAILED", str(wrong)
        except Exception:  # of the harness itself: one attack less, said as loudly
            return "FAILED", traceback.format_exc(limit=4)

    def end(self):
        mended = self.known.mended(self.options.long)
        for pattern in mended:
            print(f"MENDED: nothing that {pattern!r} names gets through any more: take it off tests/attack/known", flush=True)
        return 1 if self.failed or mended else 0
