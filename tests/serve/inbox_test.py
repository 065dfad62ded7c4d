"""The inbox and evidence files: who sees what, what a signature does, and that kills lose nothing acknowledged."""
import hashlib
import json
import os
import random
import shutil
import threading

from client import SESSION, Server, log_in, run

NOBODYS = "0" * 64
KILLS = int(os.environ.get("KILLS", "8"))
EIT, TRS, BANK = "113300000024820075", "11330000MB99010246", "91330200MA2BNK027M"


def award(name, files=()):
    evidence = [{"kind": "OFFICIAL_DOCUMENT", "hash": hashlib.sha256(file).hexdigest()} for file in files]
    event = {"kind": "SubsidyAwarded", "legalDate": "2026-03-01", "jurisdiction": "330000", "evidence": evidence,
             "body": {"award": name, "payee": "91330100MA2PLT015B", "instrument": "equipment", "amountFen": "100"}}
    return json.dumps({key: value for key, value in event.items() if value})


def loan(name):
    return json.dumps({"kind": "LoanGranted", "legalDate": "2026-03-01", "body": {
        "loan": name, "bank": BANK, "debtor": "91330400MA2ENT032U", "product": "CREDIT", "amountFen": "5"}})


class Draft:
    """A submission file that one has signed, and its note with another's signature."""

    def __init__(self, directory, name, event, by, other):
        self.path = os.path.join(directory, name + ".sub")
        run(directory, "pilotledger", "sign", "-", "--key", f"keys/{by}.pem", "-o", self.path, stdin=event)
        run(directory, "pilotledger", "sign", self.path, "--key", f"keys/{other}.pem", "--quiet", "-o",
            self.path + "2")
        with open(self.path, "rb") as file:
            self.file = file.read()
        self.text = self.note(self.file).split(b"\n\n\xe2\x80\x94")[0] + b"\n"
        with open(self.path + "2", "rb") as file:
            self.complete = file.read()
        self.signed = self.note(self.complete)
        self.id = hashlib.sha256(self.text).hexdigest()

    @staticmethod
    def note(file):
        _, length, rest = file.split(b"\n", 2)
        return rest[:int(length)]


def post(server, file):
    return server.post("/v1/pending", file, "application/octet-stream")


def sign(server, draft):
    return server.post(f"/v1/pending/{draft.id}/signatures", draft.signed, "text/plain")


def put(server, file, headers, name=None):
    digest = name or hashlib.sha256(file).hexdigest()
    return server.ask("PUT", "/v1/evidence/" + digest, file, {"Content-Type": "application/octet-stream", **headers})


def groups(Case, World):
    class Base(Case):
        def draft(self, name, event=None, by="trs", other="eit"):
            return Draft(self.directory, name, event or award(name), by, other)

        def listed(self, key):
            answer = self.held(self.server.get("/v1/pending", World.cookie(key)), "/v1/pending")
            return {item["id"]: item for item in answer.json()["pending"]}

    class Inbox(Base):
        def test_from_one_desk_to_the_other(self):
            draft = self.draft("P-1")
            before = self.get("/v1/ledger").json()["entries"]
            posted = self.held(post(self.server, draft.file), "/v1/pending", "POST").json()
            self.assertEqual((posted["id"], posted["state"], posted["yours"]), (draft.id, "open", "submitted"))
            self.assertEqual([one["party"] for one in posted["signed"]], [TRS])
            self.assertIn("330000", posted["lacking"][0]["words"]["en"])
            self.assertTrue(post(self.server, draft.file).json()["repeated"])
            self.assertEqual(self.get("/v1/ledger").json()["entries"], before, "nothing of it is a fact")
            self.assertEqual(self.listed("eit")[draft.id]["yours"], "sign")
            one = self.held(self.server.get(f"/v1/pending/{draft.id}", World.cookie("eit")), "/v1/pending/{id}").json()
            self.assertEqual(one["content"][0]["body"]["award"], "P-1")
            file = self.held(self.server.get(f"/v1/pending/{draft.id}/file", World.cookie("eit")),
                             "/v1/pending/{id}/file")
            self.assertEqual(file.body, draft.file)
            done = self.held(sign(self.server, draft), "/v1/pending/{id}/signatures", "POST").json()
            self.assertEqual((done["state"], done["receipts"][0]["index"]), ("recorded", before))
            entry = self.get(f"/v1/entries/{before}", "/v1/entries/{index}").json()["entry"]
            self.assertEqual((entry["event"]["body"]["award"], len(entry["signers"])), ("P-1", 2))
            self.assertEqual(self.listed("trs")[draft.id]["receipts"][0]["index"], before)
            self.refused(sign(self.server, draft), 409, "Conflict")
            self.refused(self.server.get(f"/v1/pending/{draft.id}/file", World.cookie("eit")), 409, "Conflict")
            again = post(self.server, draft.complete).json()
            self.assertTrue(again["receipts"][0]["repeated"])

        def test_for_others_it_does_not_exist(self):
            draft = self.draft("P-2")
            self.assertEqual(post(self.server, draft.file).status, 200)
            for key in ("bnk", "plt", "aud", "cus"):
                self.assertNotIn(draft.id, self.listed(key), key)
                for target in ("", "/file"):
                    answers = []
                    for identity in (draft.id, NOBODYS):
                        answer = self.server.get(f"/v1/pending/{identity}{target}", World.cookie(key))
                        error = self.refused(answer, 404, "NotFound")
                        answers.append({name: error[name] for name in error if name != "request_id"})
                    self.assertEqual(answers[0], answers[1], (key, target))
            self.assertEqual(self.server.get(f"/v1/pending/{draft.id}", unix=True).status, 404, "not for the operator")
            self.refused(self.server.get(f"/v1/pending/{draft.id}"), 401, "NotLoggedIn")
            for method, target, body in (("POST", "/decline", b'{"reason":"x"}'), ("DELETE", "", None)):
                headers = {"Content-Type": "application/json", **World.cookie("bnk")}
                self.refused(self.server.ask(method, f"/v1/pending/{draft.id}{target}", body, headers), 404, "NotFound")

        def test_a_signature_that_is_not_asked_for(self):
            draft = self.draft("P-3", other="bnk")
            self.assertEqual(post(self.server, draft.file).status, 200)
            # The note holds the submitter's signature too, so its sender may know that the item is there.
            self.refused(sign(self.server, draft), 403, "NotAuthorized")
            self.refused(self.server.post(f"/v1/pending/{NOBODYS}/signatures", draft.signed, "text/plain"), 400,
                         "InvalidInput")
            self.refused(self.server.post(f"/v1/pending/{draft.id}/signatures",
                                          draft.signed.replace(b"story.example", b"other.example", 1), "text/plain"),
                         400, "InvalidInput")
            self.assertEqual(len(self.listed("trs")[draft.id]["signed"]), 1)

        def test_declined_and_withdrawn(self):
            draft = self.draft("P-4", loan("P-4"), "bnk", "cus")
            self.assertEqual(post(self.server, draft.file).status, 200)
            headers = {"Content-Type": "application/json", **World.cookie("cus")}
            path = f"/v1/pending/{draft.id}/decline"
            self.refused(self.server.ask("POST", path, b'{"reason":""}', headers), 400, "InvalidInput")
            self.refused(self.server.ask("POST", path, b'{"why":"x"}', headers), 400, "InvalidInput")
            declined = self.server.ask("POST", path, '{"reason":"金额有误"}'.encode(), headers)
            self.assertEqual(declined.status, 201, declined.body)
            self.held(declined, "/v1/pending/{id}/decline", "POST")
            told = self.listed("bnk")[draft.id]
            self.assertEqual((told["state"], told["declined"][0]["reason"]), ("declined", "金额有误"))
            self.refused(sign(self.server, draft), 409, "Conflict")
            self.assertEqual(post(self.server, draft.file).json()["state"], "open", "submitted anew")
            self.refused(self.server.ask("DELETE", f"/v1/pending/{draft.id}", headers=World.cookie("cus")), 403,
                         "NotAuthorized")
            gone = self.held(self.server.ask("DELETE", f"/v1/pending/{draft.id}", headers=World.cookie("bnk")),
                             "/v1/pending/{id}", "DELETE").json()
            self.assertEqual((gone["state"], gone["lacking"]), ("withdrawn", []))
            self.assertNotIn(draft.id, self.listed("cus") if not gone["declined"] else {})

        def test_what_the_ledger_would_refuse(self):
            unfit = Draft(self.directory, "P-5", award("P-5").replace('"100"', '"0"'), "trs", "eit")
            self.refused(post(self.server, unfit.file), 422, "Refused")
            self.refused(post(self.server, b"nothing"), 400, "InvalidInput")
            self.refused(self.server.post("/v1/pending", b"x", "text/plain"), 415, "MediaType")
            self.assertNotIn(unfit.id, self.listed("trs"))

    class Evidence(Base):
        def test_by_those_who_sign_for_those_who_may_see(self):
            file = b"%PDF-1.7 <script>alert(1)</script>"
            digest = hashlib.sha256(file).hexdigest()
            draft = self.draft("E-1", award("E-1", [file]))
            path = "/v1/evidence/{hash}"
            self.refused(put(self.server, file, World.cookie("trs")), 404, "NotFound")
            self.assertEqual(post(self.server, draft.file).status, 200)
            self.refused(put(self.server, file, World.cookie("bnk")), 404, "NotFound")
            self.refused(put(self.server, b"other", World.cookie("trs"), digest), 400, "InvalidInput")
            self.assertIn("has put it here", self.refused(
                self.server.get("/v1/evidence/" + digest, World.cookie("eit")), 404, "NotFound")["message"])
            kept = self.held(put(self.server, file, World.cookie("trs")), path, "PUT").json()
            self.assertEqual((kept["type"], kept["already"]), ("application/pdf", False))
            self.assertTrue(put(self.server, file, World.cookie("eit")).json()["already"])
            got = self.held(self.server.get("/v1/evidence/" + digest, World.cookie("eit")), path)
            self.assertEqual(got.body, file)
            self.assertTrue(got.headers["content-disposition"].startswith("attachment"))
            self.assertEqual(got.headers["x-content-type-options"], "nosniff")
            self.assertIn("sandbox", got.headers["content-security-policy"])
            self.refused(self.server.get("/v1/evidence/" + digest), 404, "NotFound")
            self.assertEqual(sign(self.server, draft).json()["state"], "recorded")
            self.assertEqual(self.server.get("/v1/evidence/" + digest).body, file, "fiscal money is public")
            self.refused(put(self.server, file, World.cookie("bnk")), 403, "NotAuthorized")
            self.assertTrue(put(self.server, file, World.cookie("eit")).json()["already"])

        def secret(self, name):
            """A loan between bank and customer with a file that both may see, recorded; the file and its hash."""
            file = b"loan contract " + name.encode()
            event = json.loads(loan(name))
            event["evidence"] = [{"kind": "CONTRACT", "hash": hashlib.sha256(file).hexdigest()}]
            draft = self.draft(name, json.dumps(event), "bnk", "cus")
            self.assertEqual(post(self.server, draft.complete).json()["state"], "recorded")
            return file, event["evidence"][0]["hash"]

        def got(self, digest, key=None, unix=False):
            return self.server.get("/v1/evidence/" + digest, World.cookie(key) if key else None, unix=unix)

        def test_a_hash_gives_no_right_to_its_file(self):
            file, digest = self.secret("S-10")
            self.assertEqual(put(self.server, file, World.cookie("bnk")).status, 200)
            for key in ("bnk", "cus", "aud"):
                self.assertEqual(self.got(digest, key).body, file, key)
            self.refused(self.got(digest, "plt"), 404, "NotFound")
            absent = hashlib.sha256(b"put by nobody").hexdigest()
            link = {"kind": "RelationDeclared", "legalDate": "2026-03-01",
                    "evidence": [{"kind": "OTHER", "hash": name} for name in (digest, absent)],
                    "body": {"party": "91330100MA2PLT015B",
                             "links": [{"party": "91330400MA2ENT032U", "relation": "x"}]}}
            draft = self.draft("S-11", json.dumps(link), "plt", "cus")
            self.assertEqual(self.server.post("/v1/submissions", draft.file, "application/octet-stream").status, 200)
            for key in ("plt", None):
                said = [self.refused(self.got(name, key), 404, "NotFound")["message"].replace(name, "")
                        for name in (digest, absent)]
                self.assertEqual(*said, "nor is he told that it is here")
            self.assertFalse(put(self.server, b"guess", World.cookie("plt"), digest).status == 200)
            self.assertTrue(put(self.server, file, World.cookie("plt")).json()["already"], "who has it may say so")
            self.assertEqual(self.got(digest, "plt").body, file)
            with open(os.path.join(self.directory, "ledger/evidence", digest + ".parties"), encoding="utf-8") as kept:
                self.assertEqual(kept.read().splitlines()[1:], [digest, "91330100MA2PLT015B", BANK])

        def test_a_file_of_an_earlier_version_is_for_operator_and_auditors(self):
            file, digest = self.secret("S-12")
            self.assertEqual(put(self.server, file, World.cookie("bnk")).status, 200)
            record = os.path.join(self.directory, "ledger/evidence", digest + ".parties")
            self.assertEqual(os.stat(record).st_mode & 0o777, 0o600)
            os.remove(record)
            for key in ("bnk", "cus"):
                self.assertIn("before the server kept who did", self.refused(self.got(digest, key), 404, "NotFound")[
                    "message"])
            self.assertEqual(self.got(digest, "aud").body, file)
            self.assertEqual(self.got(digest, unix=True).body, file)
            self.assertTrue(put(self.server, file, World.cookie("cus")).json()["already"])
            self.assertEqual(self.got(digest, "bnk").body, file, "its other signer has put it")
            with open(record, "a", encoding="utf-8") as altered:
                altered.write("91330100MA2PLT015B\n")
            self.refused(self.got(digest, "cus"), 500, "Corruption")

        def test_what_cannot_be(self):
            self.refused(put(self.server, b"x", World.cookie("trs"), "A" * 64), 400, "InvalidInput")
            self.refused(self.server.get("/v1/evidence/..%2Fvault.sqlite"), 400, "InvalidInput")
            hidden = self.server.get("/v1/evidence/" + "1" * 64, World.cookie("bnk"))
            self.refused(hidden, 404, "NotFound")

        def test_an_altered_file_is_said(self):
            file = b"delivery note"
            digest = hashlib.sha256(file).hexdigest()
            draft = self.draft("E-2", award("E-2", [file]))
            self.assertEqual(post(self.server, draft.file).status, 200)
            self.assertEqual(put(self.server, file, World.cookie("trs")).status, 200)
            kept = os.path.join(self.directory, "ledger/evidence", digest)
            self.assertEqual(os.stat(os.path.dirname(kept)).st_mode & 0o777, 0o700)
            with open(kept, "ab") as altered:
                altered.write(b"!")
            error = self.refused(self.server.get("/v1/evidence/" + digest, World.cookie("trs")), 500, "Corruption")
            self.assertIn(digest, error["message"])
            self.assertFalse(put(self.server, file, World.cookie("trs")).json()["already"])
            self.assertEqual(self.server.get("/v1/evidence/" + digest, World.cookie("trs")).body, file)

    class Kills(Base):
        """Drafts come, are signed, files are put; the process is killed at any moment; what it said holds."""

        def setUp(self):
            super().setUp()
            self.home = os.path.join(self.directory, "killed")
            os.makedirs(self.home)
            run(self.directory, "pilotledger", "--ledger", "ledger", "backup", "for-kills", "--with-keys")
            run(self.home, "pilotledger", "--ledger", "ledger", "restore", "../for-kills", "--alone", "--quiet")
            os.symlink(os.path.join(self.directory, "keys"), os.path.join(self.home, "keys"))
            self.files = [b"file %d" % number for number in range(4 * KILLS)]
            self.drafts = [Draft(self.home, f"K-{number}", award(f"K-{number}", [file]), "trs", "eit")
                           for number, file in enumerate(self.files)]

        def work(self, server, cookie, pairs, said):
            for draft, file in pairs:
                try:
                    if draft.id not in said["posted"]:
                        if post(server, draft.file).status == 200:
                            said["posted"].add(draft.id)
                    if put(server, file, cookie).status == 200:
                        said["files"].add(file)
                    answer = sign(server, draft)
                    if answer.status == 200 and answer.json()["state"] == "recorded":
                        said["recorded"].add(draft.id)
                except (OSError, ValueError, EOFError):
                    return
                except Exception as broken:  # http.client's own for an answer that was cut off
                    if "http.client" not in type(broken).__module__:
                        raise
                    return

        def test_nothing_that_was_said_is_lost(self):
            said = {"posted": set(), "files": set(), "recorded": set()}
            chance = random.Random(20261130)
            for _ in range(KILLS):
                server = Server(self.home)
                cookie = {"Cookie": f"{SESSION}={log_in(server, self.home, 'trs').cookie()}"}
                self.check(server, cookie, said)
                pairs = [(draft, file) for draft, file in zip(self.drafts, self.files)
                         if draft.id not in said["recorded"]]
                worker = threading.Thread(target=self.work, args=(server, cookie, pairs, said))
                worker.start()
                worker.join(chance.uniform(0.005, 0.12))
                server.process.kill()
                server.process.wait()
                worker.join()
                server.process.stdout.close()
                server.errors.close()
            server = Server(self.home)
            cookie = {"Cookie": f"{SESSION}={log_in(server, self.home, 'trs').cookie()}"}
            self.check(server, cookie, said)
            self.assertGreater(len(said["recorded"]), 0, "the kills left no time for anything")
            self.assertEqual(server.stop(), 0)
            run(self.home, "pilotledger", "--ledger", "ledger", "verify", "--quiet")
            shutil.rmtree(self.home)

        def check(self, server, cookie, said):
            items = {item["id"]: item for item in server.get("/v1/pending", cookie).json()["pending"]}
            names = {entry["event"]["body"]["award"] for entry in
                     server.get("/v1/entries?kind=SubsidyAwarded&limit=1000").json()["entries"]}
            for number, draft in enumerate(self.drafts):
                if draft.id in said["posted"]:
                    self.assertIn(draft.id, items)
                if draft.id in said["recorded"]:
                    self.assertEqual(items[draft.id]["state"], "recorded")
                if draft.id in items:
                    self.assertEqual(items[draft.id]["state"] == "recorded", f"K-{number}" in names, "half of it")
            for file in said["files"]:
                self.assertEqual(server.get("/v1/evidence/" + hashlib.sha256(file).hexdigest(), cookie).body, file)
            for name in os.listdir(os.path.join(self.home, "ledger/evidence")):
                if name.endswith(".parties"):
                    continue
                with open(os.path.join(self.home, "ledger/evidence", name), "rb") as kept:
                    self.assertEqual(hashlib.sha256(kept.read()).hexdigest(), name, "half a file")

    return Inbox, Evidence, Kills
