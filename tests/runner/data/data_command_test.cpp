#include "drawlab/error.hpp"

#include "host/dataset_host.hpp"
#include "local_server.hpp"
#include "plugins/datasets/files.hpp"
#include "results/pictures/png.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/dataset_files.hpp"
#include "runner/data/preview.hpp"
#include "system/sha256.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace drawlab::runner {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using tests::LocalServer;
using tests::TemporaryFolder;
using Action = decltype(&list_datasets);

int data_command(const std::vector<std::string>& words) {
  return execute(runner::data_command(), words, "drawlab data");
}

class DataCommand : public ::testing::Test {
 protected:
  DataCommand()
      : server_(folder_.write("content", "what is served"), folder_.path() / "log"),
        plugins_({DRAWLAB_TEST_PLUGINS, DRAWLAB_BUILT_PLUGINS}) {
    ::setenv("XDG_CACHE_HOME", (folder_.path() / "cache").c_str(), 1);
    ::setenv("DRAWLAB_DATA", (folder_.path() / "data").c_str(), 1);
  }
  ~DataCommand() override {
    ::unsetenv("XDG_CACHE_HOME");
    ::unsetenv("DRAWLAB_DATA");
  }

  int run(Action action, const std::vector<std::string>& names, const ConfigNode& options = {}) {
    out_.str("");
    err_.str("");
    return action(plugins_, {names, options}, out_, err_);
  }
  ConfigNode served(const std::string& way, const std::string& sha256 = {}) const {
    ConfigNode options = ConfigNode::map();
    options.set("url", ConfigNode::text(server_.url(way)));
    options.set("sha256", ConfigNode::text(sha256));
    return options;
  }
  std::filesystem::path fetched() const { return folder_.path() / "cache" / "drawlab" / "served" / "file"; }

  TemporaryFolder folder_;
  LocalServer server_;
  PluginHost plugins_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(DataCommand, ListsEveryDatasetWithItsFilesAndWhereItLooked) {
  EXPECT_EQ(run(list_datasets, {}), 0);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("digits: "), HasSubstr("  ready: needs no files\n"), HasSubstr("mnist: "),
                                HasSubstr("  not ready: binarization: fixed\n"),
                                HasSubstr("  not ready: binarization: stochastic, threshold, none\n"),
                                HasSubstr("binarized_mnist_train.amat   missing (78.4 MB to fetch)\n"),
                                HasSubstr("train-images-idx3-ubyte.gz   missing (9.9 MB to fetch)\n"),
                                HasSubstr((folder_.path() / "data" / "mnist").string()),
                                HasSubstr((folder_.path() / "cache" / "drawlab" / "mnist").string())));
}

TEST_F(DataCommand, ListsOneDatasetWithOptions) {
  ConfigNode options = ConfigNode::map();
  options.set("binarization", ConfigNode::text("none"));
  EXPECT_EQ(run(list_datasets, {"mnist"}, options), 0);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("t10k-images"), Not(HasSubstr(".amat")), Not(HasSubstr("digits: "))));
}

TEST_F(DataCommand, FetchesWhatIsMissingIntoTheCacheAndOnlyOnce) {
  EXPECT_EQ(run(fetch_datasets, {"served"}, served("whole", sha256_of("what is served"))), 0) << err_.str();
  EXPECT_EQ(out_.str(), fetched().string() + "\n");
  EXPECT_EQ(read_file(fetched()), "what is served");
  EXPECT_EQ(run(fetch_datasets, {"served"}, served("whole")), 0);
  EXPECT_THAT(err_.str(), HasSubstr("served: everything is here already"));
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST_F(DataCommand, ReturnsFiveWhenAFetchFails) {
  EXPECT_EQ(run(fetch_datasets, {"served"}, served("missing")), 5);
  EXPECT_THAT(err_.str(), HasSubstr("answers HTTP status 404"));
  EXPECT_EQ(run(fetch_datasets, {"served"}, served("whole", std::string(64, '0'))), 5);
  EXPECT_THAT(err_.str(), HasSubstr("needed: " + std::string(64, '0')));
  EXPECT_FALSE(std::filesystem::exists(fetched()));
}

TEST_F(DataCommand, VerifiesByTheChecksumAndByOpening) {
  ASSERT_EQ(run(fetch_datasets, {"served"}, served("whole")), 0);
  EXPECT_EQ(run(verify_datasets, {"served"}, served("whole", sha256_of("what is served"))), 0);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("served: whole"), HasSubstr(sha256_of("what is served"))));
  EXPECT_EQ(run(verify_datasets, {"served"}, served("whole", std::string(64, '0'))), 5);
  EXPECT_THAT(out_.str(), HasSubstr("served: NOT whole"));
  EXPECT_THAT(err_.str(), HasSubstr(fetched().string() + ": sha256 "));
}

TEST_F(DataCommand, VerifyingSaysWhetherSamplesAreLeftOut) {
  ASSERT_EQ(run(fetch_datasets, {"served"}, served("whole")), 0);
  EXPECT_EQ(run(verify_datasets, {"served"}, served("whole")), 0);
  EXPECT_THAT(out_.str(), HasSubstr("served: whole\n")) << "its provenance has the word PARTIAL";
  ConfigNode options = served("whole");
  options.set("partial", ConfigNode::boolean(true));
  EXPECT_EQ(run(verify_datasets, {"served"}, options), 0);
  EXPECT_THAT(out_.str(), HasSubstr("served: sound, but only a part\n"));
}

TEST_F(DataCommand, VerifyingDamagedFilesReturnsFive) {
  const auto folder = folder_.path() / "data" / "mnist";
  std::filesystem::create_directories(folder);
  for (const char* name : {"train", "valid", "test"}) {
    std::ofstream(folder / (std::string("binarized_mnist_") + name + ".amat.gz")) << "0 1 0\n";
  }
  EXPECT_EQ(run(verify_datasets, {"mnist"}), 5);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("binarized_mnist_train.amat.gz: at byte 5: line 1 has 3 numbers"),
                                HasSubstr("mnist: not on this machine: train-images-idx3-ubyte.gz")));
}

TEST_F(DataCommand, VerifyingADatasetThatIsNotHereReturnsFiveOnlyWhereItWasNamed) {
  EXPECT_EQ(run(verify_datasets, {"mnist"}), 5);
  EXPECT_EQ(run(verify_datasets, {}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("digits: whole"));
  EXPECT_THAT(err_.str(), HasSubstr("`drawlab data fetch mnist` gets it"));
}

TEST_F(DataCommand, PreviewsTheFirstImagesOfASplitWithTheirLabels) {
  const auto file = folder_.path() / "digits.png";
  const auto digits = DatasetHost(plugins_, 1).open("digits", {});
  preview_dataset(*digits, {Split::test, 10, file}, out_);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr(file.string() + "\n"), HasSubstr("10 of 10000 test, 1 channel, 28x28\n"),
                                HasSubstr("  labels      ")));
  const std::string png = read_file(file);
  const results::Pixels picture = results::decode_png({reinterpret_cast<const std::uint8_t*>(png.data()), png.size()});
  EXPECT_EQ(picture.width, 2 + 4 * 58);
  EXPECT_EQ(picture.height, 2 + 3 * 58);
  EXPECT_THROW(data_command({"preview", "digits", "mnist", "-o", file}), ConfigError);
  EXPECT_THROW(data_command({"preview", "digits"}), ConfigError);
  EXPECT_THROW(data_command({"preview", "digits", "-o", file, "--split", "tset"}), ConfigError);
  EXPECT_THROW(data_command({"preview", "digits", "-o", file, "--count", "0"}), ConfigError);
}

TEST_F(DataCommand, FetchesTheSourceOfADatasetThatIsMadeOfIt) {
  EXPECT_EQ(run(list_datasets, {"cluttered_mnist"}), 0);
  EXPECT_THAT(out_.str(),
              AllOf(HasSubstr("cluttered_mnist: "), HasSubstr("train-images-idx3-ubyte.gz   missing (9.9 MB to fetch)"),
                    HasSubstr("looked in " + (folder_.path() / "data" / "mnist").string()), Not(HasSubstr(".amat"))));
  ConfigNode source = ConfigNode::map();
  source.set("served", served("whole", sha256_of("what is served")));
  ConfigNode options = ConfigNode::map();
  options.set("source", source);
  EXPECT_EQ(run(fetch_datasets, {"cluttered_mnist"}, options), 0) << err_.str();
  EXPECT_EQ(out_.str(), fetched().string() + "\n");
}

TEST_F(DataCommand, UnpacksTheArchiveThatAFileComesIn) {
  const auto archive = folder_.path() / "data.tar";
  const auto inside = folder_.path() / "tar" / "data";
  std::filesystem::create_directories(inside);
  std::ofstream(inside / "file") << "in the archive";
  ASSERT_EQ(
      std::system(("tar -C '" + (folder_.path() / "tar").string() + "' -cf '" + archive.string() + "' data").c_str()),
      0);
  const LocalServer server(archive, folder_.path() / "archive.log");
  ConfigNode options = ConfigNode::map();
  options.set("url", ConfigNode::text(server.url("whole")));
  options.set("sha256", ConfigNode::text(sha256_of(read_file(archive))));
  options.set("archive_folder", ConfigNode::text("data"));
  EXPECT_EQ(run(fetch_datasets, {"served"}, options), 0) << err_.str();
  EXPECT_EQ(out_.str(), fetched().string() + "\n");
  EXPECT_EQ(read_file(fetched()), "in the archive");
  EXPECT_FALSE(std::filesystem::exists(fetched().parent_path() / "archive"));
  EXPECT_EQ(run(verify_datasets, {"served"}, options), 0) << err_.str();
  // Unpacking was broken off: the file is there, and so is the archive still.
  std::ofstream(fetched()) << "half of it";
  std::filesystem::create_directory(fetched().parent_path() / "archive");
  std::filesystem::copy_file(archive, fetched().parent_path() / "archive" / "file");
  EXPECT_EQ(run(verify_datasets, {"served"}, options), 5);
  EXPECT_EQ(run(fetch_datasets, {"served"}, options), 0) << err_.str();
  EXPECT_EQ(read_file(fetched()), "in the archive");
  EXPECT_FALSE(std::filesystem::exists(fetched().parent_path() / "archive"));
  std::filesystem::remove(fetched());
  options.set("archive_folder", ConfigNode::text("other"));
  EXPECT_EQ(run(fetch_datasets, {"served"}, options), 5);
  EXPECT_THAT(err_.str(), HasSubstr("holds no files below 'other'"));
}

TEST_F(DataCommand, RefusesUnknownDatasetsOptionsAndActions) {
  EXPECT_THROW(run(list_datasets, {"minst"}), PluginError);
  EXPECT_THROW(run(fetch_datasets, {}), ConfigError);
  EXPECT_THROW(run(list_datasets, {"mnist", "digits"}, served("whole")), ConfigError);
  ConfigNode options = ConfigNode::map();
  options.set("binarisation", ConfigNode::text("none"));
  EXPECT_THROW(run(list_datasets, {"mnist"}, options), ConfigError);
  EXPECT_THROW(data_command({"fetsch", "mnist"}), ConfigError);
  EXPECT_THROW(data_command({}), ConfigError);
  EXPECT_THROW(data_command({"list", "mnist", "--option", "none"}), ConfigError);
}

}  // namespace
}  // namespace drawlab::runner
