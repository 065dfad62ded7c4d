// What use cases share about what not everybody may see: the reader, the register key, the vault.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "events/codec.h"
#include "events/json.h"
#include "ledger/crypto/register_key.h"
#include "ledger/ledger.h"
#include "query/model/read_model.h"
#include "tools/service/site.h"
#include "tools/vault/vault.h"

namespace pilotledger::service {

// "", public, party:ID or audit, judged by today's ledger and date (query/access/reader_scope.h).
Result<query::ReaderScope> sightOf(const Site& site, const ledger::Ledger& ledger, const std::string& reader);

// "name+keyid" of those who signed an entry's submission.
Result<std::vector<std::string>> signersOf(const ledger::Ledger& ledger, const proof::Entry& entry);

// The register key of this place, held to what the log commits to. Corruption, naming the file, when it is another
// one, or gone though the log commits to one. Absent in a ledger that never had one.
struct HeldRegisterKey {
  std::optional<crypto::RegisterKey> key;
  bool committed = false;  // the log names it
};
Result<HeldRegisterKey> heldRegisterKey(const Site& site, const ledger::Ledger& ledger);

// The sealed numbers that the vault knows, each held to the register key; none when there is no vault that this user
// may open, which is said where there must have been one. Corruption for a number that the key does not seal so.
Result<query::UnsealedNumbers> openedNumbers(const Site& site, const ledger::Ledger& ledger);
// Entries that refer to sealed numbers which are not among those that the vault opens, and how many of them there are.
// Nothing where there is no vault that this user may open.
struct MissingNumbers {
  std::size_t numbers = 0;
  std::vector<std::uint64_t> entries;
};
Result<MissingNumbers> missingNumbers(const Site& site, const ledger::Ledger& ledger,
                                      const query::UnsealedNumbers& opened);
// Turns a sealed number into the number where the vault knows it.
Result<std::function<std::string(const std::string&)>> numberOpener(const Site& site, const ledger::Ledger& ledger);

// Seals events on their way to the log when the ledger has a register key (init makes one), and
// keeps the numbers in the vault before the events are recorded. A number that comes sealed must be
// one that the vault can open: what somebody made up is no number. A register key that is gone or exchanged
// stops what has numbers, and nothing else.
class Sealing {
 public:
  static Result<Sealing> of(const Site& site, const ledger::Ledger& ledger);
  Result<Bytes> seal(const events::Event& event);
  // What others signed cannot be sealed any more: InvalidInput for a number in clear where the log commits to a key.
  Status requireSealed(const proof::Submission& submission) const;
  // Once for many events: the vault is opened once, and its file written once a call.
  Status keep();
  // What was kept is taken back at the end, save what recorded events use.
  Status noteRecorded(const events::Event& event);
  Status forgetUnused();
  // "invoice:INV-1" as the log names it.
  Result<std::string> entityKey(const std::string& key) const;

 private:
  Status acceptSealed(std::string_view kind, std::string_view sealed);
  std::filesystem::path vault_;
  HeldRegisterKey held_;
  std::optional<Error> damage_;        // of the register key; told to whoever needs it, others go on
  std::optional<vault::Vault> known_;  // opened for the first number that comes sealed
  std::optional<Message> vaultLost_;   // told once, before a new vault begins
  std::function<void(const Message&)> notice_;
  std::vector<vault::Number> numbers_;     // sealed since the last keep()
  std::unordered_set<std::string> kept_;   // numbers sealed by this, kept or about to be
  std::unordered_set<std::string> fresh_;  // of these, those that no recorded event uses yet and the vault did not know
};

}  // namespace pilotledger::service
