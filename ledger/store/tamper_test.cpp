// The tamper table: in every column family a bit is flipped, a row deleted, duplicated, swapped with
// another, the tail cut off. `verify` notices every time and names what is wrong. Rows are changed
// below the ledger, through RocksDB itself, so that its own checksums are right.
#include <rocksdb/db.h>

#include <functional>

#include "ledger/fsck.h"
#include "ledger/ledger_fixture.h"
#include "ledger/store/layout.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;
namespace fs = std::filesystem;
using Row = std::pair<std::string, std::string>;

// One family of a closed ledger, opened raw.
class RawFamily {
 public:
  RawFamily(const fs::path& directory, Family family) {
    std::string path = (directory / "log").string();
    std::vector<std::string> names;
    EXPECT_TRUE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> all;
    for (const auto& name : names) all.emplace_back(name, rocksdb::ColumnFamilyOptions());
    rocksdb::DB* db = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open({}, path, all, &handles_, &db).ok());
    db_.reset(db);
    for (auto* handle : handles_) {
      if (handle->GetName() == layout::familyName(family)) family_ = handle;
    }
    std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, family_));
    for (at->SeekToFirst(); at->Valid(); at->Next()) rows.emplace_back(at->key().ToString(), at->value().ToString());
  }
  ~RawFamily() {
    for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
    db_->Close();
  }
  void put(const std::string& key, const std::string& value) { EXPECT_TRUE(db_->Put({}, family_, key, value).ok()); }
  void erase(const std::string& key) { EXPECT_TRUE(db_->Delete({}, family_, key).ok()); }

  std::vector<Row> rows;

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  rocksdb::ColumnFamilyHandle* family_ = nullptr;
};

std::string flipped(std::string text, std::size_t at) {
  text[at] = static_cast<char>(text[at] ^ 1);
  return text;
}

struct Damage {
  std::string name;
  std::function<void(RawFamily&)> apply;
};

// What can be done to `family`, at one of its first, middle and last rows.
std::vector<Damage> damages(std::size_t rows, bool hasValues) {
  std::vector<Damage> all;
  auto at = [&all](const char* what, std::size_t row, auto change) {
    all.push_back({fmt::format("{} row {}", what, row), [row, change](RawFamily& family) { change(family, family.rows[row]); }});
  };
  auto erase = [](RawFamily& family, const Row& row) { family.erase(row.first); };
  at("delete", 0, erase);
  at("delete", rows / 2, erase);
  at("duplicate", rows / 2, [](RawFamily& family, const Row& row) { family.put(row.first + "x", row.second); });
  at("duplicate", rows - 1, [](RawFamily& family, const Row& row) { family.put(row.first + "x", row.second); });
  at("flip the key of", rows / 2, [](RawFamily& family, const Row& row) {
    family.erase(row.first);
    family.put(flipped(row.first, row.first.size() / 2), row.second);
  });
  for (std::size_t row = 0; row < rows; row += std::max<std::size_t>(1, rows / 2)) {
    at("append to the value of", row, [](RawFamily& family, const Row& one) { family.put(one.first, one.second + "x"); });
  }
  for (std::size_t part = 0; hasValues && part < 3; ++part) {
    at("flip a bit of", rows * part / 3, [part](RawFamily& family, const Row& row) { family.put(row.first, flipped(row.second, (row.second.size() - 1) * part / 2)); });
  }
  if (hasValues && rows > 1) {
    all.push_back({"swap the first and the last row", [](RawFamily& family) {
      family.put(family.rows.front().first, family.rows.back().second);
      family.put(family.rows.back().first, family.rows.front().second);
    }});
  }
  all.push_back({"cut off the tail", [](RawFamily& family) {
    for (std::size_t i = family.rows.size() * 2 / 3; i < family.rows.size(); ++i) family.erase(family.rows[i].first);
  }});
  return all;
}

class TamperTable : public ::testing::TestWithParam<Family> {};

TEST_P(TamperTable, IsNamedEveryTime) {
  Family family = GetParam();
  LedgerFixture town;
  town.bind("plt", "91330100MA2PLT015B", R"("PLT","FIN")");
  town.bind("eit", "113300000024820075", R"("EIT")", R"(,"division":"330000")");
  town.bind("trs", "11330000MB99010246", R"("TRS")");
  for (int commit = 0; commit < 4; ++commit) {
    std::vector<std::string> many;
    for (int i = 0; i < 140; ++i) {  // 560 in all: two full tiles
      many.push_back(fmt::format(R"({{"kind":"SubsidyAwarded","body":{{"award":"A{}-{}","payee":"91330100MA2PLT015B","instrument":"i","amountFen":1}}}})", commit, i));
    }
    ASSERT_TRUE(town.record({"trs", "eit"}, many).ok());
  }
  town.close();
  ASSERT_FALSE(town.verify().damage.has_value());
  auto rows = RawFamily(town.directory(), family).rows;
  ASSERT_FALSE(rows.empty());
  ASSERT_FALSE(town.verify().damage.has_value()) << "opening it raw changes nothing";
  fs::path copy = town.directory().string() + "-changed";
  for (const Damage& damage : damages(rows.size(), !rows.front().second.empty())) {
    fs::remove_all(copy);
    fs::copy(town.directory(), copy, fs::copy_options::recursive);
    {
      RawFamily raw(copy, family);
      damage.apply(raw);
    }
    auto outcome = fsck(copy, {});
    if (!outcome.ok()) {  // the ledger's own header, or fewer entries than acknowledged: not even opened
      EXPECT_TRUE(family == Family::Meta || family == Family::Entry) << damage.name;
      EXPECT_FALSE(outcome.error().message.en.empty()) << damage.name;
      continue;
    }
    ASSERT_TRUE(outcome->damage.has_value()) << damage.name << " in " << layout::familyName(family);
    EXPECT_FALSE(outcome->damage->where.empty()) << damage.name;
    EXPECT_FALSE(outcome->damage->what.en.empty()) << damage.name;
    EXPECT_FALSE(outcome->damage->what.zh.empty()) << damage.name << ": " << outcome->damage->what.en;
  }
  fs::remove_all(copy);
}

INSTANTIATE_TEST_SUITE_P(EveryFamily, TamperTable,
                         ::testing::Values(Family::Entry, Family::Event, Family::Submission, Family::Id, Family::Entity, Family::Touch,
                                           Family::Tile, Family::Checkpoint, Family::Meta),
                         [](const auto& one) { return std::string(layout::familyName(one.param)); });

}  // namespace
}  // namespace pilotledger::ledger
