// What every command gets and gives. A command is one file with one function; commands.cpp lists
// them all, with their help in both languages.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "events/base/whole_file.h"
#include "ledger/crypto/key.h"
#include "ledger/ledger.h"
#include "tools/service/site.h"
#include "tools/service/status.h"

namespace pilotledger::cli {

using enum service::Exit;
using service::describe;
using service::describeJson;
using service::statusOf;

struct Text {
  std::string_view en;
  std::string_view zh;
};

// The parsed global options and the process's surroundings; passed down from main.
struct Context : service::Site {
  Language language = Language::English;
  std::string format = "table";
  std::string outputFile;
  bool quiet = false;
  bool pager = true;              // long output on a terminal goes through $PAGER
  bool bom = false;               // csv begins with a byte order mark, for Excel
  int waitSeconds = 0;            // for another process that writes
  bool fresh = false;             // answers are computed from the log, whatever read model is kept
  std::string server;             // URL of `pilotledger serve`, asked instead of a directory; empty: none
  std::string serverKey;          // vkey of its log, for the first contact
  std::string serverAuthorities;  // PEM that https to it trusts
  std::shared_ptr<std::optional<WholeFile>> output =
      std::make_shared<std::optional<WholeFile>>();  // while -o FILE is written

  bool zh() const { return language == Language::Chinese; }
  std::string_view say(std::string_view en, std::string_view chinese) const { return zh() ? chinese : en; }
  std::string_view say(const Text& text) const { return say(text.en, text.zh); }
  std::string say(const Message& message) const { return zh() && !message.zh.empty() ? message.zh : message.en; }
};

// --tls-ca, wherever a command calls over https.
inline constexpr Text kTlsAuthorities{"authorities (PEM) that https trusts instead of the system's",
                                      "https 所信任的机构证书（PEM），替代系统自带的"};

// Runs after parsing; its value is the exit code.
using Action = std::function<Result<int>(Context&)>;

// What --format a command has besides table, json and jsonl, which also shape what it says of errors.
enum class Formats {
  Text,
  Csv,
  Form,
  Tables,
  Booklet
};  // Form: xlsx; Tables: csv, xlsx, html; Booklet: xlsx, html, zip

struct Command {
  std::string_view name;
  Text summary;
  std::string_view examples;  // lines shown under --help
  // Declares options on the subcommand and returns what runs. Options live in the closure.
  Action (*declare)(CLI::App& app, const Context& context);
  Formats formats = Formats::Text;
};

std::span<const Command> commands();
// The options that every command takes: into the context; or to be described only.
void declareGlobalOptions(CLI::App& app, Context& context, std::string& language);
void declareGlobalOptions(CLI::App& app, const Context& context);

Action declareInit(CLI::App&, const Context&);
Action declareStatus(CLI::App&, const Context&);
Action declareKey(CLI::App&, const Context&);
Action declareCatalogue(CLI::App&, const Context&);
Action declareTemplate(CLI::App&, const Context&);
Action declareSeal(CLI::App&, const Context&);
Action declareDisclose(CLI::App&, const Context&);
Action declareErase(CLI::App&, const Context&);
Action declareRecord(CLI::App&, const Context&);
Action declareReverse(CLI::App&, const Context&);
Action declareCorrect(CLI::App&, const Context&);
Action declareSign(CLI::App&, const Context&);
Action declareSubmit(CLI::App&, const Context&);
Action declareInbox(CLI::App&, const Context&);
Action declareEvidence(CLI::App&, const Context&);
Action declareImport(CLI::App&, const Context&);
Action declareLog(CLI::App&, const Context&);
Action declareShow(CLI::App&, const Context&);
Action declareEntity(CLI::App&, const Context&);
Action declareView(CLI::App&, const Context&);
Action declareAudit(CLI::App&, const Context&);
Action declareDossier(CLI::App&, const Context&);
Action declarePledge(CLI::App&, const Context&);
Action declareLedgers(CLI::App&, const Context&);
Action declareSql(CLI::App&, const Context&);
Action declareSimulate(CLI::App&, const Context&);
Action declareProve(CLI::App&, const Context&);
Action declareVerify(CLI::App&, const Context&);
Action declareCheckpoint(CLI::App&, const Context&);
Action declareForkEvidence(CLI::App&, const Context&);
Action declareWitness(CLI::App&, const Context&);
Action declareReport(CLI::App&, const Context&);
Action declareReconcile(CLI::App&, const Context&);
Action declareExport(CLI::App&, const Context&);
Action declareServe(CLI::App&, const Context&);
Action declareLogin(CLI::App&, const Context&);
Action declareLogout(CLI::App&, const Context&);
Action declareBackup(CLI::App&, const Context&);
Action declareRestore(CLI::App&, const Context&);
Action declareFollow(CLI::App&, const Context&);
Action declareTakeover(CLI::App&, const Context&);
Action declareCluster(CLI::App&, const Context&);
Action declareLoginSign(CLI::App&, const Context&);
Action declareAccessLog(CLI::App&, const Context&);
Action declareCompletion(CLI::App&, const Context&);
Action declareManual(CLI::App&, const Context&);

// --- shared by commands

// A log key that is locked is opened with the passphrase, else asked for on the terminal.
Result<std::unique_ptr<ledger::Ledger>> openLedger(const Context& context, ledger::OpenMode mode,
                                                   const std::string& logKeyPassphrase = {});
// What opens the log key of the ledger: given, or typed on the terminal when it is locked; else "".
Result<std::string> logKeySecret(const Context& context, const std::string& given = {});
// For writing what was got from elsewhere while the ledger was not held: waits up to half a minute for another writer.
Result<std::unique_ptr<ledger::Ledger>> openWhenFree(const Context& context, const std::string& logKeyPassphrase);
// Says so when the newest entry was recorded more than an hour ahead of this machine's clock: every opening to write
// does.
void warnOfClock(const Context& context, const ledger::Ledger& ledger);
// Of the rules: the one in force for the next entry, and in words how it stands to the newest that this program knows.
Result<int> editionOf(const ledger::Ledger& ledger);
std::string editionText(const Context& context, int edition);
// The first line of the descriptor; "" when there is none (-1).
Result<std::string> passphraseFrom(int descriptor);
// What opens a key file or a key on a token: given, or typed on the terminal when it is locked; else "".
Result<std::string> passphraseFor(const std::string& key, const std::string& given);
// For keys that are to be made, named `what`: from the descriptor, or typed twice on the terminal. Empty when the keys
// are to be plain, and where nobody can be asked.
Result<std::string> passphraseForNew(const Context& context, const std::string& what, int descriptor, bool plain);
void remarkNotEncrypted(const Context& context, const std::string& what);
// Key files or pkcs11: URIs. What is locked is opened with the passphrase from the descriptor, else asked for on the
// terminal.
Result<crypto::SigningKey> loadKey(const std::string& where, const std::string& passphrase);
Result<std::vector<crypto::SigningKey>> loadKeys(const std::vector<std::string>& files, int passphraseFd);
// Why a file cannot be read or written: errno.
Error fileError(const std::string& path);
// A whole file, or standard input for "-"; refuses more than `limit` bytes.
Result<std::string> readFile(const std::string& path, std::size_t limit);
// To -o FILE or standard output; a full disk is an error, not silence; a reader that leaves is none. A table or other
// text for people is made visible (terminal.h), the other formats leave as they are. May be called many times; FILE
// stands there, whole, after finishOutput(), which is called when a command ends well.
Status writeOutput(const Context& context, std::string_view text);
// The same for what programs read whatever the format: signed files, notes, JSON Lines.
Status writeDocument(const Context& context, std::string_view bytes);
// On standard error, unless --quiet.
void remark(const Context& context, const Message& message);
Status flushOutput();  // standard output
Status finishOutput(const Context& context);
// Whole or not at all: nobody reads half a file. Makes the directories above it.
Status writeWhole(const std::filesystem::path& path, std::string_view bytes, Sync sync = Sync::Now);

}  // namespace pilotledger::cli
