#include "tests/bench/proofs.h"

#include <fmt/format.h>

#include <cstdlib>

#include "ledger/proof/verify.h"
#include "ledger/prover.h"
#include "ledger/tlog/note.h"

namespace pilotledger::bench {
namespace {

std::string assetKey(std::size_t i, std::size_t assets) {
  return fmt::format("ip:EP{}", 1'000'000 + i * 2654435761u % assets);
}

}  // namespace

void measureProofs(const std::filesystem::path& directory, std::size_t assets, std::vector<Row>& rows) {
  auto opened = ledger::Prover::open(directory, {});
  if (!opened.ok()) std::abort();
  ledger::Prover& prover = **opened;
  Stopwatch first;
  if (!prover.entity(assetKey(0, assets)).ok()) std::abort();
  add(rows, {"first proof: builds the state map", assets * 2, first.seconds(), "s", 0, ""});

  constexpr std::size_t kProofs = 20'000;
  std::vector<std::string> files;
  files.reserve(kProofs);
  Stopwatch making;
  for (std::size_t i = 0; i < kProofs; ++i) files.push_back(prover.entity(assetKey(i, assets)).value().serialize());
  add(rows, {"entity proofs made, one core", kProofs, static_cast<double>(kProofs) / making.seconds(), "1/s", 20'000,
             "the target"});

  std::vector<proof::ProofFile> parsed;
  for (const std::string& file : files) parsed.push_back(proof::ProofFile::parse(file).value());
  auto checkpoint = proof::Checkpoint::parseBody(proof::Note::parse(parsed.front().checkpoint).value().text).value();
  Stopwatch checking;
  for (const auto& file : parsed) {
    auto claim = proof::checkProof(file, checkpoint, {prover.logKey()});
    if (!claim.ok() || !claim->entities.front().record) std::abort();
  }
  add(rows, {"entity proof checked, without signatures", kProofs, checking.seconds() / kProofs * 1e6, "us", 10,
             "the target"});
  Stopwatch whole;
  for (const std::string& file : files) {
    if (!proof::verifyProof(file, prover.logKey()).ok()) std::abort();
  }
  add(rows, {"entity proof read and verified", kProofs, whole.seconds() / kProofs * 1e6, "us", 0, ""});

  std::size_t largest = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    auto absent = prover.entity(fmt::format("ip:US{}", 1'000'000 + i)).value();
    if (absent.entities.front().record) std::abort();
    largest = std::max(largest, absent.serialize().size());
  }
  add(rows,
      {"absence certificate, largest of 1000", assets * 2, static_cast<double>(largest), "B", 3000, "the target"});
}

}  // namespace pilotledger::bench
