#include "tools/cli/event_reader.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "events/base/uuid.h"
#include "events/json.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kChunk = 1u << 20;

constexpr std::uint32_t kMaxCopy = 1'000'000;

// "copy": 2 beside an event without id; taken out of the event.
Result<std::uint32_t> takeCopy(Json& json) {
  auto copy = json.find("copy");
  if (copy == json.end()) return 1u;
  if (json.contains("id")) {
    return invalidInput("copy: tells equal events without an id apart, this one has an id; leave one of the two out",
                        "copy：用于区分没有 id 的相同事件；本事件已有 id，请删去其一");
  }
  if (!copy->is_number_unsigned() || copy->get<std::uint64_t>() < 1 || copy->get<std::uint64_t>() > kMaxCopy) {
    return invalidInput(fmt::format("copy: expected an integer 1..{}", kMaxCopy),
                        fmt::format("copy：应为 1 至 {} 的整数", kMaxCopy));
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
    auto event = eventOf(std::move(json[i]), i + 1, clock);
    if (!event.ok()) return std::move(event).error().within(fmt::format("[{}]", i));
    events.push_back(std::move(event).value());
  }
  return events;
}

int leaveOpen(std::FILE*) { return 0; }

}  // namespace

Result<EventReader> EventReader::open(const std::string& path, const ledger::Clock& clock) {
  bool standard = path == "-";
  File file(standard ? stdin : std::fopen(path.c_str(), "rbe"), standard ? leaveOpen : std::fclose);
  if (file == nullptr) return fileError(path);
  EventReader reader(standard ? "stdin" : path, clock, std::move(file));
  PL_CHECK(reader.begin());
  return reader;
}

Result<EventReader> EventReader::over(std::string text, std::string name, const ledger::Clock& clock) {
  EventReader reader(std::move(name), clock, File(nullptr, leaveOpen));
  reader.buffer_ = std::move(text);
  PL_CHECK(reader.begin());
  return reader;
}

// What is a document is read whole, so it must fit; anything longer can only be lines.
Status EventReader::begin() {
  PL_CHECK(fill(events::kMaxJsonBytes + 4));
  if (buffer_.starts_with("\xef\xbb\xbf")) at_ = 3;
  std::string_view text = std::string_view(buffer_).substr(at_);
  if (text.size() > events::kMaxJsonBytes || text.empty() || isJsonLines(text)) return {};
  auto document = readDocument(text, clock_);
  if (!document.ok()) return std::move(document).error().within(name_);
  document_ = std::move(*document);
  at_ = buffer_.size();
  return {};
}

// More of the file, until `wanted` bytes lie ahead or it ends.
Status EventReader::fill(std::size_t wanted) {
  buffer_.erase(0, at_);
  at_ = 0;
  while (file_ != nullptr && buffer_.size() < wanted) {
    std::size_t had = buffer_.size();
    buffer_.resize(had + kChunk);
    std::size_t got = std::fread(buffer_.data() + had, 1, kChunk, file_.get());
    buffer_.resize(had + got);
    if (got > 0) continue;
    if (std::ferror(file_.get()) != 0) return fileError(name_);
    file_.reset();
  }
  return {};
}

// A line that is not blank; it stays until the next call. One too long to be an event is given as far as it was read.
Result<std::optional<std::string_view>> EventReader::nextLine() {
  while (true) {
    std::size_t end = buffer_.find('\n', at_);
    while (end == std::string::npos && file_ != nullptr && buffer_.size() - at_ <= events::kMaxJsonBytes) {
      PL_CHECK(fill(buffer_.size() - at_ + kChunk));
      end = buffer_.find('\n');
    }
    if (at_ == buffer_.size()) return std::optional<std::string_view>();
    ++number_;
    end = std::min(end, buffer_.size());
    std::string_view line = trimmed(std::string_view(buffer_).substr(at_, end - at_));
    at_ = std::min(end + 1, buffer_.size());
    if (!line.empty()) return std::optional(line);
  }
}

Result<EventLine> EventReader::eventOfLine(std::string_view line) const {
  if (line.front() == '{') {
    PL_TRY(Json json, events::parseJson(line));
    return eventOf(std::move(json), number_, clock_);
  }
  return invalidInput(fmt::format("expected one JSON object a line; a document of several lines has at most {} bytes",
                                  events::kMaxJsonBytes),
                      fmt::format("应为每行一个 JSON 对象；跨行的 JSON 文档最长 {} 字节", events::kMaxJsonBytes));
}

Result<std::optional<EventLine>> EventReader::next() {
  if (given_ < document_.size()) return std::optional(std::move(document_[given_++]));
  PL_TRY(std::optional<std::string_view> line, nextLine());
  if (!line) return std::optional<EventLine>();
  auto event = eventOfLine(*line);
  if (!event.ok()) return std::move(event).error().within(fmt::format("{}:{}", name_, number_));
  return std::optional(std::move(event).value());
}

Result<std::vector<EventLine>> readEvents(std::string_view text, const std::string& name, const ledger::Clock& clock) {
  PL_TRY(EventReader reader, EventReader::over(std::string(text), name, clock));
  std::vector<EventLine> events;
  while (true) {
    PL_TRY(std::optional<EventLine> event, reader.next());
    if (!event) return events;
    events.push_back(std::move(*event));
  }
}

}  // namespace pilotledger::cli
