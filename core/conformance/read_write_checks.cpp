#include "conformance/behaviour.hpp"
#include "conformance/gradients.hpp"
#include "conformance/plugin_checks.hpp"
#include "kernels/products.hpp"

namespace drawlab::conformance {

namespace {

/// A mode is not made at the high end of a range beyond this: it may be as large as the machine's memory allows.
constexpr double kLargest = 1024;

/// Odd, not square, with one and three channels, and a single line.
std::vector<ImageShape> every_image() { return {{1, 7, 9}, {3, 9, 7}, {3, 6, 6}, {1, 1, 5}, {1, 28, 28}}; }

std::vector<Trial> trials_of(Half half, const std::vector<Variant>& variants, const std::vector<ImageShape>& images) {
  std::vector<Trial> trials;
  for (const Variant& variant : variants) {
    std::int64_t count = 2;
    for (const ImageShape& image : images) {
      trials.push_back({half, variant, image, half == Half::read ? count : 0});
      count = 3 - count;  // two images and one by turns
    }
  }
  return trials;
}

bool is_high_end(const Variant& variant, const OptionTable& table) {
  for (const OptionDescription& option : table.descriptions()) {
    const Bounds bounds = bounds_of(option);
    if (option.name == variant.option && bounds.high_is_set) {
      return variant.map.find(option.name)->as_real() == bounds.high;
    }
  }
  return false;
}

void check_half(const ReadWritePlugin& plugin, Half half, Report& report) {
  const MakeOptions make_options = [&plugin, half] {
    return half == Half::read ? plugin.read_options() : plugin.write_options();
  };
  std::vector<Variant> all = {defaults()};
  // Without the high ends, which may be large: finite differences are taken of these.
  std::vector<Variant> small = {defaults()};
  const auto options = make_options();
  for (const Variant& variant : ends(options->table())) {
    const bool high = is_high_end(variant, options->table());
    if (!high) small.push_back(variant);
    if (!high || variant.map.find(variant.option)->as_real() <= kLargest) all.push_back(variant);
  }
  const std::vector<Trial> every = trials_of(half, all, every_image());
  const std::vector<Trial> some = trials_of(half, small, {{1, 7, 9}, {3, 6, 5}});

  using Check = void (*)(const ReadWritePlugin&, const std::vector<Trial>&, Findings&);
  const auto check = [&](const char* name, Check body, const std::vector<Trial>& trials) {
    report.check(std::string(half_name(half)) + ": " + name,
                 [&](Findings& findings) { body(plugin, trials, findings); });
  };
  report.check(std::string(half_name(half)) + ": options",
               [&](Findings& findings) { check_options(make_options, findings); });
  check("shapes", check_shapes, every);
  // What follows counts on the shapes.
  if (report.results().back().outcome == CheckResult::Outcome::failed) return;
  check("every option matters", check_options_matter, some);
  check("gradients", check_gradients, some);
  check("f32 against f64", check_precisions, some);
  check("fused against composed", check_fused, some);
  check("batch independence", check_batches, some);
  check("repeatability", check_repeats, some);
  check("extremes", check_extremes, some);
  check("parameters", check_parameters, some);
  check("windows", check_windows, some);
  check("learning", check_learning, some);
}

}  // namespace

void check_read_write(const ReadWritePlugin& plugin, Report& report) {
  kernels::use_one_product_thread();
  if (plugin.can_read()) check_half(plugin, Half::read, report);
  if (plugin.can_write()) check_half(plugin, Half::write, report);
}

}  // namespace drawlab::conformance
