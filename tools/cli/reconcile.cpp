// reconcile: a bank's statement against the ledger.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "events/base/civil_date.h"
#include "events/money.h"
#include "tools/cli/query_session.h"
#include "tools/cli/terminal.h"
#include "tools/reconcile/match.h"

namespace pilotledger::cli {
namespace {

struct ReconcileOptions {
  std::vector<std::string> files;
  std::string rules;
  std::string account;
  std::string from, to;
  reconcile::MatchOptions match;
  AsOfOptions at;
  bool all = false;
};

Result<std::vector<reconcile::BankStatement>> readStatements(const ReconcileOptions& options, const std::string& file) {
  PL_TRY(std::string text, readFile(file, reconcile::kMaxStatementBytes));
  std::string name = std::filesystem::path(file).filename().string();
  if (options.rules.empty()) {
    auto statements = reconcile::parseCamt053(text);
    if (!statements.ok()) return std::move(statements).error().within(name);
    return statements;
  }
  PL_TRY(std::string rules, readFile(options.rules, 1u << 20));
  PL_TRY(reconcile::BankStatement statement, reconcile::parseStatementCsv(text, rules, name));
  return std::vector{std::move(statement)};
}

std::string namesOf(const ReconcileOptions& options) { return fmt::format("{}", fmt::join(options.files, ", ")); }

// The statements of the account that is asked for, and of no other, of all files together: each must hold one.
Result<std::vector<reconcile::BankStatement>> statementsOf(const ReconcileOptions& options) {
  std::vector<reconcile::BankStatement> all;
  for (const std::string& file : options.files) {
    PL_TRY(auto statements, readStatements(options, file));
    std::erase_if(statements, [&](const auto& s) { return !reconcile::sameAccount(options.account, s.account); });
    if (statements.empty()) {
      return makeError(ErrorCode::NotFound, fmt::format("{}: no statement of account {}", file, options.account),
                       fmt::format("{}：没有账户 {} 的对账单", file, options.account));
    }
    for (auto& statement : statements) {
      statement.account = reconcile::withoutBlanks(std::move(statement.account));
      all.push_back(std::move(statement));
    }
  }
  return all;
}

Result<std::vector<reconcile::Series>> seriesOf(const ReconcileOptions& options) {
  PL_TRY(auto statements, statementsOf(options));
  const std::string& account = statements.front().account;
  for (const auto& other : statements) {
    if (other.account == account) continue;
    return invalidInput(fmt::format("{} names two accounts of {}: {} and {}; give one whole", options.account,
                                    namesOf(options), account, other.account),
                        fmt::format("{} 在 {} 中对应两个账户：{} 与 {}；请写出完整账号", options.account,
                                    namesOf(options), account, other.account));
  }
  PL_TRY(auto all, reconcile::arrange(std::move(statements)));
  for (reconcile::Series& series : all) PL_CHECK(reconcile::statePeriod(series, options.from, options.to));
  return all;
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

// Which days were looked at in the ledger: the answer is about no others.
Message coverLine(const reconcile::Series& series) {
  std::string days, daysZh;
  for (const auto& [first, last] : series.covered) {
    days += fmt::format("{}{} to {}", days.empty() ? "" : ", ", first, last);
    daysZh += fmt::format("{}{} 至 {}", daysZh.empty() ? "" : "、", first, last);
  }
  if (series.covered.empty()) return {"days covered: none", "涵盖日期：无"};
  if (series.daysAreSaid) return {"days covered: " + days, "涵盖日期：" + daysZh};
  return {fmt::format(
              "days covered: {}, from the first entry to the last; the file states no period, so the ledger's other "
              "days were not looked at (--from and --to state it)",
              days),
          fmt::format("涵盖日期：{}（首笔至末笔）；文件未写明期间，账本其他日期未作核对（可用 --from 与 --to 指定）",
                      daysZh)};
}

Status sayStatements(const Context& context, const reconcile::Series& series) {
  for (const reconcile::BankStatement& statement : series.statements) {
    PL_TRY(auto tally, statement.tally());
    remark(context, tallyLine(statement, tally));
    for (const Message& one : statement.remarks)
      remark(context, {statement.id + ": " + one.en, statement.id + "：" + one.zh});
  }
  remark(context, coverLine(series));
  for (const reconcile::Doubt& doubt : series.doubts) remark(context, doubt.text);
  return {};
}

// A question to which nothing was held is not answered with yes.
Status requireCompared(const ReconcileOptions& options, const reconcile::Series& series, std::size_t movements) {
  bool bankSays =
      std::any_of(series.statements.begin(), series.statements.end(), [](const auto& s) { return !s.entries.empty(); });
  if (!bankSays && series.covered.empty()) {
    return invalidInput(
        fmt::format("{}: nothing was compared: no booked entry, no period and no balances; --from and --to state "
                    "the days in which nothing moved",
                    namesOf(options)),
        fmt::format("{}：未作任何核对：没有已入账分录，也没有期间与余额；若该期间无发生额，请用 --from 与 --to 指定",
                    namesOf(options)));
  }
  if (!bankSays && movements == 0) {
    return makeError(
        ErrorCode::NotFound,
        fmt::format("{}: nothing was compared: no booked entry, and the ledger names no movement of {}; "
                    "--ledger-account says how the ledger names it",
                    namesOf(options), series.account),
        fmt::format("{}：未作任何核对：没有已入账分录，账本中也没有账户 {} 的收付；账本名称不同时请用 --ledger-account",
                    namesOf(options), series.account));
  }
  return {};
}

bool isMatched(const std::vector<query::Value>& row) { return std::get<std::string>(row[0]) == "matched"; }

Result<int> run(Context& context, const ReconcileOptions& options) {
  PL_TRY(auto all, seriesOf(options));
  PL_TRY(Opened opened, openModel(context, options.at));
  query::Table shown;
  bool good = true;
  for (const reconcile::Series& series : all) {
    reconcile::MatchOptions match = options.match;
    match.language = context.language;
    if (match.account.empty()) match.account = series.account;
    PL_TRY(auto result, reconcile::matchStatements(*opened.model, opened.at, series, match));
    PL_CHECK(requireCompared(options, series, result.movements));
    PL_CHECK(sayStatements(context, series));
    if (result.movements == 0)
      remark(context, {fmt::format("the ledger names no movement of {}; --ledger-account says how the ledger names it",
                                   match.account),
                       fmt::format("账本中没有账户 {} 的收付；账本名称不同时请用 --ledger-account", match.account)});
    auto& table = result.table;
    good = good && std::all_of(table.rows.begin(), table.rows.end(), isMatched);
    if (!options.all) std::erase_if(table.rows, isMatched);
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
  app.add_option(
         "FILE", options->files,
         std::string(context.say("statements of one account: ISO 20022 camt.053, or CSV with --rules; of several "
                                 "files, gaps and repeats between them are said",
                                 "同一账户的对账单：ISO 20022 camt.053，或配合 --rules 的 CSV；可多个文件，"
                                 "其间缺口与重复均予指出")))
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
  auto isDay = [](const std::string& text) { return events::parseCivilDate(text).ok() ? "" : "YYYY-MM-DD"; };
  app.add_option(
         "--from", options->from,
         std::string(context.say("first day of the statement, where the file does not say it, or of a part of it",
                                 "起始日：文件未写明时指定，或只核对其中一段")))
      ->check(isDay);
  app.add_option("--to", options->to, std::string(context.say("the last day, likewise", "截止日，同上")))->check(isDay);
  app.add_option("--rules", options->rules,
                 std::string(context.say("TOML: which column is what", "TOML 规则：各列含义")));
  app.add_flag("--all", options->all, std::string(context.say("show what matches, too", "同时列出相符各笔")));
  options->at.declare(app, context);
  return [options](Context& c) { return run(c, *options); };
}

}  // namespace pilotledger::cli
