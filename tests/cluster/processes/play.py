#!/usr/bin/env python3
"""Three nodes over etcd as processes, through what happens to machines; then every answer is held to the logs.

play.py PROGRAMS [SCENARIO...]: "quick", "all", or names; else what PILOTLEDGER_SCENARIOS says, else "quick".
"""
import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

from clients import Clients
from judge import Final, Judge
from logbytes import Key
from machines import Network
from scenarios import QUICK, SCENARIOS, Play
from world import NAMES, Template, World

CLIENTS = 4
SLOW = float(os.environ.get("PILOTLEDGER_SLOW", "1"))  # patience, on a machine that is busy or under sanitizers


class Outcome:
    def __init__(self, name):
        self.name, self.faults, self.lines = name, [], []


def room():
    """In memory where there is room, else where temporary files are."""
    free = shutil.disk_usage("/dev/shm").free if os.path.isdir("/dev/shm") else 0
    return tempfile.mkdtemp(prefix=f"cluster-{os.getpid()}-", dir="/dev/shm" if free > 1 << 30 else None)


def judge(world, clients, faults):
    """Logs from the directories, after the nodes ended."""
    node = next(iter(world.nodes.values()))
    with ThreadPoolExecutor() as pool:
        logs = dict(pool.map(lambda one: (one.name, world.leaves(one)), world.nodes.values()))
    final = Final(logs, world.members(node), Key(world.template.founding))
    judged = Judge(final, world.template.events, world.template.ids, clients.began, time.time())
    faults += judged.judge(clients.calls, clients.read)
    with ThreadPoolExecutor() as pool:
        checks = pool.map(lambda one: (one, one.pl("verify", check=False, seconds=300)), world.nodes.values())
    for one, verified in checks:
        if verified.returncode != 0:
            faults.append(f"verify at {one.name}: exit {verified.returncode}\n{verified.stdout}{verified.stderr}")
    return final


def perform(world, name, seconds, seed):
    """One scenario in a world that stands."""
    outcome = Outcome(name)
    clients = Clients(world, CLIENTS, seed)
    clients.start()
    play = Play(world, clients, random.Random(seed), seconds)
    began = time.monotonic()
    try:
        SCENARIOS[name](play)
        healed = time.monotonic()
        world.heal()
        for node in world.nodes.values():
            event = world.template.events[clients.take()]
            world.submit(node, world.template.author.submission([event]), 60 * SLOW)
        back = time.monotonic() - healed
        clients.end(60 * SLOW)
        ended = time.monotonic()
        world.await_equal(60 * SLOW)
        outcome.faults += play.faults
        outcome.faults += [f"node {one} did not end by SIGTERM" for one in world.stop_nodes()]
        final = judge(world, clients, outcome.faults)
        answered = clients.answered()
        outcome.lines.append(
            f"{len(clients.calls)} calls, {len(answered)} answered, {len(clients.read)} checkpoints read, "
            f"{len(final.leaves)} entries; longest gap {clients.longest_gap(began, ended):.1f} s, "
            f"all nodes answer {back:.1f} s after; attempts {dict(sorted(clients.outcomes.items()))}")
    except Exception as wrong:  # the scenario failed, and the next one is played all the same
        clients.end(0)
        outcome.faults.append("".join(traceback.format_exception_only(wrong)).strip())
        outcome.faults += [f"{node.name}: {World.said(node)}\n{node.log_tail()}" for node in world.nodes.values()
                           if node.process is not None]
        if os.environ.get("PILOTLEDGER_TRACE"):
            traceback.print_exc()
    with open(os.path.join(world.place, "history.jsonl"), "w", encoding="utf-8") as file:
        for call in clients.calls:
            file.write(json.dumps(call.line(world.template.ids[call.number])) + "\n")
    return outcome


def why_left_out(name, network):
    function = SCENARIOS[name]
    if function.cuts and not network.can_cut:
        return "needs root, network namespaces and nft"
    if function.mounts and os.geteuid() != 0:
        return "needs root to mount"
    return None


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", help="directory of pilotledger")
    parser.add_argument("scenarios", nargs="*", help="quick, all, or names; --list says them",
                        default=os.environ.get("PILOTLEDGER_SCENARIOS", "quick").split())
    parser.add_argument("--seconds", type=float, help="of each; default 15 of the quick ones, else 25")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    parser.add_argument("--minutes", type=float, default=0, help="again and again, for so long")
    parser.add_argument("--events", type=int, default=9000)
    parser.add_argument("--keep", action="store_true", help="keep the directories of what failed")
    parser.add_argument("--loopback", action="store_true", help="no network namespaces")
    parser.add_argument("--list", action="store_true")
    return parser.parse_args()


def chosen(given):
    names = [name for one in given
             for name in (QUICK if one == "quick" else [*SCENARIOS] if one == "all" else [one])]
    unknown = [name for name in names if name not in SCENARIOS]
    if unknown:
        raise SystemExit(f"no scenario {unknown}; there are {', '.join(SCENARIOS)}")
    return names


def one(options, place, template, network, name, seed):
    """Builds a world, performs, says how it went; gives the number of faults."""
    began = time.monotonic()
    world = World(os.path.join(place, f"{name}-{seed}"), template, network, SCENARIOS[name].mounts)
    outcome = Outcome(name)
    try:
        world.build()
        outcome = perform(world, name, options.seconds, seed)
    except Exception as wrong:
        outcome.faults.append(f"not built: {wrong}")
    finally:
        world.destroy(options.keep and bool(outcome.faults))
    print(f"{'FAILED' if outcome.faults else 'ok    '} {name} (seed {seed}, {time.monotonic() - began:.0f} s)")
    for line in [*outcome.lines, *outcome.faults]:
        print("       " + line.replace("\n", "\n       "))
    sys.stdout.flush()
    return len(outcome.faults)


def main():
    options = arguments()
    if options.list:
        print("\n".join(f"{name:24}{'quick' if name in QUICK else ''}" for name in SCENARIOS))
        return 0
    names = chosen(options.scenarios)
    options.seconds = options.seconds or (15 if options.scenarios == ["quick"] else 25)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    os.environ.pop("PILOTLEDGER_DIR", None)
    network = Network(NAMES, isolated=not options.loopback and Network.possible())
    place, failed, played = room(), 0, 0
    print(f"{'network namespaces' if network.isolated else 'loopback'}, in {place}, seed {options.seed}", flush=True)
    until = time.monotonic() + options.minutes * 60
    try:
        network.build()
        template = Template(os.path.join(place, "template"), os.path.abspath(options.programs), network, options.events)
        while True:
            for name in names:
                why = why_left_out(name, network)
                if why:
                    print(f"SKIPPED {name}: {why}", flush=True)
                    continue
                failed += 1 if one(options, place, template, network, name, options.seed + played) else 0
                played += 1
            if not played or time.monotonic() >= until:
                break
    finally:
        network.destroy()
        if not (options.keep and failed):
            shutil.rmtree(place, ignore_errors=True)
    print(f"{played} played, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
