// catalogue and template: both read the schema by reflection.
#include <fmt/format.h>

#include <algorithm>

#include "events/base/text.h"
#include "events/json.h"
#include "events/schema/schema.h"
#include "ledger/crypto/encoding.h"
#include "ledger/rules/editions.h"
#include "ledger/rules/refusals.h"
#include "tools/cli/command.h"
#include "tools/cli/event_table.h"
#include "tools/cli/event_words.h"
#include "tools/cli/remote.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

std::string listKinds(const Context& context) {
  std::size_t nameWidth = 0;
  std::size_t labelWidth = 0;
  for (const auto& kind : events::kinds()) {
    nameWidth = std::max(nameWidth, kind.name.size());
    labelWidth = std::max(labelWidth, events::displayWidth(context.zh() ? kind.label.zh : kind.label.en));
  }
  std::string text;
  for (const auto& kind : events::kinds()) {
    text += fmt::format("{:<{}}  {}  {}{}\n", kind.name, nameWidth,
                        events::padRight(context.zh() ? kind.label.zh : kind.label.en, labelWidth),
                        kind.signersNow().text, kind.importable ? " / IMP" : "");
  }
  return text;
}

std::string typeText(const events::Field& field) {
  static constexpr std::string_view kFormats[] = {"",
                                                  "date",
                                                  "money (minor units)",
                                                  "basis points",
                                                  "UUID",
                                                  "hash (hex)",
                                                  "decimal",
                                                  "party",
                                                  "IP number",
                                                  "document number",
                                                  "division",
                                                  "currency",
                                                  "verifier key",
                                                  "id",
                                                  "commitment (hex)"};
  std::string type(kFormats[static_cast<std::size_t>(field.format)]);
  if (field.enumeration != nullptr) {
    for (std::size_t i = 1; i < field.enumeration->values.size(); ++i)
      type += (i > 1 ? "|" : "") + field.enumeration->values[i].code;
  } else if (field.element != nullptr) {
    type = field.element->name;
  } else if (type.empty()) {
    type = field.type == capnp::schema::Type::TEXT   ? "text"
           : field.type == capnp::schema::Type::BOOL ? "true/false"
                                                     : "integer";
  }
  return field.isList ? "list of " + type : type;
}

// Who may be shown it, when that is not everybody; whether it may be sealed.
std::string marksOf(const Context& context, const events::Field& field) {
  std::string marks;
  if (field.confidentiality != events::Confidentiality::PUBLIC) {
    const auto& label = events::confidentialityInfo(field.confidentiality).label;
    marks += fmt::format("  {}: {}", context.say("shown to", "可见"), context.zh() ? label.zh : label.en);
  }
  if (!field.sealed.empty()) marks += fmt::format("  {}", context.say("sealed", "封存"));
  return marks;
}

void describeFields(const Context& context, const events::StructInfo& info, const std::string& indent,
                    std::string& text) {
  for (const auto& field : info.fields) {
    text += fmt::format("{}{}{}  {}  [{}]{}\n", indent, events::padRight(field.name, 18), field.required ? "*" : " ",
                        events::padRight(context.zh() ? field.label.zh : field.label.en, 24), typeText(field),
                        marksOf(context, field));
    if (field.element != nullptr) describeFields(context, *field.element, indent + "    ", text);
  }
}

std::string describeKind(const Context& context, const events::Kind& kind) {
  std::string text =
      fmt::format("{}  {}\n{}: {}{}\n", kind.name, context.zh() ? kind.label.zh : kind.label.en,
                  context.say("Signed by", "签署"), kind.signersNow().text, kind.importable ? " / IMP" : "");
  const auto& shownTo = events::confidentialityInfo(kind.confidentiality).label;
  text += fmt::format("{}: {}\n", context.say("Shown to", "可见"), context.zh() ? shownTo.zh : shownTo.en);
  text += fmt::format("{}:", context.say("Entities", "对象"));
  for (const auto& rule : kind.entities) {
    std::string_view mode = rule.mode == events::EntityMode::Open   ? context.say("opens", "新建")
                            : rule.mode == events::EntityMode::Need ? context.say("needs", "引用")
                                                                    : context.say("touches", "触及");
    text += fmt::format(" {} {}:{}{};", mode, rule.kind, rule.id.source, rule.optional ? "?" : "");
  }
  text.back() = '\n';
  text += fmt::format("{} (* {}):\n", context.say("Fields", "字段"), context.say("required", "必填"));
  describeFields(context, *kind.body, "  ", text);
  return text;
}

// One line an edition: its number, the program that first knows it, the digest that RulesAdopted names.
std::string listEditions() {
  std::string text;
  for (int edition = 1; edition <= ledger::kNewestEdition; ++edition) {
    text += fmt::format("{}  {}  {}\n", edition, ledger::editionProgram(edition),
                        crypto::toHex(ledger::editionDigest(edition)));
  }
  return text;
}

std::string listRefusals(const Context& context) {
  std::string text;
  for (const ledger::Refusal& refusal : ledger::refusals()) {
    text += fmt::format("{}  {}  {}\n", events::padRight(std::string(refusal.code), 22), refusal.edition,
                        context.zh() ? refusal.zh : refusal.en);
  }
  return text;
}

struct CatalogueOptions {
  std::string kind;
  bool editions = false;
  bool refusals = false;
};

}  // namespace

Action declareCatalogue(CLI::App& app, const Context& context) {
  auto options = std::make_shared<CatalogueOptions>();
  auto* kind = app.add_option("kind", options->kind, std::string(context.say("event kind", "事件种类")));
  auto* editions = app.add_flag("--editions", options->editions,
                                std::string(context.say("the editions of the rules and their digests, for RulesAdopted",
                                                        "规则各版本及其摘要，供“规则版本启用”使用")));
  app.add_flag("--refusals", options->refusals,
               std::string(context.say("what the rules refuse, and since which edition", "规则拒绝的事项及起始版本")))
      ->excludes(kind)
      ->excludes(editions);
  editions->excludes(kind);
  return [options](Context& c) -> Result<int> {
    if (isRemote(c)) PL_CHECK(compareKinds(c));
    if (options->editions || options->refusals) {
      PL_CHECK(writeOutput(c, options->editions ? listEditions() : listRefusals(c)));
      return kOk;
    }
    if (options->kind.empty()) {
      PL_CHECK(writeOutput(c, listKinds(c)));
      return kOk;
    }
    PL_TRY(const events::Kind* asked, kindByWord(options->kind));
    PL_CHECK(writeOutput(c, describeKind(c, *asked)));
    return kOk;
  };
}

Action declareTemplate(CLI::App& app, const Context& context) {
  auto name = std::make_shared<std::string>();
  app.add_option("kind", *name, std::string(context.say("event kind", "事件种类")))->required();
  return [name](Context& c) -> Result<int> {
    PL_TRY(const events::Kind* kind, kindByWord(*name));
    if (c.format != "xlsx") {
      PL_CHECK(writeDocument(c, events::templateJson(*kind) + "\n"));
      return kOk;
    }
    if (c.outputFile.empty() && onTerminal()) {
      return makeError(ErrorCode::Unsupported, "xlsx is no text for a terminal: use -o FILE",
                       "xlsx 不能在终端显示：请用 -o 指定文件");
    }
    PL_TRY(std::string form, eventForm(*kind, c.language));
    PL_CHECK(writeOutput(c, form));
    return kOk;
  };
}

}  // namespace pilotledger::cli
