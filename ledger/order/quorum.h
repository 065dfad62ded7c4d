// Which checkpoints more than half of the nodes hold on stable storage: each node signs what it has synced (C2SP
// cosignature/v1 by its node key) and sends the line to the others. A receipt or a checkpoint that is shown to anybody
// has such a majority: two majorities share a node, and no node signs two roots for one size.
//
// No clock, no network, no file. Threads: any number.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/cosignature.h"

namespace pilotledger::ledger {

struct ClusterMember {
  std::string name;
  proof::CosignerKey key;
  std::string url;  // where it serves
};

// What one node signed.
struct NodeLine {
  std::uint64_t size = 0;
  Digest root{};
  proof::NoteSignature signature;
};

class Quorum {
 public:
  // Whether a member's key signed the checkpoint.
  using Verify =
      std::function<Status(const proof::Checkpoint&, const proof::NoteSignature&, const proof::CosignerKey&)>;
  static Status verifyLine(const proof::Checkpoint& about, const proof::NoteSignature& line,
                           const proof::CosignerKey& key);
  // `own` names this node among the members.
  Quorum(std::string origin, std::string own, Verify verify = verifyLine)
      : origin_(std::move(origin)), own_(std::move(own)), verify_(std::move(verify)) {}

  // As the log says, from that size on; what is confirmed stays so. Until a size from there on is confirmed, who were
  // members before must sign with a majority of theirs too: two branches of an order that was lost could else each
  // change the members and confirm itself. `before` is asked for the first time only: later ones are known.
  void setMembers(std::vector<ClusterMember> members, std::uint64_t since = 0, std::vector<ClusterMember> before = {});
  std::vector<ClusterMember> members() const;
  std::size_t needed() const;  // more than half

  // A commit is on stable storage here, signed by the log; and by this node, unless it must not sign yet.
  void stored(const proof::Checkpoint& checkpoint, std::string note, std::optional<proof::NoteSignature> line);
  // What a node sent, its own lines from before a loss too. NotAuthorized for one that is no member's; BadSignature.
  Status take(const NodeLine& line);

  // The newest size that this node holds with a majority of signatures.
  std::uint64_t confirmed() const;
  // The signed note of the newest confirmed checkpoint, with its lines in the order of names; "" when there is none.
  std::string confirmedNote() const;
  // Of that very size, where it was confirmed a short while ago; else as confirmedNote().
  std::string noteOf(std::uint64_t size) const;
  // Waits until that size is confirmed. Unavailable when the time is over, or stop() was called.
  Status await(std::uint64_t size, std::chrono::milliseconds most) const;
  void stop();

  // The newest line of each member, by name.
  std::map<std::string, NodeLine> newest() const;
  // A member signed another root than this node holds for that size, or a size that no commit ended at here (`here` is
  // zeros then). `outvoted`: so did a majority.
  struct Difference {
    std::uint64_t size = 0;
    Digest here{};
    Digest there{};
    std::vector<std::string> nodes;  // that signed it
    bool outvoted = false;
  };
  std::optional<Difference> difference() const;

 private:
  struct Votes {  // about one size
    std::optional<Digest> here;
    std::string note;
    std::map<std::string, std::pair<Digest, proof::NoteSignature>> lines;  // by key
  };
  struct Era {  // of the same members
    std::uint64_t since = 0;
    std::vector<ClusterMember> members;
  };
  const std::vector<ClusterMember>& current() const;
  bool isMajority(const Votes& votes, std::uint64_t size) const;
  void endEras();
  void noteDifference(std::uint64_t size, const Votes& votes);
  const ClusterMember* find(const proof::NoteSignature& signature) const;
  bool isLineOf(const std::string& name, const proof::NoteSignature& signature) const;
  void forgetStrangers();
  void count(std::uint64_t size);
  void prune();

  const std::string origin_;
  const std::string own_;
  const Verify verify_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<Era> eras_;  // the first that may not be over yet, and those after it
  std::map<std::uint64_t, Votes> votes_;
  std::map<std::string, NodeLine> newest_;
  std::uint64_t firstStored_ = 0, lastStored_ = 0;  // by this process
  std::uint64_t confirmed_ = 0;
  std::map<std::uint64_t, std::string> confirmedNotes_;  // the newest ones, by size
  std::optional<Difference> difference_;
  bool stopped_ = false;
};

}  // namespace pilotledger::ledger
