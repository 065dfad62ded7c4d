// login-sign: a server's challenge signed with a key that stays here.
#include <fmt/format.h>

#include <vector>

#include "ledger/tlog/note.h"
#include "tools/cli/command.h"

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

Result<int> sign(Context& context, const LoginOptions& options) {
  PL_TRY(std::string text, readFile(options.file, kMaxChallenge));
  PL_TRY(auto lines, linesOf(text));
  if (!options.url.empty() && lines[2] != options.url) {
    return invalidInput(fmt::format("the challenge is for {}, not for {}; nothing is signed", lines[2], options.url),
                        fmt::format("该质询用于 {}，而非 {}，未签署", lines[2], options.url));
  }
  PL_TRY(std::string passphrase, passphraseFrom(options.passphraseFd));
  PL_TRY(crypto::SigningKey key, loadKey(options.key, passphrase));
  std::string name = fmt::format("{}+{}", key.verifyKey().name(), key.verifyKey().idHex());
  if (lines[6] != name) {
    return invalidInput(fmt::format("the challenge names the key {}, this is {}", lines[6], name),
                        fmt::format("该质询所载密钥为 {}，此密钥为 {}", lines[6], name));
  }
  remark(context, {fmt::format("Log-in to {} at {} as {}", lines[1], lines[2], lines[5]),
                   fmt::format("登录 {}（{}），主体 {}", lines[1], lines[2], lines[5])});
  PL_TRY(proof::NoteSignature signature, proof::signNote(text, key));
  PL_CHECK(writeDocument(context, proof::Note{text, {signature}}.serialize()));
  return kOk;
}

}  // namespace

Action declareLoginSign(CLI::App& app, const Context& context) {
  auto options = std::make_shared<LoginOptions>();
  app.add_option("file", options->file,
                 std::string(context.say("the challenge (- for standard input)", "登录质询（- 为标准输入）")));
  app.add_option("--key", options->key, std::string(context.say("key file to log in with", "登录所用密钥文件")))
      ->required();
  app.add_option("--for", options->url,
                 std::string(context.say("sign only a challenge for this URL", "仅签署用于该网址的质询")));
  app.add_option("--passphrase-fd", options->passphraseFd,
                 std::string(context.say("read the passphrase of the key from this descriptor", "从该描述符读取口令")));
  return [options](Context& c) { return sign(c, *options); };
}

}  // namespace pilotledger::cli
