// Questions to the read model: views, what a row is made of, findings.
#include <fmt/format.h>

#include <algorithm>

#include "query/answer/findings.h"
#include "query/answer/parameters.h"
#include "query/report/report.h"
#include "query/sql/stop_scope.h"
#include "tools/server/call.h"
#include "tools/service/views.h"

namespace pilotledger::server {
namespace {

constexpr std::uint64_t kPage = 200;
constexpr std::chrono::seconds kSqlTime{20};
constexpr std::size_t kMostSheetRows = 1'048'575;

std::string formatOf(const Call& call) { return call.has("format") ? call.get("format") : "json"; }

Json messageJson(const Message& message) { return {{"en", message.en}, {"zh", message.zh}}; }

Json columnJson(const query::ColumnInfo& column) {
  Json json = {{"name", column.name}, {"type", column.type}, {"label", messageJson(column.label)}};
  for (const auto& [code, label] : column.codes) json["codes"][code] = messageJson(label);
  return json;
}

Json columnsJson(const query::Table& table) {
  Json columns = Json::array();
  for (const query::ColumnInfo& column : table.columns) columns.push_back(columnJson(column));
  return columns;
}

// Position, root, reader, what is withheld, as of when, under which policy.
Result<Json> envelopeOf(Call& call, const query::Table& table) {
  PL_TRY(Json json, call.envelope(table.at.position, table.withheld));
  json["as_of"] = asOfJson(table.at);
  json["as_of"]["asked"] = call.get("as_of");
  json["policy"] = query::policyVersion(table.at.policy);
  json["policy_sets"] = Json::array();
  for (const query::PolicySet& set : table.at.policy) {
    json["policy_sets"].push_back({{"rule_set", set.ruleSet},
                                   {"jurisdiction", set.jurisdiction},
                                   {"instrument", set.instrument},
                                   {"entry", set.entry}});
  }
  json["name"] = table.name;
  json["version"] = table.version;
  json["title"] = messageJson(table.title);
  json["parameters"] = table.parameters;
  json["columns"] = columnsJson(table);
  return json;
}

// A page of the rows, and where the next one begins.
Answered pageOf(Call& call, const query::Table& table, Cursor cursor) {
  PL_TRY(Json json, envelopeOf(call, table));
  std::size_t first = std::min<std::size_t>(cursor.after, table.rows.size());
  std::size_t last = std::min<std::size_t>(first + cursor.limit, table.rows.size());
  PL_TRY(json["rows"], query::rowsJson(table, first, last));
  call.noted.rows = last - first;
  json["first_row"] = first + 1;
  json["rows_total"] = table.rows.size();
  cursor.after = last;
  json["next"] = last < table.rows.size() ? Json(cursor.text()) : Json(nullptr);
  return jsonAnswer(json);
}

// The whole of it, as a file to keep; or nothing.
Answered fileOf(Call& call, query::Table& table, const std::string& format) {
  if (format == "xlsx" && table.rows.size() > kMostSheetRows) {
    return makeError(ErrorCode::Unsupported, fmt::format("{} rows do not fit a sheet; ask for csv", table.rows.size()),
                     fmt::format("共 {} 行，超出工作表上限，请改用 csv", table.rows.size()));
  }
  if (format != "csv") service::keepLanguage(table, call.language());
  PL_TRY(std::string bytes, query::render(table, format, call.language()));
  if (call.has("bom")) bytes.insert(0, "\xEF\xBB\xBF");
  call.noted.rows = table.rows.size();
  call.noted.position = table.at.position;
  call.noted.withheld = table.withheld;
  return reportFile(std::move(bytes), fmt::format("{}-{}", table.name, table.at.position), format);
}

Status checkForm(const Call& call, const std::string& format) {
  bool pages = call.has("limit") || call.has("cursor");
  if (format != "json" && pages) {
    return invalidInput(fmt::format("limit, cursor: a {} file is whole; leave them out", format),
                        fmt::format("limit、cursor：{} 文件为完整导出，请去掉", format));
  }
  if (call.has("bom") && format != "csv") return invalidInput("bom: only for csv", "bom：仅用于 csv");
  if (call.has("as_of") && call.has("cursor"))
    return invalidInput("as_of: the cursor holds the position; leave as_of out", "as_of：游标已含位置，请去掉 as_of");
  return {};
}

struct Asked {
  Snapshot::Scope scope;
  Snapshot::Model model;
  query::AsOf at;
  Cursor cursor;
};

// The reader's read model, and the position: of the cursor, of as_of or what a difference goes to, or the newest.
Result<Asked> openQuestion(Call& call) {
  Asked asked;
  PL_TRY(asked.scope, call.scope());
  PL_TRY(asked.model, call.snapshot->model(asked.scope));
  std::string asOf = call.has("to") ? call.get("to") : call.get("as_of");
  if (call.has("cursor")) {
    PL_TRY(Cursor given, call.cursor(0, kPage));
    if (given.position == 0) return invalidInput("cursor: not of this ledger", "cursor：不属于本账本");
    asOf = std::to_string(given.position - 1);
  }
  PL_TRY(asked.at, asked.model->asOf(asOf, call.get("on")));
  PL_TRY(asked.cursor, call.cursor(asked.at.position, kPage));
  return asked;
}

// What the answer follows from: the same tag, the same bytes.
std::string tagOf(const Call& call, const query::AsOf& at, int version) {
  return etagOf(fmt::format("{}\nv{} {} {} {} {}\n{}\n{} {} {}", call.question(), version, at.position, at.on,
                            at.onlyUntil, query::policyList(at.policy), call.rights(), call.get("cursor"),
                            call.get("limit"), call.language() == Language::Chinese));
}

// Runs `make` unless the reader has its answer, with the time that the route has.
template <typename Make>
Answered answerTable(Call& call, int version, Make make) {
  const std::string format = formatOf(call);
  PL_CHECK(checkForm(call, format));
  query::StopScope stop([cancellation = call.request.cancellation] { return cancellation->cancelled(); });
  PL_TRY(Asked asked, openQuestion(call));
  std::string etag = tagOf(call, asked.at, version);
  http::Response response;
  if (hasTag(call.request, etag)) {
    response = notModified(etag);
    call.noted.position = asked.at.position;
  } else {
    PL_TRY(query::Table table, make(asked));
    PL_TRY(http::Answer answer, format == "json" ? pageOf(call, table, asked.cursor) : fileOf(call, table, format));
    response = std::move(std::get<http::Response>(answer));
    response.headers.push_back({"ETag", etag});
    if (call.has("as_of")) response.headers.push_back({"X-Ledger-Position", std::to_string(asked.at.position)});
  }
  response.headers.push_back(cacheControl(call.caching()));
  response.headers.push_back({"Vary", "Cookie, Authorization, Accept-Language"});
  return response;
}

query::Parameters viewParameters(const Call& call) {
  query::Parameters parameters;
  for (const auto& [name, value] : call.query) {
    bool own = std::any_of(call.route.parameters.begin(), call.route.parameters.end(),
                           [&](const Parameter& parameter) { return parameter.name == name; });
    if (!own) parameters[name] = value;
  }
  return parameters;
}

Answered answerViewQuestion(Call& call, std::size_t drill) {
  PL_TRY(const query::Definition* view, query::requireView(call.get("name")));
  return answerTable(call, view->version, [&](Asked& asked) {
    return service::askView(*asked.model, asked.at,
                            {view->name, viewParameters(call), call.get("as_of"), call.get("on"), drill, "", ""});
  });
}

Json viewJson(const query::Definition& view) {
  Json json = {{"name", view.name}, {"version", view.version}, {"title", messageJson(view.title)}};
  json["reader"] = view.reader;
  json["parameters"] = Json::array();
  for (const query::Parameter& parameter : view.parameters)
    json["parameters"].push_back({{"name", parameter.name}, {"type", parameter.type}, {"meaning", parameter.meaning}});
  json["columns"] = Json::array();
  for (const query::ColumnInfo& column : view.columns) json["columns"].push_back(columnJson(column));
  json["charts"] = view.charts;
  json["drill"] = !view.drillView.empty();
  return json;
}

}  // namespace

Answered answerViews(Call& call) {
  Json json = {{"views", Json::array()}};
  for (const query::Definition& view : query::views()) json["views"].push_back(viewJson(view));
  return call.tagged(jsonAnswer(json));
}

Answered answerView(Call& call) { return answerViewQuestion(call, 0); }

Answered answerDrill(Call& call) { return answerViewQuestion(call, static_cast<std::size_t>(call.number("row", 1))); }

// The later position is the one that the answer is at, so that its pages stay with it.
Answered answerDiff(Call& call) {
  PL_TRY(const query::Definition* view, query::requireView(call.get("name")));
  return answerTable(call, view->version, [&](Asked& asked) {
    std::string to = asked.at.position == 0 ? "" : std::to_string(asked.at.position - 1);
    return service::askView(*asked.model, asked.at,
                            {view->name, viewParameters(call), "", call.get("on"), 0, call.get("from"), to});
  });
}

Answered answerSql(Call& call) {
  if (!call.backend.answersSql)
    return makeError(ErrorCode::NotFound, "this server answers no SQL; its operator can offer it (sql = true)",
                     "本服务不接受 SQL 查询，可由运营者开启（sql = true）");
  if (!call.seesAll())
    return makeError(ErrorCode::NotAuthorized, "SQL is for auditors and the operator", "SQL 查询仅限审计方与运营者");
  std::unique_lock turn(call.backend.asking, std::try_to_lock);
  if (!turn.owns_lock())
    return makeError(ErrorCode::Unavailable, "another statement is being answered; try again",
                     "正在执行另一查询，请稍后重试");
  const query::SqlLimits limits{.time = kSqlTime,
                                .memoryBytes = 64u << 20,
                                .temporaryBytes = 256u << 20,
                                .rows = 100'000,
                                .resultBytes = 64u << 20};
  return answerTable(
      call, 1, [&](Asked& asked) { return query::runSql(*asked.model, asked.at, call.get("statement"), limits); });
}

Answered answerFindings(Call& call) {
  return answerTable(call, query::kFindingsVersion, [&](Asked& asked) {
    return query::runFindings(*asked.model, asked.at, {call.get("severity"), call.get("code"), {}});
  });
}

}  // namespace pilotledger::server
