#!/usr/bin/env python3
"""`pilotledger serve`, the process, over real sockets of loopback. serve_test.py PROGRAMS SOURCE

Every operation of the OpenAPI document is asked, as every kind of reader, and its answers are held to the document.
"""
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

from client import SESSION, Server, Stream, key_name, log_in, run, wait_until
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

SOURCE = ""
PATENT = "ZL202311000001.1"
BANK, PLATFORM, OWNER = "91330200MA2BNK027M", "91330100MA2PLT015B", "91330400MA2ENT032U"


class World:
    """One ledger and one server for all tests; what a test records, others see."""
    directory = None
    server = None
    document = None
    sessions = {}

    @classmethod
    def make(cls, programs):
        os.environ["PATH"] = programs + ":" + os.environ["PATH"]
        os.environ["SOURCE"] = SOURCE
        os.environ["LC_ALL"] = "C.UTF-8"
        cls.scratch = tempfile.TemporaryDirectory(prefix="serve-test-")
        cls.directory = cls.scratch.name
        run(cls.directory, os.path.join(SOURCE, "tests/serve/world.sh"))
        os.environ["PILOTLEDGER_DIR"] = os.path.join(cls.directory, "ledger")
        with open(os.path.join(cls.directory, "serve.toml"), "w", encoding="utf-8") as settings:
            settings.write("challenges_per_minute = 60  # all tests come from one address\nsql = true\n")
        cls.server = Server(cls.directory, "--config", "serve.toml")
        cls.document = cls.server.get("/openapi.json").json()

    @classmethod
    def cookie(cls, key):
        if key not in cls.sessions:
            answer = log_in(cls.server, cls.directory, key)
            assert answer.status == 201, answer.body
            cls.sessions[key] = {"Cookie": f"{SESSION}={answer.cookie()}"}
        return cls.sessions[key]


def schema_of(path, method, status, media_type):
    responses = World.document["paths"][path][method.lower()]["responses"]
    answer = responses.get(str(status)) or World.document["components"]["responses"]["Error"]
    content = answer.get("content", {}).get(media_type)
    return None if content is None else {**content["schema"], "components": World.document["components"]}


class Case(unittest.TestCase):
    def setUp(self):
        self.server, self.directory = World.server, World.directory

    def held(self, answer, path, method="GET"):
        """The answer is what the document says of it."""
        responses = World.document["paths"][path][method.lower()]["responses"]
        if answer.status < 400:
            self.assertIn(str(answer.status), responses, (path, answer.status, answer.body))
        if answer.status == 304:
            self.assertEqual(answer.body, b"")
            return answer
        media_type = answer.headers["content-type"].split(";")[0]
        schema = schema_of(path, method, answer.status, media_type)
        self.assertIsNotNone(schema, (path, answer.status, media_type, answer.body[:300]))
        if media_type.endswith("json"):
            faults = list(Draft202012Validator(schema).iter_errors(answer.json()))
            self.assertEqual([], [f"{list(fault.path)}: {fault.message[:200]}" for fault in faults], path)
        return answer

    def get(self, target, path=None, headers=None, unix=False, status=200):
        answer = self.server.get(target, headers, unix)
        self.assertEqual(answer.status, status, (target, answer.body[:500]))
        return self.held(answer, path or urllib.parse.urlsplit(target).path)

    def refused(self, answer, status, error):
        self.assertEqual((answer.status, answer.json()["error"]), (status, error), answer.body)
        for member in ("message", "messageZh", "exit", "status", "request_id"):
            self.assertIn(member, answer.json())
        return answer.json()


class Reading(Case):
    def test_live_and_ready(self):
        self.assertEqual(self.get("/live").body, b"live\n")
        self.assertTrue(self.get("/ready").json()["ready"])
        self.assertTrue(wait_until(lambda: self.get("/ready").json()["read_model_lag"] == 0))

    def test_a_sealed_number_is_not_hashed_for_whoever_asks(self):
        answer = self.get("/v1/entries?kind=PartyRegistered&entity=invoice:25332000000012345678", "/v1/entries")
        self.assertEqual(answer.json()["entity"], "invoice:25332000000012345678")
        self.assertNotIn(b"hmac:", answer.body)

    def test_the_document_is_the_one_kept(self):
        with open(os.path.join(SOURCE, "tools/server/openapi.json"), encoding="utf-8") as kept:
            self.assertEqual(self.server.get("/openapi.json").body.decode(), kept.read(),
                             "curl the server's /openapi.json into tools/server/openapi.json")
        for name, schema in World.document["components"]["schemas"].items():
            validator_for(schema, Draft202012Validator).check_schema(schema)
            self.assertIn(f"schemas/{name}\"", json.dumps(World.document), "a schema that nothing uses")

    def test_ledger(self):
        ledger = self.get("/v1/ledger").json()
        self.assertEqual(ledger["origin"], "story.example")
        self.assertEqual(ledger["founding_key"], open(os.path.join(self.directory, "vkey")).read().strip())
        self.assertEqual(ledger["position"], ledger["entries"])
        self.assertEqual(ledger["edition"], 4)

    def test_checkpoint_and_tiles_are_those_of_the_export(self):
        run(self.directory, "pilotledger", "export", "tiles", "tiles")
        kept = os.path.join(self.directory, "tiles")
        compared = 0
        for folder, _, files in os.walk(kept):
            for name in files:
                path = os.path.relpath(os.path.join(folder, name), kept)
                answer = self.server.get("/" + path)
                self.assertEqual(answer.status, 200, path)
                self.assertEqual(answer.body, open(os.path.join(folder, name), "rb").read(), path)
                self.assertEqual(answer.headers["access-control-allow-origin"], "*")
                compared += 1
        self.assertGreaterEqual(compared, 3)
        self.assertEqual(self.get("/checkpoint").body, self.get("/v1/checkpoint").body)
        for path in ("/tile/0/999", "/tile/0/000.p/0", "/tile/9/000", "/tile/0/000/x", "/tile/entries/0"):
            self.refused(self.server.get(path), 404, "NotFound")

    def test_entries_by_pages(self):
        whole = self.get("/v1/entries?limit=1000", "/v1/entries").json()
        self.assertIsNone(whole["next"])
        self.assertEqual([entry["index"] for entry in whole["entries"]], list(range(whole["position"])))
        pages, target = [], "/v1/entries?limit=7"
        while target:
            page = self.get(target, "/v1/entries").json()
            self.assertEqual(page["root"], whole["root"])
            pages += page["entries"]
            target = page["next"] and "/v1/entries?cursor=" + page["next"]
        self.assertEqual(pages, whole["entries"])

    def test_entries_of_a_kind_and_an_entity(self):
        awards = self.get("/v1/entries?kind=SubsidyAwarded", "/v1/entries").json()["entries"]
        self.assertEqual({entry["event"]["kind"] for entry in awards}, {"SubsidyAwarded"})
        of_award = self.get("/v1/entries?entity=award:A1", "/v1/entries").json()
        self.assertEqual(of_award["entity"], "award:A1")
        self.assertGreaterEqual(len(of_award["entries"]), 2)
        error = self.refused(self.server.get("/v1/entries?kind=SubsidyAward"), 404, "NotFound")
        self.assertIn("SubsidyAwarded", error["message"])

    def test_one_entry_and_one_entity(self):
        entry = self.get("/v1/entries/2", "/v1/entries/{index}").json()
        told = json.loads(run(self.directory, "pilotledger", "show", "2", "--reader", "public",
                              "--format", "json"))
        self.assertEqual(entry["entry"], told)
        self.refused(self.server.get("/v1/entries/99999"), 404, "NotFound")
        self.refused(self.server.get("/v1/entries/-1"), 400, "InvalidInput")
        record = self.get("/v1/entities/award:A1", "/v1/entities/{id}").json()
        self.assertEqual(record["record"]["entity"], "award:A1")

    def test_kinds_and_their_schemas(self):
        kinds = self.get("/v1/kinds").json()["kinds"]
        self.assertGreater(len(kinds), 50)
        for kind in kinds:
            schema = self.get("/v1/kinds/" + kind["name"], "/v1/kinds/{kind}").json()
            Draft202012Validator.check_schema(schema)
        schema = self.get("/v1/kinds/SubsidyAwarded", "/v1/kinds/{kind}").json()
        event = self.get("/v1/entries?kind=SubsidyAwarded", "/v1/entries").json()["entries"][0]["event"]
        self.assertEqual([], [fault.message for fault in Draft202012Validator(schema).iter_errors(event)])
        self.assertIsInstance(event["body"]["amountFen"], str)

    def test_views(self):
        for view in self.get("/v1/views").json()["views"]:
            table = self.get(f"/v1/views/{view['name']}", "/v1/views/{name}").json()
            self.assertEqual(table["reader"], "public")
            self.assertEqual(table["name"], view["name"])

    def test_a_view_is_what_the_command_says(self):
        table = self.get("/v1/views/subsidy_trace", "/v1/views/{name}").json()
        told = json.loads(run(self.directory, "pilotledger", "view", "subsidy_trace", "--reader", "public", "--format",
                              "json"))
        self.assertEqual(table["rows"], told["rows"])
        self.assertEqual(table["root"], told["root"])
        money = [column["name"] for column in table["columns"] if column["type"] == "money"]
        self.assertTrue(all(isinstance(row[name], (str, type(None))) for row in table["rows"] for name in money))

    def test_a_view_by_pages_and_as_files(self):
        whole = self.get("/v1/views/entries?limit=1000", "/v1/views/{name}").json()
        pages, target = [], "/v1/views/entries?limit=9"
        while target:
            page = self.get(target, "/v1/views/{name}").json()
            self.assertEqual(page["position"], whole["position"])
            pages += page["rows"]
            target = page["next"] and "/v1/views/entries?cursor=" + page["next"]
        self.assertEqual(pages, whole["rows"])
        csv = self.get("/v1/views/subsidy_trace?format=csv", "/v1/views/{name}")
        self.assertEqual(csv.body.decode(), run(self.directory, "pilotledger", "view", "subsidy_trace", "--reader",
                                                "public", "--format", "csv"))
        self.assertIn("attachment", csv.headers["content-disposition"])
        self.assertTrue(self.get("/v1/views/subsidy_trace?format=xlsx", "/v1/views/{name}").body.startswith(b"PK"))
        self.assertIn(b"<html", self.get("/v1/views/subsidy_trace?format=html&lang=zh", "/v1/views/{name}").body)

    def test_a_cursor_is_of_its_question_and_reader(self):
        cursor = self.get("/v1/views/entries?limit=5", "/v1/views/{name}").json()["next"]
        for target, headers in ((f"/v1/views/receipts?cursor={cursor}", None), (f"/v1/entries?cursor={cursor}", None),
                                (f"/v1/views/entries?cursor={cursor}x", None),
                                (f"/v1/views/entries?cursor={cursor}&limit=6", None),
                                (f"/v1/views/entries?cursor={cursor}&on=2026-03-01", None),
                                (f"/v1/views/entries?cursor={cursor}", World.cookie("aud"))):
            self.refused(self.server.get(target, headers), 400, "InvalidInput")

    def test_as_of_both_clocks(self):
        early = self.get("/v1/views/subsidy_trace?as_of=20", "/v1/views/{name}").json()
        self.assertEqual(early["position"], 21)
        self.assertEqual(early["as_of"]["asked"], "20")
        day = self.get("/v1/views/subsidy_trace?on=2026-02-01", "/v1/views/{name}").json()
        self.assertEqual(day["as_of"]["until"], "2026-02-01")
        self.assertEqual(day["rows"], [])
        self.refused(self.server.get("/v1/views/subsidy_trace?as_of=99999"), 404, "NotFound")
        self.refused(self.server.get("/v1/views/subsidy_trace?as_of=yesterday"), 400, "InvalidInput")

    def test_drill_and_findings(self):
        drilled = self.get("/v1/views/subsidy_trace/drill?row=1", "/v1/views/{name}/drill").json()
        self.assertGreater(len(drilled["rows"]), 0)
        findings = self.get("/v1/findings", headers=World.cookie("aud")).json()
        self.assertEqual(findings["reader"], "audit")
        self.assertEqual(self.get("/v1/findings?code=S04&severity=H", "/v1/findings").json()["parameters"],
                         {"code": "S04", "severity": "H"})
        self.refused(self.server.get("/v1/findings?code=S99"), 404, "NotFound")

    def test_diff(self):
        path, of = "/v1/views/subsidy_trace/diff", "/v1/views/{name}/diff"
        changed = self.get(f"{path}?from=20", of, World.cookie("aud")).json()
        self.assertEqual(changed["position"], self.get("/v1/ledger").json()["position"])
        self.assertIn(("added", "A1"), {(row["change"], row["row"]) for row in changed["rows"]})
        self.assertTrue(all(row["entries"] for row in changed["rows"]))
        until = self.get(f"{path}?from=20&to=30&award=A1", of).json()
        self.assertEqual((until["position"], until["parameters"].get("award")), (31, "A1"))
        first = self.get(f"{path}?from=20&limit=1", of).json()
        rest = self.get(f"{path}?from=20&limit=1&cursor={first['next']}", of).json()
        self.assertEqual((rest["position"], rest["first_row"]), (first["position"], 2))
        self.assertTrue(self.server.get(f"{path}?from=20&format=csv").body.startswith(b"change,"))
        self.refused(self.server.get(path), 400, "InvalidInput")
        self.refused(self.server.get(f"{path}?from=99999"), 404, "NotFound")
        self.refused(self.server.get(f"{path}?from=soon"), 400, "InvalidInput")
        self.refused(self.server.get("/v1/views/nothing/diff?from=20"), 404, "NotFound")

    def test_metrics_are_for_the_operator_on_his_socket(self):
        hidden, nothing = self.server.get("/metrics"), self.server.get("/metric")
        self.assertEqual([hidden.status, nothing.status], [404, 404])
        self.assertEqual([hidden.json()["message"]], [nothing.json()["message"]])
        self.get("/v1/ledger")
        answer = self.server.ask("GET", "/metrics", unix=True)
        self.assertEqual((answer.status, answer.headers["content-type"]),
                         (200, "text/plain; version=0.0.4; charset=utf-8"))
        samples, types = {}, {}
        for line in answer.body.decode().splitlines():
            if line.startswith("# TYPE "):
                types[line.split()[2]] = line.split()[3]
            elif not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                samples[name] = float(value)
        for name in samples:
            base = re.sub(r"(_bucket|_sum|_count)?(\{.*)?$", "", name)
            self.assertIn(base, types, name)
        self.assertEqual(samples["pilotledger_ledger_entries"], self.get("/v1/ledger").json()["position"])
        self.assertGreater(samples['pilotledger_http_requests_total{operation="ledger",code="200"}'], 0)
        self.assertGreater(samples["pilotledger_http_connections_total"], 0)
        self.assertGreater(samples["pilotledger_process_open_descriptors"], 5)
        self.assertEqual(samples['pilotledger_http_request_seconds_bucket{operation="ledger",le="+Inf"}'],
                         samples['pilotledger_http_request_seconds_count{operation="ledger"}'])

    def test_sql_is_for_auditors(self):
        statement = urllib.parse.quote("SELECT kind, count(*) AS n FROM entry GROUP BY kind ORDER BY kind")
        path, auditor = f"/v1/sql?statement={statement}", World.cookie("aud")
        answer = self.get(path, "/v1/sql", auditor).json()
        self.assertEqual([column["name"] for column in answer["columns"]], ["kind", "n"])
        self.assertEqual(sum(int(row["n"]) for row in answer["rows"]), answer["position"])
        self.assertTrue(self.server.get(path + "&format=csv", auditor).body.startswith(b"kind,n"))
        past = self.get(path + "&as_of=20", "/v1/sql", auditor).json()
        self.assertEqual(sum(int(row["n"]) for row in past["rows"]), 21)
        for reader in ({}, World.cookie("bnk")):
            self.refused(self.server.get(path, reader), 403, "NotAuthorized")
        for bad, status in (("DELETE FROM entry", 400), ("SELECT load_extension('x')", 403), ("SELECT * FROM nothing", 400)):
            self.assertEqual(self.server.get(f"/v1/sql?statement={urllib.parse.quote(bad)}", auditor).status, status, bad)

    def test_dossiers(self):
        of = "/v1/dossiers/{subject}/{id}"
        public = self.get("/v1/dossiers/award/A1", of)
        self.assertEqual((public.json()["proofs"], len(public.json()["notes"])), ({}, 1))
        self.assertIn("dossier-award-", public.headers["content-disposition"])
        auditor = World.cookie("aud")
        whole = self.get("/v1/dossiers/award/A1", of, auditor).json()
        made = json.loads(run(self.directory, "pilotledger", "dossier", "award", "A1", "--format", "json", "--quiet"))
        self.assertEqual((whole["proofs"], whole["title_zh"]), (made["proofs"], made["title_zh"]))
        self.assertEqual([table["name"] for table in whole["tables"]], [table["name"] for table in made["tables"]])
        past = self.get("/v1/dossiers/award/A1?as_of=33", of, auditor).json()
        self.assertEqual(past["proofs"], {}, "a proof would be of today")
        for kind, start in (("zip", b"PK"), ("xlsx", b"PK"), ("html", b"<!DOCTYPE html>")):
            file = self.server.get(f"/v1/dossiers/patent/{PATENT}?format={kind}&lang=zh", auditor)
            self.assertEqual((file.status, file.body[:len(start)]), (200, start), kind)
            self.assertIn(f".{kind}", file.headers["content-disposition"])
        self.refused(self.server.get("/v1/dossiers/award/NONE"), 404, "NotFound")
        self.refused(self.server.get("/v1/dossiers/nothing/A1"), 400, "InvalidInput")

    def test_pledge(self):
        answer = self.get(f"/v1/pledge/{PATENT}", "/v1/pledge/{number}").json()
        self.assertEqual(answer["answer"], "ACTIVE")
        self.assertNotIn("amountFen", answer["pledges"][0])
        self.assertIn("Z1: secured amount", answer["withheld"])
        mine = self.get(f"/v1/pledge/{PATENT}", "/v1/pledge/{number}", World.cookie("bnk")).json()
        self.assertEqual((mine["pledges"][0]["amountFen"], mine["withheld"]), ("5000000", []))
        past = self.get(f"/v1/pledge/{PATENT}?as_of=20", "/v1/pledge/{number}").json()
        self.assertEqual((past["answer"], past["position"]), ("UNKNOWN", 21))
        self.assertEqual(self.get("/v1/pledge/ZL202311000002.6", "/v1/pledge/{number}").json()["answer"], "UNKNOWN")
        self.refused(self.server.get("/v1/pledge/nonsense"), 400, "InvalidInput")

    def test_proofs_are_those_of_prove(self):
        headers = World.cookie("aud")
        for what, identity, command in (("event", "5", ["event", "5"]), ("entry", "5", ["event", "5", "--withhold"]),
                                        ("inclusion", "5", ["event", "5", "--tlog-proof"]),
                                        ("entity", "award:A1", ["entity", "award:A1"]),
                                        ("history", "award:A1", ["entity", "award:A1", "--complete"]),
                                        ("absence", "award:NOT", ["entity", "award:NOT"])):
            served = self.get(f"/v1/proofs/{what}/{identity}", "/v1/proofs/{what}/{id}", headers).body
            made = run(self.directory, "pilotledger", "prove", *command, "--quiet")
            self.assertEqual(served.decode(), made, what)
        served = self.get(f"/v1/proofs/pledge/{PATENT}", "/v1/proofs/{what}/{id}", headers).body
        run(self.directory, "pilotledger", "pledge", PATENT, "--prove", "pledge.proof")
        self.assertEqual(served, open(os.path.join(self.directory, "pledge.proof"), "rb").read())
        verdict = self.held(self.server.post("/v1/verify", served, "text/plain"), "/v1/verify", "POST").json()
        self.assertTrue(verdict["verified"])
        self.assertIn("核验通过", verdict["text"]["zh"])
        forged = served.replace(b"story.example", b"story.examplf", 1)
        answer = self.server.post("/v1/verify", forged, "text/plain")
        self.assertTrue(answer.status == 400 or not answer.json()["verified"], answer.body)
        self.refused(self.server.get("/v1/proofs/absence/award:A1", headers), 409, "Conflict")
        self.refused(self.server.get("/v1/proofs/nothing/1"), 400, "InvalidInput")

    def test_what_is_unknown_is_refused(self):
        self.assertIn("did you mean 'limit'", self.refused(self.server.get("/v1/entries?limt=3"), 400,
                                                          "InvalidInput")["message"])
        self.assertIn("platform", self.refused(self.server.get("/v1/views/revenue?platfrom=P"), 400,
                                               "InvalidInput")["message"])
        self.refused(self.server.get("/v1/entries?limit=0"), 400, "InvalidInput")
        self.refused(self.server.get("/v1/entries?limit=1001"), 400, "InvalidInput")
        self.refused(self.server.get("/v1/entries?limit=5&limit=6"), 400, "InvalidInput")
        self.refused(self.server.get("/v1/views/revenu"), 404, "NotFound")
        self.refused(self.server.get("/v1/nothing"), 404, "NoRoute")
        self.assertEqual(self.refused(self.server.ask("DELETE", "/v1/entries"), 405, "MethodNotAllowed")["exit"], 2)
        self.refused(self.server.ask("POST", "/v1/verify", "x", {"Content-Type": "application/json"}), 415, "MediaType")
        self.refused(self.server.ask("GET", "/v1/views?format=csv"), 400, "InvalidInput")

    def test_tags(self):
        for target, headers in (("/v1/views/subsidy_trace?as_of=30", {}), ("/v1/entries/3", {}), ("/v1/kinds", {}),
                                ("/v1/views/entries", World.cookie("plt")), ("/openapi.json", {})):
            first = self.server.get(target, headers)
            tag = first.headers["etag"]
            again = self.server.get(target, {**headers, "If-None-Match": tag})
            self.assertEqual((again.status, again.body, again.headers["etag"]), (304, b"", tag), target)
            self.assertEqual(self.server.get(target, {**headers, "If-None-Match": '"other"'}).status, 200)
        own = self.server.get("/v1/views/entries", World.cookie("plt")).headers["etag"]
        self.assertEqual(self.server.get("/v1/views/entries", {"If-None-Match": own}).status, 200)


class Writing(Case):
    def test_a_submission_is_recorded_once(self):
        rehearsed = self.held(self.server.submit(os.path.join(self.directory, "dry.sub"), "?dry_run=1"),
                              "/v1/submissions", "POST").json()
        self.assertTrue(rehearsed["dry_run"])
        before = self.get("/v1/ledger").json()["entries"]
        file = os.path.join(self.directory, "more.sub")
        first = self.held(self.server.submit(file), "/v1/submissions", "POST").json()["receipts"]
        self.assertEqual(first[0]["index"], before)
        self.assertGreater(first[0]["size"], first[0]["index"])
        self.assertEqual(self.get("/v1/ledger").json()["entries"], before + 1, "its author reads what he wrote")
        again = self.server.submit(file).json()["receipts"]
        self.assertEqual({**first[0], "repeated": True}, {**again[0], "size": first[0]["size"],
                                                         "root": first[0]["root"]})

    def test_other_bytes_under_one_id(self):
        self.assertEqual(self.server.submit(os.path.join(self.directory, "same.sub")).status, 200)
        self.refused(self.server.submit(os.path.join(self.directory, "other.sub")), 409, "Conflict")

    def test_what_is_not_taken(self):
        self.refused(self.server.submit(os.path.join(self.directory, "unfit.sub")), 403, "NotAuthorized")
        self.refused(self.server.post("/v1/submissions", b"nothing", "application/octet-stream"), 400, "InvalidInput")
        self.refused(self.server.post("/v1/submissions", b"nothing", "text/plain"), 415, "MediaType")

    def test_nobody_else_writes(self):
        done = subprocess.run(["pilotledger", "record", "more.json", "--key", "keys/trs.pem", "--key", "keys/eit.pem"],
                              cwd=self.directory, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 6, done.stderr)


def main():
    global SOURCE
    programs, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    sys.path.insert(0, os.path.join(SOURCE, "tests/serve"))
    World.make(programs)
    try:
        import inbox_test  # pylint: disable=import-outside-toplevel
        import readers_test  # pylint: disable=import-outside-toplevel
        import strangers_test  # pylint: disable=import-outside-toplevel
        suite = unittest.TestSuite()
        wanted = sys.argv[3:]
        for group in (Reading, Writing, *inbox_test.groups(Case, World), *readers_test.groups(Case, World),
                      *strangers_test.groups(Case, World)):
            suite.addTests(test for test in unittest.defaultTestLoader.loadTestsFromTestCase(group)
                           if not wanted or any(word in test.id() for word in wanted))
        result = unittest.TextTestRunner(verbosity=1).run(suite)
        status = World.server.stop()
        if status != 0:
            print(f"serve ended with {status} at SIGTERM", file=sys.stderr)
        print(run(World.directory, "pilotledger", "access-log", "verify"), end="")
        sys.exit(0 if result.wasSuccessful() and status == 0 else 1)
    finally:
        World.server.process.kill()
        World.scratch.cleanup()


if __name__ == "__main__":
    main()
