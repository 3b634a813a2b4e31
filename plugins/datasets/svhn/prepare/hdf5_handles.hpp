#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace drawlab::svhn {

/// An HDF5 identifier and the function that closes it.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(Handle&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = -1; }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle& operator=(Handle&&) = delete;

  hid_t id() const { return id_; }
  bool valid() const { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// A MATLAB 7.3 file, as far as digitStruct.mat needs it. Sizes and types are checked before any value is read.
/// Functions throw DataError with the file and the object.
class MatlabFile {
 public:
  explicit MatlabFile(const std::filesystem::path& path);

  using References = std::vector<hobj_ref_t>;

  /// The references in a dataset of `group` (a path): at most `most`.
  References references(const std::string& dataset, std::uint64_t most) const;
  /// The text that a reference leads to: a dataset of 16-bit letters, at most
  /// `most` of them, all ASCII.
  std::string text(const hobj_ref_t& reference, const std::string& what, std::uint64_t most) const;
  /// A member of the group that a reference leads to: one number, or references
  /// to datasets of one number each; at most `most`.
  std::vector<double> numbers(const hobj_ref_t& group, const std::string& member, const std::string& what,
                              std::uint64_t most) const;

  [[noreturn]] void refuse(const std::string& what, const std::string& text) const;

 private:
  Handle open_reference(const hobj_ref_t& reference, H5O_type_t kind, const std::string& what) const;
  std::uint64_t count_of(hid_t dataset, const std::string& what, std::uint64_t most) const;
  H5T_class_t class_of(hid_t dataset) const;
  References read_references(hid_t dataset, const std::string& what, std::uint64_t most) const;
  double read_number(hid_t dataset, const std::string& what) const;

  std::filesystem::path path_;
  Handle file_;
};

}  // namespace drawlab::svhn
