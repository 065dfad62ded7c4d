// A ledger with platforms and keys, and receipts to record in it; events of about 300 bytes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ledger/ledger.h"

namespace pilotledger::bench {

class Workload {
 public:
  explicit Workload(const std::filesystem::path& directory);
  ~Workload();

  // Receipts numbered [from, from + count): 20 platforms, 12 months, 3 streams.
  std::vector<Bytes> receipts(std::uint64_t from, std::size_t count) const;
  // Assets with a pledge on every second one: 1 to 3 events an asset.
  std::vector<Bytes> assets(std::uint64_t from, std::size_t count) const;
  proof::Submission sign(std::vector<Bytes> events) const;  // by the platforms' key
  proof::Submission signAsRegister(std::vector<Bytes> events) const;
  void record(const proof::Submission& submission);
  ledger::Ledger& ledger() { return *ledger_; }
  const std::filesystem::path& directory() const { return directory_; }
  void close() { ledger_.reset(); }
  void reopen(ledger::OpenMode mode);

 private:
  std::filesystem::path directory_;
  std::unique_ptr<ledger::Ledger> ledger_;
  proof::LedgerName name_;
  std::vector<crypto::SigningKey> keys_;  // operator, platform finance, importer
};

std::uint64_t diskBytes(const std::filesystem::path& directory);

}  // namespace pilotledger::bench
