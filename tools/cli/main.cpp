// pilotledger: the one program. Composes clock and context, parses, runs one command.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "events/base/civil_date.h"
#include "events/base/temporary_directory.h"
#include "tools/cli/application.h"
#include "tools/cli/terminal.h"

namespace {

using namespace pilotledger;

// PILOTLEDGER_CLOCK=2026-03-01T09:00:00+08:00 replays a fixed time, one millisecond a reading.
Result<ledger::Clock> chooseClock() {
  const char* fixed = std::getenv("PILOTLEDGER_CLOCK");
  if (fixed == nullptr || *fixed == '\0') return ledger::systemClock();
  PL_TRY(std::int64_t start, events::parseInstant(fixed));
  auto now = std::make_shared<std::atomic<std::int64_t>>(start);  // readings on several threads
  return ledger::Clock([now] { return now->fetch_add(1); });
}

// Ends as the signal does by itself, but leaves nothing in the directory for temporary files.
void endOn(int signal) {
  TemporaryDirectory::removeAllInHandler();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe and a file-size limit come back as errors
  std::signal(SIGXFSZ, SIG_IGN);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(signal, endOn) == SIG_IGN) std::signal(signal, SIG_IGN);  // nohup
  }
  cli::Context context;
  context.language = cli::chooseLanguage(argc, argv);
  auto clock = chooseClock();
  if (!clock.ok()) {
    cli::printRemark(cli::describe(clock.error(), context.language));
    return cli::kUsage;
  }
  context.clock = std::move(clock).value();
  return cli::run(argc, argv, context);
}
