#include "templates.hpp"

#include <cstddef>

namespace drawlab::digits {

namespace {

/// A template in hundredths of the box's height.
struct Drawn {
  double weight;
  int width;
  std::vector<int> points;  // x, y of each
  std::vector<std::vector<int>> strokes;
};

std::vector<Drawn> zero() {
  return {
      // a closed oval
      {3, 72, {55, 0, 24, 12, 6, 48, 20, 86, 50, 100, 82, 84, 95, 48, 82, 13}, {{0, 1, 2, 3, 4, 5, 6, 7, 0}}},
      // begun at the right, its end crossing the start
      {2,
       68,
       {72, 10, 42, 1, 12, 25, 5, 60, 28, 95, 62, 96, 92, 62, 90, 25, 62, 4, 38, 10},
       {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}},
      // left a little open at the top
      {1, 70, {45, 2, 15, 22, 6, 58, 26, 94, 60, 97, 90, 68, 93, 30, 68, 5}, {{0, 1, 2, 3, 4, 5, 6, 7}}},
  };
}

std::vector<Drawn> one() {
  return {
      // a bare stem
      {6, 12, {60, 0, 50, 33, 48, 66, 45, 100}, {{0, 1, 2, 3}}},
      // with an upstroke
      {2, 34, {5, 27, 42, 15, 72, 0, 70, 50, 66, 100}, {{0, 1, 2}, {2, 3, 4}}},
      // with an upstroke and a base
      {1, 52, {15, 24, 40, 13, 58, 0, 56, 50, 54, 98, 8, 99, 95, 97}, {{0, 1, 2}, {2, 3, 4}, {5, 4, 6}}},
  };
}

std::vector<Drawn> two() {
  return {
      // a corner at the lower left
      {3, 70, {8, 24, 28, 4, 62, 2, 82, 22, 70, 48, 38, 76, 4, 97, 45, 94, 97, 96}, {{0, 1, 2, 3, 4, 5, 6}, {6, 7, 8}}},
      // a loop at the lower left
      {3,
       80,
       {12, 16, 42, 0, 72, 15, 66, 45, 42, 76, 16, 96, 3, 86, 16, 72, 42, 82, 68, 97, 98, 88},
       {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}},
      // a hook at the start and a waved base
      {2,
       72,
       {16, 30, 10, 12, 42, 0, 78, 14, 74, 44, 42, 74, 10, 96, 35, 86, 62, 95, 96, 84},
       {{0, 1, 2, 3, 4, 5, 6}, {6, 7, 8, 9}}},
  };
}

std::vector<Drawn> three() {
  return {
      // two bows that meet in a corner
      {3,
       66,
       {10, 13, 42, 0, 78, 14, 72, 36, 36, 47, 78, 56, 90, 78, 52, 99, 6, 90},
       {{0, 1, 2, 3, 4}, {4, 5, 6, 7, 8}}},
      // a flat top
      {1,
       66,
       {8, 4, 45, 3, 84, 2, 58, 22, 36, 42, 76, 50, 90, 74, 56, 98, 5, 92},
       {{0, 1, 2}, {2, 3, 4}, {4, 5, 6, 7, 8}}},
      // a small loop in the middle
      {2,
       68,
       {12, 10, 46, 0, 80, 15, 66, 38, 36, 50, 28, 43, 44, 42, 80, 58, 86, 82, 48, 100, 4, 88},
       {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}},
  };
}

std::vector<Drawn> four() {
  return {
      // open, angular
      {3, 68, {16, 5, 10, 30, 6, 55, 45, 53, 96, 49, 76, 0, 72, 50, 66, 100}, {{0, 1, 2}, {2, 3, 4}, {5, 6, 7}}},
      // closed to a triangle
      {2, 72, {66, 0, 36, 30, 4, 62, 50, 62, 98, 60, 65, 50, 62, 100}, {{0, 1, 2}, {2, 3, 4}, {0, 5, 6}}},
      // open, the left part a bowl
      {3, 64, {12, 2, 5, 34, 24, 54, 58, 48, 82, 30, 92, 0, 80, 50, 72, 100}, {{0, 1, 2, 3, 4}, {5, 4, 6, 7}}},
  };
}

std::vector<Drawn> five() {
  return {
      // the bar joined to the stem
      {3,
       66,
       {92, 1, 55, 3, 22, 5, 14, 42, 50, 36, 84, 56, 76, 88, 42, 100, 3, 90},
       {{0, 1, 2}, {2, 3}, {3, 4, 5, 6, 7, 8}}},
      // the bar apart from the stem
      {1,
       68,
       {22, 8, 14, 40, 50, 38, 80, 58, 70, 90, 38, 100, 2, 92, 30, 5, 96, 0},
       {{0, 1}, {1, 2, 3, 4, 5, 6}, {7, 8}}},
      // in one sweep, like an S
      {2, 70, {96, 2, 58, 4, 30, 12, 18, 36, 46, 46, 72, 62, 66, 88, 36, 100, 2, 90}, {{0, 1, 2, 3, 4, 5, 6, 7, 8}}},
  };
}

std::vector<Drawn> six() {
  return {
      // a bent stem, a round bowl
      {3, 62, {74, 0, 36, 22, 10, 58, 18, 90, 50, 100, 86, 84, 84, 60, 52, 52, 14, 74}, {{0, 1, 2, 3, 4, 5, 6, 7, 8}}},
      // a straight stem, a small bowl
      {2, 52, {46, 0, 24, 34, 10, 70, 22, 96, 56, 99, 88, 82, 74, 66, 40, 70, 20, 88}, {{0, 1, 2, 3, 4, 5, 6, 7, 8}}},
      // the bowl ending inside
      {1,
       70,
       {90, 6, 50, 6, 14, 36, 6, 74, 36, 100, 76, 90, 82, 62, 54, 52, 34, 66, 42, 78},
       {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}},
  };
}

std::vector<Drawn> seven() {
  return {
      // a corner and a straight stem
      {3, 64, {4, 8, 48, 5, 94, 3, 66, 48, 42, 100}, {{0, 1, 2}, {2, 3, 4}}},
      // with a bar across
      {1, 66, {6, 6, 48, 5, 94, 2, 64, 48, 40, 100, 26, 52, 62, 50, 92, 46}, {{0, 1, 2}, {2, 3, 4}, {5, 6, 7}}},
      // a serif at the start
      {2, 64, {4, 24, 10, 5, 50, 8, 92, 2, 72, 46, 56, 100}, {{0, 1}, {1, 2, 3}, {3, 4, 5}}},
      // rounded
      {2, 62, {2, 16, 36, 4, 76, 4, 88, 24, 66, 60, 50, 100}, {{0, 1, 2, 3, 4, 5}}},
  };
}

std::vector<Drawn> eight() {
  return {
      // in one line, crossing in the middle
      {3,
       60,
       {80, 12, 48, 0, 16, 16, 36, 42, 70, 64, 78, 88, 44, 100, 12, 84, 34, 58, 74, 34},
       {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0}}},
      // two rings
      {1, 58, {50, 0, 16, 20, 48, 45, 84, 22, 8, 74, 48, 100, 94, 74}, {{0, 1, 2, 3, 0}, {2, 4, 5, 6, 2}}},
      // left open at the upper right
      {2,
       62,
       {94, 10, 52, 1, 16, 18, 38, 44, 70, 68, 66, 93, 34, 99, 10, 82, 40, 52, 72, 30, 98, 6},
       {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}},
  };
}

std::vector<Drawn> nine() {
  return {
      // a straight stem
      {3,
       56,
       {84, 12, 50, 0, 14, 16, 14, 42, 48, 49, 80, 32, 88, 8, 80, 54, 70, 100},
       {{0, 1, 2, 3, 4, 5, 6}, {6, 7, 8}}},
      // the stem bent back under
      {2,
       62,
       {80, 8, 44, 2, 12, 24, 26, 46, 62, 42, 86, 16, 84, 56, 70, 90, 38, 100, 8, 88},
       {{0, 1, 2, 3, 4, 5}, {5, 6, 7, 8, 9}}},
      // in one sweep, a long slanting tail
      {2,
       58,
       {78, 22, 66, 2, 28, 6, 10, 28, 34, 42, 72, 30, 84, 14, 66, 56, 40, 100},
       {{0, 1, 2, 3, 4, 5, 6}, {6, 7, 8}}},
  };
}

}  // namespace

std::vector<std::vector<Template>> make_templates() {
  std::vector<std::vector<Template>> templates;
  for (const auto digit : {zero, one, two, three, four, five, six, seven, eight, nine}) {
    templates.emplace_back();
    for (const Drawn& drawn : digit()) {
      Template& made = templates.back().emplace_back(Template{drawn.weight, drawn.width / 100.0, {}, drawn.strokes});
      for (std::size_t i = 0; i < drawn.points.size(); i += 2) {
        made.points.push_back({drawn.points[i] / 100.0, drawn.points[i + 1] / 100.0});
      }
    }
  }
  return templates;
}

}  // namespace drawlab::digits
