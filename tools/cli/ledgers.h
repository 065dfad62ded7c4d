// Several ledgers that an authority listed: where each is asked, and the bank's question put to all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/proof/bundle.h"
#include "ledger/proof/log_of_logs.h"
#include "tools/cli/command.h"
#include "tools/remote/remote_log.h"

namespace pilotledger::cli {

struct LedgersAsked {
  std::string listFile;
  std::string listKey;      // vkey of the authority or a file that holds it; empty: the list is taken as it lies there
  std::string authorities;  // PEM that https trusts
  std::string proofFile;    // where the bundle goes; empty: nowhere
  CLI::Option* parent = nullptr;
  std::string parentPlace;  // instead of the list's address of it
  bool given() const { return !listFile.empty(); }
  bool throughParent() const { return parent != nullptr && parent->count() > 0; }
  void declare(CLI::App& app, const Context& context);
};

// The signed list as it is, and what it says.
struct SignedList {
  std::string note;
  proof::LedgerList list;
  std::optional<crypto::VerifyKey> key;  // that it was checked by
  std::string signedBy;                  // "name+keyid"
};
Result<SignedList> openList(const Context& context, const std::string& file, const std::string& listKey);

// Over its address or from its directory. A server is held to what this machine remembers of it.
//
bool isServed(const std::string& url);
Result<remote::RemoteLog> openListed(const proof::ListedLedger& listed, const std::string& authorities);
// A pledge proof of the listed ledger, of that size where its entries lie at hand, else the newest. Not judged yet:
// checkAnswer() does that.
Result<std::string> listedPledgeProof(const proof::ListedLedger& listed, const std::string& authorities,
                                      const std::string& number, std::optional<std::uint64_t> size = std::nullopt);
// Its newest checkpoint, signed by a key that the listed one leads to.
Result<std::string> listedCheckpoint(const proof::ListedLedger& listed, const std::string& authorities);

// What the parent and the ledgers showed; of those that did not answer, why.
struct AtOneInstant {
  proof::LogOfLogs proof;
  std::vector<Message> silent;
  bool damage = false;
};
Result<AtOneInstant> askThroughParent(const SignedList& list, const std::string& place, const std::string& authorities,
                                      const std::string& number);

// `pledge NUMBER… --ledgers LIST`.
Result<int> pledgeOnLedgers(Context& context, const LedgersAsked& asked, const std::vector<std::string>& numbers);

}  // namespace pilotledger::cli
