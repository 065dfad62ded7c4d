#include "tools/import/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <unordered_map>
#include <unordered_set>

#include "events/base/uuid.h"
#include "events/entity_name.h"
#include "events/money.h"
#include "events/reference.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::import {
namespace {

constexpr std::size_t kAhead = 1000;  // records

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
  // A record's events as they go to the log.
  struct Ready {
    std::vector<MappedEvent> events;
    std::vector<std::string> dropped;
  };
  struct Pending {
    const Record* record;
    std::vector<MappedEvent> events;
    std::vector<std::string> once;
  };

  Status findOrigin();
  Result<Ready> make(const Record& record, bool ahead);
  Status prepare(const std::vector<Mapper::Keyed>& records, std::size_t from);
  Status take(const Record& record);
  Status addEvent(Pending& one, MappedEvent event);
  Result<bool> isHeld(const Record& record, const MappedEvent& event);
  Result<std::string> receiptOf(const std::string& platform, const std::string& invoice);
  Status submit();
  Status refuse(Error error);
  Status suggest(Error& error) const;
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
  std::unordered_map<const Record*, Ready> ready_;  // made ahead, so that what they need is on disk in one go
  std::unordered_set<std::string> once_;
  std::optional<Error> broken_;  // what stops the import, met while a record was mapped
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
  const auto& [entity, attribute, value, anyValue, silent] = event.need;
  if (entity.empty()) return true;
  PL_TRY(auto recorded, ledger_->findEvent(event.event.id()));
  if (recorded) return true;  // by an earlier run
  PL_TRY(auto there, ledger_->entity(entity));
  bool held =
      attribute.empty() || (anyValue ? there && there->has(attribute) : there && there->contains(attribute, value));
  if (there && held) return true;
  if (silent) return false;
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

// The receipt of the platform that bears the invoice, when there is exactly one that is not reversed. It may stand
// above in the same file, so all before it is recorded first.
Result<std::string> Importer::receiptOf(const std::string& platform, const std::string& invoice) {
  PL_TRY(events::AskedEntity asked, events::readEntityName("invoice:" + invoice));
  if (asked.unreadable) return std::move(*asked.unreadable);
  while (!pending_.empty()) {
    Status done = submit();
    if (done.ok()) continue;
    broken_ = std::move(done).error();
    return *broken_;
  }
  std::string key = asked.key();
  if (options_->entityKey) {
    PL_TRY(key, options_->entityKey(key));
  }
  PL_TRY(auto entries, ledger_->entriesOf(key));
  std::vector<std::string> ids;
  for (std::uint64_t entry : entries) {
    PL_TRY(auto event, ledger_->event(entry));
    if (event.kind().name != "RevenueReceived") continue;
    std::string id = events::formatUuid(event.id());
    PL_TRY(auto receipt, ledger_->entity("receipt:" + id));
    if (receipt && receipt->get("platform") == platform && receipt->get("state") != "reversed") ids.push_back(id);
  }
  if (ids.size() == 1) return ids.front();
  return invalidInput(
      fmt::format("expected one receipt of platform {} with invoice {}, found {}", platform, asked.id, ids.size()),
      fmt::format("平台 {} 应有且仅有一笔发票号码为 {} 的收入，实有 {} 笔", platform, asked.id, ids.size()));
}

// What the ledger refuses for want of it may be there in another case: it is said, not guessed.
Status Importer::suggest(Error& error) const {
  std::size_t colon = error.entity.find(':');
  if (error.rule != "R-EXISTS" || colon == std::string::npos) return {};
  for (auto change : {&::toupper, &::tolower}) {
    std::string other = error.entity;
    std::transform(other.begin() + static_cast<std::ptrdiff_t>(colon), other.end(),
                   other.begin() + static_cast<std::ptrdiff_t>(colon),
                   [&](unsigned char c) { return static_cast<char>(c < 0x80 ? change(c) : c); });
    if (other == error.entity) continue;
    PL_TRY(auto there, ledger_->entity(other));
    if (!there) continue;
    error.message.en += fmt::format("; did you mean '{}'?", other.substr(colon + 1));
    if (!error.message.zh.empty()) error.message.zh += fmt::format("；是否为“{}”？", other.substr(colon + 1));
    return {};
  }
  return {};
}

Status Importer::addEvent(Pending& one, MappedEvent event) {
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

// A record that was refused for the sake of another is made once; `ahead`, without asking the ledger for anything.
Result<Importer::Ready> Importer::make(const Record& record, bool ahead) {
  if (auto at = ready_.find(&record); at != ready_.end()) return at->second;
  Mapper::Asking asking;
  if (!ahead)
    asking.receiptOf = [&](const std::string& platform, const std::string& invoice) {
      return receiptOf(platform, invoice);
    };
  PL_TRY(auto mapped, mapper_->map(record, origin_, &asking));
  for (MappedEvent& one : mapped) {
    if (!options_->seal) break;
    auto sealed = options_->seal(one.event);
    if (!sealed.ok()) {
      if (!ahead) broken_ = sealed.error();
      return std::move(sealed).error();
    }
    PL_TRY(one.event, events::Event::decode(*sealed));
  }
  return Ready{std::move(mapped), std::move(asking.dropped)};
}

// Makes the next records, and has what they need on disk once for all of them. What cannot be made ahead is made, or
// rejected, in its turn.
Status Importer::prepare(const std::vector<Mapper::Keyed>& records, std::size_t from) {
  if (!options_->seal || !options_->beforeSubmit) return {};
  ready_.clear();
  for (std::size_t i = from; i < std::min(from + kAhead, records.size()); ++i) {
    if (records[i].trouble) continue;
    auto made = make(records[i].record, true);
    if (made.ok()) ready_.emplace(&records[i].record, std::move(*made));
  }
  return options_->beforeSubmit();
}

Status Importer::take(const Record& record) {
  auto made = make(record, false);
  if (broken_) return *broken_;
  if (!made.ok()) {
    reject(record, made.error());
    return {};
  }
  auto* mapped = &made->events;
  bool asks = std::any_of(mapped->begin(), mapped->end(), [](const auto& event) { return !event.need.entity.empty(); });
  while (asks && !pending_.empty()) PL_CHECK(submit());
  Pending one{&record, {}, {}};
  for (auto& event : *mapped) {
    PL_TRY(bool held, isHeld(record, event));
    if (held) PL_CHECK(addEvent(one, std::move(event)));
  }
  pendingEvents_ += one.events.size();
  pending_.push_back(std::move(one));
  for (const std::string& field : made->dropped)
    report_.dropped.push_back({record.rows.front()->line,
                               "",
                               {fmt::format("{}: an identity card number is left out", field),
                                fmt::format("{}：居民身份证号码未予记录", field)},
                               "",
                               ""});
  return {};
}

void Importer::count(const MappedEvent& mapped) {
  auto reader = mapped.event.reader();
  std::string currency(events::currencyAlpha(reader.getCurrency()));
  Tally& tally = report_.tallies[std::string(mapped.event.kind().name) + " " + currency];
  tally.kind = mapped.event.kind().name;
  tally.currency = currency;
  ++tally.events;
  tally.zeros += mapped.zero ? 1 : 0;
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
    for (const auto& event : one.events) {
      count(event);
      if (options_->recorded) PL_CHECK(options_->recorded(event.event));
    }
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
  PL_CHECK(suggest(error));
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
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto& [record, trouble] = records[i];
    if (i % kAhead == 0) PL_CHECK(prepare(records, i));
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
