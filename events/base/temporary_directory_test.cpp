#include "events/base/temporary_directory.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

namespace pilotledger {
namespace {

namespace fs = std::filesystem;

class TemporaryDirectoryTest : public testing::Test {
 protected:
  TemporaryDirectory outer_ = TemporaryDirectory::make("outer").value();
  fs::path among_ = outer_.path() / "tmp";

  void SetUp() override {
    fs::create_directory(among_);
    ASSERT_EQ(::setenv("TMPDIR", among_.c_str(), 1), 0);
  }
  void TearDown() override { ::unsetenv("TMPDIR"); }
  std::ptrdiff_t directories() { return std::distance(fs::directory_iterator(among_), {}); }
};

TEST_F(TemporaryDirectoryTest, GoesWithAllInIt) {
  {
    auto made = TemporaryDirectory::make("test").value();
    std::ofstream(made.path() / "file") << "x";
    auto moved = std::move(made);
    EXPECT_TRUE(fs::exists(moved.path() / "file"));
  }
  EXPECT_EQ(directories(), 0);
}

TEST_F(TemporaryDirectoryTest, WhatAKilledProcessLeftGoesWithTheNextOneAndNothingElse) {
  pid_t child = ::fork();
  if (child == 0) {
    auto made = TemporaryDirectory::make("test");
    std::ofstream(made->path() / "file") << "x";
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_EQ(directories(), 1);
  fs::create_directory(among_ / "pilotledger-views-backup");  // a user's
  auto alive = TemporaryDirectory::make("test").value();
  auto second = TemporaryDirectory::make("test").value();
  EXPECT_EQ(directories(), 3);
  EXPECT_TRUE(fs::exists(alive.path())) << "its maker lives";
  EXPECT_TRUE(fs::exists(among_ / "pilotledger-views-backup"));
}

TEST_F(TemporaryDirectoryTest, ASignalThatIsHandledLeavesNothing) {
  for (int signal : {SIGINT, SIGTERM}) {
    pid_t child = ::fork();
    if (child == 0) {
      auto first = TemporaryDirectory::make("test"), second = TemporaryDirectory::make("test");
      for (int i = 0; i < 200; ++i) std::ofstream(first->path() / (std::string(60, 'n') + std::to_string(i))) << "x";
      std::signal(signal, [](int number) {
        TemporaryDirectory::removeAllInHandler();
        std::signal(number, SIG_DFL);
        ::raise(number);
      });
      ::raise(signal);
      ::pause();
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), signal);
    EXPECT_EQ(directories(), 0);
  }
}

TEST_F(TemporaryDirectoryTest, ManyAtOnceKeepTheirs) {
  std::atomic<int> lost = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        auto made = TemporaryDirectory::make("test");
        if (!made.ok() || !fs::exists(made->path())) ++lost;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(directories(), 0);
}

}  // namespace
}  // namespace pilotledger
