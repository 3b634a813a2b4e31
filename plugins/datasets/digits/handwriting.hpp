#pragma once

#include "drawlab/random.hpp"

#include "pen.hpp"
#include "templates.hpp"

#include <vector>

namespace drawlab::digits {

/// Raised whenever the same seed may give other images than before; part of the dataset's checksum.
inline constexpr int kGeneratorVersion = 1;

/// Draws handwritten digits: moves a template's points a little, bends, slants, turns and scales the whole, and follows
/// the curves with a pen of random width.
class Handwriting {
 public:
  /// One writer's picture of `digit`, drawn from `random`. The ink's centre of mass is near the middle and the digit
  /// fits a box of about 20 pixels, as in MNIST.
  void write(int digit, Random& random, Picture& picture) const;

 private:
  std::vector<std::vector<Template>> templates_ = make_templates();
};

}  // namespace drawlab::digits
