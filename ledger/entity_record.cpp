#include "ledger/entity_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "ledger/crypto/encoding.h"

namespace pilotledger::ledger {
namespace {

using Attribute = std::pair<std::string, std::string>;

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

Error malformed(std::string_view what, std::string_view line) {
  return makeError(ErrorCode::Corruption, fmt::format("entity record: {} in line '{}'", what, line));
}

Result<EntityRecord::Trail> parseTrail(std::string_view line) {
  constexpr std::string_view kWord = "trail ";
  EntityRecord::Trail trail;
  if (!line.starts_with(kWord)) return malformed("expected the trail", line);
  line.remove_prefix(kWord.size());
  auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), trail.count);
  std::string_view rest(end, static_cast<std::size_t>(line.data() + line.size() - end));
  if (failure != std::errc{} || rest.size() != 65 || rest[0] != ' ' ||
      std::to_string(trail.count).size() + rest.size() != line.size()) {
    return malformed("bad trail", line);
  }
  PL_TRY(Bytes hash, crypto::parseHex(rest.substr(1)));
  std::copy(hash.begin(), hash.end(), trail.hash.begin());
  return trail;
}

}  // namespace

Result<EntityRecord> EntityRecord::parse(std::string_view text) {
  EntityRecord record;
  bool first = true;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return malformed("no newline at the end", rest);
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (first) {
      PL_TRY(record.trail_, parseTrail(line));
      first = false;
      continue;
    }
    std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || !isName(line.substr(0, equals))) {
      return malformed("expected name=value", line);
    }
    PL_TRY(std::string value, unescape(line.substr(equals + 1)));
    Attribute attribute(line.substr(0, equals), std::move(value));
    if (attribute.second.empty()) return malformed("empty value", line);
    if (!record.attributes_.empty() && !(record.attributes_.back() < attribute)) {
      return malformed("attributes out of order", line);
    }
    record.attributes_.push_back(std::move(attribute));
  }
  if (first) return malformed("empty", "");
  return record;
}

std::string EntityRecord::text() const {
  std::string out;
  out.reserve(96 + attributes_.size() * 40);
  out += "trail ";
  out += std::to_string(trail_.count);
  out += ' ';
  out += crypto::toHex(trail_.hash);
  out += '\n';
  for (const auto& [name, value] : attributes_) {
    out += name;
    out += '=';
    appendEscaped(out, value);
    out += '\n';
  }
  return out;
}

std::string_view EntityRecord::get(std::string_view name) const {
  for (const auto& [key, value] : attributes_) {
    if (key == name) return value;
  }
  return {};
}

std::vector<std::string_view> EntityRecord::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : attributes_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

bool EntityRecord::contains(std::string_view name, std::string_view value) const {
  return std::any_of(attributes_.begin(), attributes_.end(), [&](const Attribute& a) {
    return a.first == name && a.second == value;
  });
}

std::int64_t EntityRecord::number(std::string_view name) const {
  std::string_view value = get(name);
  std::int64_t result = 0;
  std::from_chars(value.data(), value.data() + value.size(), result);
  return result;
}

// Most attributes have one value, which is replaced where it stands.
void EntityRecord::set(std::string_view name, std::string_view value) {
  auto first = std::find_if(attributes_.begin(), attributes_.end(), [&](const Attribute& a) { return a.first == name; });
  if (first == attributes_.end()) return insert(name, value);
  auto next = std::find_if(first + 1, attributes_.end(), [&](const Attribute& a) { return a.first != name; });
  if (value.empty()) {
    attributes_.erase(first, next);
    return;
  }
  attributes_.erase(first + 1, next);
  first->second = value;
}

void EntityRecord::setNumber(std::string_view name, std::int64_t value) {
  char digits[24];
  auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
  set(name, {digits, static_cast<std::size_t>(end - digits)});
}

void EntityRecord::insert(std::string_view name, std::string_view value) {
  PL_ASSERT(isName(name));
  if (value.empty()) return;
  auto at = std::find_if(attributes_.begin(), attributes_.end(), [&](const Attribute& a) {
    int order = std::string_view(a.first).compare(name);
    return order > 0 || (order == 0 && a.second >= value);
  });
  if (at == attributes_.end() || at->first != name || at->second != value) attributes_.emplace(at, name, value);
}

void EntityRecord::erase(std::string_view name, std::string_view value) {
  std::erase_if(attributes_,
                [&](const Attribute& a) { return a.first == name && a.second == value; });
}

Status EntityRecord::add(std::string_view name, std::int64_t delta) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(number(name), delta, &sum)) {
    Error error = makeError(ErrorCode::Refused, fmt::format("{}: {} + {} does not fit a 64-bit amount", name, number(name), delta),
                            fmt::format("{}：{} + {} 超出金额上限", name, number(name), delta));
    error.rule = "R-OVERFLOW";
    return error;
  }
  setNumber(name, sum);
  return {};
}

bool EntityRecord::operator==(const EntityRecord& other) const {
  return trail_.count == other.trail_.count && trail_.hash == other.trail_.hash &&
         attributes_ == other.attributes_;
}

}  // namespace pilotledger::ledger
