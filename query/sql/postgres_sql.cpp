#include "query/sql/postgres_sql.h"

#include <fmt/format.h>

#include <algorithm>

#include "query/sql/sql_limits.h"

namespace pilotledger::query {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool isWord(char c) { return isWordStart(c) || isDigit(c); }

std::string upper(std::string_view word) {
  std::string text(word);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

class Translator {
 public:
  explicit Translator(std::string_view sql) : sql_(sql) {}

  PostgresSql run() {
    while (at_ < sql_.size()) token();
    while (!orders_.empty()) endOrder();
    return std::move(out_);
  }

 private:
  char ahead(std::size_t by) const { return at_ + by < sql_.size() ? sql_[at_ + by] : '\0'; }

  void take(std::size_t length) {
    out_.text += sql_.substr(at_, length);
    at_ += std::min(length, sql_.size() - at_);
  }
  void takeThrough(std::string_view end, std::size_t from) {
    std::size_t found = sql_.find(end, at_ + from);
    take(found == sql_.npos ? sql_.size() - at_ : found + end.size() - at_);
  }
  // After what is neither space nor comment.
  void meant(std::string word = "") {
    end_ = out_.text.size();
    before_ = last_;
    last_ = std::move(word);
  }

  void token() {
    char c = ahead(0);
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') return take(1);
    if (c == '-' && ahead(1) == '-') return takeThrough("\n", 2);
    if (c == '/' && ahead(1) == '*') return takeThrough("*/", 2);
    if (c == '\'' || c == '"') {
      std::size_t begin = at_;
      takeThrough(c == '\'' ? "'" : "\"", 1);  // a doubled quote is two literals side by side, which stay so
      return meant(c == '"' ? std::string(sql_.substr(begin, at_ - begin)) : "");
    }
    if (c == ':' && ahead(1) == ':') {
      take(2);
      return meant();
    }
    if ((c == ':' && isWordStart(ahead(1))) || c == '?') return parameter();
    if (isDigit(c)) return number();
    if (isWordStart(c)) return word();
    mark(c);
  }

  void parameter() {
    std::size_t length = 1;
    while (isWord(ahead(length))) ++length;
    std::string name(sql_.substr(at_ + 1, length - 1));
    at_ += length;
    auto known = std::find(out_.parameters.begin(), out_.parameters.end(), name);
    if (name.empty() || known == out_.parameters.end()) known = out_.parameters.insert(out_.parameters.end(), name);
    out_.text += "$" + std::to_string(known - out_.parameters.begin() + 1);
    meant();
  }

  void number() {
    std::size_t length = 1;
    bool fraction = false;
    for (; isWord(ahead(length)) || ahead(length) == '.'; ++length) fraction = fraction || ahead(length) == '.';
    take(length);
    if (fraction) out_.text += "::float8";
    meant();
  }

  void mark(char c) {
    if (c == '(') {
      ++depth_;
      if (!last_.empty() && before_ != "AS" && before_ != "WITH" && before_ != "RECURSIVE") out_.calls.insert(last_);
    }
    if (c == ')') {
      endOrders();
      --depth_;
    }
    if (c == ';') endOrders();
    if (c == ',' && ordering()) placeNulls();
    take(1);
    meant();
  }

  void word() {
    std::size_t length = 1;
    while (isWord(ahead(length))) ++length;
    std::string_view plain = sql_.substr(at_, length);
    std::string name = upper(plain);
    static const std::set<std::string, std::less<>> kAfterOrder = {"LIMIT", "OFFSET", "FETCH", "ROWS",
                                                                   "RANGE", "GROUPS", "FOR"};
    if (ordering() && kAfterOrder.contains(name)) endOrder();
    if (plain.starts_with("fact_")) out_.factTables.emplace(plain);
    if (plain == "STRICT" || plain == "WITHOUT" || plain == "ROWID") {
      at_ += length;
      if (plain == "STRICT" && ahead(0) == ',') ++at_;
    } else if (plain == "INTEGER") {
      replace("BIGINT", length);
    } else if (plain == "REAL") {
      replace("DOUBLE PRECISION", length);
    } else {
      take(length);
    }
    bool order = name == "BY" && last_ == "ORDER";
    meant(std::move(name));
    if (order) orders_.push_back(depth_);
  }
  void replace(std::string_view by, std::size_t length) {
    out_.text += by;
    at_ += length;
  }

  bool ordering() const { return !orders_.empty() && orders_.back() == depth_; }
  void endOrders() {
    while (ordering()) endOrder();
  }
  void endOrder() {
    placeNulls();
    orders_.pop_back();
  }
  // SQLite takes NULL for the least of all values.
  void placeNulls() {
    if (before_ == "NULLS") return;
    out_.text.insert(end_, last_ == "DESC" ? " NULLS LAST" : " NULLS FIRST");
  }

  std::string_view sql_;
  std::size_t at_ = 0;
  PostgresSql out_;
  int depth_ = 0;
  std::size_t end_ = 0;        // of the last token, in the output
  std::string last_, before_;  // words
  std::vector<int> orders_;    // the depths of the ORDER BYs that are being read
};

}  // namespace

PostgresSql toPostgres(std::string_view sql) { return Translator(sql).run(); }

Status requireListedFunctions(std::string_view sql) {
  for (std::string_view mark : {"\\", "$", "/*"}) {
    if (sql.find(mark) != sql.npos)
      return invalidInput(fmt::format("SQL: '{}' is not taken here", mark), fmt::format("SQL：此处不接受“{}”", mark));
  }
  static const std::set<std::string, std::less<>> kNoFunctions = {
      "ALL",      "AND",     "ANY",    "AS",           "BETWEEN", "BY",      "CASE",    "CAST", "CHAR",      "DECIMAL",
      "DISTINCT", "ELSE",    "EXCEPT", "EXISTS",       "FILTER",  "FROM",    "HAVING",  "IN",   "INTERSECT", "IS",
      "JOIN",     "LATERAL", "LIMIT",  "MATERIALIZED", "NOT",     "NUMERIC", "OFFSET",  "ON",   "OR",        "OVER",
      "SELECT",   "SOME",    "THEN",   "UNION",        "USING",   "VALUES",  "VARCHAR", "WHEN", "WHERE",     "WITH"};
  for (std::string name : toPostgres(sql).calls) {
    if (name.starts_with('"')) name = name.substr(1, name.size() - 2);
    else if (kNoFunctions.contains(name)) continue;
    if (!isListedFunction(name)) return functionRefused(name);
  }
  return {};
}

void appendCopyText(std::string& row, const std::string* value) {
  if (value == nullptr) {
    row += "\\N";
    return;
  }
  for (char c : *value) {
    switch (c) {
      case '\t': row += "\\t"; break;
      case '\n': row += "\\n"; break;
      case '\r': row += "\\r"; break;
      case '\\': row += "\\\\"; break;
      default: row += c;
    }
  }
}

}  // namespace pilotledger::query
