#include "prepare/hdf5_handles.hpp"

#include "drawlab/error.hpp"

#include <cmath>

namespace drawlab::svhn {

namespace {

hid_t open_file(const std::filesystem::path& path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) throw DataError(path.string() + ": is no file");
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file < 0) {
    throw DataError(path.string() +
                    ": is no MATLAB 7.3 file, or cut short or damaged: HDF5 "
                    "cannot open it (of " +
                    std::to_string(std::filesystem::file_size(path, error)) + " bytes)");
  }
  return file;
}

}  // namespace

MatlabFile::MatlabFile(const std::filesystem::path& path) : path_(path), file_(open_file(path), &H5Fclose) {}

void MatlabFile::refuse(const std::string& what, const std::string& text) const {
  throw DataError(path_.string() + ": " + what + ": " + text);
}

std::uint64_t MatlabFile::count_of(hid_t dataset, const std::string& what, std::uint64_t most) const {
  const Handle space(H5Dget_space(dataset), &H5Sclose);
  const hssize_t count = space.valid() ? H5Sget_simple_extent_npoints(space.id()) : -1;
  if (count < 1) refuse(what, "is empty or damaged");
  if (static_cast<std::uint64_t>(count) > most) {
    refuse(what, "holds " + std::to_string(count) + " values, more than " + std::to_string(most));
  }
  return static_cast<std::uint64_t>(count);
}

H5T_class_t MatlabFile::class_of(hid_t dataset) const {
  const Handle type(H5Dget_type(dataset), &H5Tclose);
  return type.valid() ? H5Tget_class(type.id()) : H5T_NO_CLASS;
}

MatlabFile::References MatlabFile::read_references(hid_t dataset, const std::string& what, std::uint64_t most) const {
  const std::uint64_t count = count_of(dataset, what, most);
  const Handle type(H5Dget_type(dataset), &H5Tclose);
  if (!type.valid() || H5Tequal(type.id(), H5T_STD_REF_OBJ) <= 0) refuse(what, "does not hold object references");
  References references(count);
  if (H5Dread(dataset, H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, references.data()) < 0) {
    refuse(what, "cannot be read: the file is cut short or damaged");
  }
  return references;
}

MatlabFile::References MatlabFile::references(const std::string& dataset, std::uint64_t most) const {
  const Handle opened(H5Dopen2(file_.id(), dataset.c_str(), H5P_DEFAULT), &H5Dclose);
  if (!opened.valid()) refuse(dataset, "there is no such dataset");
  return read_references(opened.id(), dataset, most);
}

Handle MatlabFile::open_reference(const hobj_ref_t& reference, H5O_type_t kind, const std::string& what) const {
  H5O_type_t found = H5O_TYPE_UNKNOWN;
  if (H5Rget_obj_type2(file_.id(), H5R_OBJECT, &reference, &found) < 0) refuse(what, "a reference leads nowhere");
  if (found != kind)
    refuse(what, kind == H5O_TYPE_GROUP ? "a reference leads to no group" : "a reference leads to no dataset");
  Handle object(H5Rdereference2(file_.id(), H5P_DEFAULT, H5R_OBJECT, &reference),
                kind == H5O_TYPE_GROUP ? &H5Gclose : &H5Dclose);
  if (!object.valid()) refuse(what, "a reference cannot be followed");
  return object;
}

std::string MatlabFile::text(const hobj_ref_t& reference, const std::string& what, std::uint64_t most) const {
  const Handle dataset = open_reference(reference, H5O_TYPE_DATASET, what);
  const std::uint64_t count = count_of(dataset.id(), what, most);
  if (class_of(dataset.id()) != H5T_INTEGER) refuse(what, "is no text");
  std::vector<std::uint16_t> letters(count);
  if (H5Dread(dataset.id(), H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, letters.data()) < 0) {
    refuse(what, "cannot be read: the file is cut short or damaged");
  }
  std::string text;
  for (const std::uint16_t letter : letters) {
    if (letter < 32 || letter > 126) refuse(what, "has a letter of code " + std::to_string(letter));
    text += static_cast<char>(letter);
  }
  return text;
}

double MatlabFile::read_number(hid_t dataset, const std::string& what) const {
  count_of(dataset, what, 1);
  const H5T_class_t kind = class_of(dataset);
  if (kind != H5T_FLOAT && kind != H5T_INTEGER) refuse(what, "is no number");
  double value = 0;
  if (H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) < 0) {
    refuse(what, "cannot be read: the file is cut short or damaged");
  }
  if (!std::isfinite(value)) refuse(what, "is not finite");
  return value;
}

std::vector<double> MatlabFile::numbers(const hobj_ref_t& group, const std::string& member, const std::string& what,
                                        std::uint64_t most) const {
  const std::string place = what + "." + member;
  const Handle opened = open_reference(group, H5O_TYPE_GROUP, what);
  const Handle dataset(H5Dopen2(opened.id(), member.c_str(), H5P_DEFAULT), &H5Dclose);
  if (!dataset.valid()) refuse(place, "there is no such dataset");
  if (class_of(dataset.id()) != H5T_REFERENCE) return {read_number(dataset.id(), place)};
  std::vector<double> values;
  for (const hobj_ref_t& reference : read_references(dataset.id(), place, most)) {
    values.push_back(read_number(open_reference(reference, H5O_TYPE_DATASET, place).id(), place));
  }
  return values;
}

}  // namespace drawlab::svhn
