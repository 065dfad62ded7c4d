// The catalogue of event kinds, for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "events/base/result.h"
#include "events/schema/schema.h"

namespace pilotledger::service {

// NotFound names the nearest one.
Result<const events::Kind*> requireKind(const std::string& name);

// {"name":…,"label":{"en":…,"zh":…},"signers":…,"importable":…}
nlohmann::ordered_json kindSummary(const events::Kind& kind);
// JSON Schema (2020-12) of the event as events/json.h reads it. What the schema language has no word for stands under
// "x-": who signs, who is shown a field, which fields may be sealed. Rules of the ledger are not in it.
nlohmann::ordered_json kindSchema(const events::Kind& kind);

}  // namespace pilotledger::service
