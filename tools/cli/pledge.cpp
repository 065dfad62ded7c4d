// The bank's question. With --as-of it is asked of the past through the read model.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "events/base/text.h"
#include "ledger/crypto/encoding.h"
#include "query/answer/pledge_status.h"
#include "query/answer/query.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/prove.h"
#include "tools/cli/query_session.h"
#include "tools/verifier/proof_text.h"

namespace pilotledger::cli {
namespace {

struct PledgeOptions {
  std::string number;
  std::string asOf;
  std::string reader;
  std::string proofFile;
};

std::string text(const Context& context, const query::PledgeStatus& status, std::uint64_t size, const Digest& root) {
  std::string out = verifier::pledgeText(status, context.zh() ? Language::Chinese : Language::English);
  auto line = [&](std::string_view en, std::string_view zh, const std::string& value) {
    out +=
        context.zh() ? fmt::format("  {}：{}\n", zh, value) : fmt::format("  {:<9} {}\n", std::string(en) + ":", value);
  };
  if (!status.entries.empty()) line("entries", "条目", fmt::format("{}", fmt::join(status.entries, ", ")));
  line("as of", "账本位置",
       fmt::format(fmt::runtime(context.say("{} entries, root {}", "共 {} 条，日志根 {}")), size,
                   crypto::toBase64(root)));
  out += fmt::format("  {}\n",
                     context.say("The register of the patent office prevails.", "以国家知识产权局专利登记簿为准。"));
  return out;
}

std::string json(const query::PledgeStatus& status, std::uint64_t size, const Digest& root) {
  nlohmann::ordered_json out = verifier::pledgeJson(status);
  out["entries"] = status.entries;
  out["size"] = size;
  out["root"] = crypto::toBase64(root);
  return out.dump() + "\n";
}

// The secured amount is for those whom the contract concerns.
Status withholdAmounts(const ledger::Ledger& ledger, const query::ReaderScope& sight, query::PledgeStatus& status) {
  for (auto& pledge : status.pledges) {
    PL_TRY(auto entries, ledger.entriesOf("pledge:" + pledge.pledge));
    if (entries.empty()) continue;
    PL_TRY(proof::Entry entry, ledger.entry(entries.front()));
    PL_TRY(auto signers, signersOf(ledger, entry));
    if (sight.at(entry.index, signers) < query::Confidentiality::PARTY) pledge.amountFen = 0;
  }
  return {};
}

// The answer that the proof shows, so that what is printed is what the file proves.
Result<query::PledgeStatus> proveAnswer(const Context& context, const PledgeOptions& options, std::uint64_t& size,
                                        Digest& root) {
  PL_TRY(auto prover, openProver(context, options.asOf));
  PL_TRY(proof::ProofFile file, prover->pledge(options.number));
  std::string text = file.serialize();
  PL_TRY(proof::VerifiedProof claim, checkOwnProof(text, *prover));
  PL_CHECK(writeWholeFile(options.proofFile, text));
  size = claim.checkpoint.size;
  root = claim.checkpoint.root;
  query::PledgeStatus status;
  static_cast<proof::PledgeStatus&>(status) = *claim.pledge;
  return status;
}

Result<int> pledge(Context& context, PledgeOptions options) {
  PL_TRY(options.number, events::identifierSpelling(options.number));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(query::ReaderScope sight, sightOf(context, *ledger, options.reader));
  if (!options.proofFile.empty() && !sight.everything()) {
    return invalidInput(
        "--prove shows whole records, amounts too; leave out --reader, or prove what this reader may see by entry",
        "--prove 出示完整记录（含金额），不能与 --reader 同用");
  }
  query::PledgeStatus status;
  std::uint64_t size = ledger->size();
  Digest root = ledger->root();
  if (!options.proofFile.empty()) {
    PL_TRY(status, proveAnswer(context, options, size, root));
  } else if (options.asOf.empty()) {
    PL_TRY(status, query::pledgeStatus(*ledger, options.number));
  } else {
    PL_TRY(auto model, openReadModel(context, *ledger, Rows::Kept));
    PL_TRY(query::AsOf at, model->asOf(options.asOf));
    PL_TRY(status, query::pledgeStatusAt(*model, at, options.number));
    size = at.position;
    root = at.root;
  }
  if (!sight.everything()) PL_CHECK(withholdAmounts(*ledger, sight, status));
  PL_CHECK(writeOutput(context, context.format == "table" || context.format == "csv" ? text(context, status, size, root)
                                                                                     : json(status, size, root)));
  return status.answer == query::PledgeAnswer::Unknown ? kNotFound : kOk;
}

}  // namespace

Action declarePledge(CLI::App& app, const Context& context) {
  auto options = std::make_shared<PledgeOptions>();
  app.add_option("number", options->number,
                 std::string(context.say("patent number in any usual spelling", "专利号，任意常用写法")))
      ->required();
  declareReader(app, context, options->reader);
  app.add_option("--as-of", options->asOf,
                 std::string(context.say("entry index or YYYY-MM-DD", "截至：条目序号或日期")));
  app.add_option("--prove", options->proofFile,
                 std::string(context.say("write a proof of the answer to FILE", "将答复的证明写入文件")));
  app.footer(app.get_footer() + "\n\n" +
             std::string(verifier::whatAProofShows(context.zh() ? Language::Chinese : Language::English)));
  return [options](Context& c) { return pledge(c, *options); };
}

}  // namespace pilotledger::cli
