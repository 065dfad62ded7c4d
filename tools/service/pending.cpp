#include "tools/service/pending.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ledger/crypto/private_file.h"
#include "query/sql/sqlite.h"
#include "tools/service/json_members.h"

namespace pilotledger::service {
namespace {

constexpr int kPendingVersion = 1;
// A kill or a power cut leaves what was committed, and nothing of what was not; deleted drafts are overwritten.
constexpr const char* kSettings =
    "PRAGMA busy_timeout = 30000; PRAGMA secure_delete = ON; PRAGMA journal_mode = TRUNCATE; "
    "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;";
constexpr const char* kTables =
    "CREATE TABLE IF NOT EXISTS pending (id TEXT PRIMARY KEY, state TEXT NOT NULL, about TEXT NOT NULL, note TEXT NOT "
    "NULL, file TEXT NOT NULL);"
    "PRAGMA user_version = 1;";

constexpr std::array<std::string_view, 5> kStates = {"open", "recorded", "declined", "withdrawn", "expired"};

Error damaged(const std::filesystem::path& path, std::string_view what) {
  return makeError(ErrorCode::Corruption,
                   fmt::format("{}: {} is damaged; put the file back from a backup, or move it away: what was pending "
                               "must then be submitted again",
                               path.string(), what),
                   fmt::format("{}：{} 损坏；请从备份恢复，或移走该文件，待签事项须重新提交", path.string(), what));
}

Json jsonOf(const ledger::LackingSignatures& lacking) {
  Json json = {{"event", lacking.event}, {"ways", Json::array()}};
  for (const ledger::LackingTerms& way : lacking.ways) {
    Json terms = Json::array();
    for (const ledger::LackingTerm& term : way)
      terms.push_back(
          {{"role", term.role}, {"parties", term.parties}, {"places", term.places}, {"levels", term.levels}});
    json["ways"].push_back(std::move(terms));
  }
  return json;
}

ledger::LackingSignatures lackingOf(const Json& json) {
  ledger::LackingSignatures lacking;
  lacking.event = json.at("event");
  for (const Json& way : json.at("ways")) {
    ledger::LackingTerms terms;
    for (const Json& term : way)
      terms.push_back({term.at("role"), term.at("parties").get<std::vector<std::string>>(),
                       term.at("places").get<std::vector<std::string>>(),
                       term.at("levels").get<std::vector<std::string>>()});
    lacking.ways.push_back(std::move(terms));
  }
  return lacking;
}

std::string aboutOf(const Pending& item) {
  Json json = {{"party", item.party},    {"key", item.key},         {"submitted", item.submittedMs},
               {"until", item.untilMs},  {"closed", item.closedMs}, {"events", item.events},
               {"kinds", item.kinds},    {"hashes", item.hashes},   {"receipts", item.receipts},
               {"refusal", item.refusal}};
  for (const char* list : {"signatures", "declines", "lacking"}) json[list] = Json::array();
  for (const auto& one : item.signatures)
    json["signatures"].push_back({{"party", one.party}, {"key", one.key}, {"at", one.atMs}});
  for (const auto& one : item.declines)
    json["declines"].push_back({{"party", one.party}, {"key", one.key}, {"at", one.atMs}, {"reason", one.reason}});
  for (const auto& one : item.lacking) json["lacking"].push_back(jsonOf(one));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Pending itemOf(const std::string& id, PendingState state, const Json& json) {
  Pending item;
  item.id = id;
  item.state = state;
  item.party = json.at("party");
  item.key = json.at("key");
  item.submittedMs = json.at("submitted");
  item.untilMs = json.at("until");
  item.closedMs = json.at("closed");
  item.events = json.at("events");
  item.kinds = json.at("kinds").get<std::map<std::string, std::uint64_t>>();
  item.hashes = json.at("hashes").get<std::set<std::string>>();
  item.receipts = json.at("receipts");
  item.refusal = json.at("refusal");
  for (const Json& one : json.at("signatures"))
    item.signatures.push_back({one.at("party"), one.at("key"), one.at("at").get<std::int64_t>()});
  for (const Json& one : json.at("declines"))
    item.declines.push_back({one.at("party"), one.at("key"), one.at("at").get<std::int64_t>(), one.at("reason")});
  for (const Json& one : json.at("lacking")) item.lacking.push_back(lackingOf(one));
  return item;
}

// Absent when the text is none of ours: this program wrote it whole, so it was changed since.
std::optional<Pending> readItem(const std::string& id, const std::string& state, const std::string& about) {
  auto named = std::find(kStates.begin(), kStates.end(), state);
  if (named == kStates.end()) return std::nullopt;
  try {
    return itemOf(id, static_cast<PendingState>(named - kStates.begin()), Json::parse(about));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string_view pendingStateName(PendingState state) { return kStates[static_cast<std::size_t>(state)]; }

Result<PendingStore> PendingStore::open(const std::filesystem::path& path) {
  PL_CHECK(crypto::requirePrivateFile(path, {"the inbox", "待签箱"}));
  PL_TRY(query::Database database, query::openSqlite(path));
  PendingStore store(path, std::move(database));
  Status loaded = store.load();
  if (loaded.ok()) return store;
  bool unreadable = loaded.error().code == ErrorCode::Internal || loaded.error().code == ErrorCode::InvalidInput;
  return unreadable ? damaged(path, loaded.error().message.en) : std::move(loaded).error();
}

Status PendingStore::load() {
  PL_CHECK(database_.execute(kSettings));
  PL_TRY(std::optional<std::string> version, database_.scalar("PRAGMA user_version"));
  if (version && *version != "0" && *version != std::to_string(kPendingVersion)) {
    return makeError(ErrorCode::Unsupported,
                     fmt::format("{}: of version {}; this program knows {}", path_.string(), *version, kPendingVersion),
                     fmt::format("{}：版本为 {}，本程序仅支持 {}", path_.string(), *version, kPendingVersion));
  }
  PL_CHECK(database_.execute(kTables));
  PL_TRY(query::Statement rows, database_.prepare("SELECT id, state, about FROM pending"));
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return {};
    std::string id = rows.text(0);
    std::optional<Pending> item = readItem(id, rows.text(1), rows.text(2));
    if (!item) return damaged(path_, id);
    all_.emplace(std::move(id), std::move(*item));
  }
}

const Pending* PendingStore::find(const std::string& id) const {
  auto at = all_.find(id);
  return at == all_.end() ? nullptr : &at->second;
}

Result<proof::Submission> PendingStore::submission(const std::string& id) const {
  PL_TRY(query::Statement rows, database_.prepare("SELECT note, file FROM pending WHERE id = ? AND state = 'open'"));
  rows.bindText(1, id);
  PL_TRY(bool row, rows.step());
  if (!row) return makeError(ErrorCode::NotFound, "no submission " + id + " is pending", "没有待签提交 " + id);
  auto submission = proof::Submission::parse(rows.text(1));
  if (!submission.ok()) return damaged(path_, id);
  submission->note = rows.text(0);
  return submission;
}

Status PendingStore::keep(const Pending& item, const proof::Submission& submission) {
  PL_TRY(query::Statement row, database_.prepare("INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?, ?)"));
  const std::string about = aboutOf(item), file = submission.serialize();
  row.bindText(1, item.id);
  row.bindText(2, pendingStateName(item.state));
  row.bindText(3, about);
  row.bindText(4, submission.note);
  row.bindStaticText(5, file);
  PL_CHECK(row.run());
  all_.insert_or_assign(item.id, item);
  return {};
}

Status PendingStore::keepSigned(const Pending& item, std::string_view note) {
  PL_TRY(query::Statement row, database_.prepare("UPDATE pending SET about = ?, note = ? WHERE id = ?"));
  row.bindText(1, aboutOf(item));
  row.bindText(2, note);
  row.bindText(3, item.id);
  PL_CHECK(row.run());
  all_.insert_or_assign(item.id, item);
  return {};
}

Status PendingStore::keep(const Pending& item) {
  PL_TRY(
      query::Statement row,
      database_.prepare(item.isOpen() ? "UPDATE pending SET state = ?, about = ? WHERE id = ?"
                                      : "UPDATE pending SET state = ?, about = ?, note = '', file = '' WHERE id = ?"));
  row.bindText(1, pendingStateName(item.state));
  row.bindText(2, aboutOf(item));
  row.bindText(3, item.id);
  PL_CHECK(row.run());
  all_.insert_or_assign(item.id, item);
  return {};
}

Status PendingStore::remove(const std::string& id) {
  PL_TRY(query::Statement row, database_.prepare("DELETE FROM pending WHERE id = ?"));
  row.bindText(1, id);
  PL_CHECK(row.run());
  all_.erase(id);
  return {};
}

}  // namespace pilotledger::service
