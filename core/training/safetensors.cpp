#include "training/safetensors.hpp"

#include "drawlab/error.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace drawlab {

namespace {

using Json = nlohmann::json;  // an ordered map: keys are sorted, so the header's bytes depend on the content alone

constexpr std::uint64_t kMaxHeader = 100'000'000;

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& file) {
  throw SystemError(what + " " + file.string() + ": " + std::strerror(errno));
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

void write_all(int descriptor, const void* bytes, std::size_t size, const std::filesystem::path& file) {
  const auto* from = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t written = ::write(descriptor, from, size);
    if (written < 0) {
      if (errno == EINTR) continue;
      fail("cannot write", file);
    }
    from += written;
    size -= static_cast<std::size_t>(written);
  }
}

void sync_folder(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

std::size_t type_size(const std::string& type) {
  if (type == "F32" || type == "I32") return 4;
  if (type == "F64" || type == "I64") return 8;
  return 0;
}

}  // namespace

void SafeTensors::write(const std::filesystem::path& file) const {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    header[name] = {
        {"dtype", tensor.type}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();

  std::filesystem::path aside = file;
  aside += ".writing";
  {
    const Descriptor descriptor(::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (descriptor.get() < 0) fail("cannot write", aside);
    try {
      write_all(descriptor.get(), &length, sizeof(length), aside);
      write_all(descriptor.get(), text.data(), text.size(), aside);
      for (const auto& [_, tensor] : tensors) {
        write_all(descriptor.get(), tensor.bytes.data(), tensor.bytes.size(), aside);
      }
      if (::fsync(descriptor.get()) != 0) fail("cannot write", aside);
    } catch (...) {
      ::unlink(aside.c_str());
      throw;
    }
  }
  if (::rename(aside.c_str(), file.c_str()) != 0) {
    const int reason = errno;
    ::unlink(aside.c_str());
    errno = reason;
    fail("cannot write", file);
  }
  sync_folder(file);
}

SafeTensors SafeTensors::read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw DataError("cannot read " + file.string() + ": " + std::strerror(errno));
  const auto damaged = [&file](std::uint64_t offset, const std::string& why) -> DataError {
    return DataError(file.string() + ": byte " + std::to_string(offset) + ": " + why);
  };
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(file, error);
  if (error) throw DataError("cannot read " + file.string() + ": " + error.message());
  std::uint64_t length = 0;
  if (size < sizeof(length)) throw damaged(size, "cut short; a safetensors file starts with 8 bytes of length");
  in.read(reinterpret_cast<char*>(&length), sizeof(length));
  if (length > kMaxHeader)
    throw damaged(0, "not a safetensors file: its header would have " + std::to_string(length) + " bytes");
  if (length > size - sizeof(length)) throw damaged(size, "cut short within its header");
  std::string text(length, '\0');
  in.read(text.data(), static_cast<std::streamsize>(length));
  const Json header = Json::parse(text, nullptr, false);
  if (!header.is_object()) throw damaged(sizeof(length), "not a safetensors file: its header is no JSON object");

  SafeTensors result;
  const std::uint64_t start = sizeof(length) + length;
  for (const auto& [name, entry] : header.items()) {
    try {
      if (name == "__metadata__") {
        result.metadata = entry.get<std::map<std::string, std::string>>();
        continue;
      }
      SafeTensor tensor{entry.at("dtype"), entry.at("shape"), {}};
      const std::uint64_t begin = entry.at("data_offsets").at(0);
      const std::uint64_t end = entry.at("data_offsets").at(1);
      std::uint64_t need = type_size(tensor.type);
      if (need == 0) throw damaged(sizeof(length), "'" + name + "' has the unknown type " + tensor.type);
      for (const std::int64_t n : tensor.shape) {
        if (n < 0 || (n > 0 && need > size / static_cast<std::uint64_t>(n))) {
          throw damaged(sizeof(length), "'" + name + "' is larger than the file");
        }
        need *= static_cast<std::uint64_t>(n);
      }
      if (end < begin || end - begin != need) {
        throw damaged(sizeof(length), "'" + name + "' has a shape that does not fit its bytes");
      }
      if (end > size - start)
        throw damaged(size, "cut short: '" + name + "' ends at byte " + std::to_string(start + end));
      tensor.bytes.resize(need);
      in.seekg(static_cast<std::streamoff>(start + begin));
      in.read(reinterpret_cast<char*>(tensor.bytes.data()), static_cast<std::streamsize>(need));
      if (!in) throw damaged(start + begin, "cannot be read");
      result.tensors.emplace(name, std::move(tensor));
    } catch (const Json::exception&) {
      throw damaged(sizeof(length), "the header's entry '" + name + "' is damaged");
    }
  }
  return result;
}

}  // namespace drawlab
