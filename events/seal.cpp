#include "events/seal.h"

#include <capnp/dynamic.h>
#include <capnp/message.h>

namespace pilotledger::events {
namespace {

using Which = capnp::schema::Type::Which;

void sealStruct(const StructInfo& info, capnp::DynamicStruct::Builder builder, const SealNumber& seal) {
  for (const Field& field : info.fields) {
    if (field.type == Which::STRUCT && builder.has(field.raw)) {
      if (!field.isList) {
        sealStruct(*field.element, builder.get(field.raw).as<capnp::DynamicStruct>(), seal);
      } else {
        auto list = builder.get(field.raw).as<capnp::DynamicList>();
        for (unsigned i = 0; i < list.size(); ++i) sealStruct(*field.element, list[i].as<capnp::DynamicStruct>(), seal);
      }
    }
    if (field.sealed.empty() || field.isList) continue;
    std::string number = builder.get(field.raw).as<capnp::Text>().cStr();
    if (number.empty() || isSealed(number)) continue;
    std::string sealed = seal(field.sealed, number);
    PL_ASSERT(isSealed(sealed));
    builder.set(field.raw, capnp::Text::Reader(sealed.c_str(), sealed.size()));
  }
}

}  // namespace

Result<Bytes> sealNumbers(const Event& event, const SealNumber& seal) {
  if (!event.kind().hasSealed) return Bytes(event.bytes().begin(), event.bytes().end());
  capnp::MallocMessageBuilder message;
  message.setRoot(event.reader());
  auto root = message.getRoot<schema::Event>();
  capnp::DynamicStruct::Builder body(root.getBody());
  sealStruct(*event.kind().body, body.get(event.kind().unionField).as<capnp::DynamicStruct>(), seal);
  return encode(root.asReader());
}

}  // namespace pilotledger::events
