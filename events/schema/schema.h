// The event schema, read by reflection: kinds, fields, labels, signers, entities, postings.
// Built once from the compiled-in *.capnp files; immutable; thread-safe. A malformed annotation is
// a bug of ours and stops the process at first use (a unit test walks everything).
#pragma once

#include <capnp/dynamic.h>
#include <capnp/schema.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/schema/annotations.capnp.h"
#include "events/schema/event.capnp.h"

namespace pilotledger::events {

// How a field's value is spelled; see annotations.capnp.
enum class Format {
  None,
  Date,
  Money,
  Bp,
  Uuid,
  Hash,
  Decimal,
  Party,
  Ip,
  DocNo,
  Division,
  Currency,
  Vkey,
  Id,
  Commitment
};

struct Label {
  std::string zh;
  std::string en;
};

struct EnumerantInfo {
  std::string code;  // UPPER_SNAKE: LEAD_ENTERPRISE
  Label label;
};

struct EnumInfo {
  std::string name;
  Label label;
  std::vector<EnumerantInfo> values;  // by ordinal; 0 is UNSPECIFIED
  std::optional<std::uint16_t> find(std::string_view code) const;
};

struct StructInfo;
using schema::Confidentiality;

struct Field {
  // What each read and check of a value looks at stands together.
  Format format = Format::None;
  capnp::schema::Type::Which type{};  // of the value, or of the elements of a list
  bool required = false;
  bool isList = false;
  std::uint8_t since = 1;                 // the edition of the rules from which it may be recorded
  std::uint32_t slot = 0;                 // its place: units of its size in the data, or pointers
  std::uint64_t defaultBits = 0;          // stored numbers are XORed with it
  const EnumInfo* enumeration = nullptr;  // when type is ENUM
  const StructInfo* element = nullptr;    // when type is STRUCT
  std::string sealed;                     // the kind of number, when it may be sealed
  capnp::StructSchema::Field raw;
  std::string name;    // camelCase, as in JSON
  std::string column;  // snake_case, as in SQL
  Label label;
  Confidentiality confidentiality = Confidentiality::PUBLIC;
};

struct StructInfo {
  std::string name;
  capnp::StructSchema schema;
  std::vector<Field> fields;           // in ordinal order
  std::vector<std::uint8_t> dataMask;  // bits of the data section that some field owns
  std::uint16_t pointerCount = 0;
  const Field* find(std::string_view name) const;
};

// "owners[].party": the fields to follow.
using FieldPath = std::vector<const Field*>;

// "{award}/{invoice.number}": literals and fields in turn.
struct TextTemplate {
  struct Part {
    std::string literal;
    FieldPath path;  // empty: literal
    bool eventId = false;
  };
  std::vector<Part> parts;
  std::string source;
};

struct SignerTerm {
  std::string role;   // enum code of Role, "ANY", or "LOG": the log key in force
  std::string field;  // "": any party's key
  FieldPath path;
  std::string entityKind;  // of the entity the field names; "" when it is itself a party
  std::string text() const { return field.empty() ? role : role + "@" + field; }
};
using SignerRule = std::vector<std::vector<SignerTerm>>;  // one alternative of all-of terms

// Who must sign, from an edition of the rules on.
struct SignersIn {
  int edition = 1;
  SignerRule rule;
  std::string text;  // as the annotation spells it
};

enum class EntityMode { Touch, Need, Open };

struct EntityRule {
  EntityMode mode = EntityMode::Need;
  bool optional = false;
  std::string kind;
  TextTemplate id;
  Confidentiality confidentiality = Confidentiality::PUBLIC;  // of the fields in its id
};

struct PostingRule {
  struct Leg {
    TextTemplate account;
    bool negative = false;
    const Field* amount = nullptr;
  };
  FieldPath books;
  std::vector<Leg> legs;
};

struct Kind {
  std::string name;   // SubsidyAwarded
  std::string table;  // subsidy_awarded
  Label label;
  std::uint16_t discriminant = 0;
  capnp::StructSchema::Field unionField;
  Field bodyField;  // where the body hangs in the event
  const StructInfo* body = nullptr;
  std::vector<SignersIn> signers;  // ascending editions, the first is 1
  const SignersIn& signersOf(int edition) const;
  const SignersIn& signersNow() const { return signers.back(); }  // of the newest edition
  std::vector<std::string> attesters;                             // roles whose Attested raises its assurance
  int since = 1;          // the edition of the rules from which it may be recorded
  bool hasLater = false;  // some field of the body may be recorded only from a later edition on
  bool importable = false;
  bool hasMoney = false;
  bool hasSealed = false;                                     // some field of the body may be sealed
  Confidentiality confidentiality = Confidentiality::PUBLIC;  // of body, evidence and references
  std::vector<EntityRule> entities;
  bool timeless = false;              // holds on every legal day
  std::vector<PostingRule> postings;  // one for each party whose books it enters
};

std::span<const Kind> kinds();  // by discriminant
const Kind* findKind(std::string_view name);
const Kind& kindOf(std::uint16_t discriminant);
const StructInfo& headerInfo();  // the fields of Event outside its union
const EnumInfo& enumInfo(std::uint64_t typeId);
const EnumInfo* findEnum(std::string_view name);  // RevenueStream

template <typename E>
std::string_view enumCode(E value) {
  static const EnumInfo& info = enumInfo(capnp::typeId<E>());
  return info.values[static_cast<std::size_t>(value)].code;
}

std::string snakeCase(std::string_view camelCase);

const EnumerantInfo& confidentialityInfo(Confidentiality value);

// A path is as confidential as the most confidential field on it.
Confidentiality confidentialityOf(const FieldPath& path);

}  // namespace pilotledger::events
