// svhn_prepare numbers|digits INPUT OUTPUT: reads SVHN's published files and
// writes them as prepared images. A process of its own, with bounded memory and
// time, since the libraries that read these formats are known to crash on
// hostile files.
#include "drawlab/error.hpp"

#include "preparation.hpp"
#include "prepare/digit_images.hpp"
#include "prepare/number_images.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

constexpr int kSystemExit = 1;

void set_limit(int resource, rlim_t most) {
  rlimit limit{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? most : std::min(most, limit.rlim_max);
  ::setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

void set_limits() {
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_CPU, 3600);
#ifndef __SANITIZE_ADDRESS__
  // The largest file, extra_32x32.mat, takes 1.6 GB of pixels. A sanitizer
  // reserves far more than that beforehand.
  set_limit(RLIMIT_AS, rlim_t{6} << 30U);
#endif
}

/// At most a few lines a second.
class Progress {
 public:
  void operator()(std::size_t done, std::size_t all) {
    const auto now = std::chrono::steady_clock::now();
    if (done != all && now - last_ < std::chrono::milliseconds(500)) return;
    last_ = now;
    std::printf("%zu %zu\n", done, all);
    std::fflush(stdout);
  }

 private:
  std::chrono::steady_clock::time_point last_;
};

int prepare(char** words) {
  Progress progress;
  const auto report = [&](std::size_t done, std::size_t all) { progress(done, all); };
  try {
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
  set_limits();
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int status = prepare(words);
  std::fflush(nullptr);
  // Without tidying up: HDF5 leaves memory and open handles behind where a file was damaged, and closing them is one
  // more chance to fall over it.
  std::_Exit(status);
}
