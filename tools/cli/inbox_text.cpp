#include "tools/cli/inbox_text.h"

#include <fmt/format.h>

#include <array>

#include "events/base/local_time.h"

namespace pilotledger::cli {

using remote::Json;
using remote::memberOf;
using remote::textOf;

namespace {

struct Word {
  std::string_view code;
  Text text;
};

constexpr std::array<Word, 8> kWords = {{
    {"open", {"open", "待签"}},
    {"recorded", {"recorded", "已记录"}},
    {"withdrawn", {"withdrawn", "已撤回"}},
    {"expired", {"expired", "已过期"}},
    {"declined", {"declined", "已拒签"}},
    {"sign", {"to be signed by you", "待您签署"}},
    {"submitted", {"submitted by you", "您已提交"}},
    {"signed", {"signed by you", "您已签署"}},
}};

std::string wordOf(const Context& context, const std::string& code) {
  for (const Word& word : kWords) {
    if (word.code == code) return std::string(context.say(word.text));
  }
  return code;
}

std::string inReadersLanguage(const Context& context, const Json& both) {
  return textOf(both, context.zh() ? "zh" : "en");
}

std::string nameOf(const Json& party) {
  std::string name = textOf(party, "name");
  return name.empty() ? textOf(party, "party") : name;
}

std::string minuteOf(const Json& item, const char* member) {
  auto ms = events::parseInstant(textOf(item, member).substr(0, 19) + "Z");  // without the milliseconds
  return ms.ok() ? events::formatLocalMinutes(*ms) : textOf(item, member);
}

std::string kindsOf(const Context& context, const Json& item) {
  std::string text;
  for (const Json& kind : memberOf(item, "kinds")) {
    const std::string label = inReadersLanguage(context, memberOf(kind, "label"));
    const std::string count = memberOf(kind, "count").dump();
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", label.empty() ? textOf(kind, "kind") : label,
                        count == "1" ? "" : " ×" + count);
  }
  return text;
}

std::string namesIn(const Json& parties) {
  std::string text;
  for (const Json& one : parties) text += (text.empty() ? "" : ", ") + nameOf(one);
  return text;
}

std::string lackingLines(const Context& context, const Json& item, int indent) {
  std::string text;
  const Json groups = memberOf(item, "lacking");
  for (const Json& group : groups) {
    std::string words = inReadersLanguage(context, memberOf(group, "words"));
    if (groups.size() > 1) {
      std::string events;
      for (const Json& number : memberOf(group, "events")) events += (events.empty() ? "" : ", ") + number.dump();
      words = fmt::format(fmt::runtime(context.say("{} (event {})", "{}（事件 {}）")), words, events);
    }
    text += cardLine(context, "must still sign", "尚须签署", words, indent);
  }
  return text;
}

std::string declineLines(const Context& context, const Json& item, int indent) {
  std::string text;
  for (const Json& one : memberOf(item, "declined"))
    text += cardLine(context, "declined by", "拒签", fmt::format("{}: {}", nameOf(one), textOf(one, "reason")), indent);
  return text;
}

// What became of it, where something did.
std::string outcomeLines(const Context& context, const Json& item, int indent) {
  std::string text;
  for (const Json& receipt : memberOf(item, "receipts"))
    text += cardLine(context, "recorded as entry", "记录为条目", memberOf(receipt, "index").dump(), indent);
  const Json refusal = memberOf(item, "refusal");
  std::string why = textOf(refusal, "messageZh");
  if (!context.zh() || why.empty()) why = textOf(refusal, "message");
  if (!why.empty()) text += cardLine(context, "refused", "账本拒绝", why, indent);
  return text;
}

}  // namespace

std::string pendingLines(const Context& context, const Json& item) {
  const bool open = textOf(item, "state") == "open";
  std::string text = fmt::format("{}  {}  {}\n", textOf(item, "id").substr(0, 12),
                                 wordOf(context, textOf(item, open ? "yours" : "state")), kindsOf(context, item));
  text += cardLine(context, "from", "提交方", nameOf(memberOf(item, "submitter")));
  text += cardLine(context, "signed by", "已签署", namesIn(memberOf(item, "signed")));
  text += lackingLines(context, item, 2) + declineLines(context, item, 2) + outcomeLines(context, item, 2);
  if (open) text += cardLine(context, "until", "截止", minuteOf(item, "until"));
  return text;
}

std::string pendingHead(const Context& context, const Json& item) {
  const std::string id = textOf(item, "id").substr(0, 12), events = memberOf(item, "events").dump();
  const std::string state = wordOf(context, textOf(item, "state")), from = nameOf(memberOf(item, "submitter"));
  const std::string when = minuteOf(item, "submitted_at");
  return context.say(Message{fmt::format("Submission {}: {} event{}, {}, from {} on {}\n", id, events,
                                         events == "1" ? "" : "s", state, from, when),
                             fmt::format("提交 {}：{} 个事件，{}，{} 提交于 {}\n", id, events, state, from, when)});
}

std::string pendingSigners(const Context& context, const Json& item) {
  std::string text;
  for (const Json& one : memberOf(item, "signed"))
    text += cardLine(context, "signed by", "已签署", fmt::format("{}  {}", textOf(one, "key"), nameOf(one)), 0);
  text += lackingLines(context, item, 0) + declineLines(context, item, 0) + outcomeLines(context, item, 0);
  if (textOf(item, "state") != "open") return text;
  return text + cardLine(context, "until", "截止", minuteOf(item, "until"), 0);
}

}  // namespace pilotledger::cli
