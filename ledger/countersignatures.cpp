#include "ledger/countersignatures.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/local_time.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/witness_request.h"

namespace pilotledger::ledger {
namespace {

constexpr std::string_view kCosignature = "cosignature ";
constexpr std::string_view kTimestamp = "timestamp ";
constexpr std::uint64_t kLastSecond = 253'402'300'799;  // of the year 9999

Error damaged(std::uint64_t size, std::string_view name, const std::string& why) {
  return makeError(ErrorCode::Corruption, fmt::format("countersign {} {}: {}", size, name, why),
                   fmt::format("检查点 {} 的联署或时间戳行损坏：{}", size, why));
}

std::string timestampName(crypto::SuiteId suite, ByteView token) {
  return std::string(kTimestamp) + crypto::toHex(crypto::hash(suite, token));
}

Result<Cosignature> readCosignature(std::uint64_t size, std::string_view keyName, std::string_view value,
                                    std::string_view checkpoint) {
  std::size_t end = value.find('\n');
  if (end == value.npos || value.back() != '\n') return invalidInput("expected two lines");
  PL_TRY(proof::CosignerKey witness, proof::CosignerKey::parse(value.substr(0, end)));
  if (witness.keyName() != keyName) return invalidInput("the row is named after another witness");
  PL_TRY(Bytes blob, crypto::parseBase64(value.substr(end + 1, value.size() - end - 2)));
  proof::NoteSignature signature{witness.name(), witness.id(), std::move(blob)};
  PL_TRY(proof::Note note, proof::Note::parse(checkpoint));
  PL_TRY(std::uint64_t seconds, proof::verifyCosignature(note.text, signature, witness));
  return Cosignature{size, std::move(witness), std::move(signature), seconds};
}

}  // namespace

Result<Countersigned> checkCountersign(crypto::SuiteId suite, std::uint64_t size, std::string_view name,
                                       std::string_view value, std::string_view checkpoint) {
  Countersigned row;
  if (name.starts_with(kCosignature)) {
    auto read = readCosignature(size, name.substr(kCosignature.size()), value, checkpoint);
    if (!read.ok()) return damaged(size, name, read.error().message.en);
    row.cosignature = std::move(read).value();
    return row;
  }
  if (!name.starts_with(kTimestamp)) return damaged(size, name, "a row that is neither a cosignature nor a time stamp");
  if (name != timestampName(suite, viewOf(value)))
    return damaged(size, name, "the token does not have the hash in its name");
  auto stamp = crypto::readTimestamp(suite, viewOf(checkpoint), viewOf(value));
  if (!stamp.ok()) return damaged(size, name, stamp.error().message.en);
  row.timestamp = StoredTimestamp{size, Bytes(value.begin(), value.end()), std::move(stamp).value()};
  return row;
}

Result<std::vector<Countersigned>> countersigned(const Ledger& ledger) {
  std::vector<Countersigned> rows;
  PL_CHECK(ledger.eachCountersign(0, [&](std::uint64_t size, std::string_view name, std::string_view value) -> Status {
    PL_TRY(std::string checkpoint, ledger.checkpointOf(size));
    PL_TRY(Countersigned row, checkCountersign(ledger.suite(), size, name, value, checkpoint));
    rows.push_back(std::move(row));
    return {};
  }));
  return rows;
}

Result<std::vector<Countersigned>> countersigned(const Ledger& ledger, std::uint64_t size) {
  PL_TRY(std::string checkpoint, ledger.checkpointOf(size));
  std::vector<Countersigned> rows;
  Status end =
      ledger.eachCountersign(size, [&](std::uint64_t at, std::string_view name, std::string_view value) -> Status {
        if (at != size) return makeError(ErrorCode::NotFound, "");
        PL_TRY(Countersigned row, checkCountersign(ledger.suite(), size, name, value, checkpoint));
        rows.push_back(std::move(row));
        return {};
      });
  if (!end.ok() && end.error().code != ErrorCode::NotFound) return std::move(end).error();
  return rows;
}

Result<std::string> cosignedCheckpoint(const Ledger& ledger, std::uint64_t size) {
  PL_TRY(std::string text, ledger.checkpointOf(size));
  PL_TRY(std::vector<Countersigned> rows, countersigned(ledger, size));
  return withCosignatures(text, rows);
}

Result<std::string> withCosignatures(std::string_view checkpoint, const std::vector<Countersigned>& rows) {
  PL_TRY(proof::Note note, proof::Note::parse(checkpoint));
  for (const Countersigned& row : rows) {
    if (row.cosignature && note.signatures.size() < proof::kMaxNoteSignatures)
      note.signatures.push_back(row.cosignature->signature);
  }
  return note.serialize();
}

Result<std::string> newestWitnessed(const Ledger& ledger, const proof::WitnessPolicy& policy) {
  PL_TRY(std::vector<Countersigned> rows, countersigned(ledger));
  std::map<std::uint64_t, std::vector<bool>> seen;
  for (const Countersigned& row : rows) {
    const auto* witness = row.cosignature ? policy.findCosigner(row.cosignature->signature) : nullptr;
    if (witness == nullptr) continue;
    auto& who = seen.try_emplace(row.cosignature->size, policy.witnesses().size(), false).first->second;
    who[static_cast<std::size_t>(witness - policy.witnesses().data())] = true;
  }
  if (policy.quorumName() == "none") return cosignedCheckpoint(ledger, ledger.size());
  for (auto at = seen.rbegin(); at != seen.rend(); ++at) {
    if (policy.meetsQuorum(at->second)) return cosignedCheckpoint(ledger, at->first);
  }
  return makeError(
      ErrorCode::NotFound,
      fmt::format("no checkpoint has the cosignatures of the quorum '{}' yet; run 'pilotledger witness collect'",
                  policy.quorumName()),
      fmt::format("尚无检查点达到法定联署“{}”；请运行 pilotledger witness collect", policy.quorumName()));
}

Result<std::optional<std::int64_t>> newestCosignedMs(const Ledger& ledger) {
  std::optional<std::uint64_t> newest;
  PL_CHECK(ledger.eachCountersign(0, [&](std::uint64_t size, std::string_view name, std::string_view) -> Status {
    if (name.starts_with(kCosignature)) newest = size;
    return {};
  }));
  std::optional<std::int64_t> ms;
  if (!newest) return ms;
  PL_TRY(std::vector<Countersigned> rows, countersigned(ledger, *newest));
  for (const Countersigned& row : rows) {
    if (!row.cosignature) continue;
    ms = std::max(ms.value_or(0), static_cast<std::int64_t>(std::min(row.cosignature->seconds, kLastSecond)) * 1000);
  }
  return ms;
}

Status requireWitnessedTime(const Ledger& ledger, std::int64_t nowMs) {
  PL_TRY(std::optional<std::int64_t> witnessed, newestCosignedMs(ledger));
  if (!witnessed || nowMs - *witnessed <= kFarAheadMs) return {};
  const std::string now = events::formatLocalMinutes(nowMs), then = events::formatLocalMinutes(*witnessed);
  return makeError(
      ErrorCode::Unavailable,
      fmt::format("this machine's clock says {}, the newest cosignature is of {}: nothing is signed at a "
                  "time that far from the witnesses'; set the clock, or run 'pilotledger witness collect' "
                  "if it is right",
                  now, then),
      fmt::format("本机时钟为 {}，最近一次见证联署为 {}：相差过大，不予签署；请校正时钟，如时钟无误请先运行 "
                  "pilotledger witness collect",
                  now, then));
}

Status keepCosignature(Ledger& ledger, std::uint64_t size, const proof::CosignerKey& witness,
                       const proof::NoteSignature& signature) {
  PL_TRY(std::string checkpoint, ledger.checkpointOf(size));
  PL_TRY(proof::Note note, proof::Note::parse(checkpoint));
  PL_TRY([[maybe_unused]] std::uint64_t seconds, proof::verifyCosignature(note.text, signature, witness));
  return ledger.keepCountersign(size, std::string(kCosignature) + witness.keyName(),
                                fmt::format("{}\n{}\n", witness.vkey(), crypto::toBase64(signature.signature)));
}

Status keepTimestamp(Ledger& ledger, std::uint64_t size, const Bytes& token) {
  PL_TRY(std::string checkpoint, ledger.checkpointOf(size));
  PL_TRY([[maybe_unused]] crypto::Timestamp stamp, crypto::readTimestamp(ledger.suite(), viewOf(checkpoint), token));
  return ledger.keepCountersign(size, timestampName(ledger.suite(), token), textOf(token));
}

Result<std::string> witnessRequest(const Ledger& ledger, std::uint64_t seen, std::uint64_t size) {
  if (seen > size) {
    return makeError(ErrorCode::NotFound, fmt::format("the witness saw {} entries, the ledger has {}", seen, size),
                     fmt::format("见证方已见 {} 条，账本仅有 {} 条", seen, size));
  }
  proof::WitnessRequest request;
  request.oldSize = seen;
  PL_TRY(request.checkpoint, ledger.checkpointOf(size));
  if (seen > 0) {
    PL_TRY(proof::NodeReader nodes, ledger.nodes());
    PL_TRY(request.consistency, proof::proveConsistency(ledger.suite(), seen, size, nodes));
  }
  return request.serialize();
}

Result<bool> compareCheckpoint(Ledger& ledger, std::string_view note) {
  auto checkpoint = ledger.logKeys().open(note);
  if (!checkpoint.ok()) {
    Error error = std::move(checkpoint).error();
    error.code = ErrorCode::ProofRejected;
    return std::move(error).within("a checkpoint shown by another", "他方出示的检查点");
  }
  if (checkpoint->size <= ledger.size()) {
    PL_TRY(Digest root, ledger.rootAt(checkpoint->size));
    if (root == checkpoint->root) return true;
  }
  return ledger.freeze(note).error();
}

}  // namespace pilotledger::ledger
