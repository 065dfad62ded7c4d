#include "ledger/commit/founding.h"

#include <capnp/message.h>

#include "events/base/uuid.h"
#include "events/codec.h"

namespace pilotledger::ledger {
namespace {

EventId genesisId(const Founding& founding, std::string_view what) {
  return events::makeUuidV8(crypto::hash(crypto::SuiteId::Ed25519Sha256,
                                         {viewOf("pilotledger/genesis\n"), viewOf(founding.origin), viewOf(what)}));
}

void setHeader(events::schema::Event::Builder event, const EventId& id, std::int32_t date) {
  event.setId(capnp::Data::Reader(id.data(), id.size()));
  event.setLegalDate(date);
}

}  // namespace

Result<std::vector<Bytes>> foundingEvents(const Founding& founding) {
  std::vector<Bytes> out;
  {
    capnp::MallocMessageBuilder message;
    auto event = message.initRoot<events::schema::Event>();
    setHeader(event, genesisId(founding, "party"), founding.date);
    auto body = event.getBody().initPartyRegistered();
    body.setParty(founding.operatorParty);
    body.setName(founding.operatorName);
    body.setKind(events::schema::PartyKind::INSTITUTION);
    PL_TRY(Bytes bytes, events::encode(event));
    out.push_back(std::move(bytes));
  }
  capnp::MallocMessageBuilder message;
  auto event = message.initRoot<events::schema::Event>();
  setHeader(event, genesisId(founding, founding.operatorKey.vkey()), founding.date);
  auto body = event.getBody().initKeyBound();
  body.setKey(founding.operatorKey.vkey());
  body.setParty(founding.operatorParty);
  body.initRoles(1).set(0, events::schema::Role::OPR);
  if (founding.registerKey) {
    Digest commitment = founding.registerKey->commitment(founding.origin);
    body.setLog(founding.origin);
    body.setRegisterKey(capnp::Data::Reader(commitment.data(), commitment.size()));
  }
  if (founding.edition > 1) {
    body.setRulesLog(founding.origin);
    body.setRulesEdition(static_cast<std::uint16_t>(founding.edition));
  }
  PL_TRY(Bytes bytes, events::encode(event));
  out.push_back(std::move(bytes));
  return out;
}

}  // namespace pilotledger::ledger
