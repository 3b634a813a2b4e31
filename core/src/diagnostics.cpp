#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include <algorithm>
#include <cctype>

namespace drawlab {

namespace {

/// How people mistype: case and hyphens are no difference.
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

}  // namespace

void Diagnostics::error(const SourceLocation& where, const std::string& message) {
  const std::string place = where.text();
  std::string sentence = place.empty() ? message : place + ": " + message;
  if (std::find(errors_.begin(), errors_.end(), sentence) == errors_.end()) errors_.push_back(std::move(sentence));
}

void Diagnostics::warning(const SourceLocation& where, const std::string& message) {
  const std::string place = where.text();
  std::string sentence = place.empty() ? message : place + ": " + message;
  if (std::find(warnings_.begin(), warnings_.end(), sentence) == warnings_.end()) {
    warnings_.push_back(std::move(sentence));
  }
}

void Diagnostics::throw_if_errors() const {
  if (errors_.empty()) return;
  std::string text;
  for (const std::string& sentence : errors_) {
    if (!text.empty()) text += '\n';
    text += sentence;
  }
  throw ConfigError(text);
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
