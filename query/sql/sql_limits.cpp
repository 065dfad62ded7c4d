#include "query/sql/sql_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace pilotledger::query {
namespace {

// None reaches files, settings or memory of the process, and none makes much from little.
const std::set<std::string, std::less<>> kFunctions = {"abs",
                                                       "add_months",
                                                       "avg",
                                                       "ceil",
                                                       "ceiling",
                                                       "coalesce",
                                                       "count",
                                                       "cume_dist",
                                                       "current_date",
                                                       "current_time",
                                                       "current_timestamp",
                                                       "date",
                                                       "datetime",
                                                       "dense_rank",
                                                       "first_value",
                                                       "floor",
                                                       "glob",
                                                       "group_concat",
                                                       "ifnull",
                                                       "iif",
                                                       "instr",
                                                       "json_each",
                                                       "julianday",
                                                       "json_extract",
                                                       "lag",
                                                       "last_value",
                                                       "lead",
                                                       "length",
                                                       "like",
                                                       "lower",
                                                       "ltrim",
                                                       "max",
                                                       "min",
                                                       "mod",
                                                       "nth_value",
                                                       "ntile",
                                                       "nullif",
                                                       "percent_rank",
                                                       "power",
                                                       "rank",
                                                       "replace",
                                                       "round",
                                                       "row_number",
                                                       "rtrim",
                                                       "sign",
                                                       "sqrt",
                                                       "strftime",
                                                       "substr",
                                                       "substring",
                                                       "sum",
                                                       "time",
                                                       "total",
                                                       "trim",
                                                       "typeof",
                                                       "upper"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace

bool isListedFunction(std::string_view name) { return kFunctions.contains(lower(name)); }

Error functionRefused(std::string_view name) {
  return makeError(ErrorCode::NotAuthorized,
                   fmt::format("SQL: function '{}' is not available; there are: {}", name, fmt::join(kFunctions, ", ")),
                   fmt::format("SQL：不提供函数“{}”；可用函数：{}", name, fmt::join(kFunctions, "、")));
}

Error beyondLimit(std::string_view en, std::string_view zh) {
  return invalidInput(fmt::format("SQL: the statement was stopped: {}; ask for less, or see `export`", en),
                      fmt::format("SQL：语句已中止：{}；请缩小查询范围，或改用 export", zh));
}

Error beyondTime(const SqlLimits& limits) {
  double seconds = static_cast<double>(limits.time.count()) / 1000;
  return beyondLimit(fmt::format("it took more than {:g} s", seconds), fmt::format("执行时间超过 {:g} 秒", seconds));
}

Status requireShortSql(std::string_view sql) {
  if (sql.size() > kMaxForeignSql) {
    return invalidInput(fmt::format("SQL: a statement has at most {} bytes, found {}", kMaxForeignSql, sql.size()),
                        fmt::format("SQL：语句最长 {} 字节，实为 {} 字节", kMaxForeignSql, sql.size()));
  }
  if (sql.find('\0') != sql.npos)
    return invalidInput("SQL: the character 0 ends no statement", "SQL：语句中不得含空字符");
  return {};
}

}  // namespace pilotledger::query
