#include "drawlab/error.hpp"
#include "drawlab/random.hpp"

#include "conformance/at_once.hpp"
#include "conformance/options.hpp"
#include "conformance/plugin_checks.hpp"
#include "host/dataset_host.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <string_view>
#include <unordered_set>

namespace drawlab::conformance {

namespace {

constexpr std::uint64_t kSeed = 1;

/// Some samples with their labels. Numbers that fill() does not write stay NaN.
struct Samples {
  std::vector<float> images;
  std::vector<std::int32_t> labels;

  bool operator==(const Samples&) const = default;
};

Samples fetch(const Dataset& dataset, Split split, const std::vector<std::int64_t>& indices, std::uint64_t epoch = 0) {
  Samples samples;
  samples.images.assign(indices.size() * static_cast<std::size_t>(dataset.info().image.count()),
                        std::numeric_limits<float>::quiet_NaN());
  samples.labels.assign(indices.size(), std::numeric_limits<std::int32_t>::min());
  dataset.fill(split, indices, epoch, samples.images, samples.labels);
  return samples;
}

/// The first, the last and others in between, at most `count`, not sorted.
std::vector<std::int64_t> some_indices(const DatasetInfo& info, Split split, std::int64_t count) {
  const std::int64_t all = info.count(split);
  if (all < 1) return {};  // the check of the description says that
  std::vector<std::int64_t> indices = {0};
  if (all > 1) indices.push_back(all - 1);
  Random random(kSeed, Purpose::data, static_cast<std::uint64_t>(split));
  while (static_cast<std::int64_t>(indices.size()) < std::min(count, all)) {
    indices.push_back(static_cast<std::int64_t>(random.uniform() * static_cast<double>(all)));
  }
  return indices;
}

std::string place(Split split, std::int64_t index) {
  return std::string(split_name(split)) + " sample " + std::to_string(index);
}

void check_description(const Dataset& dataset, const std::string& name, Findings& findings) {
  const DatasetInfo& info = dataset.info();
  if (info.name != name) findings.fail("info().name is '" + info.name + "', need the plugin's name, '" + name + "'");
  const ImageShape& image = info.image;
  if (image.channels < 1 || image.height < 1 || image.width < 1) {
    findings.fail("an image has " + std::to_string(image.channels) + " channels and " + std::to_string(image.height) +
                  "x" + std::to_string(image.width) + " pixels, need 1 or more of each");
  }
  for (const Split split : kSplits) {
    if (info.count(split) >= 1) continue;
    findings.fail(std::string("the ") + split_name(split) + " split has " + std::to_string(info.count(split)) +
                  " samples, need 1 or more");
  }
  if (info.classes < 0 || info.classes == 1) {
    findings.fail("there are " + std::to_string(info.classes) + " classes, need 0 (no labels) or 2 or more");
  }
  const std::array<std::pair<const char*, const std::string*>, 4> texts = {{{"label_meaning", &info.label_meaning},
                                                                            {"values", &info.values},
                                                                            {"provenance", &info.provenance},
                                                                            {"checksum", &info.checksum}}};
  for (const auto& [what, text] : texts) {
    if (text->empty()) findings.fail(std::string("info().") + what + " is empty");
  }
}

void check_values(const Dataset& dataset, Findings& findings) {
  const DatasetInfo& info = dataset.info();
  const bool binary = info.pixels == PixelKind::binary;
  const auto pixels = static_cast<std::size_t>(info.image.count());
  for (const Split split : kSplits) {
    const auto indices = some_indices(info, split, 200);
    const Samples samples = fetch(dataset, split, indices);
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const auto image = std::span(samples.images).subspan(i * pixels, pixels);
      const auto wrong = std::find_if(image.begin(), image.end(), [&](float value) {
        return !(value >= 0 && value <= 1) || (binary && value != 0 && value != 1);
      });
      if (wrong != image.end()) {
        findings.fail(place(split, indices[i]) + ": number " + std::to_string(wrong - image.begin()) + " is " +
                      (std::isnan(*wrong) ? std::string("not a number, or was not written") : std::to_string(*wrong)) +
                      ", need " + (binary ? "0 or 1 (info().pixels is binary)" : "0 to 1"));
        return;
      }
      const std::int32_t label = samples.labels[i];
      const bool fits = info.classes == 0 ? label == -1 : label >= 0 && label < info.classes;
      if (!fits) {
        findings.fail(place(split, indices[i]) + ": the label is " + std::to_string(label) + ", need " +
                      (info.classes == 0 ? std::string("-1 (there are no classes)")
                                         : "0 to " + std::to_string(info.classes - 1)));
        return;
      }
    }
  }
}

void check_repeatability(const Dataset& dataset, const Dataset& second, Findings& findings) {
  for (const Split split : kSplits) {
    std::vector<std::int64_t> indices = some_indices(dataset.info(), split, 64);
    const Samples samples = fetch(dataset, split, indices);
    const std::string of = std::string(" of the ") + split_name(split) + " split";
    if (!(fetch(dataset, split, indices) == samples))
      findings.fail("the same samples" + of + " differ when asked twice");
    if (!(fetch(second, split, indices) == samples)) {
      findings.fail("the same samples" + of + " differ in a dataset that was opened a second time");
    }
    const auto pixels = static_cast<std::ptrdiff_t>(dataset.info().image.count());
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const Samples one = fetch(dataset, split, {indices[i]});
      const auto first = samples.images.begin() + static_cast<std::ptrdiff_t>(i) * pixels;
      if (!std::equal(one.images.begin(), one.images.end(), first) || one.labels.front() != samples.labels[i]) {
        findings.fail(place(split, indices[i]) + " is another one when asked for alone than among others");
        break;
      }
    }
    if (split != Split::train && !(fetch(dataset, split, indices, 3) == samples)) {
      findings.fail("samples" + of + " change with the epoch; only the training split may");
    }
  }
}

void check_concurrency(const Dataset& dataset, Findings& findings) {
  const auto indices = some_indices(dataset.info(), Split::train, 64);
  // Each thread asks for another number of samples, from another place on.
  std::array<std::vector<std::int64_t>, kThreadsAtOnce> asked;
  std::array<Samples, kThreadsAtOnce> expected;
  for (std::size_t t = 0; t < kThreadsAtOnce; ++t) {
    asked[t].assign(indices.begin() + static_cast<std::ptrdiff_t>(std::min(7 * t, indices.size() - 1)), indices.end());
    expected[t] = fetch(dataset, Split::train, asked[t], t);
  }
  const std::string trouble = trouble_at_once([&](std::size_t t, std::size_t) -> std::string {
    return fetch(dataset, Split::train, asked[t], t) == expected[t] ? "" : " other samples than alone";
  });
  if (!trouble.empty()) {
    findings.fail("four threads that fetch training samples of different epochs at once:" + trouble);
  }
}

void check_checksum(const Dataset& dataset, const Dataset& second, Findings& findings) {
  if (dataset.info().checksum != second.info().checksum) {
    findings.fail("the checksum is '" + dataset.info().checksum + "' when opened once and '" + second.info().checksum +
                  "' when opened again");
  }
}

/// Hashes of a split's images: of all, or of equally many at its start and at its end.
struct Fingerprints {
  std::vector<std::size_t> images;
  std::unordered_set<std::size_t> distinct;
  std::int64_t at_start = 0;
  std::int64_t at_end = 0;

  /// `first 300`, `first 25000 and last 25000`.
  std::string text() const {
    return "first " + std::to_string(at_start) + (at_end == 0 ? "" : " and last " + std::to_string(at_end));
  }
};

Fingerprints fingerprints(const Dataset& dataset, Split split, std::int64_t most) {
  constexpr std::int64_t kAtOnce = 100;
  constexpr std::chrono::seconds kAtMost{2};
  const auto deadline = std::chrono::steady_clock::now() + kAtMost;
  const auto pixels = static_cast<std::size_t>(dataset.info().image.count());
  const std::int64_t count = dataset.info().count(split);
  Fingerprints found;
  const auto add = [&](std::int64_t first, std::int64_t how_many) {
    if (how_many == 0) return;
    std::vector<std::int64_t> indices;
    for (std::int64_t i = first; i < first + how_many; ++i) indices.push_back(i);
    const Samples samples = fetch(dataset, split, indices);
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const auto image = std::as_bytes(std::span(samples.images).subspan(i * pixels, pixels));
      found.images.push_back(
          std::hash<std::string_view>()({reinterpret_cast<const char*>(image.data()), image.size()}));
    }
  };
  const auto looked_at = [&] { return found.at_start + found.at_end; };
  while (looked_at() < std::min(most, count) && std::chrono::steady_clock::now() < deadline) {
    const std::int64_t at_start = std::min(kAtOnce, count - looked_at());
    add(found.at_start, at_start);
    found.at_start += at_start;
    const std::int64_t at_end = std::min(kAtOnce, count - looked_at());
    add(count - found.at_end - at_end, at_end);
    found.at_end += at_end;
  }
  if (looked_at() == count) {
    found.at_start = count;
    found.at_end = 0;
  }
  found.distinct.insert(found.images.begin(), found.images.end());
  return found;
}

void check_disjointness(const Dataset& dataset, Findings& findings) {
  constexpr std::int64_t kMostOfTraining = 50'000;
  constexpr std::int64_t kMostOfOthers = 10'000;
  constexpr double kMostRepeated = 0.01;
  std::array<Fingerprints, 3> found;
  for (std::size_t s = 0; s < 3; ++s) {
    found[s] = fingerprints(dataset, kSplits[s], kSplits[s] == Split::train ? kMostOfTraining : kMostOfOthers);
    const std::size_t repeated = found[s].images.size() - found[s].distinct.size();
    if (static_cast<double>(repeated) > kMostRepeated * static_cast<double>(found[s].images.size())) {
      findings.skip(std::to_string(repeated) + " of " + std::to_string(found[s].images.size()) + " images of the " +
                    split_name(kSplits[s]) + " split repeat within it, so that equal ones elsewhere prove nothing");
      return;
    }
  }
  for (const auto& [a, b] : {std::pair<std::size_t, std::size_t>{0, 1}, {0, 2}, {1, 2}}) {
    const auto& first = found[a].distinct;
    const auto& second = found[b].images;
    const auto shared =
        std::count_if(second.begin(), second.end(), [&](std::size_t hash) { return first.contains(hash); });
    if (static_cast<double>(shared) <= kMostRepeated * static_cast<double>(second.size())) continue;
    findings.fail(std::to_string(shared) + " of the " + found[b].text() + " images of the " + split_name(kSplits[b]) +
                  " split are among the " + found[a].text() + " of the " + split_name(kSplits[a]) + " split");
  }
}

bool same_description(const DatasetInfo& a, const DatasetInfo& b) {
  return a.image == b.image && a.counts == b.counts && a.classes == b.classes && a.checksum == b.checksum;
}

bool same_samples(const Dataset& a, const Dataset& b) {
  return std::all_of(kSplits.begin(), kSplits.end(), [&](Split split) {
    const auto indices = some_indices(a.info(), split, 16);
    return fetch(a, split, indices) == fetch(b, split, indices);
  });
}

/// The dataset with the options of a variant; null if its files are not on this machine.
std::unique_ptr<Dataset> opened(PluginHost& host, const std::string& name, const Variant& variant) {
  try {
    return DatasetHost(host, kSeed).open(name, variant.map);
  } catch (const DataError&) {
    if (variant.option.empty()) throw;
    return nullptr;
  }
}

void check_options_matter(PluginHost& host, const std::string& name, const Dataset& plain, Findings& findings) {
  const auto options = host.dataset(name).options();
  const std::vector<Variant> variants = changes(options->table());
  if (variants.empty()) findings.skip("the dataset has no option that changes its samples");
  const auto same = [](const Dataset& a, const Dataset& b) {
    return same_description(a.info(), b.info()) && same_samples(a, b);
  };
  const auto matters_beside = [&](const Variant& variant, const Variant& other) {
    try {
      const auto without = opened(host, name, other);
      const auto with = opened(host, name, both(other, variant));
      return without != nullptr && with != nullptr && !same(*without, *with);
    } catch (const ConfigError&) {
      return false;  // these two do not go together
    }
  };
  for (const Variant& variant : variants) {
    const auto changed = opened(host, name, variant);
    if (changed == nullptr || !same(plain, *changed)) continue;
    const bool found = std::any_of(variants.begin(), variants.end(), [&](const Variant& other) {
      return other.option != variant.option && matters_beside(variant, other);
    });
    if (found) continue;
    findings.fail(variant.label + " changes nothing: description and samples are those without it, whatever else is " +
                  "set; is it read under another name? (an option that can never change a sample, such as a path, is " +
                  "declared with not_part_of_identity)");
  }
}

}  // namespace

void check_dataset(PluginHost& host, const std::string& name, Report& report) {
  const DatasetPlugin& plugin = host.dataset(name);
  report.check("options", [&](Findings& findings) { check_options([&] { return plugin.options(); }, findings); });
  const auto dataset = opened(host, name, defaults());
  const auto second = opened(host, name, defaults());
  report.check("description", [&](Findings& findings) { check_description(*dataset, name, findings); });
  // What follows counts on sizes that make sense.
  if (report.results().back().outcome == CheckResult::Outcome::failed) return;
  report.check("values and labels", [&](Findings& findings) { check_values(*dataset, findings); });
  report.check("repeatability", [&](Findings& findings) { check_repeatability(*dataset, *second, findings); });
  report.check("concurrency", [&](Findings& findings) { check_concurrency(*dataset, findings); });
  report.check("checksum", [&](Findings& findings) { check_checksum(*dataset, *second, findings); });
  report.check("disjoint splits", [&](Findings& findings) { check_disjointness(*dataset, findings); });
  report.check("every option matters",
               [&](Findings& findings) { check_options_matter(host, name, *dataset, findings); });
}

}  // namespace drawlab::conformance
