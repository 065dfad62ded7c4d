#include "tools/verifier/files.h"

#include <fmt/format.h>

#include "events/base/text.h"
#include "events/entity_name.h"
#include "ledger/crypto/encoding.h"
#include "ledger/proof/bundle.h"
#include "ledger/proof/disclosure.h"
#include "ledger/proof/fork_evidence.h"
#include "ledger/proof/log_of_logs.h"
#include "tools/verifier/bundle_text.h"

namespace pilotledger::verifier {
namespace {

struct Shown {
  std::string text;
  nlohmann::ordered_json json;
};

// That nothing is recorded is shown of one spelling. Where the log would record another, or the same words may mean
// something else, the file proves nothing that a reader would take it for.
Status requireTelling(const proof::VerifiedProof& claim) {
  bool absent = claim.pledge ? claim.pledge->answer == proof::PledgeAnswer::Unknown
                             : !claim.entities.empty() && !claim.entities.front().record;
  if (!absent) return {};
  Status telling = events::requireAbsenceMeans(claim.pledge ? "ip:" + claim.question.subject : claim.question.subject);
  if (telling.ok()) return {};
  Error error = std::move(telling).error().within("AmbiguousName: an absence under this name says nothing",
                                                  "AmbiguousName：以此名称证明“未记录”没有意义");
  error.code = ErrorCode::ProofRejected;
  error.rule = "AmbiguousName";
  return error;
}

Result<Shown> showProof(std::string_view file, const Trust& trust, Language speech) {
  if (!trust.logKey) {
    return invalidInput(
        "--key VKEY is needed: the public key of the log, from its operator or from a publication, not from whoever "
        "gave you the file",
        "须给出 --key：日志公钥，应取自运营者或其公告，而非文件提供者");
  }
  PL_TRY(proof::VerifiedProof claim,
         proof::verifyProof(
             file, proof::ProofTrust{*trust.logKey, trust.policy ? &*trust.policy : nullptr, trust.authorities}));
  PL_CHECK(requireTelling(claim));
  return Shown{verifiedProofText(claim, speech), claimJson(claim)};
}

// Names and values are text as the sealer would have written it, so that they may be printed.
Status requirePlainFields(const proof::Disclosure& disclosure) {
  for (const auto& one : disclosure.fields) {
    auto json = nlohmann::ordered_json::parse(one.field.value, nullptr, false);
    if (json.is_discarded() || json.is_structured())
      return invalidInput("a value is not a JSON scalar", "字段值不是 JSON 标量");
    PL_CHECK(events::checkText(one.field.name));
    PL_CHECK(events::checkText(one.field.value));
  }
  return {};
}

// Fields are checked against the commitment alone; no key is needed.
Result<Shown> showDisclosure(std::string_view file, const Trust&, Language speech) {
  if (file.size() > proof::kMaxDisclosureBytes) return invalidInput("the disclosure is too large", "披露文件过大");
  PL_TRY(auto disclosure, proof::Disclosure::parse(file));
  PL_CHECK(requirePlainFields(disclosure));
  PL_CHECK(disclosure.verify());
  bool zh = speech == Language::Chinese;
  auto line = [&](std::string_view en, std::string_view chinese, const std::string& value) {
    return zh ? fmt::format("{}：{}\n", chinese, value) : fmt::format("{:<14}{}\n", std::string(en) + ":", value);
  };
  std::string commitment = crypto::toHex(disclosure.commitment);
  Shown shown{zh ? "核验通过：字段与承诺值一致\n" : "VERIFIED: the fields lead to the commitment\n",
              {{"verified", true}, {"origin", disclosure.origin}, {"commitment", commitment}}};
  if (disclosure.entry) shown.json["entry"] = *disclosure.entry;
  for (const auto& one : disclosure.fields) {
    shown.text += fmt::format("  {} = {}\n", one.field.name, one.field.value);
    shown.json["fields"][one.field.name] = nlohmann::ordered_json::parse(one.field.value, nullptr, false);
  }
  shown.text += line("commitment", "承诺值", commitment) + line("ledger", "账本", disclosure.origin);
  if (disclosure.entry) shown.text += line("entry", "条目", std::to_string(*disclosure.entry));
  shown.text += zh ? "账本确有该承诺值，须由该条目证明，本文件不证明。\n"
                   : "That the ledger holds this commitment is shown by that entry, not by this file.\n";
  return shown;
}

// Needs no key: who trusts the key that the file names sees what it did.
Result<Shown> showFork(std::string_view file, const Trust& trust, Language speech) {
  PL_TRY(proof::ForkEvidence evidence, proof::ForkEvidence::parse(file));
  PL_TRY(proof::Fork fork, proof::verifyFork(evidence, trust.logKey));
  return Shown{forkText(evidence.logKey, fork, trust.logKey.has_value(), speech), forkJson(evidence.logKey, fork)};
}

// The key is the authority's that signed the list: it names the keys of the ledgers.
template <auto verify>
Result<Shown> showBundle(std::string_view file, const Trust& trust, Language speech) {
  if (!trust.logKey) {
    return invalidInput("--key VKEY is needed: the public key of the authority that signed the list of ledgers",
                        "须给出 --key：签署账本名录的机关的公钥");
  }
  PL_TRY(proof::CombinedAnswer answer, verify(file, *trust.logKey));
  nlohmann::ordered_json json = {{"verified", true}, {"question", "pledge"}};
  json.update(combinedJson(answer));
  std::string_view title = speech == Language::Chinese ? "核验通过：" : "VERIFIED: ";
  return Shown{std::string(title) + combinedText(answer, speech), std::move(json)};
}

struct FileKind {
  std::string_view magic;  // the first line
  Result<Shown> (*show)(std::string_view file, const Trust& trust, Language speech);
  bool vouchedFor;     // may carry cosignatures and time stamps
  bool isText = true;  // else its bytes are taken as they are
};

constexpr FileKind kFileKinds[] = {
    {proof::kProofMagic, showProof, true},
    {proof::kBundleMagic, showBundle<proof::verifyBundle>, false},
    {proof::kLogOfLogsMagic, showBundle<proof::verifyLogOfLogs>, false, false},
    {proof::kDisclosureMagic, showDisclosure, false},
    {proof::kForkMagic, showFork, false},
};

std::string dumped(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Verdict rejection(const Error& error, Language speech) {
  bool zh = speech == Language::Chinese;
  nlohmann::ordered_json json = {{"verified", false}, {"reason", error.rule}, {"what", error.message.en}};
  return {false,
          printable(fmt::format("{}{}\n", zh ? "核验未通过：" : "NOT VERIFIED: ",
                                zh && !error.message.zh.empty() ? error.message.zh : error.message.en)),
          dumped(json)};
}

}  // namespace

namespace {

std::string_view trimmedLine(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::size_t first = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

// Mail programs end lines with CR LF and begin with a mark; no file that is verified here holds a CR of its own.
std::string withPlainLines(std::string_view file) {
  if (file.starts_with("\xEF\xBB\xBF")) file.remove_prefix(3);
  std::string text;
  text.reserve(file.size());
  for (std::size_t i = 0; i < file.size(); ++i) {
    if (file[i] != '\r' || file.substr(i + 1, 1) != "\n") text += file[i];
  }
  return text;
}

}  // namespace

Result<crypto::VerifyKey> readLogKey(const std::string& given, const ReadFile& read) {
  if (auto key = crypto::VerifyKey::parse(std::string(trimmedLine(given))); key.ok()) return key;
  auto file = read(given);
  if (!file.ok()) {
    return invalidInput(
        fmt::format("--key: '{}' is neither a public key (NAME+ID+BASE64) nor a file that can be read",
                    events::shortened(given)),
        fmt::format("--key：“{}”既非公钥（名称+编号+BASE64），也不是可读取的文件", events::shortened(given)));
  }
  auto key = crypto::VerifyKey::parse(std::string(trimmedLine(withPlainLines(*file))));
  if (!key.ok()) return std::move(key).error().within(given);
  return key;
}

Result<Trust> readTrust(const TrustOptions& options, const ReadFile& read) {
  Trust trust;
  if (!options.logKey.empty()) {
    PL_TRY(trust.logKey, readLogKey(options.logKey, read));
  }
  if (!options.policyFile.empty()) {
    PL_TRY(std::string text, read(options.policyFile));
    auto policy = proof::WitnessPolicy::parse(text);
    if (!policy.ok()) return std::move(policy).error().within(options.policyFile);
    trust.policy = std::move(policy).value();
  }
  if (!options.authoritiesFile.empty()) {
    PL_TRY(trust.authorities, read(options.authoritiesFile));
    if (trust.authorities.empty())
      return invalidInput(options.authoritiesFile + ": no certificate", options.authoritiesFile + "：没有证书");
  }
  return trust;
}

Result<Verdict> verifyFile(std::string_view given, const Trust& trust, Language speech) {
  std::string plain = withPlainLines(given);
  std::string_view first = std::string_view(plain).substr(0, plain.find('\n'));
  std::string known;
  for (const FileKind& kind : kFileKinds) {
    known += (known.empty() ? "" : ", ") + std::string(kind.magic);
    if (first != kind.magic) continue;
    if (!kind.vouchedFor && (trust.policy || !trust.authorities.empty())) {
      return invalidInput(
          "--policy and --tsa-cert are for proofs; this file carries neither cosignatures nor time stamps",
          "--policy 与 --tsa-cert 仅用于证明文件；此文件不含见证联署和时间戳");
    }
    auto shown = kind.show(kind.isText ? plain : given, trust, speech);
    if (shown.ok()) return Verdict{true, std::move(shown->text), dumped(shown->json)};
    if (shown.error().code != ErrorCode::ProofRejected) return std::move(shown).error();
    return rejection(shown.error(), speech);
  }
  return invalidInput(
      "expected a file whose first line is " + known + ", found '" + printable(first.substr(0, 60)) + "'",
      "文件首行应为 " + known + "，实为“" + printable(first.substr(0, 60)) + "”");
}

}  // namespace pilotledger::verifier
