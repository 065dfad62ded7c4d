#include "tools/follow/source.h"

#include <utility>

namespace pilotledger::follow {
namespace {

class Served final : public Source {
 public:
  Served(remote::RemoteLog log, std::function<Status(remote::RemoteLog&)> logIn)
      : log_(std::move(log)), logIn_(std::move(logIn)) {}

  std::string name() const override { return log_.server(); }

  Result<crypto::VerifyKey> foundingKey() override {
    PL_TRY(remote::Json json, loggedIn<remote::Json>([&] { return log_.askAside("/v1/ledger"); }));
    return crypto::VerifyKey::parse(remote::textOf(json, "founding_key"));
  }

  Result<service::CommitPage> page(std::uint64_t from) override {
    PL_TRY(std::string bytes, loggedIn<std::string>([&] {
             return log_.text("/v1/commits", {{"from", std::to_string(from)}});
           }));
    return service::readCommitPage(bytes);
  }

  Result<std::string> newest() override {
    PL_CHECK(log_.refresh());
    return log_.note();
  }

  Result<proof::NodeReader> nodes(std::uint64_t size) override { return log_.nodes(size); }

 private:
  // Sessions end, and a server that starts anew knows none.
  template <typename T>
  Result<T> loggedIn(const std::function<Result<T>()>& ask) {
    Result<T> answer = ask();
    if (answer.ok() || answer.error().code != ErrorCode::NotAuthorized || !logIn_) return answer;
    PL_CHECK(logIn_(log_));
    return ask();
  }

  remote::RemoteLog log_;
  std::function<Status(remote::RemoteLog&)> logIn_;
};

class Stored final : public Source {
 public:
  explicit Stored(std::filesystem::path directory) : directory_(std::move(directory)) {}

  std::string name() const override { return directory_.string(); }

  Result<crypto::VerifyKey> foundingKey() override {
    PL_CHECK(open());
    return ledger_->logKeys().first();
  }

  Result<service::CommitPage> page(std::uint64_t from) override {
    if (ledger_ == nullptr || ledger_->size() <= from) PL_CHECK(open());
    PL_TRY(service::WrittenPage page, service::writeCommitPage(*ledger_, from));
    return service::readCommitPage(page.bytes);
  }

  Result<std::string> newest() override {
    PL_CHECK(open());
    return ledger_->checkpoint();
  }

  Result<proof::NodeReader> nodes(std::uint64_t) override { return ledger_->nodes(); }

 private:
  Status open() {
    PL_TRY(ledger_, ledger::Ledger::open(directory_, ledger::OpenMode::ReadOnly));
    return {};
  }

  std::filesystem::path directory_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

}  // namespace

bool isUrl(const std::string& source) { return source.find("://") != source.npos || source.starts_with("unix:"); }

std::unique_ptr<Source> sourceOf(remote::RemoteLog log, std::function<Status(remote::RemoteLog&)> logIn) {
  return std::make_unique<Served>(std::move(log), std::move(logIn));
}

std::unique_ptr<Source> sourceOf(std::filesystem::path directory) {
  return std::make_unique<Stored>(std::move(directory));
}

}  // namespace pilotledger::follow
