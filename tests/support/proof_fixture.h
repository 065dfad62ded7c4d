// For tests of proofs: a small ledger with an award, a pledge, and a submission of which one event had been
// recorded before.
#pragma once

#include "ledger/proof/verify.h"
#include "ledger/prover.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {

class ProofTown : public LedgerFixture {
 public:
  explicit ProofTown(crypto::SuiteId suite) : LedgerFixture(suite) {
    bind("eit", "113300000024820075", R"("EIT")", R"(,"level":"PROVINCIAL","division":"330000")");
    bind("trs", "11330000MB99010246", R"("TRS")", R"(,"division":"330000")");
    bind("plt", "91330100MA2PLT015B", R"("PLT")");
    bind("own", "91330400MA2ENT032U", R"("CUS","OWN")");
    bind("bnk", "91330200MA2BNK027M", R"("BNK")");
    award = ledger().size();
    must({"trs", "eit"},
         R"({"kind":"SubsidyAwarded","body":{"award":"A","payee":"91330100MA2PLT015B","instrument":"equipment",)"
         R"("amountFen":1000}})");
    std::string first = disbursed("018f3a00-0000-7000-8000-000000000001", 100);
    must("trs", first);
    auto both =
        record(std::vector<std::string>{"trs"}, {first, disbursed("018f3a00-0000-7000-8000-000000000002", 200)});
    EXPECT_TRUE(both.ok() && both->receipts[0].repeated && !both->receipts[1].repeated);
    must("own", R"({"kind":"IpAssetRecorded","body":{"number":"ZL202311000001.1","kind":"INVENTION",)"
                R"("owners":[{"party":"91330400MA2ENT032U"}],"filedOn":"2023-03-14"}})");
    must({"own", "bnk"}, R"({"kind":"PledgeAgreed","body":{"pledge":"P","assets":["ZL202311000001.1"],)"
                         R"("pledgors":["91330400MA2ENT032U"],)"
                         R"("pledgee":"91330200MA2BNK027M","claimKind":"LOAN","amountFen":5,"debtFrom":"2026-03-01",)"
                         R"("debtTo":"2027-03-01","scope":"all"}})");
    must({"own", "bnk"},
         R"({"kind":"PledgeRegistered","body":{"pledge":"P","asset":"ZL202311000001.1","regNo":"Y1"}})");
  }

  std::unique_ptr<Prover> prover(const std::string& asOf = "") {
    auto opened = Prover::open(directory(), {asOf, {}});
    EXPECT_TRUE(opened.ok()) << opened.error().message.en;
    return std::move(opened).value();
  }
  crypto::VerifyKey logKey() { return ledger().logKey(); }
  // The entry that names the next log key.
  std::uint64_t changeLogKey() {
    crypto::VerifyKey old = logKey();
    crypto::VerifyKey next = placeNextLogKey();
    must({"log", "operator"},
         fmt::format(
             R"({{"kind":"LogKeyRotated","body":{{"log":"{}","oldKey":"{}","newKey":"{}","reason":"SUPERSEDED"}}}})",
             old.name(), old.vkey(), next.vkey()));
    return ledger().size() - 1;
  }

  std::uint64_t award = 0;  // its entry

 private:
  static std::string disbursed(const std::string& id, int fen) {
    return fmt::format(
        R"({{"kind":"SubsidyDisbursed","id":"{}","body":{{"award":"A","payee":"91330100MA2PLT015B","amountFen":{}}}}})",
        id, fen);
  }
};

}  // namespace pilotledger::ledger
