#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/money.h"
#include "tools/import/csv.h"
#include "tools/reconcile/statement.h"

namespace pilotledger::reconcile {
namespace {

struct Rules {
  std::string account, currency = "CNY", encoding = "UTF-8", thousands = ",";
  char delimiter = ',';
  std::string date, amount, credit, debit, reference, balance, text;  // column names
};

Error badRules(const std::string& what, const std::string& whatZh) {
  return invalidInput("statement rules: " + what, "对账规则：" + whatZh);
}

Result<Rules> parseRules(std::string_view toml) {
  toml::table table;
  try {
    table = toml::parse(toml);
  } catch (const toml::parse_error& error) {
    return badRules(fmt::format("line {}: {}", error.source().begin.line, error.description()),
                    fmt::format("第 {} 行：{}", error.source().begin.line, error.description()));
  }
  Rules rules;
  std::string delimiter = ",";
  std::vector<std::pair<std::string, std::string*>> known = {
      {"account", &rules.account},         {"currency", &rules.currency},
      {"encoding", &rules.encoding},       {"thousands", &rules.thousands},
      {"delimiter", &delimiter},           {"columns.date", &rules.date},
      {"columns.amount", &rules.amount},   {"columns.credit", &rules.credit},
      {"columns.debit", &rules.debit},     {"columns.reference", &rules.reference},
      {"columns.balance", &rules.balance}, {"columns.text", &rules.text}};
  auto take = [&](const std::string& name, const toml::node& node) -> Status {
    auto at = std::find_if(known.begin(), known.end(), [&](const auto& k) { return k.first == name; });
    if (at == known.end()) return badRules("unknown key '" + name + "'", "未知的键“" + name + "”");
    auto value = node.value<std::string>();
    if (!value) return badRules(name + ": expected text", name + "：应为文本");
    *at->second = *value;
    return {};
  };
  for (const auto& [key, node] : table) {
    std::string name(key.str());
    if (name == "columns" && node.is_table()) {
      for (const auto& [column, inner] : *node.as_table())
        PL_CHECK(take("columns." + std::string(column.str()), inner));
    } else {
      PL_CHECK(take(name, node));
    }
  }
  bool amounts = !rules.amount.empty() || (!rules.credit.empty() && !rules.debit.empty());
  if (rules.account.empty() || rules.date.empty() || !amounts || delimiter.size() != 1) {
    return badRules("expected account, columns.date, and columns.amount or columns.credit and columns.debit",
                    "须有 account、columns.date，以及 columns.amount 或 columns.credit 与 columns.debit");
  }
  rules.delimiter = delimiter[0];
  return rules;
}

// Columns by name; a rule that names none gives empty text.
struct Row {
  const import::CsvTable& table;
  const import::CsvRow& row;
  std::string cell(const std::string& column) const {
    auto at = column.empty() ? std::nullopt : table.find(column);
    return at ? row.cells[*at] : "";
  }
};

Result<std::int64_t> parseCell(const std::string& text, const Rules& rules, std::uint16_t currency) {
  PL_TRY(std::string plain, events::plainNumber(text, '.', rules.thousands));
  if (plain.empty()) return std::int64_t{0};
  return events::parseMinor(plain, events::currencyDigits(currency));
}

Result<std::int64_t> amountOf(const Row& row, const Rules& rules, std::uint16_t currency) {
  if (!rules.amount.empty()) return parseCell(row.cell(rules.amount), rules, currency);
  PL_TRY(std::int64_t credit, parseCell(row.cell(rules.credit), rules, currency));
  PL_TRY(std::int64_t debit, parseCell(row.cell(rules.debit), rules, currency));
  std::int64_t amount = 0;
  if (__builtin_sub_overflow(credit, debit, &amount)) return invalidInput("amount overflows", "金额溢出");
  return amount;
}

Result<BankEntry> entryOf(const Row& row, const Rules& rules, std::uint16_t currency) {
  BankEntry entry;
  entry.date = row.cell(rules.date).substr(0, 10);
  std::replace(entry.date.begin(), entry.date.end(), '/', '-');
  if (entry.date.size() == 8)
    entry.date = entry.date.substr(0, 4) + "-" + entry.date.substr(4, 2) + "-" + entry.date.substr(6);
  if (auto day = events::parseCivilDate(entry.date); !day.ok()) return std::move(day).error();
  PL_TRY(entry.amount, amountOf(row, rules, currency));
  PL_TRY(std::string reference, events::identifierSpelling(row.cell(rules.reference)));
  if (!reference.empty()) entry.references.push_back(reference);
  PL_TRY(entry.text, events::textSpelling(row.cell(rules.text)));
  return entry;
}

Status runBalance(BankStatement& statement, const BankEntry& entry, std::int64_t balance) {
  std::int64_t before = 0;
  if (__builtin_sub_overflow(balance, entry.amount, &before)) return invalidInput("balance overflows", "余额溢出");
  if (!statement.opening) statement.opening = before;
  if (statement.closing && *statement.closing != before) {
    return invalidInput(
        fmt::format("balance: expected {} before this row, found {}",
                    events::formatMinorPlain(*statement.closing, statement.currency),
                    events::formatMinorPlain(before, statement.currency)),
        fmt::format("余额：本行之前应为 {}，实为 {}", events::formatMinorPlain(*statement.closing, statement.currency),
                    events::formatMinorPlain(before, statement.currency)));
  }
  statement.closing = balance;
  return {};
}

}  // namespace

Result<BankStatement> parseStatementCsv(std::string_view csv, std::string_view rulesToml, const std::string& name) {
  PL_TRY(Rules rules, parseRules(rulesToml));
  PL_TRY(std::string text, import::toUtf8(std::string(csv), rules.encoding));
  PL_TRY(import::CsvTable table, import::CsvTable::parse(text, rules.delimiter, name));
  for (const std::string* column :
       {&rules.date, &rules.amount, &rules.credit, &rules.debit, &rules.reference, &rules.balance, &rules.text}) {
    if (!column->empty() && !table.find(*column))
      return badRules("no column '" + *column + "' in " + name, name + " 中没有列“" + *column + "”");
  }
  BankStatement statement;
  statement.id = name;
  statement.account = rules.account;
  auto currency = events::parseCurrency(rules.currency);
  if (!currency.ok()) return std::move(currency).error().within("statement rules");
  statement.currency = *currency;
  for (const import::CsvRow& csvRow : table.rows()) {
    std::string where = fmt::format("{} line {}", name, csvRow.line),
                whereZh = fmt::format("{} 第 {} 行", name, csvRow.line);
    if (csvRow.trouble)
      return makeError(ErrorCode::InvalidInput, csvRow.trouble->en, csvRow.trouble->zh).within(where, whereZh);
    Row row{table, csvRow};
    auto entry = entryOf(row, rules, statement.currency);
    if (!entry.ok()) return std::move(entry).error().within(where, whereZh);
    if (!rules.balance.empty()) {
      auto balance = parseCell(row.cell(rules.balance), rules, statement.currency);
      if (!balance.ok()) return std::move(balance).error().within(where, whereZh);
      if (auto status = runBalance(statement, *entry, *balance); !status.ok())
        return std::move(status).error().within(where, whereZh);
    }
    statement.from = statement.from.empty() ? entry->date : std::min(statement.from, entry->date);
    statement.to = std::max(statement.to, entry->date);
    statement.entries.push_back(std::move(*entry));
  }
  return statement;
}

}  // namespace pilotledger::reconcile
