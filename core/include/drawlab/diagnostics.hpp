#pragma once

#include "drawlab/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace drawlab {

/// Collects every mistake of a configuration, so that all are reported at once. Keeps the order of appearance and
/// leaves out repetitions.
class Diagnostics {
 public:
  void error(const SourceLocation& location, const std::string& message, Cause cause = Cause::configuration);
  void warning(const SourceLocation& location, const std::string& message);
  /// Adds the errors and warnings of `other`; those without a location get `fallback`.
  void merge(const Diagnostics& other, const SourceLocation& fallback = {});
  /// Adds what a caught error reports; mistakes without a location get `fallback`.
  void merge(const ConfigError& error, const SourceLocation& fallback = {});

  bool has_errors() const { return !errors_.empty(); }
  const std::vector<Diagnostic>& errors() const { return errors_; }
  const std::vector<Diagnostic>& warnings() const { return warnings_; }

  /// Sorts the errors by file, line and column; those without a line come first.
  void sort_by_location();
  /// Throws all errors as one exception: ConfigError if the configuration causes any of them, otherwise PluginError if
  /// a plugin does, otherwise DataError.
  void throw_if_errors() const;

 private:
  std::vector<Diagnostic> errors_;
  std::vector<Diagnostic> warnings_;
};

/// Returns the candidate nearest to `word` by edit distance, or an empty string if none is near enough to be meant.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);
/// `; did you mean 'size'?` or, if no candidate is near, `; known: a, b, c`; for the end of an error message.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace drawlab
