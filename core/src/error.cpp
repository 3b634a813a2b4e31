#include "drawlab/error.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace drawlab {

namespace {

std::string lines(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += (text.empty() ? "" : "\n") + diagnostic.text();
  return text;
}

}  // namespace

std::string SourceLocation::text() const {
  if (line == 0) return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string Diagnostic::text() const { return location.is_known() ? location.text() + ": " + message : message; }

ConfigError::ConfigError(const SourceLocation& location, const std::string& message)
    : ConfigError(std::vector<Diagnostic>{{location, message}}) {}

ConfigError::ConfigError(std::vector<Diagnostic> diagnostics)
    : Error(lines(diagnostics)), diagnostics_(std::move(diagnostics)) {}

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "drawlab: a bug of drawlab itself: %s:%d: '%s' does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace drawlab
