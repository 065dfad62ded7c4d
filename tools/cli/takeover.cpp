// takeover: a copy of a ledger that was written elsewhere becomes the ledger.
#include <fmt/format.h>

#include <fstream>
#include <system_error>

#include "events/base/whole_file.h"
#include "tools/cli/remote.h"
#include "tools/cli/whole_check.h"
#include "tools/follow/follow.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;

struct TakeoverOptions {
  std::string directory;
  std::string logKey;
  std::vector<std::string> checkpoints;
  std::string authorities;
  int passphraseFd = -1;
  bool alone = false;
};

constexpr InPlaceOf kCopy{{"copy", "副本"}, {"taken over", "接管"}};

// The key that goes on signing, at its place; what lay there goes aside, when it is an older key of this log.
Status placeLogKey(const fs::path& directory, const std::string& from, const ledger::LogKeys& keys,
                   const std::string& passphrase) {
  PL_TRY(crypto::SigningKey key, loadKey(from, passphrase));
  if (key.verifyKey() != keys.current()) {
    return invalidInput(
        fmt::format("the log is signed by {}, and that key is {}", keys.current().vkey(), key.verifyKey().vkey()),
        fmt::format("日志现用密钥为 {}，而给出的是 {}", keys.current().vkey(), key.verifyKey().vkey()));
  }
  const fs::path place = ledger::Ledger::logKeyFile(directory);
  std::error_code absent, failure;
  if (fs::equivalent(from, place, absent)) return {};
  if (fs::exists(place, absent)) {
    auto before = crypto::SigningKey::load(place, passphrase);
    bool retired = before.ok() && keys.contains(before->verifyKey());
    if (!retired)
      return makeError(ErrorCode::Conflict, place.string() + ": another key lies there; move it away",
                       place.string() + "：已有其他密钥，请先移走");
    fs::rename(place, ledger::Ledger::retiredLogKeyFile(directory, before->verifyKey()), failure);
    if (failure) return fileError(place.string());
  }
  if (!fs::exists(from, absent)) return key.save(place, passphrase);  // on a token
  constexpr std::size_t kMaxKeyFile = 64u << 10;
  PL_TRY(std::string bytes, readFile(from, kMaxKeyFile));
  return writeWholeFile(place, bytes, {.mode = 0600});
}

void sayWhatIsLacking(const Context& context, const fs::path& directory) {
  std::error_code ignored;
  if (fs::exists(directory / crypto::kRegisterKeyFile, ignored)) return;
  remark(context,
         {"No register.key and vault.sqlite are here: sealed numbers stay sealed until they are put back from a "
          "backup. The copy also has no cosignatures and time stamps: run 'witness collect'.",
          "此处没有 register.key 与 vault.sqlite：由备份放回之前，封存的号码无法还原。副本亦不含联署与时间戳，"
          "请运行 witness collect。"});
}

Result<std::unique_ptr<follow::Source>> sourceNamed(const Context& context, const TakeoverOptions& options,
                                                    const std::string& from) {
  if (!follow::isUrl(from)) return follow::sourceOf(fs::path(from));
  Context there = context;
  there.server = from;
  there.serverAuthorities = options.authorities;
  PL_TRY(remote::RemoteLog log, openRemote(there));
  return follow::sourceOf(std::move(log), {});
}

// The newest checkpoint of where the copy came from, on the copy's own history as far as both reach.
Result<proof::Checkpoint> newestThere(const Context& context, const TakeoverOptions& options, const std::string& from,
                                      const ledger::LedgerCopy& copy) {
  PL_TRY(auto source, sourceNamed(context, options, from));
  PL_TRY(std::string note, source->newest());
  PL_TRY(proof::Checkpoint newest, proof::readCheckpoint(note));
  if (newest.size > copy.size()) return newest;
  PL_TRY(Digest own, proof::rootAt(copy.logKeys().first().suite(), newest.size, copy.nodes()));
  if (own == newest.root) return newest;
  return makeError(ErrorCode::Corruption,
                   fmt::format("{} shows another history than this copy: 'follow' keeps the evidence", from),
                   fmt::format("{} 出示的历史与本副本不同，可用 follow 留存证据", from));
}

// Two machines that write one log fork it. What the other one is asked is asked twice: before the long check, and when
// it is over, so that a writer that goes on meanwhile is noticed.
enum class Asked { First, Again };
Status requireNotAhead(Context& context, const TakeoverOptions& options, const std::string& from,
                       const ledger::LedgerCopy& copy, Asked asked) {
  std::error_code none;
  if (!follow::isUrl(from) && !fs::exists(fs::path(from) / "log", none)) return {};  // a backup, or gone
  auto newest = newestThere(context, options, from, copy);
  const bool away = !newest.ok() && newest.error().code == ErrorCode::Unavailable;
  const bool behind = newest.ok() && newest->size <= copy.size();
  if (away || behind) {
    if (asked == Asked::Again) return {};
    remark(context,
           away ? Message{fmt::format("{} could not be asked: {}", from, newest.error().message.en),
                          fmt::format("无法查询 {}：{}", from, newest.error().message.zh)}
                : Message{fmt::format("{} was asked: it has {} entries, none that this copy lacks", from, newest->size),
                          fmt::format("已查询 {}：共 {} 条，本副本均已具备", from, newest->size)});
    return {};
  }
  Error why = newest.ok()
                  ? makeError(ErrorCode::Conflict,
                              fmt::format("{} has {} entries and this copy {}: that machine has recorded more, or "
                                          "still does. Stop it and follow it to its end; --alone takes over "
                                          "without them",
                                          from, newest->size, copy.size()),
                              fmt::format("{} 有 {} 条，本副本仅 {} 条：对方已记录更多，或仍在记录。请先停止对方并"
                                          "跟随至末尾；--alone 则舍弃这些条目而接管",
                                          from, newest->size, copy.size()))
                  : std::move(newest).error();
  if (!options.alone) return why;
  if (asked == Asked::First) remark(context, why.message);
  return {};
}

Result<int> takeOver(Context& context, const TakeoverOptions& options) {
  const fs::path directory = options.directory;
  if (options.checkpoints.empty() && !options.alone) {
    return makeError(
        ErrorCode::Unsupported,
        "say what was seen of the ledger last: --checkpoint FILE (of witnesses, or kept elsewhere), or "
        "--alone if nobody saw more than the copy holds",
        "请给出账本最后被见到的检查点：--checkpoint 文件（取自见证方或另行保存者）；若确无他人见过更多，用 "
        "--alone");
  }
  std::string from;
  if (!std::getline(std::ifstream(ledger::copyMark(directory)), from))
    return makeError(ErrorCode::NotFound, directory.string() + ": no copy that follows a ledger",
                     directory.string() + "：不是跟随账本的副本");
  PL_TRY(std::string passphrase, passphraseFrom(options.passphraseFd));
  {
    PL_TRY(auto copy, ledger::LedgerCopy::open(directory));  // nobody follows meanwhile
    if (!copy->isSigned())
      return makeError(ErrorCode::Unavailable, "the newest commit of this copy is not signed: complete it by 'follow'",
                       "本副本最后的提交尚未签署，请先用 follow 补齐");
    PL_CHECK(requireSeenEntries(directory, options.checkpoints, kCopy));
    PL_CHECK(requireNotAhead(context, options, from, *copy, Asked::First));
    PL_CHECK(checkWhole(context, directory, kCopy));
    PL_CHECK(requireNotAhead(context, options, from, *copy, Asked::Again));
    PL_CHECK(placeLogKey(directory, options.logKey, copy->logKeys(), passphrase));
  }
  std::error_code failure;
  fs::remove(ledger::copyMark(directory), failure);
  if (failure) return fileError(ledger::copyMark(directory).string());
  PL_TRY(auto ledger, ledger::Ledger::open(directory, ledger::OpenMode::Write, context.clock, passphrase));
  PL_CHECK(writeOutput(
      context, fmt::format(fmt::runtime(context.say("{}: {} entries; this is the ledger now. The one at {} must not "
                                                    "be written to any more\n",
                                                    "{}：{} 条，现为正本。{} 处的账本不得再写入\n")),
                           directory.string(), ledger->size(), from)));
  sayWhatIsLacking(context, directory);
  return kOk;
}

}  // namespace

Action declareTakeover(CLI::App& app, const Context& context) {
  auto options = std::make_shared<TakeoverOptions>();
  auto say = [&](std::string_view en, std::string_view zh) { return std::string(context.say(en, zh)); };
  app.add_option("directory", options->directory, say("of the copy", "副本目录"))->required();
  app.add_option("--log-key", options->logKey,
                 say("the log key in force: a file or a pkcs11: URI", "现用日志密钥：文件或 pkcs11: 地址"))
      ->required();
  app.add_option("--passphrase-fd", options->passphraseFd,
                 say("read the passphrase of the key from this descriptor", "从该描述符读取口令"));
  app.add_option("--checkpoint", options->checkpoints,
                 say("a checkpoint that others have; the copy must hold its entries; may be repeated",
                     "他人所持的检查点，副本须含其全部条目；可重复给出"));
  app.add_option("--tls-ca", options->authorities, std::string(context.say(kTlsAuthorities)));
  app.add_flag("--alone", options->alone,
               say("nobody has seen more than the copy holds, or what they saw is given up",
                   "确认无他人见过副本之外的条目，或舍弃这些条目"));
  return [options](Context& c) { return takeOver(c, *options); };
}

}  // namespace pilotledger::cli
