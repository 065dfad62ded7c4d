// evidence: files that events commit to, put to a server by who signs the event and got by who may see it.
#include <fmt/format.h>

#include "ledger/crypto/encoding.h"
#include "ledger/crypto/suite.h"
#include "tools/cli/remote.h"
#include "tools/service/evidence.h"

namespace pilotledger::cli {

using remote::Json;
using remote::RemoteLog;

namespace {

struct EvidenceOptions {
  std::vector<std::string> files;
  std::string hash;
  CLI::App* put = nullptr;
};

std::string evidencePath(const std::string& hash) { return "/v1/evidence/" + hash; }

std::string hashOf(const RemoteLog& log, std::string_view bytes) {
  return crypto::toHex(crypto::hash(log.key().suite(), viewOf(bytes)));
}

Result<int> put(Context& context, RemoteLog& log, const EvidenceOptions& options) {
  for (const std::string& file : options.files) {
    PL_TRY(std::string bytes, readFile(file, service::kMaxEvidenceBytes));
    const std::string hash = hashOf(log, bytes);
    auto response = log.put(evidencePath(hash), "application/octet-stream", bytes);
    if (!response.ok()) return std::move(response).error().within(file);
    PL_TRY(Json told, remote::jsonOf(*response));
    const bool json = context.format != "table";
    const Json already = remote::memberOf(told, "already");
    std::string_view what = already.is_boolean() && already.get<bool>() ? context.say("there already", "已存在")
                                                                        : context.say("kept", "已保存");
    PL_CHECK(writeOutput(context, json ? told.dump() + "\n" : fmt::format("{}  {}  {}\n", hash, what, file)));
  }
  return kOk;
}

Result<int> get(Context& context, RemoteLog& log, const EvidenceOptions& options) {
  if (!service::isEvidenceHash(options.hash))
    return invalidInput("a hash is 64 lower-case hex digits", "哈希为 64 位小写十六进制数字");
  PL_TRY(std::string bytes, log.text(evidencePath(options.hash)));
  if (hashOf(log, bytes) != options.hash) {
    return makeError(
        ErrorCode::Corruption,
        fmt::format("{} gave a file that does not have the hash {}; nothing is written", log.server(), options.hash),
        fmt::format("{} 给出的文件与哈希 {} 不符，未写入", log.server(), options.hash));
  }
  PL_CHECK(writeDocument(context, bytes));
  return kOk;
}

}  // namespace

Action declareEvidence(CLI::App& app, const Context& context) {
  auto options = std::make_shared<EvidenceOptions>();
  app.require_subcommand(1);
  options->put = app.add_subcommand(
      "put", std::string(context.say("give the server files whose hashes are in events that one signs",
                                     "上传文件，其哈希须在本方签署的事件中")));
  options->put->add_option("files", options->files, std::string(context.say("the files", "文件")))->required();
  CLI::App* got = app.add_subcommand(
      "get",
      std::string(context.say("a file by its hash; held to it before it is written", "按哈希取文件，核对后写入")));
  got->add_option("hash", options->hash, std::string(context.say("as the event has it", "事件所载哈希")))->required();
  return [options](Context& c) -> Result<int> {
    if (!isRemote(c))
      return invalidInput("evidence files are kept by a server: give --server URL",
                          "证据文件由服务器保存：请给出 --server");
    PL_TRY(RemoteLog log, openRemote(c));
    return options->put->parsed() ? put(c, log, *options) : get(c, log, *options);
  };
}

}  // namespace pilotledger::cli
