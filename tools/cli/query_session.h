// What the commands that ask the read model share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "query/answer/query.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {

struct AsOfOptions {
  std::string asOf;
  std::string on;
  std::string reader;
  void declareDays(CLI::App& app, const Context& context);  // --as-of, --on
  void declare(CLI::App& app, const Context& context);      // and --reader
};

struct Opened {
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<query::ReadModel> model;
  query::AsOf at;
};
enum class Rows {
  Kept,      // of the read model that is kept, caught up; with --fresh Computed
  Computed,  // from the log, which is verified first; Corruption when it does not lead to its signed root
};
Result<std::unique_ptr<query::ReadModel>> openReadModel(const Context& context, const ledger::Ledger& ledger,
                                                        Rows rows);
// The ledger, read only, and its read model, as its reader may see it, with the vault's sealed numbers opened.
Result<Opened> openModel(const Context& context, const AsOfOptions& options);
// As it stands on the log, which every copy of the ledger gives alike; computed, because somebody answers for it.
Result<Opened> openAsRecorded(const Context& context, const AsOfOptions& options);

// KEY=VALUE words.
Result<query::Parameters> parseParameters(const std::vector<std::string>& words);
inline Language reportLanguage(const Context& context) { return context.zh() ? Language::Chinese : Language::English; }
// Says how many numbers the table shows as keyed hashes because the vault, which is there, does not hold them.
Status sayBareNumbers(const Context& context, const query::Table& table);
// In the format that was asked for.
Status printTable(const Context& context, const query::Table& table);

}  // namespace pilotledger::cli
