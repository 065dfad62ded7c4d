#include "query/answer/commitments.h"

#include <algorithm>

namespace pilotledger::query {

Result<std::optional<std::uint64_t>> entryOfCommitment(const ledger::Ledger& ledger, const Digest& commitment) {
  std::optional<std::uint64_t> found;
  PL_CHECK(ledger.scan(0, ledger.size(), [&](const ledger::LogRecord& recorded) -> Status {
    const events::Kind& kind = recorded.event.kind();
    if (found || kind.name == "PersonalDataErased") return {};
    events::StructView body = recorded.event.body();
    for (const events::Field& field : kind.body->fields) {
      if (field.format == events::Format::Commitment && viewOf(body.scalar(field).bytes).size() == commitment.size() &&
          std::equal(commitment.begin(), commitment.end(), viewOf(body.scalar(field).bytes).begin())) {
        found = recorded.entry.index;
      }
    }
    return {};
  }));
  return found;
}

}  // namespace pilotledger::query
