// What the operator of a ledger does with witnesses: policy, requests and replies by file, who has seen what.
#include "tools/cli/witness.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "ledger/countersignatures.h"
#include "ledger/tlog/checkpoint.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

using ledger::Ledger;
using proof::PolicyWitness;

constexpr std::size_t kMaxFile = 4u << 20;

struct WitnessOptions {
  std::string file;
  std::string witness;
  unsigned timeout = 10;
  std::string trusted;  // for https
  CLI::App* policy = nullptr;
  CLI::App* collect = nullptr;
  CLI::App* request = nullptr;
  CLI::App* add = nullptr;
  CLI::App* status = nullptr;
};

Result<int> installPolicy(Context& context, const WitnessOptions& options) {
  if (options.file.empty()) {
    PL_TRY(std::string text,
           readFile((std::filesystem::path(context.ledgerDirectory) / kPolicyFile).string(), kMaxFile));
    PL_CHECK(writeOutput(context, text));
    return kOk;
  }
  PL_TRY(std::string text, readFile(options.file, kMaxFile));
  auto policy = proof::WitnessPolicy::parse(text);
  if (!policy.ok()) return std::move(policy).error().within(options.file);
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  bool mine = policy->logs().empty();
  for (const auto& log : policy->logs()) mine = mine || ledger->logKeys().contains(log.key);
  if (!mine) {
    return invalidInput(
        fmt::format("{}: its log lines do not name this ledger's key {}", options.file, ledger->logKey().vkey()),
        fmt::format("{}：log 行中没有本账本的公钥 {}", options.file, ledger->logKey().vkey()));
  }
  PL_CHECK(writeWhole(std::filesystem::path(context.ledgerDirectory) / kPolicyFile, text));
  return kOk;
}

Result<const PolicyWitness*> chosen(const proof::WitnessPolicy& policy, const std::string& wanted) {
  for (const PolicyWitness& witness : policy.witnesses()) {
    if (wanted == witness.name || wanted == witness.key.vkey() || (wanted.empty() && policy.witnesses().size() == 1))
      return &witness;
  }
  return makeError(ErrorCode::NotFound,
                   fmt::format("no witness '{}' in the policy; give --witness its name or public key", wanted),
                   fmt::format("策略中没有见证方“{}”；请用 --witness 指定名称或公钥", wanted));
}

Result<int> request(Context& context, const WitnessOptions& options) {
  PL_TRY(proof::WitnessPolicy policy, ledgerPolicy(context));
  PL_TRY(const PolicyWitness* witness, chosen(policy, options.witness));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto rows, ledger::countersigned(*ledger));
  std::uint64_t seen = lastSeen(rows, witness->key);
  PL_TRY(std::string body, ledger::witnessRequest(*ledger, seen, ledger->size()));
  PL_CHECK(writeDocument(context, body));
  return kOk;
}

// Whatever the verdict, the checkpoint that the witness holds carries its cosignature.
Result<int> add(Context& context, const WitnessOptions& options) {
  PL_TRY(proof::WitnessPolicy policy, ledgerPolicy(context));
  PL_TRY(std::string file, readFile(options.file, kMaxFile));
  PL_TRY(witness::Verdict verdict, witness::parseReply(file));
  PL_TRY(const PolicyWitness* witness, chosen(policy, options.witness));
  if (verdict.newest.empty()) return refusal(*witness, verdict);
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::Write));
  PL_TRY([[maybe_unused]] bool leads, ledger::compareCheckpoint(*ledger, verdict.newest));
  PL_CHECK(keepLines(*ledger, *witness, verdict.newest, ""));
  if (verdict.status == 200) return kOk;
  printRemark(context.say("The witness had seen more than the request knew; ask again with a new request.",
                          "见证方所见多于请求所知，请重新生成请求。"));
  return verdict.status == 409 ? Result<int>(kNo) : Result<int>(refusal(*witness, verdict));
}

struct Seen {
  std::uint64_t size = 0;
  std::uint64_t seconds = 0;
};

Result<int> status(Context& context, const WitnessOptions&) {
  PL_TRY(proof::WitnessPolicy policy, ledgerPolicy(context));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto rows, ledger::countersigned(*ledger));
  std::vector<Seen> seen(policy.witnesses().size());
  for (const auto& row : rows) {
    const auto* witness = row.cosignature ? policy.findCosigner(row.cosignature->signature) : nullptr;
    if (witness != nullptr)
      seen[static_cast<std::size_t>(witness - policy.witnesses().data())] = {row.cosignature->size,
                                                                             row.cosignature->seconds};
  }
  std::vector<bool> newest(seen.size());
  nlohmann::ordered_json json = {
      {"size", ledger->size()}, {"quorum", policy.quorumName()}, {"witnesses", nlohmann::json::array()}};
  std::string text;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const PolicyWitness& witness = policy.witnesses()[i];
    newest[i] = seen[i].size == ledger->size();
    std::string when = seen[i].size == 0 ? "-" : events::formatUtcMs(static_cast<std::int64_t>(seen[i].seconds) * 1000);
    text += fmt::format("{}  {}  {}  {}\n", witness.name, seen[i].size, when, witness.key.vkey());
    json["witnesses"].push_back(
        {{"name", witness.name}, {"size", seen[i].size}, {"time", when}, {"key", witness.key.vkey()}});
  }
  bool met = policy.meetsQuorum(newest);
  PL_TRY(std::uint64_t good, witnessedSize(*ledger, policy));
  json["quorumMet"] = met;
  json["witnessed"] = good;
  text += std::string(
      context.say(Message{fmt::format("quorum {}: {} at {} entries; newest checkpoint that meets it: {}\n",
                                      policy.quorumName(), met ? "met" : "not met", ledger->size(), good),
                          fmt::format("法定联署 {}：{} 条处{}；达到法定联署的最新检查点：{} 条\n", policy.quorumName(),
                                      ledger->size(), met ? "已达到" : "未达到", good)}));
  PL_CHECK(writeOutput(context, context.format == "table" ? text : json.dump() + "\n"));
  return met ? kOk : kNo;
}

}  // namespace

Result<proof::WitnessPolicy> ledgerPolicy(const Context& context) {
  std::string path = (std::filesystem::path(context.ledgerDirectory) / kPolicyFile).string();
  if (!std::filesystem::exists(path)) {
    return makeError(ErrorCode::NotFound,
                     path + ": no witness policy; install one with 'pilotledger witness policy FILE'",
                     path + "：没有见证策略；请用 pilotledger witness policy FILE 安装");
  }
  PL_TRY(std::string text, readFile(path, kMaxFile));
  auto policy = proof::WitnessPolicy::parse(text);
  if (!policy.ok()) return std::move(policy).error().within(path);
  return policy;
}

Result<std::uint64_t> witnessedSize(const ledger::Ledger& ledger, const proof::WitnessPolicy& policy) {
  auto witnessed = ledger::newestWitnessed(ledger, policy);
  if (!witnessed.ok()) return std::uint64_t{0};
  PL_TRY(proof::Note note, proof::Note::parse(*witnessed));
  PL_TRY(proof::Checkpoint checkpoint, proof::Checkpoint::parseBody(note.text));
  return checkpoint.size;
}

SubAction declareWitnessLedger(CLI::App& app, const Context& context) {
  auto options = std::make_shared<WitnessOptions>();
  auto sub = [&](const char* name, std::string_view en, std::string_view zh) {
    return app.add_subcommand(name, std::string(context.say(en, zh)));
  };
  options->policy = sub("policy", "a ledger: install a policy file (C2SP tlog-policy), or print the one in use",
                        "账本：安装或显示见证策略文件（C2SP tlog-policy）");
  options->policy->add_option("FILE", options->file, std::string(context.say("policy file", "策略文件")));
  options->collect =
      sub("collect", "a ledger: ask every witness with a URL to cosign; exit 6 when the quorum is missing",
          "账本：向各见证方收集联署；未达法定数时退出码 6");
  options->collect
      ->add_option("--timeout", options->timeout, std::string(context.say("seconds for each call", "每次调用的秒数")))
      ->check(CLI::Range(1u, 600u));
  options->collect->add_option("--tls-ca", options->trusted, std::string(context.say(kTlsAuthorities)));
  options->request =
      sub("request", "a ledger: a request file for a witness without a network", "账本：为无网络的见证方生成请求文件");
  options->add =
      sub("add", "a ledger: take the reply file of 'witness cosign'", "账本：收入 witness cosign 的回执文件");
  options->add->add_option("REPLY", options->file, std::string(context.say("reply file", "回执文件")))->required();
  for (CLI::App* one : {options->request, options->add}) {
    one->add_option("--witness", options->witness,
                    std::string(context.say("its name in the policy or its public key", "其在策略中的名称或公钥")));
  }
  options->status = sub("status", "a ledger: who has seen what; exit 1 when the newest checkpoint has no quorum",
                        "账本：各见证方已见到何处；最新检查点未达法定数时退出码 1");
  return [options](Context& c) -> std::optional<Result<int>> {
    if (options->policy->parsed()) return installPolicy(c, *options);
    if (options->collect->parsed()) {
      return collectCosignatures(c, {options->trusted, std::chrono::seconds(options->timeout)});
    }
    if (options->request->parsed()) return request(c, *options);
    if (options->add->parsed()) return add(c, *options);
    if (options->status->parsed()) return status(c, *options);
    return std::nullopt;
  };
}

Action declareWitness(CLI::App& app, const Context& context) {
  app.require_subcommand(1);
  SubAction ledgerSide = declareWitnessLedger(app, context);
  SubAction office = declareWitnessOffice(app, context);
  return [ledgerSide, office](Context& c) -> Result<int> {
    if (auto outcome = ledgerSide(c)) return std::move(*outcome);
    auto outcome = office(c);
    PL_ASSERT(outcome.has_value());
    return std::move(*outcome);
  };
}

}  // namespace pilotledger::cli
