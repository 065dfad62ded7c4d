// The first two entries of a ledger: its operator and the operator's key, signed by the log key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/crypto/register_key.h"

namespace pilotledger::ledger {

struct Founding {
  std::string origin;
  std::string operatorParty;
  std::string operatorName;
  crypto::VerifyKey operatorKey;
  std::optional<crypto::RegisterKey> registerKey;  // the entries commit to it
  std::int32_t date = 0;                           // civil date yyyymmdd
  int edition = 1;                                 // of the rules, from the third entry on
};

// Canonical bytes, in their order; the same founding gives the same bytes.
Result<std::vector<Bytes>> foundingEvents(const Founding& founding);

}  // namespace pilotledger::ledger
