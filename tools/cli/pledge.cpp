// The bank's question. With --as-of it is asked of the past through the read model.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "events/identifiers.h"
#include "events/money.h"
#include "ledger/crypto/encoding.h"
#include "query/pledge_status.h"
#include "query/query.h"
#include "tools/cli/private.h"

namespace pilotledger::cli {
namespace {

struct Options {
  std::string number;
  std::string asOf;
  std::string reader;
};

std::string meaning(const Context& context, query::PledgeAnswer answer) {
  switch (answer) {
    case query::PledgeAnswer::Active: return std::string(context.say("in pledge", "在押"));
    case query::PledgeAnswer::Released: return std::string(context.say("free: every pledge recorded here has been released", "无有效质押：所记录的质押均已注销"));
    case query::PledgeAnswer::None: return std::string(context.say("no pledge in force is recorded in this ledger", "本账本未记录有效质押"));
    case query::PledgeAnswer::Unknown: return std::string(context.say("the asset is not recorded in this ledger", "本账本未记录该知识产权"));
  }
  return "";
}

std::string amountText(const query::PledgeOfAsset& pledge) {
  auto currency = events::parseCurrency(pledge.currency);
  return pledge.amountFen == 0 || !currency.ok() ? "-" : events::formatMoney(pledge.amountFen, *currency) + " " + pledge.currency;
}

std::string stateText(const Context& context, const std::string& state) {
  if (!context.zh()) return state;
  for (auto [word, chinese] : {std::pair("active", "有效"), {"released", "已注销"}, {"agreed", "已签约未登记"}, {"enforced", "已实现质权"}, {"revoked", "已撤销"}, {"in-force", "权利有效"},
                               {"invalidated", "已宣告无效"}, {"ended", "权利终止"}}) {
    if (state == word) return chinese;
  }
  return state;
}

std::string text(const Context& context, const query::PledgeStatus& status, std::uint64_t size, const Digest& root) {
  std::string out = fmt::format("{}  {}  {}\n", query::answerText(status.answer), status.number, meaning(context, status.answer));
  auto line = [&](std::string_view en, std::string_view zh, const std::string& value) {
    if (!value.empty()) out += context.zh() ? fmt::format("  {}：{}\n", zh, value) : fmt::format("  {:<9} {}\n", std::string(en) + ":", value);
  };
  line("state", "法律状态", stateText(context, status.state));
  line("frozen", "保全", status.frozen);
  line("expires", "期满日", status.expires);
  for (const std::string& owner : status.owners) line("owner", "权利人", owner);
  for (const auto& pledge : status.pledges) {
    line("pledge", "质押", fmt::format("{} {}  {}  {}{}", stateText(context, pledge.state), pledge.pledge, pledge.pledgeeName.empty() ? pledge.pledgee : pledge.pledgeeName,
                                    amountText(pledge), pledge.debtTo.empty() ? "" : "  -> " + pledge.debtTo));
  }
  if (!status.entries.empty()) line("entries", "条目", fmt::format("{}", fmt::join(status.entries, ", ")));
  line("as of", "账本位置", fmt::format(fmt::runtime(context.say("{} entries, root {}", "共 {} 条，日志根 {}")), size, crypto::toBase64(root)));
  out += fmt::format("  {}\n", context.say("The register of the patent office prevails.", "以国家知识产权局专利登记簿为准。"));
  return out;
}

std::string json(const query::PledgeStatus& status, std::uint64_t size, const Digest& root) {
  nlohmann::ordered_json out = {{"answer", query::answerText(status.answer)}, {"number", status.number}, {"state", status.state},
                                {"frozen", status.frozen}, {"expires", status.expires}, {"owners", status.owners}};
  out["pledges"] = nlohmann::ordered_json::array();
  for (const auto& p : status.pledges) {
    out["pledges"].push_back({{"pledge", p.pledge}, {"state", p.state}, {"pledgee", p.pledgee}, {"pledgeeName", p.pledgeeName},
                              {"amountFen", p.amountFen}, {"currency", p.currency}, {"debtTo", p.debtTo}});
  }
  out["entries"] = status.entries;
  out["size"] = size;
  out["root"] = crypto::toBase64(root);
  return out.dump() + "\n";
}

// The secured amount is for those whom the contract concerns.
Status withholdAmounts(const ledger::Ledger& ledger, const query::Sight& sight, query::PledgeStatus& status) {
  for (auto& pledge : status.pledges) {
    PL_TRY(auto entries, ledger.entriesOf("pledge:" + pledge.pledge));
    if (entries.empty()) continue;
    PL_TRY(proof::Entry entry, ledger.entry(entries.front()));
    PL_TRY(auto signers, signersOf(ledger, entry));
    if (sight.at(entry.index, signers) < query::Confidentiality::PARTY) pledge.amountFen = 0;
  }
  return {};
}

Result<int> pledge(Context& context, const Options& options) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  query::PledgeStatus status;
  std::uint64_t size = ledger->size();
  Digest root = ledger->root();
  if (options.asOf.empty()) {
    PL_TRY(status, query::pledgeStatus(*ledger, options.number));
  } else {
    PL_TRY(auto model, query::ReadModel::open(*ledger, std::filesystem::path(context.ledgerDirectory) / "views.sqlite"));
    PL_TRY(query::AsOf at, model->asOf(options.asOf));
    PL_TRY(status, query::pledgeStatusAt(*model, at, options.number));
    size = at.position;
    root = at.root;
  }
  PL_TRY(query::Sight sight, sightOf(context, *ledger, options.reader));
  if (!sight.everything()) PL_CHECK(withholdAmounts(*ledger, sight, status));
  PL_CHECK(writeOutput(context, context.format == "table" || context.format == "csv" ? text(context, status, size, root) : json(status, size, root)));
  return status.answer == query::PledgeAnswer::Unknown ? kNotFound : kOk;
}

}  // namespace

Action declarePledge(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("number", options->number, std::string(context.say("patent number in any usual spelling", "专利号，任意常用写法")))->required();
  declareReader(app, context, options->reader);
  app.add_option("--as-of", options->asOf, std::string(context.say("entry index or YYYY-MM-DD", "截至：条目序号或日期")));
  return [options](Context& c) { return pledge(c, *options); };
}

}  // namespace pilotledger::cli
