#include "query/sql/database.h"

namespace pilotledger::query {

void Statement::bindValue(int parameter, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    bindInt(parameter, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    bindText(parameter, *text);
  } else {
    bindNull(parameter);
  }
}

void Statement::bindNamed(const std::string& name, const Value& value) {
  if (int parameter = engine_->parameterOf(name); parameter != 0) bindValue(parameter, value);
}

Result<std::optional<std::string>> Database::scalar(const std::string& sql) const {
  PL_TRY(Statement statement, prepare(sql));
  PL_TRY(bool row, statement.step());
  if (!row) return std::optional<std::string>();
  return std::optional(statement.text(0));
}

Result<std::set<std::string>> firstColumn(Statement& rows) {
  std::set<std::string> all;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return all;
    all.insert(rows.text(0));
  }
}

std::string quoteText(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

}  // namespace pilotledger::query
