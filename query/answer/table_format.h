// What every form of a report shares: cells as text, the header, the totals.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "query/answer/query.h"

namespace pilotledger::query {

// Of the row's "currency" column, else CNY.
std::uint16_t currencyOfRow(const Table& table, const std::vector<Value>& row);
enum class Separators { None, Thousands };
std::string cellText(const ColumnInfo& column, const Value& value, std::uint16_t currency, Separators separators);
// The same for people: codes as their labels.
std::string cellLabel(const ColumnInfo& column, const Value& value, std::uint16_t currency, Separators separators,
                      Language language);
bool isNumeric(const ColumnInfo& column);  // money, int, real: aligned right

struct HeaderLine {
  std::string code;  // stable: "position"
  Message label;
  std::string value;
};
// Position, root, as-of, day, view version, policy version: who has the same header has the same report.
std::vector<HeaderLine> headerLines(const Table& table);
// How a reader checks the report, one step a line.
std::vector<Message> verificationSteps(const Table& table);

// Sums of money columns, one a currency, by column: those that the view names in `-- totals:`, because adding its rows
// means something there. Nothing else is added, findings and SQL never; a sum that overflows is left out.
struct Total {
  std::uint16_t currency = 0;
  std::vector<std::optional<std::int64_t>> sums;  // as many as columns
};
std::vector<Total> totalsOf(const Table& table);

}  // namespace pilotledger::query
