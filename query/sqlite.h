// SQLite behind two nouns; the only file pair that knows it. One connection, one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "events/result.h"

namespace pilotledger::query {

using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

class Statement {
 public:
  Statement();
  ~Statement();
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;

  // Parameters from 1. Text is copied unless `Static`, whose bytes must outlive the step.
  void bindInt(int parameter, std::int64_t value);
  void bindText(int parameter, std::string_view text);
  void bindStaticText(int parameter, std::string_view text);
  void bindNull(int parameter);
  void bindValue(int parameter, const Value& value);
  bool hasParameter(const std::string& name) const;  // ":name"
  void bindNamed(const std::string& name, const Value& value);

  Result<bool> step();  // true: a row
  Status run();         // to the end, then ready again
  void reset();
  int columns() const;
  std::string columnName(int column) const;
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  Value value(int column) const;
  bool readOnly() const;

 private:
  friend class Database;
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

class Database {
 public:
  // An empty path is a database in memory.
  static Result<Database> open(const std::filesystem::path& path);
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  Status execute(const std::string& sql);
  Result<Statement> prepare(const std::string& sql) const;
  // First column of the first row; absent when there is no row.
  Result<std::optional<std::string>> scalar(const std::string& sql) const;
  // While set, only reading statements can be prepared.
  void onlyReading(bool set);
  // "table.column" of all that the statement reads, the columns of views included.
  Result<std::set<std::string>> columnsRead(const std::string& sql);

 private:
  struct Rep;
  explicit Database(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

std::string quoteText(std::string_view text);  // 'it''s'

}  // namespace pilotledger::query
