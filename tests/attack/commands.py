"""What is attacked: the commands that write, and the questions that are put to a damaged ledger."""
import dataclasses

TRS_EIT = ["--key", "keys/trs.pem", "--key", "keys/eit.pem"]
PLEDGED = "ZL202311000001.1"


CERTIFY = ["report", "certify", "subsidy_totals", "--key", "keys/plt.pem", "-o", "report"]


@dataclasses.dataclass
class Command:
    name: str
    argv: list
    records: str = ""       # file with the events it records, one a line
    batch: int = 1          # events of one submission: recorded whole or not at all
    again: tuple = (0,)     # exit codes of the same command after it was cut short
    check: list = None      # must succeed after that
    whole: str = ""         # a database that it makes: there with every table, or not at all
    ledger: str = "ledger"  # copied into the case


def record(name, batch, keys=TRS_EIT):
    return ["record", name, "--batch", str(batch), *keys]


COMMANDS = [
    Command("init", ["init", "--origin", "new.example", "--quiet"], again=(0, 3), check=["verify"], ledger=None),
    Command("record", record("more.jsonl", 3), "more.jsonl", 3),
    Command("record sealed", record("spent.jsonl", 1, ["--key", "keys/plt.pem"]), "spent.jsonl"),
    Command("import", ["import", "rules/data/tpls_lots/process_conditions.csv", "--rules", "rules/tpls-lots.toml",
                       "--key", "keys/importer.pem"], batch=None),
    Command("submit", ["submit", "joint.sub"], "joint.jsonl", 4),
    Command("seal", ["seal", "recipe.json", "-o", "recipe"], check=["disclose", "@recipe", "stirred"]),
    Command("erase", ["erase", "@commitment", "--key", "keys/operator.pem", "--key", "keys/plt.pem", "--request", "R"],
            batch=None),
    Command("witness collect", ["witness", "collect"], check=["checkpoint", "--witnessed"]),
    Command("witness add", ["witness", "add", "reply", "--witness", "posted"], check=["checkpoint", "--witnessed"]),
    Command("witness policy", ["witness", "policy", "policy"], check=["witness", "policy"]),
    Command("checkpoint --timestamp", ["checkpoint", "--timestamp", "sh tsa.sh", "--tsa-cert", "tsa.pem"],
            check=["checkpoint", "--timestamps"]),
    Command("key rotate-log", ["key", "rotate-log", "--again", "-o", "vkey2"], batch=None, check=["verify"]),
    Command("views rebuild", ["view", "subsidy_totals", "--views", "other.sqlite"],
            check=["verify", "--views", "other.sqlite"]),
    Command("report certify", CERTIFY, check=["report", "verify", "report"]),
    Command("export tiles", ["export", "tiles", "mirror", "--quiet"]),
    Command("export sqlite", ["export", "sqlite", "exported.sqlite"], again=(0, 3), whole="exported.sqlite"),
    Command("export datapackage", ["export", "datapackage", "package"], again=(0, 3)),
]


@dataclasses.dataclass
class Question:
    name: str
    argv: list
    writes: bool = False
    makes: str = ""  # a directory that is part of the answer


QUESTIONS = [
    Question("pledge", ["pledge", PLEDGED]),
    Question("pledge none", ["pledge", "ZL202399999999.5"]),
    Question("prove", ["prove", "entity", "ip:CN2023110000011"]),
    Question("view", ["view", "subsidy_totals", "--format", "csv"]),
    Question("log", ["log", "--format", "jsonl"]),
    Question("export", ["export", "tiles", "mirror", "--quiet"], makes="mirror"),
    Question("checkpoint", ["checkpoint"]),
    Question("verify", ["verify"]),
    Question("record", record("one.jsonl", 1), writes=True),
    Question("record sealed", record("spent.jsonl", 1, ["--key", "keys/plt.pem"]), writes=True),
    Question("record --dry-run", record("one.jsonl", 1) + ["--dry-run"], writes=True),
]
