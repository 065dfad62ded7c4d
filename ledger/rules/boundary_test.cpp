// Where each rule draws its line: the refusal word by word, and the nearest case that is accepted.
// Here who takes part, platforms and pilots; money and rights in the files beside.
#include "tests/support/province_fixture.h"

namespace pilotledger::ledger {
namespace {

constexpr const char* kAudit = "11330000MB9904014T";

class Border : public Province {
 protected:
  std::string newKey(const std::string& name) {
    return crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, name).value().verifyKey().vkey();
  }
  static std::string keyEntity(const std::string& vkey) {
    return "key:" + vkey.substr(0, vkey.find('+', vkey.find('+') + 1));
  }
  static std::string binding(const std::string& vkey, const std::string& roles, const std::string& more = "") {
    return fmt::format(R"("key":"{}","party":"{}","roles":[{}]{})", vkey, kPlatform, roles, more);
  }
};

TEST_F(Border, ExistenceAndIdentity) {
  auto grade = [](const std::string& platform) {
    return fmt::format(R"("platform":"{}","year":2025,"grade":"GOOD")", platform);
  };
  platform();
  boundary({"R-EXISTS", "platform:Q", "recorded before", "not recorded"}, {{"eit"}, "PerformanceGraded", grade("Q")},
           {{"eit"}, "PerformanceGraded", grade("P")});
  boundary({"R-UNIQUE", "grade:P/2025", "new", "recorded, 1 entry"}, {{"eit"}, "PerformanceGraded", grade("P")},
           {{"eit"}, "PerformanceGraded", R"("platform":"P","year":2024,"grade":"GOOD")"});
}

TEST_F(Border, Authority) {
  platform();
  std::string graded = R"("platform":"P","year":2025,"grade":"GOOD")";
  boundary({"R-AUTHORITY", "", "EIT / EIT + EVA", fmt::format("FIN,PLT of {}", kPlatform)},
           {{"plt"}, "PerformanceGraded", graded}, {{"eit"}, "PerformanceGraded", graded});
}

TEST_F(Border, CodesOfParties) {
  std::string body = R"("party":"91330100MA2PLT015C","name":"n","kind":"ENTERPRISE")";
  boundary({"R-USCC-CHECK", "party:91330100MA2PLT015C", "a valid GB 32100 check character", "91330100MA2PLT015C"},
           {{"operator"}, "PartyRegistered", body},
           {{"operator"},
            "PartyRegistered",
            body,
            R"("evidence":[{"kind":"OFFICIAL_DOCUMENT","hash":")" + std::string(64, '1') + R"("}],)"});
}

TEST_F(Border, Keys) {
  std::string key = newKey("a");
  boundary({"R-KEY-DUTIES", keyEntity(key), "separate keys", "AUD and FIN"},
           {{"operator"}, "KeyBound", binding(key, R"("AUD","FIN")")},
           {{"operator"}, "KeyBound", binding(key, R"("PLT","FIN")")});
  key = newKey("b");
  boundary({"R-KEY-ESCALATION", keyEntity(key), "a role of the signing key, or the operator's signature", "TRS"},
           {{"plt"}, "KeyBound", binding(key, R"("PLT","TRS")")}, {{"plt"}, "KeyBound", binding(key, R"("PLT")")});
  key = newKey("c");
  boundary({"R-DATES", keyEntity(key), "valid from <= valid to", "2026-02-02..2026-02-01"},
           {{"operator"}, "KeyBound", binding(key, R"("PLT")", R"(,"validFrom":"2026-02-02","validTo":"2026-02-01")")},
           {{"operator"}, "KeyBound", binding(key, R"("PLT")", R"(,"validFrom":"2026-02-02","validTo":"2026-02-02")")});
  auto revoke = [](const std::string& vkey) { return fmt::format(R"("key":"{}","reason":"CEASED")", vkey); };
  must({"operator"}, "KeyRevoked", revoke(key));
  boundary({"R-KEY-STATE", keyEntity(key), "active", "revoked"}, {{"operator"}, "KeyRevoked", revoke(key)},
           {{"operator"}, "KeyRevoked", revoke(town.key("plt2").verifyKey().vkey())});
}

TEST_F(Border, TheLogKeyNamesTheNextOne) {
  std::string old = town.key("log").verifyKey().vkey();
  std::string next = town.placeNextLogKey().vkey();
  auto change = [](const std::string& log, const std::string& from, const std::string& to) {
    return fmt::format(R"("log":"{}","oldKey":"{}","newKey":"{}","reason":"SUPERSEDED")", log, from, to);
  };
  const std::string log = "test.example/ledger", elsewhere = newKey("other.example");
  Attempt within{{"log", "operator"}, "LogKeyRotated", change(log, old, next)};
  auto beyond = [&](const std::string& expected, const std::string& found, const std::string& body) {
    auto outcome = town.record(within.signers, {event(within.kind, body)});
    ASSERT_FALSE(outcome.ok()) << body;
    EXPECT_EQ(outcome.error().rule + outcome.error().expected + outcome.error().found, "R-LOG-KEY" + expected + found);
  };
  beyond("old key: the log key that signs this", keyEntity(next).substr(4), change(log, next, old));
  beyond("log: test.example/ledger", "other.example", change("other.example", old, next));
  beyond("new key: as the old one, name and suite", elsewhere, change(log, old, elsewhere));
  std::string bound = newKey(log);
  must({"operator"}, "KeyBound", binding(bound, R"("PLT")"));
  beyond("new key: not used before", keyEntity(bound).substr(4), change(log, old, bound));
  boundary({"R-LOG-KEY", "log:test.example/ledger", "new key: not used before", keyEntity(old).substr(4)},
           {{"log", "operator"}, "LogKeyRotated", change(log, old, old)}, within);
}

TEST_F(Border, OnlyTheOperatorCommitsTheRegisterKey) {
  std::string commitment = fmt::format(R"(,"log":"other.example","registerKey":"{}")", std::string(64, 'b'));
  std::string bound = newKey("plt.example/register");
  boundary(
      {"R-REGISTER-KEY", "register:other.example", "log and registerKey, signed by the operator", "another signer"},
      {{"plt"}, "KeyBound", binding(bound, R"("PLT")", commitment)},
      {{"operator"}, "KeyBound", binding(bound, R"("PLT")", commitment)});
}

TEST_F(Border, Policies) {
  auto policy = [](const std::string& name, const std::string& from, const std::string& to) {
    return fmt::format(
        R"("ruleSet":"{}","jurisdiction":"330000","instrument":"equipment","effectiveFrom":"{}","effectiveTo":"{}")",
        name, from, to);
  };
  must({"eit", "trs"}, "PolicyRuleSetPublished", policy("1", "2025-01-01", "2025-12-31"));
  boundary({"R-POLICY-OVERLAP", "policy:330000/equipment", "outside 20250101-20251231 1", "20251231-20261231"},
           {{"eit", "trs"}, "PolicyRuleSetPublished", policy("2", "2025-12-31", "2026-12-31")},
           {{"eit", "trs"}, "PolicyRuleSetPublished", policy("2", "2026-01-01", "2026-12-31")});
}

TEST_F(Border, PartiesAreSuspended) {
  auto status = [](const std::string& party, const std::string& to) {
    return fmt::format(R"("party":"{}","status":"{}","reason":"r")", party, to);
  };
  boundary({"R-SELF-SUSPENSION", "party:op:test.example/ledger", "another party", "op:test.example/ledger"},
           {{"operator"}, "PartyStatusChanged", status("op:test.example/ledger", "SUSPENDED")},
           {{"operator"}, "PartyStatusChanged", status(kClient, "SUSPENDED")});
  boundary({"R-PARTY-STATE", fmt::format("party:{}", kClient), "active", "suspended"},
           {{"operator"}, "PartyStatusChanged", status(kClient, "SUSPENDED")},
           {{"operator"}, "PartyStatusChanged", status(kClient, "ACTIVE")});
}

TEST_F(Border, TakingBack) {
  platform();
  std::string established = recordId({"plt2", "eit"}, "PlatformEstablished",
                                     R"("platform":"Q","name":"n","legalEntity":"91330200MA99Y00159")");
  std::string graded = recordId({"eit"}, "PerformanceGraded", R"("platform":"P","year":2025,"grade":"GOOD")");
  boundary({"R-REVERSAL-KIND", "event:" + established, "a kind that can be taken back", "PlatformEstablished"},
           {{"plt2", "eit"}, "EventReversed", reverse(established)}, {{"eit"}, "EventReversed", reverse(graded)});
  std::string again = recordId({"eit"}, "PerformanceGraded", R"("platform":"P","year":2025,"grade":"GOOD")");
  auto correct = [](const std::string& target, const std::string& by) {
    return fmt::format(R"("target":"{}","replacement":"{}","reason":"r")", target, by);
  };
  boundary({"R-REPLACEMENT", "event:" + established, "an event still to be recorded", "recorded"},
           {{"eit"}, "EventCorrected", correct(again, established)}, {{"eit"}, "EventCorrected", correct(again, id())});
  std::string awarded = recordId({"trs", "eit"}, "SubsidyAwarded",
                                 fmt::format(R"("award":"A","payee":"{}","instrument":"i","amountFen":9)", kPlatform));
  std::string paid =
      recordId({"trs"}, "SubsidyDisbursed", fmt::format(R"("award":"A","payee":"{}","amountFen":1)", kPlatform));
  boundary({"R-REVERSAL-STATE", "award:A", "nothing disbursed", "0.01 CNY"},
           {{"trs", "eit"}, "EventReversed", reverse(awarded)}, {{"trs"}, "EventReversed", reverse(paid)});
  must({"trs", "eit"}, "EventReversed", reverse(awarded));
}

TEST_F(Border, AttestationsAndDisputes) {
  std::string asset = recordId({"plt"}, "AssetInstalled", fmt::format(R"("asset":"E","owner":"{}")", kPlatform));
  auto attest = [](const std::string& target) { return fmt::format(R"("target":"{}","statement":"s")", target); };
  boundary({"R-ATTESTER", "event:" + asset, "TRS / EIT / AUD", "another role"}, {{"reg"}, "Attested", attest(asset)},
           {{"trs"}, "Attested", attest(asset)});
  must({"plt"}, "EventReversed", reverse(asset));
  std::string other = recordId({"plt"}, "AssetInstalled", fmt::format(R"("asset":"F","owner":"{}")", kPlatform));
  boundary({"R-ATTESTED-STATE", "event:" + asset, "an event that stands", "taken back"},
           {{"trs"}, "Attested", attest(asset)}, {{"trs"}, "Attested", attest(other)});
  for (const char* name : {"D1", "D2"}) {
    must({"plt"}, "DisputeRaised",
         fmt::format(R"("dispute":"{}","target":"{}","party":"{}","textHash":"{}")", name, other, kPlatform,
                     std::string(64, 'b')));
  }
  must({"aud"}, "DisputeResolved", R"("dispute":"D1","outcome":"REJECTED")");
  boundary({"R-DISPUTE-STATE", "dispute:D1", "raised", "resolved"},
           {{"aud"}, "DisputeResolved", R"("dispute":"D1","outcome":"UPHELD")"},
           {{"aud"}, "DisputeResolved", R"("dispute":"D2","outcome":"UPHELD")"});
}

TEST_F(Border, ErasuresNameWhatHoldsTheCommitment) {
  std::string held(64, 'a'), other(64, 'b');
  std::string secret =
      recordId({"plt"}, "TradeSecretCommitted", fmt::format(R"("owner":"{}","commitment":"{}")", kPlatform, held));
  auto erase = [&](const std::string& commitment) {
    return fmt::format(R"("commitment":"{}","event":"{}")", commitment, secret);
  };
  boundary({"R-ERASURE", "event:" + secret, "an event with this commitment", "TradeSecretCommitted without it"},
           {{"operator", "plt"}, "PersonalDataErased", erase(other)},
           {{"operator", "plt"}, "PersonalDataErased", erase(held)});
}

TEST_F(Border, PlatformsBegin) {
  auto establish = [](const std::string& entity, int share) {
    return fmt::format(
        R"("platform":"P","name":"n","legalEntity":"{0}","division":"330200","builders":[{{"party":"{0}",)"
        R"("shareBp":{1}}}])",
        entity, share);
  };
  must({"operator"}, "PartyRegistered", R"("party":"person:1","name":"承诺","kind":"PERSON")");
  town.bindKey("person", "person:1", R"("PLT")");
  boundary({"R-LEGAL-ENTITY", "platform:P", "a legal person", "person:1, a natural person"},
           {{"person", "eit"}, "PlatformEstablished", establish("person:1", 10000)},
           {{"plt2", "eit"},
            "PlatformEstablished",
            R"("platform":"Q","name":"n","legalEntity":"91330200MA99Y00159","division":"330100")"});
  boundary({"R-SHARES", "platform:P", "10000", "9999"},
           {{"plt", "eit"}, "PlatformEstablished", establish(kPlatform, 9999)},
           {{"plt", "eit"}, "PlatformEstablished", establish(kPlatform, 10000)});
  auto recognise = [](const std::string& platform, const std::string& level) {
    return fmt::format(R"("platform":"{}","level":"{}")", platform, level);
  };
  boundary({"R-PLATFORM-DIVISION", "platform:Q", "an authority of 330100", "330200"},
           {{"city"}, "PlatformRecognized", recognise("Q", "MUNICIPAL")},
           {{"city"}, "PlatformRecognized", recognise("P", "MUNICIPAL")});
  boundary({"R-RECOGNITION-LEVEL", "platform:P", "PROVINCIAL", "MUNICIPAL"},
           {{"city"}, "PlatformRecognized", recognise("P", "PROVINCIAL")},
           {{"eit"}, "PlatformRecognized", recognise("P", "PROVINCIAL")});
  boundary({"R-LADDER", "platform:Q", "the next tier", "established -> provincial"},
           {{"eit"}, "PlatformRecognized", recognise("Q", "PROVINCIAL")},
           {{"eit"}, "PlatformRecognized", recognise("Q", "PROVINCIAL") + R"(,"exceptionRef":"浙经信〔2026〕1号")"});
}

TEST_F(Border, PlatformsGoOn) {
  platform();
  must({"plt2", "eit"}, "PlatformEstablished", R"("platform":"Q","name":"n","legalEntity":"91330200MA99Y00159")");
  must({"eit"}, "PlatformRecognized", R"("platform":"Q","level":"PROVINCIAL","exceptionRef":"x")");
  boundary({"R-PLATFORM-STATE", "platform:P", "county|municipal|provincial|national", "established"},
           {{"eit"}, "PlatformReevaluated", R"("platform":"P","result":"PASSED")"},
           {{"eit"}, "PlatformReevaluated", R"("platform":"Q","result":"PASSED")"});
  boundary({"R-PLATFORM-STATE", "platform:P", "provincial", "established"},
           {{"eit"}, "PlatformPromoted", R"("platform":"P","docNo":"工信厅〔2026〕1号")"},
           {{"eit"}, "PlatformPromoted", R"("platform":"Q","docNo":"工信厅〔2026〕1号")"});
  boundary({"R-GRADE-YEAR", "platform:P", "1949..2026", "2027"},
           {{"eit"}, "PerformanceGraded", R"("platform":"P","year":2027,"grade":"GOOD")"},
           {{"eit"}, "PerformanceGraded", R"("platform":"P","year":2026,"grade":"GOOD")"});
  must({"eit"}, "PlatformWithdrawn", R"("platform":"Q","reason":"r","effectiveOn":"2026-03-01")");
  std::string project = fmt::format(R"("project":"J","platform":"Q","client":"{}","title":"t")", kClient);
  boundary({"R-WITHDRAWN", "platform:Q", "a platform that has not withdrawn", "withdrawn on 2026-03-01"},
           {{"plt2", "cus"}, "PilotProjectAccepted", project},
           {{"plt2", "cus"}, "PilotProjectAccepted", project, R"("legalDate":"2026-02-28",)"});
}

TEST_F(Border, ProjectsAndRuns) {
  project();
  auto run = [](const std::string& name, const std::string& more, const std::string& platform = "P") {
    return fmt::format(R"("run":"{}","project":"J","platform":"{}","result":"SUCCESS"{})", name, platform, more);
  };
  std::string accept = R"("project":"J","result":"SUCCESS")";
  boundary({"R-RUNS", "project:J", "at least one run", "none"}, {{"plt", "cus"}, "PilotAccepted", accept},
           {{"plt"}, "PilotRunRecorded", run("0", "")});
  boundary({"R-BASIS-POINTS", "run:1", "0..10000", "10001"},
           {{"plt"}, "PilotRunRecorded", run("1", R"(,"yieldBp":10001)")},
           {{"plt"}, "PilotRunRecorded", run("1", R"(,"yieldBp":10000,"passRateBp":0)")});
  boundary({"R-DATES", "run:2", "started on <= finished on", "2026-02-02..2026-02-01"},
           {{"plt"}, "PilotRunRecorded", run("2", R"(,"startedOn":"2026-02-02","finishedOn":"2026-02-01")")},
           {{"plt"}, "PilotRunRecorded", run("2", R"(,"startedOn":"2026-02-02","finishedOn":"2026-02-02")")});
  boundary({"R-TRL", "run:3", "0..9", "0 -> 10"}, {{"plt"}, "PilotRunRecorded", run("3", R"(,"trlAfter":10)")},
           {{"plt"}, "PilotRunRecorded", run("3", R"(,"trlAfter":9)")});
  boundary({"R-BATCHES", "project:J", "<= 3 batches planned", "4 done"},
           {{"plt"}, "PilotRunRecorded", run("4", R"(,"batchesDone":4)")},
           {{"plt"}, "PilotRunRecorded", run("4", R"(,"batchesDone":3)")});
  boundary({"R-BATCHES", "project:J", ">= 3 batches done", "2"},
           {{"plt", "cus"}, "PilotProjectAmended", R"("project":"J","batchesPlanned":2,"reason":"r")"},
           {{"plt", "cus"}, "PilotProjectAmended", R"("project":"J","batchesPlanned":3,"reason":"r")"});
  must({"plt2", "eit"}, "PlatformEstablished", R"("platform":"Q","name":"n","legalEntity":"91330200MA99Y00159")");
  boundary({"R-RUN-PLATFORM", "project:J", "P", "Q"}, {{"plt2"}, "PilotRunRecorded", run("5", "", "Q")},
           {{"plt"}, "PilotRunRecorded", run("5", "")});
  must({"plt", "cus"}, "PilotProjectAccepted",
       fmt::format(R"("project":"K","platform":"P","client":"{}","title":"t")", kClient));
  must({"plt", "cus"}, "PilotAccepted", accept);
  boundary({"R-PROJECT-STATE", "project:J", "open", "accepted"}, {{"plt"}, "PilotRunRecorded", run("6", "")},
           {{"plt"}, "PilotRunRecorded", R"("run":"6","project":"K","platform":"P","result":"FAILURE")"});
  auto outcome = [](const std::string& project, const std::string& no) {
    return fmt::format(R"("outcome":"O","project":"{}","regNo":"{}","title":"t")", project, no);
  };
  must({"plt"}, "OutcomeRegistered", outcome("J", "1"));
  boundary({"R-OUTCOME-PROJECT", "outcome:O", "J", "K"}, {{"plt"}, "OutcomeRegistered", outcome("K", "2")},
           {{"plt"}, "OutcomeRegistered", outcome("J", "2")});
}

TEST_F(Border, Findings) {
  auto raise = [](const std::string& audited) {
    return fmt::format(R"("finding":"F","code":"S07","severity":"HIGH","audited":"{}","legalBasis":"b","text":"t")",
                       audited);
  };
  boundary({"R-AUDITOR", "finding:F", "an auditor other than the audited", kAudit},
           {{"aud"}, "AuditFindingRaised", raise(kAudit)}, {{"aud"}, "AuditFindingRaised", raise(kPlatform)});
  must({"aud"}, "AuditFindingClosed", R"("finding":"F","outcome":"WITHDRAWN")");
  boundary(
      {"R-FINDING-STATE", "finding:F", "raised|answered", "withdrawn"},
      {{"plt"}, "AuditFindingAnswered", R"("finding":"F","answer":"a")"},
      {{"aud"},
       "AuditFindingRaised",
       R"("finding":"G","code":"S07","severity":"HIGH","audited":"91330100MA2PLT015B","legalBasis":"b","text":"t")"});
  must({"plt"}, "AuditFindingAnswered", R"("finding":"G","answer":"a")");
}

}  // namespace
}  // namespace pilotledger::ledger
