#pragma once

#include "datasets/svhn/prepare/prepared_writer.hpp"
#include "datasets/svhn/svhn.hpp"
#include "files.hpp"
#include "svhn_files.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace drawlab::tests {

inline constexpr const char* kSvhnPrepare = DRAWLAB_SVHN_PREPARE;

/// Two numbers of 100×60 pixels, `19` and `0`.
inline std::vector<ListedNumber> two_numbers() {
  return {{"1.png", {{1, 20, 10, 10, 20}, {9, 32, 12, 10, 20}}}, {"2.png", {{10, 40, 20, 12, 24}}}};
}

inline svhn::PreparedImages read_prepared(const std::filesystem::path& path) {
  return svhn::PreparedImages::parse(path, read_file(path), [](std::string_view bytes) { return sha256_of(bytes); });
}

/// A folder with the published layout, and a cache of its own.
struct PublishedSvhn {
  TemporaryFolder folder;
  svhn::SvhnOptions options;
  svhn::PreparationLimits limits{kSvhnPrepare, std::chrono::seconds(60)};

  PublishedSvhn() {
    ::setenv("XDG_CACHE_HOME", (folder.path() / "cache").c_str(), 1);
    options.path = folder.path().string();
  }
  ~PublishedSvhn() { ::unsetenv("XDG_CACHE_HOME"); }
  PublishedSvhn(const PublishedSvhn&) = delete;
  PublishedSvhn& operator=(const PublishedSvhn&) = delete;

  std::filesystem::path list(const std::string& part) const { return folder.path() / part / "digitStruct.mat"; }
  void write_numbers(const std::string& part, Spoilt spoilt = Spoilt::no) const {
    write_number_list(list(part), two_numbers(), spoilt);
    for (const char* name : {"1.png", "2.png"}) write_png(folder.path() / part / name, 100, 60);
  }
  svhn::Svhn open() const { return {options, FolderContext{}, limits}; }
  std::string refusal() const {
    return data_error_of([&] { open(); });
  }
};

}  // namespace drawlab::tests
