#include "tests/fuzz/targets.h"

#include <array>

#include "events/codec.h"
#include "events/json.h"
#include "ledger/crypto/key.h"
#include "ledger/proof/disclosure.h"
#include "ledger/proof/fork_evidence.h"
#include "ledger/proof/tlog_proof.h"
#include "ledger/proof/verify.h"
#include "ledger/state/entity_record.h"
#include "ledger/state/state_map.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/entry.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/submission.h"
#include "ledger/tlog/witness_policy.h"
#include "ledger/tlog/witness_request.h"

namespace pilotledger::fuzz {
namespace {

constexpr const char* kEvent =
    R"({"kind":"SubsidyAwarded","id":"018f3a00-0000-7000-8000-000000000001","legalDate":"2026-03-01",)"
    R"("body":{"award":"A-1","payee":"91330100MA2PLT015B","instrument":"equipment","amountFen":100,"title":"设备"}})";
constexpr const char* kFinding =
    R"({"kind":"AuditFindingRaised","id":"018f3a00-0000-7000-8000-000000000002","legalDate":"2026-03-01",)"
    R"("body":{"finding":"F","code":"S07","severity":"HIGH","audited":"x1:a",)"
    R"("targets":["018f3a00-0000-7000-8000-000000000001"],"legalBasis":"b","text":"t"}})";

crypto::SigningKey key() {
  std::array<std::uint8_t, 32> seed{};
  return crypto::SigningKey::fromEd25519Seed("fuzz.example", ByteView(seed.data(), seed.size())).value();
}

std::string text(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

void decodeEvent(std::string_view bytes) {
  auto event = events::Event::decode(viewOf(bytes));
  if (!event.ok()) return;
  // What is recorded can be read; not all of it would be taken anew, and what is taken is taken in one spelling.
  auto again = events::eventFromJsonText(events::eventToJson(*event));
  if (!again.ok()) return;
  auto taken = events::Event::decode(*again);
  PL_ASSERT(taken.ok());
  auto third = events::eventFromJsonText(events::eventToJson(*taken));
  PL_ASSERT(third.ok() && *third == *again);
}
std::vector<std::string> eventSeeds() {
  return {text(events::eventFromJsonText(kEvent).value()), text(events::eventFromJsonText(kFinding).value())};
}

void parseJson(std::string_view bytes) {
  auto event = events::eventFromJsonText(std::string(bytes));
  if (event.ok()) PL_ASSERT(events::Event::decode(*event).ok());
}
std::vector<std::string> jsonSeeds() { return {kEvent, kFinding}; }

void parseNote(std::string_view bytes) {
  auto note = proof::Note::parse(bytes);
  if (!note.ok()) return;
  (void)proof::SubmissionBody::parse(note->text);
  (void)proof::openCheckpoint(std::string(bytes), key().verifyKey(), "fuzz.example");
}
std::vector<std::string> noteSeeds() {
  auto signer = key();
  const crypto::SigningKey* keys[] = {&signer};
  auto submission = proof::makeSubmission(crypto::SuiteId::Ed25519Sha256, {"fuzz.example", ""},
                                          {events::eventFromJsonText(kEvent).value()}, keys);
  return {submission.value().note, proof::signCheckpoint({"fuzz.example", 3, {}}, signer).value()};
}

void parseSubmission(std::string_view bytes) {
  auto submission = proof::Submission::parse(bytes);
  if (!submission.ok()) return;
  PL_ASSERT(submission->serialize() == bytes);
  (void)proof::checkSubmission(crypto::SuiteId::Ed25519Sha256, *submission, {"fuzz.example", ""});
}
std::vector<std::string> submissionSeeds() {
  auto signer = key();
  const crypto::SigningKey* keys[] = {&signer};
  Bytes event = events::eventFromJsonText(kEvent).value();
  return {
      proof::makeSubmission(crypto::SuiteId::Ed25519Sha256, {"fuzz.example", ""}, {event}, keys).value().serialize()};
}

// A changed cosignature says the same time over the same checkpoint, or is refused.
void readCosignature(std::string_view bytes) {
  auto note = proof::Note::parse(bytes);
  if (!note.ok()) return;
  auto seconds = proof::findCosignature(*note, proof::CosignerKey::of(key().verifyKey()));
  if (seconds.ok()) PL_ASSERT(*seconds == 1772327600 && note->text.starts_with("fuzz.example\n3\n"));
}
std::vector<std::string> cosignatureSeeds() {
  auto note = proof::Note::parse(proof::signCheckpoint({"fuzz.example", 3, {}}, key()).value()).value();
  note.signatures.push_back(proof::cosign(note.text, 1772327600, key()).value());
  return {note.serialize()};
}

void decodeEntry(std::string_view bytes) {
  auto entry = proof::Entry::decode(viewOf(bytes));
  if (entry.ok()) PL_ASSERT(text(entry->encode()) == bytes);
}
std::vector<std::string> entrySeeds() {
  proof::Entry plain, last;
  last.stateRoot = Digest{};
  return {text(plain.encode()), text(last.encode())};
}

void parseRecord(std::string_view bytes) {
  auto record = ledger::EntityRecord::parse(bytes);
  if (record.ok()) PL_ASSERT(record->text() == bytes);
}
std::vector<std::string> recordSeeds() {
  ledger::EntityRecord record;
  record.set("state", "active\n");
  record.insert("party.own", "x1:a");
  record.insert("party.own", "x1:b");
  return {record.text()};
}

void parseKey(std::string_view bytes) {
  auto parsed = crypto::VerifyKey::parse(bytes);
  if (parsed.ok()) PL_ASSERT(parsed->vkey() == bytes);
}
std::vector<std::string> keySeeds() { return {key().verifyKey().vkey()}; }

// Proofs under a root that the fuzzer's own key signed.
void readProof(std::string_view bytes) {
  auto file = proof::ProofFile::parse(bytes);
  if (file.ok()) PL_ASSERT(file->serialize() == bytes);
  auto claim = proof::verifyProof(bytes, key().verifyKey());
  PL_ASSERT(claim.ok() || claim.error().code == ErrorCode::ProofRejected);
  (void)proof::verifyTlogProof(bytes, viewOf("x"), key().verifyKey());
}
std::vector<std::string> proofSeeds() {
  constexpr auto kSuite = crypto::SuiteId::Ed25519Sha256;
  auto hashOf = [](std::string_view bytes) { return crypto::hash(kSuite, viewOf(bytes)); };
  ledger::EntityRecord record;
  record.set("state", "active");
  proof::StateMap map(kSuite);
  for (const char* entity : {"award:A", "award:B", "award:C"}) map.put(hashOf(entity), hashOf(record.text()));
  proof::Entry entry;
  entry.stateRoot = map.root();
  Digest leaf = proof::leafHash(kSuite, entry.encode());
  std::vector<std::string> seeds;
  for (std::string entity : {"award:A", "award:X"}) {
    proof::ProofFile file{kSuite,
                          {proof::Question::Kind::Entity, entity},
                          proof::signCheckpoint({"fuzz.example", 1, leaf}, key()).value(),
                          {},
                          {},
                          {{entry, {}, {}, {}}},
                          {}};
    file.entities.push_back(
        {entity, map.prove(hashOf(entity)), entity == "award:A" ? std::optional(record.text()) : std::nullopt});
    seeds.push_back(file.serialize());
    PL_ASSERT(proof::verifyProof(seeds.back(), key().verifyKey()).ok());
  }
  seeds.push_back(proof::TlogProof{0, {}, proof::signCheckpoint({"fuzz.example", 1, leaf}, key()).value()}.serialize());
  return seeds;
}

void parseDisclosure(std::string_view bytes) {
  auto disclosure = proof::Disclosure::parse(bytes);
  if (!disclosure.ok()) return;
  PL_ASSERT(disclosure->serialize() == bytes);
  (void)disclosure->verify();
}
std::vector<std::string> disclosureSeeds() {
  std::vector<proof::SaltedField> fields = {{"a", "1", {}}, {"b", "\"x\"", {}}, {"c", "true", {}}};
  auto disclosure = proof::disclose(crypto::SuiteId::Ed25519Sha256, fields, std::vector<std::string>{"a", "c"}).value();
  disclosure.origin = "fuzz.example";
  disclosure.entry = 7;
  return {disclosure.serialize()};
}

void parseWitnessRequest(std::string_view bytes) {
  auto request = proof::WitnessRequest::parse(bytes);
  if (request.ok()) PL_ASSERT(request->serialize() == bytes);
}
std::vector<std::string> witnessRequestSeeds() {
  std::string note = proof::signCheckpoint({"fuzz.example", 3, {}}, key()).value();
  return {proof::WitnessRequest{2, {Digest{}, Digest{}}, note}.serialize(),
          proof::WitnessRequest{0, {}, note}.serialize()};
}

void parsePolicy(std::string_view bytes) {
  auto policy = proof::WitnessPolicy::parse(bytes);
  if (policy.ok()) (void)policy->meetsQuorum(std::vector<bool>(policy->witnesses().size(), true));
  auto cosigner = proof::CosignerKey::parse(bytes);
  if (cosigner.ok()) PL_ASSERT(cosigner->vkey() == bytes);
}
std::vector<std::string> policySeeds() {
  std::string vkey = proof::CosignerKey::of(key().verifyKey()).vkey();
  return {vkey, "log " + key().verifyKey().vkey() + "\nwitness a " + vkey + " http://a\ngroup g 1 a\nquorum g\n"};
}

// No change of a file makes evidence against a log that signed one history only.
void parseForkEvidence(std::string_view bytes) {
  auto evidence = proof::ForkEvidence::parse(bytes);
  if (!evidence.ok()) return;
  PL_ASSERT(evidence->serialize() == bytes);
  PL_ASSERT(!proof::verifyFork(*evidence, key().verifyKey()).ok());
}
std::vector<std::string> forkSeeds() {
  Digest leaf{};
  Digest root = proof::nodeHash(crypto::SuiteId::Ed25519Sha256, leaf, leaf);
  std::string small = proof::signCheckpoint({"fuzz.example", 1, leaf}, key()).value();
  std::string large = proof::signCheckpoint({"fuzz.example", 2, root}, key()).value();
  return {proof::ForkEvidence{key().verifyKey(), small, large, leaf, {leaf}}.serialize(),
          proof::ForkEvidence{key().verifyKey(), small, small, std::nullopt, {}}.serialize()};
}

constexpr std::array kTargets = {Target{"event", decodeEvent, eventSeeds},
                                 Target{"json", parseJson, jsonSeeds},
                                 Target{"note", parseNote, noteSeeds},
                                 Target{"submission", parseSubmission, submissionSeeds},
                                 Target{"cosignature", readCosignature, cosignatureSeeds},
                                 Target{"entry", decodeEntry, entrySeeds},
                                 Target{"record", parseRecord, recordSeeds},
                                 Target{"vkey", parseKey, keySeeds},
                                 Target{"disclosure", parseDisclosure, disclosureSeeds},
                                 Target{"witness request", parseWitnessRequest, witnessRequestSeeds},
                                 Target{"policy", parsePolicy, policySeeds},
                                 Target{"fork", parseForkEvidence, forkSeeds},
                                 Target{"proof", readProof, proofSeeds}};

}  // namespace

std::vector<Target> targets() {
  std::vector<Target> all(kTargets.begin(), kTargets.end());
  all.insert(all.end(), foreignTargets().begin(), foreignTargets().end());
  return all;
}

}  // namespace pilotledger::fuzz
