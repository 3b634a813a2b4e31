#include "training/checkpoint.hpp"

#include "drawlab/error.hpp"

#include "training/safetensors.hpp"
#include "training/weights.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace drawlab {

namespace {

const char* const kWeights = "model.";
const char* const kBest = "best.";

/// The arrays of a checkpoint, each with one tensor per parameter: `model.<parameter>` and so on.
std::vector<std::pair<const char*, std::span<float>>> arrays_of(const Checkpoint& checkpoint) {
  std::vector<std::pair<const char*, std::span<float>>> arrays = {{kBest, checkpoint.best},
                                                                  {"adam.first_moment.", checkpoint.first_moment},
                                                                  {"adam.second_moment.", checkpoint.second_moment},
                                                                  {kWeights, checkpoint.store.values()}};
  if (!checkpoint.average.empty()) arrays.emplace_back("average.", checkpoint.average);
  return arrays;
}

constexpr std::pair<const char*, std::int64_t TrainingState::*> kCounters[] = {
    {"state.epoch", &TrainingState::epoch},
    {"state.step", &TrainingState::step},
    {"state.total_step", &TrainingState::total_step},
    {"state.best_epoch", &TrainingState::best_epoch}};

void put_arrays(SafeTensors& file, const std::string& prefix, const ParameterStore& store,
                std::span<const float> numbers) {
  for (std::size_t i = 0; i < store.count(); ++i) {
    const Shape& shape = store.shape(i);
    std::vector<std::int64_t> sizes;
    sizes.reserve(static_cast<std::size_t>(shape.rank()));
    for (int axis = 0; axis < shape.rank(); ++axis) sizes.push_back(shape[axis]);
    file.tensors[prefix + store.name(i)] = SafeTensor::of(
        "F32", std::move(sizes),
        numbers.subspan(static_cast<std::size_t>(store.offset(i)), static_cast<std::size_t>(shape.count())));
  }
}

const SafeTensor& find(const SafeTensors& content, const std::string& name, const std::filesystem::path& file) {
  const auto found = content.tensors.find(name);
  if (found == content.tensors.end()) throw DataError(file.string() + ": has no tensor '" + name + "'");
  return found->second;
}

std::string sizes_text(const std::vector<std::int64_t>& sizes) {
  std::string text = "[";
  for (std::size_t i = 0; i < sizes.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(sizes[i]);
  return text + "]";
}

/// Throws if an array is missing or has another type or shape than its parameter.
void check_arrays(const SafeTensors& content, const std::string& prefix, const ParameterStore& store,
                  const std::filesystem::path& file) {
  for (std::size_t i = 0; i < store.count(); ++i) {
    const SafeTensor& tensor = find(content, prefix + store.name(i), file);
    const Shape& shape = store.shape(i);
    if (tensor.type != "F32" || sizes_text(tensor.shape) != shape.text()) {
      throw DataError(file.string() + ": is of another model: '" + prefix + store.name(i) + "' is " + tensor.type +
                      sizes_text(tensor.shape) + ", need F32" + shape.text());
    }
  }
}

void get_arrays(const SafeTensors& content, const std::string& prefix, const ParameterStore& store,
                std::span<float> numbers) {
  for (std::size_t i = 0; i < store.count(); ++i) {
    const SafeTensor& tensor = content.tensors.at(prefix + store.name(i));
    std::memcpy(numbers.data() + store.offset(i), tensor.bytes.data(), tensor.bytes.size());
  }
}

void put_number(SafeTensors& file, const std::string& name, std::int64_t number) {
  file.tensors[name] = SafeTensor::of("I64", {1}, std::span<const std::int64_t>(&number, 1));
}

void put_numbers(SafeTensors& file, const std::string& name, std::span<const double> numbers) {
  file.tensors[name] = SafeTensor::of("F64", {static_cast<std::int64_t>(numbers.size())}, numbers);
}

template <class T>
std::vector<T> get_numbers(const SafeTensors& content, const std::string& name, const char* type,
                           const std::filesystem::path& file) {
  const SafeTensor& tensor = find(content, name, file);
  if (tensor.type != type) throw DataError(file.string() + ": '" + name + "' is " + tensor.type + ", need " + type);
  std::vector<T> numbers(tensor.bytes.size() / sizeof(T));
  if (!numbers.empty()) std::memcpy(numbers.data(), tensor.bytes.data(), numbers.size() * sizeof(T));
  return numbers;
}

std::int64_t get_number(const SafeTensors& content, const std::string& name, const std::filesystem::path& file) {
  const auto numbers = get_numbers<std::int64_t>(content, name, "I64", file);
  if (numbers.size() != 1) throw DataError(file.string() + ": '" + name + "' must hold one number");
  return numbers[0];
}

}  // namespace

std::string Checkpoint::write(FileWriter& file, const TrainingState& state, const std::string& configuration) const {
  SafeTensors content;
  content.metadata = {{"format", "drawlab checkpoint 1"}, {"configuration", configuration}};
  for (const auto& [prefix, numbers] : arrays_of(*this)) put_arrays(content, prefix, store, numbers);
  for (const auto& [name, counter] : kCounters) put_number(content, name, state.*counter);
  put_numbers(content, "state.best_nll", std::span(&state.best_nll, 1));
  put_number(content, "state.sums.samples", state.sums.samples);
  const double sums[] = {state.sums.reconstruction, state.sums.kl, state.sums.cross_entropy, state.sums.wrong,
                         state.gradient_norm_sum};
  put_numbers(content, "state.sums.values", sums);
  put_numbers(content, "state.sums.kl_glimpse", state.sums.kl_glimpse);
  return content.write(file);
}

TrainingState Checkpoint::read(const std::filesystem::path& file) const {
  const SafeTensors content = SafeTensors::read(file);
  TrainingState state;
  for (const auto& [name, counter] : kCounters) state.*counter = get_number(content, name, file);
  const auto best_nll = get_numbers<double>(content, "state.best_nll", "F64", file);
  const auto sums = get_numbers<double>(content, "state.sums.values", "F64", file);
  if (best_nll.size() != 1 || sums.size() != 5) throw DataError(file.string() + ": its counters are damaged");
  state.best_nll = best_nll[0];
  state.sums.samples = get_number(content, "state.sums.samples", file);
  state.sums.reconstruction = sums[0];
  state.sums.kl = sums[1];
  state.sums.cross_entropy = sums[2];
  state.sums.wrong = sums[3];
  state.gradient_norm_sum = sums[4];
  state.sums.kl_glimpse = get_numbers<double>(content, "state.sums.kl_glimpse", "F64", file);
  // All are checked before the first is copied: a run whose checkpoint is damaged keeps its state.
  for (const auto& [prefix, numbers] : arrays_of(*this)) check_arrays(content, prefix, store, file);
  for (const auto& [prefix, numbers] : arrays_of(*this)) get_arrays(content, prefix, store, numbers);
  return state;
}

void read_weights(const std::filesystem::path& file, bool best, ParameterStore& store) {
  const SafeTensors content = SafeTensors::read(file);
  const bool has_best = get_number(content, "state.best_epoch", file) > 0;
  const char* const prefix = best && has_best ? kBest : kWeights;
  check_arrays(content, prefix, store, file);
  get_arrays(content, prefix, store, store.values());
}

std::string extract_weights(const std::filesystem::path& checkpoint, const std::filesystem::path& weights) {
  SafeTensors content = SafeTensors::read(checkpoint);
  const bool has_best = get_number(content, "state.best_epoch", checkpoint) > 0;
  std::erase_if(content.tensors, [&](const auto& tensor) {
    const std::string& name = tensor.first;
    return !name.starts_with(has_best ? kBest : kWeights) && name != "state.best_epoch" && name != "state.best_nll";
  });
  content.metadata["format"] = "drawlab weights 1";
  return content.write(weights);
}

ImageShape drawn_image(const std::filesystem::path& checkpoint) {
  const SafeTensors content = SafeTensors::read(checkpoint);
  std::string canvas = std::string(kBest) + "canvas0";
  if (!content.tensors.contains(canvas)) canvas = std::string(kWeights) + "canvas0";
  const SafeTensor& start = find(content, canvas, checkpoint);
  if (start.shape.size() != 3) {
    throw DataError(checkpoint.string() + ": '" + canvas + "' is " + sizes_text(start.shape) + ", need [C, H, W]");
  }
  return {start.shape[0], start.shape[1], start.shape[2]};
}

}  // namespace drawlab
