// backup, restore: a copy of a ledger to put back.
#include "tools/service/backup.h"

#include <fmt/format.h>

#include <system_error>

#include "ledger/log/identity.h"
#include "tools/cli/command.h"
#include "tools/cli/unfinished.h"
#include "tools/cli/whole_check.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;

struct BackupOptions {
  CLI::App* verify = nullptr;
  std::string directory;
  std::string verified;
  std::string since;
  bool withKeys = false;
};

Status sayReport(const Context& context, const service::BackupReport& report) {
  return writeOutput(
      context, fmt::format(fmt::runtime(context.say("{} entries, {} files, {} bytes\n", "{} 条，{} 个文件，{} 字节\n")),
                           report.entries, report.files, report.bytes));
}

Result<int> backup(Context& context, const BackupOptions& options) {
  bool looks = options.verify->parsed();
  if (looks && (options.withKeys || !options.since.empty()))
    return makeError(ErrorCode::Unsupported, "--with-keys and --since are for making a backup",
                     "--with-keys 与 --since 仅用于制作备份");
  if (!looks && options.directory.empty())
    return makeError(ErrorCode::Unsupported, "name the directory of the backup", "请指定备份目录");
  auto report =
      looks ? service::verifyBackup(options.verified)
            : service::makeBackup(context, options.directory,
                                  options.withKeys ? service::SigningKeys::Included : service::SigningKeys::LeftOut,
                                  options.since);
  if (looks && !report.ok() && report.error().code == ErrorCode::Corruption) {
    PL_CHECK(writeOutput(context, context.say(report.error().message) + "\n"));
    return kNo;
  }
  if (!report.ok()) return std::move(report).error();
  PL_CHECK(sayReport(context, *report));
  if (!options.since.empty()) {
    remark(context, {fmt::format("{} bytes of them are in files of {}", report->shared, options.since),
                     fmt::format("其中 {} 字节与 {} 共用文件", report->shared, options.since)});
  }
  return kOk;
}

struct RestoreOptions {
  std::string backup;
  std::string checkpoint;
  bool alone = false;
  bool toFollow = false;
};

constexpr InPlaceOf kBackup{{"backup", "备份"}, {"restored", "恢复"}};

Result<int> restore(Context& context, const RestoreOptions& options) {
  if (!options.checkpoint.empty() + options.alone + options.toFollow != 1) {
    return makeError(
        ErrorCode::Unsupported,
        "say what was seen of the ledger last: --seen CHECKPOINT (of a witness, or kept elsewhere), or --alone if "
        "nobody "
        "saw more than the backup holds; or --to-follow for a copy that 'follow' completes",
        "请给出账本最后被见到的检查点：--seen 文件（取自见证方或另行保存者）；若确无他人见过更多，用 --alone；"
        "若恢复为由 follow 补齐的副本，用 --to-follow");
  }
  PL_TRY(service::BackupReport report, service::verifyBackup(options.backup));
  PL_TRY(UnfinishedLedger making, UnfinishedLedger::begin(context.ledgerDirectory));
  PL_CHECK(service::copyBackup(options.backup, making.path()));
  PL_CHECK(checkWhole(context, making.path(), kBackup));
  if (!options.checkpoint.empty()) PL_CHECK(requireSeenEntries(making.path(), {options.checkpoint}, kBackup));
  if (options.toFollow)
    PL_CHECK(writeWholeFile(ledger::copyMark(making.path()), "backup " + options.backup + "\n", {.mode = 0600}));
  PL_CHECK(making.finish());
  PL_CHECK(sayReport(context, report));
  if (!options.toFollow && !fs::exists(ledger::Ledger::logKeyFile(context.ledgerDirectory))) {
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
  app.add_option("--since", options->since,
                 std::string(context.say("a backup before this one: table files that did not change are shared with it",
                                         "此前的备份：未变的表文件与其共用")));
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
  app.add_flag("--to-follow", options->toFollow,
               std::string(context.say("as a copy, which 'follow' completes and 'takeover' makes the ledger",
                                       "恢复为副本，由 follow 补齐、由 takeover 转为正本")));
  return [options](Context& c) { return restore(c, *options); };
}

}  // namespace pilotledger::cli
