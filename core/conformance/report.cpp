#include "conformance/report.hpp"

#include <algorithm>
#include <exception>

namespace drawlab::conformance {

void Report::check(const std::string& name, const std::function<void(Findings&)>& body) {
  if (listener_.started) listener_.started(name);
  Findings findings;
  try {
    body(findings);
  } catch (const std::exception& error) {
    findings.fail(error.what());
  }
  CheckResult result{name, CheckResult::Outcome::passed, findings.notes()};
  if (!findings.failures().empty()) {
    result.outcome = CheckResult::Outcome::failed;
    result.sentences = findings.failures();
  } else if (!findings.skipped().empty()) {
    result.outcome = CheckResult::Outcome::skipped;
    result.sentences = {findings.skipped()};
  }
  results_.push_back(result);
  if (listener_.finished) listener_.finished(result);
}

bool Report::all_passed() const {
  return std::none_of(results_.begin(), results_.end(),
                      [](const CheckResult& result) { return result.outcome == CheckResult::Outcome::failed; });
}

}  // namespace drawlab::conformance
