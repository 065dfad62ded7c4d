// The log: what it is, its checkpoint, tiles, entries, entities.
#include <fmt/format.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/entity_name.h"
#include "events/schema/schema.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/tile_path.h"
#include "tools/cluster/members.h"
#include "tools/http/server.h"
#include "tools/server/call.h"
#include "tools/service/commits.h"
#include "tools/service/entity_on_log.h"
#include "tools/service/kinds.h"

namespace pilotledger::server {
namespace {

constexpr std::string_view kNoteType = "text/plain; charset=utf-8";

Json limitsJson() {
  const http::Limits limits;
  return {{"page", 1000},
          {"header_bytes", limits.headerBytes},
          {"header_fields", limits.headerFields},
          {"target_bytes", limits.targetBytes},
          {"json_bytes", 1 << 20},
          {"submission_bytes", proof::kMaxSubmissionFileBytes},
          {"submission_events", proof::kMaxSubmissionEvents}};
}

// What may be fetched by a page of anybody: it is the same for everyone.
void openToAll(http::Response& response) { response.headers.push_back({"Access-Control-Allow-Origin", "*"}); }

// A list is read in this many entries at most; a page that ends there is short, and its cursor goes on.
constexpr std::uint64_t kMostLookedAt = 20'000;

struct Listing {
  Call& call;
  Snapshot::Scope scope;
  std::string kind;
  std::string entity;  // as the log spells it
  Cursor cursor;
  Json entries = Json::array();
  bool full() const { return entries.size() >= cursor.limit; }

  Status take(const proof::Entry& entry, const events::Event& event, const service::EntryView& view) {
    cursor.after = entry.index + 1;
    if (!kind.empty() && event.kind().name != kind) return {};
    PL_TRY(auto takenBack, service::takenBackBy(call.ledger(), event, cursor.position, view));
    entries.push_back(service::entryLineJson(entry, event, view, takenBack));
    return {};
  }
};

// Whoever may not see that an entry names the entity does not see the entry here.
Status listOfEntity(Listing& list) {
  PL_TRY(auto indexes, list.call.ledger().entriesOf(list.entity));
  auto first = std::lower_bound(indexes.begin(), indexes.end(), list.cursor.after);
  for (auto at = first; at != indexes.end() && *at < list.cursor.position; ++at) {
    if (list.full()) return {};
    if (list.call.request.cancelled()) break;
    PL_TRY(service::LoadedEntry loaded, service::loadEntry(list.call.ledger(), *at));
    service::EntryView view = list.scope->at(*at, loaded.signers);
    if (view.sees(loaded.event, list.entity)) {
      PL_CHECK(list.take(loaded.entry, loaded.event, view));
    } else {
      list.cursor.after = *at + 1;
    }
  }
  list.cursor.after = list.cursor.position;
  return {};
}

Status listOfLog(Listing& list) {
  std::uint64_t end = std::min(list.cursor.position, list.cursor.after + kMostLookedAt);
  constexpr std::uint64_t kChunk = 256;
  while (list.cursor.after < end && !list.full() && !list.call.request.cancelled()) {
    std::uint64_t to = std::min(end, list.cursor.after + kChunk);
    PL_CHECK(list.call.ledger().scan(list.cursor.after, to, [&](const ledger::LogRecord& recorded) -> Status {
      if (list.full()) return {};
      return list.take(recorded.entry, recorded.event, list.scope->at(recorded.entry.index, recorded.signers));
    }));
  }
  return {};
}

}  // namespace

Answered answerLedger(Call& call) {
  const ledger::Ledger& ledger = call.ledger();
  PL_TRY(Json json, call.envelope(ledger.size()));
  PL_TRY(int edition, ledger.edition());
  json["origin"] = ledger.origin();
  json["suite"] = crypto::suiteName(ledger.suite());
  json["entity"] = "log:" + ledger.origin();
  json["founding_key"] = ledger.logKeys().first().vkey();
  json["log_key"] = ledger.logKey().vkey();
  json["edition"] = edition;
  json["newest_edition"] = ledger::kNewestEdition;
  json["entries"] = ledger.size();
  if (ledger.size() > 0) {
    PL_TRY(proof::Entry newest, ledger.entry(ledger.size() - 1));
    json["newest_recorded_at"] = events::formatUtcMs(newest.recordedAtMs);
  }
  json["limits"] = limitsJson();
  return call.tagged(jsonAnswer(json));
}

// Of a ledger on one machine: no nodes.
Answered answerCluster(Call& call) {
  Json json = {{"nodes", Json::array()}};
  if (const cluster::Node* node = call.backend.node.get()) {
    const cluster::NodeStatus status = node->status();
    PL_TRY(auto members, cluster::membersOf(call.ledger()));
    json = {{"node", status.name},
            {"state", status.state},
            {"size", status.size},
            {"confirmed", status.confirmed},
            {"needed", status.needed},
            {"nodes", Json::array()},
            {"policy", cluster::policyOf(call.ledger().logKey(), members)}};
    for (const auto& one : status.nodes) {
      json["nodes"].push_back({{"name", one.name},
                               {"url", one.url},
                               {"vkey", one.vkey},
                               {"reached", one.own || one.reached},
                               {"size", one.size}});
    }
  }
  http::Response response = jsonAnswer(json);
  response.headers.push_back(cacheControl(Caching::Never));
  return response;
}

Answered answerCheckpoint(Call& call) {
  PL_TRY(std::string note, call.snapshot->checkpoint());
  call.noted.position = call.snapshot->size();
  http::Response response = bytesAnswer(std::move(note), kNoteType);
  response.headers.push_back(cacheControl(Caching::Public));
  openToAll(response);
  return response;
}

Answered answerTile(Call& call) {
  auto name = proof::parseTilePath("tile/" + call.get("name"));
  if (!name) return makeError(ErrorCode::NotFound, "no tile of that name (C2SP tlog-tiles)", "没有该名称的瓦片");
  PL_TRY(std::string bytes, call.ledger().tile(*name));
  http::Response response = bytesAnswer(std::move(bytes), "application/octet-stream");
  response.headers.push_back(cacheControl(name->isFull() ? Caching::Immutable : Caching::Minutes));
  openToAll(response);
  return response;
}

Answered answerEntries(Call& call) {
  PL_TRY(Snapshot::Scope scope, call.scope());
  PL_TRY(Cursor cursor, call.cursor(call.snapshot->size(), 100));
  Listing list{call, scope, call.get("kind"), "", cursor};
  if (!list.kind.empty()) {
    PL_TRY([[maybe_unused]] const events::Kind* kind, service::requireKind(list.kind));
  }
  if (call.has("entity")) {
    PL_TRY(events::EntityFound found,
           service::entityOnLog(call.backend.site, call.ledger(), call.get("entity"), scope->names()));
    list.entity = found.key;
    PL_CHECK(listOfEntity(list));
    if (list.entries.empty() && list.kind.empty() && !call.has("cursor"))
      return service::nothingNames(call.backend.site, call.ledger(), call.get("entity"), scope->names());
  } else {
    PL_CHECK(listOfLog(list));
  }
  if (call.request.cancelled()) return makeError(ErrorCode::Unavailable, "the list took too long", "列表超过时限");
  PL_TRY(Json json, call.envelope(cursor.position));
  call.noted.rows = list.entries.size();
  if (!list.kind.empty()) json["kind"] = list.kind;
  if (!list.entity.empty()) {  // as it was asked for: how the log spells a sealed number is not for everyone
    PL_TRY(events::AskedEntity asked, events::readEntityName(call.get("entity")));
    json["entity"] = asked.key();
  }
  json["entries"] = std::move(list.entries);
  json["next"] = list.cursor.after < list.cursor.position ? Json(list.cursor.text()) : Json(nullptr);
  return call.tagged(jsonAnswer(json));
}

// Nothing is left out of a commit, so it is for who sees everything: the operator, his keys, auditors.
Answered answerCommits(Call& call) {
  bool whole = call.reader.scope.empty() || call.reader.scope == "audit";
  if (!whole && call.reader.loggedIn()) {
    PL_TRY(ledger::Signer signer, call.ledger().signer(call.reader.key, call.today));
    whole = signer.hasRole("OPR");
  }
  if (!whole)
    return makeError(ErrorCode::NotAuthorized, "commits are shown whole: log in by a key with role AUD or OPR",
                     "提交须完整出示：请以 AUD 或 OPR 角色的密钥登录");
  std::uint64_t from = call.number("from", 0);
  PL_TRY(service::WrittenPage page, service::writeCommitPage(*call.backend.writer, from));
  call.noted.position = page.size;
  call.noted.rows = page.size - from;
  http::Response response = bytesAnswer(std::move(page.bytes), "application/octet-stream");
  response.headers.push_back(cacheControl(Caching::Never));
  return response;
}

Answered answerEntry(Call& call) {
  PL_TRY(Snapshot::Scope scope, call.scope());
  std::uint64_t index = call.number("index", 0);
  PL_TRY(service::LoadedEntry loaded, service::loadEntry(call.ledger(), index));
  service::EntryView view = scope->at(index, loaded.signers);
  PL_TRY(auto takenBack, service::takenBackBy(call.ledger(), loaded.event, call.snapshot->size(), view));
  Json entry = service::entryJson(loaded, view, takenBack);
  std::vector<std::string> withheld;
  if (auto fields = entry["event"].find("withheld"); fields != entry["event"].end()) withheld = *fields;
  PL_TRY(Json json, call.envelope(call.snapshot->size(), withheld));
  call.noted.rows = 1;
  json["entry"] = std::move(entry);
  return call.tagged(jsonAnswer(json));
}

Answered answerEntity(Call& call) {
  PL_TRY(Snapshot::Scope scope, call.scope());
  PL_TRY(service::EntityAnswer answer, service::askEntity(call.backend.site, call.ledger(), *scope, call.get("id")));
  Json record = service::entityJson(answer);
  std::vector<std::string> withheld;
  if (auto parts = record.find("withheld"); parts != record.end()) {
    withheld = *parts;
    record.erase("withheld");
  }
  PL_TRY(Json json, call.envelope(call.snapshot->size(), withheld));
  call.noted.rows = 1;
  json["record"] = std::move(record);
  return call.tagged(jsonAnswer(json));
}

Answered answerKinds(Call& call) {
  Json json = {{"kinds", Json::array()}};
  for (const events::Kind& kind : events::kinds()) json["kinds"].push_back(service::kindSummary(kind));
  return call.tagged(jsonAnswer(json));
}

Answered answerKind(Call& call) {
  PL_TRY(const events::Kind* kind, service::requireKind(call.get("kind")));
  http::Response response = jsonAnswer(service::kindSchema(*kind));
  response.headers[0].value = "application/schema+json";
  return call.tagged(std::move(response));
}

}  // namespace pilotledger::server
