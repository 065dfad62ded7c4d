#include <fmt/format.h>
#include <sodium.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "events/base/local_time.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/private_file.h"
#include "tools/cli/command.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/signing.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

struct KeyOptions {
  std::string file;
  std::string name;
  std::string suite = "ed25519-sha256";
  int passphraseFd = -1;
  CLI::App* make = nullptr;
  CLI::App* show = nullptr;
  CLI::App* rotate = nullptr;
  CLI::App* commitRegister = nullptr;
  std::vector<std::string> signers;
  std::string next;
  std::string reason = "SUPERSEDED";
  std::string compromisedSince;
  bool plain = false;
  bool again = false;
  bool yes = false;
};

Result<int> keyCommand(Context& context, const KeyOptions& options) {
  if (options.make->parsed()) {
    PL_TRY(crypto::SuiteId suite, crypto::parseSuite(options.suite));
    if (options.file.starts_with("pkcs11:")) {
      PL_TRY(std::string passphrase, passphraseFrom(options.passphraseFd));
      PL_TRY(bool locked, crypto::SigningKey::isLocked(options.file));
      if (locked && passphrase.empty()) {
        PL_TRY(passphrase, promptPassphrase("PIN"));
      }
      PL_TRY(crypto::SigningKey made,
             crypto::SigningKey::generateOnToken(suite, options.name, options.file, passphrase));
      PL_CHECK(writeOutput(context, made.verifyKey().vkey() + "\n"));
      return kOk;
    }
    if (options.name.empty())
      return invalidInput("--name is missing: the key's name, such as bank.example/pledges", "缺少 --name：密钥名称");
    PL_TRY(crypto::SigningKey key, crypto::SigningKey::generate(suite, options.name));
    PL_TRY(std::string passphrase, passphraseForNew(context, options.file, options.passphraseFd, options.plain));
    PL_CHECK(key.save(options.file, passphrase));
    PL_CHECK(writeOutput(context, key.verifyKey().vkey() + "\n"));
    if (passphrase.empty() && !options.plain) remarkNotEncrypted(context, options.file);
    return kOk;
  }
  PL_TRY(auto keys, loadKeys({options.file}, options.passphraseFd));
  PL_CHECK(writeOutput(context, keys[0].verifyKey().vkey() + "\n"));
  return kOk;
}

// Half a key, left by a rotation that was cut off, opens nothing: it is put aside, not deleted.
Status putAsideCutKey(const Context& context, const std::filesystem::path& file) {
  PL_TRY(std::string text, crypto::readPrivateFile(file, crypto::kMaxKeyFile));
  bool whole = crypto::isWholeKeyFile(text);
  sodium_memzero(text.data(), text.size());
  if (whole) return {};
  std::filesystem::path aside = file.string() + ".cut";
  std::error_code failure;
  for (int i = 2; std::filesystem::exists(aside, failure); ++i) aside = fmt::format("{}.cut{}", file.string(), i);
  std::filesystem::rename(file, aside, failure);
  if (failure)
    return makeError(ErrorCode::Unavailable, fmt::format("{}: {}", file.string(), failure.message()),
                     fmt::format("{}：{}", file.string(), failure.message()));
  printRemark(context.say(Message{
      fmt::format("{}: no whole key (an earlier rotation was cut off); put aside as {}", file.string(), aside.string()),
      fmt::format("{}：不是完整的密钥（此前的轮换中断）；已改名为 {}", file.string(), aside.string())}));
  return {};
}

// The next key, in the file where a writer looks for it. One that is there waits since a try that did not succeed.
Result<crypto::VerifyKey> placeNextKey(const Context& context, const KeyOptions& options,
                                       const crypto::VerifyKey& inForce, const std::string& passphrase) {
  std::string file = ledger::Ledger::nextLogKeyFile(context.ledgerDirectory).string();
  if (std::filesystem::exists(file)) PL_CHECK(putAsideCutKey(context, file));
  std::optional<crypto::VerifyKey> waits;
  if (std::filesystem::exists(file)) {
    PL_TRY(crypto::SigningKey waiting, loadKey(file, passphrase));
    if (options.next.empty()) return waiting.verifyKey();
    waits = waiting.verifyKey();
  }
  auto made = options.next.empty() ? crypto::SigningKey::generate(inForce.suite(), inForce.name())
                                   : loadKey(options.next, passphrase);
  if (!made.ok()) return std::move(made).error();
  if (made->verifyKey().name() != inForce.name() || made->verifyKey().suite() != inForce.suite()) {
    return invalidInput(fmt::format("the new log key must be named {} and be of the suite {}; found {}", inForce.name(),
                                    crypto::suiteName(inForce.suite()), made->verifyKey().vkey()),
                        fmt::format("新日志密钥须以 {} 命名，且属于套件 {}；实为 {}", inForce.name(),
                                    crypto::suiteName(inForce.suite()), made->verifyKey().vkey()));
  }
  if (!waits || !(*waits == made->verifyKey())) PL_CHECK(made->save(file, passphrase));
  return made->verifyKey();
}

Status sayCutRotationComplete(Context& context, const crypto::VerifyKey& inForce) {
  PL_CHECK(writeOutput(context, inForce.vkey() + "\n"));
  remark(context, {"The rotation that was cut off is complete: the log key is the one printed. To change it once more, "
                   "run the command again.",
                   "此前中断的轮换已补全：现用日志密钥为所输出者。如需再次轮换，请重新执行。"});
  return {};
}

// An earlier rotation was recorded, and cut off before its files were renamed: the key that waits is the one in force.
// Opening to write makes that good; a second rotation was not asked for.
Result<bool> finishCutRotation(Context& context, const crypto::VerifyKey& inForce, const std::string& given) {
  std::string file = ledger::Ledger::nextLogKeyFile(context.ledgerDirectory).string();
  if (!std::filesystem::exists(file)) return false;
  auto passphrase = passphraseFor(file, given);
  auto waiting = passphrase.ok() ? loadKey(file, *passphrase) : Result<crypto::SigningKey>(passphrase.error());
  if (!waiting.ok() || !(waiting->verifyKey() == inForce)) return false;
  PL_TRY([[maybe_unused]] auto ledger, openLedger(context, ledger::OpenMode::Write, *passphrase));
  PL_CHECK(sayCutRotationComplete(context, inForce));
  return true;
}

Result<std::vector<EventLine>> rotationEvent(const Context& context, const KeyOptions& options,
                                             const crypto::VerifyKey& old, const crypto::VerifyKey& next) {
  nlohmann::ordered_json json = {
      {"kind", "LogKeyRotated"},
      {"legalDate", events::formatCivilDate(events::civilDateOfUtcMs(context.clock()))},
      {"body", {{"log", old.name()}, {"oldKey", old.vkey()}, {"newKey", next.vkey()}, {"reason", options.reason}}}};
  if (!options.compromisedSince.empty()) json["body"]["compromisedSince"] = options.compromisedSince;
  return readEvents(json.dump(), "LogKeyRotated", context.clock);
}

Result<crypto::VerifyKey> logKeyInForce(const Context& context) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  return ledger->logKey();
}

// A command that was typed twice must not leave readers and witnesses two keys behind.
Status requireFirstToday(const Context& context) {
  constexpr std::int64_t kDayMs = 86'400'000;
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  const auto terms = ledger->logKeys().terms();
  if (terms.size() < 2) return {};
  PL_TRY(proof::Entry named, ledger->entry(terms.back().since));
  if (context.clock() - named.recordedAtMs >= kDayMs) return {};
  const std::string when = events::formatLocalMinutes(named.recordedAtMs);
  return makeError(
      ErrorCode::Conflict,
      fmt::format("the log key was replaced on {} (entry {}), within a day; --again replaces it once more", when,
                  named.index),
      fmt::format("日志密钥已于 {} 轮换（第 {} 条），不足一日；确需再次轮换请加 --again", when, named.index));
}

std::string rotationCard(const Context& context, const crypto::VerifyKey& old) {
  return context.say(
      Message{fmt::format("The log key {} will sign nothing more; an entry names its successor, which all readers and "
                          "witnesses must be told.\n",
                          old.vkey()),
              fmt::format("日志密钥 {} 将不再签署；由一条记录指定新密钥，须告知全体读者与见证方。\n", old.vkey())});
}

Result<int> rotateLogKey(Context& context, const KeyOptions& options) {
  PL_TRY(std::string passphrase, passphraseFrom(options.passphraseFd));
  std::filesystem::path directory = context.ledgerDirectory;
  PL_TRY(crypto::VerifyKey old, logKeyInForce(context));
  PL_TRY(bool finished, finishCutRotation(context, old, passphrase));
  if (finished) return kOk;
  if (!options.again) PL_CHECK(requireFirstToday(context));
  PL_CHECK(showAndAsk(context, rotationCard(context, old), options.yes ? Asking::Never : Asking::OnTerminal));
  std::string file = ledger::Ledger::logKeyFile(directory).string();
  PL_TRY(passphrase, passphraseFor(file, passphrase));  // asked for once: it opens the old key and locks the new one
  PL_TRY(crypto::SigningKey inForce, loadKey(file, passphrase));
  if (!options.next.empty()) {
    PL_TRY(passphrase, passphraseFor(options.next, passphrase));
  }
  std::vector<std::string> signers = options.signers;
  if (signers.empty()) signers.push_back((directory / "operator.pem").string());
  PL_TRY(auto keys, loadKeys(signers, -1));
  PL_TRY(crypto::VerifyKey next, placeNextKey(context, options, old, passphrase));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::Write, passphrase));
  if (ledger->logKey() == next) {  // its commit was in the log, not acknowledged; opening to write completed it
    PL_CHECK(sayCutRotationComplete(context, next));
    return kOk;
  }
  PL_TRY(auto event, rotationEvent(context, options, old, next));
  keys.insert(keys.begin(), std::move(inForce));
  std::uint64_t entry = ledger->size();
  PL_TRY([[maybe_unused]] auto count,
         recordAll(*ledger, event, keys, {.batch = 1, .rehearsal = false, .prepare = {}, .receipt = {}}));
  PL_CHECK(writeOutput(context, next.vkey() + "\n"));
  if (context.quiet) return kOk;
  std::string retired = ledger::Ledger::retiredLogKeyFile(directory, old).string();
  printRemark(context.say(
      Message{fmt::format("Entry {0} names the new log key; checkpoints of more than {0} entries are signed by it. "
                          "Publish it (the line printed) beside the old one.\n"
                          "Witnesses add it with 'witness add-log'. The old key signs nothing any more; destroy {1} "
                          "when all witnesses have the new one.\n",
                          entry, retired),
              fmt::format("第 {0} 条指定了新日志密钥，此后检查点由其签署。请将其（已输出的一行）与原公钥一并公布。\n"
                          "见证方用 witness add-log 登记。原密钥不再签署；各见证方登记后请销毁 {1}。\n",
                          entry, retired)}));
  return kOk;
}

// For a ledger whose founding entries do not name its register key.
Result<int> commitRegisterKey(Context& context, const KeyOptions& options) {
  std::vector<std::string> signers = options.signers;
  if (signers.empty()) signers.push_back((std::filesystem::path(context.ledgerDirectory) / "operator.pem").string());
  PL_TRY(auto keys, loadKeys(signers, options.passphraseFd));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::Write));
  PL_TRY(service::HeldRegisterKey held, heldRegisterKey(context, *ledger));
  if (!held.key)
    return makeError(ErrorCode::NotFound, "the ledger has no register.key: its numbers are recorded as they are",
                     "账本没有 register.key：号码按原文记录");
  nlohmann::ordered_json json = {
      {"kind", "RegisterKeyCommitted"},
      {"legalDate", events::formatCivilDate(events::civilDateOfUtcMs(context.clock()))},
      {"body", {{"log", ledger->origin()}, {"commitment", crypto::toHex(held.key->commitment(ledger->origin()))}}}};
  PL_TRY(auto event, readEvents(json.dump(), "RegisterKeyCommitted", context.clock));
  RecordOptions how;
  how.receipt = [&](const ledger::AppendReceipt& receipt, const std::string& checkpoint) {
    return writeOutput(context, receiptLine(receipt, checkpoint));
  };
  PL_TRY([[maybe_unused]] auto count, recordAll(*ledger, event, keys, how));
  return kOk;
}

}  // namespace

Action declareKey(CLI::App& app, const Context& context) {
  auto options = std::make_shared<KeyOptions>();
  app.require_subcommand(1);
  options->make =
      app.add_subcommand("new", std::string(context.say("make a key file (mode 0600) and print its public form",
                                                        "生成密钥文件（权限 0600）并显示公钥")));
  options->show = app.add_subcommand("show", std::string(context.say("print the public form", "显示公钥")));
  for (CLI::App* sub : {options->make, options->show}) {
    sub->add_option("file", options->file,
                    std::string(context.say("key file, or a pkcs11: URI", "密钥文件或 pkcs11: URI")))
        ->required();
    sub->add_option(
        "--passphrase-fd", options->passphraseFd,
        std::string(context.say("read the passphrase or PIN from this descriptor", "从该描述符读取口令或 PIN")));
  }
  options->make->add_option("--name", options->name,
                            std::string(context.say("name of the key, such as bank.example/pledges", "密钥名称")));
  options->make->add_flag("--plain", options->plain,
                          std::string(context.say("do not encrypt the file", "密钥文件不加密")));
  options->make->add_option("--suite", options->suite, "ed25519-sha256 | sm2-sm3");
  options->rotate = app.add_subcommand(
      "rotate-log", std::string(context.say("give the ledger a new log key, named in the log by the old one",
                                            "轮换账本的日志密钥，由原密钥在日志中指定新密钥")));
  options->rotate->add_option("--key", options->signers,
                              std::string(context.say("the operator's key; default: operator.pem of the ledger",
                                                      "运营者密钥；缺省为账本的 operator.pem")));
  options->rotate->add_option(
      "--new", options->next,
      std::string(context.say("the new key (file or pkcs11: URI) named as the origin, instead of making one",
                              "新密钥（文件或 pkcs11: URI，须以来源命名），缺省则生成")));
  options->rotate->add_option("--reason", options->reason, "SUPERSEDED | COMPROMISED | CEASED");
  options->rotate->add_option(
      "--compromised-since", options->compromisedSince,
      std::string(context.say("day from which the old key may be in other hands", "原密钥疑似泄露之日")));
  options->rotate->add_flag(
      "--again", options->again,
      std::string(context.say("also where it was replaced within a day", "一日之内已轮换过，仍再次轮换")));
  options->rotate->add_flag("--yes", options->yes,
                            std::string(context.say("do not ask on the terminal", "不在终端询问")));
  options->rotate->add_option("--passphrase-fd", options->passphraseFd,
                              std::string(context.say("opens the log key and locks the new one, or the token's PIN",
                                                      "打开现用密钥并加密新密钥的口令，或令牌 PIN")));
  options->commitRegister = app.add_subcommand(
      "commit-register",
      std::string(context.say("record the commitment to register.key in a ledger whose founding entries lack it",
                              "为创始条目未载登记密钥承诺值的账本补记该承诺")));
  options->commitRegister->add_option("--key", options->signers,
                                      std::string(context.say("the operator's key; default: operator.pem of the ledger",
                                                              "运营者密钥；缺省为账本的 operator.pem")));
  options->commitRegister->add_option(
      "--passphrase-fd", options->passphraseFd,
      std::string(context.say("read the passphrase or PIN from this descriptor", "从该描述符读取口令或 PIN")));
  return [options](Context& c) {
    if (options->commitRegister->parsed()) return commitRegisterKey(c, *options);
    return options->rotate->parsed() ? rotateLogKey(c, *options) : keyCommand(c, *options);
  };
}

}  // namespace pilotledger::cli
