#include "query/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "events/base/text.h"
#include "events/money.h"
#include "ledger/crypto/encoding.h"
#include "query/answer/table_format.h"
#include "query/report/html.h"
#include "query/report/xlsx.h"

namespace pilotledger::query {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kMaxCell = 60;

// Cut to a readable width, at a character boundary.
std::string shorten(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (events::displayWidth(text) <= kMaxCell) return text;
  while (events::displayWidth(text) > kMaxCell - 1) {
    do {
      text.pop_back();
    } while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80);
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xc0) text.pop_back();
  }
  return text + "…";
}

std::string headerLine(const Table& table, bool zh) {
  std::string position = table.at.position == 0 ? "-" : std::to_string(table.at.position - 1);
  std::string policy = policyVersion(table.at.policy);
  return zh ? fmt::format("{}（{} v{}）  截至第 {} 条  日志根 {}  法定日 {}  政策 {}\n", table.title.zh, table.name,
                          table.version, position, crypto::toBase64(table.at.root), table.at.on, policy)
            : fmt::format("{} ({} v{})  up to entry {}  root {}  on {}  policy {}\n", table.title.en, table.name,
                          table.version, position, crypto::toBase64(table.at.root), table.at.on, policy);
}

// The day in the header is when it was known; what is dated after it counts too, and that is said.
std::string laterLine(const Table& table, bool zh) {
  if (table.at.later == 0) return "";
  const AsOf& at = table.at;
  return zh ? fmt::format("含法定日晚于 {} 的 {} 条（至 {}）；加 --on {} 则不含\n", at.on, at.later, at.laterTo, at.on)
            : fmt::format("with {} dated after {} (up to {}); --on {} leaves them out\n",
                          at.later == 1 ? "1 entry" : fmt::format("{} entries", at.later), at.on, at.laterTo, at.on);
}

// "filters: platform=YJ year=2026", or nothing.
std::string filterLine(const Table& table, bool zh) {
  std::string text;
  for (const auto& [name, value] : table.parameters) text += fmt::format("  {}={}", name, value);
  return text.empty() ? "" : (zh ? "筛选条件：" : "only:") + text + "\n";
}

// How many rows and, a line a currency, the sums that mean something; for readers of Chinese CNY in 万元.
std::string footer(const Table& table, bool zh) {
  std::string text = zh ? fmt::format("共 {} 行\n", table.rows.size()) : fmt::format("{} rows\n", table.rows.size());
  if (table.rows.size() < 2) return text;
  for (const Total& total : totalsOf(table)) {
    bool wan = zh && total.currency == events::kCny;
    std::string sums;
    for (std::size_t i = 0; i < total.sums.size(); ++i) {
      if (!total.sums[i]) continue;
      const Message& label = table.columns[i].label;
      sums +=
          fmt::format("  {} {}", zh ? label.zh : label.en,
                      wan ? events::formatWan(*total.sums[i]) : events::formatMoney(*total.sums[i], total.currency));
    }
    std::string_view alpha = events::currencyAlpha(total.currency);
    if (!sums.empty())
      text += (wan ? "合计（万元）：" : fmt::format("{} {}{}", zh ? "合计" : "total", alpha, zh ? "：" : ":")) + sums +
              "\n";
  }
  return text;
}

// Under the rows: for whom, and what they would need to see for a whole answer.
std::string readerLines(const Table& table, bool zh) {
  if (table.reader.empty()) return "";
  std::string text = zh ? fmt::format("读者：{}\n", table.reader) : fmt::format("reader: {}\n", table.reader);
  if (table.withheld.empty()) return text;
  return text +
         (zh ? fmt::format("不予显示，相关数值不完整：{}\n", fmt::join(table.withheld, "、"))
             : fmt::format("withheld, so what rests on it is not complete: {}\n", fmt::join(table.withheld, ", ")));
}

std::string renderTable(const Table& table, Language language) {
  bool zh = language == Language::Chinese;
  std::size_t columns = table.columns.size();
  std::vector<std::vector<std::string>> cells;
  auto& head = cells.emplace_back();
  for (const ColumnInfo& column : table.columns) head.push_back(zh ? column.label.zh : column.label.en);
  for (const auto& row : table.rows) {
    std::uint16_t currency = currencyOfRow(table, row);
    auto& texts = cells.emplace_back();
    for (std::size_t i = 0; i < columns; ++i)
      texts.push_back(shorten(cellLabel(table.columns[i], row[i], currency, Separators::Thousands, language)));
  }
  std::vector<std::size_t> widths(columns, 0);
  for (const auto& row : cells) {
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], events::displayWidth(row[i]));
  }
  std::string text = headerLine(table, zh) + laterLine(table, zh) + filterLine(table, zh);
  for (std::size_t r = 0; r < cells.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < columns; ++i) {
      if (i > 0) line += "  ";
      line += isNumeric(table.columns[i]) ? events::padLeft(cells[r][i], widths[i])
                                          : events::padRight(cells[r][i], widths[i]);
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text += line + "\n";
    if (r > 0) continue;
    for (std::size_t i = 0; i < columns; ++i) text += (i > 0 ? "  " : "") + std::string(widths[i], '-');
    text += "\n";
  }
  return text + footer(table, zh) + readerLines(table, zh);
}

}  // namespace

// Each row under the other, a line a cell: for few rows that are wider than the page. What is empty is left out.
std::string renderCards(const Table& table, Language language) {
  const bool zh = language == Language::Chinese;
  std::size_t width = 0;
  for (const ColumnInfo& column : table.columns)
    width = std::max(width, events::displayWidth(zh ? column.label.zh : column.label.en));
  std::string text = headerLine(table, zh) + laterLine(table, zh) + filterLine(table, zh);
  for (const auto& row : table.rows) {
    std::uint16_t currency = currencyOfRow(table, row);
    text += "\n";
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string value = cellLabel(table.columns[i], row[i], currency, Separators::Thousands, language);
      std::replace(value.begin(), value.end(), '\n', ' ');
      const Message& label = table.columns[i].label;
      if (!value.empty()) text += fmt::format("  {}  {}\n", events::padRight(zh ? label.zh : label.en, width), value);
    }
  }
  return text + "\n" + footer(table, zh) + readerLines(table, zh);
}

namespace {

std::string csvCell(std::string text, bool guarded) {
  // A spreadsheet runs what begins like a formula.
  if (guarded && !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos)
    text.insert(0, "'");
  if (text.find_first_of(",\"\n\r") == text.npos) return text;
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

std::string renderCsv(const Table& table, CsvText how) {
  std::string text;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    text += (i > 0 ? "," : "") + csvCell(table.columns[i].name, how == CsvText::Spreadsheet);
  text += "\n";
  for (const auto& row : table.rows) {
    std::uint16_t currency = currencyOfRow(table, row);
    for (std::size_t i = 0; i < row.size(); ++i) {
      bool words = std::holds_alternative<std::string>(row[i]);  // numbers are no formulas
      text += (i > 0 ? "," : "") + csvCell(cellText(table.columns[i], row[i], currency, Separators::None),
                                           words && how == CsvText::Spreadsheet);
    }
    text += "\n";
  }
  return text;
}

namespace {

Json rowJson(const Table& table, const std::vector<Value>& row) {
  Json json = Json::object();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string& name = table.columns[i].name;
    std::visit(
        [&](const auto& value) {
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
            json[name] = nullptr;
          } else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::int64_t>) {
            // Money stays in minor units; it and what SQL counts may need more than the 53 bits that readers of JSON
            // keep.
            bool counts = table.columns[i].type == "int";
            json[name] = counts ? Json(value) : Json(std::to_string(value));
          } else {
            json[name] = value;
          }
        },
        row[i]);
  }
  return json;
}

// A row of JSON names each value once; a statement may name two alike.
Status requireDistinctNames(const Table& table) {
  std::set<std::string> names;
  for (const ColumnInfo& column : table.columns) {
    if (names.insert(column.name).second) continue;
    return invalidInput(
        fmt::format("two columns are named '{}', and JSON keeps one of them; name them apart with AS", column.name),
        fmt::format("有两列同名“{}”，JSON 只能保留其一；请用 AS 另行命名", column.name));
  }
  return {};
}

std::string oneLine(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

Result<Json> rowsJson(const Table& table, std::size_t first, std::size_t last) {
  PL_CHECK(requireDistinctNames(table));
  Json rows = Json::array();
  for (std::size_t i = first; i < last; ++i) rows.push_back(rowJson(table, table.rows[i]));
  return rows;
}

Result<std::string> render(const Table& table, const std::string& format, Language language) {
  if (format == "table") return renderTable(table, language);
  if (format == "csv") return renderCsv(table);
  if (format == "jsonl") {
    PL_CHECK(requireDistinctNames(table));
    std::string text;
    for (const auto& row : table.rows) text += oneLine(rowJson(table, row)) + "\n";
    return text;
  }
  if (format == "json") {
    Json json = {{"name", table.name},
                 {"version", table.version},
                 {"entries", table.at.position},
                 {"root", crypto::toBase64(table.at.root)},
                 {"asOf", table.at.asked},
                 {"on", table.at.on},
                 {"policyVersion", policyVersion(table.at.policy)}};
    json["policySets"] = Json::array();
    for (const PolicySet& set : table.at.policy) {
      json["policySets"].push_back({{"ruleSet", set.ruleSet},
                                    {"jurisdiction", set.jurisdiction},
                                    {"instrument", set.instrument},
                                    {"entry", set.entry}});
    }
    if (table.at.onlyUntil) json["until"] = table.at.on;
    if (table.at.later > 0) json["datedLater"] = {{"entries", table.at.later}, {"to", table.at.laterTo}};
    if (!table.parameters.empty()) json["parameters"] = table.parameters;
    if (!table.reader.empty()) {
      json["reader"] = table.reader;
      json["withheld"] = table.withheld;
    }
    PL_TRY(json["rows"], rowsJson(table, 0, table.rows.size()));
    return oneLine(json) + "\n";
  }
  if (format == "xlsx") return renderXlsx(table, language);
  if (format == "html") return renderHtml(table, language);
  return makeError(ErrorCode::Unsupported, "format: expected table, csv, json, jsonl, xlsx or html, found " + format,
                   "格式应为 table、csv、json、jsonl、xlsx 或 html，实为 " + format);
}

}  // namespace pilotledger::query
