#include "host/elf_symbol.hpp"

#include "drawlab/error.hpp"

#include <elf.h>

#include <array>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

namespace drawlab {

namespace {

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#else
#error "state this machine's e_machine number"
#endif
static_assert(sizeof(void*) == 8, "the reader knows 64-bit libraries");

std::string machine_text(std::uint16_t machine) {
  switch (machine) {
    case EM_386:
      return "x86";
    case EM_X86_64:
      return "x86-64";
    case EM_ARM:
      return "ARM";
    case EM_AARCH64:
      return "AArch64";
    case EM_RISCV:
      return "RISC-V";
    default:
      return "ELF machine " + std::to_string(machine);
  }
}

/// A library file's bytes, read only within their bounds.
class Image {
 public:
  Image(const std::filesystem::path& library, std::span<const std::byte> bytes) : library_(library), bytes_(bytes) {}

  template <class Record>
  Record read(std::uint64_t offset, const char* what) const {
    require(offset, sizeof(Record), what);
    Record record;
    std::memcpy(&record, bytes_.data() + offset, sizeof record);
    return record;
  }

  /// Whether the text at `offset` is `name`, end mark included.
  bool has_text(std::uint64_t offset, const std::string& name) const {
    const std::uint64_t length = name.size() + 1;
    return offset <= bytes_.size() && length <= bytes_.size() - offset &&
           std::memcmp(bytes_.data() + offset, name.c_str(), length) == 0;
  }

  /// Whether the text at `offset` starts with `start`.
  bool has_start(std::uint64_t offset, std::string_view start) const {
    return offset <= bytes_.size() && start.size() <= bytes_.size() - offset &&
           std::memcmp(bytes_.data() + offset, start.data(), start.size()) == 0;
  }

  void require(std::uint64_t offset, std::uint64_t size, const char* what) const {
    if (offset <= bytes_.size() && size <= bytes_.size() - offset) return;
    refuse(std::string("cut short or damaged: ") + what + " at byte " + std::to_string(offset) +
           " reaches beyond the file's " + std::to_string(bytes_.size()) + " bytes");
  }

  [[noreturn]] void refuse(const std::string& reason) const { throw PluginError(library_.string() + ": " + reason); }

 private:
  const std::filesystem::path& library_;
  std::span<const std::byte> bytes_;
};

Elf64_Ehdr checked_header(const Image& image, std::span<const std::byte> bytes) {
  if (bytes.size() < EI_NIDENT || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
    image.refuse("not a shared library (no ELF header)");
  }
  const auto identity = image.read<std::array<unsigned char, EI_NIDENT>>(0, "the ELF header");
  if (identity[EI_CLASS] != ELFCLASS64) image.refuse("a 32-bit library, need 64-bit " + machine_text(kMachine));
  const unsigned char order = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
  if (identity[EI_DATA] != order) image.refuse("a library of the other byte order, need " + machine_text(kMachine));
  const auto header = image.read<Elf64_Ehdr>(0, "the ELF header");
  if (header.e_machine != kMachine) {
    image.refuse("a library for " + machine_text(header.e_machine) + ", need " + machine_text(kMachine));
  }
  if (header.e_type != ET_DYN) image.refuse("not a shared library (ELF type " + std::to_string(header.e_type) + ")");
  return header;
}

/// The bytes that the file holds for the object at a virtual address. Empty if it holds none.
std::span<const std::byte> stored_bytes(const Image& image, std::span<const std::byte> bytes, const Elf64_Sym& symbol) {
  const Elf64_Ehdr header = checked_header(image, bytes);
  for (std::uint64_t index = 0; index < header.e_phnum; ++index) {
    const auto segment = image.read<Elf64_Phdr>(header.e_phoff + index * sizeof(Elf64_Phdr), "the program headers");
    if (segment.p_type != PT_LOAD || symbol.st_value < segment.p_vaddr) continue;
    const std::uint64_t within = symbol.st_value - segment.p_vaddr;
    if (within > segment.p_filesz || symbol.st_size > segment.p_filesz - within) continue;
    image.require(segment.p_offset, segment.p_filesz, "a segment");
    return bytes.subspan(segment.p_offset + within, symbol.st_size);
  }
  return {};
}

/// Calls see(symbol, offset of its name) for every dynamic symbol until one is what is looked for.
template <class See>
void for_each_dynamic_symbol(const Image& image, std::span<const std::byte> bytes, See see) {
  const Elf64_Ehdr header = checked_header(image, bytes);
  const auto section = [&](std::uint64_t index) {
    return image.read<Elf64_Shdr>(header.e_shoff + index * sizeof(Elf64_Shdr), "the section table");
  };
  for (std::uint64_t index = 0; index < header.e_shnum; ++index) {
    const Elf64_Shdr table = section(index);
    if (table.sh_type != SHT_DYNSYM) continue;
    image.require(table.sh_offset, table.sh_size, "the symbol table");
    const Elf64_Shdr names = section(table.sh_link);
    image.require(names.sh_offset, names.sh_size, "the table of symbol names");
    for (std::uint64_t position = 0; position + sizeof(Elf64_Sym) <= table.sh_size; position += sizeof(Elf64_Sym)) {
      const auto symbol = image.read<Elf64_Sym>(table.sh_offset + position, "a symbol");
      if (see(symbol, names.sh_offset + symbol.st_name)) return;
    }
  }
}

}  // namespace

std::optional<ExportedSymbol> find_exported_symbol(const std::filesystem::path& library,
                                                   std::span<const std::byte> bytes, const std::string& name) {
  const Image image(library, bytes);
  std::optional<ExportedSymbol> found;
  for_each_dynamic_symbol(image, bytes, [&](const Elf64_Sym& symbol, std::uint64_t name_at) {
    const bool exported = symbol.st_shndx != SHN_UNDEF && ELF64_ST_BIND(symbol.st_info) != STB_LOCAL &&
                          ELF64_ST_VISIBILITY(symbol.st_other) == STV_DEFAULT;
    if (exported && image.has_text(name_at, name)) {
      const bool is_object = ELF64_ST_TYPE(symbol.st_info) == STT_OBJECT;
      found = ExportedSymbol{is_object, symbol.st_size, {}};
      if (is_object) found->content = stored_bytes(image, bytes, symbol);
    }
    return found.has_value();
  });
  return found;
}

std::string find_expected_sanitizer(const std::filesystem::path& library, std::span<const std::byte> bytes) {
  // Every object built with a sanitizer calls its init; some name the version that they need besides.
  constexpr std::array<std::pair<std::string_view, const char*>, 3> kStarts = {
      {{"__asan_init", "asan"}, {"__asan_version_", "asan"}, {"__tsan_init", "tsan"}}};
  const Image image(library, bytes);
  std::string found;
  for_each_dynamic_symbol(image, bytes, [&](const Elf64_Sym& symbol, std::uint64_t name_at) {
    if (symbol.st_shndx != SHN_UNDEF) return false;
    for (const auto& [start, sanitizer] : kStarts) {
      if (image.has_start(name_at, start)) found = sanitizer;
    }
    return !found.empty();
  });
  return found;
}

}  // namespace drawlab
