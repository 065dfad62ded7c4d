#include <fmt/format.h>

#include <filesystem>

#include "events/base/civil_date.h"
#include "tools/cli/command.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/event_table.h"
#include "tools/cli/recorder.h"
#include "tools/cli/terminal.h"
#include "tools/cli/unfinished.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxPolicyBytes = 64u << 20;

struct InitOptions {
  std::string origin;
  std::string suite = "ed25519-sha256";
  std::string operatorParty;
  std::string operatorName;
  std::string policy;
  std::string parties;
  bool plain = false;
  bool plainKeys = false;
  std::string logKey;
  int passphraseFd = -1;
};

// Signed by the operator, in one submission; `rows` says where each event stands, for what is said of errors.
Status recordAtOnce(const Context& context, ledger::Ledger& ledger, const std::filesystem::path& directory,
                    const std::string& passphrase, const std::string& events, const std::string& name,
                    const std::vector<std::size_t>& rows) {
  if (events.empty()) return {};
  PL_TRY(crypto::SigningKey key, loadKey((directory / "operator.pem").string(), passphrase));
  std::vector<crypto::SigningKey> keys;
  keys.push_back(std::move(key));
  PL_TRY(auto lines, readEvents(events, name, context.clock));
  for (std::size_t i = 0; i < rows.size() && i < lines.size(); ++i) lines[i].line = rows[i];
  PL_TRY([[maybe_unused]] auto count,
         recordAll(ledger, lines, keys, {.batch = lines.size(), .rehearsal = false, .prepare = {}, .receipt = {}}));
  return {};
}

// The ledger, the register key and the policy that was asked for: all of them, or none. Returns the log's public key.
Result<std::string> makeWhole(const Context& given, const InitOptions& options, const ledger::InitOptions& init,
                              const std::string& policy, const FoundingEvents& parties) {
  PL_TRY(UnfinishedLedger unfinished, UnfinishedLedger::begin(given.ledgerDirectory));
  Context context = given;
  context.ledgerDirectory = unfinished.path().string();
  PL_CHECK(ledger::Ledger::init(unfinished.path(), init));
  std::string vkey;
  {
    PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::Write, init.logKeyPassphrase));
    if (!options.plain) {  // a vault that is not there later was lost
      PL_TRY([[maybe_unused]] auto vault, vault::Vault::open(vaultPath(context)));
    }
    PL_CHECK(recordAtOnce(context, *ledger, unfinished.path(), init.operatorKeyPassphrase, policy, options.policy, {}));
    PL_CHECK(recordAtOnce(context, *ledger, unfinished.path(), init.operatorKeyPassphrase, parties.lines,
                          options.parties, parties.rows));
    vkey = ledger->logKey().vkey();
  }
  PL_CHECK(unfinished.finish());
  return vkey;
}

Result<int> initialise(Context& context, const InitOptions& options) {
  ledger::InitOptions init;
  init.origin = options.origin;
  PL_TRY(init.suite, crypto::parseSuite(options.suite));
  init.operatorParty = options.operatorParty;
  init.operatorName = options.operatorName;
  init.clock = context.clock;
  const std::string made = options.logKey.empty() ? "log.pem, operator.pem" : "operator.pem";
  PL_TRY(init.operatorKeyPassphrase, passphraseForNew(context, made, options.passphraseFd, options.plainKeys));
  init.logKeyPassphrase = init.operatorKeyPassphrase;
  if (!options.logKey.empty()) {
    PL_TRY(init.logKeyPassphrase,
           passphraseFor(options.logKey, init.logKeyPassphrase));  // asked for once: the copy stays locked
    PL_TRY(init.logKey, loadKey(options.logKey, init.logKeyPassphrase));
  }
  std::string policy;
  if (!options.policy.empty()) {
    PL_TRY(policy, readFile(options.policy, kMaxPolicyBytes));
  }
  if (!options.plain) init.registerKey = crypto::RegisterKey::generate(init.suite);
  FoundingEvents parties;
  if (!options.parties.empty()) {
    PL_TRY(std::string table, readFile(options.parties, kMaxPolicyBytes));
    PL_TRY(parties, foundingEvents(std::move(table), options.parties,
                                   events::formatCivilDate(events::civilDateOfUtcMs(context.clock()))));
  }
  PL_TRY(std::string vkey, makeWhole(context, options, init, policy, parties));
  std::string operatorKey = (std::filesystem::path(context.ledgerDirectory) / "operator.pem").string();
  PL_CHECK(writeOutput(context, vkey + "\n"));
  if (!context.quiet) {
    printRemark(context.say(
        Message{fmt::format("Ledger made in {}. Publish its public key (the line printed): readers verify with it.\n"
                            "The operator's key is {}; it binds the keys of parties. Keep it and log.pem safe.",
                            context.ledgerDirectory, operatorKey),
                fmt::format("账本已建立于 {}。请公开其公钥（已输出的一行），供读者核验。\n运营者密钥为 "
                            "{}，用于绑定各主体密钥；请妥善保管它与 log.pem。",
                            context.ledgerDirectory, operatorKey)}));
  }
  if (init.operatorKeyPassphrase.empty() && !options.plainKeys) remarkNotEncrypted(context, made);
  return kOk;
}

}  // namespace

Action declareInit(CLI::App& app, const Context& context) {
  auto options = std::make_shared<InitOptions>();
  app.add_option(
         "--origin", options->origin,
         std::string(context.say("name of the log: a URL prefix without scheme", "日志名称：不带协议的 URL 前缀")))
      ->required();
  app.add_option("--suite", options->suite, "ed25519-sha256 | sm2-sm3");
  app.add_option("--operator", options->operatorParty,
                 std::string(context.say("party id of the operator", "运营主体代码")));
  app.add_option("--operator-name", options->operatorName,
                 std::string(context.say("name of the operator", "运营主体名称")));
  app.add_flag("--plain", options->plain,
               std::string(context.say("no register key: invoice, account and bank numbers are recorded as they are",
                                       "不建登记密钥：发票、账户、流水等号码按原文记录")));
  app.add_flag("--plain-keys", options->plainKeys,
               std::string(context.say("do not encrypt log.pem and operator.pem", "log.pem、operator.pem 不加密")));
  app.add_option("--policy", options->policy,
                 std::string(context.say("events (JSON Lines) to record at once, signed by the operator",
                                         "随即记录的政策事件（JSON Lines）")));
  app.add_option("--parties", options->parties,
                 std::string(context.say(
                     "the first organisations and their keys (CSV, xlsx): party, name, kind, "
                     "division, key, roles, level",
                     "首批主体及其密钥（CSV、xlsx）：主体代码、名称、类型、行政区划、验证密钥、角色、机关层级")));
  app.add_option("--log-key", options->logKey,
                 std::string(context.say(
                     "sign checkpoints with this key (file or pkcs11: URI) named as the origin, instead of making one",
                     "以该密钥（文件或 pkcs11: URI，须以来源命名）签署检查点，不另生成")));
  app.add_option("--passphrase-fd", options->passphraseFd,
                 std::string(context.say("encrypt log.pem and operator.pem with the passphrase from this descriptor",
                                         "从该描述符读取口令，以加密 log.pem 与 operator.pem")));
  return [options](Context& c) { return initialise(c, *options); };
}

}  // namespace pilotledger::cli
