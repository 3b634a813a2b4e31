// svhn_prepare numbers|digits INPUT OUTPUT: reads SVHN's published files and writes them as prepared images. It is a
// program of its own because hostile files are known to crash the libraries that read these formats; the plugin limits
// its memory and time.
#include "drawlab/error.hpp"

#include "preparation.hpp"
#include "prepare/digit_images.hpp"
#include "prepare/number_images.hpp"
#include "system/stopwatch.hpp"
#include "system/write_file.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>

namespace {

constexpr int kSystemExit = 1;

int prepare(char** words) {
  drawlab::Stopwatch since_report;
  const auto report = [&](std::size_t done, std::size_t all) {
    if (done != all && since_report.seconds() < 0.5) return;
    since_report.restart();
    std::printf("%zu %zu\n", done, all);
    std::fflush(stdout);
  };
  try {
    drawlab::make_folder(std::filesystem::path(words[3]).parent_path());
    if (std::strcmp(words[1], "numbers") == 0) {
      drawlab::svhn::prepare_numbers(words[2], words[3], report);
    } else {
      drawlab::svhn::prepare_digits(words[2], words[3], report);
    }
    return 0;
  } catch (const drawlab::DataError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return drawlab::svhn::kDataExit;
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "%s: needs more memory than any file of SVHN\n", words[2]);
    return drawlab::svhn::kDataExit;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return kSystemExit;
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 4 || (std::strcmp(words[1], "numbers") != 0 && std::strcmp(words[1], "digits") != 0)) {
    std::fprintf(stderr, "usage: svhn_prepare numbers|digits INPUT OUTPUT\n");
    return 2;
  }
  const int status = prepare(words);
  std::fflush(nullptr);
  // Without destructors: HDF5 leaves memory and open handles behind if a file is damaged, and closing them may crash.
  std::_Exit(status);
}
