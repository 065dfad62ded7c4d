// Questions to a read model that is open and restricted to its reader.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "query/answer/query.h"

namespace pilotledger::service {

struct ViewQuestion {
  std::string name;
  query::Parameters parameters;  // as a person wrote them
  std::string asOf;
  std::string on;
  std::size_t drill = 0;  // what this row (from 1) is made of
  std::string diffFrom;   // with diffTo: what changed between two positions
  std::string diffTo;
};

// Of columns in both languages, keeps those of one: people get their own, programs (csv, json) both.
void keepLanguage(query::Table& table, Language language);

Result<query::Table> askView(query::ReadModel& model, const query::AsOf& at, const ViewQuestion& question);

}  // namespace pilotledger::service
