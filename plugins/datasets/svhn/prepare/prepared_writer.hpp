#pragma once

#include "prepared.hpp"
#include "system/sha256.hpp"
#include "system/write_file.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drawlab::svhn {

/// Writes a file of prepared images aside and renames it at the end. Functions throw SystemError.
class PreparedWriter {
 public:
  PreparedWriter(const std::filesystem::path& path, std::uint32_t side, const std::vector<std::string>& missing);
  void add(const Number& number, std::span<const std::uint8_t> pixels);
  void finish();

 private:
  void put(std::span<const std::byte> bytes);
  void put_number(std::uint32_t number);

  FileWriter file_;
  Sha256 sum_;
};

}  // namespace drawlab::svhn
