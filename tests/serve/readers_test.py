"""Every route as every kind of reader, what each of them sees, and that rights are judged at every answer and push."""
import json
import os

from client import SESSION, Stream, key_name, log_in, wait_until

PATENT = "ZL202311000001.1"
# One request for each operation. What is asked of a live server alone (log-ins, submissions) has tests of its own.
REQUESTS = {
    "page": ("GET", "/"), "pageFile": ("GET", "/page/no-such-file.js"),
    "live": ("GET", "/live"), "metrics": ("GET", "/metrics"), "ready": ("GET", "/ready"), "openApi": ("GET", "/openapi.json"),
    "logCheckpoint": ("GET", "/checkpoint"), "tile": ("GET", "/tile/entries/000.p/2"),
    "ledger": ("GET", "/v1/ledger"), "cluster": ("GET", "/v1/cluster"), "checkpoint": ("GET", "/v1/checkpoint"), "entries": ("GET", "/v1/entries?limit=3"),
    "commits": ("GET", "/v1/commits?from=2"), "entry": ("GET", "/v1/entries/3"),
    "entity": ("GET", "/v1/entities/award:A1"), "kinds": ("GET", "/v1/kinds"),
    "kind": ("GET", "/v1/kinds/SubsidyAwarded"), "views": ("GET", "/v1/views"),
    "view": ("GET", "/v1/views/subsidy_trace"), "drill": ("GET", "/v1/views/subsidy_trace/drill?row=1"),
    "diff": ("GET", "/v1/views/subsidy_trace/diff?from=20"),
    "sql": ("GET", "/v1/sql?statement=SELECT+count(*)+FROM+entry"),
    "dossier": ("GET", "/v1/dossiers/award/A1"),
    "findings": ("GET", "/v1/findings?code=S01"), "pledge": ("GET", "/v1/pledge/" + PATENT),
    "proof": ("GET", "/v1/proofs/entry/3"), "verify": ("POST", "/v1/verify"), "submit": ("POST", "/v1/submissions"),
    "challenge": ("POST", "/v1/session/challenge"), "logIn": ("POST", "/v1/session"), "session": ("GET", "/v1/session"),
    "logOut": ("DELETE", "/v1/session"), "makeToken": ("POST", "/v1/session/tokens"),
    "endToken": ("DELETE", "/v1/session/tokens/0000000000000000"), "events": ("GET", "/v1/events"),
    "postPending": ("POST", "/v1/pending"), "inbox": ("GET", "/v1/pending"),
    "pending": ("GET", "/v1/pending/" + "0" * 64), "pendingFile": ("GET", f"/v1/pending/{'0' * 64}/file"),
    "signPending": ("POST", f"/v1/pending/{'0' * 64}/signatures"),
    "declinePending": ("POST", f"/v1/pending/{'0' * 64}/decline"),
    "withdrawPending": ("DELETE", "/v1/pending/" + "0" * 64),
    "putEvidence": ("PUT", "/v1/evidence/" + "0" * 64), "evidence": ("GET", "/v1/evidence/" + "0" * 64),
}
BODIES = {"verify": (b"nothing", "text/plain"), "submit": (b"nothing", "application/octet-stream"),
          "challenge": (b"{}", "application/json"), "logIn": (b"nothing", "text/plain"),
          "makeToken": (b'{"name":"x","days":0}', "application/json"),
          "postPending": (b"nothing", "application/octet-stream"), "signPending": (b"nothing", "text/plain"),
          "declinePending": (b'{"reason":"x"}', "application/json"),
          "putEvidence": (b"x", "application/octet-stream")}
# What a request gets that is well formed (200) or not (400), by who asks; all others get LOST at /v1.
ALIVE, LOST = 0, 401
SAME_FOR_ALL = {"page", "pageFile", "live", "ready", "openApi", "logCheckpoint", "tile"}
FOR_STALE = {"challenge", "logIn", "logOut"}  # a stale cookie keeps nobody from them
OF_SESSIONS = {"makeToken", "endToken", "declinePending", "withdrawPending", "putEvidence"}
OF_LOGGED_IN = {"inbox", "pending", "pendingFile"}  # by a session or a token
WHOLE = {"commits", "sql"}  # for who sees everything
WELL_FORMED = {name: 200 for name in REQUESTS}
WELL_FORMED.update(pageFile=404, verify=400, submit=400, challenge=400, logIn=400, makeToken=400, endToken=404,
                   postPending=400, signPending=400, pending=404, pendingFile=404, declinePending=404,
                   withdrawPending=404, putEvidence=404, evidence=404)
READERS = {  # name: what the session's routes give, what all other routes of /v1 give
    "anonymous": (401, ALIVE), "party": (ALIVE, ALIVE), "auditor": (ALIVE, ALIVE), "token": (401, ALIVE),
    "operator": (None, ALIVE), "revoked": (LOST, LOST), "suspended later": (LOST, LOST), "logged out": (LOST, LOST),
    "dead token": (LOST, LOST), "forged": (LOST, LOST), "forged token": (LOST, LOST),
}


def groups(Case, World):
    class Readers(Case):
        @classmethod
        def setUpClass(cls):
            server, directory = World.server, World.directory
            cookie = World.cookie

            def token(of):
                made = server.post("/v1/session/tokens", json.dumps({"name": "test", "days": 1}), "application/json", of)
                assert made.status == 201, made.body
                return {"Authorization": "Bearer " + made.json()["token"]}

            leaving = cookie("leaving")
            ended = {"Cookie": f"{SESSION}={log_in(server, directory, 'eit').cookie()}"}
            assert server.ask("DELETE", "/v1/session", headers=ended).status == 200
            cls.headers = {
                "anonymous": {}, "party": cookie("bnk"), "auditor": cookie("aud"), "token": token(cookie("plt")),
                "operator": {}, "revoked": leaving, "logged out": ended, "dead token": token(leaving),
                "forged": {"Cookie": f"{SESSION}={'0' * 64}"}, "forged token": {"Authorization": "Bearer " + "0" * 64},
            }
            cls.stream = Stream(server, "/v1/events", leaving)
            assert server.submit(os.path.join(directory, "leave.sub")).status == 200

        def test_a_stream_ends_when_its_key_is_revoked(self):
            frames = []
            while (frame := self.stream.next()) is not None:
                frames.append(frame)
            self.assertEqual(frames[-1]["event"], "end")
            self.stream.close()

        def ask(self, operation, reader):
            method, target = REQUESTS[operation]
            body, media_type = BODIES.get(operation, (None, None))
            headers = dict(self.headers[reader])
            if media_type:
                headers["Content-Type"] = media_type
            if operation == "events":
                stream = Stream(self.server, target, headers)
                stream.close()
                return stream.status, b""
            answer = self.server.ask(method, target, body, headers, unix=reader == "operator")
            return answer.status, answer.body

        def expected(self, operation, reader):
            of_session, of_others = READERS[reader]
            if operation == "metrics":
                return 200 if reader == "operator" else 404
            if operation in SAME_FOR_ALL or (operation in FOR_STALE and of_others == LOST):
                return WELL_FORMED[operation]
            if operation in OF_LOGGED_IN and reader == "anonymous":
                return 401
            if operation in OF_SESSIONS and of_session != ALIVE:
                return of_session
            if operation in WHOLE and of_others == ALIVE and reader not in ("auditor", "operator"):
                return 403
            return WELL_FORMED[operation] if of_others == ALIVE else of_others

        def test_every_route_as_every_reader(self):
            documented = {operation["operationId"] for path in World.document["paths"].values()
                          for operation in path.values()}
            self.assertEqual(documented, set(REQUESTS))
            for reader in self.headers:
                for operation in REQUESTS:
                    if operation == "logOut" and reader in ("party", "auditor", "token"):
                        continue  # would end it
                    wanted = self.expected(operation, reader)
                    status, body = self.ask(operation, reader)
                    if reader == "operator" and operation in OF_SESSIONS:
                        self.assertIn(status, (400, 403, 404), (reader, operation, body))
                    else:
                        self.assertEqual(status, wanted, (reader, operation, body[:300]))

        def test_commits_are_whole_and_for_auditors_and_the_operators_keys(self):
            made = self.server.post("/v1/session/tokens", b'{"name": "copy", "days": 1}', "application/json",
                                    World.cookie("aud"))
            token = {"Authorization": "Bearer " + made.json()["token"]}
            pages = [self.server.get("/v1/commits", headers) for headers in (World.cookie("operator"), token)]
            self.assertEqual([page.status for page in pages], [200, 200])
            self.assertEqual(pages[0].headers["cache-control"], "no-store")
            note = self.server.get("/checkpoint").body
            self.assertIn(note.split(b"\n\n")[0], pages[0].body, "up to the newest one")
            self.assertEqual(self.server.get("/v1/commits?from=1", World.cookie("aud")).status, 404)

        def test_who_is_told_what(self):
            seen = {reader: self.server.get("/v1/session", self.headers[reader], reader == "operator").json()
                    for reader in ("anonymous", "party", "auditor", "token", "operator")}
            self.assertEqual({reader: told["reader"] for reader, told in seen.items()},
                             {"anonymous": "public", "party": "party:91330200MA2BNK027M", "auditor": "audit",
                              "token": "party:91330100MA2PLT015B", "operator": ""})
            self.assertTrue(seen["operator"]["operator"])

        def test_fields_are_withheld(self):
            spent = self.server.get("/v1/entries?kind=ExpenditureRecorded").json()["entries"][0]["index"]
            loan = self.server.get("/v1/entries?kind=LoanGranted").json()["entries"][0]["index"]

            def body(index, reader):
                answer = self.server.get(f"/v1/entries/{index}", self.headers[reader], reader == "operator").json()
                return answer["entry"]["event"].get("body", {})

            self.assertNotIn("invoice", body(spent, "anonymous"))
            self.assertNotIn("invoice", body(spent, "party"))
            for reader in ("auditor", "token", "operator"):
                self.assertIn("invoice", body(spent, reader), reader)
            self.assertNotIn("amountFen", body(loan, "anonymous"))
            self.assertEqual(body(loan, "party")["amountFen"], "777700")

        def test_the_same_answer_for_hidden_and_absent(self):
            hidden = self.server.get("/v1/entities/loan:L")
            absent = self.server.get("/v1/entities/loan:M")
            told = [json.loads(answer.body.replace(name, b"NAME"))
                    for answer, name in ((hidden, b"loan:L"), (absent, b"loan:M"))]
            for answer in told:
                del answer["request_id"]
            if hidden.status == 404:  # the name is withheld from the public
                self.assertEqual(told[0], told[1])
            for target in ("/v1/proofs/entity/", "/v1/proofs/history/", "/v1/proofs/absence/"):
                answers = []
                for name in ("loan:L", "loan:M"):
                    answer = self.server.get(target + name)
                    answers.append((answer.status, answer.json()["message"]))
                self.assertEqual(answers[0], answers[1], target)
                self.assertEqual(answers[0][0], 403)

        def test_no_proof_shows_more_than_its_reader_may_see(self):
            spent = self.server.get("/v1/entries?kind=ExpenditureRecorded").json()["entries"][0]["index"]
            self.assertEqual(self.server.get(f"/v1/proofs/event/{spent}").status, 403)
            self.assertEqual(self.server.get(f"/v1/proofs/event/{spent}", self.headers["party"]).status, 403)
            self.assertEqual(self.server.get(f"/v1/proofs/entry/{spent}").status, 200)
            self.assertEqual(self.server.get(f"/v1/proofs/event/{spent}", self.headers["token"]).status, 200)
            self.assertEqual(self.server.get(f"/v1/proofs/pledge/{PATENT}").status, 403)

    class LogIns(Case):
        def test_keys_that_sign_nothing_do_not_log_in(self):
            for key in ("revoked", "stolen", "suspended"):
                self.assertEqual(log_in(self.server, self.directory, key).status, 403, key)

        def challenge(self, key="trs"):
            body = json.dumps({"key": key_name(self.directory, key)})
            return self.server.post("/v1/session/challenge", body, "application/json").json()["text"]

        def sign(self, text, key="trs"):
            from client import run
            return run(self.directory, "pilotledger", "login-sign", "--key", f"keys/{key}.pem", "--quiet", stdin=text)

        def log_in(self, note):
            return self.server.post("/v1/session", note.encode(), "text/plain").status

        def test_a_challenge_is_good_once_and_as_it_was_given(self):
            note = self.sign(self.challenge())
            other = self.challenge()
            self.assertEqual(self.log_in(note.replace("http://", "https://")), 403, "another URL")
            self.assertEqual(self.log_in(note), 201, "what was altered is another text")
            self.assertEqual(self.log_in(note), 403, "the nonce is used up")
            self.assertEqual(self.log_in(other + "\n" + note.split("\n\n", 1)[1]), 403, "another's signature")
            self.assertEqual(self.log_in(self.challenge()), 400, "not signed")

        def test_pages_of_others_change_nothing(self):
            body = json.dumps({"key": "x+1"})
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                            {"Origin": "https://other.example"}, {"Origin": "null"}):
                answer = self.server.post("/v1/session/challenge", body, "application/json", headers)
                self.assertEqual(answer.status, 403, headers)
            answer = self.server.post("/v1/session/challenge", body, "application/json",
                                      {"Sec-Fetch-Site": "same-origin", "Origin": self.server.url})
            self.assertEqual(answer.status, 200)

        def test_the_cookie(self):
            cookie = log_in(self.server, self.directory, "cus").headers["set-cookie"]
            self.assertTrue(cookie.startswith("__Host-"))
            for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
                self.assertIn(word, cookie)

        def test_tokens(self):
            session = {"Cookie": f"{SESSION}={log_in(self.server, self.directory, 'cus').cookie()}"}
            made = self.held(self.server.post("/v1/session/tokens", '{"name":"nightly","days":2}', "application/json",
                                              session), "/v1/session/tokens", "POST").json()
            token = {"Authorization": "Bearer " + made["token"]}
            self.assertEqual(self.server.get("/v1/session", token).json()["reader"], "party:91330400MA2ENT032U")
            listed = self.server.get("/v1/session", session).json()["sessions"]
            self.assertIn(made["id"], [one["id"] for one in listed])
            self.assertNotIn(made["token"], json.dumps(listed))
            self.held(self.server.ask("DELETE", "/v1/session/tokens/" + made["id"], headers=session),
                      "/v1/session/tokens/{id}", "DELETE")
            self.assertEqual(self.server.get("/v1/session", token).status, 401)

        def test_zz_ten_challenges_a_minute(self):
            statuses = {self.server.post("/v1/session/challenge", '{"key":"x+1"}', "application/json").status
                        for _ in range(100)}
            self.assertEqual(statuses, {200, 429})

    class Following(Case):
        def test_new_entries_and_replay(self):
            size = self.server.get("/v1/ledger").json()["entries"]
            stream = Stream(self.server, "/v1/events")
            self.assertEqual(stream.next()["event"], "reader")
            self.assertEqual(self.server.submit(os.path.join(self.directory, "dry.sub")).status, 200)
            frame = stream.next(2)
            self.assertEqual((frame["event"], frame["id"]), ("entry", str(size)))
            self.assertEqual(json.loads(frame["data"]), self.server.get(
                f"/v1/entries?kind={json.loads(frame['data'])['event']['kind']}&limit=1000").json()["entries"][-1])
            stream.close()
            replayed = Stream(self.server, "/v1/events?kind=SubsidyAwarded", {"Last-Event-ID": "0"})
            self.assertEqual(replayed.next()["event"], "reader")
            awards = self.server.get("/v1/entries?kind=SubsidyAwarded").json()["entries"]
            self.assertEqual([json.loads(replayed.next()["data"]) for _ in awards], awards)
            replayed.close()

    class AccessLog(Case):
        def test_who_read_what(self):
            self.server.get("/v1/views/receipts?as_of=30", World.cookie("bnk"))
            lines = [json.loads(line) for line in open(os.path.join(self.directory, "ledger/access.log"))]
            last = lines[-1]
            self.assertEqual((last["route"], last["party"], last["position"], last["parameters"]),
                             ("view", "91330200MA2BNK027M", 31, {"as_of": "30"}))
            self.assertGreater(last["bytes"], 0)
            everything = open(os.path.join(self.directory, "ledger/access.log")).read()
            for headers in World.sessions.values():
                self.assertNotIn(headers["Cookie"].split("=")[1], everything)

        def test_a_changed_line_is_named(self):
            import subprocess
            with open(os.path.join(self.directory, "ledger/access.log"), encoding="utf-8") as kept:
                text = kept.read()
            changed = os.path.join(self.directory, "changed.log")
            with open(changed, "w", encoding="utf-8") as out:
                out.write(text.replace('"status":200', '"status":201', 1))
            done = subprocess.run(["pilotledger", "access-log", "verify", changed], capture_output=True, text=True,
                                  check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("line", done.stdout)

    return Following, Readers, AccessLog, LogIns
