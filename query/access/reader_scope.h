// What a reader may be shown. The schema gives each field a class (annotation `confidentiality`); a
// sight gives each entry the highest class that this reader sees there:
//
//   ""          everything: who has the directory has everything
//   public      public fields
//   audit       also those of the parties concerned and of auditors
//   party:ID    public fields; of entries that concern the party also those of the parties
//               concerned; of entries that the party signed also those of auditors: it knows them
//
// An entry concerns a party when it names the party, or names an entity that was opened with the
// party named and still counts it among its parties. A DisclosureGranted lets the grantee see, of
// the entries that name the entity in its scope, those that concern the grantor, as the grantor.
// All this is judged by what the ledger knows now and by today's date: asking --as-of an earlier
// day shows no more and no less.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>

#include "events/codec.h"
#include "ledger/ledger.h"

namespace pilotledger::query {

using events::Confidentiality;

class ReaderScope {
 public:
  // InvalidInput for a reader that cannot be, NotFound for a party that no entry names.
  static Result<ReaderScope> of(const ledger::Ledger& ledger, const std::string& reader, std::int32_t today);
  ReaderScope() = default;  // everything

  const std::string& reader() const { return reader_; }
  bool everything() const { return everywhere_ == Confidentiality::SECRET; }
  // The class seen at every entry; more is seen where concerned() or keys() say so.
  Confidentiality everywhere() const { return everywhere_; }
  const std::set<std::uint64_t>& concerned() const { return concerned_; }
  const std::set<std::string>& keys() const { return keys_; }  // "name+keyid", of the party

  // `signers` are the "name+keyid" of the entry's submission.
  Confidentiality at(std::uint64_t index, std::span<const std::string> signers) const;

 private:
  std::string reader_;
  Confidentiality everywhere_ = Confidentiality::SECRET;
  std::set<std::uint64_t> concerned_;
  std::set<std::string> keys_;
};

// The highest class of anything in an event of the kind. Who does not see all of an event is not
// shown its id: the id keeps what is withheld from being found by trying, against the entry's digest.
Confidentiality highestOf(const events::Kind& kind);

}  // namespace pilotledger::query
