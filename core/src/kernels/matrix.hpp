#pragma once

#include <cstdint>

namespace drawlab::kernels {

/// The size of a row-major matrix: `rows` samples of `columns` numbers each.
struct MatrixSize {
  std::int64_t rows;
  std::int64_t columns;

  std::int64_t count() const { return rows * columns; }
};

}  // namespace drawlab::kernels
