#include "host/dataset_host.hpp"

#include "drawlab/error.hpp"

#include "folders.hpp"
#include "system/sha256.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drawlab {
namespace {

using test::Environment;
using test::sound;
using test::TemporaryFolder;
using ::testing::ElementsAre;

ConfigNode options(const std::string& key, ConfigNode value) {
  ConfigNode map = ConfigNode::map({"draw.yaml", 3, 5});
  value.set_where({"draw.yaml", 3, 14});
  map.set(key, std::move(value), {"draw.yaml", 3, 6});
  return map;
}

class DatasetHostTest : public ::testing::Test {
 protected:
  template <class Failure>
  std::string error_of(const std::string& name, const ConfigNode& chosen) {
    try {
      host.open(name, chosen);
    } catch (const Failure& error) {
      return error.what();
    }
    return "no error";
  }

  PluginHost plugins{{DRAWLAB_TEST_PLUGINS}};
  DatasetHost host{plugins, 7};
  TemporaryFolder folder;
  Environment data{"DRAWLAB_DATA", (folder.path() / "data").string()};
  Environment cache{"XDG_CACHE_HOME", (folder.path() / "cache").string()};
};

TEST_F(DatasetHostTest, OpensADatasetWithItsOptionsAndTheSeed) {
  const auto dataset = host.open("flat", options("shade", ConfigNode::real(0.25)));
  ASSERT_NE(dataset, nullptr);
  EXPECT_EQ(dataset->info().provenance, "made for the tests with seed 7");
  std::vector<float> images(16);
  std::vector<std::int32_t> labels(1);
  const std::int64_t index = 0;
  dataset->fill(Split::train, {&index, 1}, 0, images, labels);
  EXPECT_EQ(images[15], 0.25f);
  EXPECT_EQ(labels[0], -1);
}

TEST_F(DatasetHostTest, ThrowsMistakesInTheOptionsAndOpensNothing) {
  EXPECT_EQ(error_of<ConfigError>("flat", options("shad", ConfigNode::real(0.25))),
            "draw.yaml:3:6: shad: unknown option; did you mean 'shade'?");
  EXPECT_EQ(error_of<ConfigError>("flat", options("shade", ConfigNode::real(2))),
            "draw.yaml:3:14: shade: 2 is outside 0..1");
}

TEST_F(DatasetHostTest, OpensADatasetMadeOfAnother) {
  const auto dataset = host.open("wrapper", ConfigNode());
  ASSERT_NE(dataset, nullptr);
  ASSERT_EQ(dataset->info().sources.size(), 1u);
  EXPECT_EQ(dataset->info().sources[0].name, "flat");
  EXPECT_EQ(dataset->info().sources[0].checksum, "flat-1");
}

TEST_F(DatasetHostTest, NamesThePlaceOfAMistakeInAnInnerDatasetsOptions) {
  EXPECT_EQ(error_of<ConfigError>("wrapper", options("options", options("shade", ConfigNode::integer(9)))),
            "draw.yaml:3:14: shade: 9 is outside 0..1");
}

TEST_F(DatasetHostTest, RefusesADatasetMadeOfItself) {
  EXPECT_EQ(error_of<ConfigError>("wrapper", options("source", ConfigNode::text("wrapper"))),
            "dataset 'wrapper' is made of itself (wrapper -> wrapper); name another source");
}

TEST_F(DatasetHostTest, LetsDataErrorsThroughAndNamesTheLibraryOfAnyOther) {
  const std::string library = sound("throwing").string();
  EXPECT_EQ(error_of<DataError>("throwing", options("failure", ConfigNode::text("data"))), "numbers: cut at byte 12");
  EXPECT_EQ(error_of<PluginError>("throwing", options("failure", ConfigNode::text("foreign"))),
            library + ": 'throwing' failed at its opening: index 9 of 3");
  EXPECT_EQ(error_of<PluginError>("throwing", options("failure", ConfigNode::text("shape"))),
            library + ": 'throwing' failed at its opening: matmul: [2] and [3] do not fit");
}

TEST_F(DatasetHostTest, LooksForFilesInThePathThenTheDataFolderThenTheCache) {
  const auto found = [&] {
    const ConfigNode path = options("folder", ConfigNode::text((folder.path() / "own").string()));
    return host.open("filed", path)->info().provenance;
  };
  const auto cached = folder.write("cache/drawlab/filed/numbers", "in the cache");
  EXPECT_EQ(found(), cached);
  const auto shared = folder.write("data/filed/numbers", "in the data folder");
  EXPECT_EQ(found(), shared);
  const auto own = folder.write("own/numbers.gz", "in the path");
  EXPECT_EQ(found(), own);
}

TEST_F(DatasetHostTest, OffersTheHashOfAFile) {
  folder.write("data/filed/numbers", "abc");
  EXPECT_EQ(host.open("filed", ConfigNode())->info().checksum,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(DatasetHostTest, ListsThePlacesWhereAMissingFileWasLookedFor) {
  const std::string places = (folder.path() / "own").string() + ", " + (folder.path() / "data/filed").string() + ", " +
                             (folder.path() / "cache/drawlab/filed").string();
  ConfigNode chosen = options("folder", ConfigNode::text((folder.path() / "own").string()));
  EXPECT_EQ(error_of<DataError>("filed", chosen), "dataset 'filed': numbers.gz or numbers is in none of " + places +
                                                      "; `drawlab data fetch filed` downloads it");
  chosen.set("downloadable", ConfigNode::boolean(false));
  EXPECT_EQ(error_of<DataError>("filed", chosen), "dataset 'filed': numbers.gz or numbers is in none of " + places +
                                                      "; it cannot be downloaded, put it into one of them");
}

TEST_F(DatasetHostTest, ListsFilesWithTheirPlacesWithoutOpeningAny) {
  const ConfigNode path = options("folder", ConfigNode::text((folder.path() / "own").string()));
  auto files = host.files("filed", path);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].file.names.front(), "numbers.gz");
  EXPECT_TRUE(files[0].path.empty());
  const auto own = folder.write("own/numbers", "damaged or not");
  files = host.files("filed", path);
  EXPECT_EQ(files[0].path, own);
}

TEST_F(DatasetHostTest, ListsTheFilesOfADatasetsSourceAsTheSources) {
  const auto found = folder.write("data/filed/numbers", "in the data folder");
  const auto files = host.files("wrapper", options("source", ConfigNode::text("filed")));
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].dataset, "filed");
  EXPECT_EQ(files[0].path, found);
  EXPECT_TRUE(host.files("wrapper", options("source", ConfigNode::text("wrapper"))).empty());
}

TEST_F(DatasetHostTest, DownloadsIntoTheLastFolder) {
  EXPECT_THAT(DatasetHost::folders("mnist", "/own"),
              ElementsAre("/own", folder.path() / "data/mnist", folder.path() / "cache/drawlab/mnist"));
  const Environment none("DRAWLAB_DATA", std::nullopt);
  EXPECT_THAT(DatasetHost::folders("mnist"), ElementsAre(folder.path() / "cache/drawlab/mnist"));
}

TEST_F(DatasetHostTest, LooksIntoTheOptionThatIsDeclaredAsAPath) {
  const ConfigNode own = options("folder", ConfigNode::text("/own"));
  EXPECT_THAT(host.folders_of("filed", own),
              ElementsAre("/own", folder.path() / "data/filed", folder.path() / "cache/drawlab/filed"));
  EXPECT_THAT(host.folders_of("filed", ConfigNode()),
              ElementsAre(folder.path() / "data/filed", folder.path() / "cache/drawlab/filed"));
}

TEST_F(DatasetHostTest, TakesATildeForTheHomeFolder) {
  const Environment home("HOME", "/home/someone");
  EXPECT_EQ(DatasetHost::folders("mnist", "~/digits").front(), "/home/someone/digits");
}

}  // namespace
}  // namespace drawlab
