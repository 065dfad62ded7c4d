#include "tools/server/access_anchor.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/json.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/key.h"
#include "ledger/crypto/random.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::server {
namespace {

using Json = nlohmann::ordered_json;

std::string entityOf(const std::string& server) { return "accesslog:" + server; }

// Where there is none yet: that of the oldest line, which waits since.
Result<std::int32_t> dayOfLast(const ledger::Ledger& ledger, const std::string& server, AccessLog& log) {
  PL_TRY(auto entries, ledger.entriesOf(entityOf(server)));
  if (entries.empty()) return log.oldestMs() == 0 ? 0 : events::civilDateOfUtcMs(log.oldestMs());
  PL_TRY(proof::Entry last, ledger.entry(entries.back()));
  return events::civilDateOfUtcMs(last.recordedAtMs);
}

Result<Bytes> anchorEvent(const std::string& server, const AccessLogHead& head, std::int64_t nowMs) {
  std::array<std::uint8_t, 10> random{};
  crypto::fillRandom(random);
  Json json = {{"kind", "AccessLogAnchored"},
               {"id", events::formatUuid(events::makeUuidV7(nowMs, random))},
               {"legalDate", events::formatCivilDate(events::civilDateOfUtcMs(nowMs))},
               {"body", {{"server", server}, {"lines", std::to_string(head.lines)}, {"head", head.hash}}}};
  return events::eventFromJson(json);
}

}  // namespace

Result<bool> AccessAnchor::anchor(ledger::Ledger& ledger, AccessLog& log, std::int64_t nowMs) {
  std::lock_guard lock(mutex_);
  const std::int32_t today = events::civilDateOfUtcMs(nowMs);
  if (day_ == 0) {
    PL_TRY(day_, dayOfLast(ledger, server_, log));
    if (day_ == 0) day_ = today;  // the first lines are of today
  }
  if (day_ >= today) return false;
  day_ = today;
  PL_TRY(auto record, ledger.entity(entityOf(server_)));
  const AccessLogHead head = log.head();
  PL_CHECK(log.sync());  // a power cut must not take what the ledger commits to
  if (head.lines == 0 || (record && record->number("lines") == static_cast<std::int64_t>(head.lines))) return false;
  PL_TRY(auto rules, ledger.entity("log:" + ledger.origin()));
  if (!rules || rules->number("edition") < 3) return false;
  PL_TRY(crypto::SigningKey key, crypto::SigningKey::load(keyFile_, secret_));
  PL_TRY(Bytes event, anchorEvent(server_, head, nowMs));
  const crypto::SigningKey* signer[] = {&key};
  PL_TRY(auto submission, proof::makeSubmission(ledger.suite(), ledger.name(), {std::move(event)}, signer));
  PL_TRY([[maybe_unused]] auto done, ledger.append(submission));
  return true;
}

Result<AccessLogHead> heldToLedger(const std::filesystem::path& file, const ledger::Ledger& ledger,
                                   const std::string& server, std::size_t& anchors) {
  PL_TRY(auto entries, ledger.entriesOf(entityOf(server)));
  anchors = entries.size();
  std::map<std::uint64_t, std::pair<std::uint64_t, std::string>> wanted;  // line -> entry, hash
  for (std::uint64_t index : entries) {
    PL_TRY(events::Event event, ledger.event(index));
    auto body = event.reader().getBody().getAccessLogAnchored();
    wanted[body.getLines()] = {index, crypto::toHex({body.getHead().begin(), body.getHead().size()})};
  }
  Status held;
  auto hold = [&](const AccessLogHead& head) {
    auto at = wanted.find(head.lines);
    if (at == wanted.end() || at->second.second == head.hash || !held.ok()) return;
    held = makeError(ErrorCode::Corruption,
                     fmt::format("{}: up to line {} it is not what entry {} of the ledger says it was", file.string(),
                                 head.lines, at->second.first),
                     fmt::format("{}：至第 {} 行与账本第 {} 条所载不符", file.string(), head.lines, at->second.first));
  };
  PL_TRY(AccessLogHead head, verifyAccessLog(file, hold));
  PL_CHECK(std::move(held));
  if (wanted.empty() || wanted.rbegin()->first <= head.lines) return head;
  const auto& [lines, entry] = *wanted.rbegin();
  return makeError(
      ErrorCode::Corruption,
      fmt::format("{}: it ends after line {}; entry {} of the ledger says there were {}", file.string(), head.lines,
                  entry.first, lines),
      fmt::format("{}：止于第 {} 行，而账本第 {} 条载明曾有 {} 行", file.string(), head.lines, entry.first, lines));
}

}  // namespace pilotledger::server
