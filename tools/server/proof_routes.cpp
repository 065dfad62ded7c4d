// The bank's question, proofs, and the check of a proof.
#include <fmt/format.h>

#include <algorithm>

#include "events/schema/schema.h"
#include "query/answer/parameters.h"
#include "query/sql/stop_scope.h"
#include "tools/server/call.h"
#include "tools/service/entity_on_log.h"
#include "tools/service/pledge.h"
#include "tools/service/proofs.h"
#include "tools/verifier/files.h"

namespace pilotledger::server {
namespace {

using service::ProofOf;

struct ProofWord {
  std::string_view word;
  ProofOf what;
};
constexpr ProofWord kProofs[] = {{"event", ProofOf::Event},         {"entry", ProofOf::Entry},
                                 {"inclusion", ProofOf::Inclusion}, {"entity", ProofOf::Entity},
                                 {"absence", ProofOf::Entity},      {"history", ProofOf::History},
                                 {"pledge", ProofOf::Pledge}};

// No entry hides a name of that kind from anybody, so that there is none may be told to all.
bool namesArePublic(std::string_view kind) {
  for (const events::Kind& one : events::kinds()) {
    for (const events::EntityRule& rule : one.entities) {
      bool hides = one.confidentiality != events::Confidentiality::PUBLIC ||
                   rule.confidentiality != events::Confidentiality::PUBLIC;
      if (rule.kind == kind && hides) return false;
    }
  }
  return true;
}

// The same words for what is there and hidden, and for what is not there.
Error notShown() {
  return makeError(ErrorCode::NotAuthorized,
                   "this proof would show records that you may not see whole; log in as a party concerned, or ask for "
                   "proofs/entry, which shows digests only",
                   "该证明将出示您无权完整查看的记录；请以相关主体登录，或改取 proofs/entry（仅含摘要）");
}

Status requireShown(const Call& call, const service::EntryReaderScope& reader, const proof::ProvenEntity& entity) {
  if (reader.audits() || reader.scope().everything()) return {};
  if (!entity.record) return namesArePublic(entity.key.substr(0, entity.key.find(':'))) ? Status() : notShown();
  auto seen = service::askEntity(call.backend.site, call.ledger(), reader, entity.key);
  if (seen.ok() && seen->whole) return {};
  if (!seen.ok() && seen.error().code != ErrorCode::NotFound) return std::move(seen).error();
  return notShown();
}

// A reader gets no proof that shows more than he may see.
Status requireShown(const Call& call, const service::EntryReaderScope& reader, const proof::VerifiedProof& claim) {
  for (const proof::ProvenEntity& entity : claim.entities) PL_CHECK(requireShown(call, reader, entity));
  for (const proof::ProvenEntry& proven : claim.entries) {
    if (!proven.event) continue;
    PL_TRY(service::LoadedEntry loaded, service::loadEntry(call.ledger(), proven.entry.index));
    if (!reader.at(proven.entry.index, loaded.signers).seesAll(loaded.event)) return notShown();
  }
  return {};
}

Result<service::ProofWanted> wantedProof(Call& call, const service::EntryReaderScope& reader) {
  std::string word = call.get("what");
  auto row = std::find_if(std::begin(kProofs), std::end(kProofs), [&](const auto& one) { return one.word == word; });
  PL_ASSERT(row != std::end(kProofs));
  service::ProofWanted wanted{row->what, 0, call.get("id")};
  bool ofEntry = row->what == ProofOf::Event || row->what == ProofOf::Entry || row->what == ProofOf::Inclusion;
  if (ofEntry) {
    bool digits = wanted.name.size() < 16 && wanted.name.find_first_not_of("0123456789") == wanted.name.npos;
    if (!digits)
      return invalidInput(fmt::format("id: expected the index of an entry, found '{}'", wanted.name),
                          fmt::format("id：应为条目序号，实为“{}”", wanted.name));
    wanted.index = std::stoull(wanted.name);
    return wanted;
  }
  std::string name = (row->what == ProofOf::Pledge ? "ip:" : "") + wanted.name;
  PL_TRY(events::EntityFound found, service::entityOnLog(call.backend.site, call.ledger(), name, reader.names()));
  wanted.name = row->what == ProofOf::Pledge ? found.key.substr(3) : found.key;
  return wanted;
}

Result<std::string> proofFile(Call& call, const service::EntryReaderScope& reader, const service::ProofWanted& wanted) {
  PL_TRY(Snapshot::Prover prover, call.snapshot->prover());
  PL_TRY(std::string file, service::buildProof(*prover.prover, wanted));
  call.noted.position = prover->size();
  if (wanted.what == ProofOf::Inclusion) return file;
  PL_TRY(proof::VerifiedProof claim, proof::verifyProof(file, prover->logKey()));
  PL_CHECK(requireShown(call, reader, claim));
  if (call.get("what") == "absence" && claim.entities.front().record) {
    return makeError(ErrorCode::Conflict, fmt::format("{} is recorded; ask for proofs/entity", wanted.name),
                     fmt::format("{} 已有记录；请改取 proofs/entity", wanted.name));
  }
  return file;
}

// Where the answer comes from; what it borrows lives as long.
struct PledgeQuestion {
  Snapshot::Model model;
  service::PledgeSources sources;
};

Result<PledgeQuestion> openPledgeQuestion(Call& call, const Snapshot::Scope& reader) {
  PledgeQuestion question;
  question.sources.ledger = &call.ledger();
  question.sources.scope = reader->scope();
  question.sources.at.position = call.ledger().size();
  question.sources.at.root = call.ledger().root();
  if (!call.has("as_of") && !call.has("on")) return question;
  // The past is read whole, and amounts are withheld from the answer.
  PL_TRY(Snapshot::Scope everything, call.snapshot->scope("", call.today));
  PL_TRY(question.model, call.snapshot->model(everything));
  PL_TRY(question.sources.at, question.model->asOf(call.get("as_of"), call.get("on")));
  question.sources.model = question.model.get();
  return question;
}

}  // namespace

Answered answerPledgeQuestion(Call& call) {
  query::StopScope stop([cancellation = call.request.cancellation] { return cancellation->cancelled(); });
  PL_TRY(Snapshot::Scope reader, call.scope());
  PL_TRY(PledgeQuestion question, openPledgeQuestion(call, reader));
  PL_TRY(service::PledgeAnswerAt answer,
         service::answerPledge(call.backend.site, question.sources, call.get("number")));
  if (answer.refused) return std::move(*answer.refused);
  std::vector<std::string> withheld;
  for (const Message& what : answer.withheld) withheld.push_back(what.en);
  PL_TRY(Json json, call.envelope(answer.at.position, withheld));
  json["as_of"] = asOfJson(answer.at);
  json["as_of"]["asked"] = call.get("as_of");
  call.noted.rows = 1;
  Json told = service::pledgeAnswerJson(answer);
  for (const auto& [name, value] : told.items()) {
    if (name != "size" && name != "root" && name != "withheld") json[name] = value;
  }
  json["notice"] = {{"en", "The register of the patent office prevails."}, {"zh", "以国家知识产权局专利登记簿为准。"}};
  http::Response response = jsonAnswer(json);
  response.headers.push_back(cacheControl(Caching::Never));  // it says when it was answered
  return response;
}

Answered answerProof(Call& call) {
  PL_TRY(Snapshot::Scope reader, call.scope());
  PL_TRY(service::ProofWanted wanted, wantedProof(call, *reader));
  PL_TRY(std::string file, proofFile(call, *reader, wanted));
  call.noted.rows = 1;
  http::Response response = bytesAnswer(std::move(file), "text/plain; charset=utf-8");
  std::string name = call.get("id");
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == ':'; }, '-');
  response.headers.push_back(attachment(fmt::format("{}-{}.proof", call.get("what"), name)));
  return call.tagged(std::move(response));
}

// By the keys that this log has signed with, of which the file's checkpoint names one.
Answered answerVerify(Call& call) {
  verifier::Trust trust;
  trust.logKey = call.ledger().logKeys().first();
  PL_TRY(verifier::Verdict en, verifier::verifyFile(call.request.body.view(), trust, Language::English));
  PL_TRY(verifier::Verdict zh, verifier::verifyFile(call.request.body.view(), trust, Language::Chinese));
  PL_TRY(Json json, call.envelope(call.snapshot->size()));
  json["verified"] = en.verified;
  json["text"] = {{"en", en.text}, {"zh", zh.text}};
  json["claim"] = Json::parse(en.json);
  json["log_key"] = trust.logKey->vkey();
  http::Response response = jsonAnswer(json);
  response.headers.push_back(cacheControl(Caching::Never));
  return response;
}

}  // namespace pilotledger::server
