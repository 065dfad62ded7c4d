// Answers of a server as what they are beside the ledger: tables and answers about pledges.
#include <fmt/format.h>

#include <charconv>

#include "events/base/civil_date.h"
#include "ledger/crypto/encoding.h"
#include "tools/cli/remote.h"

namespace pilotledger::cli {

using remote::Json;
using remote::RemoteLog;

namespace {

constexpr const char* kPageOfRows = "1000";
constexpr std::int64_t kMsOfDay = 86'400'000;

// Members of an answer by name and type. What is not there, or of another type, is remembered as a fault.
class Members {
 public:
  explicit Members(const Json& json) : json_(json) {}

  std::string text(const char* name) { return take<std::string>(name, &Json::is_string); }
  std::string textOrNone(const char* name) { return json_.contains(name) ? text(name) : ""; }
  std::uint64_t number(const char* name) { return take<std::uint64_t>(name, &Json::is_number_unsigned); }
  std::vector<std::string> texts(const char* name) {
    std::vector<std::string> all;
    for (const Json& one : list(name)) all.push_back(one.is_string() ? one.get<std::string>() : fault());
    return all;
  }
  Json list(const char* name) { return take<Json>(name, &Json::is_array, Json::array()); }
  Json object(const char* name) { return take<Json>(name, &Json::is_object, Json::object()); }
  Message message(const char* name) {
    Json both = object(name);
    Members members(both);
    Message made{members.text("en"), members.text("zh")};
    good_ = good_ && members.good();
    return made;
  }
  std::string fault() {
    good_ = false;
    return "";
  }
  bool good() const { return good_; }

 private:
  template <typename T>
  T take(const char* name, bool (Json::*is)() const noexcept, T otherwise = {}) {
    auto found = json_.find(name);
    if (found != json_.end() && ((*found).*is)()) return found->template get<T>();
    good_ = false;
    return otherwise;
  }

  const Json& json_;
  bool good_ = true;
};

Error oddTable(const RemoteLog& log) {
  return makeError(ErrorCode::Unavailable, log.server() + ": the answer is not a table as expected",
                   log.server() + "：答复不是预期的表格");
}

query::AsOf asOfIn(const Json& json, Members& members) {
  query::AsOf at;
  at.position = members.number("position");
  if (auto root = crypto::parseBase64Digest(members.text("root")); root.ok()) at.root = *root;
  Json clock = members.object("as_of");
  at.asked = Members(clock).textOrNone("asked");
  at.on = Members(clock).textOrNone("on");
  at.onlyUntil = clock.contains("until");
  for (const Json& set : remote::memberOf(json, "policy_sets")) {
    Members one(set);
    at.policy.push_back({one.text("rule_set"), one.text("jurisdiction"), one.text("instrument"),
                         static_cast<std::int64_t>(one.number("entry"))});
    if (!one.good()) members.fault();
  }
  return at;
}

query::ColumnInfo columnIn(const Json& json, Members& members) {
  Members one(json);
  query::ColumnInfo column{one.text("name"), one.text("type"), one.message("label")};
  const Json codes = remote::memberOf(json, "codes");
  for (const auto& [code, label] : codes.items()) {
    Members words(label);
    column.codes[code] = {words.text("en"), words.text("zh")};
  }
  if (!one.good()) members.fault();
  return column;
}

query::Value valueOf(const Json& json, const query::ColumnInfo& column, Members& members) {
  if (json.is_null()) return std::monostate();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number_float()) return json.get<double>();
  if (!json.is_string()) return members.fault();
  auto text = json.get<std::string>();
  std::int64_t amount = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (column.type != "money") return text;
  if (failure != std::errc() || end != text.data() + text.size()) return members.fault();
  return amount;
}

query::Table headIn(const Json& json, Members& members) {
  query::Table table;
  table.name = members.text("name");
  table.version = static_cast<int>(members.number("version"));
  table.title = members.message("title");
  table.at = asOfIn(json, members);
  table.reader = members.text("reader");
  table.withheld = members.texts("withheld");
  const Json parameters = remote::memberOf(json, "parameters");
  for (const auto& [name, value] : parameters.items())
    table.parameters[name] = value.is_string() ? value.get<std::string>() : members.fault();
  for (const Json& column : members.list("columns")) table.columns.push_back(columnIn(column, members));
  return table;
}

void addRows(query::Table& table, const Json& rows, Members& members) {
  for (const Json& row : rows) {
    std::vector<query::Value>& made = table.rows.emplace_back();
    for (const query::ColumnInfo& column : table.columns) {
      auto cell = row.find(column.name);
      made.push_back(cell == row.end() ? query::Value(members.fault()) : valueOf(*cell, column, members));
    }
  }
}

std::vector<query::PledgeOfAsset> pledgesIn(const Json& list, Members& members) {
  std::vector<query::PledgeOfAsset> pledges;
  for (const Json& json : list) {
    Members one(json);
    query::PledgeOfAsset pledge;
    pledge.pledge = one.text("pledge");
    pledge.pledgee = one.text("pledgee");
    pledge.pledgeeName = one.text("pledgeeName");
    pledge.state = one.text("state");
    std::string amount = one.textOrNone("amountFen");
    std::from_chars(amount.data(), amount.data() + amount.size(), pledge.amountFen);
    pledge.currency = one.text("currency");
    pledge.debtTo = one.text("debtTo");
    if (!one.good()) members.fault();
    pledges.push_back(std::move(pledge));
  }
  return pledges;
}

// "2026-03-01T01:00:00.007Z", as formatUtcMs() writes it, to the second: people are shown minutes.
std::int64_t timeIn(Members& members, const char* name) {
  auto ms = events::parseInstant(members.text(name).substr(0, 19) + "Z");
  if (ms.ok()) return *ms;
  members.fault();
  return 0;
}

query::PledgeStatus statusIn(const Json& json, Members& members) {
  query::PledgeStatus status;
  std::string answer = members.text("pledgeAnswer");
  bool known = false;
  for (auto one : {query::PledgeAnswer::Active, query::PledgeAnswer::Released, query::PledgeAnswer::None,
                   query::PledgeAnswer::Unknown}) {
    if (query::answerText(one) != answer) continue;
    status.answer = one;
    known = true;
  }
  if (!known) members.fault();
  status.number = members.text("number");
  status.state = members.text("state");
  status.frozen = members.text("frozen");
  status.expires = members.text("expires");
  status.owners = members.texts("owners");
  const Json ownerNames = remote::memberOf(json, "ownerNames");
  for (const auto& [owner, name] : ownerNames.items())
    status.names[owner] = name.is_string() ? name.get<std::string>() : members.fault();
  status.pledges = pledgesIn(members.list("pledges"), members);
  status.others = pledgesIn(members.list("otherContracts"), members);
  for (const Json& entry : members.list("entries")) {
    if (entry.is_number_unsigned()) status.entries.push_back(entry.get<std::uint64_t>());
  }
  return status;
}

}  // namespace

Result<query::Table> remoteTable(RemoteLog& log, const std::string& path, remote::Query query) {
  query.emplace_back("limit", kPageOfRows);
  PL_TRY(Json page, log.ask(path, query));
  Members head(page);
  query::Table table = headIn(page, head);
  addRows(table, head.list("rows"), head);
  if (!head.good()) return oddTable(log);
  std::erase_if(query, [](const auto& pair) { return pair.first == "as_of"; });  // the cursor holds the position
  const std::size_t first = query.size();
  const std::uint64_t total = head.number("rows_total");
  if (!head.good()) return oddTable(log);
  for (Json next = remote::memberOf(page, "next"); next.is_string(); next = remote::memberOf(page, "next")) {
    query.resize(first);
    query.emplace_back("cursor", next.get<std::string>());
    PL_TRY(page, log.ask(path, query));
    Members members(page);
    const std::size_t before = table.rows.size();
    addRows(table, members.list("rows"), members);
    bool goesOn = table.rows.size() > before && table.rows.size() <= total;
    if (!members.good() || !goesOn || members.number("position") != table.at.position) return oddTable(log);
  }
  if (table.rows.size() != total) return oddTable(log);
  return table;
}

Result<service::PledgeAnswerAt> remotePledge(RemoteLog& log, const std::string& number, const remote::Query& query) {
  service::PledgeAnswerAt answer;
  answer.asked = number;
  auto asked = log.ask("/v1/pledge/" + http::percentEncoded(number), query);
  if (!asked.ok()) {
    bool ofTheNumber = asked.error().code == ErrorCode::InvalidInput || asked.error().code == ErrorCode::Refused;
    if (!ofTheNumber) return std::move(asked).error();
    answer.refused = std::move(asked).error();
    return answer;
  }
  Members members(*asked);
  answer.status = statusIn(*asked, members);
  answer.at = asOfIn(*asked, members);
  answer.newestMs = timeIn(members, "newestRecordedAt");
  answer.nowMs = timeIn(members, "answeredAt");
  // The server says for how long nothing was recorded only where that is long.
  Json quiet = remote::memberOf(*asked, "quietDays");
  answer.ledgerMs = answer.nowMs - (quiet.is_number_unsigned() ? quiet.get<std::int64_t>() : 0) * kMsOfDay;
  const Json inChinese = remote::memberOf(*asked, "withheldZh");
  for (std::string& what : members.texts("withheld")) {
    const std::size_t at = answer.withheld.size();
    const bool both = inChinese.is_array() && at < inChinese.size() && inChinese[at].is_string();
    answer.withheld.push_back({std::move(what), both ? inChinese[at].get<std::string>() : ""});
  }
  for (const Json& term : remote::memberOf(*asked, "terms")) {
    Members one(term);
    answer.terms.push_back(
        {{one.text("what"), one.textOrNone("whatZh")}, {one.text("value"), one.textOrNone("valueZh")}});
    if (!one.good()) members.fault();
  }
  if (members.good()) return answer;
  return makeError(ErrorCode::Unavailable, log.server() + ": the answer about a pledge is not as expected",
                   log.server() + "：质押答复不符合预期");
}

}  // namespace pilotledger::cli
