#include "events/codec.h"

#include <capnp/any.h>
#include <capnp/message.h>
#include <capnp/serialize.h>
#include <fmt/format.h>
#include <kj/exception.h>

#include <algorithm>
#include <cstring>

#include "events/civil_date.h"
#include "events/identifiers.h"
#include "events/money.h"
#include "events/text.h"
#include "events/uuid.h"

namespace pilotledger::events {
namespace {

using Which = capnp::schema::Type::Which;

capnp::ReaderOptions readerOptions() {
  capnp::ReaderOptions options;
  // Canonical form excludes overlapping objects, so traversal is bounded by the size.
  options.traversalLimitInWords = 1ull << 60;
  options.nestingLimit = 16;
  return options;
}

Error missing(const Field& field) {
  return invalidInput(fmt::format("required, but empty ({})", field.label.en), fmt::format("必填项为空（{}）", field.label.zh));
}

Status requireCanonicalText(const Field& field, std::string_view text) {
  PL_TRY(std::string canonical, canonicalText(field.format, text));
  if (canonical == text) return {};
  return invalidInput(fmt::format("not the canonical spelling: expected '{}', found '{}'", canonical, text),
                      fmt::format("非规范写法：应为“{}”，实为“{}”", canonical, text));
}

Status checkNumber(const Field& field, std::int64_t value) {
  if (value == 0) return field.required ? Status(missing(field)) : Status();
  if (field.format == Format::Date && !isCivilDate(static_cast<std::int32_t>(value))) {
    return invalidInput(fmt::format("not a date that exists: {}", value), fmt::format("日期不存在：{}", value));
  }
  if (field.format == Format::Currency && !isKnownCurrency(static_cast<std::uint16_t>(value))) {
    return invalidInput(fmt::format("unknown ISO 4217 number {}", value), fmt::format("未知币种 {}", value));
  }
  return {};
}

Status checkData(const Field& field, capnp::Data::Reader data) {
  if (data.size() == 0) return field.required ? Status(missing(field)) : Status();
  std::size_t expected = field.format == Format::Uuid ? 16 : 32;
  if (data.size() != expected) {
    return invalidInput(fmt::format("expected {} bytes, found {}", expected, data.size()),
                        fmt::format("应为 {} 字节，实为 {} 字节", expected, data.size()));
  }
  if (field.format == Format::Uuid) {
    EventId id;
    std::copy(data.begin(), data.end(), id.begin());
    if (!isEventId(id)) {
      return invalidInput("an event id is a UUID of version 7 (or 8 when imported), found " + formatUuid(id),
                          "事件编号应为第 7 版（导入为第 8 版）UUID，实为 " + formatUuid(id));
    }
  }
  return {};
}

Status checkStruct(const StructInfo& info, capnp::DynamicStruct::Reader reader);

Status checkScalar(const Field& field, const capnp::DynamicValue::Reader& value) {
  switch (field.type) {
    case Which::TEXT: {
      auto text = value.as<capnp::Text>();
      if (text.size() == 0) return field.required ? Status(missing(field)) : Status();
      return requireCanonicalText(field, {text.begin(), text.size()});
    }
    case Which::DATA: return checkData(field, value.as<capnp::Data>());
    case Which::ENUM: {
      std::uint16_t raw = value.as<capnp::DynamicEnum>().getRaw();
      if (raw >= field.enumeration->values.size()) {
        return invalidInput(fmt::format("unknown value {} of {}", raw, field.enumeration->name),
                            fmt::format("{}没有取值 {}", field.enumeration->label.zh, raw));
      }
      return raw == 0 && (field.required || field.isList) ? Status(missing(field)) : Status();
    }
    case Which::STRUCT: return checkStruct(*field.element, value.as<capnp::DynamicStruct>());
    case Which::INT8: case Which::INT16: case Which::INT32: case Which::INT64:
      return checkNumber(field, value.as<std::int64_t>());
    case Which::UINT8: case Which::UINT16: case Which::UINT32:
      return checkNumber(field, value.as<std::int64_t>());
    case Which::UINT64: case Which::BOOL: return {};
    case Which::VOID: case Which::FLOAT32: case Which::FLOAT64: case Which::LIST: case Which::INTERFACE:
    case Which::ANY_POINTER: break;
  }
  PL_ASSERT(!"the schema uses only integers, text, data, enums, structs and lists of them");
  return {};
}

Status checkList(const Field& field, capnp::DynamicList::Reader list) {
  if (list.size() == 0 && field.required) return missing(field);
  if (list.size() > kMaxListItems) {
    return invalidInput(fmt::format("expected at most {} items, found {}", kMaxListItems, list.size()),
                        fmt::format("列表最多 {} 项，实为 {} 项", kMaxListItems, list.size()));
  }
  for (unsigned i = 0; i < list.size(); ++i) {
    if (auto status = checkScalar(field, list[i]); !status.ok()) {
      return std::move(status).error().within(fmt::format("[{}]", i));
    }
  }
  return {};
}

Status checkLayout(const StructInfo& info, capnp::AnyStruct::Reader any) {
  auto data = any.getDataSection();
  bool known = data.size() <= info.dataMask.size() && any.getPointerSection().size() <= info.pointerCount;
  for (std::size_t i = 0; known && i < data.size(); ++i) known = (data[i] & ~info.dataMask[i]) == 0;
  if (known) return {};
  return invalidInput(fmt::format("{} has fields this version does not know", info.name),
                      fmt::format("{} 含有本版本不认识的字段", info.name));
}

Status checkStruct(const StructInfo& info, capnp::DynamicStruct::Reader reader) {
  PL_CHECK(checkLayout(info, capnp::AnyStruct::Reader(reader)));
  for (const Field& field : info.fields) {
    auto value = reader.get(field.raw);
    auto status = field.isList ? checkList(field, value.as<capnp::DynamicList>()) : checkScalar(field, value);
    if (!status.ok()) return std::move(status).error().within(field.name);
  }
  return {};
}

Status checkEvent(schema::Event::Reader event) {
  auto which = static_cast<std::uint16_t>(event.getBody().which());
  if (which >= kinds().size()) {
    return invalidInput(fmt::format("unknown event kind number {}", which), fmt::format("未知事件种类 {}", which));
  }
  PL_CHECK(checkStruct(headerInfo(), capnp::toDynamic(event)));
  const Kind& kind = kindOf(which);
  auto body = capnp::DynamicStruct::Reader(event.getBody()).get(kind.unionField).as<capnp::DynamicStruct>();
  if (auto status = checkStruct(*kind.body, body); !status.ok()) return std::move(status).error().within("body");
  return {};
}

Error notCanonical(std::string_view why) {
  return invalidInput(fmt::format("event bytes: {}", why), fmt::format("事件字节不规范：{}", why));
}

}  // namespace

struct Event::Rep {
  explicit Rep(ByteView bytes) : words(bytes.size() / 8) {
    std::memcpy(words.data(), bytes.data(), bytes.size());
    segment = kj::arrayPtr(reinterpret_cast<const capnp::word*>(words.data()), words.size());
    message = std::make_unique<capnp::SegmentArrayMessageReader>(kj::arrayPtr(&segment, 1), readerOptions());
  }
  std::vector<std::uint64_t> words;
  kj::ArrayPtr<const capnp::word> segment;
  std::unique_ptr<capnp::SegmentArrayMessageReader> message;
  schema::Event::Reader event;
};

Result<Event> Event::decode(ByteView bytes) {
  if (bytes.empty() || bytes.size() % 8 != 0 || bytes.size() > kMaxEventBytes) {
    return notCanonical(fmt::format("expected 8 to {} bytes, a multiple of 8, found {}", kMaxEventBytes, bytes.size()));
  }
  try {
    auto rep = std::make_shared<Rep>(bytes);
    if (!rep->message->isCanonical()) return notCanonical("not in canonical form");
    rep->event = rep->message->getRoot<schema::Event>();
    PL_CHECK(checkEvent(rep->event));
    // isCanonical() overlooks some bits of list tags; after it and the checks, copying is bounded.
    auto again = capnp::canonicalize(rep->event);
    auto same = again.asBytes();
    if (same.size() != bytes.size() || std::memcmp(same.begin(), bytes.data(), bytes.size()) != 0) {
      return notCanonical("not in canonical form");
    }
    return Event(std::move(rep));
  } catch (const kj::Exception& exception) {
    return notCanonical(exception.getDescription().cStr());
  }
}

schema::Event::Reader Event::reader() const { return rep_->event; }

const Kind& Event::kind() const { return kindOf(static_cast<std::uint16_t>(rep_->event.getBody().which())); }

capnp::DynamicStruct::Reader Event::body() const {
  return capnp::DynamicStruct::Reader(rep_->event.getBody()).get(kind().unionField).as<capnp::DynamicStruct>();
}

EventId Event::id() const {
  EventId id;
  auto data = rep_->event.getId();
  std::copy(data.begin(), data.end(), id.begin());
  return id;
}

ByteView Event::bytes() const {
  return {reinterpret_cast<const std::uint8_t*>(rep_->words.data()), rep_->words.size() * 8};
}

Result<Bytes> encode(schema::Event::Reader event) {
  try {
    auto words = capnp::canonicalize(event);
    auto view = words.asBytes();
    Bytes bytes(view.begin(), view.end());
    PL_TRY([[maybe_unused]] Event checked, Event::decode(bytes));
    return bytes;
  } catch (const kj::Exception& exception) {
    return notCanonical(exception.getDescription().cStr());
  }
}

Result<std::string> canonicalText(Format format, std::string_view text) {
  switch (format) {
    case Format::Party: return canonicalParty(text);
    case Format::Ip: return canonicalIp(text);
    case Format::Division: return canonicalDivision(text);
    case Format::Decimal: return canonicalDecimal(text);
    case Format::Id: return canonicalId(text);
    case Format::DocNo: {
      PL_CHECK(checkText(text));
      return canonicalDocNo(text);
    }
    case Format::None: case Format::Vkey: case Format::Date: case Format::Money: case Format::Bp:
    case Format::Uuid: case Format::Hash: case Format::Currency: break;
  }
  PL_CHECK(checkText(text));
  return std::string(text);
}

}  // namespace pilotledger::events
