#include "small.hpp"

#include "host/dataset_host.hpp"

#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace drawlab::tests {

namespace {
constexpr std::int64_t kSide = 28;
constexpr std::int64_t kStride = 4;
constexpr ImageShape kSmall{1, 6, 7};
}  // namespace

PluginHost built_plugins() { return PluginHost({DRAWLAB_TEST_PLUGINS}); }

std::unique_ptr<Dataset> open_dataset(PluginHost& plugins, const std::string& name, const ConfigNode& options) {
  return DatasetHost(plugins, 1).open(name, options);
}

SmallDigits::SmallDigits(PluginHost& plugins) : digits_(open_dataset(plugins, "digits")), info_(digits_->info()) {
  info_.image = kSmall;
}

void SmallDigits::fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
                       std::span<std::int32_t> labels) const {
  std::vector<float> whole(indices.size() * kSide * kSide);
  digits_->fill(split, indices, epoch, whole, labels);
  std::size_t to = 0;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    for (std::int64_t y = 0; y < kSmall.height; ++y) {
      for (std::int64_t x = 0; x < kSmall.width; ++x) {
        const std::int64_t at = (kStride * y + 3) * kSide + kStride * x + 2;
        images[to++] = whole[i * kSide * kSide + static_cast<std::size_t>(at)];
      }
    }
  }
  if (split != Split::train) return;
  const std::lock_guard lock(mutex_);
  for (const std::int64_t index : indices) log_.emplace_back(epoch, index);
}

std::vector<std::pair<std::uint64_t, std::int64_t>> SmallDigits::take_log() const {
  const std::lock_guard lock(mutex_);
  return std::exchange(log_, {});
}

PluginChoice mode(const std::string& plugin, int size) {
  PluginChoice choice{plugin, ConfigNode::map(), {}};
  if (size > 0) choice.options.set("size", ConfigNode::integer(size));
  return choice;
}

CellConfig small_cell(const PluginChoice& read, const PluginChoice& write) {
  CellConfig cell;
  cell.dataset = {"digits", ConfigNode::map(), {}};
  cell.read = read;
  cell.write = write;
  cell.model = {3, 5, 2, ModelOptions::CanvasStart::zero};
  cell.training.epochs = 2;
  cell.training.batch = 8;
  cell.training.shard = 4;
  cell.training.learning_rate = 0.01;
  cell.training.kl_warmup = 1;
  cell.training.limit_train = 22;
  cell.training.limit_validation = 11;
  cell.training.limit_test = 7;
  cell.training.checkpoint_seconds = 0;
  cell.seed = 3;
  return cell;
}

void Recorder::on_progress(const TrainingProgress& progress) {
  if (progress.phase == Split::train) ++steps_;
}

void Recorder::on_metrics(std::span<const Metric> reported) {
  for (const Metric& metric : reported) {
    metrics[std::to_string(metric.epoch) + "/" + split_name(metric.name.split) + "/" + quantity_text(metric.name)] =
        metric.value;
  }
}

void Recorder::on_confusion(Split split, std::span<const std::int64_t> counts) {
  if (split == Split::test) confusion.assign(counts.begin(), counts.end());
}

void Recorder::on_checkpoint(const WrittenCheckpoint& checkpoint) {
  checkpoint.file.commit();
  ++checkpoints;
}

TemporaryFolder::TemporaryFolder() {
  std::string path = (std::filesystem::temp_directory_path() / "drawlab_core_XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = path;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_content(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

}  // namespace drawlab::tests
