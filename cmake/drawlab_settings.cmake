# What every target of the project is built with.
include(GNUInstallDirs)

option(DRAWLAB_TESTS "Build the tests" ON)
option(DRAWLAB_WERROR "Treat warnings as errors" OFF)
set(DRAWLAB_SANITIZE "" CACHE STRING "Sanitizers for every target, such as address,undefined")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# The build tree has the installed tree's shape, so that plugins are found relative to the program in both.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
# CMake pads a path of the build tree with empty elements, and the loader reads an empty element as the current folder.
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)

find_program(DRAWLAB_CCACHE ccache)
if(DRAWLAB_CCACHE)
  # Paths below the source folder count as relative ones, so that another clone finds what this one has compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
    "${DRAWLAB_CCACHE}")
endif()

add_library(drawlab_warnings INTERFACE)
target_compile_options(drawlab_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlaps in std::string's own operator+ that are not there (its bug 105651).
  target_compile_options(drawlab_warnings INTERFACE -Wno-restrict)
endif()
if(DRAWLAB_WERROR)
  target_compile_options(drawlab_warnings INTERFACE -Werror)
endif()
if(DRAWLAB_SANITIZE)
  add_compile_options(-fsanitize=${DRAWLAB_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DRAWLAB_SANITIZE})
endif()
