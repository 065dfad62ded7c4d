// Random submissions, most of them legal or nearly so: the generator looks at the model, picks what
// exists, signs as the kind asks, and now and then gets one thing wrong.
#pragma once

#include "tests/property/facts.h"
#include "tests/property/model.h"

namespace pilotledger::property {

// To be called inside a RapidCheck generator.
Plan randomPlan(const Model& model);

}  // namespace pilotledger::property
