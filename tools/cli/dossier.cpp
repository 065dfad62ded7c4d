// dossier: everything about one award, platform, party or patent, as one file to hand in.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "query/answer/findings.h"
#include "query/answer/parameters.h"
#include "query/report/html.h"
#include "query/report/report.h"
#include "query/report/xlsx.h"
#include "tools/cli/prove.h"
#include "tools/cli/query_session.h"
#include "tools/cli/reader_table.h"
#include "tools/cli/terminal.h"
#include "tools/import/zip_parts.h"
#include "tools/service/entity_on_log.h"
#include "tools/service/proofs.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxEntries = 2'000;  // listed one by one; above that the newest, and it is said

struct DossierOptions {
  std::string subject;  // award, platform, party, patent
  std::string id;
  AsOfOptions at;
};

struct Section {
  std::string_view view;
  std::string_view parameter;  // of the view: takes the subject's id
};

struct Subject {
  std::string_view word;
  std::string_view kind;  // of the entity
  Text title;
  std::vector<Section> sections;
};

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all = {
      {"award",
       "award",
       {"Dossier of award", "补助档案"},
       {{"subsidy_trace", "award"},
        {"subsidy_items", "award"},
        {"fund_flow", "award"},
        {"account_freshness", "award"}}},
      {"platform",
       "platform",
       {"Dossier of platform", "平台档案"},
       {{"dossier", "platform"},
        {"revenue", "platform"},
        {"subsidy_trace", "platform"},
        {"technology_contracts", "platform"},
        {"pilot_runs", "platform"}}},
      {"party",
       "party",
       {"Dossier of party", "主体档案"},
       {{"subsidy_trace", "payee"},
        {"receipts", "payer"},
        {"pledge_register", "pledgor"},
        {"pledge_register", "pledgee"},
        {"portfolio", "debtor"},
        {"portfolio", "bank"}}},
      {"patent", "ip", {"Dossier of right", "知识产权档案"}, {{"pledge_register", "asset"}}}};
  return all;
}

class Compiler {
 public:
  Compiler(const Context& context, Opened& opened, const DossierOptions& options, const Subject& subject)
      : context_(context), opened_(opened), options_(options), subject_(subject) {}

  Result<query::Booklet> compile() {
    PL_TRY(events::EntityFound found,
           service::entityOnLog(context_, *opened_.ledger, fmt::format("{}:{}", subject_.kind, options_.id), names()));
    if (!found.recorded) return service::nothingNames(context_, *opened_.ledger, found.key, names());
    key_ = found.key;
    id_ = key_.substr(key_.find(':') + 1);
    booklet_.title = {fmt::format("{} {}", subject_.title.en, id_), fmt::format("{} {}", subject_.title.zh, id_)};
    for (const Section& section : subject_.sections)
      PL_CHECK(addView(section.view, {{std::string(section.parameter), id_}}));
    PL_CHECK(addFindings());
    PL_CHECK(addEntries());
    PL_CHECK(addProof());
    return std::move(booklet_);
  }

 private:
  service::Names names() const { return options_.at.reader.empty() ? service::Names::Told : service::Names::Hidden; }

  Status addView(std::string_view view, const query::Parameters& asked) {
    PL_TRY(query::Table table, query::askView(*opened_.model, opened_.at, std::string(view), asked));
    booklet_.tables.push_back(std::move(table));
    return {};
  }

  Status addFindings() {
    query::FindingFilter filter;
    filter.entity = key_;
    PL_TRY(query::Table table, query::runFindings(*opened_.model, opened_.at, filter));
    keepReadersLanguage(context_, table);
    booklet_.tables.push_back(std::move(table));
    return {};
  }

  Status addEntries() {
    PL_TRY(auto indexes, opened_.ledger->entriesOf(key_));
    std::erase_if(indexes, [&](std::uint64_t index) { return index >= opened_.at.position; });
    if (indexes.size() > kMaxEntries) {
      remark(context_, {fmt::format("{} entries name {}; the newest {} are listed", indexes.size(), key_, kMaxEntries),
                        fmt::format("提及 {} 的条目共 {} 条，仅列最新 {} 条", key_, indexes.size(), kMaxEntries)});
      indexes.erase(indexes.begin(), indexes.end() - static_cast<std::ptrdiff_t>(kMaxEntries));
    }
    if (indexes.empty()) return {};
    const query::Parameters list = {{"list", fmt::format("{}", fmt::join(indexes, ","))}};
    PL_CHECK(addView("evidence", list));
    return addView("entries", list);
  }

  // A proof shows whole records: not for a reader who may not see them.
  Status addProof() {
    if (!options_.at.reader.empty()) {
      remark(context_,
             {"no proof is added: it would show this reader whole records", "未附证明：证明会向该读者出示完整记录"});
      return {};
    }
    PL_TRY(auto prover, openProver(context_, options_.at.asOf));
    PL_TRY(auto indexes, opened_.ledger->entriesOf(key_));
    const bool right = subject_.kind == "ip", all = indexes.size() <= kMaxEntries;
    PL_TRY(proof::ProofFile file, right ? prover->pledge(id_) : all ? prover->history(key_) : prover->entity(key_));
    std::string bytes = file.serialize();
    PL_TRY([[maybe_unused]] auto claim, service::checkOwnProof(bytes, *prover));
    Message what = right ? Message{"the answer about pledges", "质押查询答复"}
                   : all ? Message{"the record, and that these are all entries", "记录及全部条目"}
                         : Message{"the record", "记录"};
    what.en += "; check: pilotledger-verify FILE --key KEY";
    what.zh += "；核验：pilotledger-verify 文件 --key 公钥";
    booklet_.attachments.push_back({fmt::format("{}.proof", subject_.word), std::move(what), std::move(bytes)});
    return {};
  }

  const Context& context_;
  Opened& opened_;
  const DossierOptions& options_;
  const Subject& subject_;
  std::string key_, id_;
  query::Booklet booklet_;
};

Result<std::string> asJson(const query::Booklet& booklet) {
  nlohmann::ordered_json json = {{"title", booklet.title.en}, {"tables", nlohmann::ordered_json::array()}};
  for (const query::Table& table : booklet.tables) {
    PL_TRY(std::string text, query::render(table, "json", Language::English));
    json["tables"].push_back(nlohmann::ordered_json::parse(text));
  }
  for (const query::Attachment& one : booklet.attachments) json["proofs"][one.file] = one.bytes;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// The page, the workbook, each table for programs, the proofs.
Result<std::string> asZip(const query::Booklet& booklet, Language language) {
  std::vector<import::ZipPart> parts;
  PL_TRY(std::string html, query::renderHtml(booklet, language));
  PL_TRY(std::string xlsx, query::renderXlsx(booklet, language));
  parts.push_back({"dossier.html", std::move(html)});
  parts.push_back({"dossier.xlsx", std::move(xlsx)});
  for (std::size_t i = 0; i < booklet.tables.size(); ++i)
    parts.push_back(
        {fmt::format("tables/{}-{}.csv", i + 1, booklet.tables[i].name), query::renderCsv(booklet.tables[i])});
  for (const query::Attachment& one : booklet.attachments) parts.push_back({"proofs/" + one.file, one.bytes});
  return import::zipOf(parts);
}

Status write(const Context& context, const query::Booklet& booklet) {
  const bool binary = context.format == "xlsx" || context.format == "zip";
  if (binary && context.outputFile.empty() && onTerminal()) {
    return makeError(ErrorCode::Unsupported, fmt::format("{} is no text for a terminal: use -o FILE", context.format),
                     fmt::format("{} 不能在终端显示：请用 -o 指定文件", context.format));
  }
  const Language language = reportLanguage(context);
  Result<std::string> text = std::string();
  if (context.format == "html") text = query::renderHtml(booklet, language);
  else if (context.format == "xlsx") text = query::renderXlsx(booklet, language);
  else if (context.format == "zip") text = asZip(booklet, language);
  else if (context.format.starts_with("json")) text = asJson(booklet);
  else {
    std::string all = context.say(booklet.title) + "\n";
    for (const query::Table& table : booklet.tables) {
      PL_TRY(std::string one, query::render(table, "table", language));
      all += "\n" + one;
    }
    if (!booklet.attachments.empty())
      all += std::string(
          context.say("\nThe proof is in --format html, zip and json.\n", "\n证明文件见 html、zip、json 格式。\n"));
    text = std::move(all);
  }
  if (!text.ok()) return std::move(text).error();
  return writeOutput(context, *text);
}

Result<int> dossier(Context& context, const DossierOptions& options) {
  auto subject = std::find_if(subjects().begin(), subjects().end(),
                              [&](const Subject& one) { return one.word == options.subject; });
  PL_ASSERT(subject != subjects().end());  // the parser knows the words
  PL_TRY(Opened opened, openModel(context, options.at));
  PL_TRY(query::Booklet booklet, Compiler(context, opened, options, *subject).compile());
  PL_CHECK(write(context, booklet));
  return kOk;
}

}  // namespace

Action declareDossier(CLI::App& app, const Context& context) {
  auto options = std::make_shared<DossierOptions>();
  app.add_option("subject", options->subject, "award, platform, party, patent")
      ->required()
      ->check(CLI::IsMember({"award", "platform", "party", "patent"}));
  app.add_option("id", options->id, std::string(context.say("its number or code", "其编号或代码")))->required();
  options->at.declare(app, context);
  return [options](Context& c) { return dossier(c, *options); };
}

}  // namespace pilotledger::cli
