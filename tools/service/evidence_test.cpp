// Evidence files are what their names say, or that is said.
#include "tools/service/evidence.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "events/base/temporary_directory.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::service {
namespace {

std::string sha(std::string_view bytes) {
  return crypto::toHex(crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(bytes)));
}

class EvidenceTest : public testing::Test {
 protected:
  EvidenceTest() { open(100); }
  void open(std::uint64_t most) { files = EvidenceFiles::open(directory.path(), most).value(); }
  Result<std::string> got(const std::string& hash) {
    std::string bytes;
    PL_CHECK(files->read(hash, [&](std::string_view piece) {
      bytes += piece;
      return Status();
    }));
    return bytes;
  }
  TemporaryDirectory directory = TemporaryDirectory::make("evidence").value();
  std::unique_ptr<EvidenceFiles> files;
};

TEST_F(EvidenceTest, IsKeptUnderItsHash) {
  const std::string bytes = "发票";
  EXPECT_EQ(got(sha(bytes)).error().code, ErrorCode::NotFound);
  EXPECT_EQ(files->put(sha(bytes), bytes, "p").value(), EvidenceFiles::Kept::New);
  EXPECT_EQ(files->put(sha(bytes), bytes, "p").value(), EvidenceFiles::Kept::Already);
  EXPECT_EQ(got(sha(bytes)).value(), bytes);
  EXPECT_EQ(files->bytes(), bytes.size());
  const std::string sm = crypto::toHex(crypto::hash(crypto::SuiteId::Sm2Sm3, viewOf(bytes)));
  EXPECT_TRUE(files->put(sm, bytes, "p").ok()) << "the national suite's";
  struct stat info {};
  ASSERT_EQ(::stat((directory.path() / kEvidenceDirectory).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST_F(EvidenceTest, WhoPutItIsKeptBesideIt) {
  using Parties = std::set<std::string>;
  const std::string hash = sha("abc");
  EXPECT_EQ(files->parties(hash).value(), std::nullopt);
  for (const char* party : {"q", "p", "q"}) ASSERT_TRUE(files->put(hash, "abc", party).ok());
  EXPECT_EQ(files->parties(hash).value(), (Parties{"p", "q"}));
  EXPECT_FALSE(files->put(hash, "other", "r").ok());
  open(100);
  EXPECT_EQ(files->parties(hash).value(), (Parties{"p", "q"})) << "nor who could not put it";
  EXPECT_EQ(files->bytes(), 3u) << "of files alone";
  const auto path = directory.path() / kEvidenceDirectory / (hash + ".parties");
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const std::string head = "pilotledger-evidence-parties/v1\n";
  std::ofstream(path) << head << hash << "\np\n";
  EXPECT_EQ(files->parties(hash).value(), Parties{"p"});
  for (const std::string& bad : {hash + "\n", hash + "\nq\np\n", hash + "\np\np\n", hash + "\np", hash + "\n\np\n",
                                 sha("x") + "\np\n", std::string("p\n")}) {
    std::ofstream(path) << head << bad;
    auto read = files->parties(hash);
    ASSERT_FALSE(read.ok()) << bad;
    EXPECT_EQ(read.error().code, ErrorCode::Corruption) << bad;
  }
  std::filesystem::permissions(path, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  EXPECT_EQ(files->parties(hash).error().code, ErrorCode::NotAuthorized);
}

TEST_F(EvidenceTest, OtherBytesAreNotKept) {
  EXPECT_EQ(files->put(sha("a"), "b", "p").error().code, ErrorCode::InvalidInput);
  EXPECT_FALSE(files->has(sha("a")));
  EXPECT_EQ(files->bytes(), 0u);
}

TEST_F(EvidenceTest, AnAlteredFileIsSaidAndPutRight) {
  ASSERT_TRUE(files->put(sha("abc"), "abc", "p").ok());
  std::ofstream(directory.path() / kEvidenceDirectory / sha("abc")) << "abd";
  EXPECT_EQ(got(sha("abc")).error().code, ErrorCode::Corruption);
  EXPECT_EQ(files->put(sha("abc"), "abc", "p").value(), EvidenceFiles::Kept::New);
  EXPECT_EQ(got(sha("abc")).value(), "abc");
  EXPECT_EQ(files->bytes(), 3u);
}

TEST_F(EvidenceTest, ThereIsAnEndToIt) {
  const std::string sixty(60, 'x'), other(41, 'y');
  ASSERT_TRUE(files->put(sha(sixty), sixty, "p").ok());
  EXPECT_EQ(files->put(sha(other), other, "p").error().code, ErrorCode::Unavailable);
  open(100);
  EXPECT_EQ(files->bytes(), 60u) << "counted anew";
  EXPECT_EQ(files->put(sha(other), other, "p").error().code, ErrorCode::Unavailable);
}

TEST(Evidence, IsWhatItBeginsAs) {
  EXPECT_EQ(sniffedType("%PDF-1.7\n"), "application/pdf");
  EXPECT_EQ(sniffedType("\x89PNG\r\n\x1a\n...."), "image/png");
  EXPECT_EQ(sniffedType("\xff\xd8\xff\xe0"), "image/jpeg");
  EXPECT_EQ(sniffedType("PK\x03\x04rest"), "application/zip");
  EXPECT_EQ(sniffedType("<?xml version=\"1.0\"?>"), "application/xml");
  EXPECT_EQ(sniffedType("日期\t金额\r\n"), "text/plain; charset=utf-8");
  EXPECT_EQ(sniffedType("<html><script>"), "text/plain; charset=utf-8") << "never html";
  EXPECT_EQ(sniffedType(std::string_view("a\0b", 3)), "application/octet-stream");
  EXPECT_EQ(sniffedType("\xc0\xaf"), "application/octet-stream");
  EXPECT_EQ(sniffedType(""), "application/octet-stream");
}

TEST(Evidence, AHashIsWrittenInOneWay) {
  EXPECT_TRUE(isEvidenceHash(std::string(64, 'a')));
  for (const std::string& bad : {std::string(63, 'a'), std::string(64, 'A'), std::string(65, 'a'), std::string("../x")})
    EXPECT_FALSE(isEvidenceHash(bad)) << bad;
}

}  // namespace
}  // namespace pilotledger::service
