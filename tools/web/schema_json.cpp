// Writes what the page needs of the event schema as one JSON object, so that it has no list of kinds and fields of its
// own: where each field lies in the bytes, its format and labels, and how the ids of entities are made.
#include <capnp/schema.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "events/money.h"
#include "events/schema/schema.h"

namespace {

using namespace pilotledger::events;
using Json = nlohmann::ordered_json;
using Which = capnp::schema::Type::Which;

constexpr int kMaxCurrency = 999;  // ISO 4217 numbers have three digits

std::string_view formatName(Format format) {
  constexpr std::string_view kNames[] = {"",   "date",  "money",    "bp",       "uuid", "hash", "decimal",   "party",
                                         "ip", "docno", "division", "currency", "vkey", "id",   "commitment"};
  return kNames[static_cast<std::size_t>(format)];
}

std::string_view typeName(Which type) {
  switch (type) {
    case Which::TEXT: return "text";
    case Which::DATA: return "data";
    case Which::STRUCT: return "struct";
    case Which::ENUM: return "enum";
    case Which::BOOL: return "bool";
    case Which::INT8: return "int8";
    case Which::INT16: return "int16";
    case Which::INT32: return "int32";
    case Which::INT64: return "int64";
    case Which::UINT8: return "uint8";
    case Which::UINT16: return "uint16";
    case Which::UINT32: return "uint32";
    case Which::UINT64: return "uint64";
    case Which::VOID:
    case Which::FLOAT32:
    case Which::FLOAT64:
    case Which::LIST:
    case Which::INTERFACE:
    case Which::ANY_POINTER: break;
  }
  PL_ASSERT(!"the schema has no field of this type");
  return "";
}

Json labelJson(const Label& label) { return Json::array({label.zh, label.en}); }

// Structs and enums by number, each once.
class SchemaWriter {
 public:
  Json write() {
    Json out;
    out["header"] = structNumber(&headerInfo());
    auto body = headerInfo().schema.getFieldByName("body").getType().asStruct();
    out["kindSlot"] = body.getProto().getStruct().getDiscriminantOffset();
    out["years"] = {kMinYear, kMaxYear};
    for (const Kind& kind : kinds()) out["kinds"].push_back(kindJson(kind));
    out["structs"] = structs_;
    out["enums"] = enums_;
    for (int numeric = 0; numeric <= kMaxCurrency; ++numeric) {
      auto number = static_cast<std::uint16_t>(numeric);
      if (isKnownCurrency(number)) {
        out["currencies"].push_back({numeric, currencyAlpha(number), currencyDigits(number)});
      }
    }
    return out;
  }

 private:
  std::size_t structNumber(const StructInfo* info) {
    if (auto at = structNumbers_.find(info); at != structNumbers_.end()) return at->second;
    std::size_t number = structs_.size();
    structNumbers_[info] = number;
    structs_.push_back(nullptr);
    Json fields = Json::array();
    for (const Field& field : info->fields) fields.push_back(fieldJson(field));
    structs_[number] = {{"name", info->name},
                        {"mask", info->dataMask},
                        {"pointers", info->pointerCount},
                        {"fields", std::move(fields)}};
    return number;
  }

  std::size_t enumNumber(const EnumInfo* info) {
    if (auto at = enumNumbers_.find(info); at != enumNumbers_.end()) return at->second;
    std::size_t number = enumNumbers_[info] = enums_.size();
    Json values = Json::array();
    for (const EnumerantInfo& value : info->values) values.push_back({value.code, value.label.zh, value.label.en});
    enums_.push_back({{"name", info->name}, {"label", labelJson(info->label)}, {"values", std::move(values)}});
    return number;
  }

  Json fieldJson(const Field& field) {
    Json out = {
        {"name", field.name}, {"label", labelJson(field.label)}, {"type", typeName(field.type)}, {"slot", field.slot}};
    if (field.format != Format::None) out["format"] = formatName(field.format);
    if (field.required) out["required"] = true;
    if (field.isList) out["list"] = true;
    if (field.defaultBits != 0) out["default"] = field.defaultBits;
    if (!field.sealed.empty()) out["sealed"] = field.sealed;
    if (field.element != nullptr) out["struct"] = structNumber(field.element);
    if (field.enumeration != nullptr) out["enum"] = enumNumber(field.enumeration);
    return out;
  }

  // An id as literals, "@id" of the event, and what a field of it is: its format and whether it may be sealed.
  static Json idJson(const TextTemplate& id) {
    Json parts = Json::array();
    for (const auto& part : id.parts) {
      if (part.eventId) {
        parts.push_back({{"eventId", true}});
      } else if (part.path.empty()) {
        parts.push_back({{"literal", part.literal}});
      } else {
        parts.push_back(
            {{"format", formatName(part.path.back()->format)}, {"sealed", !part.path.back()->sealed.empty()}});
      }
    }
    return parts;
  }

  Json kindJson(const Kind& kind) {
    Json out = {{"name", kind.name},
                {"label", labelJson(kind.label)},
                {"body", structNumber(kind.body)},
                {"slot", kind.bodyField.slot},
                {"signers", kind.signersNow().text}};
    for (const EntityRule& rule : kind.entities) {
      out["entities"].push_back({{"kind", rule.kind}, {"id", idJson(rule.id)}});
    }
    return out;
  }

  std::map<const StructInfo*, std::size_t> structNumbers_;
  std::map<const EnumInfo*, std::size_t> enumNumbers_;
  Json structs_ = Json::array(), enums_ = Json::array();
};

}  // namespace

// pilotledger-schema-json FILE
int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ofstream out(argv[1]);
  out << SchemaWriter().write().dump() << "\n";
  return out.flush() ? 0 : 1;
}
