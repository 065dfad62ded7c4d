// follow: a verified copy of a ledger that is written elsewhere.
#include "tools/follow/follow.h"

#include <fmt/format.h>

#include <chrono>
#include <system_error>
#include <thread>

#include "events/base/civil_date.h"
#include "tools/cli/remote.h"
#include "tools/cli/unfinished.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kFirstWait{1'000};  // after the source could not be reached; doubled each time
constexpr milliseconds kLongestWait{60'000};
constexpr milliseconds kReportEvery{2'000};  // while much is copied

struct FollowOptions {
  std::string source;
  std::string directory;
  std::string key;   // to log in with
  std::string vkey;  // of the log
  std::string authorities;
  int passphraseFd = -1;
  double interval = 1.0;  // seconds
  bool once = false;
};

// From the source on one side to the copy on the other, and what is said about it.
class Following {
 public:
  Following(Context& context, const FollowOptions& options) : context_(context), options_(options) {}

  Status prepare() {
    if (!options_.vkey.empty()) {
      PL_TRY(vkey_, crypto::VerifyKey::parse(options_.vkey));
    }
    if (options_.key.empty()) return {};
    PL_TRY(std::string passphrase, passphraseFrom(options_.passphraseFd));
    PL_TRY(key_, loadKey(options_.key, passphrase));
    return {};
  }

  // One look at the source, whatever it lacks. A copy that cannot go on ends it; so does all but an absent source.
  Status round() {
    if (source_ == nullptr) PL_CHECK(openSource());
    if (!follower_) PL_CHECK(openCopy());
    auto said = steady_clock::now();
    PL_CHECK(follower_->catchUp([&](const follow::Lag& lag) {
      if (lag.behind > 0 && steady_clock::now() - said < kReportEvery) return;
      said = steady_clock::now();
      say(lag.behind > 0 ? "behind" : "current", lag);
    }));
    if (vkey_ && !follower_->copy().logKeys().contains(*vkey_)) return wrongLog();
    if (!shown_ || lost_) say("current", follower_->lag());
    lost_ = false;
    return {};
  }

  bool mayTryAgain(const Error& error) const {
    bool mayPass = error.code == ErrorCode::Unavailable || isWithheld();
    return mayPass && !options_.once && !local_ && (!follower_ || follower_->sound());
  }

  void sayLost(const Error& error) {
    remark(context_, error.message);
    if (follower_) say(isWithheld() ? "withheld" : "unreachable", follower_->lag());
    lost_ = true;
  }
  // The source is there and gives less than it has signed.
  bool isWithheld() const { return follower_ && follower_->isWithheld(); }

 private:
  Status openSource() {
    if (!follow::isUrl(options_.source)) {
      source_ = follow::sourceOf(fs::path(options_.source));
      return {};
    }
    Context there = context_;
    there.server = options_.source;
    there.serverKey = options_.vkey;
    there.serverAuthorities = options_.authorities;
    PL_TRY(remote::RemoteLog log, openRemote(there, service::kMostCommitBytes));
    if (!vkey_) vkey_ = log.key();
    source_ = follow::sourceOf(std::move(log), key_ ? [this](remote::RemoteLog& at) -> Status {
      PL_TRY([[maybe_unused]] remote::Json said, openSession(context_, at, *key_));
      return {};
    } : std::function<Status(remote::RemoteLog&)>());
    return {};
  }

  Status openCopy() {
    std::error_code ignored;
    const fs::path directory = options_.directory;
    if (!fs::exists(directory / "log", ignored)) {
      PL_TRY(UnfinishedLedger making, UnfinishedLedger::begin(directory));
      PL_CHECK(follow::beginCopy(*source_, making.path()));
      PL_CHECK(making.finish());
    }
    UnfinishedLedger::tidy(directory);
    local_ = true;  // what is wrong now is wrong here, and stays so
    PL_TRY(auto copy, ledger::LedgerCopy::open(directory));
    local_ = false;
    PL_TRY(follow::Follower follower, follow::Follower::of(*source_, directory, std::move(copy)));
    follower_.emplace(std::move(follower));
    return {};
  }

  Error wrongLog() const {
    return makeError(ErrorCode::Corruption,
                     "the entries of this copy do not lead to the key of the log that is expected: " + vkey_->vkey(),
                     "本副本的条目推不出预期的日志公钥：" + vkey_->vkey());
  }

  void say(std::string_view state, const follow::Lag& lag) {
    shown_ = true;
    std::string now = events::formatUtcMs(context_.clock());
    double seconds = static_cast<double>(lag.behindMs) / 1000.0;
    std::string text;
    if (context_.format == "json" || context_.format == "jsonl") {
      nlohmann::ordered_json line = {{"time", now},
                                     {"state", state},
                                     {"entries", lag.entries},
                                     {"lag_entries", lag.behind},
                                     {"lag_seconds", seconds}};
      text = line.dump() + "\n";
    } else {
      std::string_view zh = state == "current"    ? "已同步"
                            : state == "behind"   ? "同步中"
                            : state == "withheld" ? "来源有所保留"
                                                  : "来源不可达";
      text = fmt::format(fmt::runtime(context_.say("{}  {}  {} entries, lacks {} ({:.1f} s)\n",
                                                   "{}  {}  {} 条，尚缺 {} 条（{:.1f} 秒）\n")),
                         now, context_.say(state, zh), lag.entries, lag.behind, seconds);
    }
    (void)writeOutput(context_, text).ok();
    std::fflush(stdout);  // whoever reads it waits for it
  }

  Context& context_;
  const FollowOptions& options_;
  std::optional<crypto::SigningKey> key_;
  std::optional<crypto::VerifyKey> vkey_;
  std::unique_ptr<follow::Source> source_;
  std::optional<follow::Follower> follower_;
  bool lost_ = false;
  bool local_ = false;
  bool shown_ = false;
};

Result<int> followLog(Context& context, const FollowOptions& options) {
  Following following(context, options);
  PL_CHECK(following.prepare());
  auto interval = milliseconds(static_cast<std::int64_t>(options.interval * 1000));
  milliseconds wait = kFirstWait;
  while (true) {
    Status round = following.round();
    if (!round.ok() && !following.mayTryAgain(round.error())) return std::move(round).error();
    if (round.ok() && options.once) return kOk;
    if (!round.ok()) following.sayLost(round.error());
    std::this_thread::sleep_for(round.ok() ? interval : wait);
    wait = round.ok() ? kFirstWait : std::min(2 * wait, kLongestWait);
  }
}

}  // namespace

Action declareFollow(CLI::App& app, const Context& context) {
  auto options = std::make_shared<FollowOptions>();
  auto say = [&](std::string_view en, std::string_view zh) { return std::string(context.say(en, zh)); };
  app.add_option("source", options->source,
                 say("URL of the server, or the directory of a copy", "服务器地址，或副本目录"))
      ->required();
  app.add_option(
         "directory", options->directory,
         say("of the copy: empty, a copy, or a ledger that was restored", "副本目录：空目录、副本或已恢复的账本"))
      ->required();
  app.add_option("--key", options->key,
                 say("key file to log in with (role AUD or OPR); default: the session of 'login'",
                     "登录所用密钥文件（AUD 或 OPR 角色）；缺省用 login 的会话"));
  app.add_option("--passphrase-fd", options->passphraseFd,
                 say("read the passphrase of the key from this descriptor", "从该描述符读取口令"));
  app.add_option("--vkey", options->vkey, say("public key of the log, as published", "运营方公布的日志公钥"));
  app.add_option("--tls-ca", options->authorities, std::string(context.say(kTlsAuthorities)));
  app.add_option("--interval", options->interval, say("seconds between two looks", "两次查询的间隔秒数"))
      ->check(CLI::Range(0.01, 86400.0));
  app.add_flag("--once", options->once, say("copy what is there, then end", "复制现有提交后结束"));
  return [options](Context& c) { return followLog(c, *options); };
}

}  // namespace pilotledger::cli
