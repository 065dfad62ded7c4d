#include "ledger/state/entity_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "ledger/crypto/encoding.h"

namespace pilotledger::proof {
namespace {

// An attribute in memory: the lengths of its name and of its value, then both.
struct Lengths {
  std::uint32_t name, value;
};

Lengths lengthsAt(const char* at) {
  Lengths lengths;
  std::memcpy(&lengths, at, sizeof lengths);
  return lengths;
}

void append(std::string& packed, std::string_view name, std::string_view value) {
  Lengths lengths{static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(value.size())};
  packed.append(reinterpret_cast<const char*>(&lengths), sizeof lengths).append(name).append(value);
}

// -1, 0 or 1: where the first attribute sorts.
int compare(const EntityRecord::Attribute& a, const EntityRecord::Attribute& b) {
  int byName = a.name.compare(b.name);
  return byName != 0 ? byName : a.value.compare(b.value);
}

constexpr std::size_t kMaxTextBytes = std::size_t{1} << 30;  // lengths fit 32 bits

bool isName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

void appendEscaped(std::string& out, std::string_view value) {
  for (char c : value) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

Result<std::string> unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (++i == text.size() || (text[i] != '\\' && text[i] != 'n')) {
      return makeError(ErrorCode::Corruption, "entity record: bad escape");
    }
    out += text[i] == 'n' ? '\n' : '\\';
  }
  return out;
}

Error badRecord(std::string_view what, std::string_view line) {
  return makeError(ErrorCode::Corruption, fmt::format("entity record: {} in line '{}'", what, line));
}

Result<EntityRecord::Trail> parseTrail(std::string_view line) {
  constexpr std::string_view kWord = "trail ";
  EntityRecord::Trail trail;
  if (!line.starts_with(kWord)) return badRecord("expected the trail", line);
  line.remove_prefix(kWord.size());
  auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), trail.count);
  std::string_view rest(end, static_cast<std::size_t>(line.data() + line.size() - end));
  if (failure != std::errc{} || rest.size() != 65 || rest[0] != ' ' ||
      std::to_string(trail.count).size() + rest.size() != line.size()) {
    return badRecord("bad trail", line);
  }
  PL_TRY(Bytes hash, crypto::parseHex(rest.substr(1)));
  std::copy(hash.begin(), hash.end(), trail.hash.begin());
  return trail;
}

}  // namespace

EntityRecord::Attribute EntityRecord::Attributes::Iterator::operator*() const {
  Lengths lengths = lengthsAt(at_);
  const char* text = at_ + sizeof lengths;
  return {{text, lengths.name}, {text + lengths.name, lengths.value}};
}

EntityRecord::Attributes::Iterator& EntityRecord::Attributes::Iterator::operator++() {
  Lengths lengths = lengthsAt(at_);
  at_ += sizeof lengths + lengths.name + lengths.value;
  return *this;
}

Result<EntityRecord> EntityRecord::parse(std::string_view text) {
  EntityRecord record;
  if (text.size() > kMaxTextBytes) return badRecord("more than 1 GiB", "");
  record.packed_.reserve(text.size());
  std::string last;
  Attribute before{};
  bool first = true;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return badRecord("no newline at the end", rest);
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (first) {
      PL_TRY(record.trail_, parseTrail(line));
      first = false;
      continue;
    }
    std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || !isName(line.substr(0, equals))) {
      return badRecord("expected name=value", line);
    }
    PL_TRY(std::string value, unescape(line.substr(equals + 1)));
    Attribute attribute{line.substr(0, equals), value};
    if (value.empty()) return badRecord("empty value", line);
    if (!before.name.empty() && compare(before, attribute) >= 0) return badRecord("attributes out of order", line);
    append(record.packed_, attribute.name, attribute.value);
    last = std::move(value);
    before = {attribute.name, last};
  }
  if (first) return badRecord("empty", "");
  return record;
}

std::string EntityRecord::text() const {
  std::string out;
  out.reserve(96 + packed_.size());
  out += "trail ";
  out += std::to_string(trail_.count);
  out += ' ';
  out += crypto::toHex(trail_.hash);
  out += '\n';
  for (const auto& [name, value] : attributes()) {
    out += name;
    out += '=';
    appendEscaped(out, value);
    out += '\n';
  }
  return out;
}

std::string_view EntityRecord::get(std::string_view name) const {
  for (const auto& [key, value] : attributes()) {
    if (key == name) return value;
  }
  return {};
}

std::vector<std::string_view> EntityRecord::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : attributes()) {
    if (key == name) values.push_back(value);
  }
  return values;
}

bool EntityRecord::contains(std::string_view name, std::string_view value) const {
  return std::any_of(attributes().begin(), attributes().end(),
                     [&](const Attribute& a) { return a.name == name && a.value == value; });
}

std::int64_t EntityRecord::number(std::string_view name) const {
  std::string_view value = get(name);
  std::int64_t result = 0;
  std::from_chars(value.data(), value.data() + value.size(), result);
  return result;
}

EntityRecord::Range EntityRecord::rangeOf(std::string_view name) const {
  auto offset = [&](Attributes::Iterator at) { return static_cast<std::size_t>(at.position() - packed_.data()); };
  auto end = attributes().end();
  auto from = std::find_if(attributes().begin(), end, [&](const Attribute& a) { return a.name >= name; });
  auto to = std::find_if(from, end, [&](const Attribute& a) { return a.name != name; });
  return {offset(from), offset(to)};
}

// Name and value may be views into this record.
void EntityRecord::replace(Range range, std::string_view name, std::string_view value) {
  std::string one;
  if (!value.empty()) append(one, name, value);
  packed_.replace(range.from, range.to - range.from, one);
}

void EntityRecord::set(std::string_view name, std::string_view value) {
  PL_ASSERT(isName(name));
  replace(rangeOf(name), name, value);
}

void EntityRecord::setNumber(std::string_view name, std::int64_t value) {
  char digits[24];
  auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
  set(name, {digits, static_cast<std::size_t>(end - digits)});
}

void EntityRecord::insert(std::string_view name, std::string_view value) {
  PL_ASSERT(isName(name));
  if (value.empty()) return;
  Attribute attribute{name, value};
  auto at = std::find_if(attributes().begin(), attributes().end(),
                         [&](const Attribute& a) { return compare(a, attribute) >= 0; });
  if (at != attributes().end() && compare(*at, attribute) == 0) return;
  std::size_t offset = static_cast<std::size_t>(at.position() - packed_.data());
  replace({offset, offset}, name, value);
}

void EntityRecord::erase(std::string_view name, std::string_view value) {
  for (auto at = attributes().begin(); at != attributes().end(); ++at) {
    if (compare(*at, {name, value}) != 0) continue;
    auto next = std::next(at);
    std::size_t offset = static_cast<std::size_t>(at.position() - packed_.data());
    packed_.erase(offset, static_cast<std::size_t>(next.position() - at.position()));
    return;
  }
}

Status EntityRecord::add(std::string_view name, std::int64_t delta) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(number(name), delta, &sum)) {
    Error error = makeError(ErrorCode::Refused,
                            fmt::format("{}: {} + {} does not fit a 64-bit amount", name, number(name), delta),
                            fmt::format("{}：{} + {} 超出金额上限", name, number(name), delta));
    error.rule = "R-OVERFLOW";
    return error;
  }
  setNumber(name, sum);
  return {};
}

bool EntityRecord::operator==(const EntityRecord& other) const {
  return trail_.count == other.trail_.count && trail_.hash == other.trail_.hash && packed_ == other.packed_;
}

}  // namespace pilotledger::proof
