#include <fmt/format.h>

#include <utility>

#include "events/json.h"
#include "tools/cli/command.h"
#include "tools/cli/terminal.h"
#include "tools/simulate/recorder.h"

namespace pilotledger::cli {
namespace {

struct SimulateOptions {
  simulate::Options province;
  bool jsonl = false;
};

constexpr std::size_t kChunkBytes = 1u << 20;

// Events only, one a line, in order; who signs each follows from its kind.
Result<int> writeJson(const Context& context, const SimulateOptions& options) {
  std::string text;
  auto outcome = simulate::simulate(options.province, [&](const simulate::Step& step) -> Status {
    for (const Bytes& bytes : step.events) {
      PL_TRY(events::Event event, events::Event::decode(bytes));
      text += events::eventToJson(event);
      text += '\n';
    }
    return text.size() < kChunkBytes ? Status() : writeDocument(context, std::exchange(text, {}));
  });
  if (!outcome.ok()) return std::move(outcome).error();
  PL_CHECK(writeDocument(context, text));
  return kOk;
}

std::string plantedText(const Context& context, const simulate::Outcome& outcome) {
  std::string text = context.format == "csv" ? "code,subject\n" : "";
  for (const auto& planted : outcome.planted) {
    text += context.format == "csv" ? fmt::format("{},{}\n", planted.code, planted.subject)
                                    : fmt::format("{}  {}\n", planted.code, planted.subject);
  }
  return text;
}

Result<int> run(Context& context, const SimulateOptions& options) {
  if (options.jsonl) return writeJson(context, options);
  std::uint64_t expected =
      static_cast<std::uint64_t>(options.province.platforms) * static_cast<std::uint64_t>(options.province.years) * 120;
  simulate::Recorded recorded;
  {
    Progress progress(std::string(context.say("recording", "记录")), context.quiet);
    PL_TRY(recorded, simulate::record(context.ledgerDirectory, options.province,
                                      [&](std::uint64_t done) { progress.show(std::min(done, expected), expected); }));
  }
  if (!context.quiet) {
    printRemark(context.say(Message{
        fmt::format("{} events in {} submissions by {} simulated keys; planted violations:", recorded.outcome.events,
                    recorded.outcome.steps, recorded.outcome.keys),
        fmt::format("{} 个事件，{} 次提交，{} 把模拟密钥；埋入的违规：", recorded.outcome.events,
                    recorded.outcome.steps, recorded.outcome.keys)}));
  }
  PL_CHECK(writeOutput(context, plantedText(context, recorded.outcome)));
  return kOk;
}

}  // namespace

Action declareSimulate(CLI::App& app, const Context& context) {
  auto options = std::make_shared<SimulateOptions>();
  app.add_option("--platforms", options->province.platforms, std::string(context.say("number of platforms", "平台数")))
      ->check(CLI::Range(1, 5'000))
      ->default_val(20);
  app.add_option("--years", options->province.years, std::string(context.say("years", "年数")))
      ->check(CLI::Range(1, 30))
      ->default_val(5);
  app.add_option("--seed", options->province.seed,
                 std::string(context.say("seed: the same seed gives the same province", "种子：相同种子得到相同数据")))
      ->default_val(1);
  app.add_option("--plant", options->province.plantEach,
                 std::string(context.say("violations of each code", "每类违规的数量")))
      ->check(CLI::Range(0, 1'000));
  app.add_flag("--jsonl", options->jsonl,
               std::string(context.say("write the events as JSON Lines instead of recording them",
                                       "不记录，仅输出事件（JSON Lines）")));
  return [options](Context& c) { return run(c, *options); };
}

}  // namespace pilotledger::cli
