// Files that events commit to. Whoever has signed, or must sign, an event that names a file's hash puts it here.
// Anybody can name a hash, so it is given through an event that the reader may see and that one of those signed who put
// it. Nothing of a file is shown by this server's pages or run by a browser.
#include <fmt/format.h>

#include <algorithm>

#include "query/sql/stop_scope.h"
#include "tools/http/spool.h"
#include "tools/server/call.h"
#include "tools/service/entries.h"
#include "tools/service/evidence.h"

namespace pilotledger::server {
namespace {

// The one answer for what nobody commits to and for what is not shown.
Error notForYou() {
  return makeError(ErrorCode::NotFound, "no entry that you may see commits to a file of that hash",
                   "您可查看的条目中没有存证该哈希的文件");
}

using Parties = std::set<std::string>;

// One answer, whether nobody has put it or others have: that a file of that hash is here is theirs to tell.
Error notPutBySigners(const std::string& hash) {
  return makeError(
      ErrorCode::NotFound,
      fmt::format("the file {} is committed to, and no party that signed an entry that you may see has put "
                  "it here; ask one of them to put it, anew if it was put before the server kept who did "
                  "(the operator and auditors get such a file)",
                  hash),
      fmt::format("文件 {} 已在账本存证，但您可查看的条目的签署方均未在此上传；请向其索取，或请其重新上传"
                  "（早期上传而未记上传方的文件，仅运营方与审计方可取）",
                  hash));
}

struct Claim {
  bool sees = false;      // an event that commits to it
  bool isSigned = false;  // such an event, by one of the parties in question
};

Result<bool> isSignedBy(const ledger::Ledger& ledger, const Parties& parties, std::uint64_t index) {
  PL_TRY(service::LoadedEntry entry, service::loadEntry(ledger, index));
  for (const std::string& key : entry.signers) {
    PL_TRY(auto record, ledger.entity("key:" + key));
    if (record && parties.contains(std::string(record->get("party.any")))) return true;
  }
  return false;
}

// What is recorded, as this reader sees it.
Status claimByEntries(Call& call, const std::string& hash, const Parties& parties, Claim& claim) {
  query::StopScope stop([cancellation = call.request.cancellation] { return cancellation->cancelled(); });
  PL_TRY(Snapshot::Scope scope, call.scope());
  PL_TRY(Snapshot::Model model, call.snapshot->model(scope));
  PL_TRY(query::AsOf at, model->asOf(""));
  PL_CHECK(model->show(at));
  PL_TRY(query::Statement rows, model->prepare("SELECT DISTINCT entry_index FROM committed_hash WHERE hash = ?"));
  rows.bindText(1, hash);
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return {};
    claim.sees = true;
    if (parties.empty()) return {};
    PL_TRY(claim.isSigned, isSignedBy(call.ledger(), parties, static_cast<std::uint64_t>(rows.integer(0))));
    if (claim.isSigned) return {};
  }
}

Result<std::string> hashOf(const Call& call) {
  std::string hash = call.get("hash");
  if (service::isEvidenceHash(hash)) return hash;
  return invalidInput("hash: expected 64 lower-case hex digits", "hash：应为 64 位小写十六进制哈希");
}

// Of who puts it: his own signature, given or asked for.
Result<Claim> claimToPut(Call& call, const std::string& hash, const ledger::Signer& reader) {
  PL_TRY(service::Inbox::OnFile pending, call.backend.inbox->onFile(hash, reader));
  const service::Standing& standing = pending.standing;
  Claim claim{standing.sees(), standing.submitted || standing.hasSigned || standing.asked};
  if (!claim.isSigned) PL_CHECK(claimByEntries(call, hash, {reader.party}, claim));
  return claim;
}

// Of who gets it: the signature of a party that put it.
Result<Claim> claimToGet(Call& call, const std::string& hash, const ledger::Signer& reader, const Parties& putBy) {
  PL_TRY(service::Inbox::OnFile pending, call.backend.inbox->onFile(hash, reader));
  Claim claim{pending.standing.sees(), std::any_of(pending.signers.begin(), pending.signers.end(),
                                                   [&](const std::string& one) { return putBy.contains(one); })};
  if (!claim.isSigned) PL_CHECK(claimByEntries(call, hash, putBy, claim));
  return claim;
}

Status requireMayGet(Call& call, const std::string& hash) {
  PL_TRY(ledger::Signer reader, call.signer());
  PL_TRY(std::optional<Parties> recorded, call.backend.evidence->parties(hash));
  const Parties putBy = recorded.value_or(Parties());
  if (!reader.party.empty() && putBy.contains(reader.party)) return {};
  PL_TRY(Claim claim, claimToGet(call, hash, reader, putBy));
  if (!claim.sees) return notForYou();
  return claim.isSigned || call.seesAll() ? Status() : Status(notPutBySigners(hash));
}

std::string_view endingOf(std::string_view type) {
  if (type == "application/pdf") return ".pdf";
  if (type == "image/png") return ".png";
  if (type == "image/jpeg") return ".jpg";
  if (type == "application/zip") return ".zip";
  if (type == "application/xml") return ".xml";
  return type.starts_with("text/plain") ? ".txt" : ".bin";
}

}  // namespace

Answered answerPutEvidence(Call& call) {
  PL_TRY(std::string hash, hashOf(call));
  PL_TRY(ledger::Signer reader, call.signer());
  PL_TRY(Claim claim, claimToPut(call, hash, reader));
  if (!claim.sees) return notForYou();
  if (!claim.isSigned)
    return makeError(ErrorCode::NotAuthorized, "only a party that signs an event with this hash puts the file",
                     "仅签署过含该哈希事件的主体可上传该文件");
  const std::string_view bytes = call.request.body.view();
  PL_TRY(service::EvidenceFiles::Kept kept, call.backend.evidence->put(hash, bytes, reader.party));
  call.noted.rows = 1;
  http::Response response = jsonAnswer({{"hash", hash},
                                        {"bytes", bytes.size()},
                                        {"type", service::sniffedType(bytes)},
                                        {"already", kept == service::EvidenceFiles::Kept::Already}});
  response.headers.push_back(cacheControl(Caching::Never));
  return response;
}

Answered answerEvidence(Call& call) {
  PL_TRY(std::string hash, hashOf(call));
  PL_CHECK(requireMayGet(call, hash));
  // A copy that nobody else can change, checked before the first byte of it is sent.
  PL_TRY(http::Spool spool, http::Spool::open(""));
  PL_CHECK(call.backend.evidence->read(hash, [&](std::string_view piece) {
    return spool.write(piece) ? Status()
                              : Status(makeError(ErrorCode::Unavailable, "no room for a copy of the file",
                                                 "磁盘空间不足，无法读取文件"));
  }));
  PL_TRY(http::Body body, spool.body());
  const std::string_view type = service::sniffedType(body.view());
  call.noted.rows = 1;
  http::Response response{200, {{"Content-Type", std::string(type)}}, std::move(body)};
  response.headers.push_back(attachment(fmt::format("{}{}", hash.substr(0, 16), endingOf(type))));
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  response.headers.push_back({"Content-Security-Policy", "sandbox; default-src 'none'"});
  response.headers.push_back(cacheControl(Caching::Never));
  return response;
}

}  // namespace pilotledger::server
