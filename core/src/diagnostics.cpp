#include "drawlab/diagnostics.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace drawlab {

namespace {

/// People mistype case and hyphens: neither makes a difference.
std::string folded(std::string_view word) {
  std::string text(word);
  for (char& character : text) {
    character = character == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
  }
  return text;
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (Damerau 1964).
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

void add(std::vector<Diagnostic>& list, Diagnostic diagnostic, const SourceLocation& fallback = {}) {
  if (!diagnostic.location.is_known()) diagnostic.location = fallback;
  if (std::ranges::find(list, diagnostic) == list.end()) list.push_back(std::move(diagnostic));
}

}  // namespace

void Diagnostics::error(const SourceLocation& location, const std::string& message, Cause cause) {
  add(errors_, {location, message, cause});
}

void Diagnostics::warning(const SourceLocation& location, const std::string& message) {
  add(warnings_, {location, message});
}

void Diagnostics::merge(const Diagnostics& other, const SourceLocation& fallback) {
  for (const Diagnostic& error : other.errors_) add(errors_, error, fallback);
  for (const Diagnostic& warning : other.warnings_) add(warnings_, warning, fallback);
}

void Diagnostics::merge(const ConfigError& error, const SourceLocation& fallback) {
  for (const Diagnostic& diagnostic : error.diagnostics()) add(errors_, diagnostic, fallback);
}

void Diagnostics::sort_by_location() {
  std::ranges::stable_sort(errors_, {}, [](const Diagnostic& error) {
    return error.location.line == 0 ? SourceLocation() : error.location;
  });
}

void Diagnostics::throw_if_errors() const {
  if (errors_.empty()) return;
  const ConfigError all(errors_);
  switch (std::ranges::min(errors_, {}, &Diagnostic::cause).cause) {
    case Cause::configuration:
      throw all;
    case Cause::plugin:
      throw PluginError(all.what());
    case Cause::data:
      throw DataError(all.what());
  }
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string meant = folded(word);
  std::string nearest;
  std::size_t nearest_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(meant.size(), candidate.size());
    const std::size_t allowed = std::max<std::size_t>(1, longer / 3);
    const std::size_t distance = edit_distance(meant, folded(candidate));
    if (distance > allowed || distance >= longer) continue;
    if (nearest.empty() || distance < nearest_distance) {
      nearest = candidate;
      nearest_distance = distance;
    }
  }
  return nearest;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string nearest = nearest_word(word, candidates);
  if (!nearest.empty()) return "; did you mean '" + nearest + "'?";
  if (candidates.empty()) return "; none is known";
  std::string known;
  for (const std::string& candidate : candidates) known += (known.empty() ? "; known: " : ", ") + candidate;
  return known;
}

}  // namespace drawlab
