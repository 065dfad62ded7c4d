// pilotledger-verify: checks files offline, on any machine, with nothing but the log's public key.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "events/base/text.h"
#include "tools/verifier/files.h"

namespace {

using namespace pilotledger;

enum Exit { kVerified = 0, kNotVerified = 1, kUsage = 2, kRefused = 3, kNotFound = 4 };

Language chooseSpeech(const std::string& asked) {
  std::string chosen = asked;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (chosen.empty() && value != nullptr) chosen = value;
  }
  return chosen.starts_with("zh") ? Language::Chinese : Language::English;
}

std::optional<std::string> readAll(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  if (!in) return std::nullopt;
  std::string text;
  char buffer[65536];
  while (text.size() <= verifier::kMaxFileBytes && (in.read(buffer, sizeof buffer) || in.gcount() > 0)) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return std::nullopt;
  return text;
}

// Nothing that others wrote steers the terminal.
void print(std::FILE* to, std::string_view text) { std::fputs(events::visibleText(text).c_str(), to); }

int complain(const Error& error, Language speech) {
  bool zh = speech == Language::Chinese && !error.message.zh.empty();
  print(stderr, fmt::format("pilotledger-verify: {}\n", zh ? error.message.zh : error.message.en));
  return kRefused;
}

struct Output {
  Language speech;
  bool json;
  bool named;  // several files: each verdict under the name of its file
};

int judge(const std::string& path, const verifier::Trust& trust, const Output& output) {
  auto text = readAll(path);
  if (!text) {
    print(stderr, fmt::format("pilotledger-verify: {}: cannot read · 无法读取\n", path));
    return kNotFound;
  }
  auto verdict = verifier::verifyFile(*text, trust, output.speech);
  if (!verdict.ok()) {
    Error error = std::move(verdict).error();
    return complain(output.named ? std::move(error).within(path) : std::move(error), output.speech);
  }
  if (output.named && !output.json) print(stdout, path + "\n");
  print(stdout, output.json ? verdict->json : verdict->text);
  return verdict->verified ? kVerified : kNotVerified;
}

int complain(const CLI::App& app, const CLI::Error& error) {
  std::ostringstream out, problem;
  app.exit(error, out, problem);
  print(stderr, problem.str());
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Checks a PilotLedger proof, disclosure or evidence of a fork offline · 离线核验证明文件",
               "pilotledger-verify"};
  std::vector<std::string> paths;
  std::string vkey, language, policy, authorities;
  bool json = false;
  app.add_option("files", paths, "proofs, disclosures, evidence of a fork, or - · 证明文件、披露文件或分叉证据，可多个")
      ->required();
  app.add_option("--key", vkey,
                 "public key of the log that you trust (vkey), or a file that holds it; needed for proofs · "
                 "所信任的日志公钥或其所在文件，核验证明时须给出");
  app.add_option("--policy", policy,
                 "witness policy (C2SP tlog-policy) whose quorum must have cosigned · 须达到其法定联署的见证策略");
  app.add_option(
      "--tsa-cert", authorities,
      "certificates (PEM) of time-stamp authorities, one of which must have stamped · 所信任时间戳机构的证书");
  app.add_option("--lang", language, "zh | en")->check(CLI::IsMember({"zh", "en"}));
  app.add_flag("--json", json, "one JSON object · 以 JSON 输出");
  app.footer(fmt::format(
      "{}\n{}\nExit: 0 verified, 1 not verified, 2 usage, 3 not a file or key that can be judged, 4 no such file.",
      verifier::whatAProofShows(Language::English), verifier::whatAProofShows(Language::Chinese)));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::Error& error) {
    return complain(app, error);
  }
  Language speech = chooseSpeech(language);
  auto trust = verifier::readTrust({vkey, policy, authorities}, [](const std::string& file) -> Result<std::string> {
    auto read = readAll(file);
    if (read) return std::move(*read);
    return makeError(ErrorCode::NotFound, file + ": cannot read", file + "：无法读取");
  });
  if (!trust.ok()) return complain(trust.error(), speech);
  int worst = kVerified;
  for (const std::string& path : paths) worst = std::max(worst, judge(path, *trust, {speech, json, paths.size() > 1}));
  if (std::fflush(stdout) != 0) return kRefused;
  return worst;
}
