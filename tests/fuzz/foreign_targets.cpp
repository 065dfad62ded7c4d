// What others hand in: tables, statements, rules, keys, time stamps, SQL, HTTP requests.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <future>
#include <thread>

#include "ledger/crypto/encoding.h"
#include "ledger/crypto/key.h"
#include "ledger/crypto/timestamp.h"
#include "query/sql/sqlite.h"
#include "tests/fuzz/targets.h"
#include "tests/support/workbook_writer.h"
#include "tools/http/head.h"
#include "tools/http/server.h"
#include "tools/import/csv.h"
#include "tools/import/input.h"
#include "tools/import/rules.h"
#include "tools/import/workbook.h"
#include "tools/reconcile/series.h"
#include "tools/witness/witness.h"

namespace pilotledger::fuzz {
namespace {

// Every cell of every row is in reach, whatever its length.
void parseCsv(std::string_view bytes) {
  auto table = import::CsvTable::parse(bytes, ',', "fuzz.csv");
  if (!table.ok()) return;
  for (const auto& row : table->rows()) PL_ASSERT(row.trouble || row.cells.size() == table->columns().size());
}
std::vector<std::string> csvSeeds() {
  return {"no,name,amount\n1,\"a, \"\"quoted\"\"\ntext\",5\r\n2,甲公司,\n", "a\n1\n",
          "\xef\xbb\xbf"
          "a,b\n1,2\n"};
}

// A whole container, and a worksheet in a good one.
void readContainer(std::string_view bytes) {
  auto rows = import::readWorkbook(bytes, "", "fuzz.xlsx");
  if (!rows.ok()) return;
  for (const auto& row : *rows) PL_ASSERT(row.line > 0);
}
std::vector<std::string> containerSeeds() {
  WorkbookParts parts;
  parts.sheet = "<sheetData><row r=\"1\"><c r=\"A1\"><v>5</v></c></row></sheetData>";
  return {workbookOf(parts)};
}
void readSheet(std::string_view bytes) {
  WorkbookParts parts;
  parts.shared = "<si><t>a</t></si>";
  parts.styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>";
  parts.sheet = bytes;
  readContainer(workbookOf(parts));
}
std::vector<std::string> sheetSeeds() {
  return {R"(<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>46082.5</v></c></row>)"
          R"(<row r="2"><c t="inlineStr"><is><t>_x0041_</t></is></c>)"
          R"(<c r="C2"><f>A1</f><v>1.5E+3</v></c><c t="b"><v>1</v></c></row>)"
          R"(</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>)"};
}

// XML and JSON as records by rules.
void readRecordsOf(std::string_view bytes) {
  static const import::Rules rules = [] {
    return import::parseRules(
               "name = \"n\"\n[input]\nkey = \"a\"\nrecord = \"r/i\"\n[[join]]\nname = \"p\"\npath = \"b/c\"\n"
               "[[event]]\nkind = \"PartyRegistered\"\nheader = { legalDate = \"2026-03-01\" }\n"
               "body = { party = \"{a}\", name = \"{a}\", kind = \"UNKNOWN\" }\n",
               "fuzz.toml")
        .value();
  }();
  auto input = import::readInput(std::string(bytes), "fuzz", rules);
  if (!input.ok()) return;
  for (const auto& row : input->table.rows())
    PL_ASSERT(row.trouble || row.cells.size() == input->table.columns().size());
}
std::vector<std::string> foreignRecordSeeds() {
  return {R"(<r xmlns:x="u"><i a="1"><b><x:c>t</x:c><c/></b></i><i/></r>)",
          R"({"r":{"i":[{"a":1.50,"b":{"c":["t",null]}},{"a":true}]}})"};
}

constexpr const char* kRules = R"(name = "awards"
currency = "CNY"
[input]
key = ["no"]
decimal = ","
thousands = "."
date = "d.m.yyyy"
tidy = true
[[join]]
name = "lines"
file = "lines.csv"
on = "{no}"
key = ["award"]
[[event]]
label = "award"
kind = "SubsidyAwarded"
when = { text = "{state}", not = "cancelled" }
header = { legalDate = "{date}" }
[event.body]
award = "{no}"
payee = "city:{company}"
instrument = { text = "{type}", map = { A = "equipment", B = "upgrade" } }
mode = { text = "{state}", match = [["^paid", "POST"], ["", "PRE"]] }
amountFen = { text = "{amount}", unit = "万元" }
baseFen = { each = "lines", sum = "{lines.cost}" }
permittedLines = { each = { split = "{tags}", by = "|", except = "^x$" }, value = "{item}" }
)";
void parseImportRules(std::string_view bytes) { (void)import::parseRules(bytes, "fuzz.toml"); }
std::vector<std::string> importRuleSeeds() { return {kRules}; }

void parseCamt(std::string_view bytes) {
  auto statements = reconcile::parseCamt053(bytes);
  if (!statements.ok()) return;
  (void)reconcile::arrange(std::move(*statements));
}
std::vector<std::string> camtSeeds() {
  return {R"(<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>S1</Id>
<Acct><Id><IBAN>NL26VAYB8060476890</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">18.15</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>)"
          R"(<Dt>2014-12-31</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">8.85</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2014-12-31</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><RmtInf><Ustrd>t &amp; u</Ustrd></RmtInf></TxDtls>)"
          R"(</NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>)"};
}

constexpr const char* kStatementRules =
    "account = \"622200003344\"\n[columns]\ndate = \"date\"\ncredit = \"in\"\ndebit = \"out\"\nbalance = \"balance\"\n";
constexpr const char* kStatement =
    "date,out,in,balance\n2026/03/05,,\"3,000.00\",\"3,100.00\"\n20260310,1000.50,,2099.50\n";
void parseStatement(std::string_view bytes) {
  auto statement = reconcile::parseStatementCsv(bytes, kStatementRules, "fuzz.csv");
  if (statement.ok()) (void)statement->tally();
}
std::vector<std::string> statementSeeds() { return {kStatement}; }
void parseStatementRules(std::string_view bytes) { (void)reconcile::parseStatementCsv(kStatement, bytes, "fuzz.csv"); }
std::vector<std::string> statementRuleSeeds() { return {kStatementRules}; }

// A file in memory, under a name.
class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("fuzz", MFD_CLOEXEC)) { PL_ASSERT(file_ >= 0 && ::fchmod(file_, 0600) == 0); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(file_); }
  void write(std::string_view bytes) {
    PL_ASSERT(::ftruncate(file_, 0) == 0);
    PL_ASSERT(::pwrite(file_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  }
  std::string path() const { return fmt::format("/proc/self/fd/{}", file_); }

 private:
  int file_;
};

// A key that is read signs what its public half verifies.
void loadKey(std::string_view bytes) {
  static MemoryFile file;
  file.write(bytes);
  auto key = crypto::SigningKey::load(file.path(), "passphrase");
  if (!key.ok()) return;
  auto signature = key->sign(viewOf("x"));
  if (signature.ok()) PL_ASSERT(key->verifyKey().verify(viewOf("x"), *signature).ok());
}
std::vector<std::string> keyFileSeeds() {
  return {
      "Name: fuzz.example\n-----BEGIN PRIVATE "
      "KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n"};
}

// A token of `openssl ts` over "x", and the certificate of who signed it.
constexpr const char* kToken =
    "MIIBugYJKoZIhvcNAQcCoIIBqzCCAacCAQMxDzANBglghkgBZQMEAgEFADBiBgsqhkiG9w0BCRABBKBTBFEwTwIBAQYDKgMEMDEw"
    "DQYJYIZIAWUDBAIBBQAEIC1xFkK3JrBEAWJ8qfusMvXIUw+xkDzE2wIlhxeSGkiBAgECGA8yMDI2MTEzMDAyMDgzOFoxggErMIIB"
    "JwIBATAkMAwxCjAIBgNVBAMMAUECFDwwqTVXGw4WUQNaempfantKF2QzMA0GCWCGSAFlAwQCAQUAoIGYMBoGCSqGSIb3DQEJAzEN"
    "BgsqhkiG9w0BCRABBDAcBgkqhkiG9w0BCQUxDxcNMjYxMTMwMDIwODM4WjArBgsqhkiG9w0BCRACDDEcMBowGDAWBBSRXuNfeVhy"
    "TJCAb99XTWgbEgUUTTAvBgkqhkiG9w0BCQQxIgQgtfx9MvCXp25pkVcpHlw18VM7gYh19ZAgMXW2DXBEAcAwCgYIKoZIzj0EAwIE"
    "RjBEAiAITYggWi+sJ6qk9LQ4i52tUrKkqomhziny3Fh3yWEBVQIgBE1opzPOB7D5+0X8lKmlIJdR4C8pgifukcCl18GiW2c=";
constexpr const char* kAuthority =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBVDCB+6ADAgECAhQ8MKk1VxsOFlEDWnpqX2p7ShdkMzAKBggqhkjOPQQDAjAM\n"
    "MQowCAYDVQQDDAFBMCAXDTI2MTEzMDAyMDgzOFoYDzIxMjYxMTA2MDIwODM4WjAM\n"
    "MQowCAYDVQQDDAFBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE5nanXEwzj53h\n"
    "ou3HwKP3CJ0lgVpwjYC67G6PavYHTh39fZhl7+fZHPvneU+NPzAzV2FMt1Qb/VW9\n"
    "qjCXQKg4MKM5MDcwFgYDVR0lAQH/BAwwCgYIKwYBBQUHAwgwHQYDVR0OBBYEFF/y\n"
    "7H/Yvf1vIuf47Akpf7zjxa30MAoGCCqGSM49BAMCA0gAMEUCIQD9Tyj8HjQg+WZX\n"
    "EQr6W0faiQ1+OI0xIeJXY9vjPA0/hQIgXgRU5BUzgYpPA6eloswpqCIf8LEVEN/d\n"
    "rPxLbxsPlE4=\n"
    "-----END CERTIFICATE-----\n";
// No change of a token verifies as another time.
void readToken(std::string_view bytes) {
  constexpr auto kSuite = crypto::SuiteId::Ed25519Sha256;
  static const auto original = crypto::readTimestamp(kSuite, viewOf("x"), *crypto::parseBase64(kToken)).value();
  (void)crypto::readTimestamp(kSuite, viewOf("x"), viewOf(bytes));
  auto verified = crypto::verifyTimestamp(kSuite, viewOf("x"), viewOf(bytes), kAuthority);
  if (verified.ok()) PL_ASSERT(verified->seconds == original.seconds && verified->serial == original.serial);
}
std::vector<std::string> tokenSeeds() {
  Bytes token = *crypto::parseBase64(kToken);
  return {{token.begin(), token.end()}};
}

void parseReply(std::string_view bytes) { (void)witness::parseReply(bytes); }
std::vector<std::string> replySeeds() {
  return {witness::formatReply({200, "— witness.example/w AAAAAAAA\n", ""}),
          witness::formatReply({409, "7", "fuzz.example\n7\nAAAA\n\n— fuzz.example AAAA\n"})};
}

// Statements of readers change nothing, and a few rows of their answers are read.
void readSql(std::string_view bytes) {
  static query::Database database = [] {
    auto opened = query::openSqlite("").value();
    PL_ASSERT(
        opened.execute("CREATE TABLE fact(a INTEGER, b TEXT); INSERT INTO fact VALUES (1, 'x'), (2, 'y'), (3, NULL)")
            .ok());
    return opened;
  }();
  if (auto statement = database.prepareForeign(std::string(bytes), {}); statement.ok()) {
    for (int row = 0; row < 100; ++row) {
      auto more = statement->step();
      if (!more.ok() || !*more) break;
      for (int column = 0; column < statement->columns(); ++column) (void)statement->value(column);
    }
  }
  PL_ASSERT(database.scalar("SELECT group_concat(a || ifnull(b, '')) FROM fact").value() == "1x,2y,3");
  PL_ASSERT(database.scalar("SELECT count(*) FROM sqlite_master").value() == "1");
}
std::vector<std::string> sqlSeeds() {
  return {"SELECT a, upper(b) FROM fact WHERE a > 1 ORDER BY b LIMIT 2",
          "WITH t AS (SELECT max(a) AS m FROM fact) SELECT m FROM t JOIN fact ON a = m",
          "INSERT INTO fact VALUES (4, 'z')",
          "DELETE FROM fact",
          "DROP TABLE fact",
          "PRAGMA writable_schema = 1",
          "ATTACH 'x' AS y"};
}

// The server as it runs; it answers the next request whatever came before.
unsigned serverPort() {
  static const auto server = [] {
    http::Options options;
    options.listen = {"127.0.0.1:0"};
    options.hosts = {"*"};
    auto echo = [](const http::Request& request) { return http::Answer(http::Response{200, {}, request.path}); };
    return http::Server::start(std::move(options), echo).value();
  }();
  return server->port();
}
void serve(std::string_view bytes) {
  int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(serverPort()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  PL_ASSERT(::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  (void)::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  ::shutdown(connection, SHUT_WR);
  std::array<char, 4096> answer;
  while (::recv(connection, answer.data(), answer.size(), 0) > 0) {
  }
  ::close(connection);
}
std::vector<std::string> httpSeeds() {
  return {"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 5\r\n\r\nold 0",
          "GET /a/%E7%94%B2?b=%20c&d HTTP/1.1\r\nHost: w\r\n\r\n",
          "POST /a HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"};
}

// A head that is taken has one Host, one length and a path that leads nowhere else.
void parseHead(std::string_view bytes) {
  auto parsed = http::parseHead(bytes, http::Limits());
  auto* head = std::get_if<http::Head>(&parsed);
  if (!head) return;
  const http::Request& request = head->request;
  PL_ASSERT(request.target.starts_with('/') && !request.target.starts_with("//") && request.path.starts_with('/'));
  PL_ASSERT(http::countHeaders(request.headers, "Host") == 1);
  PL_ASSERT(http::countHeaders(request.headers, "Content-Length") <= 1);
  PL_ASSERT(http::countHeaders(request.headers, "Transfer-Encoding") == 0 && head->bodyBytes <= 9'999'999'999);
  for (const std::string& segment : request.segments) PL_ASSERT(segment != "." && segment != "..");
}
std::vector<std::string> headSeeds() {
  std::vector<std::string> seeds = httpSeeds();
  for (std::string& seed : seeds) seed.resize(seed.find("\r\n\r\n") + 4);
  return seeds;
}

constexpr std::array kForeignTargets = {Target{"csv", parseCsv, csvSeeds},
                                        Target{"workbook", readContainer, containerSeeds},
                                        Target{"worksheet", readSheet, sheetSeeds},
                                        Target{"records", readRecordsOf, foreignRecordSeeds},
                                        Target{"import rules", parseImportRules, importRuleSeeds},
                                        Target{"camt", parseCamt, camtSeeds},
                                        Target{"statement", parseStatement, statementSeeds},
                                        Target{"statement rules", parseStatementRules, statementRuleSeeds},
                                        Target{"key file", loadKey, keyFileSeeds},
                                        Target{"timestamp", readToken, tokenSeeds},
                                        Target{"witness reply", parseReply, replySeeds},
                                        Target{"sql", readSql, sqlSeeds},
                                        Target{"http head", parseHead, headSeeds},
                                        Target{"http", serve, httpSeeds}};

}  // namespace

std::span<const Target> foreignTargets() { return kForeignTargets; }

}  // namespace pilotledger::fuzz
