// reconcile: a bank's statement against the ledger.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "events/money.h"
#include "tools/cli/query_session.h"
#include "tools/cli/terminal.h"
#include "tools/reconcile/match.h"

namespace pilotledger::cli {
namespace {

struct ReconcileOptions {
  std::string file;
  std::string rules;
  std::string account;
  reconcile::MatchOptions match;
  AsOfOptions at;
  bool all = false;
};

Result<std::vector<reconcile::BankStatement>> readStatements(const ReconcileOptions& options) {
  PL_TRY(std::string text, readFile(options.file, reconcile::kMaxStatementBytes));
  if (options.rules.empty()) return reconcile::parseCamt053(text);
  PL_TRY(std::string rules, readFile(options.rules, 1u << 20));
  PL_TRY(reconcile::BankStatement statement,
         reconcile::parseStatementCsv(text, rules, std::filesystem::path(options.file).filename().string()));
  return std::vector{std::move(statement)};
}

Message tallyLine(const reconcile::BankStatement& statement, const reconcile::BankStatement::Tally& tally) {
  auto money = [&](std::int64_t amount) { return events::formatMoney(amount, statement.currency); };
  std::string where = statement.account + " " + std::string(events::currencyAlpha(statement.currency));
  if (!statement.opening || !statement.closing) {
    return {fmt::format("{}: {} entries, {}; no opening and closing balance to hold them to", where,
                        statement.entries.size(), money(tally.moved)),
            fmt::format("{}：{} 笔，合计 {}；没有可核对的期初期末余额", where, statement.entries.size(),
                        money(tally.moved))};
  }
  return {fmt::format("{}: opening {} + entries {} {} closing {}", where, money(*statement.opening), money(tally.moved),
                      tally.adds ? "=" : "is not", money(*statement.closing)),
          fmt::format("{}：期初 {} + 发生 {} {} 期末 {}", where, money(*statement.opening), money(tally.moved),
                      tally.adds ? "=" : "≠", money(*statement.closing))};
}

Result<int> run(Context& context, const ReconcileOptions& options) {
  PL_TRY(auto statements, readStatements(options));
  std::erase_if(statements, [&](const auto& s) { return !reconcile::sameAccount(options.account, s.account); });
  if (statements.empty()) {
    return makeError(ErrorCode::NotFound, fmt::format("{}: no statement of account {}", options.file, options.account),
                     fmt::format("{}：没有账户 {} 的对账单", options.file, options.account));
  }
  PL_TRY(Opened opened, openModel(context, options.at));
  query::Table shown;
  bool good = true;
  for (const reconcile::BankStatement& statement : statements) {
    reconcile::MatchOptions match = options.match;
    if (match.account.empty()) match.account = statement.account;
    PL_TRY(auto tally, statement.tally());
    if (!context.quiet) printRemark(context.say(tallyLine(statement, tally)));
    PL_TRY(query::Table table, reconcile::matchStatement(*opened.model, opened.at, statement, match));
    bool matched = std::all_of(table.rows.begin(), table.rows.end(),
                               [](const auto& row) { return std::get<std::string>(row[0]) == "matched"; });
    good = good && tally.adds && matched;
    if (!options.all)
      std::erase_if(table.rows, [](const auto& row) { return std::get<std::string>(row[0]) == "matched"; });
    auto rows = std::move(shown.rows);
    rows.insert(rows.end(), table.rows.begin(), table.rows.end());
    shown = std::move(table);
    shown.rows = std::move(rows);
  }
  PL_CHECK(printTable(context, shown));
  return good ? kOk : kNo;
}

}  // namespace

Action declareReconcile(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ReconcileOptions>();
  app.add_option("FILE", options->file,
                 std::string(context.say("statement: ISO 20022 camt.053, or CSV with --rules",
                                         "对账单：ISO 20022 camt.053，或配合 --rules 的 CSV")))
      ->required();
  app.add_option("--account", options->account, std::string(context.say("account of the statement", "对账单账号")))
      ->required();
  app.add_option("--ledger-account", options->match.account,
                 std::string(context.say("the account as the ledger names it, when it differs",
                                         "账本中的专户名称，若与账号不同")));
  app.add_option(
      "--platform", options->match.platform,
      std::string(context.say("also this platform's revenue, which names no account", "同时核对该平台的收入")));
  app.add_option(
         "--days", options->match.days,
         std::string(context.say("days by which dates may differ without a reference", "无流水号时允许相差的天数")))
      ->check(CLI::Range(0, 60));
  app.add_option("--rules", options->rules,
                 std::string(context.say("TOML: which column is what", "TOML 规则：各列含义")));
  app.add_flag("--all", options->all, std::string(context.say("show what matches, too", "同时列出相符各笔")));
  options->at.declare(app, context);
  return [options](Context& c) { return run(c, *options); };
}

}  // namespace pilotledger::cli
