// cluster: one ledger kept on several machines: begin, join, admit, retire, status, policy, resume.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/json.h"
#include "ledger/crypto/encoding.h"
#include "ledger/order/order_register.h"
#include "ledger/tlog/submission.h"
#include "tools/cli/remote.h"
#include "tools/cli/terminal.h"
#include "tools/cluster/assembly.h"
#include "tools/cluster/members.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct ClusterOptions {
  cluster::Settings settings;
  std::string url, vkey, reason;
  std::vector<std::string> keys;
  int passphraseFd = -1;
};

// Sent again it is the same event: its id is made of what it says of which key.
Json nodeEvent(const Context& context, std::string_view kind, const std::string& vkey, Json body) {
  const Digest digest = crypto::hash(crypto::SuiteId::Ed25519Sha256, {viewOf(kind), viewOf("\n"), viewOf(vkey)});
  return {{"kind", kind},
          {"id", events::formatUuid(events::makeUuidV8(digest))},
          {"legalDate", events::formatCivilDate(events::civilDateOfUtcMs(context.clock()))},
          {"body", std::move(body)}};
}

Json admissionOf(const Context& context, const ClusterOptions& options, const std::string& vkey) {
  return nodeEvent(context, "NodeAdmitted", vkey,
                   {{"node", options.settings.name}, {"vkey", vkey}, {"url", options.url}});
}

Result<proof::Submission> signedBy(crypto::SuiteId suite, const proof::LedgerName& name, const Json& event,
                                   const ClusterOptions& options) {
  PL_TRY(Bytes bytes, events::eventFromJson(event));
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  std::vector<const crypto::SigningKey*> signers;
  for (const auto& key : keys) signers.push_back(&key);
  return proof::makeSubmission(suite, name, {std::move(bytes)}, signers);
}

// The node's own key: made once, for this directory alone. A copy of a directory gets another one.
Result<crypto::SigningKey> nodeKey(const ledger::Ledger& ledger, const fs::path& directory, const std::string& name) {
  const fs::path file = cluster::nodeKeyFile(directory);
  std::error_code failure;
  if (fs::exists(file, failure)) return crypto::SigningKey::load(file, "");
  PL_TRY(crypto::SigningKey made, crypto::SigningKey::generate(ledger.suite(), ledger.origin() + "/node/" + name));
  PL_CHECK(made.save(file, ""));
  return made;
}

// Paths are kept as whole ones: the server is started from elsewhere.
cluster::Settings keptSettings(cluster::Settings settings) {
  for (std::string cluster::Settings::*file :
       {&cluster::Settings::authority, &cluster::Settings::certificate, &cluster::Settings::key})
    if (!(settings.*file).empty()) settings.*file = fs::absolute(settings.*file).lexically_normal().string();
  return settings;
}

Status requireMember(const std::vector<ledger::ClusterMember>& members, const ClusterOptions& options,
                     const crypto::SigningKey& key) {
  const std::string own = proof::CosignerKey::of(key.verifyKey()).vkey();
  if (members.size() == 1 && members[0].name == options.settings.name && members[0].key.vkey() == own) return {};
  return makeError(ErrorCode::Conflict,
                   "this ledger has nodes already; another machine joins them: 'pilotledger cluster join'",
                   "账本已有节点；其他机器请用 pilotledger cluster join 加入");
}

Error otherOrder(const std::string& origin, const ledger::OrderHead& found) {
  return makeError(
      ErrorCode::Conflict,
      fmt::format("etcd holds another order for {}: {}. Is it of another cluster? Nothing was changed there", origin,
                  found.text()),
      fmt::format("etcd 中已有 {} 的其他定序：{}。是否属于其他集群？未改动任何内容", origin, found.text()));
}

// Where the order begins: in etcd, once.
Status beginRegister(const cluster::Settings& settings, const std::string& origin, const std::string& head) {
  PL_TRY(auto order, cluster::openRegister(settings, origin));
  PL_TRY(ledger::OrderHead begin, ledger::OrderHead::parse(head));
  PL_TRY(auto swapped, order->swap({}, begin, ""));
  if (swapped.done || !swapped.found || *swapped.found == begin) return {};
  return otherOrder(origin, *swapped.found);
}

// Each step is done when it is not done yet, so that whoever was interrupted runs it again.
Result<int> init(Context& context, const ClusterOptions& options) {
  const fs::path directory = context.ledgerDirectory;
  const cluster::Settings settings = keptSettings(options.settings);
  PL_TRY(std::string secret, logKeySecret(context));
  std::string origin, head;
  {
    PL_TRY(auto look, openLedger(context, ledger::OpenMode::ReadOnly));
    origin = look->origin();
    PL_TRY(head, look->ordered());
    PL_TRY([[maybe_unused]] auto reachable, cluster::openRegister(settings, origin));
    PL_TRY(auto before, reachable->head());
    if (before && head.empty()) return otherOrder(origin, *before);
  }
  if (head.empty()) {
    PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::Write, secret));
    PL_TRY(crypto::SigningKey key, nodeKey(*ledger, directory, settings.name));
    PL_TRY(auto members, cluster::membersOf(*ledger));
    if (members.empty()) {
      const std::string vkey = proof::CosignerKey::of(key.verifyKey()).vkey();
      PL_TRY(auto submission, signedBy(ledger->suite(), ledger->name(), admissionOf(context, options, vkey), options));
      PL_TRY([[maybe_unused]] auto appended, ledger->append(submission));
    } else {
      PL_CHECK(requireMember(members, options, key));
    }
    ledger.reset();
    PL_TRY(head, ledger::Ledger::beginOrder(directory, secret));
  }
  PL_CHECK(cluster::writeSettings(directory, settings));
  PL_CHECK(beginRegister(settings, origin, head));
  PL_CHECK(writeOutput(
      context,
      context.say(Message{
          fmt::format("{}: node {} of {}. It is written by 'pilotledger serve' from here on.\nNext, for each further "
                      "machine: 'pilotledger backup' here with --with-keys, 'restore' and 'cluster join' there\n",
                      directory.string(), settings.name, origin),
          fmt::format("{}：{} 的节点 {}。此后只经 pilotledger serve 写入。\n其余各机：在此用 pilotledger backup "
                      "--with-keys 备份，在对方 restore 后执行 cluster join\n",
                      directory.string(), origin, settings.name)})));
  return kOk;
}

Result<int> join(Context& context, const ClusterOptions& options) {
  const fs::path directory = context.ledgerDirectory;
  const cluster::Settings settings = keptSettings(options.settings);
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(std::string head, ledger->ordered());
  if (head.empty()) {
    return invalidInput("this is no copy of a node: restore a backup of one that is a node already",
                        "这不是节点的副本：请恢复已是节点的机器的备份");
  }
  if (std::error_code failure; !fs::exists(ledger::Ledger::logKeyFile(directory), failure)) {
    return makeError(ErrorCode::NotFound, "every node signs with the log key: put log.pem here (backup --with-keys)",
                     "每个节点均以日志密钥签署：请放入 log.pem（backup --with-keys）");
  }
  PL_TRY(auto order, cluster::openRegister(settings, ledger->origin()));
  PL_TRY(auto now, order->head());
  if (!now)
    return makeError(ErrorCode::NotFound, "etcd holds no order of this ledger: are these its endpoints?",
                     "etcd 中没有本账本的定序：地址是否正确？");
  PL_TRY(crypto::SigningKey key, nodeKey(*ledger, directory, settings.name));
  PL_CHECK(cluster::writeSettings(directory, settings));
  const std::string vkey = proof::CosignerKey::of(key.verifyKey()).vkey();
  PL_CHECK(writeOutput(
      context,
      context.say(Message{
          fmt::format("Start it with 'pilotledger serve'. It follows, and counts when the operator admits it:\n"
                      "pilotledger --server URL cluster admit --name {} --vkey {} --url {} --key operator.pem\n",
                      settings.name, vkey, options.url),
          fmt::format("请以 pilotledger serve 启动：先跟随，由运营者加入后计入法定数：\n"
                      "pilotledger --server URL cluster admit --name {} --vkey {} --url {} --key operator.pem\n",
                      settings.name, vkey, options.url)})));
  return kOk;
}

Result<int> submitRemote(Context& context, const Json& event, const ClusterOptions& options) {
  if (!isRemote(context)) {
    return makeError(ErrorCode::Unsupported, "members are changed through a node that serves: give --server URL",
                     "成员变更须经提供服务的节点：请给出 --server URL");
  }
  PL_TRY(remote::RemoteLog log, openRemote(context));
  PL_TRY(remote::Json about, log.askAside("/v1/ledger"));
  PL_TRY(crypto::SuiteId suite, crypto::parseSuite(remote::textOf(about, "suite")));
  const proof::LedgerName name{remote::textOf(about, "origin"), remote::textOf(about, "founding_key")};
  PL_TRY(proof::Submission submission, signedBy(suite, name, event, options));
  return remoteSubmit(context, submission.serialize());
}

// Its key is part of the event, so that a name which comes back can be retired again.
Result<int> retire(Context& context, const ClusterOptions& options) {
  if (!isRemote(context)) return submitRemote(context, {}, options);
  PL_TRY(remote::RemoteLog log, openRemote(context));
  PL_TRY(remote::Json cluster, log.askAside("/v1/cluster"));
  for (const remote::Json& node : remote::memberOf(cluster, "nodes")) {
    if (remote::textOf(node, "name") != options.settings.name) continue;
    return submitRemote(context,
                        nodeEvent(context, "NodeRetired", remote::textOf(node, "vkey"),
                                  {{"node", options.settings.name}, {"reason", options.reason}}),
                        options);
  }
  return makeError(ErrorCode::NotFound, fmt::format("{}: no node (any more)", options.settings.name),
                   fmt::format("{}：不是节点（或已退出）", options.settings.name));
}

struct Seen {
  ledger::ClusterMember member;
  std::optional<Json> said;
  std::string why;  // it said nothing
};

// What each member says of itself now, at the address that the log has.
std::vector<Seen> askAll(const std::vector<ledger::ClusterMember>& members, const std::string& authority) {
  std::vector<Seen> all;
  for (const auto& member : members) {
    Seen seen{member, {}, {}};
    auto response = http::callOnce(member.url + "/cluster", {"GET", "/cluster"},
                                   {authority, std::chrono::seconds(3), cluster::kMaxMessageBytes});
    if (!response.ok()) {
      seen.why = response.error().message.en;
    } else if (Json json = Json::parse(response->body.view(), nullptr, false); json.is_object()) {
      seen.said = std::move(json);
    }
    all.push_back(std::move(seen));
  }
  return all;
}

Result<std::vector<ledger::ClusterMember>> requireMembers(const ledger::Ledger& ledger) {
  PL_TRY(auto members, cluster::membersOf(ledger));
  if (members.empty())
    return makeError(ErrorCode::NotFound, "this ledger is kept on one machine: it has no nodes",
                     "本账本由单机保存，没有节点");
  return members;
}

std::string stateWord(const Context& context, const std::string& state) {
  if (state == "following") return std::string(context.say("following", "正常跟随"));
  if (state == "alone") return std::string(context.say("no majority answers", "未获过半数响应"));
  if (state == "behind") return std::string(context.say("behind, and stays so", "落后且未追上"));
  if (state == "order-lost") return std::string(context.say("the shared order is another", "共享定序不符"));
  if (state == "differs") return std::string(context.say("holds another history", "内容与多数不同"));
  return state;
}

std::string lineOf(const Context& context, const Seen& seen) {
  if (!seen.said) {
    return fmt::format("{:<12} {:<24} {}\n", seen.member.name, context.say("does not answer", "无响应"),
                       seen.member.url);
  }
  const Json& said = *seen.said;
  return fmt::format("{:<12} {:<24} {}\n", seen.member.name, stateWord(context, said.value("state", "")),
                     context.say(Message{fmt::format("{} entries, {} confirmed  {}", said.value("size", "?"),
                                                     said.value("confirmed", "?"), seen.member.url),
                                         fmt::format("{} 条，已确认 {} 条  {}", said.value("size", "?"),
                                                     said.value("confirmed", "?"), seen.member.url)}));
}

Result<int> status(Context& context, const ClusterOptions&) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto members, requireMembers(*ledger));
  PL_TRY(cluster::Settings settings, cluster::readSettings(context.ledgerDirectory));
  const auto all = askAll(members, settings.authority);
  std::size_t well = 0;
  std::string text;
  Json json = {{"needed", members.size() / 2 + 1}, {"nodes", Json::array()}};
  for (const Seen& seen : all) {
    well += seen.said && seen.said->value("state", "") == "following" ? 1 : 0;
    text += lineOf(context, seen);
    json["nodes"].push_back({{"name", seen.member.name}, {"url", seen.member.url}});
    if (seen.said) json["nodes"].back()["said"] = *seen.said;
    if (!seen.said) json["nodes"].back()["why"] = seen.why;
  }
  const bool enough = well >= members.size() / 2 + 1;
  text +=
      std::string(context.say(Message{fmt::format("{} of {} nodes follow; {} are needed{}\n", well, members.size(),
                                                  members.size() / 2 + 1, enough ? "" : ": nothing is recorded now"),
                                      fmt::format("{} 个节点中 {} 个正常，至少需要 {} 个{}\n", members.size(), well,
                                                  members.size() / 2 + 1, enough ? "" : "：目前无法记录")}));
  PL_CHECK(writeOutput(context, context.format == "table" ? text : json.dump() + "\n"));
  return enough ? kOk : kNo;
}

Result<int> policy(Context& context, const ClusterOptions&) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto members, requireMembers(*ledger));
  PL_CHECK(writeDocument(context, cluster::policyOf(ledger->logKey(), members)));
  return kOk;
}

// After etcd was lost or put back from an older state: the order goes on from what the nodes hold. Whatever was
// confirmed lies on more than half of them; so many must answer that one of those is among them, and none of them may
// hold anything that this node does not.
Result<int> resume(Context& context, const ClusterOptions&) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto members, requireMembers(*ledger));
  PL_TRY(cluster::Settings settings, cluster::readSettings(context.ledgerDirectory));
  const std::size_t needed = members.size() - (members.size() / 2 + 1) + 1;
  std::optional<ledger::OrderHead> own;
  std::size_t answered = 0;
  const auto all = askAll(members, settings.authority);
  for (const Seen& seen : all) {
    if (!seen.said) continue;
    ++answered;
    PL_TRY(ledger::OrderHead head, ledger::OrderHead::parse(seen.said->value("order", "")));
    if (seen.member.name == settings.name) own = head;
  }
  if (!own)
    return makeError(ErrorCode::Unavailable, "this node does not answer: start it with 'pilotledger serve' first",
                     "本节点无响应：请先以 pilotledger serve 启动");
  if (answered < needed) {
    return makeError(ErrorCode::Unavailable,
                     fmt::format("{} of {} nodes answer; {} must, so that nothing that was confirmed is missed",
                                 answered, members.size(), needed),
                     fmt::format("{} 个节点中仅 {} 个响应，至少需要 {} 个，方能确保已确认的内容不遗漏", members.size(),
                                 answered, needed));
  }
  for (const Seen& seen : all) {
    if (!seen.said) continue;
    PL_TRY(ledger::OrderHead head, ledger::OrderHead::parse(seen.said->value("order", "")));
    PL_TRY(std::uint64_t size, proof::parseDecimal(seen.said->value("size", ""), "size"));
    if (head.number > own->number || size > ledger->size()) {
      return makeError(ErrorCode::Conflict,
                       fmt::format("node {} holds more than this one: resume there", seen.member.name),
                       fmt::format("节点 {} 所存多于本节点：请在该节点执行 resume", seen.member.name));
    }
    PL_TRY(Digest root, ledger->rootAt(size));
    if (seen.said->value("root", "") != crypto::toBase64(root)) {
      return makeError(ErrorCode::Corruption,
                       fmt::format("node {} holds another history: run 'pilotledger verify' on both", seen.member.name),
                       fmt::format("节点 {} 的内容与本节点不同：请在两处运行 pilotledger verify", seen.member.name));
    }
  }
  PL_TRY(auto order, cluster::openRegister(settings, ledger->origin()));
  PL_TRY(auto found, order->head());
  if (found != own) {
    PL_TRY(auto swapped, order->swap(found, *own, ""));
    if (!swapped.done && swapped.found != own)
      return makeError(ErrorCode::Conflict, "the order changed meanwhile: run it again", "定序在此期间变化：请重试");
  }
  PL_CHECK(writeOutput(context, context.say(Message{fmt::format("the order goes on from {}\n", own->text()),
                                                    fmt::format("定序自 {} 继续\n", own->text())})));
  return kOk;
}

void declareSeat(CLI::App* app, const Context& context, ClusterOptions& options) {
  auto say = [&](std::string_view en, std::string_view zh) { return std::string(context.say(en, zh)); };
  app->add_option("--name", options.settings.name, say("of this node: a plain word", "本节点名称"))->required();
  app->add_option("--listen", options.settings.listen,
                  say("HOST:PORT where the other nodes reach it", "其他节点访问本节点的监听地址"))
      ->required();
  app->add_option("--url", options.url, say("the same as the others call it: https://…", "其他节点访问本节点的网址"))
      ->required();
  app->add_option("--etcd", options.settings.etcd,
                  say("https://HOST:PORT of a member of etcd; repeat it for each", "etcd 成员地址，逐一给出"))
      ->required();
  app->add_option(
         "--tls-ca", options.settings.authority,
         say("authority (PEM) of the certificates of etcd and of the nodes", "etcd 与各节点证书的颁发机构（PEM）"))
      ->required();
  app->add_option("--tls-cert", options.settings.certificate, say("this node's certificate (PEM)", "本节点证书（PEM）"))
      ->required();
  app->add_option("--tls-key", options.settings.key, say("its key (PEM)", "证书私钥（PEM）"))->required();
  app->add_option("--wait", options.settings.waitSeconds,
                  say("seconds for a majority; default 10", "等待过半数的秒数，默认 10"))
      ->check(CLI::Range(1, 300));
}

void declareOperator(CLI::App* app, const Context& context, ClusterOptions& options) {
  app->add_option("--key", options.keys, std::string(context.say("the operator's key", "运营者密钥")))->required();
  app->add_option("--passphrase-fd", options.passphraseFd,
                  std::string(context.say("read its passphrase from this descriptor", "从该描述符读取口令")));
}

}  // namespace

Action declareCluster(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ClusterOptions>();
  app.require_subcommand(1);
  auto sub = [&](const char* name, std::string_view en, std::string_view zh) {
    return app.add_subcommand(name, std::string(context.say(en, zh)));
  };
  using Run = Result<int> (*)(Context&, const ClusterOptions&);
  std::vector<std::pair<CLI::App*, Run>> runs;
  CLI::App* begin = sub("init", "make this ledger the first of several nodes", "将本账本设为多节点的首个节点");
  declareSeat(begin, context, *options);
  declareOperator(begin, context, *options);
  runs.emplace_back(begin, init);
  CLI::App* joining = sub("join", "make a restored backup of a node another one", "将恢复的节点备份设为新节点");
  declareSeat(joining, context, *options);
  runs.emplace_back(joining, join);
  CLI::App* admitting = sub("admit", "count a node that joined; through --server", "加入节点；经 --server");
  admitting->add_option("--name", options->settings.name, std::string(context.say("its name", "名称")))->required();
  admitting
      ->add_option("--vkey", options->vkey,
                   std::string(context.say("its key, as 'join' prints it", "节点公钥，见 join 的输出")))
      ->required();
  admitting
      ->add_option("--url", options->url, std::string(context.say("where the others reach it", "其他节点访问它的网址")))
      ->required();
  declareOperator(admitting, context, *options);
  runs.emplace_back(admitting,
                    [](Context& c, const ClusterOptions& o) { return submitRemote(c, admissionOf(c, o, o.vkey), o); });
  CLI::App* retiring = sub("retire", "count a node no more; through --server", "退出节点；经 --server");
  retiring->add_option("--name", options->settings.name, std::string(context.say("its name", "名称")))->required();
  retiring->add_option("--reason", options->reason, std::string(context.say("why", "原因")))->required();
  declareOperator(retiring, context, *options);
  runs.emplace_back(retiring, retire);
  runs.emplace_back(sub("status", "what each node says; exit 1 without a majority", "各节点状态；不足过半数时退出码 1"),
                    status);
  runs.emplace_back(
      sub("policy", "the policy file by which readers count the nodes' signatures", "供读者核对节点联署的策略文件"),
      policy);
  runs.emplace_back(sub("resume", "after etcd was lost or put back: let the order go on from here",
                        "etcd 丢失或被恢复后：自本节点继续定序"),
                    resume);
  return [options, runs](Context& c) -> Result<int> {
    for (const auto& [one, run] : runs)
      if (one->parsed()) return run(c, *options);
    PL_ASSERT(false);
    return kOk;
  };
}

}  // namespace pilotledger::cli
