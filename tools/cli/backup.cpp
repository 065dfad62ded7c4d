// backup, restore: a copy of a ledger to put back.
#include "tools/service/backup.h"

#include <fmt/format.h>

#include <system_error>

#include "ledger/countersignatures.h"
#include "ledger/fsck/fsck.h"
#include "tools/cli/command.h"
#include "tools/cli/terminal.h"
#include "tools/cli/unfinished.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;

struct BackupOptions {
  CLI::App* verify = nullptr;
  std::string directory;
  std::string verified;
  bool withKeys = false;
};

Status sayReport(const Context& context, const service::BackupReport& report) {
  return writeOutput(
      context, fmt::format(fmt::runtime(context.say("{} entries, {} files, {} bytes\n", "{} 条，{} 个文件，{} 字节\n")),
                           report.entries, report.files, report.bytes));
}

Result<int> backup(Context& context, const BackupOptions& options) {
  bool looks = options.verify->parsed();
  if (looks && options.withKeys)
    return makeError(ErrorCode::Unsupported, "--with-keys is for making a backup", "--with-keys 仅用于制作备份");
  if (!looks && options.directory.empty())
    return makeError(ErrorCode::Unsupported, "name the directory of the backup", "请指定备份目录");
  auto report =
      looks ? service::verifyBackup(options.verified)
            : service::makeBackup(context, options.directory,
                                  options.withKeys ? service::SigningKeys::Included : service::SigningKeys::LeftOut);
  if (looks && !report.ok() && report.error().code == ErrorCode::Corruption) {
    PL_CHECK(writeOutput(context, context.say(report.error().message) + "\n"));
    return kNo;
  }
  if (!report.ok()) return std::move(report).error();
  PL_CHECK(sayReport(context, *report));
  return kOk;
}

struct RestoreOptions {
  std::string backup;
  std::string checkpoint;
  bool alone = false;
};

// What somebody else has seen of this log must be in what is put back, else signing on would fork it.
Status requireSeenEntries(const fs::path& directory, const std::string& note) {
  PL_TRY(auto ledger, ledger::Ledger::open(directory, ledger::OpenMode::ReadOnly));
  PL_TRY(proof::Checkpoint seen, ledger->logKeys().open(note));
  if (seen.size > ledger->size()) {
    return makeError(
        ErrorCode::Corruption,
        fmt::format("the backup has {} entries and {} were seen: nothing is restored", ledger->size(), seen.size),
        fmt::format("备份仅有 {} 条，而已有 {} 条被见证，未予恢复", ledger->size(), seen.size));
  }
  PL_TRY(Digest root, ledger->rootAt(seen.size));
  if (root == seen.root) return {};
  return makeError(ErrorCode::Corruption, "the backup has another history than that checkpoint: nothing is restored",
                   "备份与该检查点历史不符，未予恢复");
}

Status checkWhole(const Context& context, const fs::path& directory) {
  Progress progress(std::string(context.say("verifying", "核验中")), context.quiet);
  ledger::FsckOptions options;
  options.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
  PL_TRY(ledger::FsckOutcome outcome, ledger::fsck(directory, options));
  if (!outcome.damage) return {};
  return makeError(ErrorCode::Corruption,
                   fmt::format("the backup does not verify: {}: {}", outcome.damage->where, outcome.damage->what.en),
                   fmt::format("备份未通过核验：{}：{}", outcome.damage->where, outcome.damage->what.zh));
}

Result<int> restore(Context& context, const RestoreOptions& options) {
  if (options.checkpoint.empty() == !options.alone) {
    return makeError(
        ErrorCode::Unsupported,
        "say what was seen of the ledger last: --seen CHECKPOINT (of a witness, or kept elsewhere), or --alone if "
        "nobody "
        "saw more than the backup holds",
        "请给出账本最后被见到的检查点：--seen 文件（取自见证方或另行保存者）；若确无他人见过更多，用 --alone");
  }
  PL_TRY(service::BackupReport report, service::verifyBackup(options.backup));
  PL_TRY(UnfinishedLedger making, UnfinishedLedger::begin(context.ledgerDirectory));
  PL_CHECK(service::copyBackup(options.backup, making.path()));
  PL_CHECK(checkWhole(context, making.path()));
  if (!options.checkpoint.empty()) {
    PL_TRY(std::string note, readFile(options.checkpoint, proof::kMaxNoteBytes));
    PL_CHECK(requireSeenEntries(making.path(), note));
  }
  PL_CHECK(making.finish());
  PL_CHECK(sayReport(context, report));
  if (!fs::exists(ledger::Ledger::logKeyFile(context.ledgerDirectory))) {
    remark(context, {"The backup holds no log key: put log.pem back before anything is recorded.",
                     "备份不含日志密钥：记录前请放回 log.pem。"});
  }
  return kOk;
}

}  // namespace

Action declareBackup(CLI::App& app, const Context& context) {
  auto options = std::make_shared<BackupOptions>();
  app.add_option("directory", options->directory,
                 std::string(context.say("where to make the backup; absent or empty", "备份目录，须不存在或为空")));
  app.add_flag("--with-keys", options->withKeys,
               std::string(context.say("with log.pem and other signing keys: keep such a backup as safe as they are",
                                       "含 log.pem 等签名密钥；此类备份须同等妥善保管")));
  options->verify = app.add_subcommand(
      "verify",
      std::string(context.say("that every file has the bytes that its manifest says", "核验备份各文件与清单一致")));
  options->verify
      ->add_option("backup", options->verified, std::string(context.say("directory of the backup", "备份目录")))
      ->required();
  return [options](Context& c) { return backup(c, *options); };
}

Action declareRestore(CLI::App& app, const Context& context) {
  auto options = std::make_shared<RestoreOptions>();
  app.add_option("backup", options->backup, std::string(context.say("directory of the backup", "备份目录")))
      ->required();
  app.add_option("--seen", options->checkpoint,
                 std::string(context.say("the newest checkpoint that anybody has: the backup must hold its entries",
                                         "他人所持的最新检查点：备份须含其全部条目")));
  app.add_flag("--alone", options->alone,
               std::string(context.say("nobody has seen more than the backup holds", "确认无他人见过备份之外的条目")));
  return [options](Context& c) { return restore(c, *options); };
}

}  // namespace pilotledger::cli
