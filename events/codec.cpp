#include "events/codec.h"

#include <capnp/any.h>
#include <capnp/message.h>
#include <capnp/serialize.h>
#include <fmt/format.h>
#include <kj/exception.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/base/uuid.h"
#include "events/identifiers.h"
#include "events/money.h"

namespace pilotledger::events {
namespace {

using Which = capnp::schema::Type::Which;

// Canonical form excludes overlapping objects, so that the size of the bytes bounds every walk.
constexpr std::uint64_t kNoLimit = 1ull << 60;

capnp::ReaderOptions readerOptions(std::uint64_t traversalLimit) {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = traversalLimit;
  options.nestingLimit = 16;
  return options;
}

// Any valid text will do. Of the others canonicalText() knows what is refused and how it is spelled.
bool isPlainText(Format format) {
  switch (format) {
    case Format::Party:
    case Format::Ip:
    case Format::Division:
    case Format::Decimal:
    case Format::Id:
    case Format::DocNo: return false;
    case Format::None:
    case Format::Vkey:
    case Format::Date:
    case Format::Money:
    case Format::Bp:
    case Format::Uuid:
    case Format::Hash:
    case Format::Commitment:
    case Format::Currency: break;
  }
  return true;
}

Error missing(const Field& field) {
  return invalidInput(fmt::format("required, but empty ({})", field.label.en),
                      fmt::format("必填项为空（{}）", field.label.zh));
}

Status requireCanonicalText(const Field& field, std::string_view text) {
  if (isPlainText(field.format) && field.sealed.empty()) return checkText(text);
  PL_TRY(std::string canonical, canonicalText(field, text));
  if (canonical == text) return {};
  return invalidInput(fmt::format("not the canonical spelling: expected '{}', found '{}'", canonical, text),
                      fmt::format("非规范写法：应为“{}”，实为“{}”", canonical, text));
}

Status checkNumber(const Field& field, std::int64_t value) {
  if (value == 0) return field.required ? Status(missing(field)) : Status();
  if (field.format == Format::Date && !isCivilDate(static_cast<std::int32_t>(value))) {
    return invalidInput(fmt::format("not a date that exists: {}", value), fmt::format("日期不存在：{}", value));
  }
  if (field.format == Format::Money && value == std::numeric_limits<std::int64_t>::min()) {
    return invalidInput(fmt::format("an amount that has no opposite: {}", value),
                        fmt::format("金额超出范围：{}", value));
  }
  if (field.format == Format::Currency && !isKnownCurrency(static_cast<std::uint16_t>(value))) {
    return invalidInput(fmt::format("unknown ISO 4217 number {}", value), fmt::format("未知币种 {}", value));
  }
  return {};
}

Status checkData(const Field& field, std::string_view data) {
  if (data.empty()) return field.required ? Status(missing(field)) : Status();
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

Status checkEnum(const Field& field, std::int64_t raw) {
  if (raw >= static_cast<std::int64_t>(field.enumeration->values.size())) {
    return invalidInput(fmt::format("unknown value {} of {}", raw, field.enumeration->name),
                        fmt::format("{}没有取值 {}", field.enumeration->label.zh, raw));
  }
  return raw == 0 && (field.required || field.isList) ? Status(missing(field)) : Status();
}

Status checkScalar(const Field& field, const Scalar& value) {
  if (field.type == Which::TEXT) {
    if (value.bytes.empty()) return field.required ? Status(missing(field)) : Status();
    return requireCanonicalText(field, value.bytes);
  }
  if (field.type == Which::DATA) return checkData(field, value.bytes);
  if (field.type == Which::ENUM) return checkEnum(field, value.number);
  return checkNumber(field, value.number);
}

Status checkStruct(const StructInfo& info, const StructView& view);

Status checkList(const Field& field, const StructView& view) {
  std::size_t size = view.listSize(field);
  if (size == 0) return field.required ? Status(missing(field)) : Status();
  if (size > kMaxListItems) {
    return invalidInput(fmt::format("expected at most {} items, found {}", kMaxListItems, size),
                        fmt::format("列表最多 {} 项，实为 {} 项", kMaxListItems, size));
  }
  Status outcome;
  std::size_t item = 0;
  auto note = [&](Status status) {
    if (!status.ok() && outcome.ok()) outcome = std::move(status).error().within(fmt::format("[{}]", item));
    ++item;
  };
  if (field.type == Which::STRUCT) {
    view.eachStruct(field, [&](const StructView& element) { note(checkStruct(*field.element, element)); });
  } else {
    view.eachScalar(field, [&](const Scalar& element) { note(checkScalar(field, element)); });
  }
  return outcome;
}

Status checkLayout(const StructInfo& info, const StructView& view) {
  auto data = view.data();
  bool known = data.size() <= info.dataMask.size() && view.pointerCount() <= info.pointerCount;
  for (std::size_t i = 0; known && i < data.size(); ++i) known = (data[i] & ~info.dataMask[i]) == 0;
  if (known) return {};
  return invalidInput(fmt::format("{} has fields this version does not know", info.name),
                      fmt::format("{} 含有本版本不认识的字段", info.name));
}

Status checkField(const Field& field, const StructView& view) {
  if (field.isList) return checkList(field, view);
  if (field.type == Which::STRUCT) return checkStruct(*field.element, view.child(field));
  return checkScalar(field, view.scalar(field));
}

Status checkStruct(const StructInfo& info, const StructView& view) {
  PL_CHECK(checkLayout(info, view));
  for (const Field& field : info.fields) {
    if (auto status = checkField(field, view); !status.ok()) return std::move(status).error().within(field.name);
  }
  return {};
}

Status checkEvent(schema::Event::Reader event) {
  auto which = static_cast<std::uint16_t>(event.getBody().which());
  if (which >= kinds().size()) {
    return invalidInput(fmt::format("unknown event kind number {}", which), fmt::format("未知事件种类 {}", which));
  }
  StructView view{capnp::AnyStruct::Reader(event)};
  PL_CHECK(checkStruct(headerInfo(), view));
  const Kind& kind = kindOf(which);
  if (auto status = checkStruct(*kind.body, view.child(kind.bodyField)); !status.ok())
    return std::move(status).error().within("body");
  return {};
}

Error notCanonical(std::string_view why) {
  return invalidInput(fmt::format("event bytes: {}", why), fmt::format("事件字节不规范：{}", why));
}

Status checkSize(std::size_t bytes) {
  if (bytes > 0 && bytes % 8 == 0 && bytes <= kMaxEventBytes) return {};
  return notCanonical(fmt::format("expected 8 to {} bytes, a multiple of 8, found {}", kMaxEventBytes, bytes));
}

}  // namespace

struct Event::Rep {
  explicit Rep(ByteView bytes)
      : words(std::make_unique_for_overwrite<std::uint64_t[]>(bytes.size() / 8)),
        segment(reinterpret_cast<const capnp::word*>(words.get()), bytes.size() / 8),
        message(kj::arrayPtr(&segment, 1), readerOptions(kNoLimit)) {
    std::memcpy(words.get(), bytes.data(), bytes.size());
  }
  // Of a checked event: where its parts are, found once.
  void open() {
    kind = &kindOf(static_cast<std::uint16_t>(event.getBody().which()));
    body.emplace(StructView(capnp::AnyStruct::Reader(event)).child(kind->bodyField));
  }

  const std::unique_ptr<std::uint64_t[]> words;
  const kj::ArrayPtr<const capnp::word> segment;
  capnp::SegmentArrayMessageReader message;
  schema::Event::Reader event;
  const Kind* kind = nullptr;
  std::optional<StructView> body;
};

namespace {

// A canonical copy is what there was; isCanonical() alone overlooks some bits of list tags. Of objects that
// overlap the copy is longer: it leaves the words prepared for it, or the walk runs into its limit.
bool isCanonical(kj::ArrayPtr<const capnp::word> segment) {
  capnp::SegmentArrayMessageReader message(kj::arrayPtr(&segment, 1), readerOptions(8 * segment.size() + 64));
  auto copy = std::make_unique<std::uint64_t[]>(segment.size());  // zeroes, as the builder wants them
  capnp::MallocMessageBuilder again(kj::arrayPtr(reinterpret_cast<capnp::word*>(copy.get()), segment.size()));
  again.initRoot<capnp::AnyPointer>().setCanonicalAs<schema::Event>(message.getRoot<schema::Event>());
  return again.isCanonical() && again.getSegmentsForOutput()[0].asBytes() == segment.asBytes();
}

}  // namespace

Result<Event> Event::decode(ByteView bytes) {
  PL_CHECK(checkSize(bytes.size()));
  try {
    auto rep = std::make_shared<Rep>(bytes);
    if (!isCanonical(rep->segment)) return notCanonical("not in canonical form");
    rep->event = rep->message.getRoot<schema::Event>();
    PL_CHECK(checkEvent(rep->event));
    rep->open();
    return Event(std::move(rep));
  } catch (const kj::Exception& exception) {
    return notCanonical(exception.getDescription().cStr());
  }
}

schema::Event::Reader Event::reader() const { return rep_->event; }

const Kind& Event::kind() const { return *rep_->kind; }

StructView Event::header() const { return StructView(capnp::AnyStruct::Reader(rep_->event)); }
StructView Event::body() const { return *rep_->body; }

EventId Event::id() const {
  EventId id;
  auto data = rep_->event.getId();
  std::copy(data.begin(), data.end(), id.begin());
  return id;
}

ByteView Event::bytes() const {
  return {reinterpret_cast<const std::uint8_t*>(rep_->words.get()), rep_->segment.size() * 8};
}

Result<Bytes> encode(schema::Event::Reader event) {
  try {
    auto words = capnp::canonicalize(event);
    auto view = words.asBytes();
    PL_CHECK(checkSize(view.size()));
    // Canonical by making, so that of decode() only the checks of the fields remain.
    kj::ArrayPtr<const capnp::word> segment = words;
    capnp::SegmentArrayMessageReader message(kj::arrayPtr(&segment, 1), readerOptions(kNoLimit));
    PL_CHECK(checkEvent(message.getRoot<schema::Event>()));
    return Bytes(view.begin(), view.end());
  } catch (const kj::Exception& exception) {
    return notCanonical(exception.getDescription().cStr());
  }
}

bool isSealed(std::string_view text) {
  if (!text.starts_with(kSealedPrefix) || text.size() != kSealedPrefix.size() + 64) return false;
  return text.substr(kSealedPrefix.size()).find_first_not_of("0123456789abcdef") == text.npos;
}

Result<std::string> canonicalText(const Field& field, std::string_view text) {
  if (field.sealed.empty()) return canonicalText(field.format, text);
  if (isSealed(text)) return std::string(text);
  auto canonical = canonicalText(field.format, text);
  if (canonical.ok() && !text.starts_with(kSealedPrefix)) return canonical;
  // What was found may be private: it is not repeated.
  return invalidInput(
      "expected a number that is valid text, or hmac: and 64 hexadecimal digits (the value is not shown)",
      "应为有效文本的号码，或 hmac: 加 64 位十六进制数（不显示原值）");
}

Result<std::string> canonicalText(Format format, std::string_view text) {
  if (isPlainText(format)) {
    PL_CHECK(checkText(text));
    return std::string(text);
  }
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
    case Format::None:
    case Format::Vkey:
    case Format::Date:
    case Format::Money:
    case Format::Bp:
    case Format::Uuid:
    case Format::Hash:
    case Format::Commitment:
    case Format::Currency: break;
  }
  PL_ASSERT(!"a format is plain text or has a spelling");
  return std::string();
}

}  // namespace pilotledger::events
