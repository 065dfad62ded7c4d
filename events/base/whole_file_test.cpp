#include "events/base/whole_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "events/base/temporary_directory.h"

namespace pilotledger {
namespace {

namespace fs = std::filesystem;

class WholeFileTest : public testing::Test {
 protected:
  TemporaryDirectory scratch_ = TemporaryDirectory::make("whole").value();
  fs::path directory_ = scratch_.path() / "files";
  fs::path path_ = directory_ / "file";

  void SetUp() override { fs::create_directory(directory_); }
  std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::ptrdiff_t files() { return std::distance(fs::directory_iterator(directory_), {}); }
  unsigned modeOf(const fs::path& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_mode & 07777;
  }
};

TEST_F(WholeFileTest, StandsOnlyWhenItIsWhole) {
  ASSERT_TRUE(writeWholeFile(path_, "before").ok());
  {
    auto file = WholeFile::begin(path_).value();
    ASSERT_TRUE(file.write("half").ok());
    EXPECT_EQ(content(path_), "before");
  }
  EXPECT_EQ(content(path_), "before") << "not committed";
  auto file = WholeFile::begin(path_).value();
  ASSERT_TRUE(file.write("af").ok() && file.write("ter").ok() && file.commit().ok());
  EXPECT_EQ(content(path_), "after");
  EXPECT_EQ(files(), 1) << "nothing beside it";
}

TEST_F(WholeFileTest, AProcessThatIsKilledLeavesWhatWasThere) {
  ASSERT_TRUE(writeWholeFile(path_, "before").ok());
  pid_t child = ::fork();
  if (child == 0) {
    auto file = WholeFile::begin(path_).value();
    bool written = file.write(std::string(1u << 20, 'x')).ok();
    ::raise(written ? SIGKILL : SIGABRT);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_EQ(WTERMSIG(status), SIGKILL);
  EXPECT_EQ(content(path_), "before");
  EXPECT_EQ(files(), 1);
}

// A limit on the size of files stands for the full disk.
TEST_F(WholeFileTest, AFullDiskIsSaidAndLeavesWhatWasThere) {
  ASSERT_TRUE(writeWholeFile(path_, "before").ok());
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit tight{4096, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  Status written = writeWholeFile(path_, std::string(8192, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(written.error().code, ErrorCode::Unavailable);
  EXPECT_FALSE(written.error().message.zh.empty());
  EXPECT_EQ(content(path_), "before");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFileTest, RefusesToTakeTheNameOfAnother) {
  WholeFileOptions key{IfThere::Refuse, 0600};
  ASSERT_TRUE(writeWholeFile(path_, "mine", key).ok());
  EXPECT_EQ(modeOf(path_), 0600u);
  EXPECT_EQ(writeWholeFile(path_, "other", key).error().code, ErrorCode::Conflict);
  auto late = WholeFile::begin(directory_ / "late", key).value();
  ASSERT_TRUE(late.write("late").ok());
  ASSERT_TRUE(writeWholeFile(directory_ / "late", "first").ok());
  EXPECT_EQ(late.commit().error().code, ErrorCode::Conflict) << "it came while the other was written";
  EXPECT_EQ(content(path_), "mine");
  EXPECT_EQ(content(directory_ / "late"), "first");
  EXPECT_EQ(files(), 2);
}

TEST_F(WholeFileTest, KeepsTheModeAndFollowsLinks) {
  ASSERT_TRUE(writeWholeFile(path_, "before").ok());
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  fs::create_symlink("file", directory_ / "link");
  ASSERT_TRUE(writeWholeFile(directory_ / "link", "after").ok());
  EXPECT_TRUE(fs::is_symlink(directory_ / "link"));
  EXPECT_EQ(content(path_), "after");
  EXPECT_EQ(modeOf(path_), 0640u);
}

TEST_F(WholeFileTest, DevicesAreWrittenToAsTheyAre) {
  EXPECT_TRUE(writeWholeFile("/dev/null", "x").ok());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_EQ(writeWholeFile("/dev/full", "x").error().code, ErrorCode::Unavailable);
  EXPECT_EQ(writeWholeFile(directory_ / "none" / "file", "x").error().code, ErrorCode::NotFound);
}

TEST_F(WholeFileTest, WhatALibraryWroteTakesThePlaceOfAnother) {
  ASSERT_TRUE(writeWholeFile(path_, "before").ok());
  std::ofstream(directory_ / "fresh") << "after";
  ASSERT_TRUE(placeWholeFile(directory_ / "fresh", path_).ok());
  EXPECT_EQ(content(path_), "after");
  EXPECT_EQ(files(), 1);
}

}  // namespace
}  // namespace pilotledger
