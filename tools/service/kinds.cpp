#include "tools/service/kinds.h"

#include <fmt/format.h>

#include <limits>
#include <vector>

#include "events/base/text.h"

namespace pilotledger::service {
namespace {

using Json = nlohmann::ordered_json;
using Which = capnp::schema::Type;

Json labelJson(const events::Label& label) { return {{"en", label.en}, {"zh", label.zh}}; }

Json integerJson(std::int64_t low, std::int64_t high) {
  return {{"type", "integer"}, {"minimum", low}, {"maximum", high}};
}

// A 64-bit integer is written as a string; an integer is read too.
Json longJson(bool isSigned) {
  return {{"type", {"string", "integer"}},
          {"pattern", isSigned ? "^-?(0|[1-9][0-9]{0,18})$" : "^(0|[1-9][0-9]{0,18})$"}};
}

Json textJson(events::Format format) {
  using events::Format;
  switch (format) {
    case Format::Uuid: return {{"type", "string"}, {"format", "uuid"}};
    case Format::Hash: return {{"type", "string"}, {"pattern", "^([0-9a-f]{2})+$"}};
    case Format::Commitment: return {{"type", "string"}, {"pattern", "^[0-9a-f]{64}$"}};
    case Format::Decimal: return {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]+)?$"}};
    case Format::Division: return {{"type", "string"}, {"x-format", "GB/T 2260, or an ISO 3166 code"}};
    case Format::Party: return {{"type", "string"}, {"x-format", "party code"}};
    case Format::Ip: return {{"type", "string"}, {"x-format", "number of an IP right, in any usual spelling"}};
    case Format::Vkey: return {{"type", "string"}, {"x-format", "C2SP verifier key"}};
    case Format::None:
    case Format::Date:
    case Format::Money:
    case Format::Bp:
    case Format::DocNo:
    case Format::Currency:
    case Format::Id: break;
  }
  return {{"type", "string"}};
}

Json numberJson(const events::Field& field) {
  if (field.format == events::Format::Date) return {{"type", "string"}, {"format", "date"}};
  if (field.format == events::Format::Currency) return {{"type", "string"}, {"pattern", "^[A-Z]{3}$"}};
  struct Range {
    Which::Which type;
    std::int64_t low, high;
  };
  constexpr Range kRanges[] = {{Which::INT8, INT8_MIN, INT8_MAX},    {Which::INT16, INT16_MIN, INT16_MAX},
                               {Which::INT32, INT32_MIN, INT32_MAX}, {Which::UINT8, 0, UINT8_MAX},
                               {Which::UINT16, 0, UINT16_MAX},       {Which::UINT32, 0, UINT32_MAX}};
  for (const Range& range : kRanges) {
    if (range.type == field.type) return integerJson(range.low, range.high);
  }
  return longJson(field.type != Which::UINT64);
}

Json structJson(const events::StructInfo& info);

Json valueJson(const events::Field& field) {
  if (field.element != nullptr) return structJson(*field.element);
  if (field.enumeration != nullptr) {
    Json json = {{"type", "string"}, {"enum", Json::array()}, {"x-labels", Json::object()}};
    for (std::size_t i = 1; i < field.enumeration->values.size(); ++i) {
      const events::EnumerantInfo& value = field.enumeration->values[i];
      json["enum"].push_back(value.code);
      json["x-labels"][value.code] = labelJson(value.label);
    }
    return json;
  }
  if (field.type == Which::BOOL) return {{"type", "boolean"}};
  if (field.type == Which::TEXT || field.type == Which::DATA) return textJson(field.format);
  return numberJson(field);
}

Json fieldJson(const events::Field& field) {
  Json json = valueJson(field);
  if (field.isList) json = {{"type", "array"}, {"items", std::move(json)}};
  json["title"] = field.label.en;
  json["x-label"] = labelJson(field.label);
  if (field.format == events::Format::Money) json["x-unit"] = "minor units of the event's currency";
  if (field.format == events::Format::Bp) json["x-unit"] = "basis points";
  if (field.confidentiality != events::Confidentiality::PUBLIC)
    json["x-shown-to"] = labelJson(events::confidentialityInfo(field.confidentiality).label);
  if (!field.sealed.empty()) json["x-sealed"] = field.sealed;
  return json;
}

Json structJson(const events::StructInfo& info) {
  Json json = {{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
  for (const events::Field& field : info.fields) {
    json["properties"][field.name] = fieldJson(field);
    if (field.required) json["required"].push_back(field.name);
  }
  return json;
}

}  // namespace

Result<const events::Kind*> requireKind(const std::string& name) {
  if (const events::Kind* kind = events::findKind(name)) return kind;
  std::vector<std::string_view> names;
  for (const auto& kind : events::kinds()) names.push_back(kind.name);
  std::string_view close = events::nearest(name, names);
  return makeError(
      ErrorCode::NotFound,
      fmt::format("no event kind '{}'{}", name, close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
      fmt::format("没有事件种类“{}”{}", name, close.empty() ? "" : fmt::format("；是否为“{}”？", close)));
}

Json kindSummary(const events::Kind& kind) {
  return {{"name", kind.name},
          {"label", labelJson(kind.label)},
          {"signers", kind.signersNow().text},
          {"importable", kind.importable},
          {"shown_to", labelJson(events::confidentialityInfo(kind.confidentiality).label)}};
}

Json kindSchema(const events::Kind& kind) {
  Json json = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", kind.label.en}};
  json["x-label"] = labelJson(kind.label);
  json["x-signers"] = kind.signersNow().text;
  json["x-importable"] = kind.importable;
  json["x-shown-to"] = labelJson(events::confidentialityInfo(kind.confidentiality).label);
  json["type"] = "object";
  json["properties"]["kind"] = {{"const", kind.name}};
  json["required"] = {"kind", "body"};
  for (const events::Field& field : events::headerInfo().fields) {
    json["properties"][field.name] = fieldJson(field);
    if (field.required && field.name != "id") json["required"].push_back(field.name);
  }
  json["properties"]["body"] = structJson(*kind.body);
  json["additionalProperties"] = false;
  return json;
}

}  // namespace pilotledger::service
