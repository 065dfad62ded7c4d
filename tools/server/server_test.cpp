// The parts of the server that need no socket; tests/serve asks the process.
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "events/base/temporary_directory.h"
#include "tools/server/access.h"
#include "tools/server/access_log.h"
#include "tools/server/answer.h"
#include "tools/server/config.h"
#include "tools/server/route.h"

namespace pilotledger::server {
namespace {

namespace fs = std::filesystem;

http::Request asked(const std::string& method, std::vector<std::string> segments,
                    std::vector<std::pair<std::string, std::string>> query = {}) {
  http::Request request;
  request.method = method;
  request.segments = std::move(segments);
  request.query = std::move(query);
  for (const std::string& segment : request.segments) request.path += "/" + segment;
  return request;
}

TEST(Routes, AreTold) {
  std::set<std::string_view> operations;
  for (const Route& route : routes()) {
    EXPECT_TRUE(operations.insert(route.operation).second) << route.operation;
    EXPECT_FALSE(route.summary.en.empty() || route.summary.zh.empty()) << route.path;
    EXPECT_NE(route.handle, nullptr) << route.path;
    EXPECT_EQ(route.bodyLimit > 0, !route.bodyType.empty()) << route.path;
    EXPECT_EQ(route.mediaTypes.find("json") != route.mediaTypes.npos, !route.schema.empty()) << route.path;
    EXPECT_TRUE(route.changes == Changes::State || route.method == "GET" || route.operation == "verify") << route.path;
    for (const Parameter& parameter : route.parameters)
      EXPECT_FALSE(parameter.meaning.en.empty() || parameter.meaning.zh.empty()) << route.path << parameter.name;
  }
}

TEST(Routes, AreFound) {
  EXPECT_EQ(findRoute(asked("GET", {""})).route->operation, "page");
  EXPECT_EQ(findRoute(asked("GET", {"v1", "entries"})).route->operation, "entries");
  RouteFound entry = findRoute(asked("GET", {"v1", "entries", "12"}));
  EXPECT_EQ(entry.route->operation, "entry");
  EXPECT_EQ(entry.path["index"], "12");
  EXPECT_EQ(findRoute(asked("GET", {"v1", "views", "a/b", "drill"})).path["name"], "a/b") << "a segment is one name";
  EXPECT_EQ(findRoute(asked("GET", {"tile", "0", "x001", "067"})).path["name"], "0/x001/067");
  EXPECT_EQ(findRoute(asked("GET", {"tile"})).route, nullptr);
  EXPECT_EQ(findRoute(asked("GET", {"v1"})).route, nullptr);
  EXPECT_EQ(findRoute(asked("GET", {"v1", "entries", "1", "2"})).route, nullptr);
  EXPECT_EQ(findRoute(asked("PUT", {"v1", "session"})).allowed, "POST, GET, DELETE");
}

TEST(Routes, ParametersAreOfTheirType) {
  auto good = [](std::vector<std::pair<std::string, std::string>> query) {
    http::Request request = asked("GET", {"v1", "views", "revenue"}, std::move(query));
    return readQuery(*findRoute(request).route, request).ok();
  };
  EXPECT_TRUE(good({}));
  EXPECT_TRUE(good({{"platform", "P"}, {"as_of", "12"}, {"on", "2026-02-28"}, {"limit", "1000"}, {"format", "csv"}}));
  EXPECT_TRUE(good({{"as_of", "2026-02-28"}}));
  for (auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"limit", "0"},
                                                                              {"limit", "1001"},
                                                                              {"limit", "01"},
                                                                              {"limit", "+1"},
                                                                              {"limit", "1e3"},
                                                                              {"limit", ""},
                                                                              {"as_of", "-1"},
                                                                              {"as_of", "2026-02-30"},
                                                                              {"as_of", "99999999999999999999"},
                                                                              {"on", "12"},
                                                                              {"format", "pdf"},
                                                                              {"format", "json|csv"},
                                                                              {"bom", "true"},
                                                                              {"platfrom", "P"},
                                                                              {"platform", ""},
                                                                              {"row", "1"}}) {
    EXPECT_FALSE(good({{name, value}})) << name << "=" << value;
  }
  EXPECT_FALSE(good({{"platform", "P"}, {"platform", "Q"}}));
}

TEST(Cursors, HoldPositionQuestionAndPageSize) {
  Cursor cursor{120, 30, 10, questionHash("q")};
  auto again = Cursor::parse(cursor.text(), questionHash("q"));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->position, 120u);
  EXPECT_EQ(again->after, 30u);
  EXPECT_FALSE(Cursor::parse(cursor.text(), questionHash("other")).ok());
  for (const char* bad : {"", "-", "1-2", "1-2-3", "x-2-3-y", "01-2-3", "1-2-3-4-5"})
    EXPECT_FALSE(Cursor::parse(bad, questionHash("q")).ok()) << bad;
}

TEST(Tags, AreComparedOneByOne) {
  std::string tag = etagOf("a");
  EXPECT_NE(tag, etagOf("b"));
  http::Request request;
  EXPECT_FALSE(hasTag(request, tag));
  request.headers = {{"If-None-Match", "\"x\", W/" + tag}};
  EXPECT_TRUE(hasTag(request, tag));
  request.headers = {{"If-None-Match", tag.substr(0, tag.size() - 2)}};
  EXPECT_FALSE(hasTag(request, tag));
}

TEST(RateLimits, ForgetAfterAWhile) {
  RateLimit limit(2, 1000);
  EXPECT_TRUE(limit.take("a", 0));
  EXPECT_TRUE(limit.take("a", 500));
  EXPECT_FALSE(limit.take("a", 900));
  EXPECT_TRUE(limit.take("b", 900));
  EXPECT_TRUE(limit.take("a", 1001));
}

class AccessLogs : public testing::Test {
 protected:
  TemporaryDirectory directory_ = TemporaryDirectory::make("access-log").value();
  fs::path file_ = directory_.path() / kAccessLogFile;

  void write(int lines) {
    auto log = AccessLog::open(file_).value();
    for (int i = 0; i < lines; ++i) ASSERT_TRUE(log->append({{"route", "view"}, {"rows", i}}).ok());
  }
  std::string text() const {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void replace(const std::string& by) const { std::ofstream(file_, std::ios::binary | std::ios::trunc) << by; }
};

TEST_F(AccessLogs, GoOnWhereTheyEnded) {
  write(3);
  write(2);
  auto head = verifyAccessLog(file_);
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->lines, 5u);
  EXPECT_EQ(AccessLog::open(file_).value()->head().hash, head->hash);
  EXPECT_EQ(fs::status(file_).permissions() & fs::perms::all, fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(AccessLogs, ShowWhatWasChangedTakenOutOrPutIn) {
  write(4);
  std::string good = text();
  std::size_t second = good.find('\n') + 1, third = good.find('\n', second) + 1;
  std::string changed = good;
  changed[changed.find("\"rows\":1") + 7] = '7';
  for (const std::string& bad : {changed, good.substr(0, second) + good.substr(third), good.substr(second),
                                 good.substr(0, third) + good.substr(second), good + "{}\n", good + "x"}) {
    replace(bad);
    auto head = verifyAccessLog(file_);
    ASSERT_FALSE(head.ok()) << bad;
    EXPECT_EQ(head.error().code, ErrorCode::Corruption);
  }
  replace(good.substr(0, third));
  EXPECT_EQ(verifyAccessLog(file_)->lines, 2u) << "its end alone does not show that it was cut: its head does";
}

TEST_F(AccessLogs, ALineThatACrashCutShortGoes) {
  write(2);
  replace(text() + "{\"line\":3,\"bef");
  EXPECT_TRUE(AccessLog::open(file_).value()->repaired());
  write(1);
  EXPECT_EQ(verifyAccessLog(file_)->lines, 3u);
}

TEST(Config, IsRead) {
  auto config =
      readConfig("listen = [\"0.0.0.0:8443\", \"[::]:8443\"]\nhosts = \"a.example\"\nunix = \"/run/s\"\n", "f");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->listen.size(), 2u);
  ServeConfig over;
  over.listen = {"127.0.0.1:1"};
  auto options = httpOptions(merged(*config, over));
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->listen, (std::vector<std::string>{"127.0.0.1:1", "unix:/run/s"}));
  EXPECT_EQ(options->hosts, std::vector<std::string>{"a.example"});
  for (const char* bad : {"lissten = 1", "listen = 1", "listen = [1]", "listen =", "challenges_per_minute = 0",
                          "challenges_per_minute = \"x\""}) {
    EXPECT_FALSE(readConfig(bad, "f").ok()) << bad;
  }
  EXPECT_NE(readConfig("lissten = 1", "f").error().message.en.find("did you mean 'listen'"), std::string::npos);
  ServeConfig half;
  half.certificate = "c.pem";
  EXPECT_FALSE(httpOptions(half).ok());
  ServeConfig path;
  path.url = "https://a.example/x/";
  EXPECT_FALSE(httpOptions(path).ok());
}

}  // namespace
}  // namespace pilotledger::server
