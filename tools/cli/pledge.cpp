// The bank's question. With --as-of or --on it is asked of the past through the read model.
#include <fmt/format.h>

#include <algorithm>

#include "events/base/text.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/ledgers.h"
#include "tools/cli/pledge_text.h"
#include "tools/cli/prove.h"
#include "tools/cli/query_session.h"
#include "tools/cli/remote.h"
#include "tools/verifier/proof_text.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxListBytes = 4u << 20;

struct PledgeOptions {
  std::vector<std::string> numbers;
  std::string listFile;
  AsOfOptions at;
  std::string proofFile;
  LedgersAsked ledgers;
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
  std::unique_ptr<query::ReadModel> model;
  std::unique_ptr<ledger::Prover> prover;
  query::ReaderScope scope;
  query::AsOf at;

  service::PledgeSources borrowed() const { return {ledger.get(), scope, model.get(), prover.get(), at}; }
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

std::string oneLine(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
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
      text += (listed ? (text.empty() ? "[" : ",\n") : "") + oneLine(service::pledgeAnswerJson(answer)) +
              (listed ? "" : "\n");
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

// What is printed and what is proven are two answers of the server, perhaps at two positions.
Status requireSameAnswer(const PledgeAnswerAt& answer, const RemoteProof& proof) {
  const query::PledgeStatus& said = answer.status;
  if (said.answer == proof.pledge->answer && said.number == proof.pledge->number) return {};
  return makeError(ErrorCode::Unavailable,
                   fmt::format("the server answers {} {} as of {} entries, its proof {} {} as of {}; ask again",
                               query::answerText(said.answer), said.number, answer.at.position,
                               query::answerText(proof.pledge->answer), proof.pledge->number, proof.position),
                   fmt::format("服务器答复为 {} {}（截至 {} 条），其证明为 {} {}（截至 {} 条）；请重新查询",
                               query::answerText(said.answer), said.number, answer.at.position,
                               query::answerText(proof.pledge->answer), proof.pledge->number, proof.position));
}

Result<int> pledgeThere(Context& context, const PledgeOptions& options, const std::vector<std::string>& numbers) {
  PL_CHECK(requireServed({{"--reader", !options.at.reader.empty()}}));
  PL_CHECK(requireServed({{"--prove with --as-of or --on", !options.proofFile.empty() && options.past()}}));
  PL_TRY(remote::RemoteLog log, openRemote(context));
  std::vector<PledgeAnswerAt> answers;
  for (const std::string& number : numbers) {
    PL_TRY(PledgeAnswerAt answer, remotePledge(log, number, asOfQuery(options.at.asOf, options.at.on)));
    if (answer.refused && numbers.size() == 1) return std::move(*answer.refused);
    answers.push_back(std::move(answer));
  }
  if (!options.proofFile.empty()) {
    PL_TRY(RemoteProof proof, remoteProof(log, {proof::Question::Kind::Pledge, numbers.front()}));
    PL_CHECK(requireSameAnswer(answers.front(), proof));
    PL_CHECK(writeWholeFile(options.proofFile, proof.file));
  } else {
    remark(context, {"this is what the server says; --prove FILE, of one number, has it shown and checked",
                     "以上为服务器的答复；对单个号码加 --prove 文件，可取得并核验证明"});
  }
  PL_CHECK(write(context, answers, log.checkpoint().origin));
  return exitOf(answers);
}

// A list of ledgers stands in the place of this one.
Result<int> pledgeOnList(Context& context, const PledgeOptions& options, const std::vector<std::string>& numbers) {
  bool other = isRemote(context) || options.past() || !options.at.reader.empty();
  if (other)
    return makeError(ErrorCode::Unsupported,
                     "--ledgers asks the newest answer of each ledger: leave out --server, --as-of, --on and --reader",
                     "--ledgers 查询各账本的最新答复：不能与 --server、--as-of、--on、--reader 同用");
  LedgersAsked asked = options.ledgers;
  asked.proofFile = options.proofFile;
  return pledgeOnLedgers(context, asked, numbers);
}

Result<int> pledge(Context& context, const PledgeOptions& options) {
  PL_TRY(std::vector<std::string> numbers, numbersAsked(options));
  if (!options.proofFile.empty() && numbers.size() > 1) {
    return makeError(ErrorCode::Unsupported, "--prove FILE takes one number: a proof answers one question",
                     "--prove 每次只证明一个号码");
  }
  if (options.ledgers.given()) return pledgeOnList(context, options, numbers);
  if (isRemote(context)) return pledgeThere(context, options, numbers);
  PL_TRY(Sources sources, openSources(context, options));
  std::vector<PledgeAnswerAt> answers;
  for (const std::string& number : numbers) {
    PL_TRY(PledgeAnswerAt answer, service::answerPledge(context, sources.borrowed(), number));
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
  options->ledgers.declare(app, context);
  app.footer(app.get_footer() + "\n\n" + std::string(verifier::whatAProofShows(context.language)));
  return [options](Context& c) { return pledge(c, *options); };
}

}  // namespace pilotledger::cli
