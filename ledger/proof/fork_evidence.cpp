#include "ledger/proof/fork_evidence.h"

#include <fmt/format.h>

#include "ledger/crypto/encoding.h"
#include "ledger/tlog/note.h"

namespace pilotledger::proof {
namespace {

Error badEvidence(std::string_view why) {
  return invalidInput(fmt::format("fork evidence: {}", why), fmt::format("分叉证据格式错误：{}", why));
}
Error noFork(std::string_view en, std::string_view zh) {
  return makeError(ErrorCode::ProofRejected, fmt::format("NoFork: {}", en), fmt::format("不构成分叉：{}", zh));
}

Result<std::string_view> takeEvidenceLine(std::string_view& text) {
  std::size_t end = text.find('\n');
  if (end == text.npos) return badEvidence("cut off");
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Result<std::string> takeNote(std::string_view& text) {
  PL_TRY(std::string_view line, takeEvidenceLine(text));
  PL_TRY(std::uint64_t size, parseDecimal(line, "length of a checkpoint"));
  if (size > kMaxNoteBytes || size > text.size()) return badEvidence("a checkpoint is cut off or longer than 1 MiB");
  std::string note(text.substr(0, size));
  text.remove_prefix(size);
  return note;
}

Status requireConsistentPrefix(SuiteId suite, const Checkpoint& first, const Checkpoint& second,
                               const ForkEvidence& evidence) {
  if (!evidence.prefixRoot) return badEvidence("the root of the larger tree at the smaller size is missing");
  if (first.size == 0 && *evidence.prefixRoot != emptyRoot(suite))
    return noFork("an empty tree has one root only", "空树只有一个根");
  return verifyConsistency(suite, first.size, second.size, *evidence.prefixRoot, second.root, evidence.consistency);
}

}  // namespace

std::string ForkEvidence::serialize() const {
  std::string text =
      fmt::format("{}\n{}\n{}\n{}{}\n{}", kForkMagic, logKey.vkey(), first.size(), first, second.size(), second);
  if (prefixRoot) text += crypto::toBase64(*prefixRoot) + "\n";
  for (const Digest& hash : consistency) text += crypto::toBase64(hash) + "\n";
  return text;
}

Result<ForkEvidence> ForkEvidence::parse(std::string_view file) {
  if (file.size() > 4 * kMaxNoteBytes) return badEvidence("longer than 4 MiB");
  PL_TRY(std::string_view magic, takeEvidenceLine(file));
  if (magic != kForkMagic) return badEvidence(fmt::format("expected {} in the first line", kForkMagic));
  PL_TRY(std::string_view vkey, takeEvidenceLine(file));
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(vkey));
  ForkEvidence evidence{key, "", "", std::nullopt, {}};
  PL_TRY(evidence.first, takeNote(file));
  PL_TRY(evidence.second, takeNote(file));
  while (!file.empty()) {
    PL_TRY(std::string_view line, takeEvidenceLine(file));
    PL_TRY(Digest hash, crypto::parseBase64Digest(line));
    if (!evidence.prefixRoot) {
      evidence.prefixRoot = hash;
    } else {
      evidence.consistency.push_back(hash);
    }
    if (evidence.consistency.size() > 64) return badEvidence("more than 64 hashes");
  }
  return evidence;
}

Result<Fork> verifyFork(const ForkEvidence& evidence, const std::optional<crypto::VerifyKey>& trusted) {
  const crypto::VerifyKey& key = evidence.logKey;
  if (trusted && !(*trusted == key)) {
    return makeError(ErrorCode::ProofRejected,
                     fmt::format("UnknownKey: expected {}, found {}", trusted->vkey(), key.vkey()),
                     fmt::format("日志公钥不符：应为 {}，实为 {}", trusted->vkey(), key.vkey()));
  }
  PL_TRY(Checkpoint first, openCheckpoint(evidence.first, key, key.name()));
  PL_TRY(Checkpoint second, openCheckpoint(evidence.second, key, key.name()));
  if (first.size > second.size) return badEvidence("the smaller checkpoint comes first");
  if (first.size == second.size) {
    if (evidence.prefixRoot) return badEvidence("hashes after two checkpoints of one size");
    if (first.root == second.root) return noFork("both checkpoints have the same root", "两个检查点的根相同");
    return Fork{first, second};
  }
  PL_CHECK(requireConsistentPrefix(key.suite(), first, second, evidence));
  if (*evidence.prefixRoot == first.root) return noFork("the larger tree continues the smaller", "大树是小树的延续");
  return Fork{first, second};
}

Result<ForkEvidence> findFork(const crypto::VerifyKey& logKey, std::string_view one, std::string_view other,
                              const NodeReader& nodes) {
  PL_TRY(Checkpoint first, openCheckpoint(one, logKey, logKey.name()));
  PL_TRY(Checkpoint second, openCheckpoint(other, logKey, logKey.name()));
  if (first.size > second.size) {
    std::swap(first, second);
    std::swap(one, other);
  }
  ForkEvidence evidence{logKey, std::string(one), std::string(other), std::nullopt, {}};
  if (first.size < second.size) {
    PL_TRY(Digest whole, rootAt(logKey.suite(), second.size, nodes));
    if (whole != second.root) {
      return makeError(ErrorCode::NotFound,
                       fmt::format("the entries at hand do not have the root of the larger checkpoint ({} entries); "
                                   "give the tiles of that history",
                                   second.size),
                       fmt::format("现有条目与较大检查点（{} 条）的根不符；请提供该历史的瓦片", second.size));
    }
    PL_TRY(evidence.prefixRoot, rootAt(logKey.suite(), first.size, nodes));
    PL_TRY(evidence.consistency, proveConsistency(logKey.suite(), first.size, second.size, nodes));
  }
  auto fork = verifyFork(evidence, logKey);
  if (fork.ok()) return evidence;
  if (fork.error().code != ErrorCode::ProofRejected) return fork.error();
  return makeError(ErrorCode::NotFound, fmt::format("no fork: checkpoints {} and {} agree", first.size, second.size),
                   fmt::format("没有分叉：检查点 {} 与 {} 一致", first.size, second.size));
}

}  // namespace pilotledger::proof
