// The bank's question. With --as-of it is asked of the past through the read model.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "events/identifiers.h"
#include "events/money.h"
#include "ledger/crypto/encoding.h"
#include "query/pledge_status.h"
#include "query/query.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {
namespace {

struct Options {
  std::string number;
  std::string asOf;
};

std::string meaning(const Context& context, query::PledgeAnswer answer) {
  switch (answer) {
    case query::PledgeAnswer::Active: return std::string(context.say("in pledge", "在押"));
    case query::PledgeAnswer::Released: return std::string(context.say("free: every pledge recorded here has been released", "无有效质押：所记录的质押均已注销"));
    case query::PledgeAnswer::None: return std::string(context.say("no pledge is recorded in this ledger", "本账本未记录任何质押"));
    case query::PledgeAnswer::Unknown: return std::string(context.say("the asset is not recorded in this ledger", "本账本未记录该知识产权"));
  }
  return "";
}

std::string amountText(const query::PledgeOfAsset& pledge) {
  auto currency = events::parseCurrency(pledge.currency);
  return pledge.amountFen == 0 || !currency.ok() ? "-" : events::formatMoney(pledge.amountFen, *currency) + " " + pledge.currency;
}

std::string text(const Context& context, const query::PledgeStatus& status, std::uint64_t size, const Digest& root) {
  std::string out = fmt::format("{}  {}  {}\n", query::answerText(status.answer), status.number, meaning(context, status.answer));
  auto line = [&](std::string_view en, std::string_view zh, const std::string& value) {
    if (!value.empty()) out += context.zh() ? fmt::format("  {}：{}\n", zh, value) : fmt::format("  {:<9} {}\n", std::string(en) + ":", value);
  };
  line("state", "法律状态", status.state);
  line("frozen", "保全", status.frozen);
  line("expires", "期满日", status.expires);
  for (const std::string& owner : status.owners) line("owner", "权利人", owner);
  for (const auto& pledge : status.pledges) {
    line("pledge", "质押", fmt::format("{} {}  {}  {}{}", pledge.state, pledge.pledge, pledge.pledgeeName.empty() ? pledge.pledgee : pledge.pledgeeName,
                                    amountText(pledge), pledge.debtTo.empty() ? "" : "  -> " + pledge.debtTo));
  }
  if (!status.entries.empty()) line("entries", "条目", fmt::format("{}", fmt::join(status.entries, ", ")));
  line("as of", "账本位置", fmt::format("{} entries, root {}", size, crypto::toBase64(root)));
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

// The same shape, from the facts visible at a past position.
Result<query::PledgeStatus> statusAt(query::ReadModel& model, const query::AsOf& at, const std::string& number) {
  query::PledgeStatus status;
  PL_TRY(status.number, events::canonicalIp(number));
  PL_CHECK(model.show(at));
  PL_TRY(query::Statement asset, model.database().prepare(
      "SELECT number, expires_on FROM ip_asset_recorded WHERE number = :n OR grant_number = :n"));
  asset.bindNamed("n", status.number);
  PL_TRY(bool found, asset.step());
  if (!found) return status;
  status.number = asset.text(0);
  status.expires = asset.text(1);
  PL_TRY(query::Statement rows, model.database().prepare(
      "SELECT q.pledge, q.pledgee, p.name, q.state, q.amount_fen, q.currency, q.debt_to, q.entry_index, q.registered_entry, q.released_entry "
      "FROM pledge_asset q LEFT JOIN party_name p ON p.party = q.pledgee WHERE q.asset = :n AND q.state <> 'agreed' ORDER BY q.state, q.entry_index"));
  rows.bindNamed("n", status.number);
  bool active = false;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) break;
    status.pledges.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.integer(4), rows.text(5), rows.text(6)});
    active = active || rows.text(3) == "active";
    for (int column : {7, 8, 9}) {
      if (!rows.text(column).empty()) status.entries.push_back(static_cast<std::uint64_t>(rows.integer(column)));
    }
  }
  status.answer = active ? query::PledgeAnswer::Active : status.pledges.empty() ? query::PledgeAnswer::None : query::PledgeAnswer::Released;
  return status;
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
    PL_TRY(status, statusAt(*model, at, options.number));
    size = at.position;
    root = at.root;
  }
  PL_CHECK(writeOutput(context, context.format == "table" || context.format == "csv" ? text(context, status, size, root) : json(status, size, root)));
  return status.answer == query::PledgeAnswer::Unknown ? kNotFound : kOk;
}

}  // namespace

Action declarePledge(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("number", options->number, std::string(context.say("patent number in any usual spelling", "专利号，任意常用写法")))->required();
  app.add_option("--as-of", options->asOf, std::string(context.say("entry index or YYYY-MM-DD", "截至：条目序号或日期")));
  return [options](Context& c) { return pledge(c, *options); };
}

}  // namespace pilotledger::cli
