"""What befalls the machines, while clients write. A scenario is a function of the play; heal() comes after it."""
import datetime
import os
import signal
import time

from machines import wait_until

SCENARIOS = {}
QUICK = ("kill", "pause", "etcd-leader", "partition", "etcd-restored")


def scenario(name, cuts=False, mounts=None):
    def add(function):
        function.cuts, function.mounts = cuts, mounts or {}
        SCENARIOS[name] = function
        return function
    return add


class Play:
    """A world under clients, for so many seconds."""

    def __init__(self, world, clients, chance, seconds):
        self.world, self.clients, self.chance = world, clients, chance
        self.until = time.monotonic() + seconds
        self.seconds = seconds
        self.faults = []

    def goes_on(self):
        return time.monotonic() < self.until

    def wait(self, seconds):
        time.sleep(max(0.0, min(seconds, self.until - time.monotonic())))

    def node(self):
        return self.chance.choice(list(self.world.nodes.values()))

    def member(self):
        return self.chance.choice(list(self.world.etcd.values()))

    def fault(self, text):
        self.faults.append(text)


@scenario("calm")
def calm(play):
    play.wait(play.seconds)


@scenario("kill")
def kill_nodes(play):
    while play.goes_on():
        play.wait(2)
        node = play.node()
        node.kill()
        play.wait(play.chance.uniform(0, 0.5))
        node.start()


@scenario("pause")
def pause(play):
    """Nodes and the leader of etcd are stopped for longer than anybody waits for them, and wake up late."""
    while play.goes_on():
        play.wait(2)
        one = play.node() if play.chance.random() < 0.6 else play.world.leader_of_etcd()
        one.process.send(signal.SIGSTOP)
        play.wait(play.chance.uniform(0.5, 5))
        one.process.send(signal.SIGCONT)


@scenario("etcd-leader")
def kill_etcd_leader(play):
    while play.goes_on():
        play.wait(3)
        leader = play.world.leader_of_etcd()
        leader.process.kill()
        play.wait(play.chance.uniform(1, 4))
        leader.start()


def cut_for_a_while(play, machine, ways=("input", "output")):
    play.world.network.cut(machine, ways)
    play.wait(play.chance.uniform(4, 8))
    play.world.network.mend(machine)
    play.wait(2)


@scenario("partition", cuts=True)
def partition(play):
    while play.goes_on():
        play.wait(1)
        cut_for_a_while(play, play.node().machine)


@scenario("partition-etcd-leader", cuts=True)
def partition_etcd_leader(play):
    while play.goes_on():
        play.wait(1)
        cut_for_a_while(play, play.world.leader_of_etcd().name)


@scenario("partition-one-way", cuts=True)
def partition_one_way(play):
    while play.goes_on():
        play.wait(1)
        cut_for_a_while(play, play.node().machine, (play.chance.choice(("input", "output")),))


@scenario("disk-of-node", mounts={"node-b": 48})
def fill_node(play):
    disk = play.world.disks["node-b"]
    play.wait(4)
    disk.fill()
    play.wait(play.seconds / 2)
    disk.empty()
    play.wait(2)
    node = play.world.nodes["b"]
    node.process.stop()  # after a failed write it is read-only until it is opened again
    node.start()
    play.wait(play.seconds)


@scenario("disk-of-etcd", mounts={"etcd-b": 160})
def fill_etcd(play):
    disk = play.world.disks["etcd-b"]
    play.wait(4)
    disk.fill()
    play.wait(play.seconds / 2)
    disk.empty()
    play.wait(1)
    member = play.world.etcd["b"]
    if not member.process.runs():
        member.start()
    play.wait(play.seconds)


@scenario("clock")
def wrong_clock(play):
    """One node's clock is an hour ahead, then an hour behind."""
    node = play.node()
    for hours in (1, -1):
        wrong = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
        node.kill()
        node.start(clock=wrong.strftime("%Y-%m-%dT%H:%M:%SZ"))
        play.wait(play.seconds * 0.4)
    node.kill()
    node.start()
    play.wait(play.seconds)


@scenario("old-backup")
def old_backup(play):
    """A node's disk is lost. An old backup comes back under another name and key; the old one is retired."""
    world, old = play.world, play.world.nodes["b"]
    backup = os.path.join(world.place, "old-backup")
    old.pl("backup", "--with-keys", backup)
    if os.path.exists(os.path.join(backup, "node.pem")):
        play.fault("the backup holds the key of the node")
    play.wait(play.seconds / 3)
    world.replace(old, backup, world.nodes["a"])
    play.wait(play.seconds)


@scenario("etcd-restored")
def etcd_restored(play):
    """All members from an old snapshot, with the token they had: only the order's content tells. Some nodes are behind."""
    world = play.world
    snapshot = os.path.join(world.place, "snapshot")
    world.etcd["a"].ctl("snapshot", "save", snapshot)
    play.wait(play.seconds / 3)
    late = play.chance.sample([*world.nodes.values()], play.chance.choice((0, 1, 2)))
    for node in late:
        node.pause()
    play.wait(1)
    for member in world.etcd.values():
        member.process.kill()
    for node in late:
        node.go_on()
    for member in world.etcd.values():
        member.restore(snapshot)
        member.start()
    world.await_etcd()
    wait_until(lambda: all(node.status()["state"] == "order-lost" for node in world.nodes.values()), 30,
               "all nodes see that the order is another")
    before = {name: node.status()["order"] for name, node in world.nodes.items()}
    play.wait(4)
    for name, node in world.nodes.items():
        if node.status()["order"] != before[name]:
            play.fault(f"node {name} recorded something after etcd was restored: {before[name]}, {node.status()['order']}")
    resume(world)
    play.wait(play.seconds)


def resume(world):
    """On the node that holds most; one with less refuses. The records of before are in etcd no more: whoever is behind gets
    the ledger of that node, and keeps its own key, for there may be no majority without it."""
    order = {name: int(node.status()["order"].split()[0]) for name, node in world.nodes.items()}
    best = max(order, key=order.get)
    behind = [node for name, node in world.nodes.items() if order[name] < order[best]]
    for node in behind:
        if node.pl("cluster", "resume", check=False).returncode == 0:
            raise RuntimeError(f"resume was taken on {node.name}; {order}")
    world.nodes[best].pl("cluster", "resume")
    for node in behind:
        world.rebuild(node, world.nodes[best])


@scenario("away")
def away(play):
    """A node is gone while the others record a lot, in large and small submissions."""
    world, node = play.world, play.node()
    node.kill()
    other = next(one for one in world.nodes.values() if one is not node)
    while time.monotonic() < play.until - play.seconds / 4:
        events = [world.template.events[play.clients.take()] for _ in range(100)]
        world.submit(other, world.template.author.submission(events), 30)
        play.wait(0.3)
    node.start()
    play.wait(play.seconds)
