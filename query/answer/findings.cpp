#include "query/answer/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <thread>

#include "events/base/text.h"
#include "events/schema/schema.h"
#include "query/sql/stop_scope.h"

namespace pilotledger::query {
namespace {

enum FindingColumn {
  kCode,
  kSeverity,
  kTitleZh,
  kTitleEn,
  kSubject,
  kAmount,
  kCurrency,
  kDetailZh,
  kDetailEn,
  kEntries,
  kDetected,
  kFinding,
  kState,
  kDueOn,
  kAnswer,
  kLimit,
  kFound
};

constexpr std::size_t kFindingColumns = 6;  // of a finding's SELECT; two more where a limit is held against a value

int rank(std::string_view severity) { return severity == "H" ? 0 : severity == "M" ? 1 : 2; }

std::string cellTextOf(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "" : *text;
}

std::set<std::string> entriesOf(const std::string& list) {
  std::set<std::string> all;
  for (std::size_t from = 0; from < list.size();) {
    std::size_t comma = std::min(list.find(',', from), list.size());
    all.insert(list.substr(from, comma - from));
    from = comma + 1;
  }
  return all;
}

// One finding of an auditor: audit_chain, row by row.
struct AuditorFinding {
  std::vector<Value> row;  // in the columns of the result
  std::string award;
  std::set<std::string> targets;
};

constexpr std::string_view kChain =
    "SELECT code, CASE severity WHEN 'HIGH' THEN 'H' WHEN 'MEDIUM' THEN 'M' ELSE 'L' END, coalesce(award, 'party ' || "
    "audited), nullif(amount_fen, 0), "
    "currency, text || '（' || legal_basis || '）', text || ' (' || legal_basis || ')', "
    "entry_index || coalesce(',' || targets, '') || coalesce(',' || answer_entry, '') || coalesce(',' || close_entry, "
    "''), "
    "finding, state, due_on, answer, coalesce(award, ''), coalesce(targets, '') FROM audit_chain ORDER BY entry_index";

Result<std::vector<AuditorFinding>> raisedFindings(ReadModel& model) {
  std::vector<AuditorFinding> all;
  PL_TRY(Statement rows, model.prepare(std::string(kChain)));
  while (true) {
    PL_TRY(bool more, rows.step());
    if (!more) return all;
    std::string code = rows.text(0);
    Message title{code, code};
    for (const Definition& finding : findings()) {
      if (finding.name == code) title = finding.title;
    }
    AuditorFinding one{{code, rows.text(1), title.zh, title.en}, rows.text(12), entriesOf(rows.text(13))};
    for (int i = 2; i <= 7; ++i) one.row.push_back(rows.value(i));
    one.row.push_back(std::string("AUD"));
    for (int i = 8; i <= 11; ++i) one.row.push_back(rows.value(i));
    one.row.resize(kFound + 1);
    all.push_back(std::move(one));
  }
}

// The auditor's finding that cites this automatic one: its code, on its award or on one of its entries.
const AuditorFinding* citing(const std::vector<AuditorFinding>& raised, const std::vector<Value>& row) {
  std::set<std::string> entries = entriesOf(cellTextOf(row[kEntries]));
  for (const AuditorFinding& one : raised) {
    if (cellTextOf(one.row[kCode]) != cellTextOf(row[kCode])) continue;
    bool shares = std::any_of(one.targets.begin(), one.targets.end(),
                              [&](const std::string& target) { return entries.contains(target); });
    if (shares || (!one.award.empty() && one.award == cellTextOf(row[kSubject]))) return &one;
  }
  return nullptr;
}

Status presentFiles(ReadModel& model, const std::vector<PresentedFile>& files) {
  Database& database = model.database();
  PL_CHECK(database.execute("DELETE FROM presented_file"));
  PL_TRY(Statement insert, database.prepare("INSERT INTO presented_file (file, name, hash) VALUES (?,?,?)"));
  for (const PresentedFile& file : files) {
    for (const std::string& hash : file.hashes) {
      insert.bindText(1, file.path);
      insert.bindText(2, std::filesystem::path(file.path).filename().string());
      insert.bindText(3, hash);
      PL_CHECK(insert.run());
    }
  }
  return {};
}

// The code as it is known, whatever its case; empty for none.
Result<std::string> knownCode(const std::string& code, const std::vector<AuditorFinding>& raised) {
  auto capitals = [](std::string text) {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return text;
  };
  std::vector<std::string_view> known;
  for (const Definition& finding : findings()) known.push_back(finding.name);
  for (const AuditorFinding& one : raised) known.push_back(std::get<std::string>(one.row[kCode]));
  if (code.empty() || std::find(known.begin(), known.end(), code) != known.end()) return code;
  for (std::string_view one : known) {
    if (capitals(std::string(one)) == capitals(code)) return std::string(one);
  }
  std::string_view close = events::nearest(code, known);
  return makeError(
      ErrorCode::NotFound,
      fmt::format("no finding '{}'{}", code, close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
      fmt::format("没有问题代码“{}”{}", code, close.empty() ? "" : fmt::format("；是否为“{}”？", close)));
}

// What one automatic finding says.
struct AutomaticFinding {
  bool withheld = false;
  std::vector<std::vector<Value>> rows;
};

Result<AutomaticFinding> find(ReadModel& model, const AsOf& at, const Definition& finding) {
  PL_TRY(auto withheld, withheldFrom(model, finding.sql));
  if (!withheld.empty()) return AutomaticFinding{true, {}};  // on half the facts it would accuse and acquit wrongly
  PL_TRY(Table table, runDefinition(model, at, finding, {}));
  PL_ASSERT(table.columns.size() == kFindingColumns || table.columns.size() == kFindingColumns + 2);
  return AutomaticFinding{false, std::move(table.rows)};
}

constexpr unsigned kConnections = 4;  // at most; each has its cache

// As find() says of each, by as many connections as there are cores. Findings read only, and none needs
// another's answer.
Result<std::vector<AutomaticFinding>> findAll(ReadModel& model, const AsOf& at,
                                              const std::vector<const Definition*>& wanted,
                                              const std::vector<PresentedFile>& files) {
  std::vector<std::optional<Result<AutomaticFinding>>> answers(wanted.size());
  std::atomic<std::size_t> next{0};
  auto work = [&](ReadModel& own) -> Status {
    PL_CHECK(own.show(at));
    PL_CHECK(presentFiles(own, files));
    for (std::size_t i; (i = next.fetch_add(1)) < wanted.size();) {
      answers[i] = find(own, at, *wanted[i]);
      if (!answers[i]->ok()) next = wanted.size();
    }
    return {};
  };
  std::vector<std::future<Status>> others;
  auto stop = StopScope::current();
  for (unsigned i = 1; i < std::min<std::size_t>({kConnections, std::thread::hardware_concurrency(), wanted.size()});
       ++i) {
    auto other = model.again();
    if (!other.ok() || *other == nullptr) break;  // one connection is enough
    others.push_back(std::async(std::launch::async, [&work, stop, own = std::shared_ptr<ReadModel>(std::move(*other))] {
      StopScope scope(stop);
      return work(*own);
    }));
  }
  Status outcome = work(model);
  for (auto& other : others) {
    if (Status status = other.get(); outcome.ok()) outcome = std::move(status);
  }
  PL_CHECK(std::move(outcome));
  std::vector<AutomaticFinding> all;
  for (auto& answer : answers) {  // each before one that failed was asked
    PL_TRY(AutomaticFinding found, std::move(*answer));
    all.push_back(std::move(found));
  }
  return all;
}

// Entries as texts; absent when no entity is asked for.
Result<std::optional<std::set<std::string>>> entriesNaming(ReadModel& model, const AsOf& at,
                                                           const std::string& entity) {
  if (entity.empty()) return std::optional<std::set<std::string>>();
  PL_TRY(auto indexes, model.ledger().entriesOf(entity));
  std::set<std::string> all;
  for (std::uint64_t index : indexes) {
    if (index < at.position) all.insert(std::to_string(index));
  }
  return std::optional(std::move(all));
}

// The entries of a period as texts; absent when none is asked for.
Result<std::optional<std::set<std::string>>> entriesDated(ReadModel& model, const FindingFilter& filter) {
  if (filter.from.empty() && filter.to.empty()) return std::optional<std::set<std::string>>();
  PL_TRY(Statement rows,
         model.prepare(fmt::format("SELECT entry_index FROM entry WHERE legal_date >= {} AND legal_date <= {}",
                                   quoteText(filter.from), quoteText(filter.to.empty() ? "9999-12-31" : filter.to))));
  std::set<std::string> all;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return std::optional(std::move(all));
    all.insert(rows.text(0));
  }
}

void keepRestingOn(const std::optional<std::set<std::string>>& entries, Table& table) {
  if (!entries) return;
  std::erase_if(table.rows, [&](const std::vector<Value>& row) {
    if (cellTextOf(row[kEntries]).empty()) return false;  // of a file at hand: of no entry, and asked for by name
    auto cited = entriesOf(cellTextOf(row[kEntries]));
    return std::none_of(cited.begin(), cited.end(), [&](const auto& one) { return entries->contains(one); });
  });
}

using Words = std::map<std::string, Message, std::less<>>;

void addEnums(Words& words, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) {
    for (const auto& value : events::findEnum(name)->values) words[value.code] = {value.label.en, value.label.zh};
  }
}

// What subjects and details call things by: kinds of entities, codes of the schema that findings quote.
Words subjectWords() {
  Words words = {{"invoice", {"invoice", "发票"}},
                 {"asset", {"asset", "设备"}},
                 {"party", {"party", "主体"}},
                 {"award", {"award", "补助"}},
                 {"bond", {"bond", "债券"}},
                 {"lease", {"lease", "租赁"}},
                 {"voucher", {"voucher", "创新券"}},
                 {"project", {"project", "项目"}},
                 {"run", {"run", "运行"}},
                 {"report", {"report", "报告"}},
                 {"outcome", {"outcome", "成果"}},
                 {"ip", {"right", "知识产权"}},
                 {"loan", {"loan", "贷款"}},
                 {"insurance", {"insurance", "保险"}},
                 {"guarantee", {"guarantee", "担保"}},
                 {"application", {"application", "申报"}},
                 {"clawback", {"clawback", "追回"}},
                 {"stake", {"stake", "股权"}},
                 {"distribution", {"distribution", "收益分配"}},
                 {"qualification", {"qualification", "资质"}}};
  for (const events::Kind& kind : events::kinds()) words[std::string(kind.name)] = {kind.label.en, kind.label.zh};
  return words;
}

Words detailWords() {
  Words words = subjectWords();
  addEnums(words, {"Level", "Grade", "EvidenceKind", "ApprovalKind", "DisposalMode", "RegisterEntry", "Role"});
  return words;
}

// What limits and found values are written with, beside numbers and days.
Words measureWords() {
  Words words = {{"days", {"days", "天"}},
                 {"months", {"months", "个月"}},
                 {"once", {"once", "一次性"}},
                 {"none", {"none", "无"}},
                 {"unused", {"not in use", "未投入使用"}}};
  addEnums(words, {"Level", "Grade"});
  return words;
}

std::vector<ColumnInfo> findingColumns() {
  return {
      {"code", "text", {"Code", "代码"}},
      {"severity", "text", {"Severity", "等级"}, {{"H", {"H", "高"}}, {"M", {"M", "中"}}, {"L", {"L", "低"}}}},
      {"title_zh", "text", {"Title (zh)", "问题"}},
      {"title_en", "text", {"Title", "问题（英）"}},
      {"subject", "text", {"Subject", "对象"}, subjectWords()},
      {"amount_at_risk", "money", {"Amount at risk", "涉及金额"}},
      {"currency", "text", {"Currency", "币种"}},
      {"detail_zh", "text", {"Detail (zh)", "说明"}, detailWords()},
      {"detail_en", "text", {"Detail", "说明（英）"}},
      {"entries", "text", {"Entries", "条目"}},
      {"detected", "text", {"Detected", "发现方式"}, {{"auto", {"automatic", "自动"}}, {"AUD", {"auditor", "审计"}}}},
      {"finding", "text", {"Finding", "问题编号"}},
      {"state",
       "text",
       {"State", "状态"},
       {{"raised", {"raised", "已提出"}},
        {"answered", {"answered", "已答复"}},
        {"closed", {"closed", "已销号"}},
        {"transferred", {"transferred", "已移送"}},
        {"withdrawn", {"withdrawn", "已撤回"}}}},
      {"due_on", "date", {"Due", "整改期限"}},
      {"answer", "text", {"Answer", "整改情况"}},
      {"limit", "measure", {"Limit", "规定值"}, measureWords()},
      {"found", "measure", {"Found", "实际值"}, measureWords()}};
}

}  // namespace

bool isOpenFinding(const std::vector<Value>& row) {
  std::string state = cellTextOf(row[kState]);
  return cellTextOf(row[kDetected]) == "auto" || state == "raised" || state == "answered";
}

Result<std::vector<std::pair<std::string, std::string>>> matchingFiles(ReadModel& model) {
  std::vector<std::pair<std::string, std::string>> all;
  PL_TRY(Statement rows, model.prepare("SELECT p.file, group_concat(DISTINCT c.entry_index) FROM presented_file p "
                                       "JOIN committed_hash c ON c.hash = p.hash GROUP BY p.file ORDER BY p.file"));
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return all;
    all.emplace_back(rows.text(0), rows.text(1));
  }
}

Result<Table> runFindings(ReadModel& model, const AsOf& at, const FindingFilter& filter) {
  Table all{"findings", kFindingsVersion, {"Findings", "审计发现"}, {}, {}, at, model.glass().sight().reader(), {}};
  all.columns = findingColumns();
  PL_CHECK(model.show(at));
  PL_TRY(std::vector<AuditorFinding> raised, raisedFindings(model));
  PL_TRY(std::string code, knownCode(filter.code, raised));
  if (!filter.severity.empty()) all.parameters["severity"] = filter.severity;
  if (!code.empty()) all.parameters["code"] = code;
  auto wanted = [&](const std::string& one, const std::string& severity) {
    return (code.empty() || one == code) && (filter.severity.empty() || rank(severity) <= rank(filter.severity));
  };
  PL_TRY(std::optional<std::set<std::string>> concerned, entriesNaming(model, at, filter.entity));
  if (concerned) all.parameters["entity"] = filter.entity;
  if (!filter.from.empty()) all.parameters["from"] = filter.from;
  if (!filter.to.empty()) all.parameters["to"] = filter.to;
  std::vector<const Definition*> asked;
  for (const Definition& finding : findings()) {
    if (wanted(finding.name, finding.severity) && !(finding.ofFiles && filter.files.empty())) asked.push_back(&finding);
  }
  PL_TRY(std::vector<AutomaticFinding> answers, findAll(model, at, asked, filter.files));
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Definition& finding = *asked[i];
    if (answers[i].withheld) all.withheld.push_back(finding.name);
    for (auto& found : answers[i].rows) {
      std::vector<Value> row = {finding.name, finding.severity, finding.title.zh, finding.title.en};
      row.insert(row.end(), found.begin(), found.begin() + kFindingColumns);
      row.push_back(std::string("auto"));
      const AuditorFinding* cited = citing(raised, row);
      for (int column = kFinding; column <= kAnswer; ++column)
        row.push_back(cited == nullptr ? Value() : cited->row[static_cast<std::size_t>(column)]);
      row.insert(row.end(), found.begin() + kFindingColumns, found.end());
      row.resize(kFound + 1);
      all.rows.push_back(std::move(row));
    }
  }
  for (AuditorFinding& one : raised) {
    if (wanted(cellTextOf(one.row[kCode]), cellTextOf(one.row[kSeverity]))) all.rows.push_back(std::move(one.row));
  }
  keepRestingOn(concerned, all);
  PL_TRY(std::optional<std::set<std::string>> dated, entriesDated(model, filter));
  keepRestingOn(dated, all);
  std::stable_sort(all.rows.begin(), all.rows.end(), [](const auto& a, const auto& b) {
    auto key = [](const auto& row) {
      return std::tuple(rank(cellTextOf(row[kSeverity])), cellTextOf(row[kCode]), cellTextOf(row[kDetected]) != "auto");
    };
    return key(a) < key(b);
  });
  return all;
}

}  // namespace pilotledger::query
