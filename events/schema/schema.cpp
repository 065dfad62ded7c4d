#include "events/schema/schema.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "events/base/result.h"

namespace pilotledger::events {
namespace {

// Ids of annotations.capnp.
constexpr std::uint64_t kZh = 0xd1c2a9f0e4b35701, kEn = 0xd1c2a9f0e4b35702, kSigners = 0xd1c2a9f0e4b35703,
                        kAttesters = 0xd1c2a9f0e4b3570a, kImportable = 0xd1c2a9f0e4b35704,
                        kEntities = 0xd1c2a9f0e4b35705, kPostings = 0xd1c2a9f0e4b35706, kFormat = 0xd1c2a9f0e4b35707,
                        kRequired = 0xd1c2a9f0e4b35708, kConfidentiality = 0xd1c2a9f0e4b35709,
                        kSealed = 0xd1c2a9f0e4b3570b, kTimeless = 0xd1c2a9f0e4b3570c, kSignersIn = 0xd1c2a9f0e4b3570d,
                        kSince = 0xd1c2a9f0e4b3570e;

using Which = capnp::schema::Type::Which;
using Annotations = capnp::List<capnp::schema::Annotation>::Reader;

std::string textAnnotation(Annotations annotations, std::uint64_t id) {
  for (auto annotation : annotations) {
    if (annotation.getId() == id) return annotation.getValue().getText().cStr();
  }
  return {};
}

bool flagAnnotation(Annotations annotations, std::uint64_t id) {
  for (auto annotation : annotations) {
    if (annotation.getId() == id) return annotation.getValue().getBool();
  }
  return false;
}

std::uint8_t sinceAnnotation(Annotations annotations) {
  for (auto annotation : annotations) {
    if (annotation.getId() == kSince) return static_cast<std::uint8_t>(annotation.getValue().getUint16());
  }
  return 1;
}

Confidentiality confidentialityAnnotation(Annotations annotations) {
  for (auto annotation : annotations) {
    if (annotation.getId() == kConfidentiality) return static_cast<Confidentiality>(annotation.getValue().getEnum());
  }
  return Confidentiality::PUBLIC;
}

Format parseFormat(const std::string& name) {
  static const std::map<std::string, Format> kFormats = {{"", Format::None},
                                                         {"date", Format::Date},
                                                         {"money", Format::Money},
                                                         {"bp", Format::Bp},
                                                         {"uuid", Format::Uuid},
                                                         {"hash", Format::Hash},
                                                         {"decimal", Format::Decimal},
                                                         {"party", Format::Party},
                                                         {"ip", Format::Ip},
                                                         {"docno", Format::DocNo},
                                                         {"division", Format::Division},
                                                         {"currency", Format::Currency},
                                                         {"vkey", Format::Vkey},
                                                         {"id", Format::Id},
                                                         {"commitment", Format::Commitment}};
  auto at = kFormats.find(name);
  PL_ASSERT(at != kFormats.end());
  return at->second;
}

std::string upperSnake(std::string_view camelCase) {
  std::string out = snakeCase(camelCase);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(separator), text.size());
    if (auto part = trim(text.substr(0, end)); !part.empty()) parts.push_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::vector<std::string_view> split(std::string&& text, char separator) = delete;  // the parts would outlive it

class Builder {
 public:
  Builder() {
    auto event = capnp::Schema::from<schema::Event>();
    header_ = structOf(event);
    auto body = event.getFieldByName("body").getType().asStruct();
    for (auto field : body.getUnionFields()) kinds.push_back(kindOf(field));
    enumOf(capnp::Schema::from<Confidentiality>());
  }

  const EnumInfo* enumOf(capnp::EnumSchema schema) {
    auto& slot = enums[schema.getProto().getId()];
    if (slot) return slot.get();
    slot = std::make_unique<EnumInfo>();
    std::string name = schema.getShortDisplayName().cStr();
    slot->name = name;
    auto annotations = schema.getProto().getAnnotations();
    slot->label = {textAnnotation(annotations, kZh), textAnnotation(annotations, kEn)};
    for (auto enumerant : schema.getEnumerants()) {
      auto own = enumerant.getProto().getAnnotations();
      slot->values.push_back(
          {upperSnake(enumerant.getProto().getName().cStr()), {textAnnotation(own, kZh), textAnnotation(own, kEn)}});
    }
    return slot.get();
  }

  std::vector<Kind> kinds;
  std::map<std::uint64_t, std::unique_ptr<EnumInfo>> enums;
  std::map<std::uint64_t, std::unique_ptr<StructInfo>> structs;
  const StructInfo* header() const { return header_; }

 private:
  const StructInfo* structOf(capnp::StructSchema schema) {
    auto& slot = structs[schema.getProto().getId()];
    if (slot) return slot.get();
    slot = std::make_unique<StructInfo>();
    StructInfo& info = *slot;
    info.name = schema.getShortDisplayName().cStr();
    info.schema = schema;
    auto shape = schema.getProto().getStruct();
    info.dataMask.assign(shape.getDataWordCount() * 8u, 0);
    info.pointerCount = shape.getPointerCount();
    markGroups(schema, info);
    for (auto field : schema.getNonUnionFields()) {
      if (field.getProto().isSlot()) info.fields.push_back(fieldOf(field));
    }
    return slot.get();
  }

  // Data bits of slots, those inside groups and the union tag included.
  void markGroups(capnp::StructSchema schema, StructInfo& info) {
    auto shape = schema.getProto().getStruct();
    if (shape.getDiscriminantCount() > 0) mark(info, shape.getDiscriminantOffset() * 16u, 16);
    for (auto field : schema.getFields()) {
      if (field.getProto().isGroup()) {
        markGroups(field.getType().asStruct(), info);
        continue;
      }
      unsigned bits = bitsOf(field.getType().which());
      if (bits > 0) mark(info, field.getProto().getSlot().getOffset() * bits, bits);
    }
  }

  static unsigned bitsOf(capnp::schema::Type::Which type) {
    switch (type) {
      case Which::BOOL: return 1;
      case Which::INT8:
      case Which::UINT8: return 8;
      case Which::INT16:
      case Which::UINT16:
      case Which::ENUM: return 16;
      case Which::INT32:
      case Which::UINT32:
      case Which::FLOAT32: return 32;
      case Which::INT64:
      case Which::UINT64:
      case Which::FLOAT64: return 64;
      case Which::VOID:
      case Which::TEXT:
      case Which::DATA:
      case Which::LIST:
      case Which::STRUCT:
      case Which::INTERFACE:
      case Which::ANY_POINTER: return 0;
    }
    return 0;
  }

  static void mark(StructInfo& info, unsigned offset, unsigned bits) {
    for (unsigned bit = offset; bit < offset + bits; ++bit) {
      info.dataMask[bit / 8] = static_cast<std::uint8_t>(info.dataMask[bit / 8] | 1u << bit % 8);
    }
  }

  Field fieldOf(capnp::StructSchema::Field raw) {
    Field field;
    field.raw = raw;
    field.name = raw.getProto().getName().cStr();
    field.column = snakeCase(field.name);
    auto annotations = raw.getProto().getAnnotations();
    field.label = {textAnnotation(annotations, kZh), textAnnotation(annotations, kEn)};
    field.format = parseFormat(textAnnotation(annotations, kFormat));
    field.required = flagAnnotation(annotations, kRequired);
    field.confidentiality = confidentialityAnnotation(annotations);
    field.sealed = textAnnotation(annotations, kSealed);
    field.since = sinceAnnotation(annotations);
    auto type = raw.getType();
    field.isList = type.isList();
    auto value = field.isList ? type.asList().getElementType() : type;
    field.type = value.which();
    field.slot = raw.getProto().getSlot().getOffset();
    if (field.type == capnp::schema::Type::UINT16 && !field.isList) {
      field.defaultBits = raw.getProto().getSlot().getDefaultValue().getUint16();
    }
    if (value.isEnum()) field.enumeration = enumOf(value.asEnum());
    if (value.isStruct()) field.element = structOf(value.asStruct());
    PL_ASSERT(field.sealed.empty() || field.type == capnp::schema::Type::TEXT);
    return field;
  }

  Kind kindOf(capnp::StructSchema::Field unionField) {
    Kind kind;
    auto schema = unionField.getType().asStruct();
    kind.name = schema.getShortDisplayName().cStr();
    kind.table = snakeCase(kind.name);
    kind.unionField = unionField;
    kind.discriminant = unionField.getProto().getDiscriminantValue();
    kind.body = structOf(schema);
    kind.bodyField.type = capnp::schema::Type::STRUCT;
    kind.bodyField.slot = unionField.getProto().getSlot().getOffset();
    auto annotations = schema.getProto().getAnnotations();
    kind.label = {textAnnotation(annotations, kZh), textAnnotation(annotations, kEn)};
    kind.since = sinceAnnotation(annotations);
    kind.hasLater = anyField(*kind.body, [&](const Field& field) { return field.since > kind.since; });
    kind.importable = flagAnnotation(annotations, kImportable);
    kind.hasMoney = anyField(*kind.body, [](const Field& field) { return field.format == Format::Money; });
    kind.hasSealed = anyField(*kind.body, [](const Field& field) { return !field.sealed.empty(); });
    kind.confidentiality = confidentialityAnnotation(annotations);
    std::string entities = textAnnotation(annotations, kEntities);
    for (auto rule : split(entities, ';')) {
      kind.entities.push_back(entityRule(kind, rule));
    }
    std::string attesters = textAnnotation(annotations, kAttesters);
    for (auto role : split(attesters, '/')) kind.attesters.emplace_back(role);
    addSigners(kind, 1, textAnnotation(annotations, kSigners));
    for (auto annotation : annotations) {
      if (annotation.getId() != kSignersIn) continue;
      for (auto in : annotation.getValue().getList().getAs<capnp::List<schema::InEdition>>())
        addSigners(kind, in.getEdition(), in.getText().cStr());
    }
    kind.timeless = flagAnnotation(annotations, kTimeless);
    std::string postings = textAnnotation(annotations, kPostings);
    for (auto part : split(postings, '|')) kind.postings.push_back(postingRule(*kind.body, part));
    return kind;
  }

  template <typename Test>
  static bool anyField(const StructInfo& info, Test test) {
    return std::any_of(info.fields.begin(), info.fields.end(), [&](const Field& field) {
      return test(field) || (field.element != nullptr && anyField(*field.element, test));
    });
  }

  static FieldPath pathOf(const StructInfo& body, std::string_view text) {
    FieldPath path;
    const StructInfo* at = &body;
    for (auto step : split(text, '.')) {
      bool list = step.ends_with("[]");
      if (list) step.remove_suffix(2);
      const Field* field = at->find(step);
      PL_ASSERT(field != nullptr && field->isList == list);
      path.push_back(field);
      at = field->element;
    }
    PL_ASSERT(!path.empty());
    return path;
  }

  static TextTemplate templateOf(const StructInfo& body, std::string_view text) {
    TextTemplate result;
    result.source = text;
    while (!text.empty()) {
      std::size_t open = text.find('{');
      if (open > 0) result.parts.push_back({std::string(text.substr(0, open)), {}, false});
      if (open == text.npos) break;
      std::size_t close = text.find('}', open);
      PL_ASSERT(close != text.npos);
      std::string_view name = text.substr(open + 1, close - open - 1);
      if (name == "@id") {
        result.parts.push_back({"", {}, true});
      } else {
        result.parts.push_back({"", pathOf(body, name), false});
      }
      text.remove_prefix(close + 1);
    }
    return result;
  }

  static EntityRule entityRule(const Kind& kind, std::string_view text) {
    auto words = split(text, ' ');
    PL_ASSERT(words.size() == 3);
    EntityRule rule;
    std::string_view mode = words[0];
    rule.optional = mode.ends_with("?");
    if (rule.optional) mode.remove_suffix(1);
    PL_ASSERT(mode == "open" || mode == "need" || mode == "touch");
    rule.mode = mode == "open" ? EntityMode::Open : mode == "need" ? EntityMode::Need : EntityMode::Touch;
    rule.kind = words[1];
    rule.id = templateOf(*kind.body, words[2]);
    rule.confidentiality = kind.confidentiality;
    for (const auto& part : rule.id.parts)
      rule.confidentiality = std::max(rule.confidentiality, confidentialityOf(part.path));
    return rule;
  }

  static void addSigners(Kind& kind, int edition, const std::string& text) {
    PL_ASSERT(!text.empty() && (kind.signers.empty() ? edition == 1 : edition > kind.signers.back().edition));
    SignersIn& in = kind.signers.emplace_back();
    in.edition = edition;
    in.text = text;
    for (auto alternative : split(in.text, '/')) {
      in.rule.emplace_back();
      for (auto term : split(alternative, '+')) in.rule.back().push_back(signerTerm(kind, term));
    }
  }

  static SignerTerm signerTerm(const Kind& kind, std::string_view text) {
    SignerTerm term;
    std::size_t at = text.find('@');
    std::string role(text.substr(0, at));
    PL_ASSERT(role == "ANY" || role == "LOG" || enumInfo_role().find(role).has_value());
    term.role = role;
    if (at == text.npos) return term;
    term.field = text.substr(at + 1);
    term.path = pathOf(*kind.body, term.field.find('.') != term.field.npos || !kind.body->find(term.field)
                                       ? std::string_view(term.field)
                                       : std::string_view(listSpelling(kind, term.field)));
    if (term.path.back()->format == Format::Party) return term;
    for (const EntityRule& rule : kind.entities) {
      if (rule.id.parts.size() == 1 && rule.id.parts[0].path == term.path) term.entityKind = rule.kind;
    }
    PL_ASSERT(!term.entityKind.empty());
    return term;
  }

  // Signer terms name a list field plainly ("OWN@pledgors"): every element must be covered.
  static std::string listSpelling(const Kind& kind, const std::string& field) {
    return kind.body->find(field)->isList ? field + "[]" : field;
  }

  static const EnumInfo& enumInfo_role() {
    static const EnumInfo info = [] {
      EnumInfo roles;
      for (auto enumerant : capnp::Schema::from<schema::Role>().getEnumerants()) {
        roles.values.push_back({upperSnake(enumerant.getProto().getName().cStr()), {}});
      }
      return roles;
    }();
    return info;
  }

  static PostingRule postingRule(const StructInfo& body, std::string_view text) {
    std::size_t colon = text.find(':');
    PL_ASSERT(colon != text.npos);
    PostingRule rule;
    rule.books = pathOf(body, trim(text.substr(0, colon)));
    for (auto leg : split(text.substr(colon + 1), ';')) {
      std::size_t equals = leg.find('=');
      PL_ASSERT(equals != leg.npos);
      PostingRule::Leg parsed;
      parsed.account = templateOf(body, trim(leg.substr(0, equals)));
      std::string_view amount = trim(leg.substr(equals + 1));
      parsed.negative = amount.starts_with('-');
      if (parsed.negative) amount.remove_prefix(1);
      parsed.amount = body.find(amount);
      PL_ASSERT(parsed.amount != nullptr && parsed.amount->format == Format::Money);
      rule.legs.push_back(std::move(parsed));
    }
    return rule;
  }

  const StructInfo* header_ = nullptr;
};

Builder& builder() {
  static Builder instance;
  return instance;
}

}  // namespace

const SignersIn& Kind::signersOf(int edition) const {
  auto later = std::find_if(signers.begin(), signers.end(), [&](const SignersIn& in) { return in.edition > edition; });
  PL_ASSERT(later != signers.begin());
  return *std::prev(later);
}

std::optional<std::uint16_t> EnumInfo::find(std::string_view code) const {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].code == code) return static_cast<std::uint16_t>(i);
  }
  return std::nullopt;
}

const Field* StructInfo::find(std::string_view wanted) const {
  auto at = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == wanted; });
  return at == fields.end() ? nullptr : &*at;
}

std::span<const Kind> kinds() { return builder().kinds; }

const Kind* findKind(std::string_view name) {
  for (const Kind& kind : kinds()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

const Kind& kindOf(std::uint16_t discriminant) {
  PL_ASSERT(discriminant < kinds().size());
  return kinds()[discriminant];
}

const StructInfo& headerInfo() { return *builder().header(); }

const EnumInfo& enumInfo(std::uint64_t typeId) {
  auto& enums = builder().enums;
  auto at = enums.find(typeId);
  PL_ASSERT(at != enums.end());
  return *at->second;
}

const EnumInfo* findEnum(std::string_view name) {
  for (const auto& [id, info] : builder().enums) {
    if (info->name == name) return info.get();
  }
  return nullptr;
}

const EnumerantInfo& confidentialityInfo(Confidentiality value) {
  return enumInfo(capnp::typeId<Confidentiality>()).values[static_cast<std::size_t>(value)];
}

Confidentiality confidentialityOf(const FieldPath& path) {
  Confidentiality highest = Confidentiality::PUBLIC;
  for (const Field* field : path) highest = std::max(highest, field->confidentiality);
  return highest;
}

std::string snakeCase(std::string_view camelCase) {
  std::string out;
  for (char c : camelCase) {
    if (c >= 'A' && c <= 'Z') {
      if (!out.empty()) out += '_';
      out += static_cast<char>(c + 32);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace pilotledger::events
