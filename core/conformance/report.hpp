#pragma once

#include <functional>
#include <string>
#include <vector>

namespace drawlab::conformance {

/// Collects the results of one check while it runs.
class Findings {
 public:
  /// Adds a failure, one sentence: the input, the value found, the value expected.
  void fail(std::string sentence) { failures_.push_back(std::move(sentence)); }
  /// The check does not apply to this plugin, with the reason.
  void skip(std::string reason) { reason_ = std::move(reason); }
  /// Adds a remark to a check that passes: a case that it left out.
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
  std::vector<std::string> sentences;  // the failures, the reason for skipping, or the notes
};

/// The checks of one plugin in the order in which they ran. A listener hears of each as it starts and ends, so that the
/// name of the current check is known if the plugin ends the process.
class Report {
 public:
  struct Listener {
    std::function<void(const std::string& name)> started;
    std::function<void(const CheckResult&)> finished;
  };
  Report() = default;
  explicit Report(Listener listener) : listener_(std::move(listener)) {}

  /// Runs a check. An exception counts as a failure with the exception's message.
  void check(const std::string& name, const std::function<void(Findings&)>& body);

  const std::vector<CheckResult>& results() const { return results_; }
  bool all_passed() const;

 private:
  Listener listener_;
  std::vector<CheckResult> results_;
};

}  // namespace drawlab::conformance
