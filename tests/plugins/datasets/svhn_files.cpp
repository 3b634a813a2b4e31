#include "svhn_files.hpp"

#include <hdf5.h>
#include <matio.h>
#include <png.h>

#include <stdexcept>

namespace drawlab::tests {

namespace {

/// Writes a dataset and gives a reference to it.
hobj_ref_t put(hid_t file, const std::string& path, hid_t type, const void* values, hsize_t count) {
  const std::array<hsize_t, 2> size{count, 1};
  const hid_t space = H5Screate_simple(2, size.data(), nullptr);
  const hid_t dataset = H5Dcreate2(file, path.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  H5Dclose(dataset);
  H5Sclose(space);
  hobj_ref_t reference{};
  H5Rcreate(&reference, file, path.c_str(), H5R_OBJECT, -1);
  return reference;
}

hobj_ref_t make_group(hid_t file, const std::string& path) {
  H5Gclose(H5Gcreate2(file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  hobj_ref_t reference{};
  H5Rcreate(&reference, file, path.c_str(), H5R_OBJECT, -1);
  return reference;
}

void put_member(hid_t file, const std::string& group, const std::string& name, const std::vector<double>& values,
                bool cycle) {
  const std::string path = group + "/" + name;
  if (values.size() == 1 && !cycle) {
    put(file, path, H5T_NATIVE_DOUBLE, values.data(), 1);
    return;
  }
  std::vector<hobj_ref_t> references;
  for (std::size_t i = 0; i < values.size(); ++i) {
    references.push_back(put(file, "/#refs#/" + group.substr(group.rfind('/') + 1) + name + std::to_string(i),
                             H5T_NATIVE_DOUBLE, &values[i], 1));
  }
  put(file, path, H5T_STD_REF_OBJ, references.data(), references.size());
  if (!cycle) return;
  // The dataset of references refers to itself.
  hobj_ref_t self{};
  H5Rcreate(&self, file, path.c_str(), H5R_OBJECT, -1);
  for (hobj_ref_t& reference : references) reference = self;
  const hid_t dataset = H5Dopen2(file, path.c_str(), H5P_DEFAULT);
  H5Dwrite(dataset, H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, references.data());
  H5Dclose(dataset);
}

}  // namespace

std::string little_endian_words(const std::vector<std::uint32_t>& words) {
  std::string bytes;
  for (const std::uint32_t word : words) {
    for (std::uint32_t shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(word >> shift);
  }
  return bytes;
}

std::uint32_t little_endian_word(const std::string& bytes, std::size_t offset) {
  std::uint32_t word = 0;
  for (std::size_t i = 4; i-- > 0;) word = word << 8U | static_cast<std::uint8_t>(bytes.at(offset + i));
  return word;
}

void write_number_list(const std::filesystem::path& path, const std::vector<ListedNumber>& numbers, Spoilt spoilt) {
  std::filesystem::create_directories(path.parent_path());
  constexpr hsize_t kMatlabHeader = 512;
  const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_userblock(creation, kMatlabHeader);
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, H5P_DEFAULT);
  make_group(file, "/#refs#");
  make_group(file, "/digitStruct");
  std::vector<hobj_ref_t> names;
  std::vector<hobj_ref_t> boxes;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string index = std::to_string(i);
    const std::vector<std::uint16_t> letters(numbers[i].name.begin(), numbers[i].name.end());
    const std::string group = "/#refs#/b" + index;
    boxes.push_back(make_group(file, group));
    names.push_back(spoilt == Spoilt::name_is_group
                        ? boxes.back()
                        : put(file, "/#refs#/n" + index, H5T_NATIVE_UINT16, letters.data(), letters.size()));
    const auto member = [&](const std::string& name, double ListedDigit::*value) {
      std::vector<double> values;
      for (const ListedDigit& digit : numbers[i].digits) values.push_back(digit.*value);
      if (spoilt == Spoilt::uneven && name == "top") values.push_back(1);
      put_member(file, group, name, values, spoilt == Spoilt::cycle);
    };
    member("label", &ListedDigit::label);
    member("left", &ListedDigit::left);
    member("top", &ListedDigit::top);
    member("width", &ListedDigit::width);
    member("height", &ListedDigit::height);
    if (spoilt == Spoilt::box_is_dataset) boxes.back() = names.back();
  }
  if (spoilt == Spoilt::fewer_boxes) boxes.pop_back();
  if (spoilt == Spoilt::numbers_for_references) {
    const std::vector<double> wrong(numbers.size(), 1);
    put(file, "/digitStruct/name", H5T_NATIVE_DOUBLE, wrong.data(), wrong.size());
  } else {
    put(file, "/digitStruct/name", H5T_STD_REF_OBJ, names.data(), names.size());
  }
  put(file, "/digitStruct/bbox", H5T_STD_REF_OBJ, boxes.data(), boxes.size());
  H5Pclose(creation);
  H5Fclose(file);
}

void write_png(const std::filesystem::path& path, int width, int height) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(width);
  header.height = static_cast<png_uint_32>(height);
  header.format = PNG_FORMAT_RGB;
  std::vector<std::uint8_t> pixels;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      pixels.insert(pixels.end(), {static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), std::uint8_t{100}});
    }
  }
  if (png_image_write_to_file(&header, path.c_str(), 0, pixels.data(), 0, nullptr) == 0) {
    throw std::runtime_error(header.message);
  }
}

std::uint8_t digit_pixel(std::size_t i, std::size_t channel, std::size_t y, std::size_t x) {
  return static_cast<std::uint8_t>(i * 31 + channel * 50 + y * 7 + x);
}

void write_digits(const std::filesystem::path& path, std::size_t count, const std::vector<double>& labels,
                  std::size_t side, bool labels_are_bytes) {
  std::vector<std::uint8_t> pixels(side * side * 3 * count);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t x = 0; x < side; ++x) {
        for (std::size_t y = 0; y < side; ++y) {
          pixels[((i * 3 + channel) * side + x) * side + y] = digit_pixel(i, channel, y, x);
        }
      }
    }
  }
  mat_t* file = Mat_CreateVer(path.c_str(), nullptr, MAT_FT_MAT5);
  std::array<std::size_t, 4> size{side, side, 3, count};
  matvar_t* images = Mat_VarCreate("X", MAT_C_UINT8, MAT_T_UINT8, 4, size.data(), pixels.data(), MAT_F_DONT_COPY_DATA);
  Mat_VarWrite(file, images, MAT_COMPRESSION_ZLIB);
  Mat_VarFree(images);
  std::array<std::size_t, 2> shape{labels.size(), 1};
  std::vector<double> doubles = labels;
  std::vector<std::uint8_t> bytes(labels.begin(), labels.end());
  matvar_t* y = labels_are_bytes ? Mat_VarCreate("y", MAT_C_UINT8, MAT_T_UINT8, 2, shape.data(), bytes.data(), 0)
                                 : Mat_VarCreate("y", MAT_C_DOUBLE, MAT_T_DOUBLE, 2, shape.data(), doubles.data(), 0);
  Mat_VarWrite(file, y, MAT_COMPRESSION_ZLIB);
  Mat_VarFree(y);
  Mat_Close(file);
}

}  // namespace drawlab::tests
