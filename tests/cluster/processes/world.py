"""Three machines with a member of etcd and a node each, as tools/cluster-demo starts them."""
import http.client
import json
import os
import shutil
import signal

import logbytes
from logbytes import Author, Key, events_of, run
from machines import Process, SmallDisk, wait_until

ORIGIN = "cluster.example/ledger"
NAMES = ("a", "b", "c")


class Refused(Exception):
    """What no waiting heals."""


class Template:
    """Made once for all scenarios: a ledger on one machine, events that are signed later, certificates."""

    def __init__(self, place, programs, network, events):
        self.place, self.programs = place, programs
        self.ledger, self.tls = os.path.join(place, "ledger"), os.path.join(place, "tls")
        os.makedirs(self.tls)
        vkey = os.path.join(place, "vkey")
        run(self.program(), "--ledger", self.ledger, "--quiet", "init", "--origin", ORIGIN, "--plain-keys", "-o", vkey)
        with open(vkey, encoding="utf-8") as file:
            self.founding = file.read().strip()
        self.operator = os.path.join(self.ledger, "operator.pem")
        self.author = Author(self.operator, run(self.program(), "key", "show", self.operator).stdout.split()[-1],
                             ORIGIN, self.founding)
        self.ids, self.events = [], []
        self._events(events)
        self._certificates(network)

    def program(self, name="pilotledger"):
        return os.path.join(self.programs, name)

    def _events(self, count):
        """One call of `sign` writes the bytes of all of them; each is then signed alone."""
        table, signed = os.path.join(self.place, "events.jsonl"), os.path.join(self.place, "events.sub")
        for first in range(0, count, 5000):
            with open(table, "w", encoding="utf-8") as file:
                for number in range(first, min(first + 5000, count)):
                    self.ids.append(f"018f3a00-0000-7000-8000-{number:012x}")
                    file.write(json.dumps({
                        "kind": "PartyRegistered", "id": self.ids[-1], "legalDate": "2026-01-02",
                        "body": {"party": f"list:{number}", "name": f"企业 {number}", "kind": "ENTERPRISE"}}) + "\n")
            run(self.program(), "--ledger", self.ledger, "--quiet", "sign", table, "--key", self.operator, "-o", signed,
                "--yes")
            with open(signed, "rb") as file:
                self.events += events_of(file.read())

    def _certificates(self, network):
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        ca = [f"{self.tls}/ca.pem", f"{self.tls}/ca-key.pem"]
        run("openssl", "req", "-x509", *new, "-days", "30", "-subj", "/CN=cluster", "-keyout", ca[1], "-out", ca[0])
        for name, address in network.addresses.items():
            own = f"{self.tls}/{name}"
            with open(f"{own}.ext", "w", encoding="ascii") as file:
                # A peer of etcd is held to the address that it comes from, on loopback always this one.
                names = f"IP:{address}" + ("" if network.isolated else ",IP:127.0.0.1")
                file.write(f"subjectAltName={names}\nextendedKeyUsage=serverAuth,clientAuth\n")
            run("openssl", "req", *new, "-subj", f"/CN={name}", "-keyout", f"{own}-key.pem", "-out", f"{own}.csr")
            run("openssl", "x509", "-req", "-in", f"{own}.csr", "-CA", ca[0], "-CAkey", ca[1], "-CAcreateserial", "-days",
                "30", "-extfile", f"{own}.ext", "-out", f"{own}.pem")


class Etcd:
    """One member."""

    def __init__(self, world, name):
        self.world, self.name = world, name
        self.directory = os.path.join(world.place, f"etcd-{name}")
        self.client = f"https://{world.network.addresses[name]}:2379"
        self.peer = f"https://{world.network.addresses[name]}:2380"
        self.process = None

    def start(self):
        tls = f"{self.world.template.tls}/{self.name}"
        authority = f"{self.world.template.tls}/ca.pem"
        self.process = Process(self.world.network, self.name, [
            "etcd", "--name", self.name, "--data-dir", self.directory, "--initial-cluster", self.world.peers_of_etcd(),
            "--initial-cluster-token", "pilotledger", "--listen-client-urls", self.client,
            "--advertise-client-urls", self.client, "--listen-peer-urls", self.peer,
            "--initial-advertise-peer-urls", self.peer, "--client-cert-auth", "--peer-client-cert-auth",
            "--trusted-ca-file", authority, "--peer-trusted-ca-file", authority,
            "--cert-file", f"{tls}.pem", "--key-file", f"{tls}-key.pem",
            "--peer-cert-file", f"{tls}.pem", "--peer-key-file", f"{tls}-key.pem", "--snapshot-count", "1000",
            "--auto-compaction-mode", "periodic", "--auto-compaction-retention", "10m", "--pre-vote",
            "--experimental-initial-corrupt-check"], f"{self.directory}.log")

    def ctl(self, *arguments, check=True):
        tls = f"{self.world.template.tls}/{self.name}"
        return run("etcdctl", "--endpoints", self.client, "--cacert", f"{self.world.template.tls}/ca.pem",
                   "--cert", f"{tls}.pem", "--key", f"{tls}-key.pem", *arguments, check=check, seconds=20,
                   environment={**os.environ, "ETCDCTL_API": "3"})

    def leads(self):
        if not self.process.runs():
            return False
        said = self.ctl("endpoint", "status", "-w", "json", check=False)
        if said.returncode != 0:
            return False
        status = json.loads(said.stdout)[0]["Status"]
        return status["leader"] == status["header"]["member_id"]

    def restore(self, snapshot):
        shutil.rmtree(self.directory, ignore_errors=True)
        self.ctl("snapshot", "restore", snapshot, "--name", self.name, "--initial-cluster", self.world.peers_of_etcd(),
                 "--initial-cluster-token", "pilotledger", "--initial-advertise-peer-urls", self.peer,
                 "--data-dir", self.directory)


class Node:
    """`pilotledger serve` over a directory. `machine` says where, `name` who it is in the ledger."""

    def __init__(self, world, machine, name=None):
        self.world, self.machine, self.name = world, machine, name or machine
        self.address = world.network.addresses[machine]
        self.directory = os.path.join(world.place, f"node-{self.name}")
        self.url = f"https://{self.address}:7443"
        self.web = f"{self.address}:8080"
        self.process = None

    def pl(self, *arguments, **options):
        return run(self.world.template.program(), "--ledger", self.directory, *arguments, **options)

    def seat(self):
        tls = f"{self.world.template.tls}/{self.machine}"
        etcd = [word for member in self.world.etcd.values() for word in ("--etcd", member.client)]
        return ["--name", self.name, "--listen", f"{self.address}:7443", "--url", self.url, *etcd, "--tls-ca",
                f"{self.world.template.tls}/ca.pem", "--tls-cert", f"{tls}.pem", "--tls-key", f"{tls}-key.pem",
                "--wait", "4"]

    def start(self, clock=None):
        environment = {**os.environ, **({"PILOTLEDGER_CLOCK": clock} if clock else {})}
        self.process = Process(self.world.network, self.machine, [
            self.world.template.program(), "--ledger", self.directory, "serve", "--listen", self.web],
            f"{self.directory}.log", environment)

    def kill(self):
        self.process.kill()

    def pause(self):
        self.process.send(signal.SIGSTOP)

    def go_on(self):
        self.process.send(signal.SIGCONT)

    def ask(self, method, target, body=None, seconds=5.0):
        connection = http.client.HTTPConnection(self.web, timeout=seconds)
        try:
            headers = {"Content-Type": "application/octet-stream"} if body is not None else {}
            connection.request(method, target, body=body, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        except http.client.HTTPException as wrong:
            raise ConnectionError(str(wrong)) from wrong
        finally:
            connection.close()

    def status(self):
        """What it says to the other nodes of itself."""
        return json.loads(run("curl", "-sf", "--max-time", "3", "--cacert", f"{self.world.template.tls}/ca.pem",
                              f"{self.url}/cluster").stdout)

    def log_tail(self, count=12):
        with open(f"{self.directory}.log", encoding="utf-8", errors="replace") as file:
            return "".join([line for line in file if '"event":"request"' not in line][-count:])

    def admit(self, through, vkey):
        wait_until(lambda: self.world.operate(through, "admit", "--name", self.name, "--vkey", vkey, "--url", self.url), 60,
                   f"{self.name} is admitted", 0.3)


class World:
    """Built and destroyed for each scenario, over a template."""

    def __init__(self, place, template, network, small=None):
        self.place, self.template, self.network = place, template, network
        self.disks = {}
        os.makedirs(place)
        self.etcd = {name: Etcd(self, name) for name in NAMES}
        self.nodes = {name: Node(self, name) for name in NAMES}
        self.past = []  # nodes that were retired
        self.tried = []  # what the operator asked before
        for what, megabytes in (small or {}).items():
            self.disks[what] = SmallDisk(os.path.join(place, what), megabytes)

    def peers_of_etcd(self):
        return ",".join(f"{name}={member.peer}" for name, member in self.etcd.items())

    def build(self):
        for member in self.etcd.values():
            member.start()
        self.await_etcd()
        first = self.nodes["a"]
        shutil.copytree(self.template.ledger, first.directory, dirs_exist_ok=True)
        first.pl("cluster", "init", *first.seat(), "--key", self.template.operator)
        first.start()
        for name in NAMES[1:]:
            backup = os.path.join(self.place, f"backup-{name}")
            first.pl("backup", "--with-keys", backup)
            self.join(self.nodes[name], backup, first)
        for node in self.nodes.values():
            wait_until(lambda node=node: node.status()["state"] == "following" and node.ask("GET", "/checkpoint")[0] == 200,
                       60, f"node {node.name} follows")

    def join(self, node, backup, through):
        """A restored backup becomes a node, which the operator admits."""
        node.pl("restore", backup, "--alone")
        words = node.pl("cluster", "join", *node.seat()).stdout.split()
        node.start()
        try:
            wait_until(lambda: int(node.status()["size"]) >= int(through.status()["size"]), 60, f"{node.name} caught up")
        except RuntimeError as wrong:
            raise RuntimeError(f"{wrong}: {self.said(node)}, {self.said(through)}\n{node.log_tail()}") from wrong
        node.admit(through, words[words.index("--vkey") + 1])

    def retire(self, old, through):
        old.kill()
        shutil.rmtree(old.directory)
        wait_until(lambda: self.operate(through, "retire", "--name", old.name, "--reason", "disk lost"), 60,
                   f"{old.name} is retired", 0.3)
        self.past.append(self.nodes.pop(old.name))

    def replace(self, old, backup, through):
        """By the page of tools/cluster: a machine whose node is lost gets another one, with a name and key of its own."""
        self.retire(old, through)
        new = Node(self, old.machine, f"{old.name}2")
        self.join(new, backup, through)
        self.nodes[new.name] = new

    def rebuild(self, node, good):
        """The ledger of another node in the place of its own; its key and settings stay."""
        backup = os.path.join(self.place, f"backup-for-{node.name}")
        good.pl("backup", "--with-keys", backup)
        node.kill()
        before = f"{node.directory}-before"
        os.rename(node.directory, before)
        node.pl("restore", backup, "--alone")
        for own in ("node.pem", "cluster.toml"):
            shutil.copy2(os.path.join(before, own), node.directory)
        node.start()

    def operate(self, through, *arguments):
        """admit, retire: done or not. Done before, by a try whose answer was lost, is done."""
        done = run(self.template.program(), "--server", f"http://{through.web}", "cluster", *arguments, "--key",
                   self.template.operator, check=False, seconds=30,
                   environment={**os.environ, "XDG_STATE_HOME": self.place})
        if done.returncode == 3 and "R-NODE-STATE" in done.stderr and arguments in self.tried:
            return True
        self.tried.append(arguments)
        if done.returncode not in (0, 6):
            raise Refused(f"cluster {arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.returncode == 0

    def await_etcd(self):
        wait_until(lambda: all(member.ctl("endpoint", "health", check=False).returncode == 0
                               for member in self.etcd.values()), 60, "etcd is healthy", 0.2)

    def leader_of_etcd(self):
        return wait_until(lambda: next((one for one in self.etcd.values() if one.leads()), None), 30, "etcd has a leader")

    def heal(self):
        """What an operator does after anything: nets whole, disks empty, all that ended started again."""
        for name in NAMES:
            if self.network.can_cut:
                self.network.mend(name)
        for disk in self.disks.values():
            disk.empty()
        for one in [*self.etcd.values(), *self.nodes.values()]:
            one.process.send(signal.SIGCONT)
            if not one.process.runs():
                one.start()

    def submit(self, node, submission, seconds):
        """Until that node has answered."""
        def answered():
            status, body = node.ask("POST", "/v1/submissions", submission, 8.0)
            return json.loads(body) if status == 200 else None
        return wait_until(answered, seconds, f"node {node.name} answers a submission", 0.2)

    def await_equal(self, seconds):
        """All nodes hold the same, and more than half confirmed it."""
        def equal():
            said = [node.status() for node in self.nodes.values()]
            seen = {(one["size"], one["root"], one["confirmed"]) for one in said}
            return len(seen) == 1 and said[0]["size"] == said[0]["confirmed"] and all(
                one["state"] == "following" for one in said)
        try:
            wait_until(equal, seconds, "all nodes are equal")
        except RuntimeError as wrong:
            raise RuntimeError(f"{wrong}: {[self.said(node) for node in self.nodes.values()]}") from wrong

    @staticmethod
    def said(node):
        try:
            return {name: value for name, value in node.status().items() if name != "nodes"}
        except RuntimeError:
            return {"name": node.name, "state": "no answer"}

    def stop_nodes(self):
        return [node.name for node in self.nodes.values() if not node.process.stop()]

    def leaves(self, node):
        place = os.path.join(self.place, f"tiles-{node.name}")
        node.pl("export", "tiles", place, seconds=120)
        return logbytes.leaves_of(place)

    def members(self, node):
        """(index, name, key or None) of each change of members."""
        changes = []
        for kind in ("NodeAdmitted", "NodeRetired"):
            for line in node.pl("log", "--kind", kind, "--format", "jsonl").stdout.splitlines():
                entry = json.loads(line)
                body = entry["event"]["body"]
                changes.append((entry["index"], body["node"], Key(body["vkey"]) if kind == "NodeAdmitted" else None))
        return sorted(changes, key=lambda change: change[0])

    def destroy(self, keep):
        for one in [*self.etcd.values(), *self.nodes.values(), *self.past]:
            if one.process is not None:
                one.process.kill()
        for name in NAMES:
            if self.network.can_cut:
                self.network.mend(name)
        for disk in self.disks.values():
            disk.unmount()
        if not keep:
            shutil.rmtree(self.place, ignore_errors=True)
