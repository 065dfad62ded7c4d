#include "tools/verifier/files.h"

#include <fmt/format.h>

#include "ledger/proof/fork_evidence.h"

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
  PL_TRY(proof::Claim claim, proof::verifyProof(file, proof::ProofTrust{*trust.logKey, trust.policy ? &*trust.policy : nullptr, trust.authorities}));
  return Shown{claimText(claim, speech), claimJson(claim)};
}

// Needs no key: who trusts the key that the file names sees what it did.
Result<Shown> showFork(std::string_view file, const Trust& trust, Speech speech) {
  PL_TRY(proof::ForkEvidence evidence, proof::ForkEvidence::parse(file));
  PL_TRY(proof::Fork fork, proof::verifyFork(evidence, trust.logKey));
  return Shown{forkText(evidence.logKey, fork, trust.logKey.has_value(), speech), forkJson(evidence.logKey, fork)};
}

struct FileKind {
  std::string_view magic;  // the first line
  Result<Shown> (*show)(std::string_view file, const Trust& trust, Speech speech);
};

constexpr FileKind kFileKinds[] = {
    {proof::kProofMagic, showProof},
    {proof::kForkMagic, showFork},
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

Result<Trust> readTrust(const TrustOptions& options, const ReadFile& read) {
  Trust trust;
  if (!options.logKey.empty()) {
    PL_TRY(trust.logKey, crypto::VerifyKey::parse(options.logKey));
  }
  if (!options.policyFile.empty()) {
    PL_TRY(std::string text, read(options.policyFile));
    auto policy = proof::WitnessPolicy::parse(text);
    if (!policy.ok()) return std::move(policy).error().within(options.policyFile);
    trust.policy = std::move(policy).value();
  }
  if (!options.authoritiesFile.empty()) {
    PL_TRY(trust.authorities, read(options.authoritiesFile));
    if (trust.authorities.empty()) return invalidInput(options.authoritiesFile + ": no certificate", options.authoritiesFile + "：没有证书");
  }
  return trust;
}

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
