// verify: the whole ledger, or one file that shows something about a ledger.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ledger/crypto/encoding.h"
#include "ledger/fsck/fsck.h"
#include "ledger/tlog/note.h"
#include "query/model/read_model.h"
#include "tools/cli/command.h"
#include "tools/cli/terminal.h"
#include "tools/service/confidentiality.h"
#include "tools/verifier/files.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxTrustFile = 1u << 20;

struct VerifyOptions {
  std::vector<std::string> files;  // instead of the ledger
  std::string from;                // a size, or a file that holds a checkpoint
  bool tree = false;
  verifier::TrustOptions trust;
  bool views = false;
  std::string viewsAt;
};

std::string line(const Context& context, std::string_view en, std::string_view zh, const std::string& value) {
  return context.zh() ? fmt::format("{}：{}\n", zh, value) : fmt::format("{:<14}{}\n", std::string(en) + ":", value);
}

std::string treeText(const Context& context, const ledger::FsckReport& report) {
  return line(context, "entries", "条目", std::to_string(report.entries)) +
         line(context, "commits", "检查点", std::to_string(report.commits)) +
         line(context, "root", "日志根", crypto::toBase64(report.root));
}

// What others signed, where there is any.
std::string countersignText(const Context& context, const ledger::FsckReport& report) {
  std::string text;
  if (report.cosignatures > 0) text += line(context, "cosignatures", "见证联署", std::to_string(report.cosignatures));
  if (report.timestamps > 0) text += line(context, "time stamps", "时间戳", std::to_string(report.timestamps));
  return text;
}

// What no check of the log can tell, so that nobody takes the verdict for more than it is.
std::string limitsText(const Context& context, const VerifyOptions& given, const crypto::VerifyKey& logKey) {
  std::string key;
  if (given.trust.logKey.empty()) {
    key = line(context, "not covered", "不在核验之列",
               fmt::format(
                   fmt::runtime(context.say("whose key signed: hold {} to the one the operator published, or use --key",
                                            "签名密钥属于何人：请将 {} 与运营者公布的公钥核对，或用 --key")),
                   logKey.vkey()));
  }
  return key + line(context, "not covered", "不在核验之列",
                    std::string(
                        context.say("cosignatures and time stamps that were deleted (whoever gave them has theirs), "
                                    "views.sqlite (verify --views)",
                                    "已被删除的联署与时间戳（出具方留有其件）、views.sqlite（另用 verify --views）")));
}

std::string reportText(const Context& context, const ledger::FsckReport& report) {
  return line(context, "entries", "条目", std::to_string(report.entries)) +
         line(context, "submissions", "提交", std::to_string(report.submissions)) +
         line(context, "signatures", "签名", std::to_string(report.signatures)) +
         line(context, "commits", "检查点", std::to_string(report.commits)) +
         line(context, "entities", "对象", std::to_string(report.entities)) +
         line(context, "root", "日志根", crypto::toBase64(report.root)) +
         line(context, "state root", "状态根", crypto::toHex(report.stateRoot)) + countersignText(context, report);
}

nlohmann::ordered_json reportJson(const ledger::FsckOutcome& outcome) {
  const auto& report = outcome.report;
  nlohmann::ordered_json json = {{"verified", !outcome.damage},
                                 {"entries", report.entries},
                                 {"submissions", report.submissions},
                                 {"signatures", report.signatures},
                                 {"commits", report.commits},
                                 {"entities", report.entities},
                                 {"cosignatures", report.cosignatures},
                                 {"timestamps", report.timestamps},
                                 {"root", crypto::toBase64(report.root)},
                                 {"stateRoot", crypto::toHex(report.stateRoot)}};
  if (outcome.damage) {
    if (outcome.damage->index) json["badEntry"] = *outcome.damage->index;
    json["where"] = outcome.damage->where;
    json["what"] = outcome.damage->what.en;
  }
  return json;
}

bool isNumber(const std::string& text) { return text.find_first_not_of("0123456789") == text.npos; }

// A checkpoint that the reader kept must be the log's own word: its signature is verified.
Result<proof::Checkpoint> keptCheckpoint(const Context& context, const VerifyOptions& options,
                                         const std::optional<crypto::VerifyKey>& key) {
  if (isNumber(options.from)) {
    PL_TRY(std::uint64_t size, proof::parseDecimal(options.from, "--from"));
    return ledger::storedCheckpoint(context.ledgerDirectory, size, key);
  }
  PL_TRY(std::string note, readFile(options.from, proof::kMaxNoteBytes));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  auto checkpoint = ledger->logKeys().open(note);
  if (!checkpoint.ok()) return std::move(checkpoint).error().within(options.from);
  return checkpoint;
}

Result<std::string> readTrustFile(const std::string& file) { return readFile(file, kMaxTrustFile); }

// A file needs no ledger; its first line says what it is. Several are judged one after the other, each under its name,
// and one that cannot be judged does not keep the others from it.
Result<int> verifyFiles(Context& context, const VerifyOptions& given) {
  PL_TRY(verifier::Trust trust, verifier::readTrust(given.trust, readTrustFile));
  int exit = kOk;
  for (const std::string& file : given.files) {
    auto text = readFile(file, verifier::kMaxFileBytes);
    auto verdict = text.ok() ? verifier::verifyFile(*text, trust, context.language)
                             : Result<verifier::Verdict>(std::move(text).error());
    if (!verdict.ok()) {
      Error error = std::move(verdict).error().within(file);
      if (given.files.size() == 1) return error;
      exit = std::max(exit, statusOf(error.code).exit);
      PL_CHECK(
          writeOutput(context, context.format == "table" ? describe(error, context.language) : describeJson(error)));
      continue;
    }
    if (!verdict->verified) exit = std::max<int>(exit, kNo);
    if (given.files.size() > 1 && context.format == "table") PL_CHECK(writeOutput(context, file + "\n"));
    PL_CHECK(writeOutput(context, context.format == "table" ? verdict->text : verdict->json));
  }
  return exit;
}

// The read model, row by row, against one made anew from the log.
Result<int> verifyViews(Context& context, const std::string& given) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  std::string place = given.empty() ? viewsPlace(context) : given;
  PL_TRY(bool kept, query::ReadModel::exists(*ledger, place));
  if (!kept) {
    std::string shown = query::ReadModel::redactedLocation(place);
    return makeError(ErrorCode::NotFound, shown + ": there is no read model; any view makes one",
                     shown + "：没有读模型；执行任一视图即会生成");
  }
  PL_TRY(auto model, query::ReadModel::open(*ledger, place));
  PL_TRY(auto difference, model->firstDifference());
  if (difference) {
    PL_CHECK(writeOutput(
        context,
        fmt::format("{} {}\n{}",
                    context.say("VIEWS DIFFER from the log, found (expected):", "读模型与日志不符，实为（应为）："),
                    *difference,
                    context.say("delete this model: it is made anew\n", "请删除该读模型，系统会重新生成\n"))));
    return kNo;
  }
  PL_TRY(Digest digest, model->digest());
  PL_CHECK(writeOutput(context, std::string(context.say("VIEWS VERIFIED: every row follows from the log\n",
                                                        "读模型核验通过：每一行均由日志得出\n")) +
                                    line(context, "entries", "条目", std::to_string(ledger->size())) +
                                    line(context, "digest", "摘要", crypto::toHex(digest))));
  return kOk;
}

// Numbers that the vault opens must be those whose hashes the log holds.
Status verifyVault(const Context& context, ledger::FsckOutcome& outcome, service::MissingNumbers& missing) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  auto numbers = openedNumbers(context, *ledger);
  if (numbers.ok()) {
    PL_TRY(missing, service::missingNumbers(context, *ledger, *numbers));
    return {};
  }
  if (numbers.error().code != ErrorCode::Corruption) return numbers.error();
  outcome.damage = ledger::FsckDamage{std::nullopt, std::string(context.say("beside the log", "账本之外的文件")),
                                      numbers.error().message};
  return {};
}

// The log is whole without the vault: what is gone from it is said beside the verdict.
std::string missingText(const Context& context, const service::MissingNumbers& missing) {
  if (missing.numbers == 0) return "";
  constexpr std::size_t kListed = 20;
  auto listed = std::span(missing.entries).first(std::min(kListed, missing.entries.size()));
  std::string entries =
      fmt::format("{}{}", fmt::join(listed, ", "), listed.size() < missing.entries.size() ? ", …" : "");
  return line(
      context, "vault", "保险库",
      fmt::format(fmt::runtime(context.say(
                      "{} numbers are missing, of entry {}: answers show their keyed hashes; put the vault back "
                      "from a backup",
                      "缺少 {} 个号码，涉及第 {} 条：答复中只显示带密钥哈希；请从备份恢复保险库")),
                  missing.numbers, entries));
}

Result<int> verify(Context& context, const VerifyOptions& given) {
  if (!given.files.empty()) return verifyFiles(context, given);
  if (given.views) return verifyViews(context, given.viewsAt);
  ledger::FsckOptions options;
  if (given.tree) options.scope = ledger::FsckScope::Tree;
  if (!given.trust.logKey.empty()) {
    PL_TRY(options.logKey, verifier::readLogKey(given.trust.logKey, readTrustFile));
  }
  if (!given.from.empty()) {
    PL_TRY(options.verified, keptCheckpoint(context, given, options.logKey));
  }
  ledger::FsckOutcome outcome;
  {
    Progress progress(std::string(context.say("verifying", "核验中")), context.quiet);
    options.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
    PL_TRY(outcome, ledger::fsck(context.ledgerDirectory, options));
  }
  service::MissingNumbers missing;
  if (!outcome.damage && !given.tree) PL_CHECK(verifyVault(context, outcome, missing));
  if (context.format != "table") {
    auto json = reportJson(outcome);
    if (missing.numbers > 0) json["missingNumbers"] = {{"numbers", missing.numbers}, {"entries", missing.entries}};
    PL_CHECK(writeOutput(context, json.dump() + "\n"));
    return outcome.damage ? kNo : kOk;
  }
  if (!outcome.damage) {
    std::string_view verdict =
        given.tree
            ? context.say("TREE VERIFIED: the entries lead to the signed root; events and rules were not looked at\n",
                          "树核验通过：条目与已签名的根一致；未核对事件与规则\n")
            : context.say("VERIFIED: every byte leads to the signed root\n", "核验通过：全部内容与已签名的根一致\n");
    std::string text(verdict);
    if (given.tree) {
      text += treeText(context, outcome.report);
    } else {
      PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
      PL_TRY(int edition, editionOf(*ledger));
      text += reportText(context, outcome.report) +
              line(context, "edition", "规则版本", editionText(context, edition)) + missingText(context, missing) +
              limitsText(context, given, ledger->logKeys().first());
    }
    PL_CHECK(writeOutput(context, text));
    return kOk;
  }
  const auto& damage = *outcome.damage;
  PL_CHECK(writeOutput(
      context,
      fmt::format("{} {}: {}\n{}", context.say("NOT VERIFIED:", "核验未通过："), damage.where, context.say(damage.what),
                  context.say(Message{fmt::format("{} entries before it are sound\n", outcome.report.entries),
                                      fmt::format("此前 {} 条完好\n", outcome.report.entries)}))));
  return kNo;
}

}  // namespace

Action declareVerify(CLI::App& app, const Context& context) {
  auto options = std::make_shared<VerifyOptions>();
  app.add_option("files", options->files,
                 std::string(context.say("proofs, disclosures, evidence of a fork; without any, the whole ledger",
                                         "证明文件、披露文件或分叉证据，可多个；省略则核验整个账本")));
  app.add_option("--key", options->trust.logKey,
                 std::string(context.say("public key of the log that you trust (vkey), or a file that holds it",
                                         "所信任的日志公钥，或存有公钥的文件")));
  app.add_option("--policy", options->trust.policyFile,
                 std::string(context.say("for a proof: a witness policy whose quorum must have cosigned",
                                         "证明文件：须达到其法定联署的见证策略")));
  app.add_option(
      "--tsa-cert", options->trust.authoritiesFile,
      std::string(context.say("for a proof: certificates (PEM) of authorities, one of which must have stamped it",
                              "证明文件：所信任时间戳机构的证书（PEM）")));
  app.add_option(
      "--from", options->from,
      std::string(context.say("a checkpoint that you kept (FILE), or the number of entries that you verified before: "
                              "the ledger must lead to it, its signatures are not verified again",
                              "您留存的检查点文件，或此前已核验的条目数：账本须与之一致，其前签名不再重验")));
  app.add_flag("--tree", options->tree,
               std::string(context.say("entries, tiles and checkpoints only, as a mirror can",
                                       "仅核对条目、瓦片与检查点（镜像方所能核对者）")));
  auto* views =
      app.add_option(
             "--views", options->viewsAt,
             std::string(context.say(
                 "the read model instead of the log: recompute every row and compare; of another place if one is named",
                 "核验读模型而非日志：逐行重算并比对；可另指其位置")))
          ->expected(0, 1)
          ->type_name("[PLACE]");
  return [options, views](Context& c) {
    options->views = views->count() > 0;
    return verify(c, *options);
  };
}

}  // namespace pilotledger::cli
