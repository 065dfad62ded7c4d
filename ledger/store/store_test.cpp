// What an opening believes: only what was acknowledged, only a log without holes, only tables that are all there; and
// that an opening which refuses has changed nothing.
#include "ledger/store/store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <map>
#include <thread>

#include "events/base/temporary_directory.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;
namespace fs = std::filesystem;

std::string contentOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void overwrite(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class StoreOpening : public ::testing::Test {
 protected:
  const fs::path& directory() const { return scratch_.path(); }
  fs::path log() const { return directory() / "log"; }

  static void writeEntry(Store& store, std::uint64_t index) {
    WriteSet rows = store.begin();
    rows.put(Family::Entry, layout::indexKey(index), std::string(300, 'e'));
    rows.put(Family::Entity, "award:A", "commit " + std::to_string(index));
    ASSERT_TRUE(store.write(std::move(rows)).ok());
  }
  static void commit(Store& store, std::uint64_t index) {
    writeEntry(store, index);
    WriteSet note = store.begin();
    note.put(Family::Checkpoint, layout::indexKey(index + 1), "note");
    ASSERT_TRUE(store.write(std::move(note), Store::Durability::Buffered).ok());
  }
  static void acknowledged(Store& store, std::uint64_t index) {
    commit(store, index);
    store.acknowledge(index + 1);
  }
  // Closed with all its rows in the write-ahead log.
  void make(std::uint64_t entries) {
    auto store = Store::open(directory(), Store::Mode::Create);
    ASSERT_TRUE(store.ok()) << store.error().message.en;
    for (std::uint64_t i = 0; i < entries; ++i) acknowledged(**store, i);
  }
  Result<std::uint64_t> sizeFor(Store::Mode mode) const {
    PL_TRY(auto store, Store::open(directory(), mode));
    return store->size();
  }
  fs::path only(const std::string& ending) const {
    fs::path found;
    std::uintmax_t largest = 0;
    for (const auto& file : fs::directory_iterator(log())) {
      if (file.path().string().ends_with(ending) && file.file_size() >= largest)
        found = file.path(), largest = file.file_size();
    }
    return found;
  }
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& file : fs::directory_iterator(log())) all.emplace(file.path().filename(), contentOf(file));
    return all;
  }
  void expectDamage() const {
    auto before = files();
    for (Store::Mode mode : {Store::Mode::Read, Store::Mode::Write}) {
      auto size = sizeFor(mode);
      ASSERT_FALSE(size.ok()) << *size;
      EXPECT_EQ(size.error().code, ErrorCode::Corruption) << size.error().message.en;
      EXPECT_FALSE(size.error().message.zh.empty());
    }
    EXPECT_EQ(files(), before) << "a refused opening changes nothing";
  }

 private:
  TemporaryDirectory scratch_ = TemporaryDirectory::make("store").value();
};

TEST_F(StoreOpening, AReaderSeesWhatIsSignedAndNoMore) {
  make(3);
  auto writer = Store::open(directory(), Store::Mode::Write).value();
  writeEntry(*writer, 3);
  auto reader = Store::open(directory(), Store::Mode::Read).value();
  EXPECT_EQ(reader->size().value(), 3u);
  EXPECT_EQ(reader->get(Family::Entity, "award:A").value(), "commit 2") << "all families at the same commit";
  writer->acknowledge(4);
  EXPECT_EQ(reader->size().value(), 3u) << "as it was when opened";
  EXPECT_EQ(sizeFor(Store::Mode::Read).value(), 4u);
}

// A power cut, or somebody, may put `head` back: what was signed is shown all the same.
TEST_F(StoreOpening, AnOlderHeadHidesNothing) {
  make(5);
  for (const char* older : {"\0\0\0\0\0\0\0\0", "\x02\0\0\0\0\0\0\0"}) {
    overwrite(directory() / "head", std::string(older, 8));
    EXPECT_EQ(sizeFor(Store::Mode::Read).value(), 5u);
  }
  overwrite(directory() / "head", std::string("\x06\0\0\0\0\0\0\0", 8));
  expectDamage();
  overwrite(directory() / "head", std::string("\x05\0\0\0\0\0\0\0", 8));
  Store::open(directory(), Store::Mode::Write).value();  // puts the log into tables, signatures too
  overwrite(directory() / "head", std::string("\x02\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(sizeFor(Store::Mode::Read).value(), 5u);
}

TEST_F(StoreOpening, TheAcknowledgedSizeNeverGoesBack) {
  make(2);
  auto writer = Store::open(directory(), Store::Mode::Write).value();
  writer->acknowledge(1);
  EXPECT_EQ(Store::open(directory(), Store::Mode::Read).value()->acknowledgedSize(), 2u);
}

TEST_F(StoreOpening, HeadIsMissingOrOfAnotherLength) {
  make(2);
  std::string head = contentOf(directory() / "head");
  ASSERT_EQ(head.size(), 8u);
  for (const std::string& wrong : {std::string(), head.substr(0, 7), head + "x"}) {
    overwrite(directory() / "head", wrong);
    expectDamage();
    EXPECT_EQ(contentOf(directory() / "head"), wrong);
  }
  fs::remove(directory() / "head");
  expectDamage();
  EXPECT_FALSE(fs::exists(directory() / "head"));
  overwrite(directory() / "head", head);
  EXPECT_EQ(sizeFor(Store::Mode::Write).value(), 2u);
}

TEST_F(StoreOpening, TheEndOfTheLogIsLost) {
  make(5);
  fs::path wal = only(".log");
  std::string bytes = contentOf(wal);
  for (std::size_t kept : {bytes.size() - 200, bytes.size() / 2, std::size_t{0}}) {
    overwrite(wal, bytes.substr(0, kept));
    expectDamage();
  }
  fs::remove(wal);
  expectDamage();
  overwrite(wal, bytes);
  EXPECT_EQ(sizeFor(Store::Mode::Read).value(), 5u);
}

TEST_F(StoreOpening, AHoleInTheLogIsNoEnd) {
  make(5);
  overwrite(directory() / "head", std::string("\x02\0\0\0\0\0\0\0", 8));  // as after a power cut: it lags behind
  fs::path wal = only(".log");
  std::string bytes = contentOf(wal);
  std::string holed = bytes;
  for (std::size_t at = bytes.size() / 2; at < bytes.size() / 2 + 64; ++at) holed[at] = static_cast<char>(~holed[at]);
  overwrite(wal, holed);
  auto before = files();
  EXPECT_EQ(sizeFor(Store::Mode::Write).error().code, ErrorCode::Corruption);
  EXPECT_EQ(files(), before) << "the commits behind the hole are still there";
  overwrite(wal, bytes);
  EXPECT_EQ(sizeFor(Store::Mode::Write).value(), 5u);
}

TEST_F(StoreOpening, ATornEndThatNobodyWasPromisedIsLeftOut) {
  make(3);
  std::uint64_t whole = fs::file_size(only(".log"));
  {
    auto writer = Store::open(directory(), Store::Mode::Write).value();
    commit(*writer, 3);
  }
  fs::path wal = only(".log");
  std::string bytes = contentOf(wal);
  ASSERT_GT(whole, 0u);
  overwrite(wal, bytes.substr(0, 100));
  EXPECT_EQ(sizeFor(Store::Mode::Read).value(), 3u);
  EXPECT_EQ(sizeFor(Store::Mode::Write).value(), 3u);
}

TEST_F(StoreOpening, ARecordThatStandsThereTwice) {
  make(3);
  fs::path wal = only(".log");
  std::string bytes = contentOf(wal);
  overwrite(wal, bytes + bytes);
  EXPECT_EQ(sizeFor(Store::Mode::Write).error().code, ErrorCode::Corruption);
}

TEST_F(StoreOpening, ATableFileIsLostOrCut) {
  make(5);
  Store::open(directory(), Store::Mode::Write).value();  // puts the log into tables
  std::vector<fs::path> tables;
  for (const auto& file : fs::directory_iterator(log())) {
    if (file.path().extension() == ".sst") tables.push_back(file.path());
  }
  ASSERT_GE(tables.size(), 3u) << "entry, entity, checkpoint";
  for (const fs::path& table : tables) {
    std::string bytes = contentOf(table);
    overwrite(table, bytes.substr(0, bytes.size() / 2));
    expectDamage();
    fs::remove(table);
    expectDamage();
    overwrite(table, bytes);
  }
  EXPECT_EQ(sizeFor(Store::Mode::Write).value(), 5u);
}

TEST_F(StoreOpening, VerifyFilesNamesTheFile) {
  make(5);
  Store::open(directory(), Store::Mode::Write).value();
  fs::path table = only(".sst");
  std::string bytes = contentOf(table);
  EXPECT_TRUE(Store::open(directory(), Store::Mode::Read).value()->verifyFiles().ok());
  bytes[20] = static_cast<char>(~bytes[20]);
  overwrite(table, bytes);
  auto store = Store::open(directory(), Store::Mode::Read);
  Status verified = store.ok() ? (*store)->verifyFiles() : Status(store.error());
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().code, ErrorCode::Corruption);
  EXPECT_NE(verified.error().message.en.find(table.filename().string()), std::string::npos)
      << verified.error().message.en;
  auto before = files();
  EXPECT_EQ(sizeFor(Store::Mode::Write).error().code, ErrorCode::Corruption) << "nothing is recorded over damage";
  EXPECT_EQ(files(), before);
}

// The commit that its writer could not sign stays where readers leave it out: in the log, however much it is.
TEST_F(StoreOpening, AWriterThatIsNotAdmittedChangesNothing) {
  make(3);
  {
    auto writer = Store::open(directory(), Store::Mode::Write).value();
    WriteSet rows = writer->begin();
    rows.put(Family::Entry, layout::indexKey(3), std::string(2u << 20, 'e'));
    ASSERT_TRUE(writer->write(std::move(rows)).ok());
  }
  auto before = files();
  std::uint64_t shown = 0;
  auto refused = Store::open(directory(), Store::Mode::Write, [&](const Store& look) -> Status {
    shown = look.size().value();
    return makeError(ErrorCode::Unavailable, "no key", "无密钥");
  });
  EXPECT_EQ(shown, 4u) << "what it would open";
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message.en, "no key");
  EXPECT_EQ(files(), before);
  EXPECT_EQ(sizeFor(Store::Mode::Read).value(), 3u);
}

// Readers open the store again and again while a writer commits, flushes and compacts: never wrong, never an error.
TEST_F(StoreOpening, ReadersBesideABusyWriter) {
  make(1);
  std::atomic<bool> done = false;
  std::atomic<int> looks = 0;
  std::jthread writing([&] {
    for (int session = 0; session < 4 || (looks < 10 && session < 200); ++session) {
      auto writer = Store::open(directory(), Store::Mode::Write).value();
      std::uint64_t from = writer->size().value();
      for (std::uint64_t i = from; i < from + 400; ++i) acknowledged(*writer, i);
    }
    done = true;
  });
  std::uint64_t last = 0;
  for (; !done; ++looks) {
    auto store = Store::open(directory(), Store::Mode::Read);
    ASSERT_TRUE(store.ok()) << store.error().message.en;
    std::uint64_t size = (*store)->size().value();
    EXPECT_GE(size, last);
    EXPECT_EQ((*store)->get(Family::Entity, "award:A").value(), "commit " + std::to_string(size - 1));
    EXPECT_TRUE((*store)->get(Family::Checkpoint, layout::indexKey(size)).value().has_value());
    EXPECT_TRUE((*store)->verifyFiles().ok());
    last = size;
  }
  EXPECT_GE(looks, 10);
}

}  // namespace
}  // namespace pilotledger::ledger
