#include "tools/cli/taken_back.h"

#include <fmt/format.h>

#include "tools/service/entries.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kNamed = 10;  // in remarks; the rest is counted

}  // namespace

Status RecordedBefore::see(const ledger::Ledger& ledger, const ledger::AppendReceipt& receipt) {
  if (!receipt.repeated) return {};
  ++count;
  PL_TRY(events::Event event, ledger.event(receipt.index));
  PL_TRY(auto taken, service::takenBackBy(ledger, event, ledger.size()));
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
