#pragma once

#include "sandbox.hpp"

#include <filesystem>
#include <string>

namespace drawlab::test {

inline std::filesystem::path sound(const std::string& name) {
  return std::filesystem::path(DRAWLAB_TEST_PLUGINS) / ("libdrawlab_" + name + ".so");
}

inline std::filesystem::path refused(const std::string& name) {
  return std::filesystem::path(DRAWLAB_TEST_REFUSED) / ("libdrawlab_" + name + ".so");
}

}  // namespace drawlab::test
