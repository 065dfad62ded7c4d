#include "tools/cli/whole_check.h"

#include <fmt/format.h>

#include "ledger/fsck/fsck.h"
#include "ledger/tlog/note.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {

namespace {

Status requireSeen(const ledger::Ledger& ledger, const std::string& note, const InPlaceOf& as) {
  PL_TRY(proof::Checkpoint seen, ledger.logKeys().open(note));
  if (seen.size > ledger.size()) {
    return makeError(
        ErrorCode::Corruption,
        fmt::format("the {} has {} entries and {} were seen: nothing is {}. A copy that has them can complete it: see "
                    "'pilotledger follow'",
                    as.what.en, ledger.size(), seen.size, as.done.en),
        fmt::format("{}仅有 {} 条，而已有 {} 条被见证，未予{}。可由含有这些条目的副本补齐，见 pilotledger follow",
                    as.what.zh, ledger.size(), seen.size, as.done.zh));
  }
  PL_TRY(Digest root, ledger.rootAt(seen.size));
  if (root == seen.root) return {};
  return makeError(
      ErrorCode::Corruption,
      fmt::format("the {} has another history than that checkpoint: nothing is {}", as.what.en, as.done.en),
      fmt::format("{}与该检查点历史不符，未予{}", as.what.zh, as.done.zh));
}

}  // namespace

Status requireSeenEntries(const std::filesystem::path& directory, const std::vector<std::string>& files,
                          const InPlaceOf& as) {
  PL_TRY(auto ledger, ledger::Ledger::open(directory, ledger::OpenMode::ReadOnly));
  for (const std::string& file : files) {
    PL_TRY(std::string note, readFile(file, proof::kMaxNoteBytes));
    PL_CHECK(requireSeen(*ledger, note, as));
  }
  return {};
}

Status checkWhole(const Context& context, const std::filesystem::path& directory, const InPlaceOf& as) {
  Progress progress(std::string(context.say("verifying", "核验中")), context.quiet);
  ledger::FsckOptions options;
  options.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
  PL_TRY(ledger::FsckOutcome outcome, ledger::fsck(directory, options));
  if (!outcome.damage) return {};
  return makeError(
      ErrorCode::Corruption,
      fmt::format("the {} does not verify: {}: {}", as.what.en, outcome.damage->where, outcome.damage->what.en),
      fmt::format("{}未通过核验：{}：{}", as.what.zh, outcome.damage->where, outcome.damage->what.zh));
}

}  // namespace pilotledger::cli
