// status: how the ledger stands, for its operator and for monitoring.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "events/base/local_time.h"
#include "ledger/crypto/encoding.h"
#include "ledger/log/identity.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/witness.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::int64_t kHourMs = 3'600'000, kDayMs = 24 * kHourMs;
constexpr std::uint64_t kMiB = 1u << 20;

struct StatusOptions {
  int maxDays = 30;                 // without a new entry
  std::uint64_t minFreeMiB = 1024;  // on the ledger's disk
};

// What is printed, and what is wrong; each part adds its lines.
class Condition {
 public:
  Condition(const Context& context, const ledger::Ledger& ledger, const StatusOptions& options)
      : context_(context), ledger_(ledger), options_(options) {}

  Status gather() {
    PL_CHECK(addPosition());
    addClock();
    PL_CHECK(addEdition());
    PL_CHECK(addWitnesses());
    PL_CHECK(addReadModel());
    addDisk();
    addPermissions();
    PL_CHECK(addKeys());
    return {};
  }

  std::string text() const {
    std::string out;
    for (const auto& [label, value] : lines_) {
      out += context_.zh() ? fmt::format("{}：{}\n", label.zh, value.zh)
                           : fmt::format("{:<14}{}\n", label.en + ":", value.en);
    }
    for (const Message& problem : problems_)
      out += fmt::format("{}{}\n", context_.say("ATTENTION: ", "注意："), context_.say(problem));
    if (problems_.empty()) out += context_.say("nothing needs attention\n", "未见异常\n");
    return out;
  }
  std::string json() const {
    Json whole = {{"ok", problems_.empty()}};
    whole.update(json_);
    whole["problems"] = Json::array();
    for (const Message& problem : problems_) whole["problems"].push_back(problem.en);
    return whole.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  bool good() const { return problems_.empty(); }

 private:
  void line(Message label, Message value) { lines_.emplace_back(std::move(label), std::move(value)); }
  void plain(Message label, const std::string& value) { line(std::move(label), Message{value, value}); }
  void problem(std::string en, std::string zh) { problems_.push_back({std::move(en), std::move(zh)}); }

  Status addPosition();
  void addClock();
  Status addEdition();
  Status addWitnesses();
  Status addReadModel();
  void addDisk();
  void addPermissions();
  Status addKeys();

  const Context& context_;
  const ledger::Ledger& ledger_;
  StatusOptions options_;
  std::int64_t newestMs_ = 0;
  std::vector<std::pair<Message, Message>> lines_;
  std::vector<Message> problems_;
  Json json_ = Json::object();
};

Status Condition::addPosition() {
  PL_TRY(proof::Entry newest, ledger_.entry(ledger_.size() - 1));
  newestMs_ = newest.recordedAtMs;
  std::string root = crypto::toBase64(ledger_.root());
  plain({"ledger", "账本"}, ledger_.origin());
  plain({"entries", "条目"}, std::to_string(ledger_.size()));
  plain({"root", "日志根"}, root);
  json_["origin"] = ledger_.origin();
  json_["entries"] = ledger_.size();
  json_["root"] = root;
  const std::int64_t days = (context_.clock() - newestMs_) / kDayMs;
  std::string when = events::formatLocalMinutes(newestMs_);
  line({"checkpoint", "检查点"}, {fmt::format("signed {}, {} days ago", when, std::max<std::int64_t>(days, 0)),
                                  fmt::format("签署于 {}，距今 {} 天", when, std::max<std::int64_t>(days, 0))});
  json_["newestRecordedAt"] = events::formatUtcMs(newestMs_);
  json_["checkpointAgeDays"] = std::max<std::int64_t>(days, 0);
  if (days > options_.maxDays) {
    problem(fmt::format("nothing has been recorded for {} days: is this the copy that is written to?", days),
            fmt::format("已 {} 天没有新记录：请确认是否为正在使用的副本", days));
  }
  return {};
}

void Condition::addClock() {
  const std::int64_t now = context_.clock(), ahead = newestMs_ - now;
  std::string time = events::formatLocalMinutes(now);
  plain({"clock", "本机时钟"}, time);
  json_["clock"] = events::formatUtcMs(now);
  json_["newestAheadSeconds"] = std::max<std::int64_t>(ahead, 0) / 1000;
  if (ahead <= kHourMs) return;
  problem(fmt::format("the newest entry is {} hours ahead of this machine's clock; set the clock, or, when it is the "
                      "entry that is wrong, record "
                      "ClockCorrected with an auditor",
                      ahead / kHourMs),
          fmt::format("最新条目的记录时间比本机时钟超前 {} 小时；请先校准时钟；如系该条目有误，请会同审计记录 "
                      "ClockCorrected（时钟更正）",
                      ahead / kHourMs));
}

Status Condition::addEdition() {
  PL_TRY(int edition, editionOf(ledger_));
  Context english = context_, chinese = context_;
  english.language = Language::English;
  chinese.language = Language::Chinese;
  line({"edition", "规则版本"}, {editionText(english, edition), editionText(chinese, edition)});
  json_["edition"] = edition;
  json_["newestEdition"] = ledger::kNewestEdition;
  return {};
}

Status Condition::addWitnesses() {
  auto policy = ledgerPolicy(context_);
  if (!policy.ok()) {
    if (policy.error().code != ErrorCode::NotFound) return std::move(policy).error();
    line({"witnesses", "见证方"}, {"no policy", "未设策略"});
    json_["witnesses"] = nullptr;
    return {};
  }
  PL_TRY(std::uint64_t seen, witnessedSize(ledger_, *policy));
  const std::uint64_t behind = ledger_.size() - seen;
  line({"witnesses", "见证方"},
       {fmt::format("quorum {} at {} entries, {} behind", policy->quorumName(), seen, behind),
        fmt::format("法定联署 {} 已至 {} 条，落后 {} 条", policy->quorumName(), seen, behind)});
  json_["witnesses"] = {{"quorum", policy->quorumName()}, {"witnessed", seen}, {"behind", behind}};
  if (behind > 0) {
    problem(fmt::format("the newest {} entries have no quorum of witnesses: 'pilotledger witness collect'", behind),
            fmt::format("最新 {} 条未达法定联署：请运行 pilotledger witness collect", behind));
  }
  return {};
}

// Only looked at: what lags catches up with the next question.
Status Condition::addReadModel() {
  PL_TRY(auto kept, query::ReadModel::keptPosition(ledger_, service::viewsPlace(context_)));
  Message label{"read model", "读模型"};
  if (!kept) {
    line(label, {"none; the next view makes one", "无；下次查询时生成"});
    json_["readModel"] = nullptr;
    return {};
  }
  const std::uint64_t lag = ledger_.size() - std::min(*kept, ledger_.size());
  line(label, {fmt::format("at {} entries, {} behind", *kept, lag), fmt::format("已至 {} 条，落后 {} 条", *kept, lag)});
  json_["readModel"] = {{"entries", *kept}, {"behind", lag}};
  return {};
}

void Condition::addDisk() {
  std::error_code failure;
  fs::space_info space = fs::space(context_.ledgerDirectory, failure);
  if (failure) {
    problem("the disk cannot be asked: " + failure.message(), "无法查询磁盘：" + failure.message());
    return;
  }
  const std::uint64_t free = space.available / kMiB;
  line({"disk", "磁盘"}, {fmt::format("{} MiB free", free), fmt::format("剩余 {} MiB", free)});
  json_["diskFreeMiB"] = free;
  if (free < options_.minFreeMiB) {
    problem(fmt::format("{} MiB free on the disk, {} are asked for", free, options_.minFreeMiB),
            fmt::format("磁盘剩余 {} MiB，低于所定的 {} MiB", free, options_.minFreeMiB));
  }
}

// Who else may read or write here; keys must be nobody else's at all.
void Condition::addPermissions() {
  std::vector<std::pair<std::string, unsigned>> wide;
  auto look = [&](const fs::path& path, unsigned allowed) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return;
    const unsigned mode = info.st_mode & 0777u;
    if ((mode & ~allowed) != 0) wide.emplace_back(path.filename().string(), mode);
  };
  const fs::path directory = context_.ledgerDirectory;
  look(directory, 0700);
  std::error_code failure;
  for (const auto& file : fs::directory_iterator(directory, failure)) {
    const std::string extension = file.path().extension().string();
    if (extension == ".pem" || extension == ".key" || file.path().filename().string().starts_with("vault."))
      look(file.path(), 0600);
  }
  json_["permissions"] = Json::object();
  std::string names;
  for (const auto& [name, mode] : wide) {
    names += fmt::format("{}{} {:04o}", names.empty() ? "" : ", ", name, mode);
    json_["permissions"][name] = fmt::format("{:04o}", mode);
  }
  Message label{"permissions", "权限"};
  if (wide.empty()) {
    line(label, {"this user alone", "仅限本用户"});
    return;
  }
  line(label, {"wider than this user: " + names, "超出本用户：" + names});
  problem(
      fmt::format("others may reach what is in clear here ({}): chmod 0700 the directory, 0600 keys and vault", names),
      fmt::format("他人可接触此处明文（{}）：目录宜为 0700，密钥与保险库宜为 0600", names));
}

Status Condition::addKeys() {
  crypto::VerifyKey key = ledger_.logKey();
  plain({"log key", "日志密钥"}, key.vkey());
  json_["logKey"] = key.vkey();
  const fs::path directory = context_.ledgerDirectory;
  const bool writes = fs::exists(ledger::Ledger::logKeyFile(directory));
  const bool operatorHere = fs::exists(directory / "operator.pem");
  json_["logKeyHere"] = writes;
  json_["operatorKeyHere"] = operatorHere;
  if (Status original = ledger::requireOriginal(directory); !original.ok()) {
    json_["copy"] = true;
    line({"writing", "写入"}, original.error().message);
  } else if (!writes)
    line({"writing", "写入"}, {"log.pem is not here: this copy can only be read", "此处没有 log.pem：本副本只可读取"});
  if (operatorHere) {
    line({"operator key", "运营者密钥"}, {"operator.pem lies in the ledger's directory; move it away after use",
                                          "operator.pem 在账本目录中，用后请移走"});
  }
  auto held = service::heldRegisterKey(context_, ledger_);
  if (!held.ok() && held.error().code != ErrorCode::Corruption) return std::move(held).error();
  if (!held.ok()) {
    problems_.push_back(held.error().message);
    json_["registerKey"] = "damaged";
  } else {
    json_["registerKey"] = held->key ? "held" : "none";
    line({"register key", "登记密钥"},
         held->key ? Message{"as the log commits to it", "与日志承诺值一致"} : Message{"none", "无"});
    bool vault = fs::exists(service::vaultPath(context_));
    json_["vault"] = vault;
    if (held->key && !vault)
      problem("the vault is not here: sealed numbers cannot be shown", "缺少保险库：封存号码无法显示");
  }
  return {};
}

Result<int> showCondition(Context& context, const StatusOptions& options) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  Condition condition(context, *ledger, options);
  PL_CHECK(condition.gather());
  PL_CHECK(writeOutput(context, context.format == "table" ? condition.text() : condition.json()));
  return condition.good() ? kOk : kNo;
}

}  // namespace

Action declareStatus(CLI::App& app, const Context& context) {
  auto options = std::make_shared<StatusOptions>();
  app.add_option("--max-age", options->maxDays,
                 std::string(context.say("days without a new entry after which that needs attention",
                                         "多少天没有新条目即提示")))
      ->check(CLI::Range(1, 36500))
      ->capture_default_str();
  app.add_option("--min-free", options->minFreeMiB,
                 std::string(context.say("MiB that must be free on the disk", "磁盘须剩余的 MiB")))
      ->capture_default_str();
  return [options](Context& c) { return showCondition(c, *options); };
}

}  // namespace pilotledger::cli
