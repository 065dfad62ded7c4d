// A connection to a PostgreSQL server and the statements whose parameters are bound as text. For postgres.cpp.
#pragma once

#include <fmt/format.h>
#include <libpq-fe.h>

#include <charconv>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "query/sql/database.h"
#include "query/sql/postgres_sql.h"

namespace pilotledger::query {

constexpr std::size_t kBulkBytes = 8u << 20;  // gathered before they are sent

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, FreeResult>;

bool good(const PGresult* result);
std::string firstLine(std::string_view text);  // of libpq's message, without "ERROR:"

class CopyInserter;

// What the statements of one connection share; the last of them to go closes it.
class Connection {
 public:
  Connection(PGconn* connection, std::string name) : connection_(connection), name_(std::move(name)) {}
  ~Connection() { PQfinish(connection_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  PGconn* raw() const { return connection_; }
  Error failure(const PGresult* result, std::string_view doing) const;
  Status execute(const std::string& sql, std::string_view doing = "");
  Result<std::string> ask(const std::string& sql);  // first column of the first row
  std::string nextName() { return fmt::format("s{}", ++names_); }
  bool inTransaction() const { return PQtransactionStatus(connection_) == PQTRANS_INTRANS; }

  // Rows on their way, by table.
  std::map<std::string, CopyInserter*, std::less<>> bulks;
  Status flush(const std::set<std::string, std::less<>>& tables);
  Status flushAll();
  void discardAll();

 private:
  PGconn* connection_;
  std::string name_;  // as messages may say it
  int names_ = 0;
};

// The parameters of a statement, as text; none is NULL.
class BoundValues {
 public:
  explicit BoundValues(std::size_t count) : values_(count), null_(count, true) {}
  void set(int parameter, std::string_view text) {
    values_[index(parameter)].assign(text);
    null_[index(parameter)] = false;
  }
  void set(int parameter, std::int64_t value) {
    char digits[24];
    auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    set(parameter, std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }
  void setNull(int parameter) { null_[index(parameter)] = true; }
  std::size_t size() const { return values_.size(); }
  const std::string* at(std::size_t i) const { return null_[i] ? nullptr : &values_[i]; }

 private:
  static std::size_t index(int parameter) { return static_cast<std::size_t>(parameter) - 1; }
  std::vector<std::string> values_;
  std::vector<char> null_;
};

class BoundStatement : public StatementEngine {
 public:
  BoundStatement(std::shared_ptr<Connection> connection, std::size_t parameters)
      : connection_(std::move(connection)), parameters_(parameters) {}
  void bindInt(int parameter, std::int64_t value) final { parameters_.set(parameter, value); }
  void bindText(int parameter, std::string_view text) final { parameters_.set(parameter, text); }
  void bindStaticText(int parameter, std::string_view text) final { parameters_.set(parameter, text); }
  void bindNull(int parameter) final { parameters_.setNull(parameter); }

 protected:
  std::shared_ptr<Connection> connection_;
  BoundValues parameters_;
};

// Rows of one table, gathered in COPY's text form.
class CopyInserter final : public BoundStatement {
 public:
  CopyInserter(std::shared_ptr<Connection> connection, std::string_view table, std::string_view columns)
      : BoundStatement(std::move(connection),
                       static_cast<std::size_t>(std::count(columns.begin(), columns.end(), ',')) + 1),
        table_(table),
        copy_(fmt::format("COPY {} ({}) FROM STDIN", table, columns)) {
    connection_->bulks[table_] = this;
  }
  ~CopyInserter() override {
    if (connection_->bulks[table_] == this) connection_->bulks.erase(table_);
  }

  Status run() override {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (i > 0) rows_ += '\t';
      appendCopyText(rows_, parameters_.at(i));
    }
    rows_ += '\n';
    return rows_.size() < kBulkBytes ? Status() : flush();
  }
  Status flush() {
    if (rows_.empty()) return {};
    PL_CHECK(connection_->execute(copy_, table_));
    PGconn* raw = connection_->raw();
    bool sent =
        PQputCopyData(raw, rows_.data(), static_cast<int>(rows_.size())) == 1 && PQputCopyEnd(raw, nullptr) == 1;
    rows_.clear();
    Status status;
    for (Answer answer(PQgetResult(raw)); answer != nullptr; answer.reset(PQgetResult(raw))) {
      if (status.ok() && (!sent || !good(answer.get()))) status = connection_->failure(answer.get(), table_);
    }
    return status;
  }
  Status finish() override { return flush(); }
  void discard() { rows_.clear(); }

 private:
  std::string table_, copy_, rows_;
};

}  // namespace pilotledger::query
