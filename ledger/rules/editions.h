// Editions of the rules: what is refused, who must sign and what a record becomes, as it was decided at a time. The
// edition in force is an attribute of the log's own entity, set by RulesAdopted or by the founding key; the first holds
// where none is recorded. So every replay of a log applies to each entry the rules under which it was recorded.
//
// To change a rule: a row of the next edition in its domain's table, an annotation of the next edition, or a place that
// asks for RuleContext::edition; what was before stays. Then kNewestEdition, editionProgram() and the pinned digests of
// edition2_test.cpp. `tests/compat` holds ledgers of each edition that must read the same for ever.
#pragma once

#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/rules/rules.h"
#include "ledger/state/entity_overlay.h"

namespace pilotledger::ledger {

inline constexpr int kNewestEdition = 4;

// The edition for the next entry. Unavailable, with the program version that is needed, when it is newer than this
// program: its entries can be read and proven, but not judged.
Result<int> editionInForce(const LogContext& log, EntityOverlay& world);

// Takes the log to the edition from the next entry on; R-EDITION unless it is newer than the one in force. Unavailable
// when this program does not know it; `needs` is the program version that does.
Status adoptEdition(RuleContext& context, int edition, std::string_view needs);

// R-EDITION for a kind or a field that a later edition adds: a program that knows only this one could not read it.
Status requireOfEdition(const RuleContext& context);

// What the edition declares, one line a fact, sorted: who signs each kind, which entities it names, who attests it,
// what importers may record, which refusals exist. Its hash (SHA-256) is what RulesAdopted names.
std::string editionText(int edition);
Digest editionDigest(int edition);
// The first program version that knows the edition.
std::string_view editionProgram(int edition);

}  // namespace pilotledger::ledger
