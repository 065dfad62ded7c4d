// Several who ask at once, what is found at the place of a model, and what goes wrong there.
#include "query/model/read_model.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <future>

#include "query/sql/model_file.h"
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class KeptModel : public Books {
 protected:
  fs::path file() { return town.directory() / "books.sqlite"; }
  Digest digestOf(ReadModel& model) { return model.digest().value(); }
  Digest expected() { return digestOf(*ReadModel::open(town.ledger(), "").value()); }
  ino_t inode() {
    struct stat info {};
    EXPECT_EQ(::stat(file().c_str(), &info), 0);
    return info.st_ino;
  }
  std::int64_t awarded(ReadModel& model) {
    auto table = runView(model, model.asOf("").value(), "subsidy_totals", {});
    EXPECT_TRUE(table.ok()) << table.error().message.en;
    return table->rows.empty() ? 0 : number(*table, 0, "awarded");
  }
  bool onlyTheModelIsThere() {
    for (const auto& one : fs::directory_iterator(town.directory())) {
      if (one.path().filename().string().starts_with("books.sqlite.new")) return false;
    }
    return true;
  }
};

TEST_F(KeptModel, OneAddsWhatIsNewAndTheOthersWait) {
  model();
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 20; ++i) award(fmt::format("A{}-{}", round, i), 1000);
    std::vector<std::future<Result<Digest>>> readers;
    for (int i = 0; i < 6; ++i) {
      readers.push_back(std::async(std::launch::async, [&]() -> Result<Digest> {
        PL_TRY(auto own, ReadModel::open(town.ledger(), file()));
        return own->digest();
      }));
    }
    Digest sound = expected();
    for (auto& reader : readers) {
      auto digest = reader.get();
      ASSERT_TRUE(digest.ok()) << digest.error().message.en;
      EXPECT_EQ(*digest, sound);
    }
  }
}

TEST_F(KeptModel, AnAnswerHoldsNothingThatWasAddedSince) {
  award("A", 1000);
  auto reader = model();
  AsOf at = reader->asOf("").value();
  Table before = runView(*reader, at, "subsidy_totals", {}).value();
  award("B", 500);
  EXPECT_EQ(awarded(*model()), 1500);  // another process, which catches up
  EXPECT_EQ(runView(*reader, at, "subsidy_totals", {})->rows, before.rows);
  EXPECT_EQ(runView(*reader, at, "entries", {})->rows.size(), at.position);
}

TEST_F(KeptModel, WhoOpenedTheLogBeforeUsesTheNewerModel) {
  award("A", 1000);
  auto older = ledger::Ledger::open(town.directory(), ledger::OpenMode::ReadOnly).value();
  award("B", 500);
  model();
  ino_t kept = inode();
  auto reader = ReadModel::open(*older, file());
  ASSERT_TRUE(reader.ok()) << reader.error().message.en;
  EXPECT_EQ(inode(), kept) << "it was not made anew";
  EXPECT_EQ((*reader)->asOf("")->position, older->size());
  EXPECT_EQ(awarded(**reader), 1000);
  EXPECT_EQ((*reader)->firstDifference().value(), std::nullopt);
}

TEST_F(KeptModel, WhatOthersCanWriteIsMadeAnew) {
  award("A", 1000);
  ASSERT_TRUE(model()->database().execute("COMMIT; UPDATE fact_subsidy_awarded SET amount_fen = 999").ok());
  EXPECT_NE(digestOf(*model()), expected()) << "its owner's word is taken";
  fs::permissions(file(), fs::perms::group_write, fs::perm_options::add);
  EXPECT_EQ(digestOf(*model()), expected());
  struct stat info {};
  ASSERT_EQ(::stat(file().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 022, 0u);
}

TEST_F(KeptModel, ADamagedModelIsMadeAnewOneThatCannotBeReadIsLeft) {
  award("A", 1000);
  model();
  ino_t kept = inode();
  std::vector<int> open;
  for (int one; (one = ::open("/dev/null", O_RDONLY)) >= 0;) open.push_back(one);  // until no file can be opened
  auto busy = ReadModel::open(town.ledger(), file());
  for (int one : open) ::close(one);
  ASSERT_FALSE(busy.ok());
  EXPECT_EQ(busy.error().code, ErrorCode::Unavailable) << busy.error().message.en;
  EXPECT_EQ(inode(), kept);
  {
    std::ofstream(file(), std::ios::in | std::ios::binary).seekp(100) << std::string(20'000, 'x');
  }  // most of the schema
  EXPECT_EQ(digestOf(*model()), expected());
  EXPECT_NE(inode(), kept);
}

TEST_F(KeptModel, ARowThatIsThereAlreadyIsNoModelOfThisLog) {
  model();
  std::string next = std::to_string(town.ledger().size());
  ASSERT_TRUE(
      model()->database().execute("COMMIT; INSERT INTO fact_subsidy_awarded (entry_index) VALUES (" + next + ")").ok());
  award("A", 1000);
  EXPECT_EQ(digestOf(*model()), expected());
}

TEST_F(KeptModel, AFullDiskLeavesNothingBehind) {
  for (int i = 0; i < 50; ++i) award(fmt::format("A{}", i), 1000);
  rlimit before{}, small{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  small = {64 << 10, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  auto full = ReadModel::open(town.ledger(), file());
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().code, ErrorCode::Unavailable);
  EXPECT_NE(full.error().message.en.find("books.sqlite.new"), std::string::npos) << full.error().message.en;
  EXPECT_TRUE(onlyTheModelIsThere());
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_EQ(digestOf(*model()), expected());
}

TEST_F(KeptModel, WhatADeadRebuildLeftGoes) {
  std::ofstream(file().string() + ".new") << "half";
  std::ofstream(file().string() + ".new-journal") << "half";
  EXPECT_EQ(digestOf(*model()), expected());
  EXPECT_TRUE(onlyTheModelIsThere());
}

TEST_F(KeptModel, WhoWaitsTooLongIsTold) {
  ModelFile one(file()), other(file());
  ASSERT_TRUE(one.takeTurn(0ms).ok());
  Status refused = other.takeTurn(50ms);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  EXPECT_NE(refused.error().message.en.find("up to date"), std::string::npos);
  one.endTurn();
  EXPECT_TRUE(other.takeTurn(0ms).ok());
}

}  // namespace
}  // namespace pilotledger::query
