#include "ledger/log/stored_log.h"

#include <fmt/format.h>

namespace pilotledger::ledger {
namespace {

using layout::Family;

Result<proof::Entry> entryAt(const Store& store, std::uint64_t index) {
  PL_TRY(std::string bytes, store.require(Family::Entry, layout::indexKey(index)));
  return proof::Entry::decode(viewOf(bytes));
}

Error wrongRoot(std::uint64_t size) {
  return makeError(ErrorCode::Corruption,
                   fmt::format("the entries do not have the root of checkpoint {}; run 'pilotledger verify'", size),
                   fmt::format("条目与检查点 {} 的根不符；请运行 pilotledger verify", size));
}

}  // namespace

Result<StoredLog> openStoredLog(const LedgerIdentity& identity, const LogKeys& keys, const Store& store) {
  StoredLog opened{TreeStore(identity.suite, store), {}, std::nullopt};
  opened.durable.root = proof::emptyRoot(identity.suite);
  PL_TRY(auto last, store.last(Family::Checkpoint));
  if (last) {
    auto checkpoint = keys.open(last->second);
    if (!checkpoint.ok()) {
      Error error = std::move(checkpoint).error().within("the newest checkpoint");
      error.code = ErrorCode::Corruption;
      return error;
    }
    opened.durable = {checkpoint->size, checkpoint->root, last->second};
  }
  PL_TRY(std::uint64_t size, store.size());
  if (size < opened.durable.size) return wrongRoot(opened.durable.size);
  PL_CHECK(requireOneCommit(store, opened.durable.size, size));
  PL_CHECK(opened.tree.load(size));
  PL_TRY(Digest root, proof::rootAt(identity.suite, opened.durable.size,
                                    [&](int level, std::uint64_t index) { return opened.tree.node(level, index); }));
  if (root != opened.durable.root) return wrongRoot(opened.durable.size);
  if (size > 0) {
    PL_TRY(opened.lastEntry, entryAt(store, size - 1));
  }
  return opened;
}

}  // namespace pilotledger::ledger
