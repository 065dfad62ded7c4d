// Questions and their answers: views, findings and SQL at a position.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "query/catalogue.h"
#include "query/read_model.h"

namespace pilotledger::query {

struct Table {
  std::string name;
  int version = 1;
  Message title;
  std::vector<ColumnInfo> columns;
  std::vector<std::vector<Value>> rows;
  AsOf at;
  std::string reader;                 // as asked: "", "public", ...
  std::vector<std::string> withheld;  // what the answer would need and this reader may not see
};

using Parameters = std::map<std::string, std::string>;

// NotFound for an unknown view, InvalidInput for an unknown parameter.
Result<Table> runView(ReadModel& model, const AsOf& at, const std::string& name, const Parameters& parameters);

struct FindingFilter {
  std::string severity;  // "H": only high; "M": high and medium; "" or "L": all
  std::string code;      // "S04" only
};
// A finding that needs what is withheld from the reader is left out and named in `withheld`.
// Columns: code, severity, title_zh, title_en, subject, amount_at_risk, currency, detail_zh,
// detail_en, entries; ordered by severity, code, subject.
Result<Table> runFindings(ReadModel& model, const AsOf& at, const FindingFilter& filter);

// One reading statement over facts and shared views. A reader who may not see all names them
// without the prefix of the tables.
Result<Table> runSql(ReadModel& model, const AsOf& at, const std::string& sql);

}  // namespace pilotledger::query
