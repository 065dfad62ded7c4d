#include "tools/reconcile/statement_rules.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "events/base/civil_date.h"
#include "tools/import/dates.h"

namespace pilotledger::reconcile {
namespace {

Error badRules(const std::string& what, const std::string& whatZh) {
  return invalidInput("statement rules: " + what, "对账规则：" + whatZh);
}

struct Words {  // that become something else than text
  std::string delimiter = ",", decimal = ".", unit = "元";
};

std::vector<std::pair<std::string_view, std::string*>> keysOf(StatementRules& rules, Words& words) {
  return {{"account", &rules.account},
          {"currency", &rules.currency},
          {"encoding", &rules.encoding},
          {"thousands", &rules.thousands},
          {"decimal", &words.decimal},
          {"delimiter", &words.delimiter},
          {"unit", &words.unit},
          {"date", &rules.datePattern},
          {"from", &rules.from},
          {"to", &rules.to},
          {"negative", &rules.negative},
          {"columns.date", &rules.date},
          {"columns.amount", &rules.amount},
          {"columns.credit", &rules.credit},
          {"columns.debit", &rules.debit},
          {"columns.side", &rules.side},
          {"columns.reference", &rules.reference},
          {"columns.balance", &rules.balance},
          {"columns.text", &rules.text},
          {"columns.account", &rules.accountColumn},
          {"columns.currency", &rules.currencyColumn}};
}

Status takeKeys(const toml::table& table, StatementRules& rules, Words& words) {
  auto known = keysOf(rules, words);
  auto take = [&](const std::string& name, const toml::node& node) -> Status {
    auto at = std::find_if(known.begin(), known.end(), [&](const auto& k) { return k.first == name; });
    if (at == known.end()) return badRules("unknown key '" + name + "'", "未知的键“" + name + "”");
    auto value = node.value_exact<std::string>();
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
  return {};
}

Status checkWords(StatementRules& rules, const Words& words) {
  if (words.decimal == "," && rules.thousands == ",") rules.thousands = ".";  // unless the rules say another
  bool marks = words.delimiter.size() == 1 && words.decimal.size() == 1 &&
               rules.thousands.find(words.decimal) == rules.thousands.npos;
  if (!marks)
    return badRules("delimiter and decimal: expected one character each, decimal not among thousands",
                    "delimiter 与 decimal 应各为一个字符，且 decimal 不得属于 thousands");
  rules.delimiter = words.delimiter[0];
  rules.decimal = words.decimal[0];
  if (words.unit != "元" && words.unit != "万元")
    return badRules("unit: expected 元 or 万元, found '" + words.unit + "'",
                    "unit 应为 元 或 万元，实为“" + words.unit + "”");
  rules.scale = words.unit == "万元" ? 4 : 0;
  if (!rules.negative.empty() && rules.negative != "side" && rules.negative != "reversal")
    return badRules("negative: expected side or reversal, found '" + rules.negative + "'",
                    "negative 应为 side 或 reversal，实为“" + rules.negative + "”");
  if (!import::isDatePattern(rules.datePattern))
    return badRules("date: expected a pattern such as d.m.yyyy, or any, found '" + rules.datePattern + "'",
                    "date 应为 d.m.yyyy 之类的格式或 any，实为“" + rules.datePattern + "”");
  for (const std::string* day : {&rules.from, &rules.to}) {
    if (day->empty()) continue;
    auto known = events::parseCivilDate(*day);
    if (!known.ok()) return std::move(known).error().within("statement rules: from, to", "对账规则：from、to");
  }
  return {};
}

}  // namespace

Result<StatementRules> parseStatementRules(std::string_view toml) {
  toml::table table;
  try {
    table = toml::parse(toml);
  } catch (const toml::parse_error& error) {
    return badRules(fmt::format("line {}: {}", error.source().begin.line, error.description()),
                    fmt::format("第 {} 行：{}", error.source().begin.line, error.description()));
  }
  StatementRules rules;
  Words words;
  PL_CHECK(takeKeys(table, rules, words));
  PL_CHECK(checkWords(rules, words));
  bool sides = !rules.credit.empty() && !rules.debit.empty();
  bool one = !rules.amount.empty() && rules.credit.empty() && rules.debit.empty();
  bool two = rules.amount.empty() && sides && rules.side.empty();
  if (rules.account.empty() || rules.date.empty() || (!one && !two)) {
    return badRules(
        "expected account, columns.date, and columns.amount (with columns.side or a sign) or columns.credit and "
        "columns.debit",
        "须有 account、columns.date，以及 columns.amount（另有 columns.side 或带符号）或 columns.credit 与 "
        "columns.debit");
  }
  if (rules.from.empty() != rules.to.empty())
    return badRules("from and to: expected both or none", "from 与 to 应同时给出或均不给出");
  return rules;
}

}  // namespace pilotledger::reconcile
