// fork-evidence: two signed checkpoints that cannot both be true, in a file that anyone can check.
#include <fmt/format.h>

#include <filesystem>

#include "ledger/proof/fork_evidence.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/tile_nodes.h"
#include "ledger/tlog/tile_path.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;

struct ForkOptions {
  std::string one;
  std::string other;
  std::string tiles;
  std::string vkey;
};

// Nodes of the tree from a directory that `export tiles` or a mirror wrote. `size` is that of the tree.
proof::NodeReader tilesIn(const std::string& directory, crypto::SuiteId suite, std::uint64_t size) {
  return proof::nodesOfTiles(suite, size, [directory](const std::string& path) {
    return readFile((fs::path(directory) / path).string(), 32 * proof::kTileWidth);
  });
}

// That signed both: given, or the one of this ledger's own keys that did.
Result<crypto::VerifyKey> logKey(const Context& context, const ForkOptions& options, const std::string& one,
                                 const std::string& other) {
  if (!options.vkey.empty()) return crypto::VerifyKey::parse(options.vkey);
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(proof::Note first, proof::Note::parse(one));
  PL_TRY(proof::Note second, proof::Note::parse(other));
  const ledger::LogKeys keys = ledger->logKeys();
  for (const auto& term : keys.terms()) {
    if (first.findSignature(term.key) != nullptr && second.findSignature(term.key) != nullptr) return term.key;
  }
  return ledger->logKey();
}

Result<int> makeEvidence(Context& context, const ForkOptions& options) {
  PL_TRY(std::string one, readFile(options.one, proof::kMaxNoteBytes));
  PL_TRY(std::string other, readFile(options.other, proof::kMaxNoteBytes));
  PL_TRY(crypto::VerifyKey key, logKey(context, options, one, other));
  PL_TRY(proof::Checkpoint first, proof::openCheckpoint(one, key, key.name()));
  PL_TRY(proof::Checkpoint second, proof::openCheckpoint(other, key, key.name()));
  std::unique_ptr<ledger::Ledger> ledger;
  proof::NodeReader nodes;
  if (!options.tiles.empty()) {
    PL_TRY(std::string note, readFile((fs::path(options.tiles) / "checkpoint").string(), proof::kMaxNoteBytes));
    PL_TRY(proof::Checkpoint exported, proof::openCheckpoint(note, key, key.name()));
    nodes = tilesIn(options.tiles, key.suite(), exported.size);
  } else if (first.size != second.size) {
    PL_TRY(ledger, openLedger(context, ledger::OpenMode::ReadOnly));
    PL_TRY(nodes, ledger->nodes());
  }
  PL_TRY(proof::ForkEvidence evidence, proof::findFork(key, one, other, nodes));
  PL_CHECK(writeDocument(context, evidence.serialize()));
  return kOk;
}

}  // namespace

Action declareForkEvidence(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ForkOptions>();
  app.add_option("FILE1", options->one, std::string(context.say("a signed checkpoint", "已签名的检查点")))->required();
  app.add_option("FILE2", options->other, std::string(context.say("another of the same log", "同一日志的另一个检查点")))
      ->required();
  app.add_option("--tiles", options->tiles,
                 std::string(context.say("exported tiles of the history with the larger one; default: this ledger",
                                         "较大检查点所在历史的瓦片目录；缺省为本账本")));
  app.add_option(
      "--key", options->vkey,
      std::string(context.say("public key of the log; default: this ledger's", "日志公钥；缺省为本账本的公钥")));
  return [options](Context& c) { return makeEvidence(c, *options); };
}

}  // namespace pilotledger::cli
