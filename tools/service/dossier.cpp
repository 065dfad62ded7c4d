#include "tools/service/dossier.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "query/answer/findings.h"
#include "query/answer/parameters.h"
#include "query/report/html.h"
#include "query/report/report.h"
#include "query/report/xlsx.h"
#include "tools/import/zip_parts.h"
#include "tools/service/pledge.h"
#include "tools/service/proofs.h"
#include "tools/service/views.h"
#include "tools/verifier/proof_text.h"

namespace pilotledger::service {
namespace {

constexpr std::size_t kMaxEntries = 2'000;  // listed one by one; above that the newest, and it is said

struct Section {
  std::string_view view;
  std::string_view parameter;  // of the view: takes the subject's id
};

struct Subject {
  std::string_view word;
  std::string_view kind;  // of the entity
  Message title;
  std::vector<Section> sections;
};

const Subject& subjectOf(std::string_view word) {
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
  auto found = std::find_if(all.begin(), all.end(), [&](const Subject& one) { return one.word == word; });
  PL_ASSERT(found != all.end());  // the caller's own table of words
  return *found;
}

class Compiler {
 public:
  Compiler(const DossierSources& sources, const Subject& subject) : sources_(sources), subject_(subject) {}

  Result<query::Booklet> compile(const std::string& asked) {
    std::string name = fmt::format("{}:{}", subject_.kind, asked);
    if (sources_.reader != nullptr) PL_CHECK(askEntity(*sources_.site, *sources_.ledger, *sources_.reader, name));
    PL_TRY(events::EntityFound found, entityOnLog(*sources_.site, *sources_.ledger, name, sources_.names));
    if (!found.recorded) return nothingNames(*sources_.site, *sources_.ledger, found.key, sources_.names);
    key_ = found.key;
    id_ = key_.substr(key_.find(':') + 1);
    booklet_.title = {fmt::format("{} {}", subject_.title.en, id_), fmt::format("{} {}", subject_.title.zh, id_)};
    for (const Section& section : subject_.sections)
      PL_CHECK(addView(section.view, {{std::string(section.parameter), id_}}));
    if (subject_.kind == "ip") PL_CHECK(addAnswer());
    PL_CHECK(addFindings());
    PL_CHECK(addEntries());
    PL_CHECK(addProof());
    return std::move(booklet_);
  }

 private:
  Status addView(std::string_view view, const query::Parameters& asked) {
    PL_TRY(query::Table table, query::askView(*sources_.model, sources_.at, std::string(view), asked));
    booklet_.tables.push_back(std::move(table));
    return {};
  }

  // Whether it may be pledged stands first: a right under preservation may have no pledge to show.
  Status addAnswer() {
    if (sources_.at.position != sources_.ledger->size() || sources_.at.onlyUntil) return {};
    PledgeSources asked;
    asked.ledger = sources_.ledger;
    asked.at = sources_.at;
    PL_TRY(PledgeAnswerAt answer, answerPledge(*sources_.site, asked, id_));
    const proof::PledgeStatus& status = answer.status;
    Message words = {"pledges: " + verifier::pledgeSentence(status, Language::English),
                     "质押查询：" + verifier::pledgeSentence(status, Language::Chinese)};
    if (!status.frozen.empty()) {
      words.en += fmt::format(" (preserved: {})", status.frozen);
      words.zh += fmt::format("（保全：{}）", status.frozen);
    }
    booklet_.notes.push_back(std::move(words));
    return {};
  }

  Status addFindings() {
    query::FindingFilter filter;
    filter.entity = key_;
    PL_TRY(query::Table table, query::runFindings(*sources_.model, sources_.at, filter));
    if (!sources_.bothLanguages) keepLanguage(table, sources_.language);
    booklet_.tables.push_back(std::move(table));
    return {};
  }

  Status addEntries() {
    PL_TRY(auto indexes, sources_.ledger->entriesOf(key_));
    std::erase_if(indexes, [&](std::uint64_t index) { return index >= sources_.at.position; });
    if (indexes.size() > kMaxEntries) {
      booklet_.notes.push_back(
          {fmt::format("{} entries name {}; the newest {} are listed", indexes.size(), key_, kMaxEntries),
           fmt::format("提及 {} 的条目共 {} 条，仅列最新 {} 条", key_, indexes.size(), kMaxEntries)});
      indexes.erase(indexes.begin(), indexes.end() - static_cast<std::ptrdiff_t>(kMaxEntries));
    }
    if (indexes.empty()) return {};
    const query::Parameters list = {{"list", fmt::format("{}", fmt::join(indexes, ","))}};
    PL_CHECK(addView("evidence", list));
    return addView("entries", list);
  }

  Status addProof() {
    if (!sources_.prover) {
      booklet_.notes.push_back(
          {"no proof is added: it would show this reader whole records", "未附证明：证明会向该读者出示完整记录"});
      return {};
    }
    PL_TRY(auto indexes, sources_.ledger->entriesOf(key_));
    const bool right = subject_.kind == "ip", all = indexes.size() <= kMaxEntries;
    ProofWanted wanted{right ? ProofOf::Pledge : all ? ProofOf::History : ProofOf::Entity, 0, right ? id_ : key_};
    PL_TRY(ledger::Prover * prover, sources_.prover());
    PL_TRY(std::string bytes, buildProof(*prover, wanted));
    Message what = right ? Message{"the answer about pledges", "质押查询答复"}
                   : all ? Message{"the record, and that these are all entries", "记录及全部条目"}
                         : Message{"the record", "记录"};
    what.en += "; check: pilotledger-verify FILE --key KEY";
    what.zh += "；核验：pilotledger-verify 文件 --key 公钥";
    booklet_.attachments.push_back({fmt::format("{}.proof", subject_.word), std::move(what), std::move(bytes)});
    return {};
  }

  const DossierSources& sources_;
  const Subject& subject_;
  std::string key_, id_;
  query::Booklet booklet_;
};

Result<std::string> asJson(const query::Booklet& booklet) {
  using Json = nlohmann::ordered_json;
  Json json = {{"title", booklet.title.en}, {"title_zh", booklet.title.zh}, {"notes", Json::array()}};
  for (const Message& note : booklet.notes) json["notes"].push_back({{"en", note.en}, {"zh", note.zh}});
  json["tables"] = Json::array();
  for (const query::Table& table : booklet.tables) {
    PL_TRY(std::string text, query::render(table, "json", Language::English));
    json["tables"].push_back(Json::parse(text));
  }
  json["proofs"] = Json::object();
  for (const query::Attachment& one : booklet.attachments) json["proofs"][one.file] = one.bytes;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

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

}  // namespace

Result<query::Booklet> compileDossier(const DossierSources& sources, std::string_view subject, const std::string& id) {
  return Compiler(sources, subjectOf(subject)).compile(id);
}

Result<std::string> renderDossier(const query::Booklet& booklet, std::string_view format, Language language) {
  if (format == "html") return query::renderHtml(booklet, language);
  if (format == "xlsx") return query::renderXlsx(booklet, language);
  if (format == "zip") return asZip(booklet, language);
  PL_ASSERT(format.starts_with("json"));
  return asJson(booklet);
}

}  // namespace pilotledger::service
