// For tests of the rules: a small province, events by kind and body, and the refusals they meet.
#pragma once

#include <gtest/gtest.h>

#include "ledger/rules/rules.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {

inline constexpr const char* kPlatform = "91330100MA2PLT015B";
inline constexpr const char* kBank = "91330200MA2BNK027M";
inline constexpr const char* kBank2 = "91330402MA99C00230";
inline constexpr const char* kClient = "91330400MA2ENT032U";
inline constexpr const char* kClient2 = "91330282MA99C0015N";
inline constexpr const char* kPatent = "ZL202311000001.1";

// How a refusal reads, beside its sentence.
struct Refused {
  std::string rule, entity, expected, found;
};

// One attempt to record an event, and others beside it in its submission.
struct Attempt {
  std::vector<std::string> signers;
  std::string kind, body, header = {};
  std::vector<std::string> beside = {};
};

// A small province: parties with keys, one platform, one project, one award, one patent.
class Province : public ::testing::Test {
 protected:
  // The tests of the first edition's lines stay on it: they hold for ever.
  explicit Province(int edition = 1) : town(crypto::SuiteId::Ed25519Sha256, edition) {
    const char* place = edition < 2 ? "" : R"(,"division":"330000")";
    town.bind("eit", "113300000024820075", R"("EIT")", R"(,"level":"PROVINCIAL","division":"330000")");
    town.bind("city", "11330200MB99020196", R"("EIT")", R"(,"level":"MUNICIPAL","division":"330200")");
    town.bind("trs", "11330000MB99010246", R"("TRS")", R"(,"division":"330000")");
    town.bind("reg", "11330000MB99010321", R"("REG")", place);
    town.bind("plt", kPlatform, R"("PLT","FIN")");
    town.bind("plt2", "91330200MA99Y00159", R"("PLT","FIN")");
    town.bind("cus", kClient, R"("CUS","OWN")");
    town.bind("cus2", kClient2, R"("CUS","OWN")");
    town.bind("bnk", kBank, R"("BNK")");
    town.bind("bnk2", kBank2, R"("BNK")");
    town.bind("lab", "91330100MA99L0014K", R"("LAB")");
    town.bind("eva", "91330000MA99E00166", R"("EVA")");
    town.bind("mkt", "91330100MA99A00146", R"("MKT")", place);
    town.bind("imp", "op:importer", R"("IMP")");
    town.bind("aud", "11330000MB9904014T", R"("AUD")");
  }

  static std::string event(const std::string& kind, const std::string& body, const std::string& header = "") {
    return R"({"kind":")" + kind + R"(",)" + header + R"("body":{)" + body + "}}";
  }
  void must(const std::vector<std::string>& signers, const std::string& kind, const std::string& body,
            const std::string& header = "") {
    town.must(signers, event(kind, body, header));
  }
  // Refused by `rule`; the legal case next to it follows in the test.
  void expectRule(const std::string& rule, const std::vector<std::string>& signers, const std::string& kind,
                  const std::string& body, const std::string& header = "") {
    EXPECT_EQ(town.refused(signers, event(kind, body, header)), rule) << kind << " " << body;
  }

  // Where the rule draws its line: this is refused, in these words, and its neighbour is accepted.
  void boundary(const Refused& refused, const Attempt& beyond, const Attempt& within) {
    std::vector<std::string> events = {event(beyond.kind, beyond.body, beyond.header)};
    events.insert(events.end(), beyond.beside.begin(), beyond.beside.end());
    auto outcome = town.record(beyond.signers, events);
    ASSERT_FALSE(outcome.ok()) << refused.rule << " let pass " << beyond.body;
    const Error& error = outcome.error();
    EXPECT_EQ(error.rule, refused.rule) << error.message.en;
    EXPECT_EQ(error.entity, refused.entity) << refused.rule;
    EXPECT_EQ(error.expected, refused.expected) << refused.rule;
    EXPECT_EQ(error.found, refused.found) << refused.rule;
    EXPECT_FALSE(error.message.en.empty() || error.message.zh.empty()) << refused.rule;
    must(within.signers, within.kind, within.body, within.header);
  }
  // Records under an id that is returned.
  std::string recordId(const std::vector<std::string>& signers, const std::string& kind, const std::string& body) {
    std::string name = id();
    must(signers, kind, body, R"("id":")" + name + R"(",)");
    return name;
  }
  static std::string reverse(const std::string& target) {
    return fmt::format(R"("target":"{}","kind":"REVERSED","reason":"r")", target);
  }

  static std::string newKey(const std::string& name) {
    return crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, name).value().verifyKey().vkey();
  }
  static std::string keyEntity(const std::string& vkey) {
    return "key:" + vkey.substr(0, vkey.find('+', vkey.find('+') + 1));
  }
  static std::string binding(const std::string& vkey, const std::string& party, const std::string& roles,
                             const std::string& more = "") {
    return fmt::format(R"("key":"{}","party":"{}","roles":[{}]{})", vkey, party, roles, more);
  }
  std::string vkeyOf(const std::string& name) { return town.key(name).verifyKey().vkey(); }
  void platform() {
    must({"plt", "eit"}, "PlatformEstablished", R"("platform":"P","name":"平台","legalEntity":"91330100MA2PLT015B")");
  }
  void project() {
    platform();
    must({"plt", "cus"}, "PilotProjectAccepted",
         R"("project":"J","platform":"P","client":"91330400MA2ENT032U","title":"t","batchesPlanned":3)");
  }
  void award(std::int64_t fen = 1000) {
    must({"trs", "eit"}, "SubsidyAwarded",
         fmt::format(R"("award":"A","payee":"{}","instrument":"equipment","amountFen":{})", kPlatform, fen));
  }
  void patent(const std::string& number = "ZL202311000001.1",
              const std::string& owners = R"({"party":"91330400MA2ENT032U"})",
              const std::vector<std::string>& signers = {"cus"}) {
    must(signers, "IpAssetRecorded",
         fmt::format(R"("number":"{}","kind":"INVENTION","owners":[{}],"filedOn":"2023-03-14")", number, owners));
  }
  std::string agreement(const std::string& id, const std::string& more = R"(,"debtTo":"2027-03-01")",
                        const std::string& bank = kBank) {
    return fmt::format(
        R"("pledge":"{}","assets":["ZL202311000001.1"],"pledgors":["{}"],"pledgee":"{}","claimKind":"LOAN",)"
        R"("amountFen":5,)"
        R"("debtFrom":"2026-03-01","scope":"all"{})",
        id, kClient, bank, more);
  }
  std::string registration(const std::string& id, const std::string& no) {
    return fmt::format(R"("pledge":"{}","asset":"ZL202311000001.1","regNo":"{}")", id, no);
  }
  std::string id() { return events::formatUuid(town.nextId()); }

  LedgerFixture town;
};

}  // namespace pilotledger::ledger
