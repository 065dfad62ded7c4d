#include "events/reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/civil_date.h"
#include "events/money.h"
#include "events/uuid.h"

namespace pilotledger::events {
namespace {

using Which = capnp::schema::Type::Which;

std::string dataText(const Field& field, capnp::Data::Reader data) {
  if (field.format == Format::Uuid && data.size() == 16) {
    EventId id;
    std::copy(data.begin(), data.end(), id.begin());
    return formatUuid(id);
  }
  std::string out;
  for (auto byte : data) out += fmt::format("{:02x}", byte);
  return out;
}

void collect(const capnp::DynamicStruct::Reader& from, const FieldPath& path, std::size_t step,
             std::vector<std::string>& out) {
  const Field& field = *path[step];
  auto take = [&](const capnp::DynamicValue::Reader& value) {
    if (step + 1 < path.size()) {
      collect(value.as<capnp::DynamicStruct>(), path, step + 1, out);
    } else if (auto text = scalarText(field, value); !text.empty()) {
      out.push_back(field.format == Format::Vkey ? keyNameOf(text) : std::move(text));
    }
  };
  auto value = from.get(field.raw);
  if (!field.isList) return take(value);
  for (auto item : value.as<capnp::DynamicList>()) take(item);
}

// The texts of a template: one, or as many as its list part has. None when a part is empty.
std::vector<std::string> resolve(const Event& event, const capnp::DynamicStruct::Reader& body,
                                 const TextTemplate& source) {
  std::vector<std::string> results{""};
  for (const auto& part : source.parts) {
    if (part.eventId) {
      for (auto& text : results) text += formatUuid(event.id());
    } else if (part.path.empty()) {
      for (auto& text : results) text += part.literal;
    } else {
      std::vector<std::string> values;
      collect(body, part.path, 0, values);
      std::vector<std::string> product;
      for (const auto& text : results) {
        for (const auto& value : values) product.push_back(text + value);
      }
      results = std::move(product);
    }
  }
  return results;
}

std::string accountText(const Event& event, const capnp::DynamicStruct::Reader& body, const TextTemplate& source) {
  auto texts = resolve(event, body, source);
  return texts.empty() ? source.source.substr(0, source.source.find('{')) + "unspecified" : texts.front();
}

}  // namespace

std::string scalarText(const Field& field, const capnp::DynamicValue::Reader& value) {
  switch (field.type) {
    case Which::TEXT: return value.as<capnp::Text>().cStr();
    case Which::DATA: return dataText(field, value.as<capnp::Data>());
    case Which::ENUM: {
      std::uint16_t raw = value.as<capnp::DynamicEnum>().getRaw();
      return raw == 0 ? "" : field.enumeration->values[raw].code;
    }
    case Which::BOOL: return value.as<bool>() ? "true" : "false";
    case Which::UINT64: return std::to_string(value.as<std::uint64_t>());
    case Which::INT8: case Which::INT16: case Which::INT32: case Which::INT64: case Which::UINT8:
    case Which::UINT16: case Which::UINT32: {
      auto number = value.as<std::int64_t>();
      if (field.format == Format::Date) return formatCivilDate(static_cast<std::int32_t>(number));
      if (field.format == Format::Currency) return std::string(currencyAlpha(static_cast<std::uint16_t>(number)));
      return std::to_string(number);
    }
    case Which::VOID: case Which::FLOAT32: case Which::FLOAT64: case Which::LIST: case Which::STRUCT:
    case Which::INTERFACE: case Which::ANY_POINTER: break;
  }
  return "";
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
  for (const EntityRule& rule : event.kind().entities) {
    for (auto& id : resolve(event, body, rule.id)) {
      auto same = std::find_if(named.begin(), named.end(),
                               [&](const NamedEntity& n) { return n.kind == rule.kind && n.id == id; });
      if (same != named.end()) {
        same->mode = std::max(same->mode, rule.mode);
      } else {
        named.push_back({rule.mode, rule.kind, std::move(id)});
      }
    }
  }
  return named;
}

Result<std::vector<Posting>> postingsOf(const Event& event) {
  std::vector<Posting> postings;
  const auto& rule = event.kind().postings;
  if (!rule) return postings;
  auto body = event.body();
  std::vector<std::string> books;
  collect(body, rule->books, 0, books);
  std::int64_t sum = 0;
  for (const auto& leg : rule->legs) {
    std::int64_t amount = body.get(leg.amount->raw).as<std::int64_t>();
    bool overflow = leg.negative && __builtin_sub_overflow(0, amount, &amount);
    if (overflow || __builtin_add_overflow(sum, amount, &sum)) {
      return invalidInput("postings overflow a 64-bit amount", "分录金额溢出");
    }
    if (amount == 0) continue;
    postings.push_back({books.empty() ? "" : books.front(), accountText(event, body, leg.account), amount});
  }
  if (sum != 0) {
    return invalidInput(fmt::format("postings of {} do not balance: off by {}", event.kind().name, sum),
                        fmt::format("{}的分录不平，差额 {}", event.kind().label.zh, sum));
  }
  return postings;
}

}  // namespace pilotledger::events
