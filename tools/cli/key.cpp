#include <fmt/format.h>

#include "tools/cli/command.h"

namespace pilotledger::cli {
namespace {

struct Options {
  std::string file;
  std::string name;
  std::string suite = "ed25519-sha256";
  int passphraseFd = -1;
  CLI::App* make = nullptr;
  CLI::App* show = nullptr;
};

Result<std::string> passphraseOf(int descriptor) {
  if (descriptor < 0) return std::string();
  PL_TRY(std::string text, readFile(fmt::format("/dev/fd/{}", descriptor), 512));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) return invalidInput("the passphrase is empty", "口令为空");
  return text;
}

Result<int> keyCommand(Context& context, const Options& options) {
  if (options.make->parsed()) {
    PL_TRY(crypto::SuiteId suite, crypto::parseSuite(options.suite));
    PL_TRY(std::string passphrase, passphraseOf(options.passphraseFd));
    PL_TRY(crypto::SigningKey key, crypto::SigningKey::generate(suite, options.name));
    PL_CHECK(key.save(options.file, passphrase));
    PL_CHECK(writeOutput(context, key.verifyKey().vkey() + "\n"));
    return kOk;
  }
  PL_TRY(auto keys, loadKeys({options.file}, options.passphraseFd));
  PL_CHECK(writeOutput(context, keys[0].verifyKey().vkey() + "\n"));
  return kOk;
}

}  // namespace

Action declareKey(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.require_subcommand(1);
  options->make = app.add_subcommand("new", std::string(context.say("make a key file (mode 0600) and print its public form", "生成密钥文件（权限 0600）并显示公钥")));
  options->show = app.add_subcommand("show", std::string(context.say("print the public form", "显示公钥")));
  for (CLI::App* sub : {options->make, options->show}) {
    sub->add_option("file", options->file, std::string(context.say("key file", "密钥文件")))->required();
    sub->add_option("--passphrase-fd", options->passphraseFd, std::string(context.say("read the passphrase from this descriptor", "从该描述符读取口令")));
  }
  options->make->add_option("--name", options->name, std::string(context.say("name of the key, such as bank.example/pledges", "密钥名称")))->required();
  options->make->add_option("--suite", options->suite, "ed25519-sha256 | sm2-sm3");
  return [options](Context& c) { return keyCommand(c, *options); };
}

}  // namespace pilotledger::cli
