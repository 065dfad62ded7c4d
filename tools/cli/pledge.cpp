// The bank's question. With --as-of or --on it is asked of the past through the read model.
#include <fmt/format.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/codec.h"
#include "events/money.h"
#include "query/answer/parameters.h"
#include "query/report/report.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/entity_on_log.h"
#include "tools/cli/pledge_answer.h"
#include "tools/cli/prove.h"
#include "tools/cli/query_session.h"
#include "tools/verifier/proof_text.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxListBytes = 4u << 20;

struct PledgeOptions {
  std::vector<std::string> numbers;
  std::string listFile;
  AsOfOptions at;
  std::string proofFile;
  bool past() const { return !at.asOf.empty() || !at.on.empty(); }
};

// One number a line; what follows a # is a remark.
Result<std::vector<std::string>> numbersAsked(const PledgeOptions& options) {
  std::vector<std::string> numbers = options.numbers;
  if (!options.listFile.empty()) {
    PL_TRY(std::string text, readFile(options.listFile, kMaxListBytes));
    std::string_view rest = text;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    while (!rest.empty()) {
      std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, std::min(end, rest.find('#')));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      std::size_t first = line.find_first_not_of(" \t\r");
      if (first == line.npos) continue;
      numbers.emplace_back(line.substr(first, line.find_last_not_of(" \t\r") + 1 - first));
    }
  }
  if (numbers.empty())
    return makeError(ErrorCode::Unsupported, "no number is given: write it, or --file LIST",
                     "未给出号码：请填写号码，或用 --file 指定清单");
  return numbers;
}

// Everything an answer is taken from, opened once for all numbers.
struct Sources {
  std::unique_ptr<ledger::Ledger> ledger;
  query::ReaderScope scope;
  std::unique_ptr<query::ReadModel> model;  // of a question about the past
  std::unique_ptr<ledger::Prover> prover;   // when a proof is wanted
  query::AsOf at;
};

Result<Sources> openSources(const Context& context, const PledgeOptions& options) {
  Sources sources;
  PL_TRY(sources.ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(sources.scope, sightOf(context, *sources.ledger, options.at.reader));
  sources.at.position = sources.ledger->size();
  sources.at.root = sources.ledger->root();
  if (!options.proofFile.empty()) {
    if (!sources.scope.everything()) {
      return invalidInput(
          "--prove shows whole records, amounts too; leave out --reader, or prove what this reader may see by entry",
          "--prove 出示完整记录（含金额），不能与 --reader 同用");
    }
    if (!options.at.on.empty()) {
      return makeError(
          ErrorCode::Unsupported,
          "--prove shows what the ledger held at a position: use --as-of; what was so on a day is computed",
          "--prove 证明账本在某一位置的记录，请用 --as-of；--on 的答复由计算得出，不能证明");
    }
    PL_TRY(sources.prover, openProver(context, options.at.asOf));
  } else if (options.past()) {
    PL_TRY(sources.model, openReadModel(context, *sources.ledger, Rows::Kept));
    PL_TRY(sources.at, sources.model->asOf(options.at.asOf, options.at.on));
  }
  return sources;
}

// The secured amount is for those whom the contract concerns.
Status withholdAmounts(const Sources& sources, std::vector<query::PledgeOfAsset>& pledges,
                       std::vector<Message>& withheld) {
  for (auto& pledge : pledges) {
    PL_TRY(auto entries, sources.ledger->entriesOf("pledge:" + pledge.pledge));
    if (entries.empty()) continue;
    PL_TRY(proof::Entry entry, sources.ledger->entry(entries.front()));
    PL_TRY(auto signers, signersOf(*sources.ledger, entry));
    if (sources.scope.at(entry.index, signers) >= query::Confidentiality::PARTY) continue;
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
    std::string days = dayOrDash(agreed.getDebtFrom()) + " .. " + dayOrDash(agreed.getDebtTo());
    std::string scope = agreed.getScope().cStr();
    terms.push_back(
        {{"terms", "条款"},
         {fmt::format("{}: {}, debt {}{}{}", id, claim.en, days, contract.empty() ? "" : ", main contract " + contract,
                      scope.empty() ? "" : ", secures " + scope),
          fmt::format("{}：{}，债务期限 {}{}{}", id, claim.zh, days, contract.empty() ? "" : "，主合同 " + contract,
                      scope.empty() ? "" : "，担保范围 " + scope)}});
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

bool hasTerms(const events::Event& event) {
  auto body = event.reader().getBody();
  return body.isPledgeAgreed() || body.isLoanGranted();
}

Result<Terms> termsOf(const Sources& sources, const query::PledgeStatus& status, std::vector<Message>& withheld) {
  Terms terms;
  for (const auto* pledges : {&status.pledges, &status.others}) {
    for (const auto& pledge : *pledges) {
      if (pledge.state != "active" && pledge.state != "agreed") continue;
      PL_TRY(auto entries, sources.ledger->entriesOf("pledge:" + pledge.pledge));
      for (std::uint64_t index : entries) {
        if (index >= sources.at.position) break;
        PL_TRY(events::Event event, sources.ledger->event(index));
        if (sources.at.onlyUntil && events::formatCivilDate(event.legalDate()) > sources.at.on) continue;
        PL_TRY(proof::Entry entry, sources.ledger->entry(index));
        PL_TRY(auto signers, signersOf(*sources.ledger, entry));
        if (sources.scope.at(index, signers) >= query::highestOf(event.kind())) {
          addTerms(event, terms);
        } else if (hasTerms(event)) {
          bool loan = event.reader().getBody().isLoanGranted();
          withheld.push_back({fmt::format("{}: terms of the {} (entry {})", pledge.pledge, loan ? "loan" : "contract", index),
                              fmt::format("{}：{}条款（第 {} 条）", pledge.pledge, loan ? "贷款" : "合同", index)});
        }
      }
    }
  }
  return terms;
}

// The answer that the proof shows, so that what is printed is what the file proves.
Status proveInto(PledgeAnswerAt& answer, Sources& sources, const std::string& number) {
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
  return {};
}

// Of the newest records, or of a position.
Status answerInto(PledgeAnswerAt& answer, const Context& context, Sources& sources, const std::string& asked) {
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
  PL_TRY(events::EntityFound found, entityOnLog(context, *sources.ledger, "ip:" + asked));
  std::string number = found.key.substr(3);
  if (sources.prover) return proveInto(answer, sources, number);
  PL_TRY(answer.status, query::pledgeStatus(*sources.ledger, number));
  return {};
}

// Bad input is an answer of its own among several; damage and lack of means end the command.
Result<PledgeAnswerAt> answerOne(const Context& context, Sources& sources, const std::string& asked) {
  PledgeAnswerAt answer;
  answer.asked = asked;
  answer.nowMs = context.clock();
  Status status = answerInto(answer, context, sources, asked);
  if (!status.ok()) {
    if (status.error().code != ErrorCode::InvalidInput) return std::move(status).error();
    answer.refused = std::move(status).error();
    return answer;
  }
  sources.at.position = answer.at.position;
  PL_TRY(answer.terms, termsOf(sources, answer.status, answer.withheld));
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

Status write(const Context& context, const std::vector<PledgeAnswerAt>& answers, const std::string& origin) {
  std::string text;
  if (context.format == "csv" || context.format == "xlsx")
    return printTable(context, pledgeAnswerTable(answers, context));
  if (context.format == "html") {
    PL_TRY(text, pledgeCertificate(context, answers, origin));
    return writeOutput(context, text);
  }
  bool listed = context.format == "json" && answers.size() > 1;
  for (const PledgeAnswerAt& answer : answers) {
    if (context.format == "table") {
      text += pledgeAnswerText(context, answer);
    } else {
      text += (listed ? (text.empty() ? "[" : ",\n") : "") + pledgeAnswerJson(answer) + (listed ? "" : "\n");
    }
  }
  return writeOutput(context, text + (listed ? "]\n" : ""));
}

int exitOf(const std::vector<PledgeAnswerAt>& answers) {
  auto refused = [](const PledgeAnswerAt& answer) { return answer.refused.has_value(); };
  auto unknown = [](const PledgeAnswerAt& answer) {
    return !answer.refused && answer.status.answer == query::PledgeAnswer::Unknown;
  };
  if (std::any_of(answers.begin(), answers.end(), refused)) return kRefused;
  return std::any_of(answers.begin(), answers.end(), unknown) ? kNotFound : kOk;
}

Result<int> pledge(Context& context, const PledgeOptions& options) {
  PL_TRY(std::vector<std::string> numbers, numbersAsked(options));
  if (!options.proofFile.empty() && numbers.size() > 1) {
    return makeError(ErrorCode::Unsupported, "--prove FILE takes one number: a proof answers one question",
                     "--prove 每次只证明一个号码");
  }
  PL_TRY(Sources sources, openSources(context, options));
  std::vector<PledgeAnswerAt> answers;
  for (const std::string& number : numbers) {
    PL_TRY(PledgeAnswerAt answer, answerOne(context, sources, number));
    if (answer.refused && numbers.size() == 1) return std::move(*answer.refused);
    answers.push_back(std::move(answer));
  }
  if (!options.proofFile.empty()) PL_CHECK(writeWholeFile(options.proofFile, answers.front().proof));
  PL_CHECK(write(context, answers, sources.ledger->origin()));
  return exitOf(answers);
}

}  // namespace

Action declarePledge(CLI::App& app, const Context& context) {
  auto options = std::make_shared<PledgeOptions>();
  app.add_option("numbers", options->numbers,
                 std::string(context.say("patent numbers in any usual spelling", "专利号，任意常用写法，可多个")));
  app.add_option("--file", options->listFile,
                 std::string(context.say("a list, one number a line (- for standard input)",
                                         "号码清单，每行一个（- 为标准输入）")));
  options->at.declare(app, context);
  app.add_option("--prove", options->proofFile,
                 std::string(context.say("write a proof of the answer to FILE", "将答复的证明写入文件")));
  app.footer(app.get_footer() + "\n\n" + std::string(verifier::whatAProofShows(context.language)));
  return [options](Context& c) { return pledge(c, *options); };
}

}  // namespace pilotledger::cli
