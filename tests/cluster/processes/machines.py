"""Machines: a network namespace each on a bridge, or an address of loopback each where only that is possible.

Names and addresses carry this process's id. What a killed run left behind is taken away by the next.
"""
import os
import re
import shutil
import signal
import subprocess
import time

from logbytes import run

MINE = os.getpid()


def _leftovers():
    """Namespaces, bridges and mounts of runs that are gone."""
    for name in re.findall(r"^(pl\d+-\w+)", run("ip", "netns", "list", check=False).stdout, re.M):
        if not os.path.exists(f"/proc/{name[2:].split('-')[0]}"):
            run("ip", "netns", "delete", name, check=False)
    for name in re.findall(r"^\d+: (plb\d+)", run("ip", "-o", "link", check=False).stdout, re.M):
        if not os.path.exists(f"/proc/{name[3:]}"):
            run("ip", "link", "delete", name, check=False)


class Network:
    """Addresses for machines 1, 2, 3...; cut() needs namespaces and nft."""

    def __init__(self, names, isolated):
        self.bridge = f"plb{MINE}"
        self.spaces = {}
        self.isolated = isolated
        high, low = MINE >> 8 & 255, MINE & 255
        self.net = f"10.{high}.{low}" if isolated else f"127.{high}.{low}"
        self.addresses = {name: f"{self.net}.{at}" for at, name in enumerate(names, 1)}
        self.can_cut = isolated and shutil.which("nft") is not None

    @staticmethod
    def possible():
        if os.geteuid() != 0 or shutil.which("ip") is None or shutil.which("nsenter") is None:
            return False
        made = run("ip", "netns", "add", f"pl{MINE}-try", check=False).returncode == 0
        run("ip", "netns", "delete", f"pl{MINE}-try", check=False)
        return made

    def build(self):
        if not self.isolated:
            return
        _leftovers()
        run("ip", "link", "add", self.bridge, "type", "bridge")
        run("ip", "address", "add", f"{self.net}.254/24", "dev", self.bridge)
        run("ip", "link", "set", self.bridge, "up")
        for name, address in self.addresses.items():
            space, outside = f"pl{MINE}-{name}", f"plv{MINE}{name}"
            run("ip", "netns", "add", space)
            self.spaces[name] = space
            run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", space)
            run("ip", "link", "set", outside, "master", self.bridge, "up")
            run("ip", "-n", space, "address", "add", f"{address}/24", "dev", "eth0")
            run("ip", "-n", space, "link", "set", "eth0", "up")
            run("ip", "-n", space, "link", "set", "lo", "up")

    def inside(self, name):
        return ["nsenter", f"--net=/run/netns/{self.spaces[name]}"] if self.isolated else []

    def cut(self, name, ways=("input", "output")):
        """From the other machines; clients, who are elsewhere, go on reaching it."""
        others = ", ".join(address for other, address in self.addresses.items() if other != name)
        chains = "".join(
            f"chain {way} {{ type filter hook {way} priority 0; ip {'saddr' if way == 'input' else 'daddr'} "
            f"{{ {others} }} drop; }}\n" for way in ways)
        run(*self.inside(name), "nft", f"table inet cut {{\n{chains}}}")

    def mend(self, name):
        run(*self.inside(name), "nft", "delete table inet cut", check=False)

    def destroy(self):
        for space in self.spaces.values():
            run("ip", "netns", "delete", space, check=False)
        if self.isolated:
            run("ip", "link", "delete", self.bridge, check=False)
        self.spaces = {}


class Process:
    """A program on a machine: killed with this process, and by its own id only."""

    def __init__(self, network, machine, command, log, environment=None):
        self.log = log
        with open(log, "ab") as out:
            self.child = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *network.inside(machine), *command], stdout=out, stderr=out,
                stdin=subprocess.DEVNULL, env=environment, start_new_session=True)

    def runs(self):
        return self.child.poll() is None

    def send(self, number):
        if self.runs():
            self.child.send_signal(number)

    def kill(self):
        self.send(signal.SIGKILL)
        self.child.wait()

    def stop(self, seconds=20):
        """As a service manager does. Whether it ended by itself."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            self.child.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            self.kill()
            return False


class SmallDisk:
    """A tmpfs of so many MB, and a file that fills it."""

    def __init__(self, directory, megabytes):
        self.directory, self.filler = directory, os.path.join(directory, "filler")
        os.makedirs(directory, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", directory)

    def fill(self):
        with open(self.filler, "ab", buffering=0) as file:
            for piece in (1 << 20, 4096):
                try:
                    while True:
                        file.write(b"x" * piece)
                except OSError:
                    pass

    def empty(self):
        if os.path.exists(self.filler):
            os.unlink(self.filler)

    def unmount(self):
        run("umount", "-l", self.directory, check=False)


def wait_until(condition, seconds, what, pause=0.1):
    """What it gives when it is true; `what` is named when it never is. A failure of connection is a no."""
    until = time.monotonic() + seconds
    while True:
        try:
            said = condition()
        except (OSError, RuntimeError, ValueError):
            said = None
        if said:
            return said
        if time.monotonic() > until:
            raise RuntimeError(f"after {seconds} s not yet: {what}")
        time.sleep(pause)
