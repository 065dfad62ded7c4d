// export: the ledger in the forms that other programs read.
#include <fmt/format.h>

#include <filesystem>

#include "ledger/tlog/checkpoint.h"
#include "tools/cli/export.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;

// How many entries of this very log the directory holds already.
Result<std::uint64_t> exportedSize(const ledger::Ledger& ledger, const fs::path& directory) {
  if (!fs::exists(directory / "checkpoint")) return std::uint64_t{0};
  PL_TRY(std::string note, readFile((directory / "checkpoint").string(), 1u << 20));
  auto checkpoint = ledger.logKeys().open(note);
  auto root = checkpoint.ok() ? ledger.rootAt(checkpoint->size) : Result<Digest>(checkpoint.error());
  if (root.ok() && *root == checkpoint->root) return checkpoint->size;
  return makeError(
      ErrorCode::Conflict,
      fmt::format("{}: its checkpoint is not of this ledger, or this ledger does not continue it; export elsewhere and "
                  "keep it: "
                  "two signed checkpoints that disagree show that history was changed",
                  directory.string()),
      fmt::format(
          "{}"
          "：其检查点不属于本账本，或本账本并非其延续；请导出到别处并保留原件：两个不一致的签名检查点可证明历史被改动",
          directory.string()));
}

Result<int> exportTiles(Context& context, const std::string& target) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  fs::path directory = target;
  PL_TRY(std::uint64_t have, exportedSize(*ledger, directory));
  std::uint64_t files = 0;
  {
    Progress progress(std::string(context.say("writing tiles", "写出瓦片")), context.quiet);
    std::uint64_t expected = 2 * (ledger->size() / 256 - have / 256 + 1);
    Status written = ledger->eachTile(have, [&](const std::string& path, std::string_view bytes) -> Status {
      PL_CHECK(writeWhole(directory / path, bytes, Sync::Later));
      // The partial forms of a full tile are no longer asked for.
      std::error_code ignored;
      if (path.find(".p/") == path.npos) fs::remove_all(directory / (path + ".p"), ignored);
      progress.show(std::min(++files, expected), expected);
      return {};
    });
    PL_CHECK(written);
  }
  if (files > 0) PL_CHECK(syncFileSystem(directory));
  PL_CHECK(writeWhole(directory / "checkpoint", ledger->checkpoint()));  // last: what it covers is there
  if (!context.quiet) {
    std::string text(context.say(Message{
        fmt::format("{} entries in {}: {} files written, {} entries were there\n", ledger->size(), target, files, have),
        fmt::format("{} 条，位于 {}：写出 {} 个文件，原有 {} 条\n", ledger->size(), target, files, have)}));
    printRemark(text);
  }
  return kOk;
}

}  // namespace

Action declareExport(CLI::App& app, const Context& context) {
  auto target = std::make_shared<std::string>();
  CLI::App* tiles = app.add_subcommand(
      "tiles", std::string(context.say(
                   "the log as C2SP tlog-tiles: checkpoint, tiles, entry bundles; run again to add what is new",
                   "按 C2SP tlog-tiles 布局写出日志；再次运行只补新增部分")));
  tiles->add_option("DIR", *target, std::string(context.say("directory, made if absent", "目录，不存在则创建")))
      ->required();
  Subcommands all = declareFactExports(app, context);
  all.emplace_back(tiles, [target](Context& c) { return exportTiles(c, *target); });
  app.require_subcommand(1);
  return [all](Context& c) {
    for (const auto& [sub, action] : all) {
      if (sub->parsed()) return action(c);
    }
    return Result<int>(kUsage);  // require_subcommand leaves none
  };
}

}  // namespace pilotledger::cli
