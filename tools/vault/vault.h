// What stays off the log and gives its keyed hashes and commitments a meaning: sealed numbers, and
// the fields and salts of committed documents. One SQLite file, mode 0600. It cannot be rebuilt from
// the log; what is erased from it can never be shown again.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger/proof/commitment.h"
#include "query/sql/database.h"

namespace pilotledger::vault {

struct Number {
  std::string sealed;  // hmac:...
  std::string kind;    // invoice, bankref, account
  std::string number;
};

class Vault {
 public:
  // Made when absent. NotAuthorized when others can read the file.
  static Result<Vault> open(const std::filesystem::path& path);
  // NotFound when absent: what it held is not there to be asked for.
  static Result<Vault> openExisting(const std::filesystem::path& path);

  // In one transaction, on disk when it returns; what is there already stays. `fresh` learns of those that were not.
  Status keepNumbers(std::span<const Number> numbers, std::vector<std::string>* fresh = nullptr);
  // Takes back, by their sealed spelling, numbers that nothing recorded uses; their bytes are overwritten in the file.
  Status forgetNumbers(std::span<const std::string> sealed);
  Result<std::vector<Number>> numbers();  // by their sealed spelling
  Result<std::optional<Number>> number(std::string_view sealed);
  Status keepDocument(const Digest& commitment, std::span<const proof::SaltedField> fields);
  Result<std::vector<proof::SaltedField>> document(const Digest& commitment);  // none: empty

  // Overwrites what the commitment, or the sealed number of that hash, stands for, and the file's
  // journal; true when there was something. Blocks that a file system or a disk gave up earlier, and
  // copies of the file, are out of its reach.
  Result<bool> erase(const Digest& commitment);

 private:
  Vault(std::filesystem::path path, query::Database database)
      : path_(std::move(path)), database_(std::move(database)) {}
  Result<bool> remove(const std::string& sql, const std::string& key);
  std::filesystem::path path_;
  query::Database database_;
};

}  // namespace pilotledger::vault
