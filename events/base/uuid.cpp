#include "events/base/uuid.h"

#include <fmt/format.h>

#include <algorithm>

namespace pilotledger::events {
namespace {

void setVersion(EventId& id, int version) {
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | version << 4);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
}

}  // namespace

std::string formatUuid(const EventId& id) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text(36, '-');
  std::size_t at = 0;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
    text[at++] = kDigits[id[i] >> 4];
    text[at++] = kDigits[id[i] & 15];
  }
  return text;
}

Result<EventId> parseUuid(std::string_view text) {
  EventId id{};
  std::size_t nibble = 0;
  bool good = text.size() == 36;
  for (std::size_t i = 0; good && i < text.size(); ++i) {
    char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      good = c == '-';
      continue;
    }
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    good = value >= 0;
    if (good) id[nibble / 2] = static_cast<std::uint8_t>(id[nibble / 2] << 4 | value);
    ++nibble;
  }
  if (good) return id;
  return invalidInput(fmt::format("expected a lower-case UUID 8-4-4-4-12, found '{}'", text.substr(0, 60)),
                      fmt::format("应为小写 UUID（8-4-4-4-12），实为“{}”", text.substr(0, 60)));
}

bool isEventId(const EventId& id) {
  int version = id[6] >> 4;
  return (version == 7 || version == 8) && (id[8] & 0xc0) == 0x80;
}

EventId makeUuidV7(std::int64_t unixMs, const std::array<std::uint8_t, 10>& random) {
  EventId id{};
  for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(unixMs >> (40 - 8 * i));
  std::copy(random.begin(), random.end(), id.begin() + 6);
  setVersion(id, 7);
  return id;
}

EventId makeUuidV8(const Digest& digest) {
  EventId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  setVersion(id, 8);
  return id;
}

}  // namespace pilotledger::events
