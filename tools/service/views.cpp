#include "tools/service/views.h"

#include "query/answer/parameters.h"

namespace pilotledger::service {

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
