#pragma once

#include "drawlab/ops.hpp"

#include <cstdint>

namespace drawlab {

/// An affine map of the plane for each sample: (x, y) -> (a·x + b·y + s, c·x + d·y + t).
struct AffineMap {
  Value numbers;           // [B,6]: a, b, s, c, d, t
  Value a, b, s, c, d, t;  // its columns, [B,1]

  explicit AffineMap(Value map);
};

/// The map of a layer's output [B,6], in which 0 is the identity, clamped so that every product is finite in f32.
AffineMap map_of(Value parameters);

/// The image seen at the mapped points of a rows×columns grid, bilinearly: the grid's points are the middles of equal
/// parts of the square −1…1, which covers the image, pixel (i,j) at the middle of its part; beyond it there is 0.
/// [B,C,H,W] -> [B,C·rows·columns].
/// One operation, which looks at four pixels per point; its composed form looks at all.
Value sample(Value image, const AffineMap& map, std::int64_t rows, std::int64_t columns);

}  // namespace drawlab
