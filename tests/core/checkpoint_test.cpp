#include "training/checkpoint.hpp"

#include "drawlab/error.hpp"

#include "small.hpp"
#include "training/safetensors.hpp"
#include "training/trained_model.hpp"
#include "training/weights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>

namespace drawlab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using tests::content_of;
using tests::mode;
using tests::Recorder;
using tests::small_cell;
using tests::SmallDigits;
using tests::TemporaryFolder;
using tests::write_content;

/// A run whose checkpoint can be damaged.
struct SavedRun {
  explicit SavedRun(const CellConfig& config = small_cell(mode("gaussian", 2), mode("gaussian", 3)))
      : data(plugins), cell(config) {
    Trainer trainer(cell, data, plugins, 1);
    Recorder recorder;
    trainer.run(file, recorder);
    good = content_of(file);
  }
  std::string header() const {
    std::uint64_t length = 0;
    std::memcpy(&length, good.data(), sizeof(length));
    return good.substr(8, length);
  }
  /// The checkpoint with another header.
  std::string with_header(const std::string& text) const {
    const std::uint64_t length = text.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof(length)) + text +
           good.substr(8 + header().size());
  }
  /// What restoring says when the file has this content.
  std::string refusal(const std::string& content) {
    write_content(file, content);
    return refusal_of_file();
  }
  std::string refusal_of_file() {
    try {
      Trainer(cell, data, plugins, 1).restore(file);
    } catch (const DataError& error) {
      return error.what();
    }
    return "accepted";
  }

  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "run.safetensors";
  PluginHost plugins = tests::built_plugins();
  SmallDigits data;
  CellConfig cell;
  std::string good;
};

TEST(Checkpoint, IsRefusedWhereverItIsCut) {
  SavedRun run;
  EXPECT_EQ(run.refusal(run.good), "accepted");
  const std::size_t start = 8 + run.header().size();
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{100}, start - 1, start,
                                 start + 4, run.good.size() / 2, run.good.size() - 1}) {
    EXPECT_THAT(run.refusal(run.good.substr(0, size)),
                AllOf(StartsWith(run.file.string() + ": byte " + std::to_string(size) + ": "), HasSubstr("cut short")))
        << size;
  }
}

TEST(Checkpoint, IsRefusedWhereItIsNoSuchFile) {
  SavedRun run;
  EXPECT_THAT(run.refusal("PK\x03\x04 this is a zip archive, by its looks"),
              HasSubstr(": byte 0: not a safetensors file: its header would have "));
  EXPECT_THAT(run.refusal(run.with_header("[1, 2]  ")), HasSubstr("its header is no JSON object"));
  EXPECT_THAT(run.refusal(run.with_header(run.header().substr(0, 80))), HasSubstr("its header is no JSON object"));
  EXPECT_THAT(run.refusal(std::string(8, '\xff') + run.good.substr(8)),
              HasSubstr("its header would have 18446744073709551615 bytes"));
  std::filesystem::remove(run.file);
  EXPECT_EQ(run.refusal_of_file(), "cannot read " + run.file.string() + ": No such file or directory");
  std::filesystem::create_directory(run.file);
  EXPECT_THAT(run.refusal_of_file(), StartsWith("cannot read " + run.file.string()));
}

TEST(Checkpoint, SurvivesAnyFlippedByteOfItsHeader) {
  SavedRun run;
  const std::size_t length = run.header().size();
  int refused = 0;
  for (std::size_t at = 8; at < 8 + length; at += 7) {
    std::string damaged = run.good;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x11);
    const std::string said = run.refusal(damaged);  // anything but a crash; a changed setting's text is not noticed
    if (said != "accepted") {
      EXPECT_THAT(said, HasSubstr(run.file.string()));
      ++refused;
    }
  }
  EXPECT_GT(refused, static_cast<int>(length / 7 / 2));
}

TEST(Checkpoint, NamesTheTensorThatIsMissing) {
  SavedRun run;
  SafeTensors content = SafeTensors::read(run.file);
  content.tensors.erase("adam.second_moment.latent.bias");
  content.write(run.file);
  EXPECT_EQ(run.refusal_of_file(), run.file.string() + ": has no tensor 'adam.second_moment.latent.bias'");
}

TEST(Checkpoint, NamesTheTensorOfAnotherModel) {
  SavedRun run;
  run.cell.model.hidden = 6;
  EXPECT_EQ(run.refusal_of_file(),
            run.file.string() + ": is of another model: 'best.read.window.weight' is F32[5, 5], need F32[5, 6]");
  SavedRun other;
  SafeTensors content = SafeTensors::read(other.file);
  content.tensors["model.latent.bias"].type = "I32";
  content.write(other.file);
  EXPECT_EQ(other.refusal_of_file(),
            other.file.string() + ": is of another model: 'model.latent.bias' is I32[4], need F32[4]");
}

TEST(Checkpoint, TellsTheSizeOfWhatItDraws) {
  SavedRun run;
  EXPECT_EQ(drawn_image(run.file), run.data.info().image);
  SafeTensors content = SafeTensors::read(run.file);
  content.tensors.erase("best.canvas0");
  content.write(run.file);
  EXPECT_EQ(drawn_image(run.file), run.data.info().image);
  content.tensors["model.canvas0"].shape = {run.data.info().image.count()};
  content.write(run.file);
  EXPECT_THROW(drawn_image(run.file), DataError);
  content.tensors.erase("model.canvas0");
  content.write(run.file);
  EXPECT_THROW(drawn_image(run.file), DataError);
}

TEST(Checkpoint, RefusesShapesThatDoNotFitTheirBytes) {
  SavedRun run;
  auto header = nlohmann::json::parse(run.header());
  header["model.latent.bias"]["shape"] = {400};
  EXPECT_THAT(run.refusal(run.with_header(header.dump())),
              HasSubstr("'model.latent.bias' has a shape that does not fit its bytes"));
  header["model.latent.bias"]["shape"] = {std::int64_t{1} << 62, 1 << 30};
  EXPECT_THAT(run.refusal(run.with_header(header.dump())), HasSubstr("'model.latent.bias' is larger than the file"));
  header["model.latent.bias"]["shape"] = {-4};
  EXPECT_THAT(run.refusal(run.with_header(header.dump())), HasSubstr("'model.latent.bias'"));
  header["model.latent.bias"]["shape"] = "four";
  EXPECT_THAT(run.refusal(run.with_header(header.dump())),
              HasSubstr("the header's entry 'model.latent.bias' is damaged"));
}

TEST(Checkpoint, LeavesTheRunAsItWasWhereItIsRefused) {
  SavedRun run;
  SafeTensors content = SafeTensors::read(run.file);
  content.tensors.erase("model.latent.bias");
  content.write(run.file);
  Trainer trainer(run.cell, run.data, run.plugins, 1);
  EXPECT_THROW(trainer.restore(run.file), DataError);
  Recorder recorder;
  trainer.run(run.file, recorder);
  EXPECT_EQ(content_of(run.file), run.good);
}

TEST(Checkpoint, ThatCannotBeWrittenIsAnErrorAndLeavesTheOldOne) {
  SavedRun run;
  const auto elsewhere = run.folder.path() / "missing" / "run.safetensors";
  Trainer trainer(run.cell, run.data, run.plugins, 1);
  Recorder recorder;
  try {
    trainer.run(elsewhere, recorder);
    ADD_FAILURE();
  } catch (const SystemError& error) {
    EXPECT_EQ(std::string(error.what()), elsewhere.string() + ": cannot be written: No such file or directory");
  }
  EXPECT_EQ(content_of(run.file), run.good);
}

TEST(Checkpoint, InAFolderWithoutRightsIsAnErrorAndLeavesTheOldOne) {
  SavedRun run;
  if (::geteuid() != 0) {
    std::filesystem::permissions(run.folder.path(),
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  } else {
    ASSERT_EQ(::chmod(run.folder.path().c_str(), 0755), 0);
  }
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {  // without root's privileges
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(2);
    try {
      SafeTensors content;
      content.tensors["x"] = SafeTensor::of("F32", {1}, std::span<const float>(std::array<float, 1>{1}));
      content.write(run.file);
    } catch (const SystemError& error) {
      ::_exit(std::string(error.what()).ends_with("Permission denied") ? 0 : 3);
    }
    ::_exit(4);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  std::filesystem::permissions(run.folder.path(), std::filesystem::perms::owner_all);
  EXPECT_EQ(content_of(run.file), run.good);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(run.folder.path()), {}), 1);
}

TEST(Checkpoint, HoldsEveryTensorOfItsDocumentation) {
  const SavedRun run;
  const SafeTensors content = SafeTensors::read(run.file);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : content.tensors) {
    if (name.starts_with("model.")) names.push_back(name.substr(6));
    if (name.starts_with("state.")) {
      EXPECT_THAT(tensor.type, ::testing::AnyOf("I64", "F64")) << name;
    }
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "canvas0", "decoder.cell0", "decoder.gates.bias", "decoder.gates.weight", "decoder.h0",
                         "encoder.cell0", "encoder.gates.bias", "encoder.gates.weight", "encoder.h0", "latent.bias",
                         "latent.weight", "read.window.bias", "read.window.weight", "write.patch.bias",
                         "write.patch.weight", "write.window.bias", "write.window.weight"));
  EXPECT_EQ(content.metadata.at("format"), "drawlab checkpoint 1");
  EXPECT_EQ(content.tensors.size(), 4 * names.size() + 8);
}

TEST(Checkpoint, IsAllThatAnotherProgramNeedsToRebuildTheForwardPass) {
  std::vector<CellConfig> cells = {small_cell(mode("global"), mode("global")),
                                   small_cell(mode("gaussian", 2), mode("gaussian", 3)),
                                   small_cell(mode("gaussian", 1), mode("global"))};
  cells.push_back(cells[1]);
  cells.back().model.normalization = ModelOptions::Normalization::layer;
  cells.push_back(cells[1]);
  cells.back().read.options.set("start_sigma", ConfigNode::real(1.5));
  cells.back().write.options.set("start_sigma", ConfigNode::real(0.75));
  for (const CellConfig& cell : cells) {
    SCOPED_TRACE(&cell - cells.data());
    SavedRun run(cell);
    const Evaluation right =
        TrainedModel(run.cell, run.data.info().image, 10, run.plugins, run.file, 1).evaluate(run.data, Split::test, 1);

    const std::vector<std::int64_t> first = {0};
    std::vector<float> image(42);
    std::vector<std::int32_t> label(1);
    run.data.fill(Split::test, first, 0, image, label);
    nlohmann::json pass = {{"image", image}, {"shape", {1, 6, 7}}, {"noise", nlohmann::json::array()}};
    for (std::uint32_t t = 0; t < 3; ++t) {
      std::vector<float> noise(2);
      fill_normal({run.cell.seed, Purpose::latent_evaluation, 0, 0, t}, noise);
      pass["noise"].push_back(noise);
    }
    write_content(run.folder.path() / "pass.json", pass.dump());

    const std::string command = std::string(DRAWLAB_TEST_PYTHON) + " " + DRAWLAB_TEST_SOURCES + "/read_checkpoint.py " +
                                run.file.string() + " " + (run.folder.path() / "pass.json").string();
    FILE* const output = ::popen(command.c_str(), "r");
    ASSERT_NE(output, nullptr);
    double reconstruction = 0;
    double kl = 0;
    EXPECT_EQ(std::fscanf(output, "%lf %lf", &reconstruction, &kl), 2);
    while (std::fgetc(output) != EOF) {
    }
    EXPECT_EQ(::pclose(output), 0);
    EXPECT_NEAR(reconstruction, right.reconstruction, 1e-5 * right.reconstruction);
    EXPECT_NEAR(kl, right.kl, 1e-5 * (1 + right.kl));
  }
}

}  // namespace
}  // namespace drawlab
