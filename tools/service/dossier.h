// Everything about one award, platform, party or right, as one file to hand in.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "ledger/prover.h"
#include "query/report/booklet.h"
#include "tools/service/entity_on_log.h"
#include "tools/service/entries.h"

namespace pilotledger::service {

inline constexpr std::string_view kDossierSubjects = "award|platform|party|patent";

struct DossierSources {
  const Site* site = nullptr;
  const ledger::Ledger* ledger = nullptr;
  query::ReadModel* model = nullptr;  // restricted to its reader
  query::AsOf at;
  Names names = Names::Told;
  const EntryReaderScope* reader = nullptr;  // who may not see the subject hears what he hears of one that is not there
  // At that position; empty: no proof is added, for it would show the reader whole records.
  std::function<Result<ledger::Prover*>()> prover{};
  bool bothLanguages = false;  // findings in both, for programs; else in the reader's
  Language language = Language::English;
};

// Views of the subject, its findings, its entries with their evidence, and a proof that was checked. What is left out
// is said in the booklet's notes. NotFound when no entry names it.
Result<query::Booklet> compileDossier(const DossierSources& sources, std::string_view subject, const std::string& id);

// html, xlsx; zip: the page, the workbook, each table for programs, the proofs; json. PL_ASSERTs the format.
Result<std::string> renderDossier(const query::Booklet& booklet, std::string_view format, Language language);

}  // namespace pilotledger::service
