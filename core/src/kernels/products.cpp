#include "kernels/products.hpp"

#include "drawlab/error.hpp"

#include "aligned_buffer.hpp"
#include "kernels/onednn.hpp"

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

// Of the OpenMP runtime that oneDNN is linked with (GCC's). Clang's own header and runtime would be another one.
extern "C" void omp_set_num_threads(int);

namespace drawlab::kernels {

namespace {

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

/// A weight [out,in] seen as the right-hand matrix of x·Wᵀ, and of d_y·W.
dnnl::memory::desc transposed_weight(Type type, const Shape& shape, Order order = Order::ba) {
  return matrix(type, shape[1], shape[0], order);
}
dnnl::memory::desc plain_weight(Type type, const Shape& shape, Order order = Order::ab) {
  return matrix(type, shape[0], shape[1], order);
}

double operations_of(std::int64_t rows, std::int64_t out, std::int64_t in) {
  return 2.0 * static_cast<double>(rows) * static_cast<double>(out) * static_cast<double>(in);
}

template <class T>
constexpr Type kTypeOf = std::is_same_v<T, Bf16> ? Type::bf16 : Type::f32;

}  // namespace

void use_one_product_thread() {
  // Any other would share one product among the threads that carry a shard each.
  const auto runtime = static_cast<unsigned>(dnnl_version()->cpu_runtime);
  if (runtime != DNNL_RUNTIME_OMP && runtime != DNNL_RUNTIME_SEQ) {
    throw SystemError(
        "oneDNN is built for a threading library of its own; drawlab needs one built for OpenMP, or "
        "without threads");
  }
  omp_set_num_threads(1);
}

const char* onednn_version() {
  static const std::string version = [] {
    const dnnl_version_t* const v = dnnl_version();
    return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
  }();
  return version.c_str();
}

bool has_bf16_products() {
#if defined(__x86_64__)
  // oneDNN would also emulate them, several times slower than f32.
  static const bool has = [] {
    const auto allowed = static_cast<unsigned>(dnnl_get_effective_cpu_isa());
    const auto needed = static_cast<unsigned>(dnnl_cpu_isa_avx512_core_bf16);
    return __builtin_cpu_supports("avx512bf16") != 0 && (allowed & needed) == needed;
  }();
  return has;
#else
  return false;
#endif
}

// ---- packed weights ----

struct PackedWeights::Impl {
  struct Layout {
    dnnl::memory::desc packed;
    AlignedBuffer<std::byte> bytes;  // of `memory`; oneDNN's own would not lie on huge pages. Empty: as in the store
    dnnl::memory from;
    dnnl::memory memory;
    dnnl::reorder reorder;
  };
  struct Weight {
    Layout forward;
    Layout backward;
  };

  ProductPrecision precision;
  std::vector<Weight> weights;
  std::vector<std::int64_t> position;  // of a parameter among the weights, −1: none
  std::vector<dnnl::stream> streams;

  static Layout layout(Type type, const float* numbers, const dnnl::memory::desc& plain, const dnnl::memory::desc& any,
                       std::int64_t rows, std::int64_t inner, std::int64_t outer) {
    const auto description = product_description(cpu(), matrix(type, rows, inner), any, dnnl::memory::desc(),
                                                 matrix(Type::f32, rows, outer), false);
    Layout result;
    result.from = dnnl::memory(plain, cpu(), const_cast<float*>(numbers));
    result.packed = description.weights_desc();
    // Where oneDNN knows no blocked layout, as for AVX2, it asks for plain rows; the weights as they lie are as good
    // or, transposed, nearly twice as fast.
    if (result.packed == matrix(Type::f32, inner, outer)) result.packed = plain;
    if (result.packed == plain) {
      result.memory = result.from;
      return result;
    }
    result.bytes.resize(result.packed.get_size());
    result.memory = dnnl::memory(result.packed, cpu(), result.bytes.data());
    result.reorder = dnnl::reorder(dnnl::reorder::primitive_desc(cpu(), plain, cpu(), result.packed));
    return result;
  }
};

PackedWeights::PackedWeights(const ParameterStore& store, std::int64_t rows, ProductPrecision precision)
    : impl_(std::make_unique<Impl>()) {
  if (precision == ProductPrecision::bf16 && !has_bf16_products()) {
    throw ConfigError(
        "precision bf16 needs a processor that multiplies bf16 by itself (AVX-512 BF16), and this is none; "
        "f32 works everywhere");
  }
  use_one_product_thread();
  impl_->precision = precision;
  const Type type = precision == ProductPrecision::bf16 ? Type::bf16 : Type::f32;
  for (std::size_t i = 0; i < store.count(); ++i) {
    impl_->position.push_back(store.is_weight(i) ? static_cast<std::int64_t>(impl_->weights.size()) : -1);
    if (!store.is_weight(i)) continue;
    const Shape& shape = store.shape(i);
    const float* const numbers = store.values().data() + store.offset(i);
    impl_->weights.push_back({Impl::layout(type, numbers, transposed_weight(Type::f32, shape),
                                           transposed_weight(type, shape, Order::any), rows, shape[1], shape[0]),
                              Impl::layout(type, numbers, plain_weight(Type::f32, shape),
                                           plain_weight(type, shape, Order::any), rows, shape[0], shape[1])});
    impl_->streams.emplace_back(cpu());
  }
  pack_all();
}

PackedWeights::~PackedWeights() = default;

ProductPrecision PackedWeights::precision() const { return impl_->precision; }
std::int64_t PackedWeights::count() const { return static_cast<std::int64_t>(impl_->weights.size()); }

std::size_t PackedWeights::bytes() const {
  std::size_t bytes = 0;
  for (const Impl::Weight& weight : impl_->weights) {
    bytes += weight.forward.bytes.size() + weight.backward.bytes.size();
  }
  return bytes;
}

void PackedWeights::pack(std::int64_t index) {
  auto& weight = impl_->weights[static_cast<std::size_t>(index)];
  dnnl::stream& stream = impl_->streams[static_cast<std::size_t>(index)];
  for (Impl::Layout* layout : {&weight.forward, &weight.backward}) {
    if (layout->bytes.size() == 0) continue;
    const std::array<dnnl_exec_arg_t, 2> arguments = {
        {{DNNL_ARG_FROM, layout->from.get()}, {DNNL_ARG_TO, layout->memory.get()}}};
    const dnnl_status_t status = dnnl_primitive_execute(layout->reorder.get(), stream.get(),
                                                        static_cast<int>(arguments.size()), arguments.data());
    if (status != dnnl_success) throw Error("oneDNN could not pack a weight: status " + std::to_string(status));
  }
  stream.wait();
}

void PackedWeights::pack_all() {
  for (std::int64_t i = 0; i < count(); ++i) pack(i);
}

// ---- products ----

struct Products::Impl {
  enum Kind : std::int64_t { forward, backward_data, weight_gradient };

  struct Product {
    dnnl::matmul primitive;
    dnnl::memory a, b, bias, y, scratch;
    std::array<dnnl_exec_arg_t, 5> arguments;
    int argument_count;
    double operations;
  };
  /// kind, rows, the two other sizes, two more that the kind says, type.
  using Key = std::array<std::int64_t, 7>;

  dnnl::stream stream{cpu()};
  std::map<Key, Product> products;
  AlignedBuffer<unsigned char> scratchpad;
  AlignedBuffer<float> room;  // of weight_gradient()
  double operations = 0;

  /// The product of a key; `describe(a, b, bias, y)` says its matrices when it is met for the first time.
  template <class Describe>
  Product& find(const Key& key, bool accumulate, const Describe& describe) {
    const auto found = products.find(key);
    if (found != products.end()) return found->second;
    dnnl::memory::desc a, b, bias, y;
    describe(a, b, bias, y);
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
                    0,
                    operations_of(key[1], key[2], key[3])};
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

  void run(Product& product, const void* a, const void* b, const float* bias, float* y) {
    product.a.set_data_handle(const_cast<void*>(a));
    product.b.set_data_handle(const_cast<void*>(b));
    product.y.set_data_handle(y);
    if (bias != nullptr) product.bias.set_data_handle(const_cast<float*>(bias));
    const dnnl_status_t status =
        dnnl_primitive_execute(product.primitive.get(), stream.get(), product.argument_count, product.arguments.data());
    if (status != dnnl_success) throw Error("oneDNN could not compute a product: status " + std::to_string(status));
    operations += product.operations;
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

template <class T>
void Products::forward(const T* x, std::int64_t rows, const Parameter& weight, const float* bias,
                       const PackedWeights* packed, float* y) {
  const std::int64_t out = weight.shape()[0];
  const std::int64_t in = weight.shape()[1];
  const auto* const pack = packed_weight(packed, weight);
  auto& product =
      impl_->find({Impl::forward, rows, out, in, 0, pack != nullptr, sizeof(T)}, false,
                  [&](auto& x_desc, auto& weight_desc, auto& bias_desc, auto& y_desc) {
                    x_desc = matrix(kTypeOf<T>, rows, in);
                    weight_desc = pack != nullptr ? pack->forward.packed : transposed_weight(Type::f32, weight.shape());
                    bias_desc = matrix(Type::f32, 1, out);
                    y_desc = matrix(Type::f32, rows, out);
                  });
  impl_->run(product, x, pack != nullptr ? pack->forward.memory.get_data_handle() : numbers_of(weight), bias, y);
}

template <class T>
void Products::backward_data(const T* d_y, std::int64_t rows, const Parameter& weight, const PackedWeights* packed,
                             float* d_x, bool fresh) {
  const std::int64_t out = weight.shape()[0];
  const std::int64_t in = weight.shape()[1];
  const auto* const pack = packed_weight(packed, weight);
  auto& product = impl_->find({Impl::backward_data, rows, out, in, !fresh, pack != nullptr, sizeof(T)}, !fresh,
                              [&](auto& d_y_desc, auto& weight_desc, auto&, auto& d_x_desc) {
                                d_y_desc = matrix(kTypeOf<T>, rows, out);
                                weight_desc =
                                    pack != nullptr ? pack->backward.packed : plain_weight(Type::f32, weight.shape());
                                d_x_desc = matrix(Type::f32, rows, in);
                              });
  impl_->run(product, d_y, pack != nullptr ? pack->backward.memory.get_data_handle() : numbers_of(weight), nullptr,
             d_x);
}

template <>
WeightBlocks Products::weight_blocks<float>(std::int64_t out, std::int64_t in) {
  return {out, in, 128, 546};  // the rows that one takes at once, and its sums, lie in a second-level cache of 1 MiB
}
template <>
WeightBlocks Products::weight_blocks<Bf16>(std::int64_t out, std::int64_t in) {
  return {out, in, 256, in};
}

template <>
void Products::weight_gradient<float>(const RowChunk& latest, const WeightBlock& block, std::int64_t out,
                                      std::int64_t in, float* d_weight) {
  impl_->room.reserve_at_least(static_cast<std::size_t>(weight_gradient_room(block)));
  kernels::weight_gradient(latest, block, out, in, impl_->room.data(), d_weight);
  for (const RowChunk* chunk = &latest; chunk != nullptr; chunk = chunk->earlier) {
    impl_->operations += operations_of(chunk->rows, block.outs, block.ins);
  }
}

template <>
void Products::weight_gradient<Bf16>(const RowChunk& latest, const WeightBlock& block, std::int64_t out,
                                     std::int64_t in, float* d_weight) {
  for (const RowChunk* chunk = &latest; chunk != nullptr; chunk = chunk->earlier) {
    const std::int64_t rows = chunk->rows;
    auto& product =
        impl_->find({Impl::weight_gradient, rows, block.outs, block.ins, out, in, sizeof(Bf16)}, true,
                    [&](auto& d_y_desc, auto& x_desc, auto&, auto& d_weight_desc) {
                      d_y_desc = dnnl::memory::desc({block.outs, rows}, Type::bf16, dnnl::memory::dims{1, out});
                      x_desc = dnnl::memory::desc({rows, block.ins}, Type::bf16, dnnl::memory::dims{in, 1});
                      d_weight_desc = dnnl::memory::desc({block.outs, block.ins}, Type::f32, dnnl::memory::dims{in, 1});
                    });
    impl_->run(product, static_cast<const Bf16*>(chunk->d_y) + block.first_out,
               static_cast<const Bf16*>(chunk->x) + block.first_in, nullptr,
               d_weight + block.first_out * in + block.first_in);
  }
}

double Products::operations() const { return impl_->operations; }

#define DRAWLAB_PRODUCTS(T)                                                                                     \
  template void Products::forward(const T*, std::int64_t, const Parameter&, const float*, const PackedWeights*, \
                                  float*);                                                                      \
  template void Products::backward_data(const T*, std::int64_t, const Parameter&, const PackedWeights*, float*, bool);
DRAWLAB_PRODUCTS(float)
DRAWLAB_PRODUCTS(Bf16)
#undef DRAWLAB_PRODUCTS

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

void weight_gradient(const RowChunk& latest, std::int64_t out, std::int64_t in, double* d_weight) {
  for (const RowChunk* chunk = &latest; chunk != nullptr; chunk = chunk->earlier) {
    const double* const x = static_cast<const double*>(chunk->x);
    const double* const d_y = static_cast<const double*>(chunk->d_y);
    for (std::int64_t row = 0; row < chunk->rows; ++row) {
      for (std::int64_t o = 0; o < out; ++o) {
        for (std::int64_t i = 0; i < in; ++i) d_weight[o * in + i] += d_y[row * out + o] * x[row * in + i];
      }
    }
  }
}

}  // namespace drawlab::kernels
