#include "handwriting.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace drawlab::digits {

namespace {

// Standard deviations and ranges of the differences between writers, chosen by comparing grids with MNIST's. Lengths
// without a unit are in heights of the digit.
constexpr double kJitter = 0.022;     // of every point of a template
constexpr double kEndJitter = 0.035;  // of the points where strokes begin and end
constexpr double kWarp = 0.035;       // of the smooth bending of the whole
constexpr double kMeanWidth = 0.1;    // of the logarithm of the width, beside the template's own
constexpr double kWidthSpread = 0.2;  // of the same
constexpr double kMeanSlant = 0.13;   // most people lean to the right
constexpr double kSlant = 0.22;
constexpr double kTurn = 0.07;  // radians
constexpr double kBox = 20;     // pixels
constexpr double kBoxSpread = 0.05;
constexpr double kShift = 0.6;           // pixels
constexpr double kRadius = 1.2;          // half the pen's width, pixels
constexpr double kRadiusSpread = 0.25;   // of its logarithm
constexpr double kSmallestRadius = 0.7;  // a finer line would break where a threshold cuts its grey
constexpr double kLargestRadius = 1.8;   // a broader pen would fill the loops
constexpr double kStep = 1.3;            // pixels between the points at which a curve is followed

double bounded_normal(Random& random, double limit = 2.5) { return std::clamp(random.normal(), -limit, limit); }

const Template& choose(const std::vector<Template>& templates, Random& random) {
  double total = 0;
  for (const Template& each : templates) total += each.weight;
  double left = random.uniform() * total;
  for (const Template& each : templates) {
    left -= each.weight;
    if (left < 0) return each;
  }
  return templates.back();
}

/// A smooth displacement of the plane: two slow waves, each along its own direction.
class Warp {
 public:
  explicit Warp(Random& random) {
    for (Wave& wave : waves_) {
      wave.push = {kWarp * bounded_normal(random), kWarp * bounded_normal(random)};
      const double angle = random.uniform(0, 2 * std::numbers::pi);
      const double frequency = random.uniform(2.5, 6.5);  // radians per height: at most one full wave
      wave.run = {frequency * std::cos(angle), frequency * std::sin(angle)};
      wave.phase = random.uniform(0, 2 * std::numbers::pi);
    }
  }
  Point operator()(Point p) const {
    Point moved = p;
    for (const Wave& wave : waves_) {
      const double height = std::sin(wave.run.x * p.x + wave.run.y * p.y + wave.phase);
      moved.x += wave.push.x * height;
      moved.y += wave.push.y * height;
    }
    return moved;
  }

 private:
  struct Wave {
    Point push;
    Point run;
    double phase = 0;
  };
  std::array<Wave, 2> waves_;
};

/// The template's points, randomly moved, around the origin and of height 1.
std::vector<Point> moved_points(const Template& shape, Random& random) {
  std::vector<bool> is_end(shape.points.size(), false);
  for (const auto& stroke : shape.strokes) {
    is_end[static_cast<std::size_t>(stroke.front())] = true;
    is_end[static_cast<std::size_t>(stroke.back())] = true;
  }
  const double width = shape.width * std::exp(kMeanWidth + kWidthSpread * bounded_normal(random));
  std::vector<Point> points;
  points.reserve(shape.points.size());
  for (std::size_t i = 0; i < shape.points.size(); ++i) {
    const double spread = is_end[i] ? kEndJitter : kJitter;
    const double dx = spread * bounded_normal(random);
    const double dy = spread * bounded_normal(random);
    points.push_back({(shape.points[i].x - 0.5) * width + dx, shape.points[i].y - 0.5 + dy});
  }
  return points;
}

/// Follows a Catmull-Rom curve through the stroke's points and appends it to `path`; a stroke that returns to its start
/// has no corner there.
void follow(const std::vector<Point>& points, const std::vector<int>& stroke, std::vector<Point>& path) {
  const int count = static_cast<int>(stroke.size());
  const bool closed = count > 3 && stroke.front() == stroke.back();
  const auto at = [&](int i) {
    if (closed) i = (i + count - 1) % (count - 1);
    return points[static_cast<std::size_t>(stroke[static_cast<std::size_t>(std::clamp(i, 0, count - 1))])];
  };
  path.push_back(at(0));
  for (int i = 0; i + 1 < count; ++i) {
    const Point a = at(i - 1);
    const Point b = at(i);
    const Point c = at(i + 1);
    const Point d = at(i + 2);
    const double chord = std::hypot(c.x - b.x, c.y - b.y) * kBox;
    const int steps = std::clamp(static_cast<int>(std::ceil(chord / kStep)), 2, 16);
    for (int step = 1; step <= steps; ++step) {
      const double t = static_cast<double>(step) / steps;
      const double t2 = t * t;
      const double t3 = t2 * t;
      const double wa = -0.5 * t3 + t2 - 0.5 * t;
      const double wb = 1.5 * t3 - 2.5 * t2 + 1;
      const double wc = -1.5 * t3 + 2 * t2 + 0.5 * t;
      const double wd = 0.5 * t3 - 0.5 * t2;
      path.push_back({wa * a.x + wb * b.x + wc * c.x + wd * d.x, wa * a.y + wb * b.y + wc * c.y + wd * d.y});
    }
  }
}

/// The pen's pressure along a path, with mean 1: it swells once or twice and decreases towards the end.
struct Pressure {
  double swell;
  double phase;
  double fade;
  explicit Pressure(Random& random)
      : swell(0.12 * bounded_normal(random)),
        phase(random.uniform(0, 2 * std::numbers::pi)),
        fade(random.uniform(0, 0.25)) {}
  double at(double part) const {
    return 1 + swell * std::sin(2 * std::numbers::pi * part + phase) + fade * (0.5 - part);
  }
};

/// Warps, slants and turns a path; returns the longer side of the box around it.
double bend(std::vector<Point>& path, const Warp& warp, double slant, double turn) {
  const double cosine = std::cos(turn);
  const double sine = std::sin(turn);
  Point low = {1e9, 1e9};
  Point high = {-1e9, -1e9};
  for (Point& p : path) {
    const Point bent = warp(p);
    const double x = bent.x - slant * bent.y;
    p = {cosine * x - sine * bent.y, sine * x + cosine * bent.y};
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  return std::max(high.x - low.x, high.y - low.y);
}

}  // namespace

void Handwriting::write(int digit, Random& random, Picture& picture) const {
  const Template& shape = choose(templates_[static_cast<std::size_t>(digit)], random);
  const std::vector<Point> points = moved_points(shape, random);
  const Warp warp(random);
  const double slant = kMeanSlant + kSlant * bounded_normal(random);
  const double turn = kTurn * bounded_normal(random);
  const double radius = std::min(kLargestRadius, kRadius * std::exp(kRadiusSpread * bounded_normal(random)));
  const double softness = random.uniform(1.0, 1.6);
  const double box = kBox * std::exp(kBoxSpread * bounded_normal(random, 2.0));
  const Point shift = {kShift * bounded_normal(random), kShift * bounded_normal(random)};

  std::vector<Point> path;
  path.reserve(128);
  std::vector<std::size_t> ends;
  for (const auto& stroke : shape.strokes) {
    follow(points, stroke, path);
    ends.push_back(path.size());
  }
  const double scale = (box - 2 * radius) / bend(path, warp, slant, turn);

  std::vector<Segment> segments;
  segments.reserve(path.size());
  Point centre;
  double mass = 0;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    const Pressure pressure(random);
    const auto place = [&](std::size_t i) { return Point{path[i].x * scale, path[i].y * scale}; };
    const auto radius_at = [&](std::size_t i) {
      const double part = static_cast<double>(i - begin) / static_cast<double>(end - 1 - begin);
      return std::max(kSmallestRadius, radius * pressure.at(part));
    };
    for (std::size_t i = begin; i + 1 < end; ++i) {
      const Segment segment = {place(i), place(i + 1), radius_at(i), radius_at(i + 1)};
      const double weight = std::hypot(segment.to.x - segment.from.x, segment.to.y - segment.from.y) *
                            (segment.from_radius + segment.to_radius);
      centre.x += weight * (segment.from.x + segment.to.x) / 2;
      centre.y += weight * (segment.from.y + segment.to.y) / 2;
      mass += weight;
      segments.push_back(segment);
    }
    begin = end;
  }
  const Point move = {kSide / 2.0 + shift.x - centre.x / mass, kSide / 2.0 + shift.y - centre.y / mass};
  for (Segment& segment : segments) {
    segment.from = {segment.from.x + move.x, segment.from.y + move.y};
    segment.to = {segment.to.x + move.x, segment.to.y + move.y};
  }
  draw(segments, softness, picture);
}

}  // namespace drawlab::digits
