// pledge NUMBER --ledgers LIST: every ledger of the list is asked, and its proof is checked here.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "events/entity_name.h"
#include "events/identifiers.h"
#include "query/answer/query.h"
#include "tools/cli/ledgers.h"
#include "tools/cli/query_session.h"
#include "tools/verifier/bundle_text.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kAskedAtOnce = 8;

// What one ledger said, whole.
struct Said {
  std::string proof;
  std::optional<proof::VerifiedProof> claim;
  std::optional<Error> failure;
};

Said askOne(const proof::ListedLedger& listed, const std::string& authorities, const std::string& number) {
  Said said;
  auto file = listedPledgeProof(listed, authorities, number);
  if (!file.ok()) {
    said.failure = std::move(file).error();
    return said;
  }
  auto claim = proof::checkAnswer(listed, number, *file);
  if (claim.ok()) {
    said.claim = std::move(claim).value();
    said.proof = std::move(file).value();
  } else {
    said.failure = std::move(claim).error();
  }
  return said;
}

// One that is slow or gone does not keep the others waiting.
std::vector<Said> askAll(const proof::LedgerList& list, const std::string& authorities, const std::string& number) {
  std::vector<Said> answers(list.ledgers.size());
  std::atomic<std::size_t> next{0};
  auto work = [&] {
    for (std::size_t i = next++; i < answers.size(); i = next++)
      answers[i] = askOne(list.ledgers[i], authorities, number);
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < std::min(kAskedAtOnce, answers.size()); ++i) workers.emplace_back(work);
  workers.clear();  // waits for them
  return answers;
}

struct Combined {
  proof::CombinedAnswer answer;
  std::string bundle;   // the file that shows it; empty where not all have answered
  bool damage = false;  // one showed another history, or less than before
};

// A ledger may record the right under another number; then all are asked for that one.
Result<Combined> ask(const Context& context, const SignedList& list, const std::string& authorities,
                     const std::string& typed) {
  PL_TRY(std::string number, events::canonicalIp(typed));
  std::vector<Said> answers = askAll(list.list, authorities, number);
  auto named = std::find_if(answers.begin(), answers.end(), [](const Said& said) {
    return said.failure && said.failure->rule == "OtherName" && !said.failure->found.empty();
  });
  if (named != answers.end()) {
    remark(context, {fmt::format("{} is recorded as {}: all are asked for that", number, named->failure->found),
                     fmt::format("{} 记录为 {}：改以后者查询全部账本", number, named->failure->found)});
    number = named->failure->found;
    answers = askAll(list.list, authorities, number);
  }
  PL_CHECK(events::requireAbsenceMeans("ip:" + number));
  Combined combined{{number, list.signedBy, {}}, ""};
  proof::Bundle bundle{number, list.note, {}};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    Said& said = answers[i];
    const proof::ListedLedger& listed = list.list.ledgers[i];
    combined.damage = combined.damage || (said.failure && said.failure->code == ErrorCode::Corruption);
    combined.answer.ledgers.push_back(
        {listed.origin(), listed.name, std::move(said.claim), said.failure ? said.failure->message : Message()});
    bundle.proofs.push_back(std::move(said.proof));
  }
  if (std::none_of(answers.begin(), answers.end(), [](const Said& said) { return said.failure.has_value(); }))
    combined.bundle = bundle.serialize();
  return combined;
}

// A ledger that the parent knows to have signed two histories has no answer, and the file shows that too.
Result<Combined> askAtOneInstant(const SignedList& list, const LedgersAsked& asked, const std::string& typed) {
  PL_TRY(std::string number, events::canonicalIp(typed));
  PL_TRY(AtOneInstant made, askThroughParent(list, asked.parentPlace, asked.authorities, number));
  auto answer = proof::checkLogOfLogs(made.proof, list.list, made.silent);
  if (!answer.ok() && answer.error().rule == "OtherName" && !answer.error().found.empty() &&
      answer.error().found != number)
    return askAtOneInstant(list, asked, answer.error().found);
  if (!answer.ok()) return std::move(answer).error();
  Combined combined{std::move(answer).value(), "", made.damage};
  combined.answer.listedBy = list.signedBy;
  if (std::all_of(made.silent.begin(), made.silent.end(), [](const Message& why) { return why.en.empty(); })) {
    PL_TRY(combined.bundle, made.proof.serialize());
  }
  return combined;
}

query::Table tableOf(const Context& context, const std::vector<Combined>& answers) {
  query::Table table;
  table.name = "pledge_ledgers";
  table.title = {"Answers of the ledgers of a list", "名录所列账本的质押答复"};
  table.columns = {{"number", "text", {"Number", "号码"}},
                   {"ledger", "text", {"Ledger", "账本"}},
                   {"name", "text", {"Name", "名称"}},
                   {"answer", "text", {"Answer", "答复"}},
                   {"meaning", "text", {"In words", "含义"}},
                   {"entries", "text", {"As of entries", "截至条数"}},
                   {"day", "text", {"Newest entry on", "最新条目日期"}}};
  for (const Combined& one : answers) {
    for (verifier::CombinedRow& row : verifier::combinedRows(one.answer, context.language))
      table.rows.push_back({one.answer.number, std::move(row.origin), std::move(row.name), std::move(row.answer),
                            std::move(row.words), std::move(row.position), std::move(row.day)});
  }
  return table;
}

Status write(const Context& context, const std::vector<Combined>& answers) {
  if (context.format == "csv" || context.format == "xlsx" || context.format == "html")
    return printTable(context, tableOf(context, answers));
  std::string text;
  for (const Combined& one : answers) {
    text +=
        context.format == "table"
            ? verifier::combinedText(one.answer, context.language)
            : verifier::combinedJson(one.answer).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
  return writeOutput(context, text);
}

int exitOf(const Combined& one) {
  if (one.damage) return kDamage;
  switch (proof::standingOf(one.answer)) {
    case proof::Standing::Encumbered:
    case proof::Standing::None: return kOk;
    case proof::Standing::Unrecorded: return kNotFound;
    case proof::Standing::Unsaid: return kUnavailable;
  }
  return kUnavailable;
}

Status writeBundle(const Context& context, const SignedList& list, const Combined& one, const std::string& file) {
  const std::string& text = one.bundle;
  if (text.empty()) {
    remark(context,
           {file + " is not written: not every ledger has answered", "未写入 " + file + "：并非全部账本均已作答"});
    return {};
  }
  if (list.key)
    PL_CHECK(one.answer.parent ? proof::verifyLogOfLogs(text, *list.key) : proof::verifyBundle(text, *list.key));
  PL_CHECK(writeWholeFile(file, text));
  remark(context,
         {fmt::format("{}: {} bytes; check it by pilotledger-verify with the authority's key", file, text.size()),
          fmt::format("{}：{} 字节；可用 pilotledger-verify 及机关公钥核验", file, text.size())});
  return {};
}

}  // namespace

void LedgersAsked::declare(CLI::App& app, const Context& context) {
  CLI::Option* list =
      app.add_option("--ledgers", listFile,
                     std::string(context.say(
                         "ask every ledger of this signed list (ledgers sign); each of them learns of the question",
                         "向该签名名录（ledgers sign）所列全部账本查询；各账本均会得知所查号码")));
  app.add_option("--ledgers-key", listKey,
                 std::string(context.say("public key of the authority that signed the list, or a file that holds it",
                                         "签署名录的机关的公钥，或存有公钥的文件")))
      ->needs(list);
  app.add_option("--tls-ca", authorities, std::string(context.say(kTlsAuthorities)))->needs(list);
  parent =
      app.add_option("--parent", parentPlace,
                     std::string(context.say("each answers at the checkpoint that the list's parent ledger has "
                                             "recorded: one instant for all; or the parent at this URL or directory",
                                             "各账本均按名录所列上级账本已记录的检查点作答，时点一致；可另指上级账本"
                                             "的地址或目录")))
          ->expected(0, 1)
          ->type_name("[PLACE]")
          ->needs(list);
}

Result<int> pledgeOnLedgers(Context& context, const LedgersAsked& asked, const std::vector<std::string>& numbers) {
  PL_TRY(SignedList list, openList(context, asked.listFile, asked.listKey));
  std::vector<Combined> answers;
  int exit = kOk;
  for (const std::string& number : numbers) {
    PL_TRY(Combined one, asked.throughParent() ? askAtOneInstant(list, asked, number)
                                               : ask(context, list, asked.authorities, number));
    exit = std::max(exit, exitOf(one));
    answers.push_back(std::move(one));
  }
  if (!asked.proofFile.empty()) PL_CHECK(writeBundle(context, list, answers.front(), asked.proofFile));
  PL_CHECK(write(context, answers));
  return exit;
}

}  // namespace pilotledger::cli
