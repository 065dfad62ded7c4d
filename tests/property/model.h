// What the ledger must do, said a second time and as plainly as possible: maps, no bytes, no proofs.
// The model lists every reason to refuse; which of them the ledger names first is its own business.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/property/facts.h"

namespace pilotledger::property {

using Names = std::set<std::string>;

struct Verdict {
  Names reasons;                        // rule codes, or "conflict"; none: accepted
  std::optional<std::size_t> position;  // of the first event that is refused
  std::vector<bool> repeated;           // by event, when accepted
};

struct Award {
  std::string payee;
  std::string state = "awarded";
  bool euro = false;
  std::int64_t awarded = 0;
  std::int64_t disbursed = 0;
  std::int64_t received = 0;
  std::int64_t spent = 0;
  std::int64_t confirmed = 0;
  int accepted = 0;  // the event that led to the state
};

struct Platform {
  std::string party;
  std::string state = "established";
  std::vector<std::pair<int, std::string>> moves;  // the events that moved the state, and from what
};

struct Asset {
  Names owners;
  std::string state = "in-force";
  bool frozen = false;
  Names pledged;
  Names released;
  Names agreements;  // pledges that name it
};

struct Pledge {
  Names pledgors;
  std::string pledgee;
  std::string state = "agreed";
  Names agreed;
  Names active;
  Names released;
};

struct AppendReceipt {
  std::string platform;
  std::string stream;
  bool euro = false;
  bool reversed = false;
  std::int64_t remaining = 0;
};

class Model {
 public:
  explicit Model(std::uint64_t entries) : size(entries) {}

  Verdict submit(const Plan& plan);

  std::uint64_t size;
  std::map<int, Fact> recorded;
  std::map<std::string, Platform> platforms;
  std::map<std::string, Award> awards;
  std::map<std::string, Asset> assets;
  std::map<std::string, Pledge> pledges;
  std::map<int, AppendReceipt> receipts;
  std::map<std::string, std::int64_t> claims;    // by award and invoice
  std::map<std::string, std::int64_t> claimed;   // by invoice
  std::map<std::string, std::int64_t> invoiced;  // received, by invoice
  Names gone;                                    // entities that were opened and taken back
  Names revoked;                                 // keys
  // Every entity there is, with the number of entries that named it. Keys by their name in cast().
  std::map<std::string, std::uint64_t> entities;

 private:
  friend class RuleModel;
  void record(const Fact& fact);
  void perform(const Fact& fact);
  void undo(const Fact& fact);
};

}  // namespace pilotledger::property
