#pragma once

#include <vector>

namespace drawlab::digits {

/// A place in a template's box: x to the right, y downwards, about 0…1 each.
struct Point {
  double x = 0;
  double y = 0;
};

/// One way in which people write a digit. Strokes run through points by their position in `points`; a stroke that
/// starts where another ends makes a corner there, which stays joined when its point moves.
struct Template {
  /// How often people write the digit this way, relative to the digit's other templates.
  double weight = 1;
  /// The width of the box, relative to its height.
  double width = 0.65;
  std::vector<Point> points;
  std::vector<std::vector<int>> strokes;
};

/// The templates of each digit 0…9.
std::vector<std::vector<Template>> make_templates();

}  // namespace drawlab::digits
