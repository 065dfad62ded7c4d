"""Counts attacks and holds those that get through against the list `known`."""
import concurrent.futures
import fnmatch
import pathlib
import random
import time
import traceback

from world import Wrong


class Known:
    """Patterns of attacks that still get through, one a line. One that no longer does fails the run: they get fewer.

    After `sometimes` a pattern names attacks that depend on chance."""

    def __init__(self):
        lines = pathlib.Path(__file__).with_name("known").read_text().splitlines()
        lines = [line.split("#")[0].strip() for line in lines]
        self.sometimes = [line.removeprefix("sometimes ").strip() for line in lines if line.startswith("sometimes ")]
        self.seen = {line: [0, 0] for line in lines if line and not line.startswith("sometimes ")}  # tried, got through

    def takes(self, name, failed):
        """Whether this outcome is one that the list speaks of."""
        matches = [pattern for pattern in self.seen if fnmatch.fnmatchcase(name, pattern)]
        for pattern in matches:
            self.seen[pattern][0] += 1
            self.seen[pattern][1] += failed
        return bool(matches) or any(fnmatch.fnmatchcase(name, pattern) for pattern in self.sometimes)

    def mended(self):
        return [pattern for pattern, (tried, through) in self.seen.items() if tried and not through]


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
                known = self.known.takes(name, outcome == "FAILED")
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
        mended = self.known.mended()
        for pattern in mended:
            print(f"MENDED: nothing that {pattern!r} names gets through any more: take it off tests/attack/known")
        return 1 if self.failed or mended else 0
