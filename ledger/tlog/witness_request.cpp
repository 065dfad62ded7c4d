#include "ledger/tlog/witness_request.h"

#include <fmt/format.h>

#include "ledger/crypto/encoding.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/note.h"

namespace pilotledger::proof {
namespace {

constexpr std::string_view kOld = "old ";

Error badRequest(std::string_view why) {
  return invalidInput(fmt::format("witness request: {}", why), fmt::format("见证请求格式错误：{}", why));
}

}  // namespace

std::string WitnessRequest::serialize() const {
  std::string body = fmt::format("{}{}\n", kOld, oldSize);
  for (const Digest& hash : consistency) body += crypto::toBase64(hash) + "\n";
  return body + "\n" + checkpoint;
}

Result<WitnessRequest> WitnessRequest::parse(std::string_view body) {
  if (body.size() > kMaxNoteBytes) return badRequest("longer than 1 MiB");
  WitnessRequest request;
  std::size_t end = body.find('\n');
  if (!body.starts_with(kOld) || end == body.npos) return badRequest("expected 'old SIZE' in the first line");
  PL_TRY(request.oldSize, parseDecimal(body.substr(kOld.size(), end - kOld.size()), "old size"));
  body.remove_prefix(end + 1);
  while ((end = body.find('\n')) != 0) {
    if (end == body.npos) return badRequest("expected an empty line before the checkpoint");
    if (request.consistency.size() == kMaxConsistencyLines) return badRequest("more than 63 lines of proof");
    PL_TRY(Digest hash, crypto::parseBase64Digest(body.substr(0, end)));
    request.consistency.push_back(hash);
    body.remove_prefix(end + 1);
  }
  request.checkpoint = body.substr(1);
  if (request.checkpoint.empty()) return badRequest("no checkpoint");
  return request;
}

}  // namespace pilotledger::proof
