#pragma once

#include <functional>
#include <string>
#include <vector>

namespace drawlab::conformance {

/// What one check says while it runs.
class Findings {
 public:
  /// One sentence: the input, what was found, what was expected.
  void fail(std::string sentence) { failures_.push_back(std::move(sentence)); }
  /// The check has nothing to say about this plugin, and why.
  void skip(std::string reason) { reason_ = std::move(reason); }
  /// What a check that passes left out.
  void note(std::string sentence) { notes_.push_back(std::move(sentence)); }

  const std::vector<std::string>& failures() const { return failures_; }
  const std::string& skipped() const { return reason_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  std::vector<std::string> failures_;
  std::string reason_;
  std::vector<std::string> notes_;
};

struct CheckResult {
  enum class Outcome { passed, failed, skipped };
  std::string name;
  Outcome outcome = Outcome::passed;
  std::vector<std::string> sentences;  // of a failed check each failure, of a skipped one the reason, else the notes
};

/// The checks of one plugin in the order in which they ran, told to whoever listens as they go: a plugin that ends the
/// process leaves the name of the check in which it did so.
class Report {
 public:
  struct Listener {
    std::function<void(const std::string& name)> started;
    std::function<void(const CheckResult&)> finished;
  };
  Report() = default;
  explicit Report(Listener listener) : listener_(std::move(listener)) {}

  /// Runs a check. What it throws is a failure, in the words of the exception.
  void check(const std::string& name, const std::function<void(Findings&)>& body);

  const std::vector<CheckResult>& results() const { return results_; }
  bool all_passed() const;

 private:
  Listener listener_;
  std::vector<CheckResult> results_;
};

}  // namespace drawlab::conformance
