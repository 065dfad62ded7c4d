#include "ledger/proof/key_chain.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/codec.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/rejection.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::proof {
namespace {

Error broken(const std::string& en, const std::string& zh) { return rejected("BrokenKeyChain", en, zh); }

struct KeyChange {
  crypto::VerifyKey from;
  crypto::VerifyKey to;
};

Result<KeyChange> readChange(crypto::SuiteId suite, const ProofEntry& one) {
  if (!one.event || !one.submission)
    return rejected("MissingPart", "the event that names the next log key, with its submission",
                    "缺少日志密钥轮换事件及其提交文本");
  if (crypto::hash(suite, *one.event) != one.entry.eventDigest)
    return rejected("WrongEvent", "its digest is of another event", "摘要属于另一事件");
  auto event = events::Event::decode(*one.event);
  if (!event.ok()) return rejectedBy("BadEvent", event.error());
  auto body = event->reader().getBody();
  if (!body.isLogKeyRotated()) return broken("the event names no log key", "该事件并非日志密钥轮换");
  auto from = crypto::VerifyKey::parse(body.getLogKeyRotated().getOldKey().cStr());
  auto to = crypto::VerifyKey::parse(body.getLogKeyRotated().getNewKey().cStr());
  if (!from.ok() || !to.ok()) return rejectedBy("BadKey", from.ok() ? to.error() : from.error());
  return KeyChange{std::move(from).value(), std::move(to).value()};
}

// The outgoing key signs this event alone, for this log.
Status checkSignature(const ProofFile& file, const Checkpoint& checkpoint, const ProofEntry& one,
                      const crypto::VerifyKey& outgoing) {
  if (crypto::hash(file.suite, viewOf(one.submission->note)) != one.entry.submissionDigest) {
    return rejected("WrongSubmission", "the entry names another submission", "条目所指为另一提交");
  }
  auto note = Note::parse(one.submission->note);
  if (!note.ok()) return rejectedBy("BadFormat", note.error());
  auto body = SubmissionBody::parse(note->text);
  if (!body.ok()) return rejectedBy("BadFormat", body.error());
  if (body->ledger.origin != checkpoint.origin)
    return rejected("WrongOrigin", "signed for the ledger " + body->ledger.origin,
                    "该提交是为账本 " + body->ledger.origin + " 签署的");
  if (body->count != 1 || !one.submission->path.empty() || body->root != leafHash(file.suite, *one.event)) {
    return broken("what was signed is not this event alone", "所签署的并非仅此事件");
  }
  Status good = verifyNote(*note, outgoing);
  if (!good.ok()) return rejectedBy("BadSignature", good.error());
  return {};
}

Result<KeyChange> checkChange(const ProofFile& file, const Checkpoint& checkpoint, const ProofEntry& one) {
  Bytes bytes = one.entry.encode();
  PL_CHECK(verifyInclusion(file.suite, one.entry.index, checkpoint.size, leafHash(file.suite, bytes), one.path,
                           checkpoint.root));
  PL_TRY(KeyChange change, readChange(file.suite, one));
  if (change.from.name() != checkpoint.origin || change.to.name() != checkpoint.origin ||
      change.to.suite() != change.from.suite()) {
    return broken("a key of another log or suite", "密钥属于其他日志或套件");
  }
  PL_CHECK(checkSignature(file, checkpoint, one, change.from));
  return change;
}

}  // namespace

Result<std::vector<crypto::VerifyKey>> checkKeyChain(const ProofFile& file, const Checkpoint& checkpoint,
                                                     const crypto::VerifyKey& trusted) {
  std::vector<crypto::VerifyKey> chain;
  for (std::size_t i = 0; i < file.rotations.size(); ++i) {
    const Entry& entry = file.rotations[i].entry;
    if (i > 0 && file.rotations[i - 1].entry.index >= entry.index)
      return rejected("NotCanonical", "changes of the log key out of order", "日志密钥轮换次序不规范");
    auto change = checkChange(file, checkpoint, file.rotations[i]);
    if (!change.ok())
      return std::move(change).error().within(fmt::format("change of the log key, entry {}", entry.index),
                                              fmt::format("日志密钥轮换，第 {} 条", entry.index));
    if (chain.empty()) chain.push_back(change->from);
    if (!(chain.back() == change->from))
      return broken(fmt::format("entry {} does not go on from the key before", entry.index),
                    fmt::format("第 {} 条与前一密钥不相接", entry.index));
    chain.push_back(change->to);
  }
  if (chain.empty()) chain.push_back(trusted);
  if (std::find(chain.begin(), chain.end(), trusted) != chain.end()) return chain;
  std::string name = fmt::format("{}+{}", trusted.name(), trusted.idHex());
  return rejected("UnknownKey", "the log's keys do not include " + name, "日志的各把密钥中没有 " + name);
}

}  // namespace pilotledger::proof
