"""What a refusal tells: a sender whose signatures an event does not ask for hears the same, whatever is recorded."""
import json
import os
import subprocess

BANK, PLATFORM, OWNER = "91330200MA2BNK027M", "91330100MA2PLT015B", "91330400MA2ENT032U"
PATENT = "CN2023110000011"
ROUTES = ("/v1/submissions", "/v1/submissions?dry_run=1", "/v1/pending")


def loan_drawn(loan, amount="777701"):
    return "LoanDrawn", {"loan": loan, "debtor": OWNER, "amountFen": amount}


def pledge_released(pledge):
    return "PledgeReleased", {"pledge": pledge, "assets": [PATENT], "reason": "PERFORMED"}


def subsidy_received(award):
    return "SubsidyReceived", {"award": award, "payee": PLATFORM, "amountFen": "99999999"}


def loan_classified(loan):
    return "LoanClassified", {"loan": loan, "class": "LOSS"}


def taken_back(target):
    return "EventReversed", {"target": target, "kind": "REVERSED", "reason": "x"}


# An event of a record that is there, of one that is not, and whose signature it asks for.
KINDS = (
    (loan_drawn, "L", "M", "bnk"),
    (loan_classified, "L", "M", "bnk"),
    (pledge_released, "Z1", "Z9", "bnk"),
    (subsidy_received, "A1", "A9", "plt"),
    (taken_back, None, "018f3a00-0000-7000-8000-00000000abcd", "bnk"),
)


def groups(Case, World):
    class Strangers(Case):
        def file(self, kind, body, *keys):
            event = {"kind": kind, "legalDate": "2026-03-05", "jurisdiction": "330000", "body": body}
            command = ["pilotledger", "sign", "-", "-o", "asked.sub"]
            for key in keys:
                command += ["--key", f"keys/{key}.pem"]
            path = os.path.join(self.directory, "asked.sub")
            if os.path.exists(path):
                os.remove(path)
            subprocess.run(command, cwd=self.directory, input=json.dumps(event), text=True, check=True,
                           capture_output=True)
            with open(path, "rb") as signed:
                return signed.read()

        def told(self, route, file, headers=None, unix=False):
            answer = self.server.post(route, file, "application/octet-stream", headers, unix)
            error = answer.json()
            error.pop("request_id", None)
            return answer.status, error

        def loan_entry(self):
            entries = self.server.get("/v1/entries?kind=LoanGranted&limit=1000", unix=True).json()["entries"]
            return next(one["event"]["id"] for one in entries if one["event"]["body"]["loan"] == "L")

        def test_nothing_of_a_record_to_whoever_is_not_asked_for(self):
            for make, there, absent, _ in KINDS:
                there = there or self.loan_entry()
                for stranger in ("cus", "importer") if make is subsidy_received else ("plt", "importer"):
                    known, unknown = self.file(*make(there), stranger), self.file(*make(absent), stranger)
                    for route in ROUTES:
                        told = self.told(route, known)
                        self.assertEqual(told, self.told(route, unknown), (make.__name__, stranger, route))
                        self.assertEqual((told[0], told[1]["error"]), (403, "NotAuthorized"), told)
                        self.assertNotIn("rule", told[1])
                        self.assertIn("is signed by", told[1]["message"])

        def test_also_where_an_amount_is_tried(self):
            fits, exceeds = (self.file(*loan_drawn("L", amount), "plt") for amount in ("1", "777701"))
            for route in ROUTES:
                self.assertEqual(self.told(route, fits), self.told(route, exceeds), route)

        def test_an_event_of_ones_own_before_it_opens_nothing(self):
            link = {"party": PLATFORM, "links": [{"party": OWNER, "relation": "x"}]}
            answers = []
            for loan in ("L", "M"):
                events = [{"kind": "RelationDeclared", "legalDate": "2026-03-05", "body": link},
                          {"kind": "LoanDrawn", "legalDate": "2026-03-05", "body": loan_drawn(loan)[1]}]
                with open(os.path.join(self.directory, "two.jsonl"), "w", encoding="utf-8") as file:
                    file.writelines(json.dumps(event) + "\n" for event in events)
                subprocess.run(["pilotledger", "sign", "two.jsonl", "--key", "keys/plt.pem", "-o", f"two-{loan}.sub"],
                               cwd=self.directory, check=True, capture_output=True)
                with open(os.path.join(self.directory, f"two-{loan}.sub"), "rb") as file:
                    signed = file.read()
                answers.append([self.told(route, signed) for route in ROUTES])
            self.assertEqual(*answers)
            self.assertEqual({one[1].get("event") for one in answers[0]}, {2})

        def test_who_signs_hears_the_rule(self):
            for make, there, _, signer in KINDS[:1] + KINDS[3:4]:
                file = self.file(*make(there), signer)
                for route in ROUTES:
                    status, error = self.told(route, file)
                    self.assertEqual(status, 422, (make.__name__, route, error))
                    self.assertTrue(error["rule"] and error["expected"], error)

        def test_the_operator_and_auditors_hear_it_too(self):
            file, absent = self.file(*loan_drawn("L"), "plt"), self.file(*loan_drawn("M"), "plt")
            for route in ROUTES:
                for name, told in (("operator", self.told(route, absent, unix=True)),
                                   ("auditor", self.told(route, absent, World.cookie("aud")))):
                    self.assertEqual(told[1].get("rule"), "R-EXISTS", (name, route, told))
                self.assertNotEqual(self.told(route, file, unix=True)[1], self.told(route, absent, unix=True)[1])

    return (Strangers,)
