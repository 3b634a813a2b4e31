#include "training/safetensors.hpp"

#include "drawlab/error.hpp"

#include "system/sha256.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace drawlab {

namespace {

using Json = nlohmann::json;  // an ordered map: keys are sorted, so the header's bytes depend on the content alone

constexpr std::uint64_t kMaxHeader = 100'000'000;

std::size_t type_size(const std::string& type) {
  if (type == "F32" || type == "I32") return 4;
  if (type == "F64" || type == "I64") return 8;
  return 0;
}

}  // namespace

std::string SafeTensors::write(FileWriter& file) const {
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

  Sha256 sum;
  const auto put = [&](std::span<const std::byte> bytes) {
    file.write(bytes);
    sum.update(bytes);
  };
  put(std::as_bytes(std::span(&length, 1)));
  put(std::as_bytes(std::span(text)));
  for (const auto& [_, tensor] : tensors) put(tensor.bytes);
  return sum.hex();
}

std::string SafeTensors::write(const std::filesystem::path& file) const {
  FileWriter writer(file);
  std::string sha256 = write(writer);
  writer.commit();
  return sha256;
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
