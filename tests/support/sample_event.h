// The least event of a kind that decodes: every required field has some value of its format, and text fields may be
// given. Made by reflection, so a new kind needs nothing here.
#pragma once

#include <capnp/dynamic.h>
#include <capnp/message.h>

#include <functional>
#include <string>

#include "events/codec.h"
#include "ledger/crypto/key.h"

namespace pilotledger::ledger {

class SampleEvent {
 public:
  // `party` gives the party that a field of format party names, by the field's name.
  explicit SampleEvent(std::function<std::string(const std::string& field)> party) : party_(std::move(party)) {}

  Result<events::Event> of(const events::Kind& kind, const std::string& jurisdiction, const std::string& source) {
    capnp::MallocMessageBuilder message;
    auto event = message.initRoot<events::schema::Event>();
    const std::uint8_t id[16] = {0x01, 0x8f, 0x3a, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1};
    event.setId(capnp::Data::Reader(id, sizeof id));
    event.setLegalDate(20260301);
    event.setCurrency(156);
    event.setJurisdiction(jurisdiction.c_str());
    event.setSource(source.c_str());
    auto body = capnp::DynamicStruct::Builder(event.getBody()).init(kind.unionField).as<capnp::DynamicStruct>();
    fill(body, *kind.body, false);
    PL_TRY(Bytes bytes, events::encode(event.asReader()));
    return events::Event::decode(bytes);
  }

 private:
  using Which = capnp::schema::Type::Which;

  void fill(capnp::DynamicStruct::Builder into, const events::StructInfo& info, bool inList) {
    for (const events::Field& field : info.fields) {
      // Fields that signers or entities may name are filled too: what is empty names nobody.
      bool names = field.format == events::Format::Party || field.format == events::Format::Id;
      if (!field.required && !(names && !inList)) continue;
      if (field.isList) {
        auto list = into.init(field.raw, 1).as<capnp::DynamicList>();
        if (field.type == Which::STRUCT) fill(list[0].as<capnp::DynamicStruct>(), *field.element, true);
        else setItem(list, field);
      } else if (field.type == Which::STRUCT) {
        fill(into.init(field.raw).as<capnp::DynamicStruct>(), *field.element, inList);
      } else {
        setField(into, field);
      }
    }
  }

  std::string textFor(const events::Field& field) {
    switch (field.format) {
      case events::Format::Party: return party_(field.name);
      case events::Format::Ip: return "CN2023110000011";
      case events::Format::Division: return "330000";
      case events::Format::Vkey: {
        static const std::string vkey =
            crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "sample.example").value().verifyKey().vkey();
        return vkey;
      }
      default: return "1";
    }
  }
  std::int64_t numberFor(const events::Field& field) { return field.format == events::Format::Date ? 20260301 : 1; }

  void setField(capnp::DynamicStruct::Builder into, const events::Field& field) {
    if (field.type == Which::TEXT) {
      into.set(field.raw, capnp::Text::Reader(textFor(field).c_str()));
    } else if (field.type == Which::DATA) {
      into.set(field.raw, dataFor(field));
    } else if (field.type == Which::ENUM) {
      into.set(field.raw, capnp::DynamicEnum(field.raw.getType().asEnum(), 1));
    } else if (field.type == Which::BOOL) {
      into.set(field.raw, true);
    } else {
      into.set(field.raw, numberFor(field));
    }
  }
  void setItem(capnp::DynamicList::Builder list, const events::Field& field) {
    if (field.type == Which::TEXT) {
      list.set(0, capnp::Text::Reader(textFor(field).c_str()));
    } else if (field.type == Which::DATA) {
      list.set(0, dataFor(field));
    } else if (field.type == Which::ENUM) {
      list.set(0, capnp::DynamicEnum(field.raw.getType().asList().getElementType().asEnum(), 1));
    } else {
      list.set(0, numberFor(field));
    }
  }
  static capnp::Data::Reader dataFor(const events::Field& field) {
    static const std::uint8_t id[16] = {0x01, 0x8f, 0x3a, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 2};
    static const std::uint8_t hash[32] = {1};
    return field.format == events::Format::Uuid ? capnp::Data::Reader(id, 16) : capnp::Data::Reader(hash, 32);
  }

  std::function<std::string(const std::string&)> party_;
};

}  // namespace pilotledger::ledger
