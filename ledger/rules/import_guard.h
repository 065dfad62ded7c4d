// Importers copy, they do not act (edition 2): what an importer's event does is tried on a copy of the state, and comes
// to count only when it adds: new entities, changes of what importers recorded themselves; until edition 3 also new
// attributes and more values of one. What the parties recorded stays as it is; the copy is then recorded as
// RegisterObserved.
#pragma once

#include <string_view>

#include "ledger/rules/rules.h"
#include "ledger/state/entity_overlay.h"

namespace pilotledger::ledger {

// Of records that importers opened and nobody else has acted on.
inline constexpr std::string_view kImported = "imported";

// One event. The state below must not change while it is used.
class ImportGuard {
 public:
  explicit ImportGuard(EntityOverlay& state) : state_(&state), reader_(state), trial_(reader_) {}
  ImportGuard(const ImportGuard&) = delete;
  ImportGuard& operator=(const ImportGuard&) = delete;

  EntityOverlay& world() { return trial_; }
  // Takes the changes over, or refuses them by R-IMPORT. Entities that the event opens are marked as imported.
  Status release(RuleContext& context);

 private:
  EntityOverlay* state_;
  OverlayReader reader_;
  EntityOverlay trial_;
};

}  // namespace pilotledger::ledger
