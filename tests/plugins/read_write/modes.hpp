#pragma once

#include "drawlab/read_write.hpp"

#include <memory>
#include <string>
#include <vector>

namespace drawlab::tests {

/// A mode of the libraries as they are built, with options of its own.
struct ModeChoice {
  std::string plugin;
  int size = 0;           // 0: the mode has no such option
  bool composed = false;  // the form in which a test runs it
  double start_sigma = 1;
  std::string name() const;
};
/// `global`, and `gaussian` of sizes 1, 2 and 5, composed and fused, and with wide filters at the start.
std::vector<ModeChoice> every_mode();

std::unique_ptr<ReadMode> make_read(const ModeChoice& choice, const ReadSetup& setup);
std::unique_ptr<WriteMode> make_write(const ModeChoice& choice, const WriteSetup& setup);

}  // namespace drawlab::tests
