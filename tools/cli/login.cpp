// login, logout, login-sign: a server's challenge signed with a key that stays here; the session, kept for --server.
#include <fmt/format.h>

#include <vector>

#include "ledger/tlog/note.h"
#include "tools/cli/remote.h"
#include "tools/http/url.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxChallenge = 64u << 10;
constexpr std::string_view kDomain = "pilotledger-login/v1";

struct LoginOptions {
  std::string file = "-";
  std::string key;
  std::string url;
  int passphraseFd = -1;
};

std::string nameOf(const crypto::SigningKey& key) {
  return fmt::format("{}+{}", key.verifyKey().name(), key.verifyKey().idHex());
}

// Domain, origin, URL, nonce, time, party, key: seven lines and nothing else.
Result<std::vector<std::string>> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = text.find('\n', at);
    if (end == text.npos) break;
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  constexpr std::size_t kLines = 7;
  if (at == text.size() && lines.size() == kLines && lines[0] == kDomain) return lines;
  return invalidInput("this is no log-in challenge; nothing is signed", "该内容不是登录质询，未签署");
}

// A note over the challenge: for this URL and this key, or not at all.
Result<std::string> signedChallenge(const Context& context, const std::string& url, const std::string& text,
                                    const crypto::SigningKey& key) {
  PL_TRY(auto lines, linesOf(text));
  if (!url.empty() && lines[2] != url) {
    return invalidInput(fmt::format("the challenge is for {}, not for {}; nothing is signed", lines[2], url),
                        fmt::format("该质询用于 {}，而非 {}，未签署", lines[2], url));
  }
  std::string name = nameOf(key);
  if (lines[6] != name) {
    return invalidInput(fmt::format("the challenge names the key {}, this is {}", lines[6], name),
                        fmt::format("该质询所载密钥为 {}，此密钥为 {}", lines[6], name));
  }
  remark(context, {fmt::format("Log-in to {} at {} as {}", lines[1], lines[2], lines[5]),
                   fmt::format("登录 {}（{}），主体 {}", lines[1], lines[2], lines[5])});
  PL_TRY(proof::NoteSignature signature, proof::signNote(text, key));
  return proof::Note{text, {signature}}.serialize();
}

Result<crypto::SigningKey> keyOf(const LoginOptions& options) {
  PL_TRY(std::string passphrase, passphraseFrom(options.passphraseFd));
  return loadKey(options.key, passphrase);
}

Result<int> sign(Context& context, const LoginOptions& options) {
  PL_TRY(std::string text, readFile(options.file, kMaxChallenge));
  PL_TRY(crypto::SigningKey key, keyOf(options));
  PL_TRY(std::string note, signedChallenge(context, options.url, text, key));
  PL_CHECK(writeDocument(context, note));
  return kOk;
}

// The secret of the session that a server opened.
std::string sessionIn(const http::Response& response) {
  const std::string* cookie = http::findHeader(response.headers, "Set-Cookie");
  if (cookie == nullptr) return "";
  std::size_t begin = cookie->find('=');
  return begin == cookie->npos ? "" : cookie->substr(begin + 1, cookie->find(';') - begin - 1);
}

Error noSession(const remote::RemoteLog& log) {
  return makeError(ErrorCode::Unavailable, log.server() + " opened no session", log.server() + " 未建立会话");
}

// A session travels where nobody listens.
Status requirePrivate(const std::string& server) {
  PL_TRY(http::Url url, http::parseUrl(server));
  const std::string& host = url.authority.host;
  bool near = !url.socket.empty() || host.starts_with("127.") || host == "::1" || host == "localhost";
  if (url.encrypted || near) return {};
  return invalidInput("log in over https: over http anybody on the way could read the session",
                      "请通过 https 登录：http 传输中会话可被他人读取");
}

Result<int> logIn(Context& context, const LoginOptions& options) {
  if (!isRemote(context)) return invalidInput("login needs --server URL", "login 须给出 --server");
  PL_TRY(crypto::SigningKey key, keyOf(options));
  PL_TRY(remote::RemoteLog log, openRemote(context));
  PL_TRY(remote::Json said, openSession(context, log, key));
  PL_CHECK(writeOutput(context, said.dump() + "\n"));
  return kOk;
}

Result<int> logOut(Context& context) {
  if (!isRemote(context)) return invalidInput("logout needs --server URL", "logout 须给出 --server");
  PL_TRY(remote::RemoteLog log, openRemote(context));
  if (log.memory().session.empty())
    return makeError(ErrorCode::NotFound, "not logged in at " + log.server(), "未登录 " + log.server());
  auto ended = log.remove("/v1/session");
  PL_CHECK(log.remember(""));  // whatever the server says, it is not used again
  if (!ended.ok() && ended.error().code != ErrorCode::NotAuthorized) return std::move(ended).error();
  return kOk;
}

void declareKeyToUse(CLI::App& app, const Context& context, LoginOptions& options) {
  app.add_option("--key", options.key, std::string(context.say("key file to log in with", "登录所用密钥文件")))
      ->required();
  app.add_option("--passphrase-fd", options.passphraseFd,
                 std::string(context.say("read the passphrase of the key from this descriptor", "从该描述符读取口令")));
}

}  // namespace

Result<remote::Json> openSession(const Context& context, remote::RemoteLog& log, const crypto::SigningKey& key) {
  PL_CHECK(requirePrivate(log.server()));
  PL_CHECK(log.remember(""));  // one that is over must not stand in the way
  std::string asked = nlohmann::json{{"key", nameOf(key)}}.dump();
  PL_TRY(http::Response challenge, log.post("/v1/session/challenge", "application/json", asked));
  PL_TRY(remote::Json json, remote::jsonOf(challenge));
  remote::Json text = remote::memberOf(json, "text");
  if (!text.is_string()) return noSession(log);
  PL_TRY(std::string note, signedChallenge(context, log.server(), text.get<std::string>(), key));
  PL_TRY(http::Response opened, log.post("/v1/session", "text/plain", note));
  std::string secret = sessionIn(opened);
  if (secret.empty() || secret.find_first_not_of("0123456789abcdef") != secret.npos) return noSession(log);
  PL_CHECK(log.remember(secret));
  return remote::jsonOf(opened);
}

Action declareLogin(CLI::App& app, const Context& context) {
  auto options = std::make_shared<LoginOptions>();
  declareKeyToUse(app, context, *options);
  return [options](Context& c) { return logIn(c, *options); };
}

Action declareLogout(CLI::App&, const Context&) {
  return [](Context& c) { return logOut(c); };
}

Action declareLoginSign(CLI::App& app, const Context& context) {
  auto options = std::make_shared<LoginOptions>();
  app.add_option("file", options->file,
                 std::string(context.say("the challenge (- for standard input)", "登录质询（- 为标准输入）")));
  declareKeyToUse(app, context, *options);
  app.add_option("--for", options->url,
                 std::string(context.say("sign only a challenge for this URL", "仅签署用于该网址的质询")));
  return [options](Context& c) { return sign(c, *options); };
}

}  // namespace pilotledger::cli
