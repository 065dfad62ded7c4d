#include "tools/cli/taken_back.h"

#include <algorithm>
#include <string>

#include "events/reference.h"

namespace pilotledger::cli {
namespace {

// Who takes an event back names what it named: the entity with the fewest entries leads there soonest.
Result<std::vector<std::uint64_t>> shortestHistory(const ledger::Ledger& ledger, const events::Event& event) {
  std::string shortest;
  std::uint64_t fewest = 0;
  for (const auto& named : events::entitiesOf(event)) {
    PL_TRY(auto record, ledger.entity(named.key));
    if (!record || (!shortest.empty() && record->trail().count >= fewest)) continue;
    shortest = named.key;
    fewest = record->trail().count;
  }
  if (shortest.empty()) return std::vector<std::uint64_t>();
  return ledger.entriesOf(shortest);
}

bool sameId(capnp::Data::Reader data, const EventId& id) {
  return std::equal(data.begin(), data.end(), id.begin(), id.end());
}

}  // namespace

Result<std::optional<TakenBack>> takenBackBy(const ledger::Ledger& ledger, std::uint64_t index) {
  PL_TRY(events::Event event, ledger.event(index));
  PL_TRY(auto entries, shortestHistory(ledger, event));
  for (std::uint64_t later : entries) {
    if (later <= index) continue;
    PL_TRY(events::Event other, ledger.event(later));
    auto body = other.reader().getBody();
    if (body.isEventReversed() && sameId(body.getEventReversed().getTarget(), event.id()))
      return std::optional(TakenBack{later});
    if (!body.isEventCorrected() || !sameId(body.getEventCorrected().getTarget(), event.id())) continue;
    EventId replacement{};
    std::copy_n(body.getEventCorrected().getReplacement().begin(), replacement.size(), replacement.begin());
    return std::optional(TakenBack{later, replacement});
  }
  return std::optional<TakenBack>();
}

}  // namespace pilotledger::cli
