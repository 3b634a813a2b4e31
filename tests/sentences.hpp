#pragma once

#include "drawlab/error.hpp"

#include <string>
#include <vector>

namespace drawlab::test {

/// Mistakes as they are printed.
inline std::vector<std::string> sentences(const std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> texts;
  for (const Diagnostic& diagnostic : diagnostics) texts.push_back(diagnostic.text());
  return texts;
}

}  // namespace drawlab::test
