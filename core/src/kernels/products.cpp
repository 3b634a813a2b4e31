#include "kernels/products.hpp"

#include "drawlab/error.hpp"

#include "aligned_buffer.hpp"
#include "kernels/onednn.hpp"

#include <omp.h>

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace drawlab::kernels {

namespace {

using Order = dnnl::memory::format_tag;

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

/// A weight [out,in] seen as the right-hand matrix of x·Wᵀ, and of d_y·W.
dnnl::memory::desc transposed_weight(const Shape& shape, Order order = Order::ba) {
  return matrix(shape[1], shape[0], order);
}
dnnl::memory::desc plain_weight(const Shape& shape, Order order = Order::ab) {
  return matrix(shape[0], shape[1], order);
}

}  // namespace

void use_one_product_thread() { omp_set_num_threads(1); }

const char* onednn_version() {
  static const std::string version = [] {
    const dnnl_version_t* const v = dnnl_version();
    return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
  }();
  return version.c_str();
}

// ---- packed weights ----

struct PackedWeights::Impl {
  struct Layout {
    dnnl::memory::desc plain;
    dnnl::memory::desc packed;
    dnnl::memory memory;
    dnnl::reorder reorder;
  };
  struct Weight {
    const float* numbers;
    Layout forward;
    Layout backward;
  };

  const ParameterStore* store;
  std::vector<Weight> weights;
  std::vector<std::int64_t> position;  // of a parameter among the weights, −1: none
  std::vector<dnnl::stream> streams;

  static Layout layout(const dnnl::memory::desc& plain, const dnnl::memory::desc& any, std::int64_t rows,
                       std::int64_t inner, std::int64_t outer) {
    const auto description =
        product_description(cpu(), matrix(rows, inner), any, dnnl::memory::desc(), matrix(rows, outer), false);
    Layout result;
    result.plain = plain;
    result.packed = description.weights_desc();
    result.memory = dnnl::memory(result.packed, cpu());
    result.reorder = dnnl::reorder(dnnl::reorder::primitive_desc(cpu(), plain, cpu(), result.packed));
    return result;
  }
};

PackedWeights::PackedWeights(const ParameterStore& store, std::int64_t rows) : impl_(std::make_unique<Impl>()) {
  use_one_product_thread();
  impl_->store = &store;
  for (std::size_t i = 0; i < store.count(); ++i) {
    impl_->position.push_back(store.is_weight(i) ? static_cast<std::int64_t>(impl_->weights.size()) : -1);
    if (!store.is_weight(i)) continue;
    const Shape& shape = store.shape(i);
    impl_->weights.push_back(
        {store.values().data() + store.offset(i),
         Impl::layout(transposed_weight(shape), transposed_weight(shape, Order::any), rows, shape[1], shape[0]),
         Impl::layout(plain_weight(shape), plain_weight(shape, Order::any), rows, shape[0], shape[1])});
    impl_->streams.emplace_back(cpu());
  }
  pack_all();
}

PackedWeights::~PackedWeights() = default;

std::int64_t PackedWeights::count() const { return static_cast<std::int64_t>(impl_->weights.size()); }

void PackedWeights::pack(std::int64_t index) {
  auto& weight = impl_->weights[static_cast<std::size_t>(index)];
  dnnl::stream& stream = impl_->streams[static_cast<std::size_t>(index)];
  for (Impl::Layout* layout : {&weight.forward, &weight.backward}) {
    dnnl::memory plain(layout->plain, cpu(), const_cast<float*>(weight.numbers));
    layout->reorder.execute(stream, plain, layout->memory);
  }
  stream.wait();
}

void PackedWeights::pack_all() {
  for (std::int64_t i = 0; i < count(); ++i) pack(i);
}

// ---- products ----

struct Products::Impl {
  enum Kind : std::int64_t { forward, backward_data, backward_weight };

  struct Product {
    dnnl::matmul primitive;
    dnnl::memory a, b, bias, y, scratch;
    std::array<dnnl_exec_arg_t, 5> arguments;
    int argument_count;
  };
  /// kind, rows, the two other sizes, accumulate, packed.
  using Key = std::array<std::int64_t, 6>;

  dnnl::stream stream{cpu()};
  std::map<Key, Product> products;
  AlignedBuffer<unsigned char> scratchpad;

  Product& find(const Key& key, const dnnl::memory::desc& a, const dnnl::memory::desc& b,
                const dnnl::memory::desc& bias, const dnnl::memory::desc& y, bool accumulate) {
    const auto found = products.find(key);
    if (found != products.end()) return found->second;
    const auto description = product_description(cpu(), a, b, bias, y, accumulate);
    const std::size_t scratch_bytes = description.scratchpad_desc().get_size();
    if (scratch_bytes > scratchpad.size()) {
      scratchpad.reserve_at_least(scratch_bytes);
      for (auto& [_, product] : products) product.scratch.set_data_handle(scratchpad.data());
    }
    Product product{dnnl::matmul(description),
                    dnnl::memory(a, cpu(), nullptr),
                    dnnl::memory(b, cpu(), nullptr),
                    dnnl::memory(bias, cpu(), nullptr),
                    dnnl::memory(y, cpu(), nullptr),
                    dnnl::memory(description.scratchpad_desc(), cpu(), scratchpad.data()),
                    {},
                    0};
    const auto add = [&product](int name, const dnnl::memory& memory) {
      product.arguments[static_cast<std::size_t>(product.argument_count++)] = {name, memory.get()};
    };
    add(DNNL_ARG_SRC, product.a);
    add(DNNL_ARG_WEIGHTS, product.b);
    add(DNNL_ARG_DST, product.y);
    add(DNNL_ARG_SCRATCHPAD, product.scratch);
    if (bias.get_size() != 0) add(DNNL_ARG_BIAS, product.bias);
    return products.emplace(key, std::move(product)).first->second;
  }

  void run(Product& product, const float* a, const void* b, const float* bias, float* y) {
    product.a.set_data_handle(const_cast<float*>(a));
    product.b.set_data_handle(const_cast<void*>(b));
    product.y.set_data_handle(y);
    if (bias != nullptr) product.bias.set_data_handle(const_cast<float*>(bias));
    const dnnl_status_t status =
        dnnl_primitive_execute(product.primitive.get(), stream.get(), product.argument_count, product.arguments.data());
    if (status != dnnl_success) throw Error("oneDNN could not compute a product: status " + std::to_string(status));
  }
};

Products::Products() : impl_((use_one_product_thread(), std::make_unique<Impl>())) {}
Products::~Products() = default;

namespace {

const PackedWeights::Impl::Weight* packed_weight(const PackedWeights* packed, const Parameter& weight) {
  if (packed == nullptr) return nullptr;
  const std::int64_t position = packed->impl().position[weight.index()];
  return position < 0 ? nullptr : &packed->impl().weights[static_cast<std::size_t>(position)];
}

const float* numbers_of(const Parameter& weight) { return weight.store().values().data() + weight.offset(); }

}  // namespace

void Products::forward(const float* x, std::int64_t rows, const Parameter& weight, const float* bias,
                       const PackedWeights* packed, float* y) {
  const std::int64_t out = weight.shape()[0];
  const std::int64_t in = weight.shape()[1];
  const auto* const pack = packed_weight(packed, weight);
  auto& product = impl_->find({Impl::forward, rows, out, in, 0, pack != nullptr}, matrix(rows, in),
                              pack != nullptr ? pack->forward.packed : transposed_weight(weight.shape()),
                              matrix(1, out), matrix(rows, out), false);
  impl_->run(product, x, pack != nullptr ? pack->forward.memory.get_data_handle() : numbers_of(weight), bias, y);
}

void Products::backward_data(const float* d_y, std::int64_t rows, const Parameter& weight, const PackedWeights* packed,
                             float* d_x, bool fresh) {
  const std::int64_t out = weight.shape()[0];
  const std::int64_t in = weight.shape()[1];
  const auto* const pack = packed_weight(packed, weight);
  auto& product = impl_->find({Impl::backward_data, rows, out, in, !fresh, pack != nullptr}, matrix(rows, out),
                              pack != nullptr ? pack->backward.packed : plain_weight(weight.shape()),
                              dnnl::memory::desc(), matrix(rows, in), !fresh);
  impl_->run(product, d_y, pack != nullptr ? pack->backward.memory.get_data_handle() : numbers_of(weight), nullptr,
             d_x);
}

void Products::backward_weight(const float* d_y, const float* x, std::int64_t rows, std::int64_t out, std::int64_t in,
                               float* d_weight) {
  auto& product = impl_->find({Impl::backward_weight, rows, out, in, 1, 0}, matrix(out, rows, Order::ba),
                              matrix(rows, in), dnnl::memory::desc(), matrix(out, in), true);
  impl_->run(product, d_y, x, nullptr, d_weight);
}

// ---- f64 ----

void forward(const double* x, std::int64_t rows, const double* weight, std::int64_t out, std::int64_t in,
             const double* bias, double* y) {
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t o = 0; o < out; ++o) {
      double sum = bias[o];
      for (std::int64_t i = 0; i < in; ++i) sum += x[row * in + i] * weight[o * in + i];
      y[row * out + o] = sum;
    }
  }
}

void backward_data(const double* d_y, std::int64_t rows, const double* weight, std::int64_t out, std::int64_t in,
                   double* d_x, bool fresh) {
  for (std::int64_t row = 0; row < rows; ++row) {
    double* const to = d_x + row * in;
    if (fresh) std::fill(to, to + in, 0.0);
    for (std::int64_t o = 0; o < out; ++o) {
      for (std::int64_t i = 0; i < in; ++i) to[i] += d_y[row * out + o] * weight[o * in + i];
    }
  }
}

void backward_weight(const double* d_y, const double* x, std::int64_t rows, std::int64_t out, std::int64_t in,
                     double* d_weight) {
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t o = 0; o < out; ++o) {
      for (std::int64_t i = 0; i < in; ++i) d_weight[o * in + i] += d_y[row * out + o] * x[row * in + i];
    }
  }
}

}  // namespace drawlab::kernels
