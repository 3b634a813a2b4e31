# drawlab_add_plugin(NAME SOURCE…): builds libdrawlab_<NAME>.so where the program finds it.
function(drawlab_add_plugin name)
  add_library(drawlab_plugin_${name} MODULE ${ARGN})
  target_link_libraries(drawlab_plugin_${name} PRIVATE drawlab::core)
  if(TARGET drawlab_warnings)
    target_link_libraries(drawlab_plugin_${name} PRIVATE drawlab_warnings)
  endif()
  set_target_properties(drawlab_plugin_${name} PROPERTIES
    OUTPUT_NAME drawlab_${name}
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/drawlab/plugins"
    INSTALL_RPATH "$ORIGIN/../..")
  install(TARGETS drawlab_plugin_${name} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/drawlab/plugins")
endfunction()
