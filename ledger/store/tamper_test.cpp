// The tamper table: in every column family a bit is flipped, a row deleted, duplicated, swapped with
// another, the tail cut off, a stray row put before, between and behind the others. `verify` notices every
// time and names what is wrong. Rows are changed below the ledger, through RocksDB itself, so that its own
// checksums are right.
#include <rocksdb/db.h>

#include <functional>

#include "ledger/countersignatures.h"
#include "ledger/fsck/fsck.h"
#include "ledger/store/layout.h"
#include "tests/support/ledger_fixture.h"

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
  bool stray = false;  // the family must be named, and nothing else
};

// A row too many, with the value of one that belongs there.
std::vector<Damage> strays(const std::vector<Row>& rows) {
  std::vector<Damage> all;
  auto add = [&](const char* what, std::string key) {
    all.push_back({std::string("a stray row: ") + what,
                   [key](RawFamily& family) { family.put(key, family.rows.front().second); }, true});
  };
  const std::string &first = rows.front().first, &middle = rows[rows.size() / 2].first, &last = rows.back().first;
  add("empty key", "");
  add("one zero byte", std::string(1, '\0'));
  add("short, before the first", first.substr(0, first.size() - 1));
  add("as long as the others, before the first",
      std::string(first.size(), '\0') < first ? std::string(first.size(), '\0') : "\x01");
  add("between, longer", middle + std::string(1, '\0'));
  add("between, much longer", middle + std::string(300, 'x'));
  add("behind the last, shorter", "\xff");
  add("behind the last, as long", std::string(last.size(), '\xff'));
  add("behind the last, longer", last + "x");
  add("a large number", std::string("\x7f\0\0\0\0\0\0\1", 8));
  return all;
}

// What can be done to `family`, at one of its first, middle and last rows.
std::vector<Damage> damages(std::size_t rows, bool hasValues, bool mayBeDeleted) {
  std::vector<Damage> all;
  auto at = [&all](const char* what, std::size_t row, auto change) {
    all.push_back(
        {fmt::format("{} row {}", what, row), [row, change](RawFamily& family) { change(family, family.rows[row]); }});
  };
  auto erase = [](RawFamily& family, const Row& row) { family.erase(row.first); };
  if (!mayBeDeleted) at("delete", 0, erase);
  if (!mayBeDeleted) at("delete", rows / 2, erase);
  at("duplicate", rows / 2, [](RawFamily& family, const Row& row) { family.put(row.first + "x", row.second); });
  at("duplicate", rows - 1, [](RawFamily& family, const Row& row) { family.put(row.first + "x", row.second); });
  at("flip the key of", rows / 2, [](RawFamily& family, const Row& row) {
    family.erase(row.first);
    family.put(flipped(row.first, row.first.size() / 2), row.second);
  });
  for (std::size_t row = 0; row < rows; row += std::max<std::size_t>(1, rows / 2)) {
    at("append to the value of", row,
       [](RawFamily& family, const Row& one) { family.put(one.first, one.second + "x"); });
  }
  for (std::size_t part = 0; hasValues && part < 3; ++part) {
    at("flip a bit of", rows * part / 3, [part](RawFamily& family, const Row& row) {
      family.put(row.first, flipped(row.second, (row.second.size() - 1) * part / 2));
    });
  }
  if (hasValues && rows > 1) {
    all.push_back({"swap the first and the last row", [](RawFamily& family) {
                     family.put(family.rows.front().first, family.rows.back().second);
                     family.put(family.rows.back().first, family.rows.front().second);
                   }});
  }
  if (!mayBeDeleted)
    all.push_back({"cut off the tail", [](RawFamily& family) {
                     for (std::size_t i = family.rows.size() * 2 / 3; i < family.rows.size(); ++i)
                       family.erase(family.rows[i].first);
                   }});
  return all;
}

// 560 awards in four commits: two full tiles. A witness has cosigned each.
void recordAwards(LedgerFixture& town) {
  town.bind("plt", "91330100MA2PLT015B", R"("PLT","FIN")");
  town.bind("eit", "113300000024820075", R"("EIT")", R"(,"division":"330000")");
  town.bind("trs", "11330000MB99010246", R"("TRS")", R"(,"division":"330000")");
  auto witness = crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "w.example").value();
  for (int commit = 0; commit < 4; ++commit) {
    std::vector<std::string> many;
    for (int i = 0; i < 140; ++i) {
      many.push_back(fmt::format(
          R"({{"kind":"SubsidyAwarded","body":{{"award":"A{}-{}","payee":"91330100MA2PLT015B","instrument":"i",)"
          R"("amountFen":1}}}})",
          commit, i));
    }
    ASSERT_TRUE(town.record({"trs", "eit"}, many).ok());
    std::string body = proof::Note::parse(town.ledger().checkpoint())->text;
    auto signature = proof::cosign(body, 1772326800, witness).value();
    ASSERT_TRUE(
        keepCosignature(town.ledger(), town.ledger().size(), proof::CosignerKey::of(witness.verifyKey()), signature)
            .ok());
  }
  town.close();
}

class TamperTable : public ::testing::TestWithParam<Family> {};

TEST_P(TamperTable, IsNamedEveryTime) {
  Family family = GetParam();
  LedgerFixture town;
  recordAwards(town);
  ASSERT_FALSE(town.verify().damage.has_value());
  auto rows = RawFamily(town.directory(), family).rows;
  ASSERT_FALSE(rows.empty());
  ASSERT_FALSE(town.verify().damage.has_value()) << "opening it raw changes nothing";
  fs::path copy = town.directory().string() + "-changed";
  std::vector<Damage> all = damages(rows.size(), !rows.front().second.empty(), family == Family::Countersign);
  for (Damage& stray : strays(rows)) all.push_back(std::move(stray));
  for (const Damage& damage : all) {
    fs::remove_all(copy);
    fs::copy(town.directory(), copy, fs::copy_options::recursive);
    {
      RawFamily raw(copy, family);
      damage.apply(raw);
    }
    auto outcome = fsck(copy, {});
    if (!outcome.ok()) {  // the ledger's own header, or its last entry: not even opened
      EXPECT_TRUE(family == Family::Meta || family == Family::Entry || family == Family::Checkpoint) << damage.name;
      EXPECT_EQ(outcome.error().code, ErrorCode::Corruption) << damage.name << ": " << outcome.error().message.en;
      EXPECT_FALSE(outcome.error().message.zh.empty()) << damage.name;
      continue;
    }
    ASSERT_TRUE(outcome->damage.has_value()) << damage.name << " in " << layout::familyName(family);
    EXPECT_FALSE(outcome->damage->where.empty()) << damage.name;
    EXPECT_FALSE(outcome->damage->what.en.empty()) << damage.name;
    EXPECT_FALSE(outcome->damage->what.zh.empty()) << damage.name << ": " << outcome->damage->what.en;
    EXPECT_TRUE(!damage.stray || outcome->damage->where.starts_with(layout::familyName(family)))
        << damage.name << ": " << outcome->damage->where;
  }
  fs::remove_all(copy);
}

INSTANTIATE_TEST_SUITE_P(EveryFamily, TamperTable,
                         ::testing::Values(Family::Entry, Family::Event, Family::Submission, Family::Id, Family::Entity,
                                           Family::Touch, Family::Tile, Family::Checkpoint, Family::Meta,
                                           Family::Countersign),
                         [](const auto& one) { return std::string(layout::familyName(one.param)); });

// Every row of the header gone, or another: each way of opening says so. (Another origin or operator is for fsck.)
TEST(TamperHeader, EachRowIsNeeded) {
  LedgerFixture town;
  town.close();
  fs::path copy = town.directory().string() + "-changed";
  std::vector<Row> changes;
  for (const char* row : {"format", "origin", "suite", "log-key", "operator"}) changes.emplace_back(row, "");
  for (const char* row : {"format", "suite", "log-key"}) changes.emplace_back(row, "nonsense");
  for (const auto& [row, value] : changes) {
    fs::remove_all(copy);
    fs::copy(town.directory(), copy, fs::copy_options::recursive);
    {
      RawFamily raw(copy, Family::Meta);
      value.empty() ? raw.erase(row) : raw.put(row, value);
    }
    for (OpenMode mode : {OpenMode::ReadOnly, OpenMode::Write}) {
      auto opened = Ledger::open(copy, mode);
      ASSERT_FALSE(opened.ok()) << row;
      EXPECT_EQ(opened.error().code, ErrorCode::Corruption) << row << ": " << opened.error().message.en;
      EXPECT_NE(opened.error().message.en.find(row), std::string::npos) << opened.error().message.en;
    }
  }
  fs::remove_all(copy);
}

// Tables, manifest, the pointer to it, the write-ahead log: whatever is lost or cut is damage, never "no ledger".
TEST(TamperFiles, ALostOrCutFileIsDamage) {
  LedgerFixture town;
  recordAwards(town);
  RawFamily(town.directory(), Family::Meta);  // all rows come into tables
  town.open();
  town.must({"trs", "eit"},
            R"({"kind":"SubsidyAwarded","body":{"award":"last","payee":"91330100MA2PLT015B","instrument":"i",)"
            R"("amountFen":1}})");
  town.close();
  ASSERT_FALSE(town.verify().damage.has_value());
  fs::path copy = town.directory().string() + "-changed";
  int tables = 0;
  for (const auto& file : fs::directory_iterator(town.directory() / "log")) {
    std::string name = file.path().filename().string();
    if (name.starts_with("LOG") || name == "LOCK" || name == "IDENTITY" || name.starts_with("OPTIONS-") ||
        file.file_size() == 0)
      continue;
    tables += name.ends_with(".sst") ? 1 : 0;
    for (double left : {-1.0, 0.0, 0.5}) {
      fs::remove_all(copy);
      fs::copy(town.directory(), copy, fs::copy_options::recursive);
      fs::path victim = copy / "log" / name;
      if (left < 0) {
        fs::remove(victim);
      } else {
        fs::resize_file(victim, static_cast<std::uintmax_t>(static_cast<double>(file.file_size()) * left));
      }
      auto outcome = fsck(copy, {});
      std::string said = outcome.ok()
                             ? outcome->damage ? outcome->damage->where + ": " + outcome->damage->what.en : "VERIFIED"
                             : outcome.error().message.en;
      EXPECT_TRUE(outcome.ok() ? outcome->damage.has_value() : outcome.error().code == ErrorCode::Corruption)
          << name << " " << left << ": " << said;
    }
  }
  EXPECT_GE(tables, 10);
  fs::remove_all(copy);
}

}  // namespace
}  // namespace pilotledger::ledger
