// Entries and entities of the log as one reader sees them.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "events/codec.h"
#include "ledger/ledger.h"
#include "query/access/reader_scope.h"
#include "tools/service/entity_on_log.h"

namespace pilotledger::service {

using Json = nlohmann::ordered_json;
// A sealed number as the vault knows it; the text itself where it does not.
using NumberOpener = std::function<std::string(const std::string&)>;

struct LoadedEntry {
  proof::Entry entry;
  events::Event event;
  std::vector<std::string> signers;  // "name+keyid"
};
// NotFound beyond the end.
Result<LoadedEntry> loadEntry(const ledger::Ledger& ledger, std::uint64_t index);

// How one entry is seen.
struct EntryView {
  query::Confidentiality clearance = query::Confidentiality::SECRET;
  NumberOpener open;

  Json eventJson(const events::Event& event) const;
  std::vector<std::string> entities(const events::Event& event) const;
  // Whoever may not see the name does not learn that it was guessed right.
  bool sees(const events::Event& event, const std::string& key) const;
  bool seesAll(const events::Event& event) const;
};

// How one reader sees every entry. Const methods are safe from many threads.
class EntryReaderScope {
 public:
  explicit EntryReaderScope(query::ReaderScope scope, NumberOpener open = {})
      : scope_(std::move(scope)), open_(std::move(open)) {}
  const query::ReaderScope& scope() const { return scope_; }
  bool audits() const { return scope_.everywhere() >= query::Confidentiality::AUDIT; }
  Names names() const { return scope_.everything() ? Names::Told : Names::Hidden; }
  EntryView at(std::uint64_t index, std::span<const std::string> signers) const {
    return {scope_.at(index, signers), open_};
  }

 private:
  query::ReaderScope scope_;
  NumberOpener open_;
};

// What took an entry back; it stands no longer.
struct TakenBack {
  std::uint64_t by = 0;                     // entry of EventReversed or EventCorrected
  std::optional<EventId> replacement;       // of a correction: the event that stands instead
  std::optional<std::uint64_t> replacedBy;  // its entry, where it is recorded
};
// Absent when it stands, at a ledger of `size` entries.
Result<std::optional<TakenBack>> takenBackBy(const ledger::Ledger& ledger, const events::Event& event,
                                             std::uint64_t size);
// The same for a reader: it is not told of an entry whose id is withheld, because the id is what a reversal names.
Result<std::optional<TakenBack>> takenBackBy(const ledger::Ledger& ledger, const events::Event& event,
                                             std::uint64_t size, const EntryView& view);

// One line of a list: index, recordedAt, event, and what took it back.
Json entryLineJson(const proof::Entry& entry, const events::Event& event, const EntryView& view,
                   const std::optional<TakenBack>& takenBack);
// One entry whole: event, signers, digests, and what took it back.
Json entryJson(const LoadedEntry& loaded, const EntryView& view, const std::optional<TakenBack>& takenBack);

// What the ledger knows of an entity, for this reader.
struct EntityAnswer {
  std::string key;              // as the log spells it
  ledger::EntityRecord record;  // to be shown only when `whole`
  bool whole = false;           // the reader sees all that the entries hold from which the record follows
};
// NotFound, and nothing else said, for what no entry names and for what none names to this reader.
Result<EntityAnswer> askEntity(const Site& site, const ledger::Ledger& ledger, const EntryReaderScope& reader,
                               const std::string& text);
Json entityJson(const EntityAnswer& answer);

}  // namespace pilotledger::service
