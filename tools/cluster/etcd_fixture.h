// For tests: etcd members of our own on loopback, with an authority and certificates made for the occasion. They end
// with the test, however it ends.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "events/base/temporary_directory.h"
#include "tools/cluster/etcd_register.h"

namespace pilotledger::cluster {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

inline std::chrono::milliseconds since(Clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
}

inline ledger::OrderHead headOf(std::uint64_t number, std::uint8_t chain = 1) {
  ledger::OrderHead head{number, {}};
  head.chain.fill(chain);
  return head;
}

class Process {
 public:
  Process() = default;
  Process(const std::vector<std::string>& command, const std::filesystem::path& log) {
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const std::string to = log.string();
    id_ = fork();
    if (id_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int file = open(to.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(file, 1);
    dup2(file, 2);
    execvp(words[0], words.data());
    _exit(127);
  }
  Process(Process&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  Process& operator=(Process&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Process() { end(); }
  void signal(int number) const { ::kill(id_, number); }
  void end() {
    if (id_ <= 0) return;
    ::kill(id_, SIGKILL);
    waitpid(std::exchange(id_, 0), nullptr, 0);
  }

 private:
  pid_t id_ = 0;
};

inline int freePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  EXPECT_EQ(bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  close(socket);
  return ntohs(address.sin_port);
}

inline std::string localUrl(int port) { return "https://127.0.0.1:" + std::to_string(port); }

inline TemporaryDirectory testDirectory() {
  if (std::filesystem::is_directory("/dev/shm")) setenv("TMPDIR", "/dev/shm", 0);
  return TemporaryDirectory::make("etcd-test").value();
}

// An authority, "ca.pem", and what it certified: "member", "client".
class Certificates {
 public:
  explicit Certificates(std::filesystem::path directory) : directory_(std::move(directory)) {
    std::filesystem::create_directory(directory_);
    std::ofstream(directory_ / "names") << "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n";
    const std::string begin = "cd '" + directory_.string() + "' && openssl ";
    const std::string key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ";
    run(begin + "req -x509 -days 2 -subj /CN=ca" + key + "ca.key -out ca.pem");
    for (const std::string& name : std::vector<std::string>{"member", "client"}) {
      run(begin + "req -subj /CN=" + name + key + name + ".key -out " + name + ".csr");
      run(begin + "x509 -req -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -in " + name +
          ".csr -out " + name + ".pem");
    }
  }
  std::string file(const std::string& name) const { return directory_ / name; }
  TlsFiles client() const { return {file("ca.pem"), file("client.pem"), file("client.key")}; }

 private:
  static void run(const std::string& command) {
    EXPECT_EQ(std::system((command + " 2>/dev/null").c_str()), 0) << command;
  }
  std::filesystem::path directory_;
};

class EtcdMembers {
 public:
  explicit EtcdMembers(std::size_t count, std::vector<std::string> flags = {}) : flags_(std::move(flags)) {
    for (std::size_t i = 0; i < count; ++i) {
      members_.push_back({freePort(), freePort(), {}});
      all_ += (i == 0 ? "" : ",") + name(i) + "=" + localUrl(members_[i].peerPort);
    }
    for (std::size_t i = 0; i < count; ++i) start(i);
    for (std::size_t i = 0; i < count; ++i) waitFor(i);
  }

  void start(std::size_t i) { members_[i].process = Process(command(i), directory_.path() / (name(i) + ".log")); }
  void kill(std::size_t i) { members_[i].process.end(); }
  void pause(std::size_t i) { members_[i].process.signal(SIGSTOP); }
  void goOn(std::size_t i) { members_[i].process.signal(SIGCONT); }
  std::string url(std::size_t i) const { return localUrl(members_[i].port); }
  std::string peerUrl(std::size_t i) const { return localUrl(members_[i].peerPort); }
  const Certificates& certificates() const { return certificates_; }
  const std::filesystem::path& directory() const { return directory_.path(); }

  // Of these members, in this order.
  EtcdOptions options(const std::vector<std::size_t>& which, std::chrono::milliseconds deadline = 2000ms) const {
    EtcdOptions options{{}, certificates_.client(), deadline};
    for (std::size_t i : which) options.endpoints.push_back(url(i));
    return options;
  }
  EtcdClient client(const std::vector<std::size_t>& which = {0}, std::chrono::milliseconds deadline = 2000ms) const {
    return EtcdClient::of(options(which, deadline)).value();
  }
  void waitFor(std::size_t i) const {
    EtcdClient one = client({i});
    const auto begin = Clock::now();
    auto answer = one.range({"ready"});
    for (; !answer.ok() && since(begin) < 20s; answer = one.range({"ready"})) std::this_thread::sleep_for(20ms);
    EXPECT_TRUE(answer.ok()) << answer.error().message.en << "\n" << log(i);
  }

  std::size_t leader() const {  // as etcd's own client says
    const TlsFiles tls = certificates_.client();
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const std::string out = directory_.path() / "status";
      const std::string ask = "ETCDCTL_API=3 etcdctl --cacert " + tls.authorities + " --cert " + tls.certificate +
                              " --key " + tls.key + " --endpoints " + url(i) + " endpoint status -w simple > " + out;
      EXPECT_EQ(std::system(ask.c_str()), 0);
      if (textOf(out).find(", true, false, ") != std::string::npos) return i;
    }
    ADD_FAILURE() << "no leader";
    return 0;
  }

 private:
  struct Member {
    int port = 0, peerPort = 0;
    Process process;
  };
  static std::string name(std::size_t i) { return "m" + std::to_string(i); }
  static std::string textOf(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
  std::string log(std::size_t i) const { return textOf(directory_.path() / (name(i) + ".log")); }

  std::vector<std::string> command(std::size_t i) const {
    const std::string member = certificates_.file("member.pem"), key = certificates_.file("member.key"),
                      authority = certificates_.file("ca.pem"), url = this->url(i), peerUrl = this->peerUrl(i);
    std::vector<std::string> words = {"etcd", "--name", name(i), "--data-dir", directory_.path() / name(i)};
    const auto add = [&](std::vector<std::string> more) { words.insert(words.end(), more.begin(), more.end()); };
    add({"--listen-client-urls", url, "--advertise-client-urls", url, "--listen-peer-urls", peerUrl,
         "--initial-advertise-peer-urls", peerUrl, "--initial-cluster", all_, "--initial-cluster-state", "new"});
    add({"--cert-file", member, "--key-file", key, "--trusted-ca-file", authority, "--client-cert-auth",
         "--peer-cert-file", member, "--peer-key-file", key, "--peer-trusted-ca-file", authority,
         "--peer-client-cert-auth"});
    add({"--snapshot-count", "1000", "--auto-compaction-mode", "periodic", "--auto-compaction-retention", "10m",
         "--pre-vote", "--experimental-initial-corrupt-check", "--heartbeat-interval", "50", "--election-timeout",
         "500", "--logger", "zap", "--log-outputs", "stderr", "--log-level", "warn"});
    add(flags_);
    return words;
  }

  TemporaryDirectory directory_ = testDirectory();
  Certificates certificates_{directory_.path() / "tls"};
  std::vector<std::string> flags_;
  std::string all_;
  std::vector<Member> members_;
};

}  // namespace pilotledger::cluster
