#include "tools/cli/taken_back.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "events/reference.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kNamed = 10;  // in remarks; the rest is counted

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

Status RecordedBefore::see(const ledger::Ledger& ledger, const ledger::AppendReceipt& receipt) {
  if (!receipt.repeated) return {};
  ++count;
  PL_TRY(auto taken, takenBackBy(ledger, receipt.index));
  if (taken) takenBack_.emplace_back(receipt.index, taken->by);
  return {};
}

void RecordedBefore::say(const Context& context) const {
  for (std::size_t i = 0; i < takenBack_.size() && i < kNamed; ++i) {
    auto [index, by] = takenBack_[i];
    remark(context, {fmt::format("entry {} was there already and was taken back by entry {}: it does not stand, and is "
                                 "not recorded again; if it is meant anew, give it \"copy\": 2 or another id",
                                 index, by),
                     fmt::format("第 {} 条此前已记录，并已被第 {} 条冲销：不再有效，也未重新记录；如须重新记录，请写 "
                                 "\"copy\": 2，或另取 id",
                                 index, by)});
  }
  if (takenBack_.size() > kNamed) {
    remark(context, {fmt::format("… and {} more that were taken back", takenBack_.size() - kNamed),
                     fmt::format("……另有 {} 条已被冲销", takenBack_.size() - kNamed)});
  }
}

void sayRehearsed(const Context& context, std::size_t events, std::size_t there) {
  Message words{fmt::format("{} events would be recorded", events - there),
                fmt::format("可记录 {} 个事件", events - there)};
  if (there > 0) {
    words.en += fmt::format(", {} are there already", there);
    words.zh += fmt::format("，另有 {} 个此前已记录", there);
  }
  remark(context, words);
}

}  // namespace pilotledger::cli
