#include "tools/cli/remote.h"

#include <fmt/format.h>

#include <set>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/base/uuid.h"
#include "events/codec.h"
#include "events/entity_name.h"
#include "events/json.h"
#include "events/reference.h"
#include "events/schema/schema.h"
#include "ledger/crypto/suite.h"
#include "ledger/tlog/submission.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {

using remote::Json;
using remote::RemoteLog;
using remote::textOf;

Error oddAnswer(const RemoteLog& log, std::string_view what) {
  return makeError(ErrorCode::Unavailable, fmt::format("{}: {} in an answer is not as expected", log.server(), what),
                   fmt::format("{}：答复中的 {} 不符合预期", log.server(), what));
}

std::span<const std::string_view> servedCommands() {
  static constexpr std::string_view kServed[] = {"catalogue", "submit",     "inbox", "evidence", "log",     "show",
                                                 "entity",    "view",       "audit", "sql",      "dossier", "pledge",
                                                 "prove",     "checkpoint", "login", "logout",   "cluster"};
  return kServed;
}

Result<RemoteLog> openRemote(const Context& context, std::size_t mostBytes) {
  PL_TRY(RemoteLog log, RemoteLog::open(context.server, {context.serverKey, context.serverAuthorities, mostBytes}));
  if (log.isFirstContact()) {
    remark(context, {fmt::format("First contact with {}: from now on it is held to the key of the log that it shows. "
                                 "Compare it with the one that its operator publishes:\n{}",
                                 log.server(), log.key().vkey()),
                     fmt::format("首次连接 {}：此后均以其所示日志公钥核对。请与运营方公布的公钥比对：\n{}",
                                 log.server(), log.key().vkey())});
  }
  return log;
}

Status requireServed(std::initializer_list<std::pair<std::string_view, bool>> notServed) {
  for (const auto& [option, given] : notServed) {
    if (!given) continue;
    return makeError(
        ErrorCode::Unsupported,
        fmt::format("{} is not answered by a server; leave it out, or work in the ledger's directory", option),
        fmt::format("服务器不支持 {}；请去掉，或在账本目录中操作", option));
  }
  return {};
}

Result<int> remoteCheckpoint(Context& context) {
  PL_TRY(RemoteLog log, openRemote(context));
  PL_CHECK(writeDocument(context, log.note()));
  return kOk;
}

namespace {

// The entry that a receipt names holds the very event that was submitted.
Status requireRecorded(RemoteLog& log, const Json& receipt, const events::Event& event) {
  const Json index = remote::memberOf(receipt, "index");
  if (!index.is_number_unsigned() || textOf(receipt, "id") != events::formatUuid(event.id()))
    return oddAnswer(log, "receipts");
  PL_TRY(std::string file, log.text(fmt::format("/v1/proofs/entry/{}", index.get<std::uint64_t>())));
  auto verified = proof::verifyProof(file, log.key());
  const Digest digest = crypto::hash(log.key().suite(), event.bytes());
  if (verified.ok() && verified->entries.size() == 1 && verified->entries[0].entry.index == index &&
      verified->entries[0].entry.eventDigest == digest)
    return log.requireOnLog(verified->checkpoint.size, verified->checkpoint.root, log.checkpoint().size);
  return makeError(ErrorCode::Corruption,
                   fmt::format("{} says that event {} is recorded as entry {} and does not prove it: take it for not "
                               "recorded, and tell the operator",
                               log.server(), events::formatUuid(event.id()), index.dump()),
                   fmt::format("{} 称事件 {} 已记录为第 {} 条，但未能证明：请视为未记录，并告知运营方", log.server(),
                               events::formatUuid(event.id()), index.dump()));
}

}  // namespace

Status requireReceipts(RemoteLog& log, const Json& receipts, const proof::Submission& sent) {
  if (!receipts.is_array() || receipts.size() != sent.events.size()) return oddAnswer(log, "receipts");
  PL_CHECK(log.refresh());  // what it says it has recorded, it has signed
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    PL_TRY(events::Event event, events::Event::decode(sent.events[i]));
    PL_CHECK(requireRecorded(log, receipts[i], event));
  }
  return {};
}

std::string receiptLines(const Json& receipts) {
  std::string lines;
  for (const Json& receipt : receipts) lines += receipt.dump(-1, ' ', true) + "\n";
  return lines;
}

Result<int> remoteSubmit(Context& context, std::string_view submission) {
  PL_TRY(proof::Submission sent, proof::Submission::parse(submission));
  PL_TRY(RemoteLog log, openRemote(context));
  auto response = log.post("/v1/submissions", "application/octet-stream", submission);
  if (!response.ok() && response.error().code == ErrorCode::NotAuthorized && !response.error().expected.empty()) {
    remark(context, {"To have it signed by those who still must, at the server: submit FILE --pending",
                     "如需由其余应签方在服务器上补签：submit 文件 --pending"});
  }
  if (!response.ok()) return std::move(response).error();
  PL_TRY(Json json, remote::jsonOf(*response));
  const Json receipts = remote::memberOf(json, "receipts");
  PL_CHECK(requireReceipts(log, receipts, sent));
  PL_CHECK(writeDocument(context, receiptLines(receipts)));
  return kOk;
}

Status compareKinds(const Context& context) {
  PL_TRY(RemoteLog log, openRemote(context));
  PL_TRY(Json json, log.askAside("/v1/kinds"));
  std::set<std::string, std::less<>> served;
  for (const Json& kind : remote::memberOf(json, "kinds")) served.insert(textOf(kind, "name"));
  std::string theirs, ours;
  for (const std::string& name : served) {
    if (events::findKind(name) == nullptr) theirs += " " + name;
  }
  for (const events::Kind& kind : events::kinds()) {
    if (!served.contains(kind.name)) ours += fmt::format(" {}", kind.name);
  }
  if (!theirs.empty())
    remark(context, {"The server also has kinds that this program does not know:" + theirs,
                     "服务器另有本程序不认识的种类：" + theirs});
  if (!ours.empty()) remark(context, {"The server does not have these kinds:" + ours, "服务器没有下列种类：" + ours});
  return {};
}

namespace {

using Asks = proof::Question::Kind;

std::string_view wordOf(Asks what) {
  switch (what) {
    case Asks::Event: return "event";
    case Asks::Entry: return "entry";
    case Asks::Entity: return "entity";
    case Asks::History: return "history";
    case Asks::Pledge: break;
  }
  return "pledge";
}

// That it is about what was asked for, and no other. A right that is recorded under another number is asked for by
// that.
Status requireSubject(const RemoteLog& log, const proof::Question& proven, const proof::Question& asked) {
  if (proven == asked) return {};
  bool named = proven.kind == asked.kind && asked.kind != Asks::Event && asked.kind != Asks::Entry;
  const std::string of = asked.kind == Asks::Pledge ? "ip:" : "";
  if (named) {
    PL_TRY(events::AskedEntity name, events::readEntityName(of + asked.subject));
    if (of + proven.subject == name.key()) return {};
  }
  return makeError(
      ErrorCode::ProofRejected,
      fmt::format("{} gave a proof about {} {}, asked for {} {}; if that is another name of the same, ask for it",
                  log.server(), wordOf(proven.kind), proven.subject, wordOf(asked.kind), asked.subject),
      fmt::format("{} 给出的证明涉及 {} {}，而所问为 {} {}；若系同一对象的另一名称，请按该名称查询", log.server(),
                  wordOf(proven.kind), proven.subject, wordOf(asked.kind), asked.subject));
}

}  // namespace

Result<RemoteProof> remoteProof(RemoteLog& log, const proof::Question& asked) {
  const std::uint64_t seen = log.checkpoint().size;
  RemoteProof made;
  PL_TRY(made.file, log.text(fmt::format("/v1/proofs/{}/{}", wordOf(asked.kind), http::percentEncoded(asked.subject))));
  auto verified = proof::verifyProof(made.file, log.key());
  if (!verified.ok())
    return makeError(ErrorCode::ProofRejected,
                     fmt::format("{} gave a proof that does not hold: {}", log.server(), verified.error().message.en),
                     fmt::format("{} 给出的证明不成立：{}", log.server(), verified.error().message.zh));
  PL_CHECK(log.requireOnLog(verified->checkpoint.size, verified->checkpoint.root, seen));
  PL_CHECK(requireSubject(log, verified->question, asked));
  made.position = verified->checkpoint.size;
  made.pledge = std::move(verified->pledge);
  return made;
}

remote::Query asOfQuery(const std::string& asOf, const std::string& on) {
  remote::Query query;
  if (!asOf.empty()) query.emplace_back("as_of", asOf);
  if (!on.empty()) query.emplace_back("on", on);
  return query;
}

}  // namespace pilotledger::cli
