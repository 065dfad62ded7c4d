// Which ledgers there are, as an authority says: a signed note, so that who asks all of them whether a right is pledged
// knows whom to ask, and who reads the answer knows that nobody was left out. README.md has the grammar.
//
//   pilotledger/ledgers/v1
//   parent ORIGIN VKEY URL NAME…       at most one: the ledger that records the checkpoints of the others
//   ledger ORIGIN VKEY URL NAME…       one or more, by ORIGIN
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/crypto/key.h"

namespace pilotledger::proof {

inline constexpr std::string_view kLedgerListMagic = "pilotledger/ledgers/v1";
inline constexpr std::size_t kMaxListedLedgers = 4096;
inline constexpr std::size_t kMaxListedText = 512;  // bytes of an address and of a name

struct ListedLedger {
  crypto::VerifyKey key;  // any that the log has signed with; its name is the origin
  std::string url;        // where it serves; a path, where ledgers lie on one machine
  std::string name;

  const std::string& origin() const { return key.name(); }
};

struct LedgerList {
  std::optional<ListedLedger> parent;
  std::vector<ListedLedger> ledgers;  // by origin, bytewise

  std::string text() const;  // what is signed
  // Exactly what text() writes: nothing twice, nothing out of order. BadFormat, NotCanonical as ProofRejected.
  static Result<LedgerList> parse(std::string_view text);
  // As people write it: any order, empty lines, remarks after #, with or without the first line.
  static Result<LedgerList> parseDraft(std::string_view text);

  const ListedLedger* find(std::string_view origin) const;
};

// A list that the key signed, and that every other signature line is of the form of notes.
Result<LedgerList> openLedgerList(std::string_view note, const crypto::VerifyKey& authority);
// What the note says, whoever signed it.
Result<LedgerList> readLedgerList(std::string_view note);

}  // namespace pilotledger::proof
