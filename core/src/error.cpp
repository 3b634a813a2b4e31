#include "drawlab/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace drawlab {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "drawlab: a bug of drawlab itself: %s:%d: '%s' does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace drawlab
