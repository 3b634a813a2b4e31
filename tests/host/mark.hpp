#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace drawlab::test {

/// Its constructor puts a file where the environment's DRAWLAB_TEST_MARK says: a static one shows that a library's code
/// ran.
struct Mark {
  Mark() {
    const char* const path = std::getenv("DRAWLAB_TEST_MARK");
    if (path == nullptr) return;
    const std::string aside = std::string(path) + ".aside";
    std::ofstream(aside) << "code of a plugin ran";
    std::filesystem::rename(aside, path);
  }
};

}  // namespace drawlab::test
