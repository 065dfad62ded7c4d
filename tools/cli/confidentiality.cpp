#include "tools/cli/confidentiality.h"

#include <fmt/format.h>

namespace pilotledger::cli {

void declareReader(CLI::App& app, const Context& context, std::string& reader) {
  app.add_option(
      "--reader", reader,
      std::string(context.say("withhold what this reader may not see: public, party:ID or audit; default: everything",
                              "按读者隐去不可见内容：public、party:主体代码、audit；默认全部显示")));
}

Status sealAll(Sealing& sealing, std::vector<EventLine>& events, Keeping keeping) {
  for (EventLine& line : events) {
    PL_TRY(events::Event event, events::Event::decode(line.bytes));
    auto sealed = sealing.seal(event);
    if (!sealed.ok())
      return std::move(sealed).error().within(fmt::format("line {}", line.line), fmt::format("第 {} 行", line.line));
    line.bytes = std::move(sealed).value();
  }
  return keeping == Keeping::Vault ? sealing.keep() : Status();
}

}  // namespace pilotledger::cli
