// What the commands share about what not everybody may see: the reader, the register key, the vault.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "events/codec.h"
#include "events/json.h"
#include "ledger/crypto/register_key.h"
#include "query/read_model.h"
#include "tools/cli/command.h"
#include "tools/cli/recorder.h"
#include "tools/vault/vault.h"

namespace pilotledger::cli {

// --reader, the same on every command that has it.
void declareReader(CLI::App& app, const Context& context, std::string& reader);
Result<query::Sight> sightOf(const Context& context, const ledger::Ledger& ledger, const std::string& reader);

// "name+keyid" of those who signed an entry's submission.
Result<std::vector<std::string>> signersOf(const ledger::Ledger& ledger, const proof::Entry& entry);

std::filesystem::path vaultPath(const Context& context);  // --vault, or vault.sqlite in the ledger's directory
// The sealed numbers that the vault knows; none when there is no vault that this user may open.
Result<query::OpenedNumbers> openedNumbers(const Context& context);
// Turns a sealed number into the number where the vault knows it.
Result<std::function<std::string(const std::string&)>> numberOpener(const Context& context);

// Seals events on their way to the log when the ledger has a register key (init makes one), and
// keeps the numbers in the vault before the events are recorded.
class Sealing {
 public:
  static Result<Sealing> of(const Context& context, crypto::SuiteId suite);
  Result<Bytes> seal(const events::Event& event);
  Status sealAll(std::vector<EventLine>& events, bool keeps = true);
  Status keep();
  // "invoice:INV-1" as the log names it.
  std::string entityKey(const std::string& key) const;

 private:
  std::filesystem::path vault_;
  std::optional<crypto::RegisterKey> key_;
  std::vector<vault::Number> numbers_;  // sealed since the last keep()
};

}  // namespace pilotledger::cli
