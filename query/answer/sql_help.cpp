#include "query/answer/sql_help.h"

#include <fmt/format.h>

#include "events/base/text.h"
#include "query/facts/month_sums.h"
#include "query/facts/table_mapping.h"

namespace pilotledger::query {
namespace {

// One table as the dictionary tells of it.
struct Entry {
  std::string name;
  Message label;
  std::vector<ColumnInfo> columns;
};

ColumnInfo indexColumn() { return {"entry_index", "int", {"Entry", "条目"}}; }

ColumnInfo columnOf(const MappedColumn& column) {
  const events::Field& field = *column.path.back();
  std::string type = field.format == events::Format::Money  ? "money"
                     : field.format == events::Format::Date ? "date"
                     : isNumber(field)                      ? "int"
                                                            : "text";
  if (field.enumeration != nullptr) type = "enum:" + field.enumeration->name;
  std::string en, zh;
  for (const events::Field* step : column.path) {
    en += (en.empty() ? "" : ", ") + step->label.en;
    zh += step->label.zh;
  }
  return {column.name, type, {en, zh}};
}

Entry entryOf(const TableMapping& plan, const Message& label) {
  Entry entry{plan.table, label, {indexColumn()}};
  if (plan.list != nullptr) entry.columns.push_back({"item", "int", {"Place in the list", "序位"}});
  for (const MappedColumn& column : plan.columns) entry.columns.push_back(columnOf(column));
  return entry;
}

// The tables that are not one kind's.
std::vector<Entry> commonEntries() {
  auto column = [](const char* name, const char* type, const char* en, const char* zh) {
    return ColumnInfo{name, type, {en, zh}};
  };
  return {
      {"entry",
       {"every entry of the log", "全部条目"},
       {indexColumn(), column("event_id", "text", "Event id", "事件编号"), column("kind", "text", "Kind", "种类"),
        column("legal_date", "date", "Legal date", "法定日期"),
        column("recorded_at", "text", "Recorded at (UTC)", "记录时间（UTC）"),
        column("recorded_on", "date", "Recorded on (UTC+8)", "记录日"),
        column("jurisdiction", "text", "Jurisdiction", "管辖区划"), column("currency", "text", "Currency", "币种"),
        column("source", "text", "Source of the record", "资料来源"),
        column("assurance", "int", "Level of assurance, 0 to 3", "可信级别"),
        column("importer", "int", "Recorded by an importer", "导入"),
        column("submission", "int", "First entry of its submission", "所属提交"),
        column("evidence_count", "int", "Pieces of evidence", "证据数")}},
      {"submission",
       {"signed submissions", "签名提交"},
       {column("submission", "int", "First entry of the submission", "首条"),
        column("digest", "text", "Digest", "摘要")}},
      {"signer",
       {"who signed a submission", "提交的签署人"},
       {column("submission", "int", "First entry of the submission", "首条"),
        column("item", "int", "Place in the list", "序位"), column("key", "text", "Key", "密钥"),
        column("party", "text", "Party", "主体"), column("roles", "text", "Roles", "角色")}},
      {"target",
       {"the entries of the events that an entry names by their ids", "条目所引用事件的条目"},
       {indexColumn(), column("item", "int", "Place in the list", "序位"),
        column("target", "int", "Entry of the event that it names", "所引用条目")}},
      {"posting",
       {"double entry, one posting a row; debit is positive", "复式分录，借方为正"},
       {indexColumn(), column("line", "int", "Line", "行"), column("legal_date", "date", "Legal date", "法定日期"),
        column("books", "text", "Whose books", "账簿"), column("account", "text", "Account", "科目"),
        column("amount", "money", "Amount", "金额"), column("currency", "text", "Currency", "币种")}},
      {"award_posting",
       {"postings of an award", "补助的分录"},
       {column("award", "text", "Award", "补助编号"), indexColumn(), column("account", "text", "Account", "科目"),
        column("amount", "money", "Amount", "金额")}},
      {"loan_posting",
       {"postings of a loan", "贷款的分录"},
       {column("loan", "text", "Loan", "贷款编号"), indexColumn(), column("account", "text", "Account", "科目"),
        column("amount", "money", "Amount", "金额")}},
      {"posting_month",
       {"postings by month, books and account", "按月、账簿、科目汇总的分录"},
       {column("period", "text", "Month", "月份"), column("books", "text", "Whose books", "账簿"),
        column("account", "text", "Account", "科目"), column("currency", "text", "Currency", "币种"),
        column("debit", "money", "Debit", "借方"), column("credit", "money", "Credit", "贷方"),
        column("amount", "money", "Amount", "金额"), column("postings", "int", "Postings", "分录数")}},
      {"stream_posting_month",
       {"postings of revenue by month", "按月汇总的收入分录"},
       {column("period", "text", "Month", "月份"), column("books", "text", "Whose books", "账簿"),
        column("account", "text", "Account", "科目"), column("currency", "text", "Currency", "币种"),
        column("debit", "money", "Debit", "借方"), column("credit", "money", "Credit", "贷方"),
        column("amount", "money", "Amount", "金额"), column("postings", "int", "Postings", "分录数")}},
      {"entity_entry",
       {"which entry names which entity", "条目所涉对象"},
       {column("entity", "text", "Kind of entity", "对象种类"), column("id", "text", "Its id", "编号"), indexColumn()}},
      {"reversal",
       {"what was taken back, and by which entry", "冲销与更正"},
       {column("target", "int", "Entry taken back", "被冲销条目"), column("by_index", "int", "By entry", "冲销条目")}},
      {"committed_hash",
       {"every hash that an event commits to", "事件所存哈希"},
       {indexColumn(), column("hash", "text", "Hash", "哈希")}},
      {"as_of",
       {"the position and the day of the question", "提问的位置与日期"},
       {column("position", "int", "Entries visible", "可见条数"), column("on", "date", "Day", "法定日"),
        column("root", "text", "Log root", "日志根")}}};
}

std::vector<Entry> dictionary() {
  std::vector<Entry> all = commonEntries();
  for (const TableMapping& list : headerLists())
    all.push_back(entryOf(list, {list.list->label.en + " of entries", "条目的" + list.list->label.zh}));
  for (const KindMapping& plan : kindMappings()) {
    const events::Label& label = plan.kind->label;
    all.push_back(entryOf(plan.body, {label.en, label.zh}));
    for (const TableMapping& list : plan.lists)
      all.push_back(entryOf(list, {label.en + ": " + list.list->label.en, label.zh + "：" + list.list->label.zh}));
  }
  for (const MonthSumsMapping& plan : monthSumsMappings()) {
    Entry entry{
        "month_" + plan.kind->table, {plan.kind->label.en + ", sums by month", plan.kind->label.zh + "按月汇总"}, {}};
    for (const MappedColumn& column : plan.dimensions) entry.columns.push_back(columnOf(column));
    entry.columns.push_back({"period", "text", {"Month", "月份"}});
    entry.columns.push_back({"currency", "text", {"Currency", "币种"}});
    for (const MappedColumn& column : plan.amounts) {
      ColumnInfo amount = columnOf(column);
      entry.columns.push_back(amount);
      entry.columns.push_back(
          {amount.name + "_minus", "money", {amount.label.en + ", negative part", amount.label.zh + "（负数部分）"}});
      entry.columns.push_back(
          {amount.name + "_count", "int", {amount.label.en + ", how many", amount.label.zh + "（笔数）"}});
    }
    entry.columns.push_back({"events", "int", {"Events", "事件数"}});
    all.push_back(std::move(entry));
  }
  return all;
}

Table emptyTable(const AsOf& at) {
  Table table{"dictionary", 1, {"Tables and columns", "表与列"}, {}, {}, at, "", {}};
  table.columns = {{"name", "text", {"Name", "名称"}},
                   {"en", "text", {"Meaning", "英文"}},
                   {"zh", "text", {"Meaning (zh)", "中文"}}};
  return table;
}

}  // namespace

Result<Table> runDictionary(const AsOf& at, const std::string& command) {
  std::string word = command.substr(0, command.find(' '));
  std::string argument = word.size() == command.size() ? "" : command.substr(word.size() + 1);
  if (word != ".tables" && word != ".schema") {
    return makeError(ErrorCode::Unsupported,
                     fmt::format("sql: expected .tables, .schema TABLE or a statement, found {}", word),
                     fmt::format("sql：应为 .tables、.schema 表名或查询语句，实为 {}", word));
  }
  Table table = emptyTable(at);
  std::vector<Entry> all = dictionary();
  if (word == ".tables" || argument.empty()) {
    for (const Entry& entry : all) {
      if (entry.name.find(argument) != entry.name.npos)
        table.rows.push_back({entry.name, entry.label.en, entry.label.zh});
    }
    return table;
  }
  std::vector<std::string_view> names;
  for (const Entry& entry : all) {
    names.push_back(entry.name);
    if (entry.name != argument) continue;
    table.title = entry.label;
    table.columns.insert(table.columns.begin() + 1, {"type", "text", {"Type", "类型"}});
    for (const ColumnInfo& column : entry.columns)
      table.rows.push_back({column.name, column.type, column.label.en, column.label.zh});
    return table;
  }
  std::string close(events::nearest(argument, names));
  return makeError(
      ErrorCode::NotFound,
      fmt::format("no table '{}'{}", argument, close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
      fmt::format("没有表“{}”{}", argument, close.empty() ? "" : fmt::format("；是否为“{}”？", close)));
}

}  // namespace pilotledger::query
