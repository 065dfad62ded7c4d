#include "ledger/proof/log_of_logs.h"

#include <fmt/format.h>

#include "ledger/crypto/encoding.h"
#include "ledger/proof/bundle_lines.h"
#include "ledger/proof/key_chain.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {
namespace {

// The parent's proof as it would be of that ledger's record alone.
ProofFile proofOfListed(const ProofFile& parent, const ListedLedger& listed, const ProofEntity& entity) {
  ProofFile one = parent;
  one.question.subject = "ledger:" + listed.origin();
  one.entities = {entity};
  return one;
}

Status requireParentsQuestion(const ProofFile& parent) {
  if (parent.question.kind == Question::Kind::Entity) return {};
  return rejected("WrongQuestion", "the parent's proof is not of a record", "上级账本的证明所证并非记录");
}

// The size and root that the parent recorded.
Result<Checkpoint> recordedCheckpoint(const ListedLedger& listed, const EntityRecord& record) {
  if (record.get("vkey") != listed.key.vkey())
    return rejected("UnknownKey", fmt::format("the parent knows {} by another key than the list", listed.origin()),
                    fmt::format("上级账本所记 {} 的公钥与名录不同", listed.origin()));
  auto root = crypto::parseBase64Digest(record.get("root"));
  if (!root.ok() || record.number("size") <= 0)
    return rejected("BadRecord", fmt::format("{}: no size and root", listed.origin()),
                    fmt::format("{}：缺少规模与日志根", listed.origin()));
  return Checkpoint{listed.origin(), static_cast<std::uint64_t>(record.number("size")), *root};
}

Result<VerifiedProof> checkRecordedAnswer(const ListedLedger& listed, const EntityRecord& record,
                                          const RecordedLedger& given, const std::string& number) {
  PL_TRY(Checkpoint checkpoint, recordedCheckpoint(listed, record));
  if (!given.last) return rejected("MissingPart", listed.origin() + " has not answered", listed.origin() + " 未作答");
  ProofFile file{listed.key.suite(), {Question::Kind::Pledge, number}, "", {}, {}, {*given.last}, given.records};
  auto claim = checkProof(file, checkpoint, {listed.key});
  if (!claim.ok()) return std::move(claim).error().within(listed.origin());
  PL_CHECK(requireSameRight(listed, number, *claim));
  return claim;
}

// The keys that the parent signed with, up to the one that signed its checkpoint.
Result<std::vector<crypto::VerifyKey>> parentKeys(const ProofFile& parent, const Checkpoint& checkpoint,
                                                  const LedgerList& list) {
  return checkKeyChain(parent, checkpoint, list.parent->key);
}

}  // namespace

std::optional<Message> whyNotAsked(const EntityRecord& listed) {
  if (listed.get("state") == "forked")
    return Message{"it signed two histories, as the parent records: its answers cannot be relied on",
                   "上级账本记录其签署过两份历史：其答复不足为凭"};
  if (!listed.has("root"))
    return Message{"the parent has recorded no checkpoint of it yet", "上级账本尚未记录其检查点"};
  return std::nullopt;
}

Result<CombinedAnswer> checkLogOfLogs(const LogOfLogs& proof, const LedgerList& list,
                                      const std::vector<Message>& silent) {
  PL_CHECK(requireNumberMeans(proof.number));
  if (!list.parent) return rejected("MissingPart", "the list names no parent", "名录未列上级账本");
  if (proof.ledgers.size() != list.ledgers.size())
    return rejected("MissingPart", "not as many answers as the list has ledgers", "答复数与名录账本数不符");
  PL_CHECK(requireParentsQuestion(proof.parent));
  PL_TRY(VerifiedProof fixed, verifyProof(proof.parent, ProofTrust{list.parent->key, nullptr, {}}));
  PL_TRY(std::vector<crypto::VerifyKey> keys, parentKeys(proof.parent, fixed.checkpoint, list));
  CombinedAnswer answer{proof.number, "", {}, fixed.checkpoint, fixed.asOfMs};
  for (std::size_t i = 0; i < list.ledgers.size(); ++i) {
    const ListedLedger& listed = list.ledgers[i];
    const RecordedLedger& given = proof.ledgers[i];
    PL_TRY(VerifiedProof recorded,
           checkProof(proofOfListed(proof.parent, listed, given.listed), fixed.checkpoint, keys));
    const auto& record = recorded.entities.front().record;
    if (!record)
      return rejected("MissingPart", "the parent does not list " + listed.origin(),
                      "上级账本未列名 " + listed.origin());
    LedgerAnswer& row = answer.ledgers.emplace_back(LedgerAnswer{listed.origin(), listed.name, std::nullopt, {}});
    if (auto why = whyNotAsked(*record)) {
      if (given.last || !given.records.empty())
        return rejected("UnexpectedPart", listed.origin() + " was not to be asked", listed.origin() + " 不应作答");
      row.silent = *why;
    } else if (i < silent.size() && !silent[i].en.empty()) {
      row.silent = silent[i];
    } else {
      PL_TRY(row.claim, checkRecordedAnswer(listed, *record, given, proof.number));
      row.claim->signedBy = fixed.signedBy;
    }
  }
  return answer;
}

Result<CombinedAnswer> verifyLogOfLogs(std::string_view bytes, const crypto::VerifyKey& authority) {
  PL_TRY(LogOfLogs proof, LogOfLogs::parse(bytes));
  PL_TRY(LedgerList list, openLedgerList(proof.list, authority));
  PL_TRY(CombinedAnswer answer, checkLogOfLogs(proof, list));
  answer.listedBy = fmt::format("{}+{}", authority.name(), authority.idHex());
  return answer;
}

}  // namespace pilotledger::proof
