// Questions and their answers: views, findings and SQL at a position.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "query/answer/definitions.h"
#include "query/model/read_model.h"

namespace pilotledger::query {

using Parameters = std::map<std::string, std::string>;
struct Table {
  std::string name;
  int version = 1;
  Message title;
  std::vector<ColumnInfo> columns;
  std::vector<std::vector<Value>> rows;
  AsOf at;
  std::string reader{};                 // as asked: "", "public", ...
  std::vector<std::string> withheld{};  // what the answer would need and this reader may not see
  Parameters parameters{};              // as asked
};

// NotFound names the nearest one.
Result<const Definition*> requireView(const std::string& name);
// Unsupported for a parameter that the view does not have.
Status requireParameters(const Definition& view, const Parameters& parameters);

// NotFound for an unknown view, Unsupported for an unknown parameter. The values are taken as they are: what a person
// wrote goes through parameters.h first.
Result<Table> runView(ReadModel& model, const AsOf& at, const std::string& name, const Parameters& parameters);

// What row `row` (from 1) of a view is made of: the view that its definition names, else the
// entries that its columns `entries`, `entry` or `entry_index` list.
Result<Table> drillDown(ReadModel& model, const AsOf& at, const std::string& name, const Parameters& parameters,
                        std::size_t row);

// What became of a view from one position to another: rows added, removed and changed, one line a
// changed column, with the entries that did it.
Result<Table> compareViews(ReadModel& model, const AsOf& from, const AsOf& to, const std::string& name,
                           const Parameters& parameters);

// One definition of the catalogue; runView looks its name up first.
Result<Table> runDefinition(ReadModel& model, const AsOf& at, const Definition& definition,
                            const Parameters& parameters);
// What a statement reads of what the reader may not see: its answer is not complete for him.
Result<std::vector<std::string>> withheldFrom(ReadModel& model, const std::string& sql);

// One reading statement over facts and shared views; or ".tables", ".schema TABLE". A reader who may not see all names
// them without the prefix of the tables. NotAuthorized for a function that is not listed, InvalidInput beyond a limit.
Result<Table> runSql(ReadModel& model, const AsOf& at, const std::string& sql, const SqlLimits& limits = {});

}  // namespace pilotledger::query
