#include "ledger/proof/bundle.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/entity_name.h"
#include "ledger/proof/bundle_lines.h"
#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {
namespace {

bool isEncumbered(const PledgeStatus& status) {
  return status.answer == PledgeAnswer::Active || !status.frozen.empty();
}

Error wrongQuestion(const ListedLedger& listed, std::string_view number, const Question& found) {
  return rejected("WrongQuestion",
                  fmt::format("{}: expected the pledge answer on {}, found a proof about {}", listed.origin(), number,
                              found.subject),
                  fmt::format("{}：应为 {} 的质押答复，实为关于 {} 的证明", listed.origin(), number, found.subject));
}

}  // namespace

std::string Bundle::serialize() const {
  std::string out = fmt::format("{}\nask {}\n", kBundleMagic, number);
  putSized(out, "list", list);
  for (const std::string& proof : proofs) putSized(out, "proof", proof);
  return out;
}

Result<Bundle> Bundle::parse(std::string_view text) {
  BundleLines lines(text);
  Bundle bundle;
  PL_CHECK(lines.magic(kBundleMagic));
  PL_TRY(std::string_view number, lines.field("ask"));
  bundle.number = number;
  PL_TRY(std::string_view list, lines.sized("list"));
  bundle.list = list;
  while (!lines.atEnd()) {
    if (bundle.proofs.size() == kMaxListedLedgers) return lines.bad("too many proofs");
    PL_TRY(std::string_view proof, lines.sized("proof"));
    bundle.proofs.emplace_back(proof);
  }
  if (bundle.serialize() != text)
    return rejected("NotCanonical", "the file is spelled in another way than bundles are written", "文件写法不规范");
  return bundle;
}

std::string_view standingText(Standing standing) {
  switch (standing) {
    case Standing::Encumbered: return "ENCUMBERED";
    case Standing::None: return "NONE";
    case Standing::Unrecorded: return "UNKNOWN";
    case Standing::Unsaid: return "UNCERTAIN";
  }
  return "";
}

Standing standingOf(const CombinedAnswer& answer) {
  bool all = true, recorded = false;
  for (const LedgerAnswer& one : answer.ledgers) {
    all = all && one.claim.has_value();
    if (!one.claim) continue;
    if (isEncumbered(*one.claim->pledge)) return Standing::Encumbered;
    recorded = recorded || one.claim->pledge->answer != PledgeAnswer::Unknown;
  }
  return !all ? Standing::Unsaid : recorded ? Standing::None : Standing::Unrecorded;
}

Status requireSameRight(const ListedLedger& listed, std::string_view number, const VerifiedProof& claim) {
  if (!claim.pledge || claim.question.subject != number) return wrongQuestion(listed, number, claim.question);
  if (claim.pledge->number == number) return {};
  Error error = rejected(
      "OtherName",
      fmt::format("{} records {} as {}; all must be asked for that", listed.origin(), number, claim.pledge->number),
      fmt::format("{} 将 {} 记录为 {}；须以后者查询全部账本", listed.origin(), number, claim.pledge->number));
  error.found = claim.pledge->number;
  return error;
}

Status requireNumberMeans(std::string_view number) {
  Status telling = events::requireAbsenceMeans("ip:" + std::string(number));
  if (telling.ok()) return {};
  return rejected("AmbiguousName", "an absence under this name says nothing: " + telling.error().message.en,
                  "以此名称证明“未记录”没有意义：" + telling.error().message.zh);
}

Result<VerifiedProof> checkAnswer(const ListedLedger& listed, std::string_view number, std::string_view proofFile) {
  auto claim = verifyProof(proofFile, listed.key);
  if (!claim.ok()) return std::move(claim).error().within(listed.origin());
  PL_CHECK(requireSameRight(listed, number, *claim));
  return claim;
}

Result<CombinedAnswer> verifyBundle(std::string_view text, const crypto::VerifyKey& authority) {
  PL_TRY(Bundle bundle, Bundle::parse(text));
  PL_TRY(LedgerList list, openLedgerList(bundle.list, authority));
  PL_CHECK(requireNumberMeans(bundle.number));
  if (bundle.proofs.size() != list.ledgers.size())
    return rejected(
        "MissingPart",
        fmt::format("the list has {} ledgers, the file {} proofs", list.ledgers.size(), bundle.proofs.size()),
        fmt::format("名录列有 {} 个账本，文件含 {} 个证明", list.ledgers.size(), bundle.proofs.size()));
  CombinedAnswer answer{bundle.number, fmt::format("{}+{}", authority.name(), authority.idHex()), {}};
  for (std::size_t i = 0; i < list.ledgers.size(); ++i) {
    const ListedLedger& listed = list.ledgers[i];
    PL_TRY(VerifiedProof claim, checkAnswer(listed, bundle.number, bundle.proofs[i]));
    answer.ledgers.push_back({listed.origin(), listed.name, std::move(claim), {}});
  }
  return answer;
}

}  // namespace pilotledger::proof
