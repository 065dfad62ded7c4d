#include "query/facts/projector.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/money.h"
#include "events/reference.h"
#include "events/schema/value.h"
#include "ledger/crypto/encoding.h"
#include "query/facts/month_sums.h"
#include "query/facts/table_mapping.h"

namespace pilotledger::query {
namespace {

// Binds a scalar; text from the message itself is not copied.
void bindScalar(Statement& statement, int parameter, const Field& field, const events::Scalar& value) {
  if (field.type == Which::TEXT) {
    return value.bytes.empty() ? statement.bindNull(parameter) : statement.bindStaticText(parameter, value.bytes);
  }
  if (field.type == Which::BOOL || isNumber(field)) return statement.bindInt(parameter, value.number);
  if (field.type == Which::ENUM) {
    if (value.number == 0) return statement.bindNull(parameter);
    return statement.bindStaticText(parameter, field.enumeration->values[static_cast<std::size_t>(value.number)].code);
  }
  std::string text = value.number == 0 && value.bytes.empty() ? "" : events::scalarText(field, value);
  if (text.empty()) return statement.bindNull(parameter);
  statement.bindText(parameter, text);
}

void bindColumns(Statement& statement, int first, const TableMapping& plan, const events::StructView& body) {
  for (const MappedColumn& column : plan.columns) {
    events::StructView at = body;
    for (std::size_t i = 0; i + 1 < column.path.size(); ++i) at = at.child(*column.path[i]);
    bindScalar(statement, first++, *column.path.back(), at.scalar(*column.path.back()));
  }
}

void addEventIds(const events::StructInfo& info, const events::FieldPath& prefix,
                 std::vector<events::FieldPath>& paths) {
  for (const Field& field : info.fields) {
    events::FieldPath path = prefix;
    path.push_back(&field);
    if (field.type == Which::STRUCT) addEventIds(*field.element, path, paths);
    if (field.format == events::Format::Uuid) paths.push_back(std::move(path));
  }
}

EventId idOf(capnp::Data::Reader data) {
  EventId id{};
  std::copy(data.begin(), data.end(), id.begin());
  return id;
}

struct FactSigner {
  std::string party;
  std::vector<std::string> roles;
  std::string rolesText() const {
    std::string text;
    for (const std::string& role : roles) text.append(text.empty() ? "" : ",").append(role);
    return text;
  }
  bool has(std::string_view role) const { return std::find(roles.begin(), roles.end(), role) != roles.end(); }
};

// L3: signed by an authority. L2: an official document's hash is attached. L1: two parties signed.
// L0: one party's word, or an importer's.
int assuranceOf(const std::vector<const FactSigner*>& signers, bool importer, bool hasDocument) {
  auto isAuthority = [](const FactSigner* holder) {
    return holder->has("EIT") || holder->has("TRS") || holder->has("SCI") || holder->has("MKT") || holder->has("REG");
  };
  if (!importer && std::any_of(signers.begin(), signers.end(), isAuthority)) return 3;
  if (hasDocument) return 2;
  if (importer) return 0;
  for (const FactSigner* holder : signers) {  // the log's own key is nobody's
    if (holder->party != signers.front()->party && !holder->has("LOG") && !signers.front()->has("LOG")) return 1;
  }
  return 0;
}

}  // namespace
struct Projector::Rep {
  Database* database;
  const ledger::Ledger* ledger;
  std::string logKeyName;
  Statement entry, named, reversal, attestation, submission, signer;
  std::unordered_set<std::uint64_t> struck;  // entries that were taken back
  std::unique_ptr<Summaries> summaries;
  std::vector<Statement> headerLists;
  struct Kind {
    Statement body;
    std::vector<Statement> lists;
    std::vector<events::FieldPath> eventIds;  // the fields that name events
  };
  std::vector<Kind> kinds;
  std::unordered_map<std::string, FactSigner> keys;
  // Of one submission, computed once for all its events.
  Digest lastSubmission{};
  std::int64_t submissionNumber = -1;
  std::string resumedDigest;  // until the first entry after the model was opened
  std::vector<const FactSigner*> holders;
  bool importer = false;
  int assurance = 0;  // of the last entry
  // Many entries in a row share their dates.
  std::int64_t recordedAtMs = -1;
  std::int32_t legalDate = 0;
  std::string recordedAt, recordedOn, legalDay;

  Status loadKeys();
  void learnKey(const events::Event& event);
  Status loadSubmission();
  Status loadStruck();
  void lookAtSigners(const std::vector<std::string>& names);
  Status lookAtSubmission(const ledger::LogRecord& recorded);
  Status insertEntry(const ledger::LogRecord& recorded);
  Status insertTargets(const events::Event& event, std::uint64_t index, const events::FieldPath& path, int& item);
  Status applyReversal(const events::Event& event, std::uint64_t index);
  Status raise(const events::Event& event, std::uint64_t index);
  Status insertList(Statement& statement, const TableMapping& plan, std::uint64_t index,
                    const events::StructView& from);
};

Projector::Projector(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Projector::~Projector() = default;

Result<std::unique_ptr<Projector>> Projector::create(Database& database, const ledger::Ledger& ledger) {
  auto rep = std::make_unique<Rep>();
  rep->database = &database;
  rep->ledger = &ledger;
  rep->logKeyName = events::keyNameOf(ledger.logKeys().first().vkey());
  rep->keys[rep->logKeyName] = {"", {"OPR"}};  // of the founding submission; later it signs as LOG, for its successor
  PL_TRY(rep->entry, database.prepareInsert("fact_entry", kEntryColumns));
  PL_TRY(rep->named, database.prepareInsert("fact_target", kTargetColumns));
  PL_TRY(rep->submission, database.prepareInsert("fact_submission", kSubmissionColumns));
  PL_TRY(rep->signer, database.prepareInsert("fact_signer", kSignerColumns));
  PL_TRY(rep->reversal, database.prepareInsert("fact_reversal", "target, by_index"));
  PL_TRY(rep->attestation, database.prepareInsert("fact_attestation", "target, by_index, level"));
  for (const TableMapping& list : headerLists()) {
    PL_TRY(Statement statement, database.prepareInsert("fact_" + list.table, columnList(list)));
    rep->headerLists.push_back(std::move(statement));
  }
  for (const KindMapping& plan : kindMappings()) {
    Rep::Kind kind;
    PL_TRY(kind.body, database.prepareInsert("fact_" + plan.body.table, columnList(plan.body)));
    for (const TableMapping& list : plan.lists) {
      PL_TRY(Statement statement, database.prepareInsert("fact_" + list.table, columnList(list)));
      kind.lists.push_back(std::move(statement));
    }
    addEventIds(*plan.kind->body, {}, kind.eventIds);
    rep->kinds.push_back(std::move(kind));
  }
  PL_TRY(rep->summaries, Summaries::create(database));
  PL_CHECK(rep->loadKeys());
  PL_CHECK(rep->loadSubmission());
  PL_CHECK(rep->loadStruck());
  return std::unique_ptr<Projector>(new Projector(std::move(rep)));
}

Status Projector::Rep::loadKeys() {
  PL_TRY(Statement rows,
         database->prepare("SELECT k.key, k.party, r.value FROM fact_key_bound k LEFT JOIN fact_key_bound_roles r "
                           "ON r.entry_index = k.entry_index ORDER BY k.entry_index, r.item"));
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) break;
    FactSigner& holder = keys[events::keyNameOf(rows.text(0))];
    holder.party = rows.text(1);
    holder.roles.push_back(rows.text(2));
  }
  PL_TRY(Statement logKeys, database->prepare("SELECT new_key FROM fact_log_key_rotated"));
  while (true) {
    PL_TRY(bool row, logKeys.step());
    if (!row) return {};
    keys[events::keyNameOf(logKeys.text(0))] = {"", {"LOG"}};
  }
}

void Projector::Rep::learnKey(const events::Event& event) {
  auto body = event.reader().getBody();
  if (body.isLogKeyRotated()) keys[events::keyNameOf(body.getLogKeyRotated().getNewKey().cStr())] = {"", {"LOG"}};
  if (!body.isKeyBound()) return;
  FactSigner holder{body.getKeyBound().getParty().cStr(), {}};
  for (auto role : body.getKeyBound().getRoles()) holder.roles.emplace_back(events::enumCode(role));
  keys[events::keyNameOf(body.getKeyBound().getKey().cStr())] = std::move(holder);
}

// The submission that the last projected entry belongs to; the next entry may go on with it.
Status Projector::Rep::loadSubmission() {
  PL_TRY(Statement last,
         database->prepare("SELECT submission, digest FROM fact_submission ORDER BY submission DESC LIMIT 1"));
  PL_TRY(bool row, last.step());
  if (!row) return {};
  resumedDigest = last.text(1);
  submissionNumber = last.integer(0);
  PL_TRY(Statement rows, database->prepare("SELECT key FROM fact_signer WHERE submission = ? ORDER BY item"));
  rows.bindInt(1, submissionNumber);
  std::vector<std::string> names;
  while (true) {
    PL_TRY(bool more, rows.step());
    if (!more) break;
    names.push_back(rows.text(0));
  }
  lookAtSigners(names);
  return {};
}

Status Projector::Rep::loadStruck() {
  PL_TRY(Statement rows, database->prepare("SELECT target FROM fact_reversal"));
  while (true) {
    PL_TRY(bool more, rows.step());
    if (!more) return {};
    struck.insert(static_cast<std::uint64_t>(rows.integer(0)));
  }
}

void Projector::Rep::lookAtSigners(const std::vector<std::string>& names) {
  holders.clear();
  importer = false;
  for (const std::string& name : names) {
    auto at = keys.find(name);
    if (at == keys.end()) continue;
    holders.push_back(&at->second);
    importer = importer || at->second.has("IMP");
  }
}

Status Projector::Rep::lookAtSubmission(const ledger::LogRecord& recorded) {
  bool same = resumedDigest.empty() ? submissionNumber >= 0 && recorded.entry.submissionDigest == lastSubmission
                                    : resumedDigest == crypto::toHex(recorded.entry.submissionDigest);
  lastSubmission = recorded.entry.submissionDigest;
  resumedDigest.clear();
  if (same) return {};
  submissionNumber = static_cast<std::int64_t>(recorded.entry.index);
  if (submissionNumber > 0) keys[logKeyName].roles = {"LOG"};
  lookAtSigners(recorded.signers);
  std::string digest = crypto::toHex(lastSubmission);
  submission.bindInt(1, submissionNumber);
  submission.bindStaticText(2, digest);
  PL_CHECK(submission.run());
  for (std::size_t i = 0; i < recorded.signers.size() && i < holders.size(); ++i) {
    std::string roles = holders[i]->rolesText();
    signer.bindInt(1, submissionNumber);
    signer.bindInt(2, static_cast<std::int64_t>(i));
    signer.bindStaticText(3, recorded.signers[i]);
    signer.bindStaticText(4, holders[i]->party);
    signer.bindStaticText(5, roles);
    PL_CHECK(signer.run());
  }
  return {};
}

Status Projector::Rep::insertEntry(const ledger::LogRecord& recorded) {
  auto header = recorded.event.reader();
  bool hasDocument = false;
  for (auto evidence : header.getEvidence()) {
    hasDocument = hasDocument || evidence.getKind() == events::schema::EvidenceKind::OFFICIAL_DOCUMENT;
  }
  bool sourced = header.getSource().size() > 0;
  auto textOrNull = [&](int parameter, std::string_view text) {
    text.empty() ? entry.bindNull(parameter) : entry.bindStaticText(parameter, text);
  };
  entry.bindInt(1, static_cast<std::int64_t>(recorded.entry.index));
  std::string id = events::formatUuid(recorded.event.id());
  if (recorded.entry.recordedAtMs != recordedAtMs) {
    recordedAtMs = recorded.entry.recordedAtMs;
    recordedAt = events::formatUtcMs(recordedAtMs);
    recordedOn = events::formatCivilDate(events::civilDateOfUtcMs(recordedAtMs));
  }
  if (header.getLegalDate() != legalDate) {
    legalDate = header.getLegalDate();
    legalDay = events::formatCivilDate(legalDate);
  }
  entry.bindStaticText(2, id);
  entry.bindStaticText(3, recorded.event.kind().name);
  entry.bindStaticText(4, legalDay);
  entry.bindStaticText(5, recordedAt);
  entry.bindStaticText(6, recordedOn);
  textOrNull(7, header.getJurisdiction().cStr());
  textOrNull(8, recorded.event.kind().hasMoney ? events::currencyAlpha(header.getCurrency()) : std::string_view());
  textOrNull(9, header.getSource().cStr());
  assurance = assuranceOf(holders, importer && sourced, hasDocument);
  entry.bindInt(10, assurance);
  entry.bindInt(11, importer && sourced ? 1 : 0);
  entry.bindInt(12, submissionNumber);
  entry.bindInt(13, header.getEvidence().size());
  return entry.run();
}

Status Projector::Rep::insertList(Statement& statement, const TableMapping& plan, std::uint64_t index,
                                  const events::StructView& from) {
  int item = 0;
  Status outcome;
  auto insert = [&](auto bind) {
    statement.bindInt(1, static_cast<std::int64_t>(index));
    statement.bindInt(2, item++);
    bind();
    if (auto status = statement.run(); !status.ok() && outcome.ok()) outcome = std::move(status);
  };
  if (plan.list->type == Which::STRUCT) {
    from.eachStruct(*plan.list, [&](const events::StructView& element) {
      insert([&] { bindColumns(statement, 3, plan, element); });
    });
  } else {
    from.eachScalar(*plan.list, [&](const events::Scalar& element) {
      insert([&] { bindScalar(statement, 3, *plan.list, element); });
    });
  }
  return outcome;
}

Status Projector::Rep::insertTargets(const events::Event& event, std::uint64_t index, const events::FieldPath& path,
                                     int& item) {
  for (const std::string& text : events::textsAt(event, path)) {
    PL_TRY(EventId id, events::parseUuid(text));
    PL_TRY(auto at, ledger->findEvent(id));
    if (!at || *at >= index) continue;  // what is recorded later is nothing that this entry could know
    named.bindInt(1, static_cast<std::int64_t>(index));
    named.bindInt(2, item++);
    named.bindInt(3, static_cast<std::int64_t>(*at));
    PL_CHECK(named.run());
  }
  return {};
}

Status Projector::project(const ledger::LogRecord& recorded) {
  Rep& rep = *rep_;
  std::uint64_t index = recorded.entry.index;
  const events::Event& event = recorded.event;
  PL_CHECK(rep.lookAtSubmission(recorded));
  PL_CHECK(rep.insertEntry(recorded));
  auto header = event.header();
  for (std::size_t i = 0; i < rep.headerLists.size(); ++i) {
    PL_CHECK(rep.insertList(rep.headerLists[i], headerLists()[i], index, header));
  }
  auto& kind = rep.kinds[event.kind().discriminant];
  const KindMapping& plan = kindMappings()[event.kind().discriminant];
  auto body = event.body();
  kind.body.bindInt(1, static_cast<std::int64_t>(index));
  bindColumns(kind.body, 2, plan.body, body);
  PL_CHECK(kind.body.run());
  for (std::size_t i = 0; i < kind.lists.size(); ++i)
    PL_CHECK(rep.insertList(kind.lists[i], plan.lists[i], index, body));
  int targets = 0;
  for (const events::FieldPath& path : kind.eventIds) PL_CHECK(rep.insertTargets(event, index, path, targets));
  rep.learnKey(event);
  PL_CHECK(rep.summaries->add(recorded));
  PL_CHECK(rep.raise(event, index));
  return rep.applyReversal(event, index);
}

Result<bool> Projector::flushSums() {
  PL_CHECK(rep_->summaries->flush());
  return rep_->summaries->exact();
}

// An attestation lends its target its own assurance, and at least that of a second signer.
Status Projector::Rep::raise(const events::Event& event, std::uint64_t index) {
  auto body = event.reader().getBody();
  if (!body.isAttested()) return {};
  PL_TRY(auto at, ledger->findEvent(idOf(body.getAttested().getTarget())));
  if (!at) return {};
  attestation.bindInt(1, static_cast<std::int64_t>(*at));
  attestation.bindInt(2, static_cast<std::int64_t>(index));
  attestation.bindInt(3, std::max(assurance, 1));
  return attestation.run();
}

// A reversal or correction takes its target out of every view, from this entry on.
Status Projector::Rep::applyReversal(const events::Event& event, std::uint64_t index) {
  auto body = event.reader().getBody();
  bool strikes = body.isEventReversed() || body.isEventCorrected();
  if (!strikes) return {};
  auto data = body.isEventReversed() ? body.getEventReversed().getTarget() : body.getEventCorrected().getTarget();
  PL_TRY(auto at, ledger->findEvent(idOf(data)));
  if (!at) return {};
  if (!struck.insert(*at).second) return {};
  PL_TRY(events::Event target, ledger->event(*at));
  summaries->takeBack(target);
  reversal.bindInt(1, static_cast<std::int64_t>(*at));
  reversal.bindInt(2, static_cast<std::int64_t>(index));
  return reversal.run();
}

}  // namespace pilotledger::query
