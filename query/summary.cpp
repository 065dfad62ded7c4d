#include "query/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "events/civil_date.h"
#include "events/money.h"
#include "events/reference.h"
#include "events/value.h"

namespace pilotledger::query {
namespace {

void addDimension(SummaryPlan& plan, const events::FieldPath& path) {
  std::string name = columnName(path);
  bool known = std::any_of(plan.dimensions.begin(), plan.dimensions.end(), [&](const Column& c) { return c.name == name; });
  if (!known) plan.dimensions.push_back({path, name});
}

SummaryPlan planOf(const events::Kind& kind) {
  SummaryPlan plan{&kind, {}, {}};
  for (const auto& rule : kind.postings) {
    addDimension(plan, rule.books);
    for (const auto& leg : rule.legs) {
      for (const auto& part : leg.account.parts) {
        if (!part.path.empty()) addDimension(plan, part.path);
      }
    }
  }
  for (const Field& field : kind.body->fields) {
    if (field.isList) continue;
    if (field.type == Which::ENUM || field.type == Which::BOOL) addDimension(plan, {&field});
    if (field.format == events::Format::Money) plan.amounts.push_back({{&field}, field.column});
  }
  return plan;
}

std::string quoted(const std::string& prefix, const Column& column, std::string_view suffix = "") {
  return fmt::format("{}\"{}{}\"", prefix, column.name, suffix);
}

// Dimensions, period and currency of one fact row; NULL becomes empty, so that it can be a key.
std::string keyOfFact(const SummaryPlan& plan) {
  std::string sql;
  for (const Column& column : plan.dimensions) {
    sql += fmt::format("coalesce({}, {}) AS {}, ", quoted("b.", column), isNumber(*column.path.back()) ? "0" : "''", quoted("", column));
  }
  return sql + "substr(e.legal_date, 1, 7) AS period, coalesce(e.currency, '') AS currency";
}

std::string keyNames(const SummaryPlan& plan) {
  std::string sql;
  for (const Column& column : plan.dimensions) sql += quoted("", column) + ", ";
  return sql + "period, currency";
}

// sum, negative part and count of each amount, then the number of events; times `sign`.
std::string valuesOfFact(const SummaryPlan& plan, std::string_view sign) {
  std::string sql;
  for (const Column& column : plan.amounts) {
    std::string amount = quoted("b.", column);
    sql += fmt::format("{0}{1} AS {2}, {0}min({1}, 0) AS {3}, CASE WHEN {1} <> 0 THEN {0}1 ELSE 0 END AS {4}, ", sign, amount, quoted("", column), quoted("", column, "_minus"),
                       quoted("", column, "_count"));
  }
  return sql + fmt::format("{}1 AS events", sign);
}

std::string valueNames(const SummaryPlan& plan, std::string_view pattern) {
  std::string sql;
  for (const Column& column : plan.amounts) {
    for (std::string_view suffix : {"", "_minus", "_count"}) sql += fmt::format(fmt::runtime(pattern), quoted("", column, suffix)) + ", ";
  }
  return sql + fmt::format(fmt::runtime(pattern), "events");
}

std::string accountSql(const events::TextTemplate& account) {
  std::string sql;
  for (const auto& part : account.parts) {
    if (!sql.empty()) sql += " || ";
    sql += part.path.empty() ? quoteText(part.literal) : fmt::format("coalesce(b.\"{}\", '')", columnName(part.path));
  }
  return sql;
}

// One SELECT for each leg of each kind, joined by UNION ALL.
template <typename Leg>
std::string eachLeg(Leg leg) {
  std::string sql;
  for (const events::Kind& kind : events::kinds()) {
    int line = 0;
    for (const auto& rule : kind.postings) {
      for (const auto& one : rule.legs) {
        std::string select = leg(kind, rule, one, line++);
        if (!select.empty()) sql += (sql.empty() ? "" : "\nUNION ALL ") + select;
      }
    }
  }
  return sql;
}

}  // namespace

const std::vector<SummaryPlan>& summaryPlans() {
  static const std::vector<SummaryPlan> all = [] {
    std::vector<SummaryPlan> result;
    for (const events::Kind& kind : events::kinds()) {
      if (!kind.postings.empty()) result.push_back(planOf(kind));
    }
    return result;
  }();
  return all;
}

std::string summaryColumns(const SummaryPlan& plan) { return keyNames(plan) + ", " + valueNames(plan, "{}"); }

std::string summaryTablesSql() {
  std::string sql;
  for (const SummaryPlan& plan : summaryPlans()) {
    std::string columns;
    for (const Column& column : plan.dimensions) columns += quoted("", column) + (isNumber(*column.path.back()) ? " INTEGER NOT NULL, " : " TEXT NOT NULL, ");
    // STRICT: a sum that no longer fits an integer is refused, not made a float.
    sql += fmt::format("CREATE TABLE fact_month_{} ({}period TEXT NOT NULL, currency TEXT NOT NULL, {}, PRIMARY KEY ({})) STRICT, WITHOUT ROWID;\n", plan.kind->table, columns,
                       valueNames(plan, "{0} INTEGER NOT NULL"), keyNames(plan));
  }
  return sql;
}

std::string summarySql(const SummaryPlan& plan, SumBy by, std::uint64_t position) {
  std::string table = plan.kind->table, key = keyNames(plan);
  if (by == SumBy::Stored) return fmt::format("SELECT {} FROM fact_month_{} WHERE events <> 0", summaryColumns(plan), table);
  if (by == SumBy::Counting) {
    return fmt::format("SELECT {}, {} FROM (SELECT {}, {} FROM {} b JOIN entry e ON e.entry_index = b.entry_index) q GROUP BY {}", key,
                       valueNames(plan, "sum({0}) AS {0}"), keyOfFact(plan), valuesOfFact(plan, ""), table, key);
  }
  return fmt::format(
      "SELECT {0}, {1} FROM (SELECT {0}, {2} FROM fact_month_{3}\n"
      "UNION ALL SELECT {4}, {5} FROM fact_{3} b JOIN fact_entry e ON e.entry_index = b.entry_index\n"
      "WHERE b.entry_index >= {7} AND NOT EXISTS (SELECT 1 FROM fact_reversal r WHERE r.target = b.entry_index)\n"
      "UNION ALL SELECT {4}, {6} FROM fact_reversal r CROSS JOIN fact_{3} b JOIN fact_entry e ON e.entry_index = b.entry_index\n"
      "WHERE b.entry_index = r.target AND r.by_index >= {7} AND r.target < {7}) q GROUP BY {0} HAVING sum(events) <> 0",
      key, valueNames(plan, "sum({0}) AS {0}"), valueNames(plan, "{}"), table, keyOfFact(plan), valuesOfFact(plan, "-"), valuesOfFact(plan, ""), position);
}

std::string postingsSql() {
  return eachLeg([](const events::Kind& kind, const events::PostingRule& rule, const events::PostingRule::Leg& leg, int line) {
    return fmt::format("SELECT b.entry_index, {} AS line, e.legal_date, b.\"{}\" AS books, {} AS account, {}b.\"{}\" AS amount, e.currency "
                       "FROM {} b JOIN entry e ON e.entry_index = b.entry_index WHERE b.\"{}\" <> 0",
                       line, columnName(rule.books), accountSql(leg.account), leg.negative ? "-" : "", leg.amount->column, kind.table, leg.amount->column);
  });
}

std::string postingsOf(std::string_view field) {
  return eachLeg([&](const events::Kind& kind, const events::PostingRule&, const events::PostingRule::Leg& leg, int) -> std::string {
    if (kind.body->find(field) == nullptr) return "";
    return fmt::format("SELECT b.\"{0}\", b.entry_index, {1} AS account, {2}b.\"{3}\" AS amount FROM {4} b WHERE b.\"{3}\" <> 0", field, accountSql(leg.account),
                       leg.negative ? "-" : "", leg.amount->column, kind.table);
  });
}

std::string monthlyPostingsSql(std::string_view field) {
  return eachLeg([&](const events::Kind& kind, const events::PostingRule& rule, const events::PostingRule::Leg& leg, int) -> std::string {
    if (!field.empty() && kind.body->find(field) == nullptr) return "";
    std::string plus = fmt::format("b.\"{0}\" - b.\"{0}_minus\"", leg.amount->column), minus = fmt::format("-b.\"{}_minus\"", leg.amount->column);
    return fmt::format("SELECT b.period, b.\"{}\" AS books, {} AS account, b.currency, {} AS debit, {} AS credit, {}b.\"{}\" AS amount, b.\"{}_count\" AS postings "
                       "FROM month_{} b WHERE b.\"{}_count\" <> 0",
                       columnName(rule.books), accountSql(leg.account), leg.negative ? minus : plus, leg.negative ? plus : minus, leg.negative ? "-" : "",
                       leg.amount->column, leg.amount->column, kind.table, leg.amount->column);
  });
}

namespace {

struct Group {
  std::vector<Value> key;
  std::vector<std::int64_t> sums;  // as valueNames orders them
};

struct Sums {
  const SummaryPlan* plan = nullptr;
  Statement upsert, rowOf;
  std::unordered_map<std::string, Group> groups;
};

std::string upsertSql(const SummaryPlan& plan) {
  std::string columns = summaryColumns(plan), marks;
  for (std::size_t i = 0; i < plan.dimensions.size() + 3 + plan.amounts.size() * 3; ++i) marks += i == 0 ? "?" : ",?";
  return fmt::format("INSERT INTO fact_month_{} AS m ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}", plan.kind->table, columns, marks, keyNames(plan),
                     valueNames(plan, "{0} = m.{0} + excluded.{0}"));
}

std::string_view textOf(const Field& field, const events::Scalar& value, std::string& buffer) {
  if (field.type == Which::TEXT) return value.bytes;
  if (field.type == Which::ENUM) return value.number == 0 ? std::string_view() : field.enumeration->values[static_cast<std::size_t>(value.number)].code;
  if (isNumber(field)) return buffer = std::to_string(value.number);
  return buffer = value.number == 0 && value.bytes.empty() ? "" : events::scalarText(field, value);
}

events::Scalar scalarAt(const events::StructView& body, const events::FieldPath& path) {
  events::StructView at = body;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) at = at.child(*path[i]);
  return at.scalar(*path.back());
}

std::vector<Value> keyValues(const SummaryPlan& plan, std::string_view key) {
  std::vector<Value> values;
  std::size_t index = 0;
  while (!key.empty()) {
    std::size_t end = key.find('\0');
    std::string text(key.substr(0, end));
    bool number = index < plan.dimensions.size() && isNumber(*plan.dimensions[index].path.back());
    values.push_back(number ? Value(static_cast<std::int64_t>(std::stoll(text))) : Value(std::move(text)));
    key.remove_prefix(end + 1);
    ++index;
  }
  return values;
}

}  // namespace

struct Summaries::Rep {
  Statement kindOf;
  std::vector<Sums> sums;
  std::vector<Sums*> byKind;  // by discriminant; null without postings
  std::string key, buffer;    // kept for their memory
  std::int32_t legalDate = 0;
  std::string month;
  bool exact = true;

  Status checkBalanced(const events::Kind& kind, const events::StructView& body, std::uint64_t index) const;
  Group& groupOf(Sums& of);
  void add(std::int64_t& sum, std::int64_t value) { exact = !__builtin_add_overflow(sum, value, &sum) && exact; }
  void addAmount(Group& group, std::size_t amount, std::int64_t value, int sign);
};

Summaries::Summaries(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Summaries::~Summaries() = default;
bool Summaries::exact() const { return rep_->exact; }

Result<std::unique_ptr<Summaries>> Summaries::create(Database& database) {
  auto rep = std::make_unique<Rep>();
  PL_TRY(rep->kindOf, database.prepare("SELECT kind FROM fact_entry WHERE entry_index = ?"));
  rep->sums.resize(summaryPlans().size());
  rep->byKind.resize(events::kinds().size());
  for (std::size_t i = 0; i < rep->sums.size(); ++i) {
    Sums& sums = rep->sums[i];
    sums.plan = &summaryPlans()[i];
    rep->byKind[sums.plan->kind->discriminant] = &sums;
    PL_TRY(sums.upsert, database.prepareMany(upsertSql(*sums.plan)));
    std::string amounts;
    for (const Column& column : sums.plan->amounts) amounts += ", " + quoted("b.", column);
    PL_TRY(sums.rowOf, database.prepare(fmt::format("SELECT {}{} FROM fact_{} b JOIN fact_entry e ON e.entry_index = b.entry_index WHERE b.entry_index = ?",
                                                    keyOfFact(*sums.plan), amounts, sums.plan->kind->table)));
  }
  return std::unique_ptr<Summaries>(new Summaries(std::move(rep)));
}

Group& Summaries::Rep::groupOf(Sums& of) {
  auto [at, made] = of.groups.try_emplace(key);
  if (made) at->second = {keyValues(*of.plan, key), std::vector<std::int64_t>(of.plan->amounts.size() * 3 + 1, 0)};
  return at->second;
}

void Summaries::Rep::addAmount(Group& group, std::size_t amount, std::int64_t value, int sign) {
  add(group.sums[amount * 3], sign * value);
  add(group.sums[amount * 3 + 1], sign * std::min<std::int64_t>(value, 0));
  if (value != 0) add(group.sums[amount * 3 + 2], sign);
}

Status Summaries::Rep::checkBalanced(const events::Kind& kind, const events::StructView& body, std::uint64_t index) const {
  for (const auto& rule : kind.postings) {
    std::int64_t sum = 0;
    bool fits = true;  // one side of a balanced entry is one amount, so its partial sums fit
    for (const auto& leg : rule.legs) {
      std::int64_t amount = body.scalar(*leg.amount).number;
      fits = !__builtin_add_overflow(sum, leg.negative ? -amount : amount, &sum) && fits;
    }
    if (!fits || sum != 0) {
      return makeError(ErrorCode::Corruption, fmt::format("entry {}: the postings of {} do not add up to zero; run verify", index, kind.name),
                       fmt::format("第 {} 条：{}的分录借贷不平；请运行 verify", index, kind.label.zh));
    }
  }
  return {};
}

Status Summaries::add(const ledger::Recorded& recorded) {
  Rep& rep = *rep_;
  Sums* sums = rep.byKind[recorded.event.kind().discriminant];
  if (sums == nullptr) return {};
  auto body = recorded.event.body();
  PL_CHECK(rep.checkBalanced(*sums->plan->kind, body, recorded.entry.index));
  rep.key.clear();
  for (const Column& column : sums->plan->dimensions) {
    rep.key.append(textOf(*column.path.back(), scalarAt(body, column.path), rep.buffer)).push_back('\0');
  }
  auto header = recorded.event.reader();
  if (header.getLegalDate() != rep.legalDate) {
    rep.legalDate = header.getLegalDate();
    rep.month = events::formatCivilDate(rep.legalDate).substr(0, 7);
  }
  rep.key.append(rep.month).push_back('\0');
  rep.key.append(events::currencyAlpha(header.getCurrency())).push_back('\0');
  Group& group = rep.groupOf(*sums);
  for (std::size_t i = 0; i < sums->plan->amounts.size(); ++i) rep.addAmount(group, i, body.scalar(*sums->plan->amounts[i].path[0]).number, 1);
  ++group.sums.back();
  return {};
}

Status Summaries::takeBack(std::uint64_t target) {
  Rep& rep = *rep_;
  rep.kindOf.bindInt(1, static_cast<std::int64_t>(target));
  PL_TRY(bool found, rep.kindOf.step());
  const events::Kind* kind = found ? events::findKind(rep.kindOf.text(0)) : nullptr;
  rep.kindOf.reset();
  Sums* sums = kind == nullptr ? nullptr : rep.byKind[kind->discriminant];
  if (sums == nullptr) return {};
  sums->rowOf.bindInt(1, static_cast<std::int64_t>(target));
  PL_TRY(bool row, sums->rowOf.step());
  if (row) {
    rep.key.clear();
    int keys = static_cast<int>(sums->plan->dimensions.size()) + 2;
    for (int i = 0; i < keys; ++i) rep.key.append(sums->rowOf.text(i)).push_back('\0');
    Group& group = rep.groupOf(*sums);
    for (std::size_t i = 0; i < sums->plan->amounts.size(); ++i) rep.addAmount(group, i, sums->rowOf.integer(keys + static_cast<int>(i)), -1);
    --group.sums.back();
  }
  sums->rowOf.reset();
  return {};
}

Status Summaries::flush() {
  Rep& rep = *rep_;
  for (Sums& sums : rep.sums) {
    // In the order of the table, which finds each place near the last one.
    std::vector<const std::pair<const std::string, Group>*> sorted;
    sorted.reserve(sums.groups.size());
    for (const auto& group : sums.groups) sorted.push_back(&group);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
    for (const auto* group : sorted) {
      int parameter = 1;
      for (const Value& value : group->second.key) sums.upsert.bindValue(parameter++, value);
      for (std::int64_t sum : group->second.sums) sums.upsert.bindInt(parameter++, sum);
      if (!sums.upsert.run().ok()) {
        rep.exact = false;
        sums.upsert.reset();
      }
    }
    if (!sums.upsert.finish().ok()) rep.exact = false;
    sums.groups.clear();
  }
  return {};
}

}  // namespace pilotledger::query
