#include "tools/cli/pledge_text.h"

#include <fmt/format.h>

#include "events/base/local_time.h"
#include "ledger/crypto/encoding.h"
#include "tools/verifier/proof_text.h"

namespace pilotledger::cli {
namespace {

std::string headline(const PledgeAnswerAt& answer) {
  if (answer.refused) return "REFUSED";
  return std::string(verifier::pledgeHeadline(answer.status));
}

std::string joinedPledges(const std::vector<query::PledgeOfAsset>& pledges, std::string_view state, Language language) {
  std::string text;
  for (const auto& pledge : pledges) {
    if (!state.empty() && pledge.state != state) continue;
    text += (text.empty() ? "" : "; ") + verifier::pledgeLine(pledge, language);
  }
  return text;
}

std::string joinedOwners(const query::PledgeStatus& status) {
  std::string text;
  for (const std::string& owner : status.owners) {
    auto name = status.names.find(owner);
    text += (text.empty() ? "" : "; ") + owner + (name == status.names.end() ? "" : " " + name->second);
  }
  return text;
}

std::string joinedMessages(const Context& context, const std::vector<Message>& messages) {
  std::string text;
  for (const Message& message : messages) text += (text.empty() ? "" : "; ") + std::string(context.say(message));
  return text;
}

std::string joinedTerms(const Context& context, const PledgeAnswerAt& answer) {
  std::string text;
  for (const auto& [label, value] : answer.terms) text += (text.empty() ? "" : "; ") + std::string(context.say(value));
  return text;
}

}  // namespace

std::string pledgeAnswerText(const Context& context, const PledgeAnswerAt& answer) {
  if (answer.refused) return fmt::format("REFUSED  {}  {}\n", answer.asked, context.say(answer.refused->message));
  std::string out = verifier::pledgeText(answer.status, {answer.status.names, answer.status.others}, context.language);
  auto line = [&](std::string_view en, std::string_view zh, const std::string& value) {
    out +=
        context.zh() ? fmt::format("  {}：{}\n", zh, value) : fmt::format("  {:<9} {}\n", std::string(en) + ":", value);
  };
  for (const auto& [label, value] : answer.terms) line(label.en, label.zh, context.say(value));
  for (const Message& what : answer.withheld) line("withheld", "不予显示", context.say(what));
  if (!answer.status.entries.empty())
    line("entries", "条目", fmt::format("{}", fmt::join(answer.status.entries, ", ")));
  if (answer.at.onlyUntil) line("on", "法定日", answer.at.on);
  line("as of", "账本位置",
       fmt::format(fmt::runtime(context.say("{} entries, root {}", "共 {} 条，日志根 {}")), answer.at.position,
                   crypto::toBase64(answer.at.root)));
  line("newest", "最新条目",
       fmt::format(fmt::runtime(context.say("recorded {}", "记录于 {}")), events::formatLocalMinutes(answer.newestMs)));
  line("answered", "答复时间", events::formatLocalMinutes(answer.nowMs));
  for (const Message& warning : service::warningsOf(answer)) line("warning", "注意", context.say(warning));
  out += fmt::format("  {}\n",
                     context.say("The register of the patent office prevails.", "以国家知识产权局专利登记簿为准。"));
  return out;
}

query::Table pledgeAnswerTable(const std::vector<PledgeAnswerAt>& answers, const Context& context) {
  query::Table table;
  table.name = "pledge_answers";
  table.title = {"Answers about pledges", "质押查询答复"};
  table.columns = {{"asked", "text", {"Asked", "所问号码"}},
                   {"answer", "text", {"Answer", "答复"}},
                   {"number", "text", {"Number", "号码"}},
                   {"meaning", "text", {"In words", "含义"}},
                   {"frozen", "text", {"Preserved", "保全"}},
                   {"state", "text", {"Legal state", "法律状态"}},
                   {"expires_on", "date", {"Expires", "期满日"}},
                   {"owners", "text", {"Owners", "权利人"}},
                   {"pledges", "text", {"Pledges", "质押"}},
                   {"not_registered", "text", {"Signed, not registered", "已签约未登记"}},
                   {"revoked", "text", {"Revoked", "已撤销"}},
                   {"terms", "text", {"Terms", "条款"}},
                   {"withheld", "text", {"Not shown to this reader", "不予显示"}},
                   {"warnings", "text", {"Warnings", "注意"}},
                   {"entries", "text", {"Entries relied on", "所依据条目"}},
                   {"size", "int", {"As of entries", "截至条数"}},
                   {"on", "date", {"On the day", "法定日"}},
                   {"newest_recorded_at", "text", {"Newest entry recorded", "最新条目记录于"}},
                   {"answered_at", "text", {"Answered", "答复时间"}}};
  for (const PledgeAnswerAt& answer : answers) {
    if (!answer.refused) table.at = answer.at;
    const query::PledgeStatus& status = answer.status;
    std::string words =
        answer.refused ? context.say(answer.refused->message) : verifier::pledgeSentence(status, context.language);
    table.rows.push_back(
        {answer.asked, headline(answer), status.number, words, status.frozen, status.state, status.expires,
         joinedOwners(status), joinedPledges(status.pledges, "", context.language),
         joinedPledges(status.others, "agreed", context.language),
         joinedPledges(status.others, "revoked", context.language), joinedTerms(context, answer),
         joinedMessages(context, answer.withheld),
         joinedMessages(context, answer.refused ? std::vector<Message>() : service::warningsOf(answer)),
         fmt::format("{}", fmt::join(status.entries, ",")), static_cast<std::int64_t>(answer.at.position),
         answer.at.onlyUntil ? answer.at.on : "",
         answer.refused ? std::string() : events::formatLocalMinutes(answer.newestMs),
         answer.refused ? std::string() : events::formatLocalMinutes(answer.nowMs)});
  }
  return table;
}

}  // namespace pilotledger::cli
