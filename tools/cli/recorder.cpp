#include "tools/cli/recorder.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "events/civil_date.h"
#include "events/json.h"
#include "events/uuid.h"
#include "ledger/crypto/encoding.h"
#include "ledger/proof/note.h"

namespace pilotledger::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t kMaxCopy = 1'000'000;

// "copy": 2 beside an event without id; taken out of the event.
Result<std::uint32_t> takeCopy(Json& json) {
  auto copy = json.find("copy");
  if (copy == json.end()) return 1u;
  if (json.contains("id")) {
    return invalidInput("copy: tells equal events without an id apart, this one has an id; leave one of the two out", "copy：用于区分没有 id 的相同事件；本事件已有 id，请删去其一");
  }
  if (!copy->is_number_unsigned() || copy->get<std::uint64_t>() < 1 || copy->get<std::uint64_t>() > kMaxCopy) {
    return invalidInput(fmt::format("copy: expected an integer 1..{}", kMaxCopy), fmt::format("copy：应为 1 至 {} 的整数", kMaxCopy));
  }
  auto number = copy->get<std::uint32_t>();
  json.erase(copy);
  return number;
}

Result<EventLine> eventOf(Json json, std::size_t line, const ledger::Clock& clock) {
  EventLine made{.line = line};
  if (json.is_object()) {
    PL_TRY(made.copy, takeCopy(json));
  }
  made.derives = json.is_object() && !json.contains("id");
  if (made.derives) {
    std::array<std::uint8_t, 10> random{};
    randombytes_buf(random.data(), random.size());
    json["id"] = events::formatUuid(events::makeUuidV7(clock(), random));
  }
  PL_TRY(made.bytes, events::eventFromJson(json));
  return made;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t')) text.remove_suffix(1);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

// JSON Lines when every line that is not blank is an object by itself.
bool isJsonLines(std::string_view text) {
  bool any = false;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    if (!line.empty() && (line.front() != '{' || line.back() != '}')) return false;
    any = any || !line.empty();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return any;
}

Result<std::vector<EventLine>> readDocument(std::string_view text, const ledger::Clock& clock) {
  PL_TRY(Json json, events::parseJson(text));
  std::vector<EventLine> events;
  if (!json.is_array()) {
    PL_TRY(EventLine event, eventOf(std::move(json), 1, clock));
    events.push_back(std::move(event));
    return events;
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto event = eventOf(json[i], i + 1, clock);
    if (!event.ok()) return std::move(event).error().within(fmt::format("[{}]", i));
    events.push_back(std::move(event).value());
  }
  return events;
}

}  // namespace

Result<std::vector<EventLine>> readEvents(std::string_view text, const std::string& name, const ledger::Clock& clock) {
  std::vector<EventLine> events;
  if (!isJsonLines(text)) {
    auto document = readDocument(text, clock);
    if (!document.ok()) return std::move(document).error().within(name);
    return document;
  }
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    auto json = events::parseJson(line);
    auto event = json.ok() ? eventOf(std::move(json).value(), number, clock) : Result<EventLine>(json.error());
    if (!event.ok()) return std::move(event).error().within(fmt::format("{}:{}", name, number));
    events.push_back(std::move(event).value());
  }
  return events;
}

Result<std::size_t> recordAll(ledger::Ledger& ledger, std::span<const EventLine> events,
                              std::span<const crypto::SigningKey> keys, const RecordOptions& options) {
  std::vector<const crypto::SigningKey*> signers;
  for (const auto& key : keys) signers.push_back(&key);
  std::size_t batch = std::clamp<std::size_t>(options.batch, 1, proof::kMaxSubmissionEvents);
  for (std::size_t from = 0; from < events.size(); from += batch) {
    std::vector<Bytes> bytes;
    for (std::size_t i = from; i < std::min(events.size(), from + batch); ++i) bytes.push_back(events[i].bytes);
    PL_TRY(auto submission, proof::makeSubmission(ledger.suite(), ledger.origin(), std::move(bytes), signers));
    Result<ledger::Appended> outcome = ledger.append(submission);
    if (!outcome.ok()) {
      Error error = std::move(outcome).error();
      if (error.position) {
        std::size_t line = events[from + *error.position].line;
        error = std::move(error).within(fmt::format("line {}", line), fmt::format("第 {} 行", line));
      }
      if (from > 0) {
        error.message.en += fmt::format(" (the {} events before this batch are recorded)", from);
        if (!error.message.zh.empty()) error.message.zh += fmt::format("（本批之前的 {} 个事件已记录）", from);
      }
      return error;
    }
    if (!options.receipt) continue;
    for (const auto& receipt : outcome->receipts) PL_CHECK(options.receipt(receipt, outcome->checkpoint));
  }
  return events.size();
}

std::string receiptJson(const ledger::Receipt& receipt, const std::string& checkpoint) {
  Json json;
  json["id"] = events::formatUuid(receipt.eventId);
  json["index"] = receipt.index;
  json["recordedAt"] = events::formatUtcMs(receipt.recordedAtMs);
  if (receipt.repeated) json["repeated"] = true;
  if (auto note = proof::Note::parse(checkpoint); note.ok()) {
    if (auto body = proof::Checkpoint::parseBody(note->text); body.ok()) {
      json["size"] = body->size;
      json["root"] = crypto::toBase64(body->root);
    }
  }
  return json.dump() + "\n";
}

}  // namespace pilotledger::cli
