#include <fmt/format.h>

#include "tools/cli/command.h"
#include "tools/cli/terminal.h"

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

Result<int> keyCommand(Context& context, const Options& options) {
  if (options.make->parsed()) {
    PL_TRY(crypto::SuiteId suite, crypto::parseSuite(options.suite));
    PL_TRY(std::string passphrase, passphraseFrom(options.passphraseFd));
    if (options.file.starts_with("pkcs11:")) {
      PL_TRY(bool locked, crypto::SigningKey::isLocked(options.file));
      if (locked && passphrase.empty()) {
        PL_TRY(passphrase, askSecret("PIN"));
      }
      PL_TRY(crypto::SigningKey made, crypto::SigningKey::generateOnToken(suite, options.name, options.file, passphrase));
      PL_CHECK(writeOutput(context, made.verifyKey().vkey() + "\n"));
      return kOk;
    }
    if (options.name.empty()) return invalidInput("--name is missing: the key's name, such as bank.example/pledges", "缺少 --name：密钥名称");
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
    sub->add_option("file", options->file, std::string(context.say("key file, or a pkcs11: URI", "密钥文件或 pkcs11: URI")))->required();
    sub->add_option("--passphrase-fd", options->passphraseFd, std::string(context.say("read the passphrase or PIN from this descriptor", "从该描述符读取口令或 PIN")));
  }
  options->make->add_option("--name", options->name, std::string(context.say("name of the key, such as bank.example/pledges", "密钥名称")));
  options->make->add_option("--suite", options->suite, "ed25519-sha256 | sm2-sm3");
  return [options](Context& c) { return keyCommand(c, *options); };
}

}  // namespace pilotledger::cli
