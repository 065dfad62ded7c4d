#include "tools/service/views.h"

#include "query/answer/parameters.h"

namespace pilotledger::service {

void keepLanguage(query::Table& table, Language language) {
  for (std::string_view base : {"title", "detail"}) {
    std::string other = std::string(base) + (language == Language::Chinese ? "_en" : "_zh");
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name != other) continue;
      table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(i));
      for (auto& row : table.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

Result<query::Table> askView(query::ReadModel& model, const query::AsOf& at, const ViewQuestion& question) {
  bool compares = !question.diffFrom.empty();
  if (!compares && question.drill == 0) return query::askView(model, at, question.name, question.parameters);
  PL_TRY(const query::Definition* view, query::requireView(question.name));
  if (compares) {
    PL_TRY(query::AsOf from, model.asOf(question.diffFrom, question.on));
    PL_TRY(query::AsOf to, model.asOf(question.diffTo, question.on));
    PL_TRY(query::Parameters parameters, query::readParameters(model, to, *view, question.parameters));
    return query::compareViews(model, from, to, question.name, parameters);
  }
  PL_TRY(query::Parameters parameters, query::readParameters(model, at, *view, question.parameters));
  return query::drillDown(model, at, question.name, parameters, question.drill);
}

}  // namespace pilotledger::service
