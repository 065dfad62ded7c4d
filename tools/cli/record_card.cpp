#include "tools/cli/record_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "events/base/civil_date.h"
#include "events/money.h"

namespace pilotledger::cli {
namespace {

enum class As { Text, Amount, Day, Share, Party, State, Claim, YesNo };

struct AttributeWord {
  std::string_view name;
  std::string_view en, zh;
  As as = As::Text;
  std::string_view enumeration = "";  // whose codes the values are
  std::string_view of = "";           // the only kind of entity that means it so; before the row for all others
};

constexpr AttributeWord kWords[] = {
    {"acceptance", "acceptance", "验收事件"},
    {"amount", "secured amount", "担保金额", As::Amount},
    {"asset.active", "in pledge", "在押权利"},
    {"asset.agreed", "agreed, not registered", "已签约未登记的权利"},
    {"asset.released", "released", "已注销质押的权利"},
    {"award", "award", "补助"},
    {"awarded", "awarded", "下达金额", As::Amount},
    {"batches.done", "batches done", "已完成批次"},
    {"batches.planned", "batches planned", "计划批次"},
    {"bound.by", "bound by", "绑定者"},
    {"bound.on", "bound on", "绑定日期", As::Day},
    {"claim", "recorded as said by", "记录依据", As::Claim},
    {"claimed", "claimed", "列支金额", As::Amount},
    {"compromised.since", "compromised since", "疑似泄露自", As::Day},
    {"confirmed", "confirmed", "核定金额", As::Amount},
    {"contested", "contested", "权属或效力争议"},
    {"currency", "currency", "币种"},
    {"debt.to", "debt ends on", "债务履行期限届满日", As::Day},
    {"debtor", "debtor", "债务人", As::Party},
    {"disbursed", "disbursed", "已拨付", As::Amount},
    {"division", "division", "行政区划"},
    {"drawn", "drawn", "已提款", As::Amount},
    {"edition", "edition of the rules", "规则版本"},
    {"expires", "expires on", "期满日", As::Day},
    {"face", "face value", "面额", As::Amount},
    {"fee.paid-to", "annual fee paid to", "年费缴至", As::Day},
    {"filed", "filed on", "申请日", As::Day},
    {"frozen", "preserved by", "保全文书"},
    {"grade", "grade", "考核等次", As::Text, "Grade"},
    {"granted", "granted", "发放金额", As::Amount, "", "loan"},
    {"granted", "granted on", "授权日", As::Day},
    {"imported", "known from an importer only", "仅见于导入资料", As::YesNo},
    {"instrument", "instrument", "政策工具"},
    {"kind", "kind", "主体类型", As::Text, "PartyKind", "party"},
    {"kind", "kind", "种类", As::Text, "IpKind"},
    {"last.status", "newest status code", "最新法律状态代码"},
    {"level", "tier", "级别", As::Text, "Level"},
    {"lines", "lines", "行数"},
    {"matched", "matching money paid", "已到位配套资金", As::Amount},
    {"maturity", "due on", "到期日", As::Day},
    {"name", "name", "名称"},
    {"ordered", "ordered back", "责令收回", As::Amount},
    {"paid", "paid", "已支付", As::Amount},
    {"party.any", "parties", "各方", As::Party},
    {"party.bnk", "bank", "银行", As::Party},
    {"party.cus", "client", "客户", As::Party},
    {"party.fin", "accounts kept by", "财务主体", As::Party},
    {"party.own", "owner", "权利人", As::Party},
    {"party.plt", "platform's party", "平台主体", As::Party},
    {"passed", "passed on", "已转拨", As::Amount},
    {"place", "belongs to", "所属区划"},
    {"platform", "platform", "平台"},
    {"pledge.active", "pledges in force", "在押质押"},
    {"pledge.any", "pledges", "质押"},
    {"pledge.released", "released pledges", "已注销质押"},
    {"project", "pilot project", "中试项目"},
    {"promoted.on", "promoted on", "升级日期", As::Day},
    {"received", "received", "已到账", As::Amount},
    {"recognised.on", "recognised on", "认定日期", As::Day},
    {"redeemed", "redeemed", "已使用", As::Amount},
    {"reevaluated.on", "re-evaluated on", "复评日期", As::Day},
    {"reg-no", "registration number", "登记号"},
    {"remaining", "left to reverse", "可冲减余额", As::Amount},
    {"repaid", "repaid", "已还款", As::Amount},
    {"result", "result", "结果"},
    {"returned", "returned", "已退回", As::Amount},
    {"role", "roles", "角色", As::Text, "Role"},
    {"run", "pilot run", "中试运行"},
    {"runs", "pilot runs", "中试运行次数"},
    {"seller", "seller", "销售方", As::Party},
    {"settled", "settled", "已兑付", As::Amount},
    {"share", "share", "持股比例", As::Share},
    {"sold", "share given up", "已退出比例", As::Share},
    {"spent", "spent", "已支出", As::Amount},
    {"state", "state", "状态", As::State},
    {"stream", "revenue stream", "收入类型", As::Text, "RevenueStream"},
    {"sum", "sum insured", "保险金额", As::Amount},
    {"tech", "technology value", "技术交易额", As::Amount},
    {"total", "contract value", "合同成交额", As::Amount},
    {"used", "has signed", "已签署过事件", As::YesNo},
    {"valid.from", "valid from", "生效日", As::Day},
    {"valid.to", "valid to", "有效期至", As::Day},
    {"vkey", "verifier key", "验证密钥"},
    {"withdrawn.on", "withdrawn on", "退出日期", As::Day},
};

struct StateWord {
  std::string_view code, en, zh;
};
constexpr StateWord kStates[] = {
    {"accepted", "accepted", "已验收"},
    {"active", "in force", "有效"},
    {"agreed", "agreed", "已签约"},
    {"answered", "answered", "已整改答复"},
    {"awarded", "awarded", "已下达"},
    {"closed", "closed", "已销号"},
    {"county", "county tier", "县级"},
    {"disposed", "disposed of", "已处置"},
    {"ended", "ended", "已终止"},
    {"enforced", "enforced", "已实现质权"},
    {"established", "established", "已创建"},
    {"graded", "graded", "已考核"},
    {"granted", "granted", "已发放"},
    {"held", "held", "持有"},
    {"in-force", "in force", "有效"},
    {"in-use", "in use", "在用"},
    {"installed", "installed", "已安装"},
    {"invalidated", "invalidated", "已作废"},
    {"issued", "issued", "已签发"},
    {"municipal", "municipal tier", "市级"},
    {"national", "national tier", "国家级"},
    {"open", "open", "未销号"},
    {"ordered", "ordered", "已责令"},
    {"provincial", "provincial tier", "省级"},
    {"raised", "raised", "已提出"},
    {"received", "received", "已到账"},
    {"recorded", "recorded", "已记录"},
    {"registered", "registered", "已登记"},
    {"released", "released", "已注销"},
    {"reversed", "taken back", "已冲销"},
    {"revoked", "revoked", "已撤销"},
    {"signed", "signed", "已签订"},
    {"suspended", "suspended", "已暂停"},
    {"withdrawn", "withdrawn", "已退出"},
};

// How the rules keep count; of no use to who reads what is so.
constexpr std::string_view kInner[] = {
    "begun", "claim.event",  "displaced.own", "edition.needs", "co-owners.agreed", "identity",
    "named", "operator.key", "register",      "signed.by",     "state.before"};

class RecordCard {
 public:
  RecordCard(const Context& context, const CardNames& names, std::string_view kind, const proof::EntityRecord& record)
      : context_(context), names_(names), kind_(kind) {
    auto parsed = events::parseCurrency(std::string(record.get("currency")));
    if (parsed.ok()) currency_ = *parsed;
  }

  std::string line(std::string_view name, const std::vector<std::string_view>& values) const {
    auto word = std::find_if(std::begin(kWords), std::end(kWords), [&](const AttributeWord& one) {
      return one.name == name && (one.of.empty() || one.of == kind_);
    });
    const AttributeWord known = word == std::end(kWords) ? AttributeWord{name, name, name} : *word;
    std::string text;
    for (std::string_view value : values)
      text += (text.empty() ? "" : std::string(context_.say(", ", "、"))) + shown(known, std::string(value));
    return cardLine(context_, known.en, known.zh, text);
  }

 private:
  std::string shown(const AttributeWord& word, const std::string& value) const {
    switch (word.as) {
      case As::Amount:
      case As::Share:
      case As::Day: return number(word.as, value);
      case As::Party: {
        std::string name = names_.party(value);
        return name.empty() ? value : value + "  " + name;
      }
      case As::State: {
        auto state = std::find_if(std::begin(kStates), std::end(kStates),
                                  [&](const StateWord& one) { return one.code == value; });
        return state == std::end(kStates) ? value : std::string(context_.say(state->en, state->zh));
      }
      case As::Claim:
        return std::string(value == "self" ? context_.say("its owner alone", "权利人自行记录")
                                           : context_.say("a register or an authority", "登记簿或主管部门"));
      case As::YesNo: return std::string(context_.say("yes", "是"));
      case As::Text: break;
    }
    return coded(word.enumeration, value);
  }

  std::string number(As as, const std::string& digits) const {
    std::int64_t value = 0;
    auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failure != std::errc() || end != digits.data() + digits.size()) return digits;
    if (as == As::Amount)
      return fmt::format("{} {}", events::formatMoney(value, currency_), events::currencyAlpha(currency_));
    if (as == As::Share) return fmt::format("{}.{:02}%", value / 100, value % 100);
    return value == 99'991'231 ? std::string(context_.say("no end", "长期"))
                               : events::formatCivilDate(static_cast<std::int32_t>(value));
  }

  std::string coded(std::string_view enumeration, const std::string& value) const {
    const events::EnumInfo* info = enumeration.empty() ? nullptr : events::findEnum(enumeration);
    auto ordinal = info == nullptr ? std::nullopt : info->find(value);
    if (!ordinal) return value;
    const events::Label& label = info->values[*ordinal].label;
    return std::string(context_.say(label.en, label.zh));
  }

  const Context& context_;
  const CardNames& names_;
  std::string_view kind_;  // of the entity
  std::uint16_t currency_ = events::kCny;
};

}  // namespace

std::string recordCard(const Context& context, const CardNames& names, std::string_view kind,
                       const proof::EntityRecord& record) {
  RecordCard card(context, names, kind, record);
  std::string text, name;
  std::vector<std::string_view> values;
  auto finish = [&] {
    const bool inner = std::find(std::begin(kInner), std::end(kInner), name) != std::end(kInner);
    if (!values.empty() && !inner) text += card.line(name, values);
    values.clear();
  };
  for (const auto& [attribute, value] : record.attributes()) {
    if (attribute != name) finish();
    name = attribute;
    values.push_back(value);
  }
  finish();
  return text;
}

}  // namespace pilotledger::cli
