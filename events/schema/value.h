// Fields read by their place in the bytes. The schema gives each field's place once, so that a
// read is a bounds check and a load; capnp's own reflection looks the schema up at every read.
// Views point into the event's bytes and live as long as the event.
#pragma once

#include <capnp/any.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "events/schema/schema.h"

namespace pilotledger::events {

static_assert(std::endian::native == std::endian::little, "the wire form is little-endian");

// One scalar: `number` of integers, enums and booleans, `bytes` of text and data.
struct Scalar {
  std::int64_t number = 0;
  std::string_view bytes;
};

class StructView {
 public:
  explicit StructView(capnp::AnyStruct::Reader any) : data_(any.getDataSection()), pointers_(any.getPointerSection()) {}

  Scalar scalar(const Field& field) const {
    using Which = capnp::schema::Type::Which;
    switch (field.type) {
      case Which::TEXT: {
        auto text = pointer(field).getAs<capnp::Text>();
        return {0, {text.begin(), text.size()}};
      }
      case Which::DATA: {
        auto data = pointer(field).getAs<capnp::Data>();
        return {0, {reinterpret_cast<const char*>(data.begin()), data.size()}};
      }
      case Which::BOOL: return {field.slot / 8 < data_.size() ? data_[field.slot / 8] >> (field.slot % 8) & 1 : 0, {}};
      case Which::INT8: return {load<std::int8_t>(field), {}};
      case Which::INT16: return {load<std::int16_t>(field), {}};
      case Which::INT32: return {load<std::int32_t>(field), {}};
      case Which::INT64: return {load<std::int64_t>(field), {}};
      case Which::UINT8: return {load<std::uint8_t>(field), {}};
      case Which::UINT16:
      case Which::ENUM: return {load<std::uint16_t>(field), {}};
      case Which::UINT32: return {load<std::uint32_t>(field), {}};
      case Which::UINT64: return {static_cast<std::int64_t>(load<std::uint64_t>(field)), {}};
      case Which::VOID:
      case Which::FLOAT32:
      case Which::FLOAT64:
      case Which::LIST:
      case Which::STRUCT:
      case Which::INTERFACE:
      case Which::ANY_POINTER: break;
    }
    return {};
  }

  StructView child(const Field& field) const { return StructView(pointer(field).getAs<capnp::AnyStruct>()); }
  bool has(const Field& field) const { return !pointer(field).isNull(); }

  std::size_t listSize(const Field& field) const { return pointer(field).getAs<capnp::AnyList>().size(); }
  // visit(Scalar) or visit(StructView) for each element; bool results stop at false.
  template <typename Visit>
  void eachScalar(const Field& field, Visit visit) const {
    using Which = capnp::schema::Type::Which;
    if (field.type == Which::TEXT) {
      for (auto text : pointer(field).getAs<capnp::List<capnp::Text>>()) visit(Scalar{0, {text.begin(), text.size()}});
    } else if (field.type == Which::DATA) {
      for (auto data : pointer(field).getAs<capnp::List<capnp::Data>>())
        visit(Scalar{0, {reinterpret_cast<const char*>(data.begin()), data.size()}});
    } else {  // enums; the schema has no other list of scalars
      for (std::uint16_t value : pointer(field).getAs<capnp::List<std::uint16_t>>()) visit(Scalar{value, {}});
    }
  }
  template <typename Visit>
  void eachStruct(const Field& field, Visit visit) const {
    for (auto item : pointer(field).getAs<capnp::AnyList>().as<capnp::List<capnp::AnyStruct>>())
      visit(StructView(item));
  }

  kj::ArrayPtr<const kj::byte> data() const { return data_; }
  std::size_t pointerCount() const { return pointers_.size(); }
  capnp::AnyPointer::Reader pointer(const Field& field) const {
    return field.slot < pointers_.size() ? pointers_[field.slot] : capnp::AnyPointer::Reader();
  }

 private:
  template <typename T>
  T load(const Field& field) const {
    T value = 0;
    std::size_t at = std::size_t{field.slot} * sizeof(T);
    if (at + sizeof(T) <= data_.size()) std::memcpy(&value, data_.begin() + at, sizeof(T));
    return static_cast<T>(value ^ static_cast<T>(field.defaultBits));
  }

  kj::ArrayPtr<const kj::byte> data_;
  capnp::List<capnp::AnyPointer>::Reader pointers_;
};

}  // namespace pilotledger::events
