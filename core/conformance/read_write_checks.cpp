#include "drawlab/error.hpp"

#include "conformance/behaviour.hpp"
#include "conformance/gradients.hpp"
#include "conformance/plugin_checks.hpp"
#include "engine.hpp"

#include <algorithm>
#include <map>

namespace drawlab::conformance {

namespace {

/// A mode is not made at the high end of a range beyond this: it may be as large as the machine's memory allows.
constexpr double kLargest = 1024;

/// Odd, not square, with one and three channels, and a single line.
std::vector<ImageShape> every_image() { return {{1, 7, 9}, {3, 9, 7}, {3, 6, 6}, {1, 1, 5}, {1, 28, 28}}; }
/// Small enough for finite differences.
std::vector<ImageShape> small_images() { return {{1, 7, 9}, {3, 6, 5}}; }
/// So large that a window lies on a part of them only.
std::vector<ImageShape> large_images() { return {{1, 61, 57}, {3, 28, 28}}; }

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

/// Those trials whose images the mode takes. Some modes are for some images only, which they say with a ConfigError.
std::vector<Trial> taken(const ReadWritePlugin& plugin, const std::vector<Trial>& trials, Findings& findings) {
  std::vector<Trial> result;
  std::map<std::string, std::string> refused;  // what the mode says, and of what first
  for (const Trial& trial : trials) {
    try {
      const Subject subject(plugin, trial);
      result.push_back(trial);
    } catch (const ConfigError& error) {
      refused.emplace(error.what(), trial.text());
    }
  }
  for (const auto& [sentence, first] : refused) findings.note("left out: " + first + ": " + sentence);
  return result;
}

bool has_trial_of(const Variant& variant, const std::vector<Trial>& trials) {
  return std::any_of(trials.begin(), trials.end(),
                     [&](const Trial& trial) { return trial.variant.label == variant.label; });
}

void expect_one_of_each(const std::vector<Variant>& variants, const std::vector<Trial>& trials, Findings& findings) {
  for (const Variant& variant : variants) {
    if (has_trial_of(variant, trials)) continue;
    findings.fail(variant.label + ": the mode refuses every image that it is tried on" +
                  (findings.notes().empty() ? std::string() : "; " + findings.notes().front()));
  }
}

bool is_high_end(const Variant& variant, const OptionTable& table) {
  for (const OptionDescription& option : table.descriptions()) {
    if (option.name == variant.option) return variant.map.find(option.name)->same_value(option.high);
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
  std::vector<Trial> some;
  std::vector<Trial> large;

  using Check = void (*)(const ReadWritePlugin&, const std::vector<Trial>&, Findings&);
  const auto check = [&](const char* name, Check body, const std::vector<Trial>& trials) {
    report.check(std::string(half_name(half)) + ": " + name,
                 [&](Findings& findings) { body(plugin, trials, findings); });
  };
  report.check(std::string(half_name(half)) + ": options",
               [&](Findings& findings) { check_options(make_options, findings); });
  report.check(std::string(half_name(half)) + ": shapes", [&](Findings& findings) {
    const std::vector<Trial> every = taken(plugin, trials_of(half, all, every_image()), findings);
    expect_one_of_each(all, every, findings);
    check_shapes(plugin, every, findings);
    // A mode that takes none of these images is tried on those that it does take.
    Findings quiet;
    some = taken(plugin, trials_of(half, small, small_images()), quiet);
    if (!has_trial_of(defaults(), some)) some = taken(plugin, trials_of(half, small, every_image()), quiet);
    large = taken(plugin, trials_of(half, small, large_images()), quiet);
    if (!has_trial_of(defaults(), large)) large = some;
  });
  // What follows counts on the shapes.
  if (report.results().back().outcome == CheckResult::Outcome::failed) return;
  check("every option matters", check_options_matter, some);
  check("gradients", check_gradients, some);
  check("f32 against f64", check_precisions, some);
  check("fused against composed", check_composed, some);
  check("batch independence", check_batches, some);
  check("repeatability", check_repeats, some);
  check("extremes", check_extremes, some);
  check("parameters", check_parameters, some);
  check("windows", check_windows, large);
  check("learning", check_learning, some);
}

}  // namespace

void check_read_write(const ReadWritePlugin& plugin, Report& report) {
  use_one_product_thread();
  if (plugin.can_read()) check_half(plugin, Half::read, report);
  if (plugin.can_write()) check_half(plugin, Half::write, report);
}

}  // namespace drawlab::conformance
