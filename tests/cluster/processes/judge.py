"""The judge of a history: linear, because each answer names its place. Gives the faults that it finds, in words."""
import datetime

from logbytes import Checkpoint, Tree, digest

CLOCKS_MS = 5_000  # that recorded times may be from the clock of the clients


def milliseconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000 + 0.5)


class Final:
    """What the nodes hold in the end: name -> leaves, changes of members, keys of log and nodes."""

    def __init__(self, logs, members, log_key):
        self.logs, self.changes, self.log_key = logs, members, log_key
        self.leaves = max(logs.values(), key=len)
        tree, self.roots = Tree(), [Tree().root()]
        for leaf in self.leaves:
            tree.add(leaf.bytes)
            self.roots.append(tree.root())

    def members_at(self, size):
        members = {}
        for index, name, key in self.changes:
            if index < size:
                if key is None:
                    members.pop(name, None)
                else:
                    members[name] = key
        return members


class Judge:
    def __init__(self, final, events, ids, began, ended):
        self.final, self.ids = final, ids
        self.digests = {}  # of event bytes, so that an event of an hour ago is found at once
        for number, event in enumerate(events):
            self.digests[digest(event)] = number
        self.began, self.ended = int(began * 1000), int(ended * 1000)
        self.faults, self.signed, self.roots_of = [], {}, {}

    def fault(self, text):
        if len(self.faults) < 50:
            self.faults.append(text)

    def judge(self, calls, read):
        self.same_everywhere()
        self.times()
        self.places(calls)
        self.real_time(calls)
        for call in calls:
            if call.answered is not None:
                self.receipt(call)
        for node, note in read:
            self.checkpoint(note, f"the public checkpoint of {node}")
        return self.faults

    def same_everywhere(self):
        """(a) One place for an event, the same on every node."""
        for name, leaves in self.final.logs.items():
            if len(leaves) != len(self.final.leaves):
                self.fault(f"node {name} holds {len(leaves)} entries, another {len(self.final.leaves)}")
            other = next((at for at, pair in enumerate(zip(leaves, self.final.leaves)) if pair[0].bytes != pair[1].bytes),
                         None)
            if other is not None:
                self.fault(f"entry {other} of node {name} is another one")
        self.place = {}
        for leaf in self.final.leaves:
            number = self.digests.get(leaf.event)
            if number is not None and self.place.setdefault(number, leaf.index) != leaf.index:
                self.fault(f"{self.ids[number]} is entry {self.place[number]} and entry {leaf.index}")

    def times(self):
        """(d) Recorded times never go back, and are of the time in which the run was."""
        before = 0
        for leaf in self.final.leaves:
            if leaf.recorded_at < before:
                self.fault(f"entry {leaf.index} was recorded {before - leaf.recorded_at} ms before the one before it")
            before = leaf.recorded_at
            mine = leaf.event in self.digests
            if mine and not self.began - CLOCKS_MS <= leaf.recorded_at <= self.ended + CLOCKS_MS:
                self.fault(f"entry {leaf.index} was recorded {(leaf.recorded_at - self.began) / 1000:.0f} s after the run began")

    def places(self, calls):
        """(a), (e) Whatever was answered stands where the answer says, for ever."""
        for call in calls:
            if call.refusal:
                self.fault(f"{self.ids[call.number]} was refused: {call.refusal}")
            elif call.answered is None:
                self.fault(f"{self.ids[call.number]} was never answered, in {call.attempts} attempts")
            elif call.event_id != self.ids[call.number]:
                self.fault(f"{self.ids[call.number]} was answered by a receipt of {call.event_id}")
            elif self.place.get(call.number) != call.index:
                self.fault(f"{self.ids[call.number]} was answered as entry {call.index}, and is {self.place.get(call.number)}")
            elif milliseconds(call.recorded_at) != self.final.leaves[call.index].recorded_at:
                self.fault(f"{self.ids[call.number]} was answered as recorded {call.recorded_at}, and was not")

    def real_time(self, calls):
        """(b) Answered before the other was sent: a smaller place."""
        moments = []
        for call in calls:
            if not call.repeated and call.answered is not None:
                moments += [(call.invoked, 1, call), (call.answered, 0, call)]
        newest, floor = -1, {}
        for _, sent, call in sorted(moments, key=lambda moment: moment[:2]):
            if sent:
                floor[call] = newest
                continue
            if call.index <= floor[call]:
                self.fault(f"{self.ids[call.number]} is entry {call.index}; entry {floor[call]} was answered before it was sent")
            newest = max(newest, call.index)

    def receipt(self, call):
        """(c) A receipt's root is the log's, and more than half of the nodes signed it."""
        what = f"the receipt of entry {call.index} by {call.node}"
        size = self.checkpoint(call.note, what)
        if size is not None and size <= call.index:
            self.fault(f"{what} is over {size} entries only")

    def checkpoint(self, note, what):
        if note in self.roots_of:
            return self.roots_of[note]
        try:
            checkpoint = Checkpoint(note)
        except (ValueError, IndexError) as wrong:
            return self.fault(f"{what} is none: {wrong}")
        self.roots_of[note] = checkpoint.size
        if checkpoint.size >= len(self.final.roots) or checkpoint.root != self.final.roots[checkpoint.size]:
            self.fault(f"{what} has another root for {checkpoint.size} entries than the log")
        log = checkpoint.line_of(self.final.log_key)
        if log is None or not self.final.log_key.signed(checkpoint.text, log):
            self.fault(f"{what} is not signed by the log")
        members = self.final.members_at(checkpoint.size)
        good = [name for name, key in members.items() if self.is_signed(checkpoint, key)]
        if len(good) <= len(members) / 2:
            self.fault(f"{what} over {checkpoint.size} entries is signed by {good} of {sorted(members)}")
        return checkpoint.size

    def is_signed(self, checkpoint, key):
        line = checkpoint.line_of(key)
        if line is None:
            return False
        seen = (checkpoint.text, key.vkey, line)
        if seen not in self.signed:
            self.signed[seen] = key.signed(checkpoint.text, line)
        return self.signed[seen]
