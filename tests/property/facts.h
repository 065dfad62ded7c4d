// What the property test submits: events reduced to the fields that decide about them.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "events/base/bytes.h"

namespace pilotledger::property {

enum class Kind {
  PlatformEstablished,
  PlatformRecognized,
  SubsidyAwarded,
  SubsidyDisbursed,
  SubsidyReceived,
  ExpenditureRecorded,
  SubsidyAcceptance,
  IpAssetRecorded,
  IpStatusObserved,
  PledgeAgreed,
  PledgeRegistered,
  PledgeReleased,
  RevenueReceived,
  RevenueReversed,
  EventReversed,
  KeyRevoked,
};

struct Fact {
  Kind kind{};
  int id = 0;                       // stands for the event id: equal facts are equal bytes
  std::string subject;              // the platform, award, asset, pledge or key it is about
  std::string party;                // legal entity, payee, spender, pledgee
  std::vector<std::string> assets;  // pledged, registered or released
  std::vector<std::string> owners;  // owners, pledgors
  std::string word;                 // level, basis, result, gazette code, end of the debt, stream
  std::string number;               // of the invoice or the registration
  std::int64_t amount = 0;          // awarded, moved, claimed, confirmed, secured, gross
  std::int64_t tax = 0;
  std::int64_t total = 0;  // of the invoice
  int target = 0;          // the event that is reversed, the receipt that is refunded
  bool imported = false;   // names a source
  bool excepted = false;   // exceptionRef, coOwnerConsent, document number
  bool euro = false;

  bool operator==(const Fact&) const = default;
};

// Events signed together; or, without events, the ledger is closed and opened again.
struct Plan {
  std::vector<Fact> facts;
  std::vector<std::string> signers;
};

// Who takes part. Names of keys, since one party may have two.
struct Key {
  std::string party;
  std::vector<std::string> roles;
  std::string level;
};
const std::map<std::string, Key>& cast();

inline constexpr const char* kNobody = "91330481MA99C004X0";  // a party that nobody registers

EventId eventId(int id);
std::string uuid(int id);
// `vkeys` of the cast, by name.
std::string jsonOf(const Fact& fact, const std::map<std::string, std::string>& vkeys);
std::ostream& operator<<(std::ostream& out, const Plan& plan);

}  // namespace pilotledger::property
