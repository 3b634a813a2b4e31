#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/options.hpp"
#include "drawlab/read_write.hpp"
#include "drawlab/version.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

/// Names everything that makes two builds of the SDK's C++ types incompatible.
#if defined(__clang__)
#define DRAWLAB_COMPILER_TAG "itanium"
#elif defined(__GNUC__)
#define DRAWLAB_COMPILER_TAG "itanium"
#else
#error "drawlab plugins are built with GCC or Clang"
#endif
// In libstdc++'s debug mode a std::vector is another type of another size.
#if defined(_GLIBCXX_DEBUG)
#define DRAWLAB_DEBUG_TAG "-debug"
#else
#define DRAWLAB_DEBUG_TAG ""
#endif
#if defined(__GLIBCXX__)
#if _GLIBCXX_USE_CXX11_ABI
#define DRAWLAB_LIBRARY_TAG "libstdc++-cxx11" DRAWLAB_DEBUG_TAG
#else
#define DRAWLAB_LIBRARY_TAG "libstdc++-old" DRAWLAB_DEBUG_TAG
#endif
#else
#define DRAWLAB_LIBRARY_TAG "libc++"
#endif
#if defined(__SANITIZE_ADDRESS__)
#define DRAWLAB_SANITIZER_TAG "asan"
#elif defined(__SANITIZE_THREAD__)
#define DRAWLAB_SANITIZER_TAG "tsan"
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DRAWLAB_SANITIZER_TAG "asan"
#elif __has_feature(thread_sanitizer)
#define DRAWLAB_SANITIZER_TAG "tsan"
#endif
#endif
#ifndef DRAWLAB_SANITIZER_TAG
#define DRAWLAB_SANITIZER_TAG "plain"
#endif

namespace drawlab {

inline constexpr std::uint64_t kPluginMagic = 0x62616c7761726421ULL;  // "!drawlab" in memory
inline constexpr const char* kCompilerAbi = DRAWLAB_COMPILER_TAG "/" DRAWLAB_LIBRARY_TAG "/" DRAWLAB_SANITIZER_TAG;
/// The one symbol that a plugin exports.
inline constexpr const char* kPluginSymbol = "drawlab_plugin";

enum class PluginKind : std::uint32_t { read_write = 1, dataset = 2 };

/// The factories of a read/write plugin; those of a half that it does not have are null.
struct ReadWriteFactories {
  std::unique_ptr<PluginOptions> (*read_options)();
  std::unique_ptr<ReadMode> (*make_read)(const PluginOptions&, const ReadSetup&);
  std::unique_ptr<PluginOptions> (*write_options)();
  std::unique_ptr<WriteMode> (*make_write)(const PluginOptions&, const WriteSetup&);
};

struct DatasetFactories {
  std::unique_ptr<PluginOptions> (*options)();
  /// The files that these options need; empty for a generated dataset.
  std::vector<DatasetFile> (*files)(const PluginOptions&);
  std::unique_ptr<Dataset> (*open)(const PluginOptions&, const DatasetContext&);
  /// The datasets that it opens with these options, so that the host can find their files beforehand.
  std::vector<DatasetRequest> (*sources)(const PluginOptions&);
};

/// Describes a plugin in plain C types. The host reads the numbers (magic to factories_size) from the file before it
/// opens the library, so that no code of an incompatible plugin runs. The first three members never move: a plugin of
/// any version can be rejected with a clear message.
struct PluginDescriptor {
  std::uint64_t magic;
  std::uint32_t abi;
  std::uint32_t descriptor_size;
  std::uint32_t kind;
  std::uint32_t factories_size;
  const char* compiler_abi;
  const char* name;       // lower_case, the file is libdrawlab_<name>.so
  const char* version;    // "1.0.0"
  const char* summary;    // one sentence
  const char* reference;  // paper or address
  const void* factories;  // ReadWriteFactories or DatasetFactories
};

/// The texts that an author writes.
struct PluginTexts {
  const char* name;
  const char* version;
  const char* summary;
  const char* reference;
};

namespace plugin_detail {

template <class Class>
inline constexpr bool kNever = false;

/// Whether a plugin's class is complete; if not, the compiler says one sentence about the first thing that it lacks.
template <class Class, class Base, class Setup>
constexpr bool is_complete() {
  if constexpr (!std::is_base_of_v<Base, Class>) {
    static_assert(kNever<Class>, "this class does not derive from drawlab::ReadMode, WriteMode or Dataset");
  } else if constexpr (!requires { typename Class::Options; }) {
    static_assert(kNever<Class>, "this class has no Options: add `using Options = …;`, drawlab::NoOptions for none");
  } else if constexpr (!requires(typename Class::Options o, OptionTable table) { o.declare(table); }) {
    static_assert(kNever<Class>, "Options has no `void declare(drawlab::OptionTable& table)`");
  } else if constexpr (std::is_abstract_v<Class>) {
    static_assert(kNever<Class>,
                  "this class does not override all of: `std::int64_t patch_size() const` and `ReadResult "
                  "read(std::span<const Value> images, Value state) const` of a read mode; `WriteResult write(Value "
                  "state) const` of a write mode; `info() const` and `fill(…) const` of a dataset");
  } else if constexpr (!std::is_constructible_v<Class, const typename Class::Options&, const Setup&>) {
    static_assert(kNever<Class>,
                  "this class has no public constructor (const Options&, const Setup&), where Setup is "
                  "drawlab::ReadSetup, WriteSetup or DatasetContext");
  } else {
    return true;
  }
  return false;
}

template <class Mode>
std::unique_ptr<PluginOptions> make_options() {
  return std::make_unique<TypedOptions<typename Mode::Options>>();
}

template <class Mode>
const typename Mode::Options& options_of(const PluginOptions& options) {
  return static_cast<const TypedOptions<typename Mode::Options>&>(options).values;
}

template <class Read>
std::unique_ptr<ReadMode> make_read(const PluginOptions& options, const ReadSetup& setup) {
  return std::make_unique<Read>(options_of<Read>(options), setup);
}

template <class Write>
std::unique_ptr<WriteMode> make_write(const PluginOptions& options, const WriteSetup& setup) {
  return std::make_unique<Write>(options_of<Write>(options), setup);
}

template <class Data>
std::vector<DatasetFile> files(const PluginOptions& options) {
  if constexpr (requires { Data::files(options_of<Data>(options)); }) {
    return Data::files(options_of<Data>(options));
  } else {
    static_assert(kNever<Data>, "this dataset has no `static std::vector<DatasetFile> files(const Options&)`");
  }
}

template <class Data>
std::unique_ptr<Dataset> open(const PluginOptions& options, const DatasetContext& context) {
  return std::make_unique<Data>(options_of<Data>(options), context);
}

template <class Data>
std::vector<DatasetRequest> sources(const PluginOptions& options) {
  if constexpr (requires { Data::sources(options_of<Data>(options)); }) {
    return Data::sources(options_of<Data>(options));
  } else {
    return {};
  }
}

template <class Read, class Write>
constexpr ReadWriteFactories read_write_factories() {
  ReadWriteFactories factories{nullptr, nullptr, nullptr, nullptr};
  static_assert(!std::is_void_v<Read> || !std::is_void_v<Write>, "a read/write plugin has at least one half");
  if constexpr (!std::is_void_v<Read>) {
    if constexpr (is_complete<Read, ReadMode, ReadSetup>()) {
      factories.read_options = &make_options<Read>;
      factories.make_read = &make_read<Read>;
    }
  }
  if constexpr (!std::is_void_v<Write>) {
    if constexpr (is_complete<Write, WriteMode, WriteSetup>()) {
      factories.write_options = &make_options<Write>;
      factories.make_write = &make_write<Write>;
    }
  }
  return factories;
}

template <class Read, class Write>
inline constexpr ReadWriteFactories kReadWriteFactories = read_write_factories<Read, Write>();

template <class Data>
constexpr DatasetFactories dataset_factories() {
  if constexpr (is_complete<Data, Dataset, DatasetContext>()) {
    return {&make_options<Data>, &files<Data>, &open<Data>, &sources<Data>};
  } else {
    return {};
  }
}

template <class Data>
inline constexpr DatasetFactories kDatasetFactories = dataset_factories<Data>();

constexpr PluginDescriptor describe(PluginKind kind, std::size_t size, const void* factories,
                                    const PluginTexts& texts) {
  return {kPluginMagic,
          kPluginAbi,
          static_cast<std::uint32_t>(sizeof(PluginDescriptor)),
          static_cast<std::uint32_t>(kind),
          static_cast<std::uint32_t>(size),
          kCompilerAbi,
          texts.name,
          texts.version,
          texts.summary,
          texts.reference,
          factories};
}

}  // namespace plugin_detail

/// The descriptor of a read/write plugin. Read and Write each have `using Options` (with declare()) and a constructor
/// (const Options&, const ReadSetup& or const WriteSetup&). Pass `void` for a half that the plugin does not have.
template <class Read, class Write>
constexpr PluginDescriptor describe_read_write(const PluginTexts& texts) {
  return plugin_detail::describe(PluginKind::read_write, sizeof(ReadWriteFactories),
                                 &plugin_detail::kReadWriteFactories<Read, Write>, texts);
}

/// The descriptor of a dataset plugin. Data has `using Options`, `static files(const Options&)`, a constructor
/// (const Options&, const DatasetContext&) and, if it is made of other datasets, `static sources(const Options&)`.
template <class Data>
constexpr PluginDescriptor describe_dataset(const PluginTexts& texts) {
  return plugin_detail::describe(PluginKind::dataset, sizeof(DatasetFactories), &plugin_detail::kDatasetFactories<Data>,
                                 texts);
}

}  // namespace drawlab

/// Exports the descriptor: `DRAWLAB_PLUGIN(drawlab::describe_dataset<Digits>({"digits", …}));`
#define DRAWLAB_PLUGIN(...)                                                                           \
  extern "C" __attribute__((visibility("default"))) const ::drawlab::PluginDescriptor drawlab_plugin; \
  constinit const ::drawlab::PluginDescriptor drawlab_plugin = __VA_ARGS__
