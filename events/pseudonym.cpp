#include "events/pseudonym.h"

#include <capnp/dynamic.h>
#include <capnp/message.h>

namespace pilotledger::events {
namespace {

using Which = capnp::schema::Type::Which;

class Sealer {
 public:
  Sealer(const SealNumber& seal, const AcceptSealed& accept) : seal_(seal), accept_(accept) {}

  Status structure(const StructInfo& info, capnp::DynamicStruct::Builder builder) const {
    for (const Field& field : info.fields) {
      Status status;
      if (field.type == Which::STRUCT && builder.has(field.raw)) status = inside(field, builder);
      else if (!field.sealed.empty() && !field.isList) status = number(field, builder);
      if (!status.ok()) return std::move(status).error().within(field.name);
    }
    return {};
  }

 private:
  Status inside(const Field& field, capnp::DynamicStruct::Builder builder) const {
    if (!field.isList) return structure(*field.element, builder.get(field.raw).as<capnp::DynamicStruct>());
    auto list = builder.get(field.raw).as<capnp::DynamicList>();
    for (unsigned i = 0; i < list.size(); ++i) PL_CHECK(structure(*field.element, list[i].as<capnp::DynamicStruct>()));
    return {};
  }
  Status number(const Field& field, capnp::DynamicStruct::Builder builder) const {
    std::string number = builder.get(field.raw).as<capnp::Text>().cStr();
    if (number.empty()) return {};
    if (isSealed(number)) return accept_ ? accept_(field.sealed, number) : Status();
    PL_TRY(std::string sealed, seal_(field.sealed, number));
    PL_ASSERT(isSealed(sealed) || sealed == number);
    builder.set(field.raw, capnp::Text::Reader(sealed.c_str(), sealed.size()));
    return {};
  }
  const SealNumber& seal_;
  const AcceptSealed& accept_;
};

}  // namespace

Result<Bytes> sealNumbers(const Event& event, const SealNumber& seal, const AcceptSealed& accept) {
  if (!event.kind().hasSealed) return Bytes(event.bytes().begin(), event.bytes().end());
  capnp::MallocMessageBuilder message;
  message.setRoot(event.reader());
  auto root = message.getRoot<schema::Event>();
  capnp::DynamicStruct::Builder body(root.getBody());
  PL_CHECK(
      Sealer(seal, accept).structure(*event.kind().body, body.get(event.kind().unionField).as<capnp::DynamicStruct>()));
  return encode(root.asReader());
}

}  // namespace pilotledger::events
