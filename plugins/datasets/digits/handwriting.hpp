#pragma once

#include "drawlab/random.hpp"

#include "pen.hpp"
#include "templates.hpp"

#include <vector>

namespace drawlab::digits {

/// Raised whenever the same seed may give other pictures than before; part of the dataset's checksum.
inline constexpr int kGeneratorVersion = 1;

/// Writes digits by hand: a template's points are moved a little, the whole is bent, slanted, turned and sized as one
/// writer might, and a pen of some width follows the curves.
class Handwriting {
 public:
  /// One writer's picture of `digit`, all of it drawn from `random`. The ink's centre of mass lies near the middle and
  /// the digit fits a box of about 20 pixels, as in MNIST.
  void write(int digit, Random& random, Picture& picture) const;

 private:
  std::vector<std::vector<Template>> templates_ = make_templates();
};

}  // namespace drawlab::digits
