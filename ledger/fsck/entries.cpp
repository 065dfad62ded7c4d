// What is checked of each entry by itself, on all cores.
#include <algorithm>
#include <future>
#include <thread>

#include "ledger/fsck/checker.h"
#include "ledger/rules/authority.h"

namespace pilotledger::ledger::fsck_detail {

void PieceChecker::check(std::vector<LoadedEntry>& pieces) {
  unsigned threads = threadsOf(options_);
  std::vector<std::future<void>> workers;  // what one of them throws comes out here
  std::size_t share = (pieces.size() + threads - 1) / threads;
  for (unsigned t = 0; t < threads; ++t) {
    workers.push_back(std::async(std::launch::async, [&, t] {
      const Digest* previous = nullptr;
      for (std::size_t i = t * share; i < std::min(pieces.size(), (t + 1) * share); ++i) {
        LoadedEntry& piece = pieces[i];
        checkOne(piece);
        if (options_.scope == FsckScope::Tree) continue;
        if (!piece.trouble && (previous == nullptr || *previous != piece.entry.submissionDigest))
          piece.trouble = openSubmission(piece);
        previous = &piece.entry.submissionDigest;
      }
    }));
  }
  for (auto& worker : workers) worker.get();
}

void PieceChecker::checkOne(LoadedEntry& piece) const {
  auto entry = proof::Entry::decode(viewOf(piece.entryBytes));
  if (!entry.ok()) {
    piece.trouble = entry.error().message;
    return;
  }
  piece.entry = *entry;
  piece.leaf = proof::leafHash(identity_.suite, viewOf(piece.entryBytes));
  if (piece.entry.index != piece.index) {
    piece.trouble =
        say(fmt::format("the entry says index {}, its row is {}", piece.entry.index, piece.index), "条目序号与行不符");
  } else if (options_.scope == FsckScope::Everything) {
    piece.trouble = checkEvent(piece);
  }
  if (!piece.trouble && piece.entry.stateRoot) piece.trouble = checkCheckpoint(piece);
}

std::optional<Message> PieceChecker::checkEvent(LoadedEntry& piece) const {
  piece.eventLeaf = proof::leafHash(identity_.suite, viewOf(piece.eventBytes));
  if (crypto::hash(identity_.suite, viewOf(piece.eventBytes)) != piece.entry.eventDigest) {
    return say("the event bytes do not have the digest in the entry", "事件字节与条目中的摘要不符");
  }
  auto event = events::Event::decode(viewOf(piece.eventBytes));
  if (!event.ok()) return event.error().message;
  piece.event = std::move(event).value();
  return std::nullopt;
}

std::optional<Message> PieceChecker::checkCheckpoint(LoadedEntry& piece) const {
  std::string where = fmt::format("checkpoint {}", piece.index + 1);
  auto note = store_->get(Family::Checkpoint, layout::indexKey(piece.index + 1));
  if (!note.ok()) return note.error().message;
  if (!*note) return say(where + " of this commit is missing", "该提交的检查点缺失");
  // Of a tree the newest signature covers all; the older roots are compared with the entries.
  bool verify = options_.scope == FsckScope::Everything ? !verifiedBefore(piece) : piece.index + 1 == size_;
  auto checkpoint = verify ? logKeys_.open(**note) : proof::readCheckpoint(**note);
  if (!checkpoint.ok())
    return say(where + ": " + checkpoint.error().message.en, where + "：" + checkpoint.error().message.zh);
  piece.checkpoint = *checkpoint;
  return std::nullopt;
}

std::optional<crypto::VerifyKey> PieceChecker::storedKey(const std::string& name) {
  {
    std::lock_guard lock(mutex_);
    if (auto at = keys_.find(name); at != keys_.end()) return at->second;
  }
  if (const crypto::VerifyKey* own = logKeys_.find(name)) return *own;
  auto text = store_->get(Family::Entity, entityKey("key", name));
  auto record = text.ok() && *text ? EntityRecord::parse(**text) : Result<EntityRecord>(invalidInput("no record"));
  if (!record.ok()) return std::nullopt;
  auto key = crypto::VerifyKey::parse(record->get("vkey"));
  if (!key.ok()) return std::nullopt;
  std::lock_guard lock(mutex_);
  keys_.emplace(name, *key);
  return *key;
}

std::optional<Message> PieceChecker::openSubmission(LoadedEntry& piece) {
  auto text = store_->require(Family::Submission, textOf(piece.entry.submissionDigest));
  if (!text.ok()) return say("its submission note is missing", "其提交文本缺失");
  auto opened = std::make_shared<OpenedSubmission>();
  auto note = proof::Note::parse(*text);
  auto body = note.ok() ? proof::SubmissionBody::parse(note->text) : Result<proof::SubmissionBody>(note.error());
  if (crypto::hash(identity_.suite, viewOf(*text)) != piece.entry.submissionDigest || !body.ok()) {
    return say("its submission note does not have the digest in the entry", "提交文本与条目中的摘要不符");
  }
  if (Status meant = proof::requireMeantFor(*body, identity_.name()); !meant.ok()) return meant.error().message;
  opened->note = std::move(note).value();
  opened->body = std::move(body).value();
  for (const auto& signature : opened->note.signatures) {
    auto key = verifiedBefore(piece) ? std::nullopt : storedKey(signature.keyName());
    if (key && !key->verify(viewOf(opened->note.text), signature.signature).ok()) key.reset();
    opened->keys.push_back(std::move(key));
  }
  piece.submission = std::move(opened);
  return std::nullopt;
}

}  // namespace pilotledger::ledger::fsck_detail
