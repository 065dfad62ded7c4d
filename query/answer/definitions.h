// The views and findings that are compiled in: the .sql files of views/ and findings/, each with
// its titles, columns and parameters in a header comment.
//
//   -- view: subsidy_trace            or   -- finding: S01 OVER_CAP H
//   -- version: 1
//   -- zh: 补助使用台账
//   -- en: Subsidy trace
//   -- reader: auditor
//   -- basis: (findings) legal basis or source of the rule
//   -- of: files                     (findings) compares presented files with the ledger
//   -- param: award entity:award = (meaning)   parameters are text; absent ones are NULL; the type: parameters.h
//   -- column: awarded money Awarded | 下达
//   -- label: state active in pledge | 在押   (what a code in that column means)
//   -- key: award currency            the columns that tell rows apart, for differences
//   -- drill: subsidy_items award={award}   the view that shows what a row is made of
//   -- chart: stacked period net stream       (query/report/chart.h; for html)
//   -- totals: none, or the money columns whose sum over the rows means something; a view with money says which
// Column types: text, int, money (minor units of the row's "currency" column, else CNY), date, real,
// enum:NAME,NAME: text with the labels of those enums of the event schema, and kind: with those of event kinds.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::query {

struct ColumnInfo {
  std::string name;
  std::string type;
  Message label;
  std::map<std::string, Message, std::less<>> codes = {};  // labels of the codes it holds
};

struct Parameter {
  std::string name;
  std::string type;  // how it is read: parameters.h
  std::string meaning;
};

struct Definition {
  std::string name;      // subsidy_trace, or S01
  std::string code;      // OVER_CAP, for findings
  std::string severity;  // H, M or L, for findings
  int version = 1;
  Message title;
  std::string reader;
  std::string basis;
  bool ofFiles = false;  // compares files that are presented; silent without them
  std::vector<Parameter> parameters;
  std::vector<ColumnInfo> columns;
  std::vector<std::string> key;
  std::string drillView;
  std::vector<std::pair<std::string, std::string>> drillParameters;  // parameter of it, column of ours
  std::vector<std::string> charts;
  std::vector<std::string> totals;
  std::vector<std::string> maps;  // of audit files: "column = GB/T 24589.1 name | ISO 21378 name"
  std::string sql;
};

std::span<const Definition> views();
std::span<const Definition> findings();
std::span<const Definition> auditFiles();  // of the audit data package
const Definition* findView(std::string_view name);

// Parses one file; exposed for its test.
Result<Definition> parseDefinition(std::string_view file, std::string_view text);

}  // namespace pilotledger::query
