// Plays a scenario, a transcript of a shell session, and compares what it prints. README.md
// describes the form of a .test file.
#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct Step {
  std::size_t line = 0;
  std::string command;
  std::vector<std::string> expected;
  int exit = 0;
};

std::vector<Step> readScenario(const fs::path& path) {
  std::vector<Step> steps;
  std::ifstream file(path);
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("$ ")) {
      steps.push_back({number, line.substr(2), {}, 0});
    } else if (line.starts_with("#") || steps.empty()) {
      continue;
    } else if (line.starts_with("> ") && steps.back().expected.empty()) {
      steps.back().command += "\n" + line.substr(2);
    } else if (line.starts_with("? ")) {
      steps.back().exit = std::stoi(line.substr(2));
    } else if (!line.empty() || !steps.back().expected.empty()) {
      steps.back().expected.push_back(line);
    }
  }
  for (Step& step : steps) {
    while (!step.expected.empty() && step.expected.back().empty()) step.expected.pop_back();
  }
  return steps;
}

// Literal text, with [[regular expressions]] inside.
std::regex patternOf(const std::string& line) {
  std::string pattern;
  std::size_t at = 0;
  while (at < line.size()) {
    std::size_t open = line.find("[[", at);
    std::size_t close = open == line.npos ? line.npos : line.find("]]", open + 2);
    std::string literal = line.substr(at, (close == line.npos ? line.size() : open) - at);
    for (char c : literal) {
      if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) pattern += '\\';
      pattern += c;
    }
    if (close == line.npos) break;
    // "[[x]]]" ends at the last bracket, so that character classes may stand at the end.
    while (close + 2 < line.size() && line[close + 2] == ']') ++close;
    pattern += "(?:" + line.substr(open + 2, close - open - 2) + ")";
    at = close + 2;
  }
  return std::regex(pattern);
}

bool matches(const std::vector<std::string>& expected, std::size_t e, const std::vector<std::string>& found,
             std::size_t f) {
  for (; e < expected.size(); ++e, ++f) {
    if (expected[e] == "...") {
      for (std::size_t skip = f; skip <= found.size(); ++skip) {
        if (matches(expected, e + 1, found, skip)) return true;
      }
      return false;
    }
    if (f >= found.size() || !std::regex_match(found[f], patternOf(expected[e]))) return false;
  }
  return f == found.size();
}

std::pair<std::vector<std::string>, int> play(const std::string& command) {
  fs::path script = fs::current_path() / ".command";
  { std::ofstream(script) << command << "\n"; }
  std::FILE* pipe = ::popen(fmt::format("bash '{}' 2>&1", script.string()).c_str(), "r");
  std::string text;
  char buffer[4096];
  for (std::size_t size; (size = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, size);
  int status = ::pclose(pipe);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    lines.push_back(std::move(line));
    at = end + 1;
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return {lines, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: scenario_runner FILE.test BIN-DIRECTORY SOURCE-DIRECTORY\n");
    return 2;
  }
  auto steps = readScenario(argv[1]);
  if (steps.empty()) {
    fmt::print(stderr, "{}: no step\n", argv[1]);
    return 2;
  }
  ::setenv("PATH", fmt::format("{}:{}", argv[2], std::getenv("PATH")).c_str(), 1);
  ::setenv("SOURCE", argv[3], 1);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  ::unsetenv("PILOTLEDGER_DIR");
  ::unsetenv("PILOTLEDGER_CLOCK");
  ::unsetenv("BASH_ENV");
  // The words that the scenarios of a folder share: bash reads the file before each command.
  fs::path words = fs::path(argv[1]).parent_path() / "vocabulary.sh";
  if (fs::exists(words)) ::setenv("BASH_ENV", words.c_str(), 1);
  std::string directory = (fs::temp_directory_path() / "pl-scenario-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) return 2;
  fs::current_path(directory);
  int failures = 0;
  for (const Step& step : steps) {
    auto [found, exit] = play(step.command);
    if (exit == step.exit && matches(step.expected, 0, found, 0)) continue;
    ++failures;
    fmt::print("{}:{}: $ {}\n", argv[1], step.line, step.command);
    if (exit != step.exit) fmt::print("  expected exit {}, found {}\n", step.exit, exit);
    fmt::print("  expected:\n");
    for (const auto& line : step.expected) fmt::print("    {}\n", line);
    fmt::print("  found:\n");
    for (const auto& line : found) fmt::print("    {}\n", line);
    break;  // what follows leans on this step
  }
  fs::current_path("/");
  fs::remove_all(directory);
  return failures == 0 ? 0 : 1;
}
