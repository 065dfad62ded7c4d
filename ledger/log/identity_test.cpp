// Which directories hold a ledger, which a part of one, and which none.
#include "ledger/log/identity.h"

#include <fstream>

#include "events/base/temporary_directory.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {
namespace {

namespace fs = std::filesystem;

TEST(RequireLedger, NoneWhereNothingIsOfALedger) {
  auto scratch = TemporaryDirectory::make("identity").value();
  EXPECT_EQ(requireLedger(scratch.path()).error().code, ErrorCode::NotFound);
  EXPECT_EQ(requireLedger(scratch.path() / "none").error().code, ErrorCode::NotFound);
  fs::create_directory(scratch.path() / "log");
  std::ofstream(scratch.path() / "log" / "today.txt") << "a log of something else";
  EXPECT_EQ(requireLedger(scratch.path()).error().code, ErrorCode::NotFound);
  EXPECT_EQ(requireLedger("/dev/null").error().code, ErrorCode::NotFound);
}

// Whatever is left of a ledger, nobody is told to make a new one in its place.
TEST(RequireLedger, APartOfALedgerIsDamage) {
  LedgerFixture town;
  town.close();
  EXPECT_TRUE(requireLedger(town.directory()).ok());
  std::vector<fs::path> files = {town.directory() / "head", town.directory() / "log.pem"};
  for (const auto& file : fs::directory_iterator(town.directory() / "log")) {
    std::string name = file.path().filename().string();
    if (name != "CURRENT" && name != "LOCK" && !name.starts_with("LOG")) files.push_back(file.path());
  }
  EXPECT_GE(files.size(), 5u);
  fs::path left = town.directory().string() + "-left";
  for (const fs::path& file : files) {
    fs::remove_all(left);
    fs::path at = left / file.lexically_relative(town.directory());
    fs::create_directories(at.parent_path());
    fs::copy(file, at);
    Status status = requireLedger(left);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::Corruption) << file;
    EXPECT_NE(status.error().message.en.find("log/CURRENT is missing"), std::string::npos);
    EXPECT_NE(status.error().message.en.find(file.lexically_relative(town.directory()).string()), std::string::npos)
        << "what is there";
    EXPECT_FALSE(status.error().message.zh.empty());
  }
  fs::remove_all(left);
}

}  // namespace
}  // namespace pilotledger::ledger
