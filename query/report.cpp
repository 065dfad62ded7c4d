#include "query/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "events/money.h"
#include "events/text.h"
#include "ledger/crypto/encoding.h"

namespace pilotledger::query {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kMaxCell = 60;

std::uint16_t currencyOfRow(const Table& table, const std::vector<Value>& row) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name != "currency") continue;
    const auto* alpha = std::get_if<std::string>(&row[i]);
    if (auto parsed = events::parseCurrency(alpha == nullptr ? "" : *alpha); parsed.ok()) return *parsed;
  }
  return events::kCny;
}

std::string plainText(const ColumnInfo& column, const Value& value, std::uint16_t currency, bool separators) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (column.type == "money") return separators ? events::formatMoney(*number, currency) : events::formatMinorPlain(*number, currency);
    return std::to_string(*number);
  }
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:.2f}", *real);
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "" : *text;
}

// Codes in the reader's language; a cell may hold several ("revenue/SERVICE", "PP01 debt-past-due").
std::string labelled(const ColumnInfo& column, const std::string& text, bool zh) {
  if (column.codes.empty()) return text;
  std::string out;
  std::size_t at = 0;
  while (at <= text.size()) {
    std::size_t end = std::min(text.find_first_of(",/ ", at), text.size());
    std::string_view code = std::string_view(text).substr(at, end - at);
    auto known = column.codes.find(code);
    out += known == column.codes.end() ? std::string(code) : zh ? known->second.zh : known->second.en;
    if (end < text.size()) out += text[end];
    at = end + 1;
  }
  return out;
}

bool isRight(const ColumnInfo& column) { return column.type == "money" || column.type == "int" || column.type == "real"; }

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
  return zh ? fmt::format("{}（{} v{}）  截至第 {} 条  日志根 {}  法定日 {}\n", table.title.zh, table.name, table.version, position,
                          crypto::toBase64(table.at.root), table.at.on)
            : fmt::format("{} ({} v{})  up to entry {}  root {}  on {}\n", table.title.en, table.name, table.version, position,
                          crypto::toBase64(table.at.root), table.at.on);
}

std::string renderTable(const Table& table, Lang language) {
  bool zh = language == Lang::Chinese;
  std::size_t columns = table.columns.size();
  std::vector<std::vector<std::string>> cells;
  auto& head = cells.emplace_back();
  for (const ColumnInfo& column : table.columns) head.push_back(zh ? column.label.zh : column.label.en);
  for (const auto& row : table.rows) {
    std::uint16_t currency = currencyOfRow(table, row);
    auto& texts = cells.emplace_back();
    for (std::size_t i = 0; i < columns; ++i) texts.push_back(shorten(labelled(table.columns[i], plainText(table.columns[i], row[i], currency, true), zh)));
  }
  std::vector<std::size_t> widths(columns, 0);
  for (const auto& row : cells) {
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], events::displayWidth(row[i]));
  }
  std::string text = headerLine(table, zh);
  for (std::size_t r = 0; r < cells.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < columns; ++i) {
      if (i > 0) line += "  ";
      line += isRight(table.columns[i]) ? events::padLeft(cells[r][i], widths[i]) : events::padRight(cells[r][i], widths[i]);
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text += line + "\n";
    if (r > 0) continue;
    for (std::size_t i = 0; i < columns; ++i) text += (i > 0 ? "  " : "") + std::string(widths[i], '-');
    text += "\n";
  }
  return text + (zh ? fmt::format("共 {} 行\n", table.rows.size()) : fmt::format("{} rows\n", table.rows.size()));
}

std::string csvCell(const ColumnInfo& column, std::string text) {
  // A spreadsheet runs what begins like a formula; numbers of ours are no formulas.
  if (!isRight(column) && !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) text.insert(0, "'");
  if (text.find_first_of(",\"\n\r") == text.npos) return text;
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string renderCsv(const Table& table) {
  std::string text;
  for (std::size_t i = 0; i < table.columns.size(); ++i) text += (i > 0 ? "," : "") + table.columns[i].name;
  text += "\n";
  for (const auto& row : table.rows) {
    std::uint16_t currency = currencyOfRow(table, row);
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += (i > 0 ? "," : "") + csvCell(table.columns[i], plainText(table.columns[i], row[i], currency, false));
    }
    text += "\n";
  }
  return text;
}

Json rowJson(const Table& table, const std::vector<Value>& row) {
  Json json = Json::object();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string& name = table.columns[i].name;
    std::visit([&](const auto& value) {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
        json[name] = nullptr;
      } else {
        json[name] = value;  // money stays in minor units
      }
    }, row[i]);
  }
  return json;
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string plainCell(const Table& table, const std::vector<Value>& row, std::size_t column) {
  return plainText(table.columns[column], row[column], currencyOfRow(table, row), false);
}

Result<std::string> render(const Table& table, const std::string& format, Lang language) {
  if (format == "table") return renderTable(table, language);
  if (format == "csv") return renderCsv(table);
  if (format == "jsonl") {
    std::string text;
    for (const auto& row : table.rows) text += dump(rowJson(table, row)) + "\n";
    return text;
  }
  if (format == "json") {
    Json json = {{"name", table.name}, {"version", table.version}, {"entries", table.at.position},
                 {"root", crypto::toBase64(table.at.root)}, {"asOf", table.at.asked}, {"on", table.at.on}};
    json["rows"] = Json::array();
    for (const auto& row : table.rows) json["rows"].push_back(rowJson(table, row));
    return dump(json) + "\n";
  }
  return makeError(ErrorCode::Unsupported, "format: expected table, csv, json or jsonl, found " + format, "格式应为 table、csv、json 或 jsonl");
}

}  // namespace pilotledger::query
