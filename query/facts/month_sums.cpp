#include "query/facts/month_sums.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "events/base/civil_date.h"
#include "events/money.h"
#include "events/reference.h"
#include "events/schema/value.h"

namespace pilotledger::query {
namespace {

void addDimension(MonthSumsMapping& plan, const events::FieldPath& path) {
  std::string name = columnName(path);
  bool known = std::any_of(plan.dimensions.begin(), plan.dimensions.end(),
                           [&](const MappedColumn& c) { return c.name == name; });
  if (!known) plan.dimensions.push_back({path, name});
}

MonthSumsMapping planOf(const events::Kind& kind) {
  MonthSumsMapping plan{&kind, {}, {}};
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

std::string quoted(const std::string& prefix, const MappedColumn& column, std::string_view suffix = "") {
  return fmt::format("{}\"{}{}\"", prefix, column.name, suffix);
}

// Dimensions, period and currency of one fact row; NULL becomes empty, so that it can be a key.
std::string keyOfFact(const MonthSumsMapping& plan) {
  std::string sql;
  for (const MappedColumn& column : plan.dimensions) {
    sql += fmt::format("coalesce({}, {}) AS {}, ", quoted("b.", column), isNumber(*column.path.back()) ? "0" : "''",
                       quoted("", column));
  }
  return sql + "substr(e.legal_date, 1, 7) AS period, coalesce(e.currency, '') AS currency";
}

std::string keyNames(const MonthSumsMapping& plan) {
  std::string sql;
  for (const MappedColumn& column : plan.dimensions) sql += quoted("", column) + ", ";
  return sql + "period, currency";
}

// sum, negative part and count of each amount, then the number of events; times `sign`.
std::string valuesOfFact(const MonthSumsMapping& plan, std::string_view sign) {
  std::string sql;
  for (const MappedColumn& column : plan.amounts) {
    std::string amount = quoted("b.", column);
    sql += fmt::format("{0}{1} AS {2}, {0}min({1}, 0) AS {3}, CASE WHEN {1} <> 0 THEN {0}1 ELSE 0 END AS {4}, ", sign,
                       amount, quoted("", column), quoted("", column, "_minus"), quoted("", column, "_count"));
  }
  return sql + fmt::format("{}1 AS events", sign);
}

std::string valueNames(const MonthSumsMapping& plan, std::string_view pattern) {
  std::string sql;
  for (const MappedColumn& column : plan.amounts) {
    for (std::string_view suffix : {"", "_minus", "_count"})
      sql += fmt::format(fmt::runtime(pattern), quoted("", column, suffix)) + ", ";
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

const std::vector<MonthSumsMapping>& monthSumsMappings() {
  static const std::vector<MonthSumsMapping> all = [] {
    std::vector<MonthSumsMapping> result;
    for (const events::Kind& kind : events::kinds()) {
      if (!kind.postings.empty()) result.push_back(planOf(kind));
    }
    return result;
  }();
  return all;
}

std::string summaryColumns(const MonthSumsMapping& plan) { return keyNames(plan) + ", " + valueNames(plan, "{}"); }

std::string summaryTablesSql() {
  std::string sql;
  for (const MonthSumsMapping& plan : monthSumsMappings()) {
    std::string columns;
    for (const MappedColumn& column : plan.dimensions)
      columns += quoted("", column) + (isNumber(*column.path.back()) ? " INTEGER NOT NULL, " : " TEXT NOT NULL, ");
    // STRICT: a sum that no longer fits an integer is refused, not made a float.
    sql += fmt::format(
        "CREATE TABLE fact_month_{} ({}period TEXT NOT NULL, currency TEXT NOT NULL, {}, PRIMARY KEY ({})) STRICT, "
        "WITHOUT ROWID;\n",
        plan.kind->table, columns, valueNames(plan, "{0} INTEGER NOT NULL"), keyNames(plan));
  }
  return sql;
}

std::string summarySql(const MonthSumsMapping& plan, SumBy by, std::uint64_t position) {
  std::string table = plan.kind->table, key = keyNames(plan);
  if (by == SumBy::Stored)
    return fmt::format("SELECT {} FROM fact_month_{} WHERE events <> 0", summaryColumns(plan), table);
  if (by == SumBy::Counting) {
    return fmt::format(
        "SELECT {}, {} FROM (SELECT {}, {} FROM {} b JOIN entry e ON e.entry_index = b.entry_index) q GROUP BY {}", key,
        valueNames(plan, "sum({0}) AS {0}"), keyOfFact(plan), valuesOfFact(plan, ""), table, key);
  }
  return fmt::format(
      "SELECT {0}, {1} FROM (SELECT {0}, {2} FROM fact_month_{3}\n"
      "UNION ALL SELECT {4}, {5} FROM fact_{3} b JOIN fact_entry e ON e.entry_index = b.entry_index\n"
      "WHERE b.entry_index >= {7} AND NOT EXISTS (SELECT 1 FROM fact_reversal r WHERE r.target = b.entry_index)\n"
      "UNION ALL SELECT {4}, {6} FROM fact_reversal r CROSS JOIN fact_{3} b JOIN fact_entry e ON e.entry_index = "
      "b.entry_index\n"
      "WHERE b.entry_index = r.target AND r.by_index >= {7} AND r.target < {7}) q GROUP BY {0} HAVING sum(events) <> 0",
      key, valueNames(plan, "sum({0}) AS {0}"), valueNames(plan, "{}"), table, keyOfFact(plan), valuesOfFact(plan, "-"),
      valuesOfFact(plan, ""), position);
}

std::string postingsSql() {
  return eachLeg(
      [](const events::Kind& kind, const events::PostingRule& rule, const events::PostingRule::Leg& leg, int line) {
        return fmt::format(
            "SELECT b.entry_index, {} AS line, e.legal_date, b.\"{}\" AS books, {} AS account, {}b.\"{}\" AS amount, "
            "e.currency "
            "FROM {} b JOIN entry e ON e.entry_index = b.entry_index WHERE b.\"{}\" <> 0",
            line, columnName(rule.books), accountSql(leg.account), leg.negative ? "-" : "", leg.amount->column,
            kind.table, leg.amount->column);
      });
}

std::string postingsOf(std::string_view field) {
  return eachLeg([&](const events::Kind& kind, const events::PostingRule&, const events::PostingRule::Leg& leg,
                     int) -> std::string {
    if (kind.body->find(field) == nullptr) return "";
    return fmt::format(
        "SELECT b.\"{0}\", b.entry_index, {1} AS account, {2}b.\"{3}\" AS amount FROM {4} b WHERE b.\"{3}\" <> 0",
        field, accountSql(leg.account), leg.negative ? "-" : "", leg.amount->column, kind.table);
  });
}

std::string monthlyPostingsSql(std::string_view field) {
  return eachLeg([&](const events::Kind& kind, const events::PostingRule& rule, const events::PostingRule::Leg& leg,
                     int) -> std::string {
    if (!field.empty() && kind.body->find(field) == nullptr) return "";
    std::string plus = fmt::format("b.\"{0}\" - b.\"{0}_minus\"", leg.amount->column),
                minus = fmt::format("-b.\"{}_minus\"", leg.amount->column);
    return fmt::format(
        "SELECT b.period, b.\"{}\" AS books, {} AS account, b.currency, {} AS debit, {} AS credit, {}b.\"{}\" AS "
        "amount, b.\"{}_count\" AS postings "
        "FROM month_{} b WHERE b.\"{}_count\" <> 0",
        columnName(rule.books), accountSql(leg.account), leg.negative ? minus : plus, leg.negative ? plus : minus,
        leg.negative ? "-" : "", leg.amount->column, leg.amount->column, kind.table, leg.amount->column);
  });
}

namespace {

// The sums of one kind since the last flush.
struct Sums {
  const MonthSumsMapping* plan = nullptr;
  Statement upsert;
  std::unordered_map<std::string, std::size_t> groups;  // from the key's values, each ended by NUL, to its first sum
  std::vector<std::int64_t> sums;                       // of each group, as valueNames orders them

  std::size_t width() const { return plan->amounts.size() * 3 + 1; }
  std::int64_t* group(const std::string& key) {
    auto [at, made] = groups.try_emplace(key, sums.size());
    if (made) sums.resize(sums.size() + width());
    return &sums[at->second];
  }
};

std::string upsertSql(const MonthSumsMapping& plan) {
  std::string columns = summaryColumns(plan), marks;
  for (std::size_t i = 0; i < plan.dimensions.size() + 3 + plan.amounts.size() * 3; ++i) marks += i == 0 ? "?" : ",?";
  return fmt::format("INSERT INTO fact_month_{} AS m ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}",
                     plan.kind->table, columns, marks, keyNames(plan), valueNames(plan, "{0} = m.{0} + excluded.{0}"));
}

std::string_view textOf(const Field& field, const events::Scalar& value, std::string& buffer) {
  if (field.type == Which::TEXT) return value.bytes;
  if (field.type == Which::ENUM)
    return value.number == 0 ? std::string_view()
                             : field.enumeration->values[static_cast<std::size_t>(value.number)].code;
  if (isNumber(field)) return buffer = std::to_string(value.number);
  return buffer = value.number == 0 && value.bytes.empty() ? "" : events::scalarText(field, value);
}

events::Scalar scalarAt(const events::StructView& body, const events::FieldPath& path) {
  events::StructView at = body;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) at = at.child(*path[i]);
  return at.scalar(*path.back());
}

// The values of a key, bound one after the other. Returns the parameter after them.
int bindKey(Statement& statement, const MonthSumsMapping& plan, std::string_view key) {
  int parameter = 1;
  for (std::size_t index = 0; !key.empty(); ++index) {
    std::string_view text = key.substr(0, key.find('\0'));
    if (index < plan.dimensions.size() && isNumber(*plan.dimensions[index].path.back())) {
      statement.bindInt(parameter++, std::stoll(std::string(text)));
    } else {
      statement.bindStaticText(parameter++, text);
    }
    key.remove_prefix(text.size() + 1);
  }
  return parameter;
}

}  // namespace

struct Summaries::Rep {
  std::vector<Sums> sums;
  std::vector<Sums*> byKind;  // by discriminant; null without postings
  std::string key, buffer;    // kept for their memory
  std::int32_t legalDate = 0;
  std::string month;
  bool exact = true;

  Status checkBalanced(const events::Kind& kind, const events::StructView& body, std::uint64_t index) const;
  void makeKey(const MonthSumsMapping& plan, const events::Event& event);
  void count(const events::Event& event, int sign);
  // A sum that the table refuses, no full disk: then the sums are not exact.
  Status doesNotFit(Status status) {
    if (!status.ok() && status.error().code != ErrorCode::InvalidInput) return status;
    exact = exact && status.ok();
    return {};
  }
  void add(std::int64_t& sum, std::int64_t value) { exact = !__builtin_add_overflow(sum, value, &sum) && exact; }
};

Summaries::Summaries(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Summaries::~Summaries() = default;
bool Summaries::exact() const { return rep_->exact; }

Result<std::unique_ptr<Summaries>> Summaries::create(Database& database) {
  auto rep = std::make_unique<Rep>();
  rep->sums.resize(monthSumsMappings().size());
  rep->byKind.resize(events::kinds().size());
  for (std::size_t i = 0; i < rep->sums.size(); ++i) {
    Sums& sums = rep->sums[i];
    sums.plan = &monthSumsMappings()[i];
    rep->byKind[sums.plan->kind->discriminant] = &sums;
    PL_TRY(sums.upsert, database.prepareMany(upsertSql(*sums.plan)));
  }
  return std::unique_ptr<Summaries>(new Summaries(std::move(rep)));
}

Status Summaries::Rep::checkBalanced(const events::Kind& kind, const events::StructView& body,
                                     std::uint64_t index) const {
  for (const auto& rule : kind.postings) {
    std::int64_t sum = 0;
    bool fits = true;  // one side of a balanced entry is one amount, so its partial sums fit
    for (const auto& leg : rule.legs) {
      std::int64_t amount = body.scalar(*leg.amount).number;
      fits = !__builtin_add_overflow(sum, leg.negative ? -amount : amount, &sum) && fits;
    }
    if (!fits || sum != 0) {
      return makeError(ErrorCode::Corruption,
                       fmt::format("entry {}: the postings of {} do not add up to zero; run verify", index, kind.name),
                       fmt::format("第 {} 条：{}的分录借贷不平；请运行 verify", index, kind.label.zh));
    }
  }
  return {};
}

void Summaries::Rep::makeKey(const MonthSumsMapping& plan, const events::Event& event) {
  auto body = event.body();
  key.clear();
  for (const MappedColumn& column : plan.dimensions)
    key.append(textOf(*column.path.back(), scalarAt(body, column.path), buffer)).push_back('\0');
  auto header = event.reader();
  if (header.getLegalDate() != legalDate) {
    legalDate = header.getLegalDate();
    month = events::formatCivilDate(legalDate).substr(0, 7);
  }
  key.append(month).push_back('\0');
  key.append(events::currencyAlpha(header.getCurrency())).push_back('\0');
}

// The event, `sign` times.
void Summaries::Rep::count(const events::Event& event, int sign) {
  Sums& kind = *byKind[event.kind().discriminant];
  makeKey(*kind.plan, event);
  auto body = event.body();
  std::int64_t* sum = kind.group(key);
  for (const MappedColumn& column : kind.plan->amounts) {
    std::int64_t amount = body.scalar(*column.path[0]).number;
    add(*sum++, sign * amount);
    add(*sum++, sign * std::min<std::int64_t>(amount, 0));
    add(*sum++, amount != 0 ? sign : 0);
  }
  add(*sum, sign);
}

Status Summaries::add(const ledger::LogRecord& recorded) {
  const events::Kind& kind = recorded.event.kind();
  if (rep_->byKind[kind.discriminant] == nullptr) return {};
  PL_CHECK(rep_->checkBalanced(kind, recorded.event.body(), recorded.entry.index));
  rep_->count(recorded.event, 1);
  return {};
}

void Summaries::takeBack(const events::Event& target) {
  if (rep_->byKind[target.kind().discriminant] != nullptr) rep_->count(target, -1);
}

Status Summaries::flush() {
  Rep& rep = *rep_;
  for (Sums& sums : rep.sums) {
    // In the order of the table, which finds each place near the last one.
    std::vector<const std::pair<const std::string, std::size_t>*> sorted;
    sorted.reserve(sums.groups.size());
    for (const auto& group : sums.groups) sorted.push_back(&group);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
    for (const auto* group : sorted) {
      int parameter = bindKey(sums.upsert, *sums.plan, group->first);
      for (std::size_t i = 0; i < sums.width(); ++i) sums.upsert.bindInt(parameter++, sums.sums[group->second + i]);
      if (Status status = sums.upsert.run(); !status.ok()) {
        PL_CHECK(rep.doesNotFit(std::move(status)));
        sums.upsert.reset();
      }
    }
    PL_CHECK(rep.doesNotFit(sums.upsert.finish()));
    sums.groups.clear();
    sums.sums.clear();
  }
  return {};
}

}  // namespace pilotledger::query
