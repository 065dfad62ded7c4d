// What a person names on the command line, under the name that the log has for it (events/entity_name.h).
#pragma once

#include <string>

#include "events/entity_name.h"
#include "ledger/ledger.h"
#include "tools/service/site.h"

namespace pilotledger::service {

// Who may not see all names is not told those that are near: no other case, no rights with another kind code.
enum class Names { Told, Hidden };

// "kind:id" as the log holds it, sealed where it holds keyed hashes. Asked again in another case, under a grant number
// or an older spelling it leads to the same, and so do the name that only one party or platform bears and half of a
// key's name (NAME+ID); a remark says which. InvalidInput where several are meant.
Result<events::EntityFound> entityOnLog(const Site& site, const ledger::Ledger& ledger, const std::string& text,
                                        Names names = Names::Told);

// NotFound for what no entry names, with the nearest name that one does; as it was asked, not as it would be sealed.
Error nothingNames(const Site& site, const ledger::Ledger& ledger, const std::string& text, Names names = Names::Told);

}  // namespace pilotledger::service
