#include "tools/cluster/etcd_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>

#include "events/base/text.h"

namespace pilotledger::cluster {
namespace {

constexpr std::size_t kMostIdleChannels = 8;
constexpr std::string_view kTransact = "/etcdserverpb.KV/Txn";
constexpr std::string_view kRange = "/etcdserverpb.KV/Range";
constexpr std::string_view kStatus = "/etcdserverpb.Maintenance/Status";

enum class Again { WhenNotSent, Always };

std::string said(std::string_view words) { return events::visibleText(words.substr(0, 240)); }

Error noAnswer(const std::string& endpoint, const std::string& reason) {
  return makeError(ErrorCode::Unavailable, fmt::format("etcd {}: no answer: {}", endpoint, said(reason)),
                   fmt::format("etcd {}：未答复：{}", endpoint, said(reason)));
}

Error tooLarge(std::string_view found) {
  return invalidInput(
      fmt::format("too large for one request to etcd: {}; etcd's --max-request-bytes is the limit", found),
      fmt::format("超出 etcd 单次请求上限：{}；上限由 etcd 的 --max-request-bytes 设定", found));
}

// The codes of gRPC. All that is not about the request itself may pass, or be otherwise at another member.
Error refusal(const std::string& endpoint, const GrpcAnswer& answer) {
  constexpr int kInvalidArgument = 3, kPermissionDenied = 7, kResourceExhausted = 8, kUnauthenticated = 16;
  const std::string words = said(answer.message);
  const auto says = [&](std::string_view part) { return answer.message.find(part) != answer.message.npos; };
  const bool exhausted = answer.status == kResourceExhausted;
  if ((answer.status == kInvalidArgument && says("too large")) || (exhausted && says("larger than max")))
    return tooLarge(words);
  std::string_view en = "gave no answer", zh = "未能答复";
  if (exhausted && says("space exceeded")) {
    en = "its database has reached its quota (--quota-backend-bytes) and takes nothing more";
    zh = "数据库已达配额（--quota-backend-bytes），不再接受写入";
  } else if (answer.status == kPermissionDenied || answer.status == kUnauthenticated) {
    en = "it does not let this client in";
    zh = "拒绝本客户端访问";
  } else if (says("leader")) {
    en = "it has no leader at present";
    zh = "当前没有主节点";
  } else if (exhausted) {
    en = "it has too much to do";
    zh = "请求过多";
  }
  return makeError(ErrorCode::Unavailable, fmt::format("etcd {}: {} (code {}: {})", endpoint, en, answer.status, words),
                   fmt::format("etcd {}：{}（代码 {}：{}）", endpoint, zh, answer.status, words));
}

Status checkEndpoint(std::string_view endpoint) {
  constexpr std::string_view kScheme = "https://";
  if (endpoint.starts_with("http://")) {
    return invalidInput(
        fmt::format("etcd {}: only https is spoken: libcurl 7.88 cannot use a clear-text HTTP/2 connection twice, and "
                    "whoever can write to etcd can halt the ledger. Start etcd with --client-cert-auth",
                    events::shortened(endpoint)),
        fmt::format("etcd {}：仅支持 https：libcurl 7.88 无法复用明文 HTTP/2 连接，且能写入 etcd 者即可使账本停摆。"
                    "请以 --client-cert-auth 启动 etcd",
                    events::shortened(endpoint)));
  }
  std::string_view host = endpoint.starts_with(kScheme) ? endpoint.substr(kScheme.size()) : std::string_view();
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (host.empty() || !plain || host.find_first_of("/?#@\\") != host.npos) {
    return invalidInput(fmt::format("etcd: expected https://HOST:PORT, found {}", events::shortened(endpoint)),
                        fmt::format("etcd 地址应为 https://主机:端口，实为 {}", events::shortened(endpoint)));
  }
  return {};
}

Status checkFile(const std::string& path, std::string_view en, std::string_view zh) {
  std::error_code failure;
  if (!path.empty() && std::filesystem::is_regular_file(path, failure)) return {};
  return invalidInput(fmt::format("etcd: no file with the {}: {}", en, path),
                      fmt::format("etcd：缺少{}文件：{}", zh, path));
}

}  // namespace

class EtcdClient::Members {
 public:
  explicit Members(EtcdOptions options) : options_(std::move(options)) {}

  std::size_t count() const { return options_.endpoints.size(); }

  // The message that answers. The member that gave the last answer is asked first.
  Result<std::string> call(std::string_view method, const std::string& message, Again again) {
    std::optional<Error> failure;
    for (std::size_t asked = 0; asked < count(); ++asked) {
      const std::size_t member = preferred_;
      GrpcAnswer::Fate fate = GrpcAnswer::Fate::Unknown;
      auto answer = callMember(member, method, message, fate);
      if (answer.ok() || answer.error().code == ErrorCode::InvalidInput) return answer;
      std::size_t still = member;  // unless another thread went on already
      preferred_.compare_exchange_strong(still, (member + 1) % count());
      failure = std::move(answer).error();
      if (fate != GrpcAnswer::Fate::NotSent && again != Again::Always) break;
    }
    return *std::move(failure);
  }

  Result<std::string> callMember(std::size_t member, std::string_view method, const std::string& message,
                                 GrpcAnswer::Fate& fate) {
    fate = GrpcAnswer::Fate::NotSent;
    if (message.size() > kMostRequestBytes) return tooLarge(fmt::format("{} > {}", message.size(), kMostRequestBytes));
    const std::string& endpoint = options_.endpoints[member];
    PL_TRY(auto channel, takeChannel());
    GrpcAnswer answer = channel->call(endpoint + std::string(method), framed(message), options_.deadline);
    putBack(std::move(channel));
    fate = answer.fate;
    if (fate != GrpcAnswer::Fate::Answered) return noAnswer(endpoint, answer.message);
    if (answer.status != 0) return refusal(endpoint, answer);
    auto content = unframed(answer.body);
    if (!content.ok()) return unreadable(std::move(content).error());
    return std::string(*content);
  }

  // Bytes that are no answer say nothing about what was done.
  static Error unreadable(Error error) {
    error.code = ErrorCode::Unavailable;
    return error;
  }

 private:
  Result<std::unique_ptr<GrpcChannel>> takeChannel() {
    {
      std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto channel = std::move(idle_.back());  // the one used last: its connections are open still
        idle_.pop_back();
        return channel;
      }
    }
    return GrpcChannel::make(options_.tls);
  }
  void putBack(std::unique_ptr<GrpcChannel> channel) {
    std::lock_guard lock(mutex_);
    if (idle_.size() < kMostIdleChannels) idle_.push_back(std::move(channel));
  }

  const EtcdOptions options_;
  std::atomic<std::size_t> preferred_{0};
  std::mutex mutex_;
  std::vector<std::unique_ptr<GrpcChannel>> idle_;
};

EtcdClient::EtcdClient(std::unique_ptr<Members> members) : members_(std::move(members)) {}
EtcdClient::EtcdClient(EtcdClient&&) noexcept = default;
EtcdClient& EtcdClient::operator=(EtcdClient&&) noexcept = default;
EtcdClient::~EtcdClient() = default;

Result<EtcdClient> EtcdClient::of(EtcdOptions options) {
  if (options.endpoints.empty()) return invalidInput("etcd: no endpoint is named", "etcd：未指定地址");
  for (const std::string& endpoint : options.endpoints) PL_CHECK(checkEndpoint(endpoint));
  PL_CHECK(checkFile(options.tls.authorities, "authority's certificate", " CA 证书"));
  PL_CHECK(checkFile(options.tls.certificate, "client's certificate", "客户端证书"));
  PL_CHECK(checkFile(options.tls.key, "client's key", "客户端私钥"));
  PL_ASSERT(options.deadline.count() > 0);
  return EtcdClient(std::make_unique<Members>(std::move(options)));
}

Result<EtcdOutcome> EtcdClient::transact(const EtcdTransaction& transaction) const {
  const Again again = transaction.compares.empty() ? Again::Always : Again::WhenNotSent;
  PL_TRY(std::string message, members_->call(kTransact, encode(transaction), again));
  auto outcome = decodeOutcome(message);
  if (!outcome.ok()) return Members::unreadable(std::move(outcome).error());
  return outcome;
}

Result<EtcdFound> EtcdClient::range(const EtcdRange& range) const {
  PL_TRY(std::string message, members_->call(kRange, encode(range), Again::Always));
  auto found = decodeFound(message);
  if (!found.ok()) return Members::unreadable(std::move(found).error());
  return found;
}

Result<std::uint64_t> EtcdClient::databaseBytes() const {
  std::optional<std::uint64_t> largest;
  std::optional<Error> failure;
  for (std::size_t member = 0; member < members_->count(); ++member) {
    GrpcAnswer::Fate fate{};
    auto answer = members_->callMember(member, kStatus, {}, fate);
    auto bytes = answer.ok() ? decodeDatabaseBytes(*answer) : Result<std::uint64_t>(std::move(answer).error());
    if (bytes.ok()) {
      largest = std::max(largest.value_or(0), *bytes);
    } else {
      failure = Members::unreadable(std::move(bytes).error());
    }
  }
  if (largest) return *largest;
  return *std::move(failure);
}

}  // namespace pilotledger::cluster
