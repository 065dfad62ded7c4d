#include "tools/service/pledge.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/base/local_time.h"
#include "events/codec.h"
#include "events/money.h"
#include "ledger/crypto/encoding.h"
#include "query/answer/parameters.h"
#include "tools/service/entries.h"
#include "tools/service/proofs.h"
#include "tools/verifier/proof_text.h"

namespace pilotledger::service {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

// The secured amount is for those whom the contract concerns.
Status withholdAmounts(const PledgeSources& sources, std::vector<query::PledgeOfAsset>& pledges,
                       std::vector<Message>& withheld) {
  for (auto& pledge : pledges) {
    PL_TRY(auto entries, sources.ledger->entriesOf("pledge:" + pledge.pledge));
    if (entries.empty()) continue;
    PL_TRY(LoadedEntry loaded, loadEntry(*sources.ledger, entries.front()));
    if (sources.scope.at(entries.front(), loaded.signers) >= query::Confidentiality::PARTY) continue;
    pledge.amountFen = 0;
    withheld.push_back({pledge.pledge + ": secured amount", pledge.pledge + "：担保金额"});
  }
  return {};
}

using Terms = std::vector<std::pair<Message, Message>>;

std::string moneyText(std::int64_t fen, std::uint16_t currency) {
  return fen == 0 ? "-" : events::formatMoney(fen, currency) + " " + std::string(events::currencyAlpha(currency));
}

std::string dayOrDash(std::int32_t date) { return date == 0 ? "-" : events::formatCivilDate(date); }

// 1234 basis points: "12.34%".
std::string percentText(int basisPoints) {
  return basisPoints == 0 ? "-" : fmt::format("{}.{:02}%", basisPoints / 100, basisPoints % 100);
}

const events::Label& labelOf(std::string_view enumeration, std::size_t value) {
  return events::findEnum(enumeration)->values[value].label;
}

// What the contract and the loans on it say, of an entry that the reader may see whole.
void addTerms(const events::Event& event, Terms& terms) {
  auto body = event.reader().getBody();
  if (body.isPledgeAgreed()) {
    auto agreed = body.getPledgeAgreed();
    const events::Label& claim = labelOf("ClaimKind", static_cast<std::size_t>(agreed.getClaimKind()));
    std::string id = agreed.getPledge().cStr(), contract = agreed.getMainContract().cStr();
    std::string from = dayOrDash(agreed.getDebtFrom()), to = dayOrDash(agreed.getDebtTo());
    std::string scope = agreed.getScope().cStr();
    terms.push_back(
        {{"terms", "条款"},
         {fmt::format("{}: {}, debt {} to {}{}{}", id, claim.en, from, to,
                      contract.empty() ? "" : ", main contract " + contract, scope.empty() ? "" : ", secures " + scope),
          fmt::format("{}：{}，债务期限 {} 至 {}{}{}", id, claim.zh, from, to,
                      contract.empty() ? "" : "，主合同 " + contract, scope.empty() ? "" : "，担保范围 " + scope)}});
  }
  if (body.isLoanGranted()) {
    auto loan = body.getLoanGranted();
    std::string id = loan.getLoan().cStr(), amount = moneyText(loan.getAmountFen(), event.reader().getCurrency());
    std::string rate = percentText(loan.getRateBp()), due = dayOrDash(loan.getMaturity());
    terms.push_back({{"loan", "贷款"},
                     {fmt::format("{}: {}, {} a year, due {}", id, amount, rate, due),
                      fmt::format("{}：{}，年利率 {}，到期 {}", id, amount, rate, due)}});
  }
}

// Terms that are there and not for this reader are named, lest their absence be taken for an answer.
void withholdTerms(const events::Event& event, const std::string& pledge, std::uint64_t index,
                   std::vector<Message>& withheld) {
  auto body = event.reader().getBody();
  if (!body.isPledgeAgreed() && !body.isLoanGranted()) return;
  const bool loan = body.isLoanGranted();
  withheld.push_back({fmt::format("{}: terms of the {} (entry {})", pledge, loan ? "loan" : "contract", index),
                      fmt::format("{}：{}条款（第 {} 条）", pledge, loan ? "贷款" : "合同", index)});
}

// What the terms are taken from is relied on too.
void addTermsAt(const LoadedEntry& loaded, const PledgeSources& sources, const std::string& pledge,
                PledgeAnswerAt& answer) {
  const events::Event& event = loaded.event;
  const std::uint64_t index = loaded.entry.index;
  const std::size_t before = answer.terms.size() + answer.withheld.size();
  if (sources.scope.at(index, loaded.signers) >= query::highestOf(event.kind())) addTerms(event, answer.terms);
  else withholdTerms(event, pledge, index, answer.withheld);
  if (answer.terms.size() + answer.withheld.size() > before) answer.status.entries.push_back(index);
}

Status addAllTerms(const PledgeSources& sources, PledgeAnswerAt& answer) {
  const query::PledgeStatus status = answer.status;
  for (const auto* pledges : {&status.pledges, &status.others}) {
    for (const auto& pledge : *pledges) {
      if (pledge.state != "active" && pledge.state != "agreed") continue;
      PL_TRY(auto entries, sources.ledger->entriesOf("pledge:" + pledge.pledge));
      for (std::uint64_t index : entries) {
        if (index >= sources.at.position) break;
        PL_TRY(LoadedEntry loaded, loadEntry(*sources.ledger, index));
        if (sources.at.onlyUntil && events::formatCivilDate(loaded.event.legalDate()) > sources.at.on) continue;
        addTermsAt(loaded, sources, pledge.pledge, answer);
      }
    }
  }
  std::vector<std::uint64_t>& cited = answer.status.entries;
  std::sort(cited.begin(), cited.end());
  cited.erase(std::unique(cited.begin(), cited.end()), cited.end());
  return {};
}

// The answer that the proof shows, so that what is printed is what the file proves.
Status proveInto(PledgeAnswerAt& answer, PledgeSources& sources, const std::string& number) {
  PL_TRY(proof::ProofFile file, sources.prover->pledge(number));
  answer.proof = file.serialize();
  PL_TRY(proof::VerifiedProof claim, checkOwnProof(answer.proof, *sources.prover));
  answer.at.position = claim.checkpoint.size;
  answer.at.root = claim.checkpoint.root;
  if (answer.at.position < sources.ledger->size()) answer.at.asked = std::to_string(answer.at.position - 1);
  static_cast<proof::PledgeStatus&>(answer.status) = *claim.pledge;
  verifier::PledgeDetails details = verifier::detailsOf(claim);
  answer.status.others = std::move(details.others);
  answer.status.names = std::move(details.names);
  PL_TRY(answer.status.entries, sources.ledger->entriesOf("ip:" + answer.status.number));
  std::erase_if(answer.status.entries, [&](std::uint64_t index) { return index >= answer.at.position; });
  return {};
}

// Of the newest records, or of a position.
Status answerInto(PledgeAnswerAt& answer, const Site& site, PledgeSources& sources, const std::string& asked) {
  answer.at = sources.at;
  if (sources.model) {
    PL_CHECK(sources.model->show(sources.at));
    PL_TRY(events::EntityFound found, events::findEntity("ip:" + asked, query::namesIn(*sources.model)));
    PL_TRY(answer.status, query::pledgeStatusAt(*sources.model, sources.at, found.key.substr(3)));
    if (answer.status.answer == query::PledgeAnswer::Unknown || !answer.status.expires.empty()) return {};
    // The term follows from the kind and the day of filing, at any time.
    PL_TRY(query::PledgeStatus now, query::pledgeStatus(*sources.ledger, answer.status.number));
    answer.status.expires = now.expires;
    return {};
  }
  Names names = sources.scope.everything() ? Names::Told : Names::Hidden;
  PL_TRY(events::EntityFound found, entityOnLog(site, *sources.ledger, "ip:" + asked, names));
  std::string number = found.key.substr(3);
  if (sources.prover) return proveInto(answer, sources, number);
  PL_TRY(answer.status, query::pledgeStatus(*sources.ledger, number));
  return {};
}

}  // namespace

Result<PledgeAnswerAt> answerPledge(const Site& site, const PledgeSources& given, const std::string& asked) {
  PledgeSources sources = given;
  PledgeAnswerAt answer;
  answer.asked = asked;
  answer.nowMs = site.clock();
  Status status = answerInto(answer, site, sources, asked);
  if (!status.ok()) {
    if (status.error().code != ErrorCode::InvalidInput) return std::move(status).error();
    answer.refused = std::move(status).error();
    return answer;
  }
  sources.at.position = answer.at.position;
  PL_CHECK(addAllTerms(sources, answer));
  PL_TRY(proof::Entry newest, sources.ledger->entry(std::max<std::uint64_t>(answer.at.position, 1) - 1));
  answer.newestMs = newest.recordedAtMs;
  PL_TRY(proof::Entry last, sources.ledger->entry(std::max<std::uint64_t>(sources.ledger->size(), 1) - 1));
  answer.ledgerMs = last.recordedAtMs;
  if (!sources.scope.everything()) {
    PL_CHECK(withholdAmounts(sources, answer.status.pledges, answer.withheld));
    PL_CHECK(withholdAmounts(sources, answer.status.others, answer.withheld));
  }
  return answer;
}

int quietDays(const PledgeAnswerAt& answer) { return static_cast<int>((answer.nowMs - answer.ledgerMs) / kDayMs); }

std::vector<Message> warningsOf(const PledgeAnswerAt& answer) {
  std::vector<Message> warnings;
  if (int days = quietDays(answer); days > kQuietDays) {
    warnings.push_back({fmt::format("nothing has been recorded here for {} days; ask the operator whether this copy is "
                                    "up to date",
                                    days),
                        fmt::format("本账本已 {} 天没有新记录；请向运营者确认是否为最新", days)});
  }
  const std::string today = events::formatCivilDate(events::civilDateOfUtcMs(answer.nowMs));
  if (std::string newest = events::formatCivilDate(events::civilDateOfUtcMs(answer.ledgerMs)); newest > today) {
    warnings.push_back(
        {fmt::format("the newest entry was recorded on {}, after the day of this answer, {}: one of the "
                     "clocks is wrong, and this answer may be late by days",
                     newest, today),
         fmt::format("最新条目记录于 {}，晚于答复日 {}：时钟有误，请核对后再采用本答复", newest, today)});
  }
  const std::string day = answer.at.onlyUntil ? answer.at.on : today;
  if (day > today) {
    warnings.push_back({fmt::format("{} has not come: this is what was recorded until {}, not what will be then", day,
                                    events::formatLocalMinutes(answer.newestMs)),
                        fmt::format("{} 尚未到来：以上仅为截至 {} 的记录，不代表届时状态", day,
                                    events::formatLocalMinutes(answer.newestMs))});
  }
  if (!answer.status.expires.empty() && answer.status.expires < day) {
    warnings.push_back({fmt::format("the term of this right ended on {}, and nothing is recorded of what became of it",
                                    answer.status.expires),
                        fmt::format("该权利期限已于 {} 届满，账本未记录其后的情况", answer.status.expires)});
  }
  return warnings;
}

nlohmann::ordered_json pledgeAnswerJson(const PledgeAnswerAt& answer) {
  if (answer.refused) {
    nlohmann::ordered_json refused = {{"asked", answer.asked},
                                      {"answer", "REFUSED"},
                                      {"why", answer.refused->message.en},
                                      {"whyZh", answer.refused->message.zh}};
    return refused;
  }
  nlohmann::ordered_json out = verifier::pledgeJson(answer.status, {answer.status.names, answer.status.others});
  out["asked"] = answer.asked;
  out["entries"] = answer.status.entries;
  out["size"] = answer.at.position;
  out["root"] = crypto::toBase64(answer.at.root);
  if (answer.at.onlyUntil) out["on"] = answer.at.on;
  out["newestRecordedAt"] = events::formatUtcMs(answer.newestMs);
  out["answeredAt"] = events::formatUtcMs(answer.nowMs);
  if (quietDays(answer) > kQuietDays) out["quietDays"] = quietDays(answer);
  for (const Message& warning : warningsOf(answer)) out["warnings"].push_back({{"en", warning.en}, {"zh", warning.zh}});
  for (const auto& [label, value] : answer.terms) {
    out["terms"].push_back({{"what", label.en}, {"value", value.en}, {"whatZh", label.zh}, {"valueZh", value.zh}});
  }
  for (const Message& what : answer.withheld) {
    out["withheld"].push_back(what.en);
    out["withheldZh"].push_back(what.zh);
  }
  return out;
}

}  // namespace pilotledger::service
