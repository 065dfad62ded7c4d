// export hledger, beancount, datapackage, audit, sqlite: the facts for programs that know nothing of us.
#include <fmt/format.h>

#include "query/report/journal.h"
#include "query/report/package.h"
#include "tools/cli/export.h"
#include "tools/cli/query_session.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
  AsOfOptions at;
  std::string target;
};

Result<int> exportJournal(Context& context, const ExportOptions& options, query::JournalKind kind) {
  PL_TRY(Opened opened, openModel(context, options.at));
  PL_TRY(std::string journal, query::writeJournal(*opened.model, opened.at, opened.ledger->origin(), kind));
  PL_CHECK(writeDocument(context, journal));
  return kOk;
}

using PackageWriter = Status (*)(const ledger::Ledger&, query::ReadModel&, const query::AsOf&,
                                 const query::FileWriter&);

// An older package in the directory would leave files that the new one does not list.
Result<int> exportPackage(Context& context, const ExportOptions& options, PackageWriter writePackage) {
  fs::path directory = options.target;
  std::error_code failure;
  if (fs::exists(directory, failure) && !fs::is_empty(directory, failure)) {
    return makeError(ErrorCode::Conflict, options.target + ": is not empty; name a new directory",
                     options.target + "：目录不为空；请另取目录名");
  }
  PL_TRY(Opened opened, openModel(context, options.at));
  std::uint64_t files = 0;
  PL_CHECK(writePackage(*opened.ledger, *opened.model, opened.at, [&](const std::string& path, std::string_view bytes) {
    ++files;
    return writeWhole(directory / path, bytes);
  }));
  remark(context, {fmt::format("{} files in {}, {} entries", files, options.target, opened.at.position),
                   fmt::format("{} 个文件，位于 {}，共 {} 条", files, options.target, opened.at.position)});
  return kOk;
}

Result<int> exportSqlite(Context& context, const ExportOptions& options) {
  PL_TRY(Opened opened, openModel(context, options.at));
  PL_CHECK(query::writeSqlite(*opened.ledger, *opened.model, opened.at, options.target));
  remark(context, {fmt::format("{} entries in {}", opened.at.position, options.target),
                   fmt::format("{} 条，位于 {}", opened.at.position, options.target)});
  return kOk;
}

}  // namespace

Subcommands declareFactExports(CLI::App& app, const Context& context) {
  Subcommands all;
  auto add = [&](const char* name, const Text& summary, const char* target,
                 const std::function<Result<int>(Context&, const ExportOptions&)>& run) {
    auto options = std::make_shared<ExportOptions>();
    CLI::App* sub = app.add_subcommand(name, std::string(context.say(summary.en, summary.zh)));
    options->at.declare(*sub, context);
    if (target != nullptr)
      sub->add_option(target, options->target, std::string(context.say("a new one", "须为新建")))->required();
    all.emplace_back(sub, [options, run](Context& c) { return run(c, *options); });
  };
  add("hledger", {"the postings as a journal for hledger", "分录，hledger 格式"}, nullptr,
      [](Context& c, const ExportOptions& o) { return exportJournal(c, o, query::JournalKind::Hledger); });
  add("beancount", {"the postings as a ledger for beancount", "分录，beancount 格式"}, nullptr,
      [](Context& c, const ExportOptions& o) { return exportJournal(c, o, query::JournalKind::Beancount); });
  add("datapackage", {"fact tables as a Frictionless data package", "事实表，Frictionless 数据包"}, "DIR",
      [](Context& c, const ExportOptions& o) { return exportPackage(c, o, query::writeDataPackage); });
  add("audit", {"books, accounts, balances and vouchers for audit software", "供审计软件使用的账簿、科目、余额与凭证"},
      "DIR", [](Context& c, const ExportOptions& o) { return exportPackage(c, o, query::writeAuditPackage); });
  add("sqlite", {"fact tables and postings as one SQLite file", "事实表与分录，SQLite 文件"}, "FILE", exportSqlite);
  return all;
}

}  // namespace pilotledger::cli
