// Result<T>: a value or an Error. Every foreseeable failure travels in one of these; exceptions are
// caught where kj, capnp and std throw them (codec, json) and never thrown by us.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace pilotledger {

// The closed list of failures. tools/service/status.cpp gives each its exit code and its zh/en name.
enum class ErrorCode {
  InvalidInput,   // bytes or text that cannot be what they claim to be
  BadSignature,   // a signature by a known key does not verify
  NotAuthorized,  // the signers may not record this at this position
  Refused,        // a ledger rule says no; `rule`, `entity`, `expected`, `found` are set
  Conflict,       // same event id with other bytes, or an identity that is already taken
  NotFound,
  ProofRejected,  // a proof does not show what it claims
  Corruption,     // stored bytes are damaged; the ledger is read-only from here on
  Unavailable,    // busy, locked, disk full, no permission
  Unsupported,
  Internal,
};

enum class Language { English, Chinese };

// One message in the two languages of our users. zh may be empty: then the reader sees `en`.
struct Message {
  std::string en;
  std::string zh;
};

struct Error {
  ErrorCode code = ErrorCode::Internal;
  Message message;     // what, where, expected, found, what to do
  std::string rule;    // stable rule code such as "R-AWARD-CONSERVATION", if a rule refused
  std::string entity;  // "award:A1", if one entity is meant
  std::string expected;
  std::string found;
  std::optional<size_t> position;  // of the offending event in its submission

  // Puts `where` before the message: "line 12: ...". Without `whereZh` it is the same in Chinese.
  Error within(const std::string& where, const std::string& whereZh = {}) && {
    message.en = where + ": " + message.en;
    if (!message.zh.empty()) message.zh = (whereZh.empty() ? where : whereZh) + "：" + message.zh;
    return std::move(*this);
  }
};

inline Error makeError(ErrorCode code, std::string en, std::string zh = {}) {
  Error error;
  error.code = code;
  error.message = {std::move(en), std::move(zh)};
  return error;
}
inline Error invalidInput(std::string en, std::string zh = {}) {
  return makeError(ErrorCode::InvalidInput, std::move(en), std::move(zh));
}

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

// A broken invariant of ours stops the process; always compiled in. Never for bad input.
[[noreturn]] inline void assertFailed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "pilotledger: broken invariant: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace pilotledger

#define PL_ASSERT(condition) ((condition) ? void(0) : ::pilotledger::assertFailed(#condition, __FILE__, __LINE__))

#define PL_CONCAT_(a, b) a##b
#define PL_CONCAT(a, b) PL_CONCAT_(a, b)
// PL_TRY(auto x, f()): x is f()'s value, or this function returns f()'s error.
#define PL_TRY(declaration, expression) PL_TRY_(declaration, expression, PL_CONCAT(plTry, __LINE__))
#define PL_TRY_(declaration, expression, temporary)         \
  auto temporary = (expression);                            \
  if (!temporary.ok()) return std::move(temporary).error(); \
  declaration = std::move(temporary).value()
// PL_CHECK(f()): for a Status.
#define PL_CHECK(expression)                                                              \
  do {                                                                                    \
    if (auto plStatus = (expression); !plStatus.ok()) return std::move(plStatus).error(); \
  } while (false)
