#include "query/answer/table_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "events/money.h"
#include "ledger/crypto/encoding.h"

namespace pilotledger::query {

std::uint16_t currencyOfRow(const Table& table, const std::vector<Value>& row) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name != "currency") continue;
    const auto* alpha = std::get_if<std::string>(&row[i]);
    if (auto parsed = events::parseCurrency(alpha == nullptr ? "" : *alpha); parsed.ok()) return *parsed;
  }
  return events::kCny;
}

namespace {

// "fen:120000" of the row's currency; anything else stands for itself.
std::string measureText(const std::string& text, std::uint16_t currency, Separators separators) {
  constexpr std::string_view kMoney = "fen:";
  if (!text.starts_with(kMoney)) return text;
  std::int64_t fen = 0;
  auto [end, failure] = std::from_chars(text.data() + kMoney.size(), text.data() + text.size(), fen);
  if (failure != std::errc() || end != text.data() + text.size()) return text;
  return (separators == Separators::Thousands ? events::formatMoney(fen, currency)
                                              : events::formatMinorPlain(fen, currency)) +
         " " + std::string(events::currencyAlpha(currency));
}

}  // namespace

std::string cellText(const ColumnInfo& column, const Value& value, std::uint16_t currency, Separators separators) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (column.type != "money") return std::to_string(*number);
    return separators == Separators::Thousands ? events::formatMoney(*number, currency)
                                               : events::formatMinorPlain(*number, currency);
  }
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:.2f}", *real);
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && column.type == "measure") return measureText(*text, currency, separators);
  return text == nullptr ? "" : *text;
}

// A cell may hold several codes ("revenue/SERVICE", "PP01 debt-past-due"), or have them in a sentence: whatever stands
// between other characters than those of codes.
std::string cellLabel(const ColumnInfo& column, const Value& value, std::uint16_t currency, Separators separators,
                      Language language) {
  std::string text = cellText(column, value, currency, separators);
  if (column.codes.empty()) return text;
  std::string out;
  std::size_t at = 0;
  auto ofCode = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == '+';
  };
  while (at <= text.size()) {
    std::size_t end = at;
    while (end < text.size() && ofCode(text[end])) ++end;
    std::string_view code = std::string_view(text).substr(at, end - at);
    auto known = column.codes.find(code);
    out += known == column.codes.end()     ? std::string(code)
           : language == Language::Chinese ? known->second.zh
                                           : known->second.en;
    if (end < text.size()) out += text[end];
    at = end + 1;
  }
  return out;
}

bool isNumeric(const ColumnInfo& column) {
  return column.type == "money" || column.type == "int" || column.type == "real";
}

namespace {

std::string parameterList(const Table& table) {
  std::string text;
  for (const auto& [name, value] : table.parameters) text += (text.empty() ? "" : " ") + name + "=" + value;
  return text;
}

// As a shell takes one word.
std::string shellWord(const std::string& word) {
  bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c < 0 ||
           std::string_view("=-_./:,+@").find(c) != std::string_view::npos;
  });
  if (plain && !word.empty()) return word;
  std::string quoted = "'";
  for (char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

// What narrowed the result, as the command takes it: KEY=VALUE of views, --KEY VALUE of findings.
std::string filterWords(const Table& table, bool view) {
  std::string text;
  for (const auto& [name, value] : table.parameters)
    text += view ? " " + shellWord(name + "=" + value) : fmt::format(" --{} {}", name, shellWord(value));
  return text;
}

}  // namespace

std::vector<HeaderLine> headerLines(const Table& table) {
  std::string position = table.at.position == 0 ? "-" : std::to_string(table.at.position - 1);
  std::vector<HeaderLine> lines = {
      {"view", {"View", "视图"}, fmt::format("{} v{}", table.name, table.version)},
      {"position", {"Up to entry", "截至条目"}, position},
      {"root", {"Log root", "日志根"}, crypto::toBase64(table.at.root)},
      {"as_of", {"As of (asked)", "截至（所问）"}, table.at.asked.empty() ? "-" : table.at.asked},
      {"on", {"Legal day", "法定日"}, table.at.on},
      {"policy", {"Policy version", "政策版本"}, policyVersion(table.at.policy)}};
  if (table.at.onlyUntil) lines.push_back({"until", {"Nothing dated after", "不含此后之事"}, table.at.on});
  if (table.at.later > 0)
    lines.push_back({"later",
                     {"Dated later, counted", "含法定日更晚的条目"},
                     fmt::format("{} (-> {})", table.at.later, table.at.laterTo)});
  if (!table.parameters.empty()) lines.push_back({"parameters", {"Only", "筛选条件"}, parameterList(table)});
  if (!table.reader.empty()) {
    lines.push_back({"reader", {"Reader", "读者"}, table.reader});
    lines.push_back({"withheld",
                     {"Withheld", "不予显示"},
                     table.withheld.empty() ? "-" : fmt::format("{}", fmt::join(table.withheld, ", "))});
  }
  if (!table.at.policy.empty())
    lines.push_back({"policy_sets", {"Rule sets in force", "现行规则"}, policyList(table.at.policy)});
  return lines;
}

std::vector<Message> verificationSteps(const Table& table) {
  std::string entry = table.at.position == 0 ? "0" : std::to_string(table.at.position - 1);
  std::vector<Message> steps = {
      {fmt::format("pilotledger verify   (recomputes the whole ledger; entry {} must lead to the root above)", entry),
       fmt::format("pilotledger verify   （重算整个账本；截至第 {} 条的日志根须与上文一致）", entry)}};
  bool view = findView(table.name) != nullptr;
  if (view || table.name == "findings") {
    std::string again = fmt::format("pilotledger {} --as-of {}{}{} --format csv", view ? "view " + table.name : "audit",
                                    entry, table.at.onlyUntil ? " --on " + table.at.on : "", filterWords(table, view));
    if (!table.reader.empty()) again += " --reader " + shellWord(table.reader);
    steps.push_back(
        {again + "   (from a verified ledger: the same rows)", again + "   （由已核验的账本得出相同各行）"});
  }
  if (view) {
    steps.push_back(
        {"pilotledger report verify FILE   (a signed report of this view, made by report certify, is compared cell by "
         "cell)",
         "pilotledger report verify 文件   （由 report certify 签名的本报告可逐格核对）"});
  }
  return steps;
}

std::vector<Total> totalsOf(const Table& table) {
  const Definition* view = findView(table.name);
  std::vector<bool> summed;
  for (const ColumnInfo& column : table.columns) {
    bool listed =
        view != nullptr && std::find(view->totals.begin(), view->totals.end(), column.name) != view->totals.end();
    summed.push_back(column.type == "money" && listed);
  }
  std::map<std::uint16_t, Total> totals;
  if (std::find(summed.begin(), summed.end(), true) == summed.end()) return {};
  for (const auto& row : table.rows) {
    std::uint16_t currency = currencyOfRow(table, row);
    auto [at, fresh] = totals.try_emplace(currency, Total{currency, {}});
    auto& sums = at->second.sums;
    if (fresh) {
      for (bool sum : summed) sums.push_back(sum ? std::optional<std::int64_t>(0) : std::nullopt);
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto* value = std::get_if<std::int64_t>(&row[i]);
      std::int64_t sum = 0;
      if (!sums[i] || value == nullptr) continue;
      sums[i] = __builtin_add_overflow(*sums[i], *value, &sum) ? std::nullopt : std::optional(sum);
    }
  }
  std::vector<Total> ordered;
  for (auto& [currency, total] : totals) ordered.push_back(std::move(total));
  std::sort(ordered.begin(), ordered.end(), [](const Total& a, const Total& b) {
    return events::currencyAlpha(a.currency) < events::currencyAlpha(b.currency);
  });
  return ordered;
}

}  // namespace pilotledger::query
