// Proof files end to end, on both suites: what the prover makes from a ledger, what the verifier
// accepts with the log's public key alone, and each reason why it does not.
#include "ledger/prover.h"

#include <gtest/gtest.h>

#include "events/codec.h"
#include "ledger/countersignatures.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/note.h"
#include "tests/support/proof_fixture.h"

namespace pilotledger::ledger {
namespace {

using proof::ProofFile;
using proof::VerifiedProof;

class ProofSuite : public testing::TestWithParam<crypto::SuiteId> {
 protected:
  ProofSuite() : town(GetParam()) {}
  VerifiedProof verified(const ProofFile& file) {
    auto claim = proof::verifyProof(file.serialize(), town.logKey());
    EXPECT_TRUE(claim.ok()) << claim.error().message.en;
    return claim.ok() ? std::move(claim).value() : VerifiedProof{};
  }
  // The reason, and that it is the first word of the message in both languages.
  std::string reason(const ProofFile& file) {
    auto claim = proof::verifyProof(file.serialize(), town.logKey());
    if (claim.ok()) return "";
    EXPECT_EQ(claim.error().code, ErrorCode::ProofRejected);
    EXPECT_NE(claim.error().message.en.find(claim.error().rule + ": "), std::string::npos);
    EXPECT_NE(claim.error().message.zh.find(claim.error().rule + "："), std::string::npos);
    return claim.error().rule;
  }
  ProofTown town;
};

TEST_P(ProofSuite, AnEventWithItsSigners) {
  auto prover = town.prover();
  VerifiedProof claim = verified(prover->event(town.award, Content::Shown).value());
  EXPECT_EQ(claim.checkpoint.size, town.ledger().size());
  EXPECT_EQ(claim.checkpoint.root, town.ledger().root());
  ASSERT_EQ(claim.entries.size(), 1u);
  EXPECT_EQ(events::Event::decode(*claim.entries[0].event)->kind().name, "SubsidyAwarded");
  ASSERT_EQ(claim.entries[0].signers.size(), 2u);
  EXPECT_EQ(claim.entries[0].signers[0].party, "11330000MB99010246");
  EXPECT_EQ(claim.entries[0].signers[1].party, "113300000024820075");
  EXPECT_LT(*claim.entries[0].signers[0].boundBy, town.award);
  VerifiedProof withheld = verified(prover->event(town.award, Content::Withheld).value());
  EXPECT_FALSE(withheld.entries[0].event);
  EXPECT_EQ(withheld.entries[0].entry, claim.entries[0].entry);
  VerifiedProof founding = verified(prover->event(1, Content::Shown).value());
  EXPECT_EQ(founding.entries[0].signers.at(0).boundBy, std::nullopt) << "the log key founded the ledger";
  EXPECT_EQ(prover->event(town.ledger().size(), Content::Shown).error().code, ErrorCode::NotFound);
}

// One submission of several events, one of them recorded before: the leaves are kept beside it.
TEST_P(ProofSuite, EveryEntryIsProven) {
  auto prover = town.prover();
  for (std::uint64_t i = 0; i < town.ledger().size(); ++i) {
    VerifiedProof claim = verified(prover->event(i, Content::Shown).value());
    EXPECT_EQ(claim.entries[0].entry.index, i);
    EXPECT_FALSE(claim.entries[0].signers.empty());
  }
}

TEST_P(ProofSuite, PresenceBalanceAbsenceCompleteness) {
  auto prover = town.prover();
  VerifiedProof award = verified(prover->entity("award:A").value());
  EXPECT_EQ(award.entities.at(0).record->number("awarded"), 1000);
  EXPECT_EQ(award.entities.at(0).record->number("disbursed"), 300);
  EXPECT_EQ(award.entities.at(0).record->text(), town.ledger().entity("award:A").value()->text());
  VerifiedProof none = verified(prover->entity("award:B").value());
  EXPECT_FALSE(none.entities.at(0).record);
  VerifiedProof all = verified(prover->history("award:A").value());
  std::vector<std::uint64_t> indexes;
  for (const auto& one : all.entries) indexes.push_back(one.entry.index);
  EXPECT_EQ(indexes, town.ledger().entriesOf("award:A").value());
  EXPECT_TRUE(verified(prover->history("award:B").value()).entries.empty());
  EXPECT_EQ(verified(prover->entity("odd:a\\b\nc").value()).question.subject, "odd:a\\b\nc");
}

TEST_P(ProofSuite, TheBanksAnswer) {
  auto answer = [&](const char* number) { return verified(town.prover()->pledge(number).value()).pledge.value(); };
  EXPECT_EQ(answer("ZL202311000001.1").answer, proof::PledgeAnswer::Active);
  EXPECT_EQ(answer("ZL202311000001.1").pledges.at(0).pledgeeName, "bnk");
  EXPECT_EQ(answer("US9219817").answer, proof::PledgeAnswer::Unknown);
  town.must("bnk",
            R"({"kind":"PledgeReleased","body":{"pledge":"P","assets":["ZL202311000001.1"],"reason":"PERFORMED"}})");
  EXPECT_EQ(answer("2023110000011").answer, proof::PledgeAnswer::Released);
}

TEST_P(ProofSuite, AsOfThePast) {
  std::string before = std::to_string(town.ledger().size() - 1);
  VerifiedProof then = verified(town.prover()->history("award:A").value());
  town.must("trs", R"({"kind":"SubsidyDisbursed","body":{"award":"A","payee":"91330100MA2PLT015B","amountFen":500}})");
  EXPECT_EQ(verified(town.prover()->entity("award:A").value()).entities[0].record->number("disbursed"), 800);
  auto past = town.prover(before);
  VerifiedProof again = verified(past->history("award:A").value());
  EXPECT_EQ(again.checkpoint, then.checkpoint);
  EXPECT_EQ(again.entities[0].record->text(), then.entities[0].record->text());
  EXPECT_EQ(again.entries.size(), then.entries.size());
  EXPECT_EQ(verified(past->pledge("ZL202311000001.1").value()).pledge->answer, proof::PledgeAnswer::Active);
  EXPECT_EQ(verified(town.prover(std::to_string(town.award - 1))->entity("award:A").value()).entities[0].record,
            std::nullopt);
  EXPECT_EQ(town.prover("2026-03-01")->size(), town.ledger().size());
  EXPECT_EQ(Prover::open(town.directory(), {"2020-01-01", {}}).error().code, ErrorCode::NotFound);
  EXPECT_EQ(Prover::open(town.directory(), {"999999", {}}).error().code, ErrorCode::NotFound);
}

TEST_P(ProofSuite, EachReason) {
  auto prover = town.prover();
  const ProofFile award = prover->entity("award:A").value();
  const ProofFile absent = prover->entity("award:B").value();
  const ProofFile all = prover->history("award:A").value();
  const ProofFile event = prover->event(town.award, Content::Shown).value();
  const ProofFile founding = prover->event(0, Content::Shown).value();
  const ProofFile pledge = prover->pledge("ZL202311000001.1").value();
  auto changed = [&](ProofFile file, auto change) {
    change(file);
    return reason(file);
  };
  EXPECT_EQ(changed(award, [](auto& f) { f.entities[0].record->insert(0, "x"); }), "WrongRoot");
  EXPECT_EQ(changed(award, [](auto& f) { f.entities[0].map.siblings[0][0] ^= 1; }), "WrongRoot");
  EXPECT_EQ(changed(award, [](auto& f) { f.entries[0].path.pop_back(); }), "PathTooShort");
  EXPECT_EQ(changed(award, [](auto& f) { f.entries[0].path.push_back({}); }), "PathTooLong");
  EXPECT_EQ(changed(award, [](auto& f) { f.question.subject = "award:C"; }), "MissingPart");
  EXPECT_EQ(changed(award, [](auto& f) { f.entities.push_back(f.entities[0]); }), "MissingPart");
  EXPECT_EQ(changed(award, [](auto& f) { f.entities[0].record.reset(); }), "WrongRoot")
      << "the empty subtree is not there";
  EXPECT_EQ(changed(award, [&](auto& f) { f.entries = {event.entries[0]}; }), "UnexpectedPart");
  EXPECT_EQ(changed(award, [&](auto& f) { f.entries = {event.entries[0]}, f.entries[0].event.reset(); }),
            "MissingStateRoot");
  EXPECT_EQ(changed(absent,
                    [](auto& f) {
                      f.entities[0].map.otherLeaf = std::pair(Digest{0xff}, Digest{});
                      f.entities[0].map.siblings.resize(6);
                    }),
            "BadPrefix");
  EXPECT_EQ(changed(absent, [](auto& f) { f.question.subject = f.entities[0].key = "award:A"; }).empty(), false);
  EXPECT_EQ(changed(all, [](auto& f) { f.entries.erase(f.entries.begin()); }), "TrailMismatch");
  EXPECT_EQ(changed(all, [](auto& f) { f.entries[0].event->back() ^= 1; }), "WrongEvent");
  EXPECT_EQ(changed(all, [](auto& f) { f.entries[0].event.reset(); }), "MissingPart");
  EXPECT_EQ(changed(all, [](auto& f) { std::swap(f.entries[0], f.entries[1]); }), "NotCanonical");
  EXPECT_EQ(changed(event, [&](auto& f) { f.entries.erase(f.entries.begin()); }), "UnknownKey");
  EXPECT_EQ(changed(event, [&](auto& f) { f.entries.back().submission->note.back() = ' '; }), "BadFormat");
  EXPECT_EQ(changed(event, [&](auto& f) { f.entries.back().submission->note += "\n"; }), "WrongSubmission");
  EXPECT_EQ(changed(event, [&](auto& f) { f.entries.back().submission->path.push_back({}); }), "PathTooLong");
  EXPECT_EQ(changed(event,
                    [&](auto& f) {
                      f.entries.insert(f.entries.begin(), founding.entries[0]);
                      f.entries[0].submission.reset();
                    }),
            "UnexpectedPart");
  EXPECT_EQ(changed(event, [&](auto& f) { f.question.kind = proof::Question::Kind::Entry; }), "UnexpectedPart");
  EXPECT_EQ(changed(event, [&](auto& f) { f.entries.back().event.reset(); }), "MissingPart");
  EXPECT_EQ(changed(pledge, [](auto& f) { f.entities.pop_back(); }), "MissingPart");
  EXPECT_EQ(changed(pledge, [&](auto& f) { f.entities.insert(f.entities.begin(), award.entities[0]); }),
            "UnexpectedPart");
  EXPECT_EQ(changed(pledge, [](auto& f) { f.question.subject = "ZL202311000001.1"; }), "NotCanonical");
}

TEST_P(ProofSuite, OnlyTheLogsKeySignsCheckpoints) {
  ProofFile file = town.prover()->entity("award:A").value();
  auto note = proof::Note::parse(file.checkpoint).value();
  auto resign = [&](const proof::Checkpoint& checkpoint, const crypto::SigningKey& key) {
    file.checkpoint = proof::signCheckpoint(checkpoint, key).value();
    return reason(file);
  };
  auto checkpoint = proof::Checkpoint::parseBody(note.text).value();
  auto logKey = crypto::SigningKey::load(town.directory() / "log.pem").value();
  EXPECT_EQ(resign(checkpoint, logKey), "") << "signed anew by the log is the same claim";
  EXPECT_EQ(resign(checkpoint, crypto::SigningKey::generate(GetParam(), "test.example/ledger").value()), "UnknownKey");
  auto other = checkpoint;
  other.origin = "other.example";
  EXPECT_EQ(resign(other, logKey), "WrongOrigin");
  other = checkpoint;
  other.root[0] ^= 1;
  EXPECT_EQ(resign(other, logKey), "WrongRoot");
  note.signatures[0].signature.back() ^= 1;
  file.checkpoint = note.serialize();
  EXPECT_EQ(reason(file), "BadSignature");
  file.suite = GetParam() == crypto::SuiteId::Sm2Sm3 ? crypto::SuiteId::Ed25519Sha256 : crypto::SuiteId::Sm2Sm3;
  file.checkpoint = town.ledger().checkpoint();
  EXPECT_EQ(reason(file), "WrongSuite");
}

// A key that was revoked and another one that took its place: each signature by the key of its time.
TEST_P(ProofSuite, ALaterKeyDoesNotTakeOverEarlierSignatures) {
  town.must({"operator", "eit"}, fmt::format(R"({{"kind":"KeyRevoked","body":{{"key":"{}","reason":"SUPERSEDED"}}}})",
                                             town.key("trs").verifyKey().vkey()));
  VerifiedProof claim = verified(town.prover()->event(town.award, Content::Shown).value());
  EXPECT_EQ(claim.entries[0].signers[0].party, "11330000MB99010246");
}

TEST_P(ProofSuite, AnyKeyOfTheLogIsEnough) {
  std::vector<crypto::VerifyKey> keys = {town.logKey()};
  std::vector<std::uint64_t> changes;
  for (int i = 0; i < 2; ++i) {
    changes.push_back(town.changeLogKey());
    keys.push_back(town.logKey());
    town.must("trs", R"({"kind":"SubsidyDisbursed","body":{"award":"A","payee":"91330100MA2PLT015B","amountFen":1}})");
  }
  auto prover = town.prover();
  const ProofFile file = prover->entity("award:A").value();
  const ProofFile founding = prover->event(0, Content::Shown).value();
  const ProofFile change = prover->event(changes[1], Content::Shown).value();
  for (const auto& key : keys) {
    for (const ProofFile& one : {file, founding, change}) {
      auto claim = proof::verifyProof(one.serialize(), key);
      ASSERT_TRUE(claim.ok()) << claim.error().message.en;
      EXPECT_EQ(claim->signedBy, keys[2].name() + "+" + keys[2].idHex());
      EXPECT_EQ(claim->keyChanges, changes);
    }
  }
  VerifiedProof named = verified(change);
  ASSERT_EQ(named.entries[0].signers.size(), 2u);
  EXPECT_EQ(named.entries[0].signers[0].boundBy, std::nullopt) << "the log's own key";
  EXPECT_TRUE(named.entries[0].signers[1].boundBy.has_value());

  auto under = [](const crypto::VerifyKey& key, ProofFile changed, auto mutate) {
    mutate(changed);
    auto claim = proof::verifyProof(changed.serialize(), key);
    return claim.ok() ? "" : claim.error().rule;
  };
  EXPECT_EQ(under(crypto::SigningKey::generate(GetParam(), keys[0].name())->verifyKey(), file, [](auto&) {}),
            "UnknownKey");
  EXPECT_EQ(under(keys[0], file, [](auto& f) { f.rotations.clear(); }), "UnknownKey");
  EXPECT_EQ(under(keys[0], file, [](auto& f) { f.rotations.pop_back(); }), "UnknownKey")
      << "the second key does not sign any more";
  EXPECT_EQ(under(keys[2], file, [](auto& f) { f.rotations.erase(f.rotations.begin()); }), "") << "from a later key on";
  EXPECT_EQ(under(keys[0], file, [](auto& f) { std::swap(f.rotations[0], f.rotations[1]); }), "NotCanonical");
  EXPECT_EQ(under(keys[0], file, [](auto& f) { f.rotations[1].path[0][0] ^= 1; }), "WrongRoot");
  EXPECT_EQ(under(keys[0], file, [](auto& f) { f.rotations[1].event->back() ^= 1; }), "WrongEvent");
  EXPECT_EQ(under(keys[0], file, [](auto& f) { f.rotations[1].event.reset(); }), "MissingPart");
  EXPECT_EQ(under(keys[0], file, [](auto& f) { f.rotations[1].submission->note = f.rotations[0].submission->note; }),
            "WrongSubmission");
  EXPECT_EQ(under(keys[0], file, [&](auto& f) { f.rotations[0] = founding.entries[0]; }), "BrokenKeyChain");

  auto past = town.prover(std::to_string(changes[0] - 1))->entity("award:A").value();
  EXPECT_EQ(under(keys[0], past, [](auto&) {}), "");
  EXPECT_EQ(under(keys[2], past, [](auto&) {}), "UnknownKey") << "nothing in that tree names it";
}

TEST_P(ProofSuite, CosignaturesMakeTheReadersQuorum) {
  auto witness = crypto::SigningKey::generate(GetParam(), "witness.example").value();
  auto cosigner = proof::CosignerKey::of(witness.verifyKey());
  std::string body = proof::Note::parse(town.ledger().checkpoint())->text;
  ASSERT_TRUE(
      keepCosignature(town.ledger(), town.ledger().size(), cosigner, proof::cosign(body, 1772326800, witness).value())
          .ok());
  auto policy = proof::WitnessPolicy::parse("witness W " + cosigner.vkey() + "\nquorum W\n").value();
  auto stranger = proof::CosignerKey::of(crypto::SigningKey::generate(GetParam(), "x.example")->verifyKey());
  auto strangers = proof::WitnessPolicy::parse("witness X " + stranger.vkey() + "\nquorum X\n").value();
  std::string file = town.prover()->entity("award:A")->serialize();
  EXPECT_EQ(proof::verifyProof(file, town.logKey())->cosignaturesGiven, 1u);
  EXPECT_TRUE(proof::verifyProof(file, town.logKey())->cosignatures.empty()) << "whom to trust is not in the file";
  auto claim = proof::verifyProof(file, proof::ProofTrust{town.logKey(), &policy, {}}).value();
  ASSERT_EQ(claim.cosignatures.size(), 1u);
  EXPECT_EQ(claim.cosignatures[0].witness + std::to_string(claim.cosignatures[0].seconds), "W1772326800");
  EXPECT_EQ(proof::verifyProof(file, proof::ProofTrust{town.logKey(), &strangers, {}}).error().rule, "NoQuorum");
  EXPECT_EQ(proof::verifyProof(file, proof::ProofTrust{town.logKey(), nullptr, "certificates"}).error().rule,
            "MissingPart")
      << "no stamp is there";
  town.must("trs", R"({"kind":"SubsidyDisbursed","body":{"award":"A","payee":"91330100MA2PLT015B","amountFen":1}})");
  EXPECT_EQ(
      proof::verifyProof(town.prover()->entity("award:A")->serialize(), proof::ProofTrust{town.logKey(), &policy, {}})
          .error()
          .rule,
      "NoQuorum");
}

TEST_P(ProofSuite, TlogProofIsForShaOnly) {
  auto proof = town.prover()->inclusion(town.award);
  if (GetParam() == crypto::SuiteId::Sm2Sm3) {
    EXPECT_EQ(proof.error().code, ErrorCode::Unsupported);
    return;
  }
  Bytes leaf = town.ledger().entry(town.award)->encode();
  EXPECT_EQ(proof::verifyTlogProof(proof->serialize(), leaf, town.logKey())->size, town.ledger().size());
  leaf[20] ^= 1;
  EXPECT_EQ(proof::verifyTlogProof(proof->serialize(), leaf, town.logKey()).error().rule, "WrongRoot");
}

INSTANTIATE_TEST_SUITE_P(Suites, ProofSuite, testing::Values(crypto::SuiteId::Ed25519Sha256, crypto::SuiteId::Sm2Sm3),
                         [](const auto& one) {
                           return one.param == crypto::SuiteId::Sm2Sm3 ? "Sm2Sm3" : "Ed25519Sha256";
                         });

}  // namespace
}  // namespace pilotledger::ledger
