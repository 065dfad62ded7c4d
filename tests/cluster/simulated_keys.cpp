#include "tests/cluster/simulated_keys.h"

#include <fmt/format.h>

#include <map>

namespace pilotledger::cluster {
namespace {

Bytes marked(std::string_view text, std::uint32_t id) {
  const Digest digest = crypto::hash(crypto::SuiteId::Ed25519Sha256, {viewOf(text), viewOf(std::to_string(id))});
  return {digest.begin(), digest.end()};
}

}  // namespace

std::string nodeName(int node) { return fmt::format("n{}", node); }

const crypto::SigningKey& keyOf(NodeKey key) {
  static std::map<NodeKey, crypto::SigningKey> keys;
  if (auto known = keys.find(key); known != keys.end()) return known->second;
  Bytes seed(32, static_cast<std::uint8_t>(key.node));
  seed[0] = static_cast<std::uint8_t>(key.generation);
  auto made = crypto::SigningKey::fromEd25519Seed("o.example/" + nodeName(key.node), seed);
  return keys.emplace(key, std::move(made).value()).first->second;
}

ledger::NodeSigner::Cosign cosignBy(NodeKey key, bool really) {
  if (really)
    return [key](std::string_view text, std::uint64_t seconds) { return proof::cosign(text, seconds, keyOf(key)); };
  const proof::CosignerKey cosigner = memberOf(key).key;
  return [cosigner](std::string_view text, std::uint64_t) -> Result<proof::NoteSignature> {
    return proof::NoteSignature{cosigner.name(), cosigner.id(), marked(text, cosigner.id())};
  };
}

ledger::Quorum::Verify verifying(bool really) {
  if (really) return ledger::Quorum::verifyLine;
  return [](const proof::Checkpoint& about, const proof::NoteSignature& line, const proof::CosignerKey& key) -> Status {
    if (line.signature == marked(about.body(), key.id())) return {};
    return makeError(ErrorCode::BadSignature, "not marked by that key");
  };
}

ledger::ClusterMember memberOf(NodeKey key) {
  static std::map<NodeKey, ledger::ClusterMember> members;
  auto known = members.find(key);
  if (known != members.end()) return known->second;
  ledger::ClusterMember made{nodeName(key.node), proof::CosignerKey::of(keyOf(key).verifyKey()), {}};
  return members.emplace(key, std::move(made)).first->second;
}

}  // namespace pilotledger::cluster
