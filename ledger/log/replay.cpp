#include "ledger/log/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "events/base/civil_date.h"
#include "ledger/rules/applier.h"
#include "ledger/rules/authority.h"
#include "ledger/tlog/entry.h"
#include "ledger/tlog/note.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;

class Replayer {
 public:
  Replayer(const LedgerIdentity& identity, const LogKeys& logKeys, const Store& store)
      : identity_(identity), logKeys_(logKeys), store_(store), replay_(std::make_unique<Replay>(store)) {}

  Status step(std::string_view entryBytes, std::string_view eventBytes) {
    PL_TRY(proof::Entry entry, proof::Entry::decode(viewOf(entryBytes)));
    PL_TRY(events::Event event, events::Event::decode(viewOf(eventBytes)));
    EntityOverlay world(*replay_);
    std::int32_t day = events::civilDateOfUtcMs(entry.recordedAtMs);
    if (entry.index == 0 || entry.submissionDigest != submission_) PL_CHECK(beginSubmission(world, entry, day));
    replay_->indexOf.emplace(event.id(), entry.index);
    PL_TRY([[maybe_unused]] auto keys, applyEvent(log_, world, event, entry.eventDigest, signers_, {entry.index, day}));
    replay_->merge(world.takeChanges());
    return {};
  }
  std::unique_ptr<Replay> take() { return std::move(replay_); }

 private:
  // Whoever signs has the authority that the log gives where the submission begins.
  Status beginSubmission(EntityOverlay& world, const proof::Entry& entry, std::int32_t day) {
    PL_TRY(std::string text, store_.require(Family::Submission, textOf(entry.submissionDigest)));
    PL_TRY(proof::Note note, proof::Note::parse(text));
    submission_ = entry.submissionDigest;
    signers_.clear();
    for (const auto& signature : note.signatures) {
      std::string name = signature.keyName();
      if (auto own = resolveLogKey(logKeys_.of(entry.index), name, entry.index, identity_.operatorParty)) {
        signers_.push_back(std::move(*own));
        continue;
      }
      PL_TRY(Signer signer, resolveSigner(log_, world, name, day));
      signers_.push_back(std::move(signer));
    }
    return {};
  }

  const LedgerIdentity& identity_;
  LogContext log_ = identity_.context();
  const LogKeys& logKeys_;
  const Store& store_;
  std::unique_ptr<Replay> replay_;
  Digest submission_{};
  std::vector<Signer> signers_;
};

}  // namespace

Result<std::unique_ptr<Replay>> replayTo(const LedgerIdentity& identity, const LogKeys& logKeys, const Store& store,
                                         std::uint64_t size,
                                         const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  constexpr std::uint64_t kChunk = 4096;
  Replayer replayer(identity, logKeys, store);
  for (std::uint64_t from = 0; from < size; from += kChunk) {
    std::uint64_t to = std::min(size, from + kChunk);
    std::vector<std::string> entries, events;
    PL_CHECK(store.rows(Family::Entry, from, to,
                        [&](std::uint64_t, std::string_view bytes) { return entries.emplace_back(bytes), Status(); }));
    PL_CHECK(store.rows(Family::Event, from, to,
                        [&](std::uint64_t, std::string_view bytes) { return events.emplace_back(bytes), Status(); }));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      Status stepped = replayer.step(entries[i], events[i]);
      if (!stepped.ok()) {
        return std::move(stepped).error().within(fmt::format("entry {}", from + i), fmt::format("第 {} 条", from + i));
      }
    }
    if (progress) progress(to, size);
  }
  return replayer.take();
}

}  // namespace pilotledger::ledger
