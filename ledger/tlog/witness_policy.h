// A policy file (C2SP tlog-policy): which logs and witnesses one trusts, and how many cosignatures
// make a checkpoint good. Lines, separated by blanks or tabs, '#' begins a remark:
//
//   log VKEY [URL]
//   witness NAME VKEY [URL]
//   group NAME K|any|all MEMBER...      members are defined above it, each a member once at most
//   quorum NAME|none                    exactly one
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/tlog/cosignature.h"
#include "ledger/tlog/note.h"

namespace pilotledger::proof {

struct PolicyLog {
  crypto::VerifyKey key;
  std::string url;
};

struct PolicyWitness {
  std::string name;  // within the policy
  CosignerKey key;
  std::string url;  // prefix of its HTTP interface, or ""
};

class WitnessPolicy {
 public:
  // Refuses with the line number.
  static Result<WitnessPolicy> parse(std::string_view text);

  const std::vector<PolicyLog>& logs() const { return logs_; }
  const std::vector<PolicyWitness>& witnesses() const { return witnesses_; }
  const PolicyWitness* findWitness(std::string_view name) const;  // by its name in the policy
  const PolicyWitness* findCosigner(const NoteSignature& signature) const;
  const std::string& quorumName() const { return quorum_; }

  // Whether these witnesses (by position in witnesses()) make the quorum.
  bool meetsQuorum(const std::vector<bool>& seen) const;
  // Whose cosignature is on the note and verifies; BadSignature when one by a known key does not.
  Result<std::vector<bool>> cosigners(const Note& note) const;
  // ProofRejected when the note's cosignatures, all verified, make no quorum.
  Status requireQuorum(const Note& note) const;

 private:
  struct Group {
    std::string name;
    std::size_t threshold = 0;
    std::vector<std::string> members;
  };
  Status addLine(const std::vector<std::string_view>& words, bool& quorumSeen);
  Status addGroup(const std::vector<std::string_view>& words);
  bool isDefined(std::string_view name) const;
  bool holds(const std::string& name, const std::vector<bool>& seen) const;

  std::vector<PolicyLog> logs_;
  std::vector<PolicyWitness> witnesses_;
  std::vector<Group> groups_;
  std::string quorum_;
};

}  // namespace pilotledger::proof
