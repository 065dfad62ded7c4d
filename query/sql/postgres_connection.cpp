#include "query/sql/postgres_connection.h"

#include <fmt/format.h>

namespace pilotledger::query {

bool good(const PGresult* result) {
  ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN;
}

std::string firstLine(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  return std::string(line.starts_with("ERROR:  ") ? line.substr(8) : line);
}

Error Connection::failure(const PGresult* result, std::string_view doing) const {
  if (PQstatus(connection_) != CONNECTION_OK) {
    std::string why = firstLine(PQerrorMessage(connection_));
    return makeError(ErrorCode::Unavailable,
                     fmt::format("{}: the connection to the PostgreSQL server is lost: {}", name_, why),
                     fmt::format("{}：与 PostgreSQL 服务器的连接已断开：{}", name_, why));
  }
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* primary = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  std::string_view code = state == nullptr ? "" : state;
  std::string message = primary == nullptr ? firstLine(PQerrorMessage(connection_)) : primary;
  if (code == "22003") message = "integer overflow";  // as SQLite says it
  std::string text = fmt::format("SQL: {}{}{}", doing, doing.empty() ? "" : ": ", message);
  bool server = code.starts_with("08") || code.starts_with("53") || code.starts_with("57") || code.starts_with("58") ||
                code == "42501" || code == "55P03";
  if (server) return makeError(ErrorCode::Unavailable, text, text);
  if (code.starts_with("XX")) return makeError(ErrorCode::Corruption, text, text);
  return invalidInput(text, text);
}

Status Connection::execute(const std::string& sql, std::string_view doing) {
  Answer answer(PQexec(connection_, sql.c_str()));
  ExecStatusType status = PQresultStatus(answer.get());
  if (good(answer.get()) || status == PGRES_EMPTY_QUERY) return {};
  return failure(answer.get(), doing);
}

Result<std::string> Connection::ask(const std::string& sql) {
  Answer answer(PQexec(connection_, sql.c_str()));
  if (!good(answer.get())) return failure(answer.get(), sql);
  return std::string(PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : "");
}

Status Connection::flush(const std::set<std::string, std::less<>>& tables) {
  for (const std::string& table : tables) {
    if (auto at = bulks.find(table); at != bulks.end()) PL_CHECK(at->second->flush());
  }
  return {};
}
Status Connection::flushAll() {
  for (auto& [table, bulk] : bulks) PL_CHECK(bulk->flush());
  return {};
}
void Connection::discardAll() {
  for (auto& [table, bulk] : bulks) bulk->discard();
}

}  // namespace pilotledger::query
