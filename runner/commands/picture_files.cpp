#include "runner/commands/picture_files.hpp"

#include "system/write_file.hpp"

#include <fmt/format.h>

#include <string_view>

namespace drawlab::runner {

std::string file_name_of(const std::string& text) {
  constexpr std::size_t kLongest = 100;
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  std::string name = text.substr(0, kLongest);
  for (char& letter : name) {
    if (kPlain.find(letter) == std::string_view::npos) letter = '_';
  }
  return name;
}

std::vector<std::filesystem::path> write_pictures(const results::Store& store, results::RunId id,
                                                  const std::filesystem::path& folder) {
  make_folder(folder);
  std::vector<std::filesystem::path> paths;
  for (const results::ImageRow& image : store.images(id)) {
    const std::string name = image.name == image.kind ? image.kind : image.kind + '_' + image.name;
    paths.push_back(folder / fmt::format("run_{}_{}.{}", id, file_name_of(name), file_name_of(image.format)));
    write_file(paths.back(), image.bytes);
  }
  return paths;
}

}  // namespace drawlab::runner
