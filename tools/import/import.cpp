#include "tools/import/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "events/money.h"
#include "events/reference.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::import {
namespace {

class Importer {
 public:
  Importer(ledger::Ledger& ledger, const Mapper& mapper, std::span<const crypto::SigningKey> keys,
           const ImportOptions& options)
      : ledger_(&ledger),
        mapper_(&mapper),
        options_(&options),
        limit_(std::clamp<std::size_t>(options.batch, 1, proof::kMaxSubmissionEvents)) {
    for (const auto& key : keys) signers_.push_back(&key);
    room_ = limit_;
  }

  Result<ImportReport> run();

 private:
  struct Pending {
    const Record* record;
    std::vector<MappedEvent> events;
    std::vector<std::string> once;
  };

  Status findOrigin();
  Status take(const Record& record);
  Status addEvent(Pending& one, MappedEvent event);
  Result<bool> isHeld(const Record& record, const MappedEvent& event);
  Status submit();
  Status refuse(Error error);
  void count(const MappedEvent& event);
  void reject(const Record& record, const Error& error);

  ledger::Ledger* ledger_;
  const Mapper* mapper_;
  const ImportOptions* options_;
  std::vector<const crypto::SigningKey*> signers_;
  Mapper::Origin origin_ = Mapper::Origin::Unsaid;
  std::size_t limit_;
  std::size_t room_;  // of the next batch: halved by a refusal, doubled by a success
  std::vector<Pending> pending_;
  std::size_t pendingEvents_ = 0;
  std::unordered_set<std::string> once_;
  ImportReport report_;
};

// What an event that happens once is known by: the entity it opens, else the text of the rules.
std::string identityOf(const MappedEvent& mapped) {
  for (const auto& entity : events::entitiesOf(mapped.event)) {
    if (entity.mode == events::EntityMode::Open) return entity.key;
  }
  return mapped.once;
}

void Importer::reject(const Record& record, const Error& error) {
  std::string column = error.entity.starts_with("column ") ? error.entity.substr(7) : "";
  Message reason = error.message;
  if (!error.expected.empty() || !error.found.empty()) {
    std::string facts = fmt::format(" (expected {}, found {})", error.expected, error.found);
    reason.en += facts;
    if (!reason.zh.empty()) reason.zh += facts;
  }
  for (const CsvRow* row : record.rows) report_.rejects.push_back({row->line, column, reason, error.rule, row->raw});
  ++report_.rejected;
}

// An event that needs something of the ledger is asked about when all before it is recorded.
Result<bool> Importer::isHeld(const Record& record, const MappedEvent& event) {
  const auto& [entity, attribute, value, anyValue] = event.need;
  if (entity.empty()) return true;
  PL_TRY(auto recorded, ledger_->findEvent(event.event.id()));
  if (recorded) return true;  // by an earlier run
  PL_TRY(auto there, ledger_->entity(entity));
  bool held = attribute.empty() || (anyValue ? there && there->has(attribute) : there && there->contains(attribute, value));
  if (there && held) return true;
  Message why{
      fmt::format("{} is left out: the ledger does not hold {} {} of {}", event.label, attribute, value, entity),
      fmt::format("{} 未予记录：账本中 {} 没有 {} {}", event.label, entity, attribute, value)};
  if (attribute.empty())
    why = {fmt::format("{} is left out: the ledger does not hold {}", event.label, entity),
           fmt::format("{} 未予记录：账本中没有 {}", event.label, entity)};
  if (!attribute.empty() && anyValue)
    why = {fmt::format("{} is left out: {} has no {} in the ledger", event.label, entity, attribute),
           fmt::format("{} 未予记录：账本中 {} 没有 {}", event.label, entity, attribute)};
  report_.leftOut.push_back({record.rows.front()->line, "", std::move(why), "", record.rows.front()->raw});
  return false;
}

Status Importer::addEvent(Pending& one, MappedEvent event) {
  if (options_->seal) {
    PL_TRY(Bytes sealed, options_->seal(event.event));
    PL_TRY(event.event, events::Event::decode(sealed));
  }
  if (!event.once.empty()) {
    // Left out when it exists, whoever recorded it.
    std::string identity = identityOf(event);
    if (!once_.insert(identity).second) return {};
    PL_TRY(auto there, ledger_->entity(identity));
    if (there) return {};
    one.once.push_back(identity);
  }
  one.events.push_back(std::move(event));
  return {};
}

Status Importer::take(const Record& record) {
  auto mapped = mapper_->map(record, origin_);
  if (!mapped.ok()) {
    reject(record, mapped.error());
    return {};
  }
  bool asks = std::any_of(mapped->begin(), mapped->end(), [](const auto& event) { return !event.need.entity.empty(); });
  while (asks && !pending_.empty()) PL_CHECK(submit());
  Pending one{&record, {}, {}};
  for (auto& event : *mapped) {
    PL_TRY(bool held, isHeld(record, event));
    if (held) PL_CHECK(addEvent(one, std::move(event)));
  }
  pendingEvents_ += one.events.size();
  pending_.push_back(std::move(one));
  return {};
}

void Importer::count(const MappedEvent& mapped) {
  auto reader = mapped.event.reader();
  std::string currency(events::currencyAlpha(reader.getCurrency()));
  Tally& tally = report_.tallies[std::string(mapped.event.kind().name) + " " + currency];
  tally.kind = mapped.event.kind().name;
  tally.currency = currency;
  ++tally.events;
  auto body = mapped.event.body();
  for (const auto& field : mapped.event.kind().body->fields) {
    if (field.format != events::Format::Money || field.isList) continue;
    std::int64_t& sum = tally.amounts[std::string(field.name)];
    if (__builtin_add_overflow(sum, body.scalar(field).number, &sum)) sum = INT64_MAX;
  }
}

Status Importer::submit() {
  if (pendingEvents_ == 0) {
    pending_.clear();
    return {};
  }
  std::vector<Bytes> bytes;
  for (const Pending& one : pending_) {
    for (const auto& event : one.events) bytes.emplace_back(event.event.bytes().begin(), event.event.bytes().end());
  }
  PL_TRY(auto submission, proof::makeSubmission(ledger_->suite(), ledger_->name(), std::move(bytes), signers_));
  if (options_->beforeSubmit) PL_CHECK(options_->beforeSubmit());
  auto appended = ledger_->append(submission);
  if (!appended.ok()) return refuse(std::move(appended).error());
  for (const auto& receipt : appended->receipts) ++(receipt.repeated ? report_.repeated : report_.recorded);
  for (const Pending& one : pending_) {
    for (const auto& event : one.events) count(event);
  }
  if (pendingEvents_ >= room_) room_ = std::min(room_ * 2, limit_);
  pending_.clear();
  pendingEvents_ = 0;
  return {};
}

// Sets the refused record aside and tries the others again: those before it first, then those
// after it, mapped anew, because they may lean on what the refused record would have recorded.
Status Importer::refuse(Error error) {
  // Not about one record: damage, no disk, a key without the role to import.
  if (!error.position || error.code == ErrorCode::NotAuthorized) return error;
  std::size_t position = *error.position;
  std::size_t guilty = 0;
  while (position >= pending_[guilty].events.size()) position -= pending_[guilty++].events.size();
  error = std::move(error).within(pending_[guilty].events[position].label);
  reject(*pending_[guilty].record, error);
  room_ = std::max<std::size_t>(1, room_ / 2);
  std::vector<const Record*> after;
  for (std::size_t i = guilty; i < pending_.size(); ++i) {
    if (i > guilty) after.push_back(pending_[i].record);
    for (const auto& once : pending_[i].once) once_.erase(once);
    pendingEvents_ -= pending_[i].events.size();
  }
  pending_.resize(guilty);
  PL_CHECK(submit());
  for (const Record* record : after) {
    PL_CHECK(take(*record));
    if (pendingEvents_ >= room_) PL_CHECK(submit());
  }
  return {};
}

// An importer's key marks its events with where they come from; whoever signs for himself records them as his own.
Status Importer::findOrigin() {
  for (const auto* key : signers_) {
    const auto& named = key->verifyKey();
    PL_TRY(auto bound, ledger_->entity(fmt::format("key:{}+{}", named.name(), named.idHex())));
    if (bound && bound->contains("role", "IMP")) origin_ = Mapper::Origin::Said;
  }
  return {};
}

Result<ImportReport> Importer::run() {
  PL_CHECK(findOrigin());
  PL_TRY(auto records, mapper_->records());
  for (const auto& [table, row] : mapper_->orphans()) {
    ++report_.rejected;
    report_.rejects.push_back(
        {row->line, "", {table + ": " + row->trouble->en, table + "：" + row->trouble->zh}, "", row->raw});
  }
  for (const auto& [record, trouble] : records) {
    if (options_->progress && report_.records % 64 == 0) options_->progress(report_.records, records.size());
    ++report_.records;
    if (trouble) {
      reject(record, invalidInput(trouble->en, trouble->zh));
      continue;
    }
    PL_CHECK(take(record));
    if (pendingEvents_ >= room_) PL_CHECK(submit());
  }
  while (!pending_.empty()) PL_CHECK(submit());  // a refusal leaves the others pending
  std::stable_sort(report_.rejects.begin(), report_.rejects.end(),
                   [](const Reject& a, const Reject& b) { return a.line < b.line; });
  return std::move(report_);
}

}  // namespace

Result<ImportReport> importRecords(ledger::Ledger& ledger, const Mapper& mapper,
                                   std::span<const crypto::SigningKey> keys, const ImportOptions& options) {
  return Importer(ledger, mapper, keys, options).run();
}

std::string rejectsCsv(const std::vector<Reject>& rejects, bool zh) {
  std::string text = std::string(kRejectsHeader) + "\n";
  for (const Reject& reject : rejects) {
    const std::string& reason = zh && !reject.reason.zh.empty() ? reject.reason.zh : reject.reason.en;
    text += fmt::format("{},{},{},{},{}\n", reject.line, csvQuoted(reject.column), reject.rule, csvQuoted(reason),
                        csvQuoted(reject.row));
  }
  return text;
}

}  // namespace pilotledger::import
