#include "events/json.h"

#include <capnp/message.h>
#include <fmt/format.h>
#include <kj/exception.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "events/admission.h"
#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/base/uuid.h"
#include "events/identifiers.h"
#include "events/money.h"
#include "events/reference.h"

namespace pilotledger::events {
namespace {

using Json = nlohmann::ordered_json;
using Which = capnp::schema::Type::Which;

constexpr std::string_view kPlaceholder = "<填写";

Error wrongShape(std::string_view expected, std::string_view zh, const Json& found) {
  std::string text = found.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 80);
  return invalidInput(fmt::format("expected {}, found {}", expected, text), fmt::format("应为{}，实为 {}", zh, text));
}

// --- reading

Result<std::int64_t> integerOf(const Json& json) {
  if (json.is_number_integer() && !(json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)) {
    return json.get<std::int64_t>();
  }
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    std::int64_t value = 0;
    auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure == std::errc{} && end == text.data() + text.size() && !text.empty()) return value;
  }
  return wrongShape("a 64-bit integer", "64 位整数", json);
}

struct Range {
  std::int64_t low;
  std::int64_t high;
};

Range rangeOf(Which type) {
  switch (type) {
    case Which::INT8: return {INT8_MIN, INT8_MAX};
    case Which::INT16: return {INT16_MIN, INT16_MAX};
    case Which::INT32: return {INT32_MIN, INT32_MAX};
    case Which::UINT8: return {0, UINT8_MAX};
    case Which::UINT16: return {0, UINT16_MAX};
    case Which::UINT32: return {0, UINT32_MAX};
    case Which::UINT64: return {0, INT64_MAX};
    case Which::INT64:
    case Which::VOID:
    case Which::BOOL:
    case Which::FLOAT32:
    case Which::FLOAT64:
    case Which::TEXT:
    case Which::DATA:
    case Which::LIST:
    case Which::ENUM:
    case Which::STRUCT:
    case Which::INTERFACE:
    case Which::ANY_POINTER: break;
  }
  return {INT64_MIN, INT64_MAX};
}

Result<std::int64_t> numberOf(const Field& field, const Json& json) {
  if (field.format == Format::Date || field.format == Format::Currency) {
    if (!json.is_string()) return wrongShape("a text such as \"2026-02-28\" or \"CNY\"", "文本", json);
    const auto& text = json.get_ref<const std::string&>();
    if (field.format == Format::Date) {
      PL_TRY(std::int32_t date, parseCivilDate(text));
      return std::int64_t{date};
    }
    PL_TRY(std::uint16_t currency, parseCurrency(text));
    return std::int64_t{currency};
  }
  PL_TRY(std::int64_t value, integerOf(json));
  Range range = rangeOf(field.type);
  if (value < range.low || value > range.high) {
    return wrongShape(fmt::format("an integer {}..{}", range.low, range.high),
                      fmt::format("{} 至 {} 的整数", range.low, range.high), json);
  }
  return value;
}

Result<Bytes> dataOf(const Field& field, const Json& json) {
  if (!json.is_string()) return wrongShape("a text", "文本", json);
  const auto& text = json.get_ref<const std::string&>();
  if (field.format == Format::Uuid) {
    PL_TRY(EventId id, parseUuid(text));
    return Bytes(id.begin(), id.end());
  }
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    std::uint8_t byte = 0;
    auto [end, failure] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (failure != std::errc{} || end != text.data() + i + 2) break;
    bytes.push_back(byte);
  }
  if (bytes.size() * 2 != text.size() || bytes.size() != 32) {
    return wrongShape("64 hexadecimal digits", "64 位十六进制数", json);
  }
  return bytes;
}

Result<std::uint16_t> enumerantOf(const Field& field, const Json& json) {
  if (json.is_string()) {
    if (auto found = field.enumeration->find(json.get_ref<const std::string&>())) return *found;
  }
  std::string codes;
  for (std::size_t i = 1; i < field.enumeration->values.size(); ++i) {
    codes += (i > 1 ? ", " : "") + field.enumeration->values[i].code;
  }
  return wrongShape("one of " + codes, "以下之一：" + codes, json);
}

Status fill(const StructInfo& info, const Json& json, capnp::DynamicStruct::Builder builder);

// Builds one scalar and hands it to `put`, which stores it in a field or a list slot.
template <typename Put>
Status fillScalar(const Field& field, const Json& json, Put put) {
  if (json.is_string() && json.get_ref<const std::string&>().starts_with(kPlaceholder)) {
    return invalidInput("still as in the template; write the value, or delete the field",
                        "仍为模板占位文字；请填写实际值，或删去该字段");
  }
  switch (field.type) {
    case Which::TEXT: {
      if (!json.is_string()) return wrongShape("a text", "文本", field.sealed.empty() ? json : Json("(not shown)"));
      const auto& text = json.get_ref<const std::string&>();
      if (text.empty()) return {};
      PL_TRY(std::string canonical, admittedText(field, text));
      if (!canonical.empty()) put(capnp::Text::Reader(canonical.c_str(), canonical.size()));
      return {};
    }
    case Which::DATA: {
      if (json.is_string() && json.get_ref<const std::string&>().empty()) return {};
      PL_TRY(Bytes bytes, dataOf(field, json));
      put(capnp::Data::Reader(bytes.data(), bytes.size()));
      return {};
    }
    case Which::ENUM: {
      PL_TRY(std::uint16_t raw, enumerantOf(field, json));
      auto schema = field.raw.getType();
      auto enumSchema = field.isList ? schema.asList().getElementType().asEnum() : schema.asEnum();
      put(capnp::DynamicEnum(enumSchema, raw));
      return {};
    }
    case Which::BOOL: {
      if (!json.is_boolean()) return wrongShape("true or false", "true 或 false", json);
      put(json.get<bool>());
      return {};
    }
    case Which::INT8:
    case Which::INT16:
    case Which::INT32:
    case Which::INT64:
    case Which::UINT8:
    case Which::UINT16:
    case Which::UINT32:
    case Which::UINT64: {
      PL_TRY(std::int64_t value, numberOf(field, json));
      put(value);
      return {};
    }
    case Which::STRUCT:
    case Which::LIST:
    case Which::VOID:
    case Which::FLOAT32:
    case Which::FLOAT64:
    case Which::INTERFACE:
    case Which::ANY_POINTER: break;
  }
  PL_ASSERT(!"not a scalar");
  return {};
}

Status fillList(const Field& field, const Json& json, capnp::DynamicStruct::Builder builder) {
  if (!json.is_array()) return wrongShape("a list", "列表", json);
  if (json.empty()) return {};
  if (json.size() > kMaxListItems)
    return wrongShape(fmt::format("at most {} items", kMaxListItems), "更短的列表", json);
  auto list = builder.init(field.raw, static_cast<unsigned>(json.size())).as<capnp::DynamicList>();
  for (unsigned i = 0; i < json.size(); ++i) {
    Status status = field.type == Which::STRUCT
                        ? fill(*field.element, json[i], list[i].as<capnp::DynamicStruct>())
                        : fillScalar(field, json[i], [&](const capnp::DynamicValue::Reader& v) { list.set(i, v); });
    if (!status.ok()) return std::move(status).error().within(fmt::format("[{}]", i));
  }
  return {};
}

Status fillField(const Field& field, const Json& json, capnp::DynamicStruct::Builder builder) {
  if (json.is_null()) return {};
  if (field.isList) return fillList(field, json, builder);
  if (field.type == Which::STRUCT) {
    return fill(*field.element, json, builder.init(field.raw).as<capnp::DynamicStruct>());
  }
  return fillScalar(field, json, [&](const capnp::DynamicValue::Reader& value) { builder.set(field.raw, value); });
}

Error unknownKey(const StructInfo& info, const std::string& key) {
  std::vector<std::string_view> names;
  for (const Field& field : info.fields) names.push_back(field.name);
  std::string_view close = nearest(key, names);
  std::string hint = close.empty() ? "" : fmt::format("; did you mean '{}'?", close);
  std::string hintZh = close.empty() ? "" : fmt::format("；是否为“{}”？", close);
  return invalidInput("unknown field" + hint, "未知字段" + hintZh);
}

Status fill(const StructInfo& info, const Json& json, capnp::DynamicStruct::Builder builder) {
  if (!json.is_object()) return wrongShape("an object", "对象", json);
  for (const auto& [key, value] : json.items()) {
    const Field* field = info.find(key);
    Status status = field == nullptr ? Status(unknownKey(info, key)) : fillField(*field, value, builder);
    if (!status.ok()) return std::move(status).error().within(shortened(key));
  }
  return {};
}

Result<const Kind*> kindNamed(const Json& json) {
  auto name = json.find("kind");
  if (name == json.end() || !name->is_string()) {
    return invalidInput("kind: expected the name of an event kind (see 'pilotledger catalogue')",
                        "kind：应为事件种类名称（见 pilotledger catalogue）");
  }
  const auto& text = name->get_ref<const std::string&>();
  if (const Kind* kind = findKind(text)) return kind;
  std::vector<std::string_view> names;
  for (const Kind& kind : kinds()) names.push_back(kind.name);
  std::string_view close = nearest(text, names);
  return invalidInput(fmt::format("kind: unknown event kind '{}'{}", shortened(text),
                                  close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
                      fmt::format("kind：未知事件种类“{}”{}", shortened(text),
                                  close.empty() ? "" : fmt::format("；是否为“{}”？", close)));
}

Result<Bytes> buildEvent(const Json& json) {
  if (!json.is_object()) return wrongShape("an event object", "事件对象", json);
  PL_TRY(const Kind* kind, kindNamed(json));
  capnp::MallocMessageBuilder message;
  auto event = message.initRoot<schema::Event>();
  auto body = capnp::DynamicStruct::Builder(event.getBody()).init(kind->unionField).as<capnp::DynamicStruct>();
  bool hasBody = false;
  for (const auto& [key, value] : json.items()) {
    if (key == "kind") continue;
    if (key == "body") {
      hasBody = true;
      if (auto status = fill(*kind->body, value, body); !status.ok()) return std::move(status).error().within("body");
    } else {
      const Field* field = headerInfo().find(key);
      Status status =
          field == nullptr ? Status(unknownKey(headerInfo(), key)) : fillField(*field, value, capnp::toDynamic(event));
      if (!status.ok()) return std::move(status).error().within(shortened(key));
    }
  }
  if (!hasBody) return invalidInput("body: missing", "body：缺失");
  return encode(event);
}

// --- writing

Json jsonOfScalar(const Field& field, const Scalar& value, const JsonReader& reader) {
  if (!field.sealed.empty() && reader.open) return reader.open(std::string(value.bytes));
  if (field.type == Which::BOOL) return value.number != 0;
  bool textual = field.type == Which::TEXT || field.type == Which::DATA || field.type == Which::ENUM ||
                 field.format == Format::Date || field.format == Format::Currency;
  if (textual) return scalarText(field, value);
  if (field.type == Which::INT64 || field.type == Which::UINT64) return std::to_string(value.number);
  return value.number;
}

Json jsonOfStruct(const StructInfo& info, const StructView& view, const JsonReader& reader) {
  Json object = Json::object();
  for (const Field& field : info.fields) {
    if (field.confidentiality > reader.clearance) continue;
    Json value;
    if (field.isList) {
      value = Json::array();
      if (field.type == Which::STRUCT) {
        view.eachStruct(field,
                        [&](const StructView& item) { value.push_back(jsonOfStruct(*field.element, item, reader)); });
      } else {
        view.eachScalar(field, [&](const Scalar& item) { value.push_back(jsonOfScalar(field, item, reader)); });
      }
    } else if (field.type == Which::STRUCT) {
      value = jsonOfStruct(*field.element, view.child(field), reader);
    } else if (Scalar scalar = view.scalar(field); scalar.number != 0 || !scalar.bytes.empty()) {
      value = jsonOfScalar(field, scalar, reader);
    }
    if (!value.is_null() && !(value.is_structured() && value.empty())) object[field.name] = std::move(value);
  }
  return object;
}

void nameWithheld(const StructInfo& info, Confidentiality clearance, const std::string& path, Json& names) {
  for (const Field& field : info.fields) {
    if (field.confidentiality > clearance) {
      names.push_back(path + field.name);
    } else if (field.element != nullptr) {
      nameWithheld(*field.element, clearance, path + field.name + (field.isList ? "[]." : "."), names);
    }
  }
}

Json placeholder(const Field& field);

Json placeholderOf(const StructInfo& info) {
  Json object = Json::object();
  for (const Field& field : info.fields) object[field.name] = placeholder(field);
  return object;
}

std::string exampleOf(const Field& field) {
  if (field.type == Which::ENUM) return field.enumeration->values[1].code;
  if (field.type == Which::BOOL) return "false";
  switch (field.format) {
    case Format::Date: return "2026-03-01";
    case Format::Currency: return "CNY";
    case Format::Uuid: return "01956c00-0000-7000-8000-000000000001";
    case Format::Hash:
    case Format::Commitment: return std::string(64, '0');
    case Format::Decimal: return "0.5";
    case Format::Party: return "91330100MA2PLT015B";
    case Format::Ip: return "ZL202311000001.1";
    case Format::DocNo: return "浙财建〔2026〕1号";
    case Format::Division: return "330000";
    case Format::Vkey: return "name+00000000+<base64, see 'pilotledger key show'>";
    case Format::Id: return field.name + "-1";
    case Format::Money: return "100000";
    case Format::Bp: return "5000";
    case Format::None: break;
  }
  return field.type == Which::TEXT ? field.label.zh : "1";
}

Json placeholderScalar(const Field& field) {
  if (field.type == Which::STRUCT) return placeholderOf(*field.element);
  return fmt::format("{}: {} {}; 例: {}>", kPlaceholder, field.label.zh, field.label.en, exampleOf(field));
}

Json placeholder(const Field& field) {
  return field.isList ? Json::array({placeholderScalar(field)}) : placeholderScalar(field);
}

}  // namespace

Result<Bytes> eventFromJson(const Json& json) {
  try {
    return buildEvent(json);
  } catch (const kj::Exception& exception) {
    return invalidInput(fmt::format("event: {}", exception.getDescription().cStr()));
  }
}

Result<Bytes> eventFromJsonText(std::string_view text) {
  PL_TRY(Json json, parseJson(text));
  return eventFromJson(json);
}

Json jsonOf(const Event& event) { return jsonOf(event, {}); }

Json jsonOf(const Event& event, const JsonReader& reader) {
  Json json = Json::object();
  const Kind& kind = event.kind();
  json["kind"] = kind.name;
  Json header = jsonOfStruct(headerInfo(), event.header(), reader);
  if (!kind.hasMoney) header.erase("currency");
  json.update(header);
  Json withheld = Json::array();
  if (kind.confidentiality > reader.clearance) {
    withheld = {"evidence", "refs", "body"};
    json.erase("evidence");
    json.erase("refs");
    json["body"] = Json::object();
  } else {
    json["body"] = jsonOfStruct(*kind.body, event.body(), reader);
    nameWithheld(*kind.body, reader.clearance, "body.", withheld);
  }
  if (!withheld.empty()) {
    // The id keeps what is withheld from being found by trying, against the entry's digest.
    json.erase("id");
    withheld.insert(withheld.begin(), "id");
    json["withheld"] = std::move(withheld);
  }
  return json;
}

std::string eventToJson(const Event& event) {
  return jsonOf(event).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string templateJson(const Kind& kind) {
  Json json = Json::object();
  json["kind"] = kind.name;
  json.update(placeholderOf(headerInfo()));
  if (!kind.hasMoney) json.erase("currency");
  json.erase("source");  // only importers fill it in
  json.erase("id");      // derived when the event is recorded
  json["body"] = placeholderOf(*kind.body);
  return json.dump(2);
}

}  // namespace pilotledger::events
