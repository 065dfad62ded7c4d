#include "events/reference.h"

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/money.h"

namespace pilotledger::events {
namespace {

using Which = capnp::schema::Type::Which;

std::string dataText(const Field& field, std::string_view data) {
  if (field.format == Format::Uuid && data.size() == 16) {
    EventId id;
    std::copy(data.begin(), data.end(), id.begin());
    return formatUuid(id);
  }
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(data.size() * 2);
  for (char byte : data) {
    out += kDigits[static_cast<unsigned char>(byte) >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

void appendScalar(std::string& out, const Field& field, const Scalar& value) {
  if (field.type == Which::TEXT && field.format != Format::Vkey) {
    out += value.bytes;
  } else if (std::string text = scalarText(field, value); !text.empty()) {
    out += field.format == Format::Vkey ? keyNameOf(text) : text;
  }
}

void collect(const StructView& from, const FieldPath& path, std::size_t step, std::vector<std::string>& out) {
  const Field& field = *path[step];
  if (step + 1 < path.size()) {
    auto descend = [&](const StructView& child) { collect(child, path, step + 1, out); };
    return field.isList ? from.eachStruct(field, descend) : descend(from.child(field));
  }
  auto take = [&](const Scalar& value) {
    std::string text;
    appendScalar(text, field, value);
    if (!text.empty()) out.push_back(std::move(text));
  };
  return field.isList ? from.eachScalar(field, take) : take(from.scalar(field));
}

void collectHashes(const StructView& from, const std::vector<Field>& fields, std::vector<std::string>& out) {
  for (const Field& field : fields) {
    if (field.element != nullptr) {
      auto inside = [&](const StructView& element) { collectHashes(element, field.element->fields, out); };
      if (field.isList) from.eachStruct(field, inside);
      else if (from.has(field)) inside(from.child(field));
    } else if (field.format == Format::Hash) {
      auto take = [&](const Scalar& value) {
        if (!value.bytes.empty()) out.push_back(dataText(field, value.bytes));
      };
      field.isList ? from.eachScalar(field, take) : take(from.scalar(field));
    }
  }
}

bool namesOne(const TextTemplate& source) {
  return std::none_of(source.parts.begin(), source.parts.end(), [](const TextTemplate::Part& part) {
    return std::any_of(part.path.begin(), part.path.end(), [](const Field* field) { return field->isList; });
  });
}

// `text`, continued by a template without lists; empty when a part is, and the template names nothing.
std::string resolveOne(const Event& event, const StructView& body, const TextTemplate& source, std::string text) {
  for (const auto& part : source.parts) {
    if (part.eventId) {
      text += formatUuid(event.id());
    } else if (part.path.empty()) {
      text += part.literal;
    } else {
      StructView from = body;
      for (std::size_t step = 0; step + 1 < part.path.size(); ++step) from = from.child(*part.path[step]);
      std::size_t before = text.size();
      appendScalar(text, *part.path.back(), from.scalar(*part.path.back()));
      if (text.size() == before) return {};
    }
  }
  return text;
}

// `text`, continued by a template: once, or as often as its list part has values. Never when a part is empty.
std::vector<std::string> resolve(const Event& event, const StructView& body, const TextTemplate& source,
                                 std::string text) {
  std::vector<std::string> results{std::move(text)};
  for (const auto& part : source.parts) {
    if (part.eventId) {
      for (auto& result : results) result += formatUuid(event.id());
    } else if (part.path.empty()) {
      for (auto& result : results) result += part.literal;
    } else {
      std::vector<std::string> values;
      collect(body, part.path, 0, values);
      std::vector<std::string> product;
      for (const auto& result : results) {
        for (const auto& value : values) product.push_back(result + value);
      }
      results = std::move(product);
    }
  }
  return results;
}

}  // namespace

std::string scalarText(const Field& field, const Scalar& value) {
  if (field.type == Which::TEXT) return std::string(value.bytes);
  if (field.type == Which::DATA) return dataText(field, value.bytes);
  if (field.type == Which::ENUM)
    return value.number == 0 ? "" : field.enumeration->values[static_cast<std::size_t>(value.number)].code;
  if (field.type == Which::BOOL) return value.number != 0 ? "true" : "false";
  if (field.type == Which::UINT64) return std::to_string(static_cast<std::uint64_t>(value.number));
  if (field.format == Format::Date) return formatCivilDate(static_cast<std::int32_t>(value.number));
  if (field.format == Format::Currency) return std::string(currencyAlpha(static_cast<std::uint16_t>(value.number)));
  return std::to_string(value.number);
}

std::string keyNameOf(std::string_view vkey) {
  std::size_t first = vkey.find('+');
  return std::string(vkey.substr(0, first == vkey.npos ? vkey.size() : first + 9));
}

std::vector<std::string> textsAt(const Event& event, const FieldPath& path) {
  std::vector<std::string> out;
  collect(event.body(), path, 0, out);
  return out;
}

std::vector<NamedEntity> entitiesOf(const Event& event) {
  std::vector<NamedEntity> named;
  auto body = event.body();
  const auto& rules = event.kind().entities;
  named.reserve(rules.size());
  auto add = [&](const EntityRule& rule, std::string&& key) {
    auto same = std::find_if(named.begin(), named.end(), [&](const NamedEntity& n) { return n.key == key; });
    if (same != named.end()) {
      same->mode = std::max(same->mode, rule.mode);
      same->confidentiality = std::min(same->confidentiality, rule.confidentiality);
    } else {
      named.push_back({rule.mode, rule.kind, std::move(key), rule.confidentiality});
    }
  };
  for (const EntityRule& rule : rules) {
    if (!namesOne(rule.id)) {
      for (auto& key : resolve(event, body, rule.id, rule.kind + ":")) add(rule, std::move(key));
    } else if (std::string key = resolveOne(event, body, rule.id, rule.kind + ":"); !key.empty()) {
      add(rule, std::move(key));
    }
  }
  return named;
}

std::vector<std::string> committedHashes(const Event& event) {
  std::vector<std::string> hashes;
  collectHashes(event.header(), headerInfo().fields, hashes);
  collectHashes(event.body(), event.kind().body->fields, hashes);
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

}  // namespace pilotledger::events
