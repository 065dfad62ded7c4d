#include "tools/verifier/files.h"

#include <fmt/format.h>

namespace pilotledger::verifier {
namespace {

struct Shown {
  std::string text;
  nlohmann::ordered_json json;
};

Result<Shown> showProof(std::string_view file, const Trust& trust, Speech speech) {
  if (!trust.logKey) {
    return invalidInput("--key VKEY is needed: the public key of the log, from its operator or from a publication, not from whoever gave you the file",
                        "须给出 --key：日志公钥，应取自运营者或其公告，而非文件提供者");
  }
  PL_TRY(proof::Claim claim, proof::verifyProof(file, *trust.logKey));
  return Shown{claimText(claim, speech), claimJson(claim)};
}

struct FileKind {
  std::string_view magic;  // the first line
  Result<Shown> (*show)(std::string_view file, const Trust& trust, Speech speech);
};

constexpr FileKind kFileKinds[] = {
    {proof::kProofMagic, showProof},
};

std::string dumped(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Verdict rejection(const Error& error, Speech speech) {
  bool zh = speech == Speech::Chinese;
  nlohmann::ordered_json json = {{"verified", false}, {"reason", error.rule}, {"what", error.message.en}};
  return {false, printable(fmt::format("{}{}\n", zh ? "核验未通过：" : "NOT VERIFIED: ", zh && !error.message.zh.empty() ? error.message.zh : error.message.en)), dumped(json)};
}

}  // namespace

Result<Verdict> verifyFile(std::string_view file, const Trust& trust, Speech speech) {
  std::string_view first = file.substr(0, file.find('\n'));
  std::string known;
  for (const FileKind& kind : kFileKinds) {
    known += (known.empty() ? "" : ", ") + std::string(kind.magic);
    if (first != kind.magic) continue;
    auto shown = kind.show(file, trust, speech);
    if (shown.ok()) return Verdict{true, std::move(shown->text), dumped(shown->json)};
    if (shown.error().code != ErrorCode::ProofRejected) return std::move(shown).error();
    return rejection(shown.error(), speech);
  }
  return invalidInput("expected a file whose first line is " + known + ", found '" + printable(first.substr(0, 60)) + "'",
                      "文件首行应为 " + known + "，实为“" + printable(first.substr(0, 60)) + "”");
}

}  // namespace pilotledger::verifier
