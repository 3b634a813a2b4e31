# drawlab_add_plugin(NAME SOURCE…): builds libdrawlab_<NAME>.so, and adds the test <NAME>.check, `drawlab plugins check`.
# In a project of its own the library lands in the build folder, so that `--plugin-path build` finds it, and
# `cmake --install` puts it among the user's plugins.
function(drawlab_add_plugin name)
  add_library(drawlab_plugin_${name} MODULE ${ARGN})
  target_link_libraries(drawlab_plugin_${name} PRIVATE drawlab::core)
  set_target_properties(drawlab_plugin_${name} PROPERTIES
    OUTPUT_NAME drawlab_${name}
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  if(TARGET drawlab_core)
    target_link_libraries(drawlab_plugin_${name} PRIVATE drawlab_warnings)
    set_target_properties(drawlab_plugin_${name} PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/drawlab/plugins"
      INSTALL_RPATH "$ORIGIN/../..")
    install(TARGETS drawlab_plugin_${name} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/drawlab/plugins")
    set(program drawlab)
  else()
    # A generator expression keeps generators of many configurations from adding a folder for each.
    # The program that opens a plugin has loaded drawlab's library already: the plugin needs no search path of its own.
    set_target_properties(drawlab_plugin_${name} PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY "$<1:${CMAKE_BINARY_DIR}>"
      BUILD_WITH_INSTALL_RPATH ON
      INSTALL_RPATH "")
    install(TARGETS drawlab_plugin_${name} LIBRARY DESTINATION "${DRAWLAB_PLUGIN_FOLDER}")
    set(program drawlab::drawlab)
  endif()
  add_test(NAME ${name}.check COMMAND ${program} plugins check "$<TARGET_FILE:drawlab_plugin_${name}>")
  # 5: the dataset's files are not on this machine.
  set_tests_properties(${name}.check PROPERTIES SKIP_RETURN_CODE 5 TIMEOUT 300)
endfunction()
