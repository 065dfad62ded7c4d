#include "ledger/proof/tlog_proof.h"

#include <fmt/format.h>

#include "ledger/crypto/encoding.h"
#include "ledger/proof/proof_file.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {
namespace {

Error notTlogProof() { return rejected("BadFormat", "not a tlog-proof", "不是 tlog-proof 文件"); }

Result<TlogProof> parse(std::string_view text) {
  TlogProof proof;
  auto line = [&]() -> std::string_view {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
  };
  if (line() != kTlogProofMagic) return notTlogProof();
  std::string_view index = line();
  if (index.starts_with("extra ")) index = line();  // of no meaning to the proof
  if (!index.starts_with("index ")) return notTlogProof();
  auto number = parseDecimal(index.substr(6), "index");
  if (!number.ok()) return notTlogProof();
  proof.index = *number;
  for (std::string_view hash = line(); !hash.empty(); hash = line()) {
    auto digest = crypto::parseBase64Digest(hash);
    if (!digest.ok() || proof.path.size() == kMaxLogPath) return notTlogProof();
    proof.path.push_back(*digest);
  }
  proof.checkpoint = text;
  return proof;
}

}  // namespace

std::string TlogProof::serialize() const {
  std::string out = fmt::format("{}\nindex {}\n", kTlogProofMagic, index);
  for (const Digest& hash : path) out += crypto::toBase64(hash) + "\n";
  return out + "\n" + checkpoint;
}

Result<Checkpoint> verifyTlogProof(std::string_view file, ByteView entry, const crypto::VerifyKey& logKey) {
  PL_TRY(TlogProof proof, parse(file));
  PL_TRY(Checkpoint checkpoint, openCheckpoint(proof.checkpoint, logKey, logKey.name()));
  PL_CHECK(verifyInclusion(logKey.suite(), proof.index, checkpoint.size, leafHash(logKey.suite(), entry), proof.path,
                           checkpoint.root));
  return checkpoint;
}

}  // namespace pilotledger::proof
